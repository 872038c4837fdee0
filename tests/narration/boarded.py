"""The board's line worked out again: which series are on watch, and how many marks chance alone would make of them."""

import math
from collections import Counter, defaultdict
from itertools import pairwise
from statistics import median

import numpy as np

from metrics.models import Analysis, Rebase, Signal
from metrics.trends import codes
from metrics.trends.chance import LENGTHS, PHIS, RATES

from . import charted
from .recompute import Facts, raw_of

LEAST, FEW, Q, CEILING = 13, 10, 0.1, 0.01
DRAWS, SEED = 20_000, 5  # of our own draws: not those of the product's tables


def line_facts(series):
    """Facts of the line over all these series, which are all series of their organisation, and have values of late."""
    lines = [_Line(one) for one in series]
    phi = _phi_of(lines)
    chances = [_chance_of(line, phi[line.metric]) for line in lines]
    confirmed = _passing(chances)
    watch = sum(line.marked and not (sure or line.held) for line, sure in zip(lines, confirmed, strict=True))
    return Facts(numbers=[watch, math.fsum(_rate(line.length, phi[line.metric]) for line in lines)])


def judged_facts(series, recent):
    """{series: what its page may tell of how it stands among all of its organisation, which these are}: how many are
    measured by the same period and have had values of late (recent), the marks that chance makes among them, and how
    often a stable one looks like it."""
    lines = {one.pk: _Line(one) for one in series}
    phi = _phi_of(list(lines.values()))
    among, by_chance = Counter(), Counter()
    for one in recent:
        among[one.metric.period] += 1
        by_chance[one.metric.period] += _rate(lines[one.pk].length, phi[one.metric_id])
    found = {}
    for one in series:
        chance = _chance_of(lines[one.pk], phi[one.metric_id])
        numbers = [among[one.metric.period], by_chance[one.metric.period], *_once_in(chance)]
        found[one.pk] = Facts(numbers=numbers)
    return found


def _once_in(chance):
    """Every "1 time in so many", in two digits, that lies as near to the chance as two sets of draws do."""
    if math.isnan(chance):
        return []
    error = 4 * math.sqrt(max(chance, 1 / DRAWS) * (1 / DRAWS + 1 / codes.DRAWN))
    least = max(chance - error, 1 / codes.DRAWN)
    steps = [unit * digits for unit in (1, 10, 100, 1000, 10_000) for digits in range(1 if unit == 1 else 10, 100)]
    return [step for step in steps if 1 / (1.05 * (chance + error)) <= step <= 1.05 / least]


class _Line:
    """Whether the latest value is marked, and the scan of the phase in force."""

    def __init__(self, series):
        self.metric = series.metric_id
        raw, metric = raw_of(series), series.metric
        # Confirmed by an earlier judgement, over other series, and not acknowledged since: it stays.
        self.held = Signal.objects.filter(series=series, rule="scan", state="open", gone=False).exists()
        chart = Analysis.objects.get(series=series).settings.get("chart", "xmr")
        found = Rebase.objects.filter(series=series, withdrawn_at=None).values_list("day", flat=True)
        rebases = [day.toordinal() for day in found if day.toordinal() <= raw[-1].day]
        points = charted.points_of(chart, raw, rebases, metric.scale)
        known = [place for place, point in enumerate(points) if not math.isnan(point.shown)]
        self.marked = bool(points[known[-1]].rules)
        used = [raw[place] for place in known if points[place].phase == points[-1].phase]
        values = charted.scanned(used, metric.kind)
        self.length, self.scan, self.own, self.rest = len(values), math.nan, math.nan, math.nan
        steps = [abs(b - a) for a, b in pairwise(values)]
        if len(values) >= LEAST and math.fsum(steps) > 0 and sum(step == 0 for step in steps) <= len(steps) / 2:
            window = charted.widest(values)
            apart = charted.mean(values[-window:]) - charted.mean(values[:-window])
            sigma = math.sqrt(charted.mean([value**2 for value in values]) - charted.mean(values) ** 2)
            self.scan = abs(apart) / sigma / math.sqrt(1 / window + 1 / (len(values) - window))
            levels = [charted.mean([one.value for one in part]) for part in (used[:-window], used[-window:])]
            if (levels[1] - levels[0]) * apart <= 0:
                self.scan = 0.0  # The means tell of no such change, so nothing is told.
            self.own, self.rest = _alike(values), _alike(values[:-window])


def _alike(values):
    """Lag-1 autocorrelation, corrected for the length."""
    away, n = [value - charted.mean(values) for value in values], len(values)
    square = math.fsum(a * a for a in away)
    if not square or n <= 3:
        return math.nan
    r = math.fsum(a * b for a, b in pairwise(away)) / square
    return (r + 1 / n) / (1 - 3 / n)


def _phi_of(lines):
    """{metric: phi}: the median of its series; of all series where it has few."""
    judged = [line for line in lines if not math.isnan(line.scan)]
    phis = [line.own if len(judged) >= FEW else line.rest for line in judged]
    whole = max(0.0, median(phi for phi in phis if not math.isnan(phi))) if judged else 0.0
    of_metric = defaultdict(list)
    for line in judged:
        of_metric[line.metric].append(line.own)
    return {
        line.metric: max(0.0, median(of_metric[line.metric])) if len(of_metric[line.metric]) >= FEW else whole
        for line in lines
    }


def _chance_of(line, phi, known={}):  # noqa: B006 - the draws of a length are made once
    """How often a stable series of this length reaches its scan, by draws of our own."""
    if math.isnan(line.scan):
        return math.nan
    key = line.length, round(phi / 0.05)
    if key not in known:
        known[key] = _drawn(line.length, 0.05 * key[1])
    return float((known[key] >= line.scan).mean())


def _drawn(n, phi):
    rng = np.random.default_rng(SEED)
    rows = list(rng.standard_normal((n, DRAWS)))
    for place in range(1, n):
        rows[place] = phi * rows[place - 1] + math.sqrt(1 - phi**2) * rows[place]
    table = np.array(charted.scores_of(range(n)))[np.array(rows).argsort(0).argsort(0)]
    sigma = table.std(0)
    return np.max(
        [
            np.abs(table[-w:].mean(0) - table[:-w].mean(0)) / sigma / math.sqrt(1 / w + 1 / (n - w))
            for w in range(1, 13)
            if w < n
        ],
        axis=0,
    )


def _passing(chances):
    """Benjamini and Hochberg, one chance after the other."""
    known = sorted(chance for chance in chances if not math.isnan(chance))
    edges = [chance for rank, chance in enumerate(known, 1) if chance <= Q * rank / len(known)]
    return [bool(edges) and chance <= min(edges[-1], CEILING) for chance in chances]


def _rate(n, phi):
    """The chance of a mark of the latest value: straight lines between the entries of the printed table."""
    if n < 7:
        return 0.0
    n, phi = min(max(n, LENGTHS[0]), LENGTHS[-1]), min(phi, PHIS[-1])
    row = max(place for place, length in enumerate(LENGTHS[:-1]) if length <= n)
    column = max(place for place, step in enumerate(PHIS[:-1]) if step <= phi)
    down = (n - LENGTHS[row]) / (LENGTHS[row + 1] - LENGTHS[row])
    across = (phi - PHIS[column]) / (PHIS[column + 1] - PHIS[column])
    ends = [RATES[at][column] + across * (RATES[at][column + 1] - RATES[at][column]) for at in (row, row + 1)]
    return float(ends[0] + down * (ends[1] - ends[0]))
