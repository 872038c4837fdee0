"""The reading of an action: the verdict that is offered, and why."""

from improvements.views.outcomes import told
from improvements.wording import OUTCOME_REASONS

from .making import metric

FACTS = {
    "offered": "effective", "reasons": [], "missing_points": 0, "enough_on": None, "change_on": "2025-01-01", "mean": 84.2,
    "lower": 80.2, "upper": 88.2, "before": 24, "after": 8, "mean_after": 87.5, "difference": 3.3, "outside": [0, 0, 1, 1],
}  # fmt: skip


def words(**more):
    measure = more.pop("measure", "%")
    found = told({**FACTS, **more}, metric(measure=measure), 86.0)
    return [
        f"{name}: {' '.join(map(str, value)) if isinstance(value, list) else value}" for name, value in found.items()
    ]


def cases():
    yield "effective", words()
    yield (
        "not effective",
        words(offered="not_effective", reasons=["no_special_cause"], mean_after=83.0, difference=-1.2),
    )
    for n in (1, 4):
        early = {"offered": "too_early", "missing_points": n, "after": 7 - n, "enough_on": "2025-12-01"}
        yield f"too early, {n} missing", words(**early, reasons=["too_few_after", "no_special_cause", "trial_baseline"])
    yield "no value yet", words(offered="too_early", mean_after=None, difference=None, after=0, outside=[])
    yield "in another unit", words(measure="points")
    for code in OUTCOME_REASONS:
        yield f"reason: {code}", str(OUTCOME_REASONS[code])
