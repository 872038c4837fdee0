"""R14: files made to harm are refused within a second, in little memory, and the reader lives on."""

import os
from pathlib import Path

import pytest

from metrics.files import sniff
from tests.files.bombs import TEXTS, WORKBOOKS, good

SECONDS = 1.0
MEGABYTES = 32


def peak() -> float:
    """Peak memory since ``forget`` in MB; 0 where the system does not tell."""
    status = Path("/proc/self/status")
    if not status.exists():
        return 0.0
    line = next(line for line in status.read_text().splitlines() if line.startswith("VmHWM"))
    return int(line.split()[1]) / 1024


def forget() -> None:
    if os.access("/proc/self/clear_refs", os.W_OK):
        Path("/proc/self/clear_refs").write_text("5")


def looked_at(path: Path):
    """What was found, the processor seconds of this process and its children, and this one's peak over before."""
    sniff(path)  # once to warm the page cache, so that the disk is not what is timed
    forget()
    before, start = peak(), sum(os.times()[:4])
    sniffed = sniff(path)
    return sniffed, sum(os.times()[:4]) - start, peak() - before


def check(path: Path, codes: set[str] | None) -> None:
    sniffed, seconds, megabytes = looked_at(path)
    assert sniffed.kind == "refused"
    assert codes is None or sniffed.problems[0].code in codes
    assert seconds <= SECONDS
    assert megabytes <= MEGABYTES


@pytest.mark.parametrize("name", WORKBOOKS)
def test_workbooks(tmp_path, name):
    make, codes = WORKBOOKS[name]
    path = tmp_path / "bomb.xlsx"
    path.write_bytes(make())
    check(path, codes)


@pytest.mark.parametrize("name", TEXTS)
def test_texts(tmp_path, name):
    make, codes = TEXTS[name]
    path = tmp_path / "bomb.csv"
    make(path)
    check(path, codes)
    path.unlink()


def test_a_good_workbook_is_read_after_all_that(tmp_path):
    path = tmp_path / "good.xlsx"
    path.write_bytes(good())
    assert sniff(path).rows == 1
