"""The headline of a chart, its cautions, and how two stretches of it differ."""

import math

from metrics.queries.gaps import Gaps
from metrics.trends.stretches import Compared, Stretch
from metrics.wording.figures import end_of
from metrics.wording.notes import NOTES, adjusted_line, notes_of, outcome_line, settings_line
from metrics.wording.periods import gap_words, gaps_told, not_over, partial_words
from metrics.wording.signals import RULES, headline
from metrics.wording.standing import MEANINGS, WORDS
from metrics.wording.stretches import compared_told, freshness
from tests.metrics.making import month

from .making import FIRST, LAST, analysis, metric, series, signal

SPANS = (month(0), month(8) - 1), (month(8), month(16) - 1)
SAME = {"n": 24, "varies": False}


def cases():
    yield "not analysed yet", headline(series(), None, None)
    yield "nothing points to a change", headline(series(), analysis(), None)
    yield "a signal", headline(series(), analysis(), signal("shift"))
    for title, found in {
        "one value": analysis(n=1),
        "twelve values": analysis(n=12),
        "twelve alike": analysis(n=12, outlook={"n": 12, "varies": False}),
        "one value since new limits": analysis(scan_n=1, settings={"rebases": [1]}),
        "three values since new limits": analysis(scan_n=3, settings={"rebases": [1]}),
        "no limits": analysis(notes=["no_limits"], lower=None, upper=None),
        "no limits, no reason known": analysis(lower=None, upper=None),
        "all alike": analysis(outlook=SAME),
        "all alike since new limits": analysis(scan_n=15, outlook={**SAME, "n": 15}),
    }.items():
        yield title, headline(found.series, found, None)
    for code in NOTES:
        of_t = analysis(notes=["not_positive" if code == "zero_left_out" else code], settings={"chart": "t"})
        yield f"caution: {code}", [str(one) for one in notes_of(of_t)]
    for n in (1, 12):
        yield f"caution: {n} so far", [str(one) for one in notes_of(analysis(n=n))]
    yield "how it was made", settings_line(analysis(settings={"chart": "xmr", "screen": True, "definition": 2}))
    told = {"shift": 8, "trend": 6, "fix_after_n": 12, "rebases": [1, 2], "chart": "p"}
    yield "how it was made otherwise", settings_line(analysis(settings=told))
    told = {"fix_after_n": 1, "rebases": [1]}
    yield "how it was made, one of each", settings_line(analysis(settings=told))
    yield "how it was made without the season", adjusted_line(analysis(settings={"screen": True}), logged=False)
    yield (
        "how it was made without the season, of times",
        adjusted_line(analysis(settings={"screen": True}), logged=True),
    )
    yield "how an outcome was read", outcome_line(2)
    for days in (0, 1, 90):
        found = freshness(analysis(), metric(), end_of(LAST, "month") + days)
        yield f"as old as {days} days", [found.words, "stale" if found.stale else "fresh"]
    for rule in RULES.values():
        yield f"rule: {rule}", str(rule)
    for code, words in WORDS.items():
        yield f"how sure: {code}", [str(words), str(MEANINGS[code])]
    yield from _periods()
    yield from _stretches()


def _periods():
    for period in ("day", "week", "month"):
        for n in (1, 3):
            yield f"{n} without a value, each {period}", gaps_told(Gaps(n, 104, FIRST, period == "day"), period)
    yield "none without a value", gaps_told(None, "week")
    partial = {"partial": {"day": FIRST, "until": FIRST + 9}}
    yield "in a plan: the last period is not over", partial_words(partial)
    yield "in a plan: the last period was confirmed", partial_words({**partial, "whole": True})
    for n in (1, 3):
        yield f"in a plan: {n} missing", gap_words({"gaps": {"periods": n, "series": n}})
    open_series = series()
    open_series.partial_day, open_series.partial_until = FIRST, FIRST + 9
    yield "the last period is not over", not_over(open_series)


def _stretches():
    two = Stretch(8, 84.2, math.nan), Stretch(8, 81.0, math.nan)
    apart = Compared(*two, -3.2, -4.9, -1.5, apart=True)
    for title, found, chart in (
        ("differ", apart, "xmr"),
        ("cannot be told apart", Compared(*two, -3.2, -7.0, 0.6, apart=False), "xmr"),
        ("of times", Compared(*two, 0.96, 0.94, 0.98, apart=True), "log"),
        ("of a few times far apart", Compared(*two, 0.96, 0.002, 480.0, apart=False), "log"),
        ("are too short", Compared(*two, math.nan, math.nan, math.nan, apart=False), "xmr"),
    ):
        of = metric("duration", "min") if chart == "log" else metric()
        yield f"two stretches {title}", compared_told(of, analysis(settings={"chart": chart}), found, SPANS)
