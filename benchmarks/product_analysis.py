"""What the whole product computes for 10,000 series x 104 points after an import, beside limits and rules alone.

    python -m benchmarks.product_analysis [--series 10000] [--points 104] [--rounds 5]

XmR: limits with screening, the four rules, labels and icons of all series on an XmR chart. Full: the chart that fits
each series (a mix of shares, rates, counts, times and scores), EWMA, runs, the scan on the scale of each with the fleet's
autocorrelation, p from the null tables, Benjamini-Hochberg, how many chance alone would bring, and the outlook (chance of
the target, what could be one, the best that was sustained, what was met so far). Packing and
storing is in neither (see the next benchmark). Slow: Mann-Kendall, pre-whitened, Sen's slope with its interval, and an AR(1) fit of level and step, of the
series on Watch or Confirmed; the product runs these for such series or where they are asked for. The null tables are made before the race: they are
computed once and kept. Rounds alternate; medians of wall time and processor time.
"""

import argparse

import numpy as np

from benchmarks.trends import race
from metrics.trends import Batch, Settings, analyse, codes, runs
from metrics.trends.chance import icon_rate
from metrics.trends.drift import mann_kendall, mann_kendall_whitened, sen_slope
from metrics.trends.fleet import passing, shared_phi
from metrics.trends.nulls import chances, keys, rounded, table
from metrics.trends.prais import fit
from metrics.trends.prospect import prospect
from metrics.trends.scales import COUNT, LOG, PLAIN, RATE, SHARE, scanned
from metrics.trends.scan import scan

FULL_GOAL, SLOW_GOAL = 15.0, 80.0
KINDS = ((codes.P, SHARE), (codes.U, RATE), (codes.C, COUNT), (codes.LOG, LOG), (codes.XMR, PLAIN))


def make_batch(series: int, points: int) -> Batch:
    """A fifth each of shares, rates, counts, times and scores; every tenth series moved in its last 12 points."""
    rng = np.random.default_rng(2024)
    kind = np.arange(series) % len(KINDS)
    moved = np.where((np.arange(series) % 10 == 0)[:, None] & (np.arange(points) >= points - 12), 1.2, 1.0)
    size = rng.poisson(400, (series, points)).astype(np.float64)
    counts = {
        0: rng.binomial(size.astype(np.int64), np.clip(0.6 * moved, 0, 1)),
        1: rng.poisson(size * 0.05 * moved),
        2: rng.poisson(40 * moved),
        3: np.exp(rng.normal(3, 0.3, (series, points))) * moved,
        4: rng.normal(80, 5, (series, points)) * moved,
    }
    values = np.empty((series, points))
    numerators = np.full((series, points), np.nan)
    denominators = np.full((series, points), np.nan)
    for place, found in counts.items():
        mine = kind == place
        numerators[mine] = found[mine]
        if place < 2:
            denominators[mine] = size[mine]
        values[mine] = found[mine] / size[mine] if place < 2 else found[mine]
    return Batch.build(
        values.ravel(),
        np.arange(0, series * points + 1, points),
        np.tile(730_000 + 7 * np.arange(points), series),
        direction=np.ones(series),
        target=np.median(values, axis=1),
        chart=np.array([code for code, _ in KINDS], np.int8)[kind],
        numerators=numerators.ravel(),
        denominators=denominators.ravel(),
    )


def xmr_only(batch: Batch) -> None:
    """Limits with screening, the four rules, labels and icons, all series on an XmR chart; nothing else."""
    analyse(batch, Settings(mode="compat"))


def full(batch: Batch, tables: dict[tuple[int, int], np.ndarray]) -> np.ndarray:
    """Everything that is computed for every series; those on Watch or Confirmed."""
    result = analyse(batch)
    runs(result)
    scale = np.array([scale for _, scale in KINDS], np.int8)[np.arange(batch.size) % len(KINDS)]
    numerators = np.zeros(0) if batch.numerators is None else batch.numerators
    denominators = np.zeros(0) if batch.denominators is None else batch.denominators
    on_scale = scanned(result.values, numerators, denominators, batch.starts, batch.starts[:-1], scale)
    found = scan(on_scale, batch.starts)
    metric = np.arange(batch.size) % 50
    by_metric = shared_phi(metric, found.own_phi, found.rest_phi)
    phi = np.array([by_metric[one] for one in range(50)])[metric]
    confirmed = passing(chances(found.statistic, found.n, phi, tables))
    icon_rate(found.n, phi).sum()
    # Every series has a target from its first day on, which is more than the product has to judge.
    then = np.repeat(batch.target, np.diff(batch.starts))
    prospect(result, batch.chart == codes.LOG, batch.target, then, batch.direction)
    watched = ~np.isin(result.variation, (codes.COMMON_CAUSE, codes.NO_ICON))
    return np.flatnonzero(watched | confirmed)


def slow(batch: Batch, chosen: np.ndarray) -> None:
    """Drift and an AR(1) fit of the chosen series, one by one."""
    points = int(batch.starts[1])
    times = np.arange(points)
    design = np.column_stack([np.ones(points), times >= points // 2]).astype(np.float64)
    for series in chosen.tolist():
        values = batch.values[batch.starts[series] : batch.starts[series + 1]]
        mann_kendall(values)
        mann_kendall_whitened(values)
        sen_slope(values)
        fit(values, times, design)


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=104)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    batch = make_batch(chosen.series, chosen.points)
    wanted = keys(np.full(2, chosen.points), np.array([0.0, 0.9])) | {
        key for phi in np.arange(0, 0.91, 0.05) for key in keys([chosen.points], rounded([phi]) / 100)
    }
    tables = {key: table(*key, draws=2_000) for key in wanted}
    fast = race({"XmR": lambda: xmr_only(batch), "full": lambda: full(batch, tables)}, chosen.rounds)
    watched = full(batch, tables)
    late = race({"watched": lambda: slow(batch, watched)}, 1)["watched"][1]
    for name, (wall, used) in fast.items():
        print(f"  {name:<5} {wall * 1e3:9.1f} ms  ({used * 1e3:.1f} ms processor)")
    print(f"  slow  {late * 1e3:9.1f} ms processor for the {len(watched):,} series on Watch or Confirmed")
    ratio, base = fast["full"][1] / fast["XmR"][1], fast["XmR"][1]
    every = late / max(len(watched), 1) * batch.size
    print(f"  full / XmR                      = {ratio:6.1f}   (wanted: under {FULL_GOAL:g})")
    print(f"  (full + slow) / XmR             = {ratio + late / base:6.1f}   (wanted: under {SLOW_GOAL:g})")
    print(f"  the same, slow for every series = {ratio + every / base:6.1f}   (not done by the product)")


if __name__ == "__main__":
    main()
