"""The gap between two in time, two metrics side by side, and why a total moved."""

from metrics.wording.pairs import (
    BY,
    PROBLEMS,
    READINGS,
    correlation_line,
    narrate_correlation,
    narrate_gap,
    narrate_mix,
    teams_sentence,
    teams_warning,
)
from tests.metrics.making import month

from .making import metric

SCORES = metric(name="Quality score", measure="points")


def gap(low=1.2, high=5.4, mean=3.3, pairs=24, left_out=0, **run):
    runs = [{"rule": "shift", "current": True, "points": 8, "first": month(8), "last": month(15), "before": 1.1, "since": 4.9,
             **run}] if run else []  # fmt: skip
    return {"low": low, "high": high, "mean": mean, "pairs": pairs, "left_out": left_out, "amr": 1.5, "runs": runs}


def correlation(r=0.45, lag=0, **more):
    return {"lag": lag, "r": [r] * 5, "low": [r - 0.2] * 5, "high": [r + 0.2] * 5, "pairs": [40] * 5, "period": "week",
            "smallest": 0.31, "raw": 0.5, "noise": [0.1, 0.2], "sizes": [300, 40], "reliability": None, "without_error": None,
            "draws": 2000, **more}  # fmt: skip


def mix(reading):
    parts = [{"id": 1, "share_before": 0.4, "share_after": 0.6}, {"id": 2, "share_before": 0.6, "share_after": 0.4}]
    return {"reading": reading, "parts": parts, "before": 84.2, "after": 81.0, "rates": 0.9, "mix": -4.1, "amr": 1.5,
            "first": month(0), "split": month(12), "error": 0.5}  # fmt: skip


def cases():
    for title, found in {
        "no change, one higher": gap(),
        "no change, one lower": gap(-5.4, -1.2, -3.3),
        "no change, not told apart": gap(-1.2, 5.4, 2.1),
        "changed": gap(current=True),
        "was unusual": gap(current=False),
        "unusual from the first on": gap(before=None),
        "few pairs, one left out": gap(pairs=9, left_out=1),
        "few pairs, three left out": gap(pairs=9, left_out=3),
    }.items():
        yield f"gap: {title}", narrate_gap(metric(), found, "North", "West")
    yield from _correlations()
    for reading in ("mix_explains", "parts_oppose", "parts_explain", "not_clear", "no_parts"):
        yield f"total: {reading}", narrate_mix(metric(), mix(reading), {1: "Telephone", 2: "Chat"})
    for table in (PROBLEMS, READINGS, BY):
        for code, words in table.items():
            yield f"word: {code}", str(words)


def _correlations():
    measured = {"reliability": 0.72, "without_error": 0.53}
    for title, found in {
        "none": correlation(0.05, -1),
        "in the same period, small": correlation(0.2),
        "in the same period, falling, fair": correlation(-0.45),
        "later, most": correlation(0.7, 2),
        "later, falling": correlation(-0.45, 2),
        "the plain values say more": correlation(raw=0.9),
        "small samples": correlation(noise=[0.1, 0.7]),
        "agreement typed in": correlation(**measured),
        "agreement measured": correlation(**measured, measured={"items": 40, "wider": False}),
        "agreement measured over a wider place": correlation(**measured, measured={"items": 1, "wider": True}),
        "agreement hardly beyond chance": correlation(reliability=0.05, measured={"items": 40, "wider": False}),
    }.items():
        yield f"together: {title}", narrate_correlation(metric(), SCORES, found)
    yield "together: how it was made", correlation_line(correlation())
    for title, low, high in (("rising", 0.1, 0.8), ("falling", -0.8, -0.1), ("none", -0.2, 0.5)):
        told = {"ids": [1, 2, 3, 4], "r": (low + high) / 2, "low": low, "high": high}
        yield f"over units: {title}", teams_sentence(metric(), SCORES, told)
    for ids in ([1, 2], [1, 2, 3]):
        yield f"over units: {len(ids)} are too few", teams_sentence(metric(), SCORES, {"ids": ids, "r": None})
    for title, reliability, size, apart in (
        ("mostly chance", 0.3, 40, None),
        ("mostly chance, of scores", 0.3, 40, 2.6),
        ("few contacts", 0.8, 6, 6.1),
    ):
        told = {"ids": [1, 2, 3], "reliability": [None, reliability], "sizes": [None, size], "apart": [None, apart]}
        yield f"over units: {title}", teams_warning(metric(), SCORES, told)
