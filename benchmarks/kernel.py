"""The rules of the trend analysis beside other ways to write them with numpy and pandas, and how it grows.

    python -m benchmarks.kernel [--series 10000] [--points 100] [--rounds 7] [--sample 1000] [--large 10000000]

The same values for all, 10,000 series of 100 points: ours (limits with screening, four rules, labels, point types, icons
and the second opinion, which the others leave out); numpy on the whole table at once, as one would write it where all
series are equally long; `groupby().apply` with that numpy inside; the same with pandas operations inside. The last two are
timed on a sample and extrapolated in proportion. The answers are compared first. Then ours on 1 and on 10 million points:
points a second of the processor, and the most memory it holds beside its input.
"""

import argparse
import sys
import tracemalloc

import numpy as np
import pandas as pd

from benchmarks.trends import frame_of, make_batch, pandas_loop, race, timed
from metrics.trends import Batch, analyse, codes

# Ours may take twice as long as numpy on a table; the others must take so many times as long as ours.
NUMPY_GOAL, GROUPED_GOAL, PANDAS_GOAL = 0.5, 5.0, 150.0
LARGE_GOAL, MEMORY_GOAL = 0.5, 128


def in_a_row(flags: np.ndarray, size: int) -> np.ndarray:
    """bool[s, n]: all the points of every `size` neighbours that are flagged."""
    marked = np.zeros_like(flags)
    if flags.shape[1] < size:
        return marked
    ends = np.lib.stride_tricks.sliding_window_view(flags, size, axis=1).all(axis=2)
    for step in range(size):
        marked[:, step : step + ends.shape[1]] |= ends
    return marked


def numpy_rules(values: np.ndarray) -> tuple[np.ndarray, np.ndarray, np.ndarray]:
    """Rules, upper limit and type of the points of a table, a series in each row."""
    mean = values.mean(axis=1, keepdims=True)
    ranges = np.abs(np.diff(values, axis=1))
    kept = ranges < 3.267 * ranges.mean(axis=1, keepdims=True)
    amr = (ranges * kept).sum(axis=1, keepdims=True) / kept.sum(axis=1, keepdims=True)
    away = values - mean
    outside = np.abs(away) > 2.66 * amr
    shift, trend, two = (np.zeros(values.shape, np.bool_) for _rule in range(3))
    for sign in (1, -1):
        same, near = away * sign > 0, away * sign > 2 * 2.66 / 3 * amr
        shift |= in_a_row(same, 7)
        steps = np.diff(values, axis=1) * sign > 0
        rising = np.zeros_like(shift)
        runs = in_a_row(steps, 6)
        rising[:, 1:] |= runs
        rising[:, :-1] |= runs
        trend |= rising
        of_three = same[:, :-2] & same[:, 1:-1] & same[:, 2:]
        pairs = of_three & (near[:, :-2].astype(np.int8) + near[:, 1:-1] + near[:, 2:] >= 2)
        found = np.zeros_like(shift)
        for step in range(3):
            found[:, step : step + pairs.shape[1]] |= pairs
        found[:, -2:] |= (near[:, -2] & near[:, -1])[:, None]
        two |= found & near
    rules = outside * codes.OUTSIDE + trend * codes.TREND + two * codes.TWO_OF_THREE + shift * codes.SHIFT
    kinds = np.where(rules > 0, np.where(away > 0, codes.IMPROVEMENT, codes.CONCERN), codes.COMMON_CAUSE)
    return rules, (mean + 2.66 * amr)[:, 0], kinds


def grouped_rules(group: pd.DataFrame) -> pd.DataFrame:
    rules, upper, kinds = numpy_rules(group["value"].to_numpy()[None, :])
    return pd.DataFrame({"rules": rules[0], "upl": upper[0], "kind": kinds[0]}, index=group.index)


def grouped_loop(frame: pd.DataFrame) -> pd.DataFrame:
    return frame.groupby("series", group_keys=False)[["value"]].apply(grouped_rules)


def check(batch: Batch, table: np.ndarray, sample: pd.DataFrame) -> None:
    result = analyse(batch)
    rules, upper, _kinds = numpy_rules(table)
    if not np.array_equal(rules.ravel(), result.rules) or not np.allclose(upper, result.phase_upl, rtol=1e-9):
        sys.exit("numpy and ours differ: the comparison is not fair")
    for loop in (grouped_loop, pandas_loop):
        answers = loop(sample)
        if not np.array_equal(answers["rules"].to_numpy(), result.rules[: len(sample)]):
            sys.exit(f"{loop.__name__} and ours mark different points: the comparison is not fair")


def grow(points: int, each: int) -> tuple[float, float]:
    """Seconds of the processor (least of three), and megabytes at the peak beside the input."""
    batch = make_batch(points // each, each, ragged=False)
    seconds = min(timed(lambda: analyse(batch))[1] for _ in range(3))
    tracemalloc.start()
    analyse(batch)
    peak = tracemalloc.get_traced_memory()[1] / 1e6
    tracemalloc.stop()
    return seconds, peak


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--series", type=int, default=10_000)
    parser.add_argument("--points", type=int, default=100)
    parser.add_argument("--rounds", type=int, default=7)
    parser.add_argument("--sample", type=int, default=1000, help="series of the groupby loops; pandas a fifth of them")
    parser.add_argument("--large", type=int, default=10_000_000)
    chosen = parser.parse_args()
    batch = make_batch(chosen.series, chosen.points, ragged=False)
    table = batch.values.reshape(chosen.series, chosen.points)
    some = min(chosen.sample, chosen.series)
    few = max(1, some // 5)
    sample, smaller = frame_of(batch, some), frame_of(batch, few)
    check(batch, table, smaller)
    fast = race({"ours": lambda: analyse(batch), "numpy": lambda: numpy_rules(table)}, chosen.rounds)
    slow = race({"grouped": lambda: grouped_loop(sample), "pandas": lambda: pandas_loop(smaller)}, 3)
    ours = fast["ours"]
    print(f"{chosen.series:,} series of {chosen.points} points, medians; on the clock and of the processor")
    for place, name in enumerate(("clock", "processor")):
        numpy, mine = fast["numpy"][place], ours[place]
        grouped, pandas = slow["grouped"][place] * chosen.series / some, slow["pandas"][place] * chosen.series / few
        print(f"  {name}: ours {1e3 * mine:.1f} ms, numpy on a table {1e3 * numpy:.1f} ms, "
              f"groupby with numpy {grouped:.2f} s, with pandas {pandas:.1f} s (both extrapolated)")  # fmt: skip
        print(f"    numpy / ours   = {numpy / mine:7.2f}   (wanted: at least {NUMPY_GOAL:g})")
        print(f"    grouped / ours = {grouped / mine:7.0f}   (wanted: at least {GROUPED_GOAL:g})")
        print(f"    pandas / ours  = {pandas / mine:7.0f}   (wanted: at least {PANDAS_GOAL:g})")
    small, large = grow(1_000_000, chosen.points), grow(chosen.large, chosen.points)
    rate = chosen.large / large[0] / (1_000_000 / small[0])
    print(f"1,000,000 points {1e3 * small[0]:.0f} ms, {small[1]:.0f} MB beside the input; "
          f"{chosen.large:,} points {1e3 * large[0]:.0f} ms, {large[1]:.0f} MB")  # fmt: skip
    print(f"  points a second, large / small = {rate:.2f}   (wanted: at least {LARGE_GOAL:g})")
    print(f"  memory of the large            = {large[1]:.0f} MB (wanted: at most {MEMORY_GOAL})")


if __name__ == "__main__":
    main()
