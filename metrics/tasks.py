"""Clocks of metrics: primitive arguments, one domain call, safe to run twice."""

from __future__ import annotations

from django.conf import settings

from jobs.registry import Run, work
from metrics.analysing import analyse_series, closer, comparing, judge, organisations_of
from metrics.comparing import answer, settle, split_totals
from metrics.importing import looking, merging, planning, undoing
from metrics.models import Series, Study
from metrics.queries.analyses import series_in_use
from metrics.queries.studies import WORK as STUDY
from metrics.queries.studies import stamp_of
from metrics.workflow import clearing, comparisons, plans, studies, targets, uploads
from metrics.workflow import closer as closer_looks

# Series per transaction: short enough for other writers, long enough to be read and written in bulk.
SLICE = 1000
# A closer look takes some milliseconds a series.
CLOSER_SLICE = 100


@work("metrics.analyse")
def analyse(run: Run) -> None:
    """Analyse the series that an import or a person touched."""
    _analyse(run, run.arguments["series"])


@work("metrics.analyse_all")
def analyse_all(run: Run) -> None:
    """Every night: put targets into force whose day has come, and analyse whatever changed."""
    if run.done == 0:
        with run.commit():
            targets.supersede_due()
    _analyse(run, series_in_use())


def _analyse(run: Run, ids: list[int]) -> None:
    """Slice by slice from where the last attempt got to; a slice stands whole or not at all."""
    for first in range(run.done, len(ids), SLICE):
        part = ids[first : first + SLICE]
        with run.commit(done=first + len(part), total=len(ids), phase="analysing"):
            analyse_series(part)
            closer_looks.enqueue(closer.unsettled(part))
            comparing.compare_of(part)
            settle(part)
    with run.commit(phase="judging"):
        organisations = organisations_of(ids)
        judge(organisations, method="by" if settings.CAUTIOUS else "bh")
        closer_looks.enqueue(closer.unsettled(closer.confirmed(organisations)))
    with run.commit(phase="comparing_groups"):
        split_totals(ids)


@work(comparisons.WORK)
def compare(run: Run) -> None:
    """Compare before and after a date that a person or an action named."""
    with run.commit():
        comparing.compare(run.arguments["comparisons"])


@work(clearing.WORK)
def clear_plans(run: Run) -> None:
    """Every night: what plans staged that nobody takes over."""
    count = clearing.clear()
    run.progress(count, count)


@work(closer_looks.WORK)
def look_closer(run: Run) -> None:
    """The closer look at series on Watch, or at one that somebody asked for."""
    ids = run.arguments["series"]
    for first in range(run.done, len(ids), CLOSER_SLICE):
        part = ids[first : first + CLOSER_SLICE]
        with run.commit(done=first + len(part), total=len(ids), phase="looking_closer"):
            closer.look_at(part)


@work(uploads.LOOK, ended=plans.stopped)
def look_at_upload(run: Run) -> None:
    """The first look at a file that came in."""
    looking.look(run, run.arguments["upload"])


@work(uploads.PLAN, ended=plans.stopped)
def plan_upload(run: Run) -> None:
    """What committing an upload would do."""
    planning.plan(run, run.arguments["upload"], run.arguments["version"])


@work(uploads.MERGE)
def merge_upload(run: Run) -> None:
    """Apply a committed plan."""
    merging.merge(run, run.arguments["upload"])


@work(uploads.UNDO)
def undo_upload(run: Run) -> None:
    """Take back what an upload brought."""
    undoing.undo(run, run.arguments["upload"])


@work(STUDY)
def study(run: Run) -> None:
    """Answer the question of a comparison. The stamp is read first: what comes in meanwhile makes it stale."""
    asked = Study.objects.get(pk=run.arguments["study"])
    run.progress(0, 1, "comparing_groups")
    stamp = stamp_of(Series.objects.filter(pk__in=asked.series).select_related("metric"))
    facts = answer(asked)
    with run.commit(done=1, total=1):
        studies.keep(asked, stamp, facts)
