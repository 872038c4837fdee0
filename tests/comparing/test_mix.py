"""A total that moves because its mix moves (Simpson): found by itself, with the parts, and said on its page."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from hypothesis import given, settings
from hypothesis import strategies as st

from jobs import workflow as jobs
from metrics.analysing import analyse_series
from metrics.comparing import mixes, split_totals
from metrics.models import Observation, Series, Study
from metrics.tables.pairs import mix_lines
from metrics.trends.mixing import split
from metrics.wording.pairs import narrate_mix
from metrics.workflow import analyses
from tests.comparing import making
from tests.metrics import making as plain

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


def total_of(side, name="Satisfied"):
    """Two teams that stay as they are; from the second year on the weaker one has nine tenths of the contacts."""
    metric = making.share(side.department, name)
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
def test_its_figures_are_as_exact_as_the_chart_of_the_total(world, client_of):
    """A total that hardly moved, though its mix did, is not told to the fourth decimal."""
    metric = making.share(world.a.department)
    wander = [0, 3, -2, 1, -3, 2, 0, -1, 2, -2, 1, -1] * 2
    one = making.counted(metric, world.a.team, [900 + n for n in wander], [1000] * 24)
    other = making.counted(metric, world.a.other_team, [600 + n for n in wander[:12]] + [601 + n for n in wander[:12]],
                           [1000] * 24)  # fmt: skip
    question = {"by": "unit", "groups": {str(each.pk): each.unit_id for each in (one, other)}}
    question |= {"split": plain.month(12), "until": plain.month(23)}
    facts = mixes.compare(metric, question, [one.pk, other.pk])
    names = {each.unit_id: each.unit.name for each in (one, other)}

    told, lines = narrate_mix(metric, facts, names).fact, mix_lines(metric, facts, names)

    assert "went from 75.00\u202f% (from January 2024 on) to 75.05\u202f%" in told
    assert "0.05\u202fpercentage points from changes within the parts, 0.00\u202fpercentage points from" in told
    assert [line.rates for line in lines] == ["0.00\u202fpoints", "0.05\u202fpoints"]


@pytest.mark.django_db
def test_a_series_without_parts_says_so(world, client_of):
    one = making.counted(making.share(world.a.department), world.a.team, [80] * 5, [100] * 5)

    text = client_of(world.a.supervisor).get(f"/series/{one.pk}/mix").content.decode()

    assert "No parts to look at" in text


@pytest.mark.django_db
def test_a_total_is_split_again_only_after_its_parts_changed(world):
    total = total_of(world.a)
    analyses.enqueue([total.pk])
    jobs.run_pending()
    (before,) = Study.objects.all()

    assert split_totals([total.pk]) == 0

    part = Series.objects.get(unit=world.a.team)
    Observation.objects.filter(series=part, day=part.last_day).update(numerator=10.0)
    Series.objects.filter(pk=part.pk).update(data_version=part.data_version + 1)

    assert split_totals([total.pk]) == 1
    (after,) = Study.objects.all()
    assert after.pk == before.pk
    assert after.facts["after"] < before.facts["after"]


@pytest.mark.django_db
def test_many_totals_cost_as_many_queries_as_one(world):
    totals = [total_of(world.a, name).pk for name in ("One", "Two", "Three")]
    analyse_series(totals)

    with CaptureQueriesContext(connection) as of_one:
        split_totals(totals[:1])
    with CaptureQueriesContext(connection) as of_all:
        split_totals(totals)

    assert Study.objects.count() == 3
    assert len(of_all) == len(of_one)


@pytest.mark.django_db
def test_a_part_without_counts_leaves_the_total_unsplit(world):
    total = total_of(world.a)
    analyse_series([total.pk])
    part = Series.objects.get(unit=world.a.team)
    Observation.objects.filter(series=part, day=part.last_day).update(denominator=None)

    split_totals([total.pk])

    assert Study.objects.get().facts == {"problem": "not_counted"}
