"""The null tables of the scan: read from the database, computed where they are not there yet."""

from __future__ import annotations

import numpy as np

from metrics.models import NullTable
from metrics.trends import nulls

# Tables never change, so each process reads each of them once.
_known: dict[nulls.Key, np.ndarray] = {}


def load(wanted: set[nulls.Key]) -> nulls.Tables:
    """The tables asked for: at most two queries, and about a tenth of a second of work for each that was never computed."""
    missing = wanted - _known.keys()
    if missing:
        rows = NullTable.objects.filter(draws=nulls.DRAWS, seed=nulls.SEED, n__in={n for n, _phi in missing})
        for n, phi, quantiles in rows.values_list("n", "phi", "quantiles"):
            _known[n, phi] = np.frombuffer(bytes(quantiles), "<f8")
        _compute(sorted(missing - _known.keys()))
    return {key: _known[key] for key in wanted}


def _compute(missing: list[nulls.Key]) -> None:
    made = []
    for n, phi in missing:
        found = nulls.table(n, phi)
        _known[n, phi] = found
        packed = found.astype("<f8").tobytes()
        made.append(NullTable(n=n, phi=phi, draws=nulls.DRAWS, seed=nulls.SEED, quantiles=packed))
    NullTable.objects.bulk_create(made, ignore_conflicts=True)
