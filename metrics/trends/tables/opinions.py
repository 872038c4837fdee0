"""Second opinions on plain series: an XmR chart with Anhoej's runs, and drift by Mann-Kendall and Sen."""

import math

import numpy as np
from scipy.stats import norm

from ..anhoej import Anhoej, anhoej
from ..arrays import Floats
from ..counts import D2, mean_range
from ..drift import mann_kendall, mann_kendall_whitened, sen_slope
from .reading import Table, number, table_of

Named = list[tuple[str, list[float]]]  # series and its values in order of time

RUNS_COLUMNS = ("n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min")
XMR_COLUMNS = ("series_id", "screened_mr", "n", "cl", "lcl", "ucl", "n_sigma_signal", "runs_signal", *RUNS_COLUMNS)
DRIFT_COLUMNS = (
    "series_id", "n", "mk_s", "mk_var_s", "mk_z", "mk_p", "mk_tau",
    "sen_slope", "sen_intercept", "sen_slope_lo95", "sen_slope_hi95", "pw_z", "pw_p",
)  # fmt: skip


def runs_cells(found: Anhoej) -> tuple[str, ...]:
    """In the order of RUNS_COLUMNS."""
    cells = (found.useful, found.longest_run, found.longest_run_max, found.crossings, found.crossings_min)
    return tuple(map(str, cells))


def runs_table(series: Named) -> Table:
    """Limits three sigma around the mean, with and without screened moving ranges, of all series whose limits come
    from all their points and that have no value missing or infinite."""
    rows = []
    for name, values in series:
        y = np.array(values, np.float64)
        if len(y) and np.isfinite(y).all():
            rows += [_runs_row(name, y, screen) for screen in (False, True)]
    return table_of("xmr_qicharts2_expected.csv", XMR_COLUMNS, rows)


def _runs_row(name: str, y: Floats, screen: bool) -> tuple[str, ...]:
    with np.errstate(all="ignore"):
        centre, far = float(y.mean()), 3 * mean_range(y, screen) / D2
    found = anhoej(y, np.full(len(y), centre))
    beyond = int(((y > centre + far) | (y < centre - far)).sum())
    lines = (number(line) for line in (centre, centre - far, centre + far))
    head = (name, str(screen).upper(), str(len(y)), *lines)
    return (*head, str(beyond), str(int(found.signal)), *runs_cells(found))


def drift_table(series: Named) -> Table:
    """Both Mann-Kendall tests and Sen's slope, over the values that are not missing."""
    rows = []
    for name, values in series:
        y = np.array([value for value in values if math.isfinite(value)], np.float64)
        plain, white, slope = mann_kendall(y), mann_kendall_whitened(y), sen_slope(y)
        numbers = (
            plain.score, plain.variance, plain.z, _rounded_p(plain.z), plain.tau,
            slope.slope, slope.intercept, slope.low, slope.high, white.z, _rounded_p(white.z),
        )  # fmt: skip
        rows.append((name, str(len(y)), *map(number, numbers)))
    return table_of("mannkendall_expected.csv", DRIFT_COLUMNS, rows)


def _rounded_p(z: float) -> float:
    """The reference takes 1 - cdf, which loses digits of a small p: done here too, so that the tables agree."""
    return float(2 * (1 - norm.cdf(abs(z))))
