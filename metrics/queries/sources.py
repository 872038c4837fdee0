"""Sources and uploads that a person may see."""

from __future__ import annotations

from django.db.models import Case, Count, Max, QuerySet, When

from jobs.models import Job
from jobs.states import QUEUED, RUNNING
from metrics.models import Metric, Source, Upload
from metrics.queries.plans import making_of
from metrics.references import Making
from teams import access
from teams.models import Person, Unit
from teams.trees import by_name


def sources(person: Person) -> QuerySet[Source]:
    """Sources the person may see, with the number of their imports and the day of the last."""
    rows = access.visible_to(person, Source).select_related("unit")
    return rows.annotate(upload_count=Count("uploads"), last_at=Max("uploads__at"))


def open_sources(person: Person) -> QuerySet[Source]:
    """Sources to which the person may bring a file."""
    rows = access.visible_to(person, Source, "metrics.import").filter(archived_at=None)
    return rows.exclude(shape=Source.Shape.TYPED).select_related("unit").order_by("name")


def uploads(person: Person) -> QuerySet[Upload]:
    """Uploads the person may see, without what was found in their files."""
    rows = access.visible_to(person, Upload).select_related("source", "unit", "person", "file")
    return rows.defer("facts", "mapping", "questions", "problems", "choices")


def job_of(upload: Upload) -> Job | None:
    """The work on this upload that is under way, else the last if it failed."""
    under_way = Case(When(state__in=(QUEUED, RUNNING), then=0), default=1)
    last = Job.objects.filter(arguments__upload=upload.pk).order_by(under_way, "-created_at").first()
    return last if last is not None and (last.unfinished or last.error_code) else None


def units_below(upload: Upload) -> list[tuple[int, str]]:
    """Units that a name in the file may be matched to: the upload's own and those below it."""
    rows = Unit.objects.filter(path__startswith=upload.unit.path, archived_at=None)
    return [(unit.pk, unit.name) for unit in by_name(rows)]


def metrics_near(upload: Upload) -> list[tuple[int, str]]:
    """Metrics that a name in the file may be matched to: those of the upload's unit and of the units above it."""
    rows = Metric.objects.filter(unit__in=upload.unit.line_ids, archived_at=None, source=None).order_by("name")
    return list(rows.values_list("pk", "name"))


def new_metrics(upload: Upload, making: Making | None = None) -> dict[str, int]:
    """{name: direction} of the metrics that the plan makes; those computed from cases know their direction."""
    return {one["name"]: one.get("direction", 0) for one in (making or making_of(upload)).metrics}
