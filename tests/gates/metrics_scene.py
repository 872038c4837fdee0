"""What the rows of metrics are played with: made when a row asks for it."""

import datetime as dt
import io
from functools import cached_property

from django.core.files.base import ContentFile

from jobs import workflow as jobs
from metrics import analysing
from metrics.analysing import closer
from metrics.models import Signal, Upload
from metrics.queries import breaks
from metrics.queries.analyses import analysis_of
from metrics.workflow import comparisons, marks, metrics, rebases, signals, sources, uploads
from metrics.workflow import targets as target_verbs
from metrics.workflow.filters import save as save_filter
from metrics.workflow.inquiries import ask
from tests.metrics import making

VALUES = [*making.STEADY, 40, 41, 39, 40, 42, 40, 39, 41]


class Again(io.BytesIO):
    """A file that can be sent more than once."""

    name = "figures.csv"

    def read(self, *size):
        self.seek(0)
        return super().read(*size)


class Scene:
    """What a row does not ask for is never made."""

    def __init__(self, side):
        self.side = side

    @cached_property
    def metric(self):
        return making.metric(self.side.department, f"{self.side.word} answered in time")

    @cached_property
    def metric_away(self):
        return metrics.archive(
            self.side.supervisor, making.metric(self.side.department, f"{self.side.word} old figure")
        )

    @cached_property
    def series(self):
        one = making.series(self.metric, self.side.team, VALUES)
        analysing.analyse_series([one.pk])
        return one

    @cached_property
    def signal(self):
        return Signal.objects.get(series=self.series, rule="shift", direction=-1)

    @cached_property
    def acknowledged(self):
        return signals.acknowledge(self.side.supervisor, self.signal, f"{self.side.word} rota")

    @cached_property
    def inquiry(self):
        return ask(self.side.supervisor, self.signal, f"{self.side.word} rota?", self.side.colleague)

    @cached_property
    def saved(self):
        return save_filter(self.side.supervisor, f"{self.side.word} view", "variation=concern")

    @cached_property
    def rebase(self):
        return rebases.rebase(self.side.supervisor, self.series, dt.date(2024, 7, 1), f"{self.side.word} moved")

    @cached_property
    def comparison(self):
        made = comparisons.compare(self.side.supervisor, self.series, dt.date(2025, 2, 1), f"{self.side.word} new rota")
        jobs.run_pending()
        return made

    @cached_property
    def stepped(self):
        """The series with its closer look, which proposes new limits."""
        one = making.series(making.metric(self.side.department, f"{self.side.word} stepped"), self.side.team, VALUES)
        analysing.analyse_series([one.pk])
        closer.look_at([one.pk])
        [found] = breaks.proposals(one, analysis_of(one))
        return {"pk": one.pk, "day": found.facts["day"]}

    @cached_property
    def note(self):
        return marks.note(self.side.supervisor, self.series, dt.date(2024, 3, 3), f"{self.side.word} phones down")

    @cached_property
    def source(self):
        return sources.create(self.side.supervisor, self.side.department, f"{self.side.word} desk", zone="UTC")

    @cached_property
    def team_source(self):
        return sources.create(self.side.team_lead, self.side.team, f"{self.side.word} team desk", zone="UTC")

    @cached_property
    def proposal(self):
        day = dt.date(2024, 7, 1)
        return target_verbs.propose(self.side.team_lead, self.series, self.side.team, 45, day, f"{self.side.word} plan")

    @cached_property
    def agreed(self):
        return target_verbs.set_target(
            self.side.supervisor, self.series.metric, self.side.team, 45, dt.date(2024, 5, 1), f"{self.side.word} plan"
        )

    @cached_property
    def source_away(self):
        made = sources.create(self.side.supervisor, self.side.department, f"{self.side.word} old desk")
        return sources.archive(self.side.supervisor, made)

    @cached_property
    def parts(self):
        """Two teams of one metric."""
        metric = making.metric(self.side.department, f"{self.side.word} kind answers")
        return [making.series(metric, unit, VALUES) for unit in (self.side.team, self.side.other_team)]

    @cached_property
    def total(self):
        return making.series(self.parts[0].metric, self.side.department, VALUES, rolled_up=True)

    def receive(self, content):
        file = ContentFile(content.encode(), "figures.csv")
        uploads.receive(self.side.supervisor, self.source, self.side.department, file)
        jobs.run_pending()
        return Upload.objects.latest("pk")

    def plan(self, unit):
        """A file with one value for a unit of that name, mapped."""
        upload = self.receive(f"month,team,answered,all\n2024-01-01,{unit},80,100\n")
        mapping = {
            "shape": "measured",
            "date": "month",
            "period": "month",
            "unit_column": "team",
            "metrics": [
                {
                    "name": f"{self.side.word} share",
                    "numerator": {"plus": ["answered"]},
                    "denominator": {"plus": ["all"]},
                    "kind": "proportion",
                }
            ],
        }
        uploads.map(self.side.supervisor, upload, mapping)
        jobs.run_pending()
        upload.refresh_from_db()
        return upload

    @cached_property
    def received(self):
        return self.receive("month,team,answered,all\n2024-01-01,Elsewhere,80,100\n")

    @cached_property
    def unmatched(self):
        return self.plan(f"{self.side.word} elsewhere")

    @cached_property
    def planned(self):
        return self.plan(self.side.team.name)

    @cached_property
    def done(self):
        uploads.commit(self.side.supervisor, self.planned)
        jobs.run_pending()
        self.planned.refresh_from_db()
        return self.planned
