"""Real imports as work to be killed: each source gets a file, and then a second one that changes every value."""

from __future__ import annotations

import datetime as dt
import secrets

from django.core.files.base import ContentFile
from django.db.models import Count as Number
from django.db.models import Sum

from cxreview.kills.count import Count
from metrics import states
from metrics.models import Analysis, Observation, ObservationReplaced, Upload
from metrics.workflow import sources, uploads
from teams.models import Person, Unit
from teams.refusals import Refused
from teams.workflow.start import start

ORGANISATION, METRICS, DAYS = "Scratch", 3, 8000
ROWS = METRICS * DAYS
FIRST_DAY = dt.date(2000, 1, 1)
# The second file of a source says one more everywhere.
FILES = 2
WHOLE = DAYS // 90 * sum(range(90)) + sum(range(DAYS % 90))


def make_workspace() -> None:
    start(
        workspace="Scratch",
        zone="UTC",
        organisation=ORGANISATION,
        name="Kit",
        email="kit@scratch.invalid",
        password=secrets.token_urlsafe(24),
    )


def drive(new: bool) -> bool:
    """Do what a person would do next: answer, commit, bring the second file, and (``new``) one for a new source.

    Returns whether all that was brought is done.
    """
    person, unit = Person.objects.get(), Unit.objects.get()
    busy = False
    for upload in Upload.objects.exclude(state=states.DONE).select_related("source"):
        busy = True
        try:
            if upload.state == states.RECEIVED and upload.questions:
                about = {name: {"direction": 1, "measure": "%"} for name in _names(upload.source.name)}
                uploads.map(person, upload, upload.mapping, choices={"other_metrics": "create", "about": about})
            elif upload.state == states.PLANNED:
                uploads.commit(person, upload)
        except Refused as refused:
            # Somebody was quicker, or another import of the same figures is under way: ask again next time.
            if refused.code not in ("busy", "stale", "not_now"):
                raise
    half = Upload.objects.values("source", "source__name").annotate(files=Number("pk")).filter(files__lt=FILES)
    if not busy:
        for row in half:
            busy = True
            _receive(person, unit, row["source__name"], second=True)
    if not busy and new:
        busy = True
        name = f"S{Upload.objects.count()}"
        sources.create(person, unit, name, zone="UTC")
        _receive(person, unit, name, second=False)
    return not busy


def _names(source: str) -> list[str]:
    return [f"{source} M{number}" for number in range(METRICS)]


def _receive(person: Person, unit: Unit, name: str, second: bool) -> None:
    source = sources.Source.objects.get(name=name)
    lines = ["date,unit,metric,numerator,denominator"]
    for metric in _names(name):
        for day in range(DAYS):
            date = FIRST_DAY + dt.timedelta(days=day)
            lines.append(f"{date},{ORGANISATION},{metric},{day % 90 + second},100")
    content = ContentFile("\n".join([*lines, ""]).encode(), name=f"{name}-{int(second)}.csv")
    uploads.receive(person, source, unit, content)


def count() -> Count:
    """Hold the stored values against the files: every row of the second once, of the first once as history."""
    found = Count(jobs=Upload.objects.count())
    found.stuck = Upload.objects.exclude(state=states.DONE).count()
    for name in Upload.objects.order_by("source").values_list("source__name", flat=True).distinct():
        values = Observation.objects.filter(series__metric__name__in=_names(name))
        facts = values.aggregate(rows=Number("pk"), total=Sum("numerator"))
        history = ObservationReplaced.objects.filter(series__metric__name__in=_names(name)).count()
        for rows in (facts["rows"], history):
            found.lost += rows == 0
            found.partial += 0 < rows < ROWS
            found.doubled += rows > ROWS
        # As many rows as there should be, but not all of them from the second file.
        found.partial += facts["rows"] == ROWS and facts["total"] != METRICS * (WHOLE + DAYS)
        analysed = Analysis.objects.filter(series__metric__name__in=_names(name)).values("series").distinct().count()
        found.lost += METRICS - analysed
    return found
