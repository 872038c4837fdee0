"""The product rules of the design, one series and one point at a time: slow, plain, and written apart from the code
that is tested, so that the two can be compared."""

import bisect
import math
from dataclasses import dataclass, field
from itertools import pairwise

TOLERANCE = 1e-12


@dataclass
class PlainPoint:
    value: float
    phase: int
    mean: float = math.nan
    amr: float = math.nan
    lpl: float = math.nan
    upl: float = math.nan
    nlpl: float = math.nan
    nupl: float = math.nan
    side: int = 0
    near: bool = False
    sideless: bool = False
    rules: dict[str, int] = field(default_factory=dict)  # rule -> direction

    @property
    def label(self) -> str:
        for rule, words in (
            ("outside", {1: "Above UCL", -1: "Below LCL"}),
            ("trend", {1: "7 Point Trend (Increasing)", -1: "7 Point Trend (Decreasing)"}),
            ("two", {1: "2 in 3 Above CL", -1: "2 in 3 Below CL"}),
            ("shift", {1: "7 Points Above CL", -1: "7 Points Below CL"}),
        ):
            if rule in self.rules:
                return words[self.rules[rule]]
        return "Common Cause"


def close(first, second):
    return abs(first - second) <= TOLERANCE * max(abs(first), abs(second))


def analyse_plainly(points, rebase=(), fix_after=0, screen=True, chart="xmr", counts=None, scale=1.0):
    """Points (day, value) in any order; rebase days. Returns one PlainPoint per point, in order of day.

    chart: "xmr", "log", or "p", "u", "c" with counts {day: (numerator, denominator)}, value = share * scale."""
    points = sorted(points)
    days = [day for day, _ in points]
    places = sorted({bisect.bisect_left(days, day) for day in rebase})
    found = [
        PlainPoint(value if math.isfinite(value) else math.nan, sum(place <= index for place in places))
        for index, (_, value) in enumerate(points)
    ]
    for phase in sorted({point.phase for point in found}):
        of_phase = [point for point in found if point.phase == phase]
        if chart == "log":
            draw_logs(of_phase, of_phase[: fix_after or None], screen)
        elif chart in ("p", "u", "c"):
            of_days = [counts[days[index]] for index, point in enumerate(found) if point.phase == phase]
            draw_counts(of_phase, of_days, fix_after or None, screen, chart, scale)
        else:
            draw_lines(of_phase, of_phase[: fix_after or None], screen)
        leave_out_the_rule(of_phase, [point.value for point in of_phase], fix_after or None)
        mark_outside(of_phase)
        mark_shifts(of_phase)
        mark_trends(of_phase)
        mark_two_of_three(of_phase, last=of_phase[-1] is found[-1])
    return found


def draw_lines(points, baseline, screen):
    values = [point.value for point in baseline if not math.isnan(point.value)]
    if not values:
        return
    mean = values[0] if len(set(values)) == 1 else math.fsum(values) / len(values)
    pairs = pairwise(baseline)
    ranges = [abs(after.value - before.value) for before, after in pairs]
    ranges = [size for size in ranges if not math.isnan(size)]
    amr = math.nan
    if len(values) >= 2 and len(set(values)) == 1:
        amr = 0.0
    elif ranges and sum(ranges) > 0:
        amr = math.fsum(ranges) / len(ranges)
        if screen:
            kept = [size for size in ranges if size < 3.267 * amr]
            if math.fsum(kept) > 0:
                amr = math.fsum(kept) / len(kept)
    for point in points:
        point.mean, point.amr = mean, amr
        point.lpl, point.upl = mean - 2.66 * amr, mean + 2.66 * amr
        point.nlpl, point.nupl = mean - 2 * 2.66 / 3 * amr, mean + 2 * 2.66 / 3 * amr
        if not close(point.value, mean):
            point.side = (point.value > mean) - (point.value < mean)
        point.near = beyond(point.value, point.nlpl, point.nupl) != 0


LINES = ("mean", "lpl", "upl", "nlpl", "nupl")


def draw_logs(points, baseline, screen):
    """The lines of the logarithms, turned back."""
    logs = [PlainPoint(math.log(point.value), point.phase) for point in points]
    draw_lines(logs, logs[: len(baseline)], screen)
    for point, log in zip(points, logs, strict=True):
        for line in LINES:
            setattr(point, line, math.exp(getattr(log, line)))
        point.side, point.near = log.side, log.near


def draw_counts(points, counts, baseline, screen, chart, scale):
    """Laney's p', u' (and c' where every period counts as one): binomial or Poisson sd, widened by sigma z."""
    counts = [(above, 1.0 if chart == "c" else below) for above, below in counts]
    known = [not math.isnan(point.value) for point in points]
    base = [place for place in range(len(points))[:baseline] if known[place]]
    if not base:
        return
    centre = math.fsum(counts[place][0] for place in base) / math.fsum(counts[place][1] for place in base)
    spread = centre * (1 - centre) if chart == "p" else centre
    sds = [math.sqrt(spread / below) if below > 0 else math.nan for _, below in counts]
    z = [
        (above / below - centre) / sd if sd > 0 and there else 0.0 if there else math.nan
        for (above, below), sd, there in zip(counts, sds, known, strict=True)
    ]
    ranges = [abs(after - before) for before, after in pairwise(z[:baseline])]
    ranges = [size for size in ranges if not math.isnan(size)]
    sigma = math.nan
    if ranges:
        mean = math.fsum(ranges) / len(ranges)
        kept = [size for size in ranges if size < 3.267 * mean or not screen] or [0.0]
        sigma = max(1.0, math.fsum(kept) / len(kept) / 1.128)
    highest = 1.0 if chart == "p" else math.inf
    for point, sd in zip(points, sds, strict=True):
        point.mean = centre * scale
        for line, width in (("lpl", -3), ("upl", 3), ("nlpl", -2), ("nupl", 2)):
            at = centre + width * (sigma if sd > 0 else 0 * sigma) * (sd if sd > 0 else 1)
            setattr(point, line, math.nan if math.isnan(at) else min(highest, max(0.0, at)) * scale)
        if not close(point.value, point.mean):
            point.side = (point.value > point.mean) - (point.value < point.mean)
        point.near = beyond(point.value, point.nlpl, point.nupl) != 0


def beyond(value, low, high):
    if value > high and not close(value, high):
        return 1
    return -1 if value < low and not close(value, low) else 0


def rule_of(values):
    """The value that more than half of these have, None without one."""
    known = [value for value in values if not math.isnan(value)]
    often = [value for value in set(known) if known.count(value) > len(known) / 2]
    return often[0] if often else None


def leave_out_the_rule(points, shown, baseline=None):
    """Points with the value that is the rule in both halves of a phase, and where its limits come from, have no side."""
    known = [value for value in shown if not math.isnan(value)]
    middle = len(known) // 2
    value = rule_of(known[:middle])
    if value is None or len(set(known)) == 1 or {rule_of(known[middle:]), rule_of(shown[:baseline])} != {value}:
        return
    for point, here in zip(points, shown, strict=True):
        if here == value:
            point.side, point.near, point.sideless = 0, False, True


def mark_outside(points):
    for point in points:
        if point.sideless:
            continue
        if side := beyond(point.value, point.lpl, point.upl):
            point.rules["outside"] = side


def mark_shifts(points):
    for start in range(len(points) - 6):
        run = points[start : start + 7]
        if run[0].side and all(point.side == run[0].side for point in run):
            for point in run:
                point.rules["shift"] = point.side


def mark_trends(points):
    """A point that is the last of one run and the first of the next keeps the direction of the first."""
    for start in range(len(points) - 6):
        run = points[start : start + 7]
        steps = [after.value - before.value for before, after in pairwise(run)]
        for direction in (1, -1):
            if all(direction * step > 0 for step in steps):
                for point in run:
                    point.rules.setdefault("trend", direction)


def mark_two_of_three(points, last):
    windows = [points[start : start + 3] for start in range(len(points) - 2)]
    if last and len(points) >= 2 and all(point.near for point in points[-2:]):
        windows.append(points[-2:])
    for window in windows:
        near = [point for point in window if point.near]
        if window[0].side and all(point.side == window[0].side for point in window) and len(near) >= 2:
            for point in near:
                point.rules["two"] = point.side
