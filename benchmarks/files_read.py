"""Looking at and reading a file, beside the csv module alone and a csv loop that converts; speed and memory.

    python -m benchmarks.files_read [--rows 1000000] [--rounds 5] [--workbook-rows 100000]

Four columns (date, metric, team, value), all checked: order of the dates, decimal mark, width of every row. Each
measurement of memory is a process of its own: peak over what it had before the file was opened.
"""

import argparse
import csv
import datetime as dt
import random
import resource
import statistics
import subprocess
import sys
import tempfile
import time
from collections.abc import Callable
from pathlib import Path

import openpyxl

from metrics.files import Amount, Mapping, MetricFrom, read, sniff

MEGABYTE = 1024 * 1024
MAPPING = Mapping(
    "measured",
    date="date",
    unit_column="team",
    metric_column="metric",
    metrics=(MetricFrom("value", value=Amount(("value",))),),
)
SIZES = (10_000, 100_000, 1_000_000)


def lines(rows: int) -> list[list[str]]:
    rng = random.Random(2024)
    start = dt.date(2020, 1, 1)
    return [
        [
            f"{start + dt.timedelta(days=row % 1000)}",
            f"m{row // 1000 % 5}",
            f"Team {row % 37}",
            f"{rng.random() * 100:.3f}",
        ]
        for row in range(rows)
    ]


def write_csv(path: Path, rows: int) -> None:
    with path.open("w", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(["date", "metric", "team", "value"])
        writer.writerows(lines(rows))


def write_workbook(path: Path, rows: int) -> None:
    book = openpyxl.Workbook(write_only=True)
    sheet = book.create_sheet("Data")
    sheet.append(["date", "metric", "team", "value"])
    for date, metric, team, value in lines(rows):
        sheet.append([dt.date.fromisoformat(date), metric, team, float(value)])
    book.save(path)


def ours(path: Path) -> int:
    sniffed = sniff(path)
    return sum(len(chunk) for chunk in read(path, sniffed, MAPPING))


def csv_alone(path: Path) -> int:
    with path.open(newline="") as file:
        return sum(1 for _ in csv.reader(file)) - 1


def csv_converted(path: Path) -> int:
    """What a loop without any check does: a date and a float of every row."""
    count = 0
    with path.open(newline="") as file:
        for row in csv.DictReader(file):
            dt.date.fromisoformat(row["date"])
            float(row["value"])
            count += 1
    return count


def reading_only(path: Path) -> Callable[[Path], int]:
    sniffed = sniff(path)
    return lambda where: sum(len(chunk) for chunk in read(where, sniffed, MAPPING))


def seconds(work: Callable[[Path], int], path: Path, rows: int) -> float:
    start = time.perf_counter()
    if work(path) != rows:
        raise SystemExit("a contestant lost rows")
    return time.perf_counter() - start


def race(path: Path, rows: int, rounds: int) -> None:
    contestants: dict[str, Callable[[Path], int]] = {
        "csv module alone": csv_alone,
        "DictReader, date and float": csv_converted,
        "ours, reading": reading_only(path),
        "ours, looking and reading": ours,
    }
    times: dict[str, list[float]] = {name: [] for name in contestants}
    for _ in range(rounds):
        for name, work in contestants.items():
            times[name].append(seconds(work, path, rows))
    for name, found in times.items():
        median = statistics.median(found)
        print(f"{name:30} {median:6.2f} s  {rows / median:12,.0f} rows/s")


def memory(path: Path) -> tuple[float, float]:
    """Peak over start of a process that looks at and reads the file, and of its own children, in MB."""
    command = [sys.executable, "-m", "benchmarks.files_read", "--peak", str(path)]
    own, children = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    return float(own), float(children)


def high_water() -> float:
    """Peak memory of this process in MB. Not ru_maxrss, which begins with the peak of the process that started it."""
    line = next(line for line in Path("/proc/self/status").read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def print_peak(path: Path) -> None:
    before = high_water()
    ours(path)
    print(high_water() - before, resource.getrusage(resource.RUSAGE_CHILDREN).ru_maxrss / 1024)


def main() -> None:
    parser = argparse.ArgumentParser()
    parser.add_argument("--rows", type=int, default=1_000_000)
    parser.add_argument("--rounds", type=int, default=5)
    parser.add_argument("--workbook-rows", type=int, default=100_000)
    parser.add_argument("--peak", type=Path)
    options = parser.parse_args()
    if options.peak:
        print_peak(options.peak)
        return
    with tempfile.TemporaryDirectory() as folder:
        path = Path(folder) / "rows.csv"
        write_csv(path, options.rows)
        print(f"CSV, {options.rows:,} rows, {path.stat().st_size / MEGABYTE:.0f} MB")
        race(path, options.rows, options.rounds)
        for rows in SIZES:
            write_csv(path, rows)
            print(f"memory, {rows:>9,} rows of CSV: {memory(path)[0]:5.1f} MB over start (wanted: at most 64)")
        if options.workbook_rows:
            book = Path(folder) / "rows.xlsx"
            write_workbook(book, options.workbook_rows)
            taken = seconds(ours, book, options.workbook_rows)
            own, child = memory(book)
            print(f"workbook, {options.workbook_rows:,}: {taken:.2f} s, {own:.1f} MB here, {child:.0f} MB in the child")


if __name__ == "__main__":
    main()
