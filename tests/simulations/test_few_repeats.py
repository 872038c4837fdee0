"""Simulations with hardly any repeats print what they can say; what they cannot is told in words."""

import io
import re
import warnings

import pytest
from django.core.management import call_command

from metrics.simulations import SIMULATIONS


def printed(name, repeats):
    """The lines of the table, without its title."""
    out = io.StringIO()
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        call_command("simulate", name, repeats=repeats, stdout=out)
    return out.getvalue().splitlines()[1:]


@pytest.mark.parametrize("repeats", [1, 2])
@pytest.mark.parametrize("name", sorted(SIMULATIONS))
def test_a_table_is_printed_without_a_warning(name, repeats):
    head, *rows = printed(name, repeats)
    assert rows and head.strip()
    assert not re.search(r"\b(nan|inf)\b", "\n".join(rows), re.IGNORECASE)


def test_what_so_few_repeats_cannot_say_is_told():
    [row] = [row for row in printed("target-chance", 1) if "12 points, unlikely" in row]
    assert row.count("too few repeats to say") == 6


def test_a_name_has_hyphens_and_underscores_are_taken_too():
    assert all(re.fullmatch("[a-z-]+", name) for name in SIMULATIONS)
    assert printed("target_chance", 2) == printed("target-chance", 2)
