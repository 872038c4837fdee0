"""Who gets what from the pages that are composed from all apps."""

from types import SimpleNamespace

from tests.gates.rows import Get, Post, Row, only

ADMIN = only("administrator")


def scene(side):
    return SimpleNamespace(side=side)


ROWS = [
    Row("home", Get()),
    Row("search", Get(queries=("?q=a", "?q=alder", "?q=team", "?q=customer+service"))),
    Row("thread", Get(), args=lambda at: {"kind": "teams.unit", "pk": str(at.side.team.pk)}),
    Row("about", Get(), public=True),
    # One's own preference, on guidance that belongs to nobody.
    Row("fold", post=Post(lambda at: {"guide": "trends"})),
    Row("unfold", post=Post(lambda at: {"guide": "trends"})),
    # No worker runs beside a test, so the page says red.
    Row("health", Get(status=503), public=True),
    Row(
        "remove-demo",
        Get(status=404),
        Post(status=404, trail=0, why="this workspace is not the demonstration; removing it is tested beside it"),
        door=ADMIN,
    ),
    Row(
        "hand-over",
        Get(),
        Post(lambda at: {"heir": at.side.second_supervisor}),
        args=lambda at: {"pk": at.side.supervisor.pk},
        door=ADMIN,
    ),
]
