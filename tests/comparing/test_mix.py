"""A total that moves because its mix moves (Simpson): found by itself, with the parts, and said on its page."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import workflow as jobs
from metrics.models import Study
from metrics.trends.mixing import split
from metrics.workflow import analyses
from tests.comparing import making

counts = st.lists(st.tuples(*[st.integers(0, 50), st.integers(1, 500)] * 2), min_size=1, max_size=6)


@settings(max_examples=60, deadline=None)
@given(counts)
def test_rates_and_mix_add_up_to_the_change(parts):
    before, size_before, after, size_after = zip(*parts, strict=True)
    found = split(before, size_before, after, size_after, shares=False)

    change = sum(after) / sum(size_after) - sum(before) / sum(size_before)
    assert found.rates + found.mix == pytest.approx(change, abs=1e-12)


@pytest.mark.parametrize(
    ("before", "after", "reading"),
    [
        # Both parts get better, the total worse: more of it is of the weaker part.
        (([900, 600], [1000, 1000]), ([1840, 6400], [2000, 10_000]), "parts_oppose"),
        # Nothing changes within; the weaker part doubles.
        (([900, 600], [1000, 1000]), ([900, 1200], [1000, 2000]), "mix_explains"),
        # Both fall, in equal shares.
        (([900, 600], [1000, 1000]), ([700, 400], [1000, 1000]), "parts_explain"),
        # Nothing happens.
        (([900, 600], [1000, 1000]), ([900, 600], [1000, 1000]), "not_clear"),
        # One part alone.
        (([900], [1000]), ([500], [1000]), "no_parts"),
        # The second part came later.
        (([900, 0], [1000, 0]), ([900, 100], [1000, 1000]), "no_parts"),
    ],
)
def test_what_moved_the_total_is_read_off(before, after, reading):
    assert split(*before, *after, shares=True).reading == reading


def test_the_shares_of_the_parts_are_of_the_contacts():
    found = split([90, 10], [100, 100], [270, 10], [300, 100], shares=True)

    assert (found.share_before.tolist(), found.share_after.tolist()) == ([0.5, 0.5], [0.75, 0.25])
    assert found.mix == pytest.approx(0.2)


def total_of(side):
    """Two teams that stay as they are; from the second year on the weaker one has nine tenths of the contacts."""
    metric = making.share(side.department)
    steady = [0, 1, -1, 2, 0, -2, 1, 0, -1, 1, 0, 0]
    making.counted(metric, side.team, [900 + n for n in steady] + [180 + n for n in steady], [1000] * 12 + [200] * 12)
    making.counted(
        metric, side.other_team, [600 + n for n in steady] + [1080 - n for n in steady], [1000] * 12 + [1800] * 12
    )
    hits = [1500 + 2 * n for n in steady] + [1260] * 12
    return making.counted(metric, side.department, hits, [2000] * 24, rolled_up=True)


@pytest.mark.django_db
def test_a_total_with_a_special_cause_is_split_without_asking(world, client_of):
    total = total_of(world.a)
    analyses.enqueue([total.pk])
    jobs.run_pending()

    study = Study.objects.get(total=total)
    text = client_of(world.a.supervisor).get(f"/series/{total.pk}").content.decode()

    assert study.facts["reading"] == "mix_explains"
    assert "Most of it is the mix" in text
    assert f'href="/series/{total.pk}/mix"' in text


@pytest.mark.django_db
def test_the_parts_stand_by_name_with_their_shares(world, client_of):
    total = total_of(world.a)
    analyses.enqueue([total.pk])
    jobs.run_pending()

    page = client_of(world.a.supervisor).get(f"/series/{total.pk}/mix")
    (split_by_unit,) = page.context["splits"]

    assert [(line.name, line.share_before, line.share_after) for line in split_by_unit["lines"]] == [
        ("Alder Team North", "50\u202f%", "10\u202f%"),
        ("Alder Team South", "50\u202f%", "90\u202f%"),
    ]


@pytest.mark.django_db
def test_a_series_without_parts_says_so(world, client_of):
    one = making.counted(making.share(world.a.department), world.a.team, [80] * 5, [100] * 5)

    text = client_of(world.a.supervisor).get(f"/series/{one.pk}/mix").content.decode()

    assert "No parts to look at" in text
