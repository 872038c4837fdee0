"""Trend analysis of 10,000 series x 104 points beside a plain numpy pass and beside pandas, in alternating
rounds.

    python -m benchmarks.trends [--series 10000] [--points 104] [--rounds 9] [--pandas-series 200]

Ours: limits with screening, four rules, point types and icons of all series. Numpy: mean and mean moving
range alone, over the same flat array. Pandas: `groupby().apply` with pandas operations inside doing the
same rules; it is timed on a sub-sample and extrapolated in proportion to the number of series, which is
printed. The answers are compared first.
"""

import argparse
import statistics
import sys
import time
from collections.abc import Callable

import numpy as np
import pandas as pd

from metrics.trends import Batch, Result, analyse, codes, pack_all, runs

NUMPY_GOAL, PANDAS_GOAL = 8.0, 150.0


def make_batch(series: int, points: int, ragged: bool) -> Batch:
    """Noise with a shift in every tenth series; ragged: lengths between half and one and a half times
    `points`."""
    rng = np.random.default_rng(2024)
    lengths = rng.integers(points // 2, points * 3 // 2 + 1, series) if ragged else np.full(series, points)
    starts = np.concatenate([[0], np.cumsum(lengths)])
    values = rng.normal(80, 5, int(starts[-1]))
    for index in range(0, series, 10):
        values[starts[index + 1] - 12 : starts[index + 1]] += 7
    days = 730_000 + 7 * np.concatenate([np.arange(length) for length in lengths])
    return Batch.build(values, starts, days, direction=np.ones(series), target=np.full(series, 85.0))


def plain_numpy(batch: Batch) -> tuple[np.ndarray, np.ndarray]:
    """Mean and mean moving range of every series, and nothing else."""
    starts, length = batch.starts[:-1], np.diff(batch.starts)
    mean = np.add.reduceat(batch.values, starts) / length
    ranges = np.abs(np.diff(batch.values, prepend=batch.values[0]))
    ranges[starts] = 0
    return mean, np.add.reduceat(ranges, starts) / (length - 1)


def back(flags: pd.Series, size: int) -> pd.Series:
    """Mark all the points of every window that ends at a flagged point."""
    return flags[::-1].rolling(size, min_periods=1).max()[::-1] > 0


def pandas_rules(group: pd.DataFrame) -> pd.DataFrame:
    """The rules for one series, as one would write them with pandas."""
    value = group["value"]
    mean, ranges = value.mean(), value.diff().abs()
    amr = ranges[ranges < 3.267 * ranges.mean()].mean()
    outside = (value > mean + 2.66 * amr) | (value < mean - 2.66 * amr)
    shift = trend = two = pd.Series(False, index=value.index)
    for sign in (1, -1):
        same = ((value - mean) * sign > 0).astype(float)
        shift = shift | back((same.rolling(7).sum() == 7).astype(float), 7)
        steps = (value.diff() * sign > 0).astype(float)
        trend = trend | back((steps.rolling(6).sum() == 6).astype(float), 7)
        near = ((value - mean) * sign > 2 * 2.66 / 3 * amr).astype(float)
        ends = (same.rolling(3).sum() == 3) & (near.rolling(3).sum() >= 2)
        pair = near.iloc[-2:].sum() == 2
        two = two | (back(ends.astype(float), 3) & (near > 0)) | ((near > 0) & pair & (near.index >= near.index[-2]))
    rules = outside * codes.OUTSIDE + trend * codes.TREND + two * codes.TWO_OF_THREE + shift * codes.SHIFT
    return pd.DataFrame({"mean": mean, "lpl": mean - 2.66 * amr, "upl": mean + 2.66 * amr, "rules": rules})


def frame_of(batch: Batch, series: int) -> pd.DataFrame:
    size = int(batch.starts[series])
    owner = np.repeat(np.arange(series), np.diff(batch.starts[: series + 1]))
    return pd.DataFrame({"series": owner, "value": batch.values[:size]})


def pandas_loop(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby("series", group_keys=False)[["value"]].apply(pandas_rules)


def check(result: Result, batch: Batch, sample: pd.DataFrame) -> None:
    """All three must give the same answers, or the race is not one."""
    answers = pandas_loop(sample)
    if not np.array_equal(answers["rules"].to_numpy(), result.rules[: len(sample)]):
        sys.exit("pandas and ours mark different points: the comparison is not fair")
    if not np.allclose(answers["upl"], result.upl[: len(sample)], rtol=1e-9):
        sys.exit("pandas and ours have different limits: the comparison is not fair")
    if not np.allclose(plain_numpy(batch)[0], result.phase_mean, rtol=1e-12):
        sys.exit("numpy and ours have different means: the comparison is not fair")


def timed(work: Callable[[], object]) -> tuple[float, float]:
    wall, processor = time.perf_counter(), time.process_time()
    work()
    return time.perf_counter() - wall, time.process_time() - processor


def race(contestants: dict[str, Callable[[], object]], rounds: int) -> dict[str, tuple[float, float]]:
    """Median wall and processor seconds of each, run in turn after one round that is not counted."""
    times: dict[str, list[tuple[float, float]]] = {name: [] for name in contestants}
    for lap in range(rounds + 1):
        for name, work in contestants.items():
            taken = timed(work)
            if lap:
                times[name].append(taken)
    return {
        name: (statistics.median(wall for wall, _ in laps), statistics.median(used for _, used in laps))
        for name, laps in times.items()
    }


def measure(batch: Batch, name: str, rounds: int, pandas_series: int) -> None:
    sample = frame_of(batch, pandas_series)
    check(analyse(batch), batch, sample)
    size, series = len(batch.values), batch.size
    fast = race({"ours": lambda: analyse(batch), "numpy": lambda: plain_numpy(batch)}, rounds)
    slow = race({"pandas": lambda: pandas_loop(sample), "ours": lambda: analyse(batch)}, max(2, rounds // 3))
    print(f"{name}: {series:,} series, {size:,} points, medians of {rounds} rounds")
    for who, (wall, used) in fast.items():
        print(f"  {who:<6} {wall * 1e3:9.2f} ms  ({used * 1e3:.2f} ms processor, {wall / size * 1e9:.1f} ns a point)")
    whole = slow["pandas"][0] * series / pandas_series
    print(f"  pandas {whole * 1e3:9.0f} ms  extrapolated from {pandas_series} series in {slow['pandas'][0]:.2f} s")
    ratio, gain = fast["ours"][0] / fast["numpy"][0], whole / slow["ours"][0]
    print(f"  ours / numpy  = {ratio:7.2f}   (wanted: at most {NUMPY_GOAL:g})")
    print(f"  pandas / ours = {gain:7.0f}   (wanted: at least {PANDAS_GOAL:g})")


def measure_rest(batch: Batch, rounds: int) -> None:
    """What stands around the analysis: checking the input, finding the runs, packing for the database."""
    result = analyse(batch)
    parts = race(
        {
            "Batch.build": lambda: Batch.build(batch.values, batch.starts, batch.days),
            "runs": lambda: runs(result),
            "pack_all": lambda: pack_all(result),
        },
        rounds,
    )
    print("around it: " + ", ".join(f"{name} {wall * 1e3:.1f} ms" for name, (wall, _) in parts.items()))


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=104)
    parser.add_argument("--rounds", type=int, default=9)
    parser.add_argument("--pandas-series", type=int, default=200)
    chosen = parser.parse_args()
    sample = min(chosen.pandas_series, chosen.series)
    even = make_batch(chosen.series, chosen.points, ragged=False)
    measure(even, "equal lengths", chosen.rounds, sample)
    measure(make_batch(chosen.series, chosen.points, ragged=True), "ragged lengths", chosen.rounds, sample)
    measure_rest(even, chosen.rounds)


if __name__ == "__main__":
    main()
