import csv

import pytest


def rows_of(file):
    with file.open(encoding="utf-8", newline="") as handle:
        return list(csv.DictReader(handle))


@pytest.fixture(params=["own", "nhs"])
def answers(request, oracle):
    """One folder of the oracle."""
    return oracle / request.param
