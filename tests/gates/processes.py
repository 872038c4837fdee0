"""Who gets what from the pages of processes: everybody of the organisation looks, who steers the unit changes."""

import json
from functools import cached_property

from processes.models import Channel, Product, Service
from processes.workflow import offered, steps
from teams import trail
from tests.gates.rows import Get, Post, Row, only

EDITORS = only("supervisor", "administrator")
LIST = Get(queries=("?export=csv", "?export=xlsx", "?words=a&sort=-name", "?state=archived", "?page=2"))
STEP = ("name", "who", "description", "minutes", "cost")
FEATURE = ("name", "drives")


class Scene:
    """A service, a product and a channel in use, one of each put away, a process with two steps, a feature."""

    def __init__(self, side):
        self.side = side
        self.service, self.old_service = self.offers(Service)
        self.product, self.old_product = self.offers(Product)
        self.channel, self.old_channel = self.offers(Channel)

    def offers(self, kind):
        boss, unit, word = self.side.supervisor, self.side.department, self.side.word
        made = [offered.create(boss, kind, unit, f"{word} {name} {kind.__name__}", word) for name in ("new", "old")]
        offered.archive(boss, made[1])
        made[1].refresh_from_db()
        return made

    @cached_property
    def process(self):
        return offered.create_process(self.side.supervisor, self.service, f"{self.side.word} complaints")

    @cached_property
    def version(self):
        return self.process.versions.get()

    @cached_property
    def steps(self):
        words = [(f"{self.side.word} read", 5), (f"{self.side.word} answer", 20)]
        return [
            steps.add_step(self.side.supervisor, self.version, {"name": name, "who": "", "minutes": minutes})
            for name, minutes in words
        ]

    @cached_property
    def feature(self):
        return steps.add_feature(self.side.supervisor, self.service, f"{self.side.word} hours", "Open late.")

    def put_away(self, thing):
        offered.archive(self.side.supervisor, thing)
        return thing

    @cached_property
    def old_process(self):
        return self.put_away(offered.create_process(self.side.supervisor, self.service, f"{self.side.word} returns"))

    @cached_property
    def old_step(self):
        return self.put_away(steps.add_step(self.side.supervisor, self.version, {"name": f"{self.side.word} file it"}))

    @cached_property
    def old_feature(self):
        return self.put_away(steps.add_feature(self.side.supervisor, self.service, f"{self.side.word} tone"))


def scene(side):
    return Scene(side)


def of(name):
    """Arguments: the id of one object of the scene."""
    return lambda at: {"pk": getattr(at, name).pk}


def step(place):
    return lambda at: {"pk": at.steps[place].pk}


def edited(row, names, **changed):
    """What the form of a row carries along, with some fields changed."""
    row.refresh_from_db()
    base = trail.values(row, *names)
    sent = {name: "" if value is None else value for name, value in base.items()}
    return {**sent, **changed, "version": row.version, "base": json.dumps(base)}


def offer_rows(name, many):
    """The addresses that services, products and channels share."""
    return [
        Row(many, LIST),
        Row(
            f"new-{name}",
            Get(),
            Post(lambda at: {"name": "Something new", "unit": at.side.department, "code": "new"}),
            door=EDITORS,
        ),
        Row(
            f"edit-{name}",
            Get(may=EDITORS),
            Post(lambda at: {"name": "Another name", "code": "other"}, may=EDITORS),
            args=of(name),
        ),
        Row(f"archive-{name}", post=Post(may=EDITORS), args=of(name)),
        Row(f"restore-{name}", post=Post(may=EDITORS), args=of(f"old_{name}")),
    ]


def part_rows(name, args):
    """Putting a part away and taking it out again."""
    return [
        Row(f"archive-{name}", post=Post(may=EDITORS), args=args),
        Row(f"restore-{name}", post=Post(may=EDITORS), args=of(f"old_{name}")),
    ]


ROWS = [
    *offer_rows("service", "services"),
    *offer_rows("product", "products"),
    *offer_rows("channel", "channels"),
    Row("service", Get(), args=of("service")),
    # Processes and their steps
    Row("process", Get(), args=of("process")),
    Row("new-process", Get(may=EDITORS), Post(lambda at: {"name": "Refunds"}, may=EDITORS), args=of("service")),
    Row("rename-process", Get(may=EDITORS), Post(lambda at: {"name": "Refunds"}, may=EDITORS), args=of("process")),
    Row(
        "new-process-step",
        Get(may=EDITORS),
        Post(lambda at: {"name": "Post it", "who": "Desk", "minutes": "2.5", "cost": "1.20"}, may=EDITORS),
        args=of("version"),
    ),
    Row(
        "edit-process-step",
        Get(may=EDITORS),
        Post(lambda at: edited(at.steps[0], STEP, name="Read it once", minutes="4"), may=EDITORS),
        args=step(0),
    ),
    Row("move-step-earlier", post=Post(may=EDITORS), args=step(1)),
    Row("move-step-later", post=Post(may=EDITORS), args=step(0)),
    # Features
    Row(
        "new-feature",
        Get(may=EDITORS),
        Post(lambda at: {"name": "Opening hours", "drives": "Who works can call."}, may=EDITORS),
        args=of("service"),
    ),
    Row(
        "edit-feature",
        Get(may=EDITORS),
        Post(lambda at: edited(at.feature, FEATURE, drives="Who works can call."), may=EDITORS),
        args=of("feature"),
    ),
    *part_rows("process", of("process")),
    *part_rows("step", step(0)),
    *part_rows("feature", of("feature")),
]
