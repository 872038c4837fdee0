"""Files come in: weekly figures as measured values, repair jobs as cases, and a few that should not have come."""

from __future__ import annotations

import datetime as dt
from typing import Any

from django.core.files.base import ContentFile

from cxreview.demo import cast, data, planted
from cxreview.demo.stage import Stage, Story, work
from metrics.models import Source, Survey, Upload
from metrics.trajectories import Planned
from metrics.workflow import sources, surveys, targets, uploads
from teams.models import Person, Unit

# Weeks ago on whose Monday a file comes, and how many weeks it brings: the exports overlap.
FIRST, WEEKS_IN_FILE = 56, 20
MONDAYS = (FIRST, 36, 18, 14, 10, 6, 1, 0)
ABOUT = {
    planted.SATISFIED: {"direction": 1},
    planted.FIRST_REPLY: {"direction": 1},
    planted.CALLS: {"direction": 1},
    planted.REOPENED: {"direction": -1},
    planted.COMPLAINTS: {"direction": -1, "kind": "rate", "scale": 1000.0, "measure": "per 1,000 contacts"},
    planted.CONTACTS: {"direction": 0, "measure": "contacts"},
}

# The kinds of repair have been counted apart for a while when their file comes first.
FIRST_VISITS = 30
VISITS_MEAN: dict[str, Any] = {
    "shape": "measured",
    "date": "week",
    "date_order": "ymd",
    "zone": cast.ZONE,
    "period": "week",
    "unit_column": "department",
    "dimensions": [{"name": "product", "column": "product"}],
    "metrics": [
        {
            "name": planted.FIRST_VISIT,
            "numerator": {"plus": ["at the first visit"]},
            "denominator": {"plus": ["jobs closed"]},
            "kind": "proportion",
        }
    ],
}


def mapping() -> dict[str, Any]:
    """What the columns of the weekly file mean."""
    metrics: list[dict[str, Any]] = [
        {
            "name": measure.name,
            "numerator": {"plus": [measure.numerator.lower()]},
            "denominator": {"plus": [measure.denominator.lower()]},
            "kind": "rate" if measure.name == planted.COMPLAINTS else "proportion",
        }
        for measure in data.MEASURES
    ]
    metrics.append({"name": planted.CONTACTS, "value": {"plus": ["contacts"]}, "kind": "count"})
    return {
        "shape": "measured",
        "date": "week",
        "date_order": "ymd",
        "zone": cast.ZONE,
        "period": "week",
        "unit_column": "team",
        "dimensions": [{"name": "channel", "column": "channel"}],
        "metrics": metrics,
    }


def contacts(stage: Stage) -> Story:
    """The figures of all teams, from the first year's history to the last complete week."""
    yield stage.on(FIRST, "Mon 08:05")
    ewa, top = stage.person("ewa"), stage.unit(cast.ORGANISATION)
    source = sources.create(ewa, top, "Contact statistics", zone=cast.ZONE)
    for weeks_ago in MONDAYS:
        if weeks_ago != FIRST:
            yield stage.on(weeks_ago, "Mon 08:10")
        day = stage.day(weeks_ago)
        length = data.WEEKS if weeks_ago == FIRST else WEEKS_IN_FILE
        table = _weeks_before(stage, day, length)
        upload = _receive(stage.person("ewa"), source, top, f"contacts-{day:%Y-%m-%d}.csv", data.as_csv(table))
        if weeks_ago == FIRST:
            uploads.map(stage.person("ewa"), upload, mapping(), choices={"about": ABOUT})
            work()
        _commit(stage.person("ewa"), upload)


def _weeks_before(stage: Stage, day: dt.date, weeks: int) -> list[data.Row]:
    first = (day - dt.timedelta(weeks=weeks)).isoformat()
    return [row for row in stage.rows if first <= str(row["Week"]) < day.isoformat()]


def jobs_done(stage: Stage) -> Story:
    """The repairs system exports one row per job; the product counts them itself."""
    yield stage.on(1, "Mon 08:30")
    tom, repairs = stage.person("tom"), stage.unit(cast.REPAIRS)
    source = sources.create(tom, repairs, "Repair jobs", zone=cast.ZONE)
    table = data.as_csv(data.repair_jobs(stage.day(1), stage.seed))
    upload = _receive(tom, source, repairs, "repair-jobs.csv", table)
    cases = {
        "id": "job",
        "opened": "reported",
        "first_response": "first answered",
        "resolved": "done",
        "reopens": "reopened",
        "satisfaction": {"column": "asked afterwards", "unanswered": ["not asked"]},
        "limit_seconds": 5 * 86_400.0,
    }
    meaning = {"shape": "cases", "zone": cast.ZONE, "period": "week", "unit_column": "team", "cases": cases}
    uploads.map(tom, upload, meaning)
    work()
    _commit(tom, upload)


def calibrations(stage: Stage) -> Story:
    """Three people score the same calls: an invented file, recognised by its headers, so that nobody has to map it."""
    yield stage.on(0, "Mon 09:20")
    priya, accounts = stage.person("priya"), stage.unit(cast.ACCOUNTS)
    source = sources.create(priya, accounts, "Calibration of calls", zone=cast.ZONE)
    table = data.as_csv(data.calibrations(stage.day(0), stage.seed))
    upload = _receive(priya, source, accounts, "calibration-invented.csv", table)
    _commit(priya, upload)


def ease(stage: Stage) -> Story:
    """A survey whose figures are means: what was asked, how it spreads, and that it is not weighted, is said beside it."""
    yield stage.on(0, "Mon 09:40")
    tom, repairs = stage.person("tom"), stage.unit(cast.REPAIRS)
    source = sources.create(tom, repairs, "Ease of getting a repair", zone=cast.ZONE)
    upload = _receive(tom, source, repairs, "ease-invented.csv", data.as_csv(data.ease(stage.today, stage.seed)))
    meaning = {
        "shape": "measured",
        "date": "week",
        "date_order": "ymd",
        "zone": cast.ZONE,
        "period": "week",
        "unit_column": "team",
        "metrics": [
            {
                "name": planted.EASE,
                "numerator": {"plus": ["sum of answers"]},
                "denominator": {"plus": ["answers"]},
                "kind": "score",
            },
            {"name": planted.EASE_ASKED, "value": {"plus": ["asked"]}, "kind": "count"},
            {"name": planted.EASE_SPREAD, "value": {"plus": ["standard deviation"]}, "kind": "score"},
        ],
    }
    about = {
        planted.EASE: {"direction": 1},
        planted.EASE_ASKED: {"direction": 0},
        planted.EASE_SPREAD: {"direction": 0},
    }
    uploads.map(tom, upload, meaning, choices={"about": about})
    work()
    _commit(tom, upload)
    asked, spread = stage.metric(planted.EASE_ASKED), stage.metric(planted.EASE_SPREAD)
    surveys.declare(tom, stage.metric(planted.EASE), Survey.Kind.MEAN, Survey.Weighted.NO, asked=asked, spread=spread)
    work()


def first_visits(stage: Stage) -> Story:
    """A metric by product: with one target for all kinds of repair, one kind cannot meet it and one will."""
    source: Source | None = None
    for weeks_ago in (FIRST_VISITS, 0):
        yield stage.on(weeks_ago, "Mon 10:20")
        tom, repairs = stage.person("tom"), stage.unit(cast.REPAIRS)
        day = stage.day(weeks_ago).isoformat()
        table = [row for row in data.first_visits(stage.today, stage.seed) if str(row["Week"]) < day]
        source = source or sources.create(tom, repairs, "Repairs by kind", zone=cast.ZONE)
        upload = _receive(tom, source, repairs, f"first-visits-invented-{day}.csv", data.as_csv(table))
        if weeks_ago:
            uploads.map(tom, upload, VISITS_MEAN, choices={"about": {planted.FIRST_VISIT: {"direction": 1}}})
            work()
        _commit(tom, upload)
        if weeks_ago:
            why = "What tenants are promised when they report a repair, whatever it is."
            target, metric = planted.FIRST_VISIT_TARGET, stage.metric(planted.FIRST_VISIT)
            begins, by = stage.day(weeks_ago), stage.day(-planted.FIRST_VISIT_WEEKS_LEFT)
            path = Planned(planted.FIRST_VISIT_START, begins, by)
            targets.set_target(tom, metric, repairs, target, begins, why, source="Repairs policy", trajectory=path)
            work()


def mistakes(stage: Stage) -> Story:
    """An empty file, one that came twice, one dropped before it was taken over, one taken back."""
    yield stage.on(29, "Wed 11:20")
    ewa, top = stage.person("ewa"), stage.unit(cast.ORGANISATION)
    source = Source.objects.get(name="Contact statistics")
    _receive(ewa, source, top, "contacts-header-only.csv", b"Week,Team,Channel,Contacts\n")
    yield stage.on(9, "Tue 09:05")
    week = _weeks_before(stage, stage.day(9), 2)
    wrong = [{**row, "Satisfied answers": ""} for row in week]
    upload = _receive(ewa, source, top, "contacts-without-answers.csv", data.as_csv(wrong))
    uploads.cancel(ewa, upload)
    yield stage.on(5, "Tue 14:30")
    doubled = [{**row, "Contacts": int(str(row["Contacts"])) * 2} for row in _weeks_before(stage, stage.day(5), 1)]
    upload = _receive(ewa, source, top, "contacts-by-mistake.csv", data.as_csv(doubled))
    _commit(ewa, upload)
    yield stage.on(5, "Tue 15:10")
    uploads.undo(ewa, Upload.objects.get(pk=upload.pk))
    work()


def _receive(person: Person, source: Source, unit: Unit, name: str, content: bytes) -> Upload:
    upload = uploads.receive(person, source, unit, ContentFile(content, name=name))
    work()
    return upload


def _commit(person: Person, upload: Upload) -> None:
    planned = Upload.objects.get(pk=upload.pk)
    uploads.commit(person, planned, seen=planned.plan["hash"])
    work()
