"""Agreement of raters of a folder."""

import json
import math
from pathlib import Path
from typing import Any

import numpy as np

from ..agreement import cohen, fleiss, krippendorff
from ..arrays import Floats
from .reading import Table, TableError

INPUTS = ("agreement_expected.json",)  # the reference keeps the ratings beside its answers


def tables_of(folder: Path) -> list[Table]:
    """Alpha of each case; where all units are rated by all, the kappas too. Raises TableError."""
    file = folder / INPUTS[0]
    try:
        cases = json.loads(file.read_text(encoding="utf-8-sig"))
    except UnicodeDecodeError:
        raise TableError(file, 0, "", "", "not_utf8") from None
    except ValueError:
        raise TableError(file, 0, "", "", "not_json") from None
    if not isinstance(cases, list):
        raise TableError(file, 0, "", "", "bad_ratings")
    answers = [_answer(file, place, case) for place, case in enumerate(cases)]
    return [Table(INPUTS[0], json.dumps(answers, indent=0) + "\n")]


def _answer(file: Path, place: int, case: Any) -> dict[str, Any]:
    ratings = _ratings(file, place, case)
    scales: tuple[str, ...] = ("nominal", "ordinal", "interval")
    found: dict[str, Any] = {"case": case.get("case", place), "ratings": case["ratings"]}
    found |= {f"krippendorff_{scale}": _shown(krippendorff(ratings, scale)) for scale in scales}  # type: ignore[arg-type]
    if len(ratings) >= 2 and not np.isnan(ratings).any():
        found["cohen_01"] = _shown(cohen(ratings[0], ratings[1]))
        found["cohen_01_linear"] = _shown(cohen(ratings[0], ratings[1], "linear"))
        found["cohen_01_quadratic"] = _shown(cohen(ratings[0], ratings[1], "quadratic"))
        found["fleiss"] = _shown(fleiss(ratings))
    return found


def _ratings(file: Path, place: int, case: Any) -> Floats:
    """Raters x units, nan where a rater gave none; every row of one length."""
    rows = case.get("ratings") if isinstance(case, dict) else None
    try:
        table = np.array([[math.nan if rating is None else float(rating) for rating in row] for row in rows or ()])
    except (TypeError, ValueError):
        table = np.zeros(0)
    if table.ndim != 2:
        raise TableError(file, 0, "ratings", str(place), "bad_ratings")
    return table


def _shown(value: float) -> float | None:
    """Nothing where there is no answer: JSON has no word for it."""
    return value if math.isfinite(value) else None
