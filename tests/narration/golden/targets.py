"""A target: how likely the next period meets it, what would make it even odds, what could be a target."""

from metrics.wording.outlooks import band_told, band_word, best_told, chance_told, criterion_told, expected_told, offers

from .making import FIRST, analysis, metric, series

FACTS = {
    "n": 24, "enough": True, "varies": True, "mostly": False, "moving": False, "target": 90.0, "of": 22, "hits": 9,
    "hits_low": 0.22, "hits_high": 0.61, "p90": 78.0, "p60": 83.0, "p50": 84.2, "p40": 85.4, "p30": 86.6, "p10": 90.4,
    "ceiling": 92.6, "next_low": 74.5, "next_high": 93.9, "best": 87.5, "best_day": FIRST, "advice": "",
}  # fmt: skip
YEAR = {"found": True, "cycle": "year", "next": {"day": FIRST + 730, "low": 79.0, "high": 87.5, "n": 14}}


def told(chance, of=None, n=24, standing="", **facts):
    found = analysis(of, target_chance=chance, standing=standing, outlook={**FACTS, "n": n, **facts})
    return chance_told(found.series, found)


def cases():
    for chance in (0.004, 0.05, 0.25, 0.5, 0.75, 0.95, 0.996):
        yield f"met with {chance}", told(chance, target=90.0 if chance < 0.5 else 80.0)
    for direction, target in ((1, 90.0), (1, 80.0), (-1, 80.0), (-1, 90.0)):
        for measure in ("%", "points"):
            chance = 0.25 if (90 - target) * direction <= 0 and (target - 84.2) * direction > 0 else 0.75
            of = metric(direction=direction, measure=measure)
            yield f"{target:.0f} {measure}, better {'up' if direction > 0 else 'down'}", told(chance, of, target=target)
    for chance, target in ((0.49, 84.2001), (0.51, 84.1999)):
        for direction in (1, -1):
            goal = 84.2 + direction * (target - 84.2)
            yield f"a trifle, {chance}, {direction}", told(chance, metric(direction=direction), target=goal)
    yield "few values", told(0.25, n=9)
    yield "no target kept so far", told(0.25, **{"of": 0})
    yield "out of reach", told(0.01, advice="lower")
    yield "without effort", told(0.99, advice="raise", target=70.0)
    yield "the level is moving", told(0.25, moving=True)
    yield "the change is confirmed", told(0.25, standing="confirmed")
    for n in (1, 5):
        yield f"too few to say: {n}", told(None, n=n, enough=False, of=0)
    yield "no variation", told(None, varies=False)
    yield "most are one value", told(None, mostly=True)
    yield "no target", str(told(0.25, target=None))
    yield from _expected()
    found = analysis(target_chance=0.25, outlook=FACTS)
    yield "beside a criterion", criterion_told(found, 86.0)
    for value in (77.0, 80.0, 84.0, 88.0, 95.0):
        yield f"a threshold of {value:.0f}", band_told(found, value)
    yield "bands", [band_word(chance) for chance in (0.05, 0.25, 0.5, 0.75, 0.95)]
    yield "could be a target", [f"{one.name}: {one.shown} ({one.means})" for one in offers(series(), found)]
    yield "the best so far", best_told(series(), found)


def _expected():
    for period in ("day", "week", "month"):
        found = analysis(metric(period=period), target_chance=0.25, outlook=FACTS)
        yield f"the next {period}", expected_told(found.series, found)
        yield f"met next {period}", told(0.25, metric(period=period))
    found = analysis(target_chance=0.25, outlook=FACTS)
    for cycle in ("year", "week"):
        yield f"what comes next, season of a {cycle}", expected_told(found.series, found, {**YEAR, "cycle": cycle})
