"""Before and after: how large the change was, how sure that is, and what else could have made it."""

from metrics.wording.changes import Told
from metrics.wording.effects import UNSEEN, cautions_of, level_words, narrate_effect
from metrics.wording.paces import pace_figures
from tests.metrics.making import month

from .making import metric

CHANGED = month(12)
CAUTIONS = ("drift_before", "bad_start", "began_earlier", "began_later", "comparison_too_short", "not_logarithmic",
            "mostly_one_value", UNSEEN)  # fmt: skip


def change(difference=3.1, low=0.4, high=5.8, percent=None):
    shares = dict(zip(("percent", "percent_low", "percent_high"), percent or (None,) * 3, strict=True))
    return {"difference": difference, "low": low, "high": high, **shares}


UP, DOWN, EITHER = change(), change(-3.1, -5.8, -0.4), change(1.1, -1.6, 3.8)
SHARE = change(-12.0, -15.0, -8.0, (-20.0, -25.0, -14.0))


def pace(slope=UP, first=UP, latest=UP):
    return {
        "before": EITHER,
        "change": slope,
        "first": first,
        "latest": latest,
        "days": [0, 0, 0, month(25)],
        "lines": [],
    }


def facts(reading="shown", found=UP, **more):
    return {
        "reading": reading, "reasons": [], "cautions": [], "change": found, "plain": EITHER, "net": None, "other": None,
        "missing_before": 0, "missing_after": 0, "level": 84.2, "left_out": [], "placebos": [], "as_large": 0, "onset": CHANGED,
        "onset_steps": 0, "pace": None, "net_pace": None, "contacts": None, "seasonal": False, "enough_on": None, **more,
    }  # fmt: skip


def of(measure="%", others=(), **more):
    answers = more.pop("answers", False)
    return Told(metric(measure=measure, **more), "Rota 7", CHANGED, "Team West", tuple(others), answers)


def cases():
    yield "not computed yet", narrate_effect({}, of())
    for direction in (1, -1, 0):
        told = of(direction=direction)
        for found in (UP, DOWN):
            way = "up" if found is UP else "down"
            yield f"shown, {way}, better {direction}", narrate_effect(facts(found=found), told)
    for found in (EITHER, change(-1.1, -3.8, 1.6)):
        yield f"not shown, {found['difference']}", narrate_effect(facts("not_shown", found), of())
    for reading, found in (
        ("shown", UP),
        ("shown", DOWN),
        ("not_shown", EITHER),
        ("not_shown", change(-1.1, -3.8, 1.6)),
    ):
        told = facts(reading, EITHER, net=found)
        yield f"{reading}, net of another series, {found['difference']}", narrate_effect(told, of())
    yield "of times", narrate_effect(facts(found=SHARE), of("min", kind="duration", direction=-1))
    yield from _contacts()
    yield from _lacking()
    yield from _cautions()
    yield from _paces()


def _contacts():
    for title, of_all, told in (
        ("in the metric's words", 1600, of(kind="proportion", denominator="calls answered")),
        ("cases", 1600, of(kind="proportion")),
        ("answers", 1600, of(kind="proportion", answers=True)),
        ("a count", None, of("calls", kind="count")),
    ):
        for count in (49.6, -49.6):
            found = facts(contacts={"count": count, "low": 6.4, "high": 92.8, "of": of_all})
            yield f"how many, {title}: {count:.0f}", narrate_effect(found, told).meaning


def _lacking():
    both = ["too_few_before", "too_few_after"]
    for title, reasons, count, day in (
        ("on either side", both, 4, None),
        ("after, one", both[1:], 1, "2025-02-01"),
        ("after, four", both[1:], 4, "2025-05-01"),
        ("after, one, and its day has gone by", both[1:], 1, "2024-02-01"),
        ("after, four, and their day has gone by", both[1:], 4, "2024-02-01"),
        ("before, one", both[:1], 1, None),
        ("before, four", both[:1], 4, None),
        ("no variation", ["no_variation"], 0, None),
    ):
        found = facts("not_enough", None, reasons=reasons, missing_before=count, missing_after=count, enough_on=day)
        yield f"not enough: {title}", narrate_effect(found, of())


def _cautions():
    for code in CAUTIONS:
        found = facts(
            cautions=[code], left_out=[1, 2], onset=month(10 if code == "began_earlier" else 14), onset_steps=2
        )
        yield f"caution: {code}", cautions_of(found, of())[0]
    yield "caution: bad_start of one", cautions_of(facts(cautions=["bad_start"], left_out=[1]), of())[0]
    yield "caution: a season", cautions_of(facts(seasonal=True), of())[0]
    for others in (["Macro"], ["Macro", "New desk"]):
        yield f"caution: {len(others)} at the same time", cautions_of(facts(), of(others=others))[0]
    for count in (0, 1, 6):
        tried = [[month(place), 1.0, 0.5, 1.5] for place in range(count)]
        yield f"caution: {count} dates tried", cautions_of(facts(placebos=tried, as_large=1), of())[-1]
    yield "level before", level_words(facts(), metric())


def _paces():
    for gains in (True, False):
        slope = UP if gains else DOWN
        own = facts("not_shown", EITHER, pace=pace(slope))
        net = facts("not_shown", EITHER, net=EITHER, net_pace=pace(slope))
        for title, found in (("", own), (", net of another series", net)):
            yield f"another pace, {'up' if gains else 'down'}{title}", narrate_effect(found, of())
            yield f"its figures, {'up' if gains else 'down'}{title}", _rows(found, of())
    times = pace(change(-1.0, -1.5, -0.5, (-2.0, -3.0, -1.0)), SHARE, SHARE)
    yield "another pace of times", _rows(facts(found=SHARE, pace=times), of("min", kind="duration"))
    yield "too few points for a pace", _rows(facts(), of())
    yield "no pace where most are one value", _rows(facts(cautions=["mostly_one_value"]), of())


def _rows(found, told):
    return [f"{term}: {value}" for term, value in pace_figures(found, told)]
