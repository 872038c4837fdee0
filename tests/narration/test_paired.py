"""Groups, gaps, splits and correlations: every number that is told is in the data, and a changed fact is caught."""

import copy

import numpy as np
import pytest
from django.utils import translation

from metrics.comparing import correlations, frames, gaps, groups, mixes
from metrics.wording.comparing import narrate_groups
from metrics.wording.pairs import narrate_correlation, narrate_gap, narrate_mix, teams_sentence, teams_warning
from tests.comparing import making
from tests.metrics import making as plain

from .checking import faults_of, unexplained
from .paired import correlation_facts, gap_facts, groups_facts, mix_facts, teams_facts

pytestmark = pytest.mark.django_db
LANGUAGES = pytest.mark.parametrize("language", ["en-gb", "de"])
HUNDREDS = [100] * 24
NORTH = [84, 86, 85, 83, 87, 85, 84, 86, 85, 85, 84, 86] * 2
WEST = [60, 72, 61, 49, 60, 71, 62, 60, 48, 61, 60, 59] * 2
SEED = 15  # one with which the checks of the units differ a little beyond chance
NOISE = [0, 1, -1, 0.5, -0.5, 1, 0, -1, 0.5, 0, -0.5, 1, -1, 0, 0.5, -0.5, 1, 0, -1, 0.5]


def compared(world, third):
    metric = making.share(world.a.department)
    units = [world.a.team, world.a.other_team, making.team(world.a.department, "Alder Team West")]
    made = [
        making.counted(metric, unit, hits, HUNDREDS)
        for unit, hits in zip(units, (NORTH, NORTH[::-1], third), strict=True)
    ]
    question = {"groups": {str(one.pk): one.unit_id for one in made}}
    facts = groups.compare(metric, question, [one.pk for one in made])
    names = {unit.pk: unit.name for unit in units}
    return metric, facts, names, groups_facts(metric, {one.unit.name: one for one in made})


@LANGUAGES
@pytest.mark.parametrize("third", [WEST, [hit + 2 for hit in NORTH], [hit - 4 for hit in NORTH]])
def test_every_number_of_groups_is_in_the_data(world, language, third):
    metric, facts, names, (bands, known) = compared(world, third)
    with translation.override(language):
        told = narrate_groups(metric, facts, names)
        assert faults_of(told, known) == []
    found = [sorted(names[row["id"]] for row in facts["groups"] if row["band"] == band) for band in range(len(bands))]
    assert found[::-1] == [sorted(band) for band in bands]


@pytest.mark.parametrize(
    ("third", "changed", "by"),
    [(NORTH, "middle", 2), (NORTH, "last", 40), (WEST, "first", -40), (WEST, "inflation", 5.17)],
)
def test_a_changed_fact_of_groups_is_caught(world, third, changed, by):
    metric, facts, names, (_bands, known) = compared(world, third)
    facts[changed] += by
    assert faults_of(narrate_groups(metric, facts, names), known) != []


def gap_of(world, opening, share):
    more = {"kind": "proportion", "scale": 100.0, "measure": "%"} if share else {"kind": "duration", "measure": "min"}
    metric = plain.metric(world.a.department, "Waited", **more)
    scale = 100 if share else 1
    north = [(50 + noise + wide) / scale for noise, wide in zip(NOISE, opening, strict=True)]
    one = plain.series(metric, world.a.team, north)
    other = plain.series(metric, world.a.other_team, [None, *((50 - noise) / scale for noise in NOISE[1:])])
    question = {"groups": {str(each.pk): each.unit_id for each in (one, other)}}
    question |= {"one": one.unit_id, "other": other.unit_id}
    facts = gaps.compare(metric, question, [one.pk, other.pk])
    return metric, one, other, facts


def told_of_gap(metric, one, other, facts):
    return narrate_gap(metric, facts, one.unit.name, other.unit.name)


@LANGUAGES
@pytest.mark.parametrize("share", [True, False])
@pytest.mark.parametrize("opening", [[0] * 10 + [20] * 10, [0] * 20, [0] * 6 + [-12] * 8 + [0] * 6, [4] * 20])
def test_every_number_of_a_gap_is_in_the_data(world, language, opening, share):
    found = gap_of(world, opening, share)
    with translation.override(language):
        told = told_of_gap(*found)
        assert faults_of(told, gap_facts(*found[:3])) == []
    assert "\u202f%" not in told.fact + told.meaning


@pytest.mark.parametrize("changed", ["mean", "low", "high", "pairs", "left_out", "before", "since", "first"])
def test_a_changed_fact_of_a_gap_is_caught(world, changed):
    metric, one, other, facts = gap_of(world, [0] * 20 if changed == "pairs" else [0] * 10 + [20] * 10, share=True)
    within = facts if changed in facts and changed != "first" else facts["runs"][0]
    for run in facts["runs"] if within is not facts else [facts]:
        run[changed] = (run[changed] or 0) + 40
    assert faults_of(told_of_gap(metric, one, other, facts), gap_facts(metric, one, other)) != []


def split_of(world):
    metric = making.share(world.a.department)
    one = making.counted(metric, world.a.team, [900] * 12 + [178] * 12, [1000] * 12 + [200] * 12)
    other = making.counted(metric, world.a.other_team, [600] * 12 + [1090] * 12, [1000] * 12 + [1800] * 12)
    question = {"groups": {str(each.pk): each.unit_id for each in (one, other)}}
    question |= {"split": plain.month(12), "until": plain.month(23)}
    facts = mixes.compare(metric, question, [one.pk, other.pk])
    names = {each.unit_id: each.unit.name for each in (one, other)}
    return (
        metric,
        facts,
        names,
        mix_facts(metric, {each.unit.name: each for each in (one, other)}, plain.month(12), names.values()),
    )


@LANGUAGES
def test_every_number_of_a_split_is_in_the_data(world, language):
    metric, facts, names, (largest, known) = split_of(world)
    with translation.override(language):
        told = narrate_mix(metric, facts, names)
        assert faults_of(told, known) == []
    assert largest in told.next_step
    assert told.fact.count("percentage points") == 2


@pytest.mark.parametrize("changed", ["before", "after", "rates", "mix", "split", "share_before", "share_after"])
def test_a_changed_fact_of_a_split_is_caught(world, changed):
    metric, facts, names, (_largest, known) = split_of(world)
    for part in facts["parts"] if changed.startswith("share") else [facts]:
        part[changed] += 40
    assert faults_of(narrate_mix(metric, facts, names), known) != []


def side_by_side(world, follows, reliability=None):
    rng = np.random.default_rng(5)
    waited = rng.normal(10, 2, 60)
    one = plain.series(plain.metric(world.a.department, "Minutes waited"), world.a.team, waited.tolist())
    metric = making.share(world.a.department, "Passed checks")
    size = 400 if follows else 5
    level = 0.9 - 0.04 * (np.concatenate([[10.0], waited[:-1]]) - 5) if follows else np.full(60, 0.8)
    other = making.counted(metric, world.a.team, rng.binomial(size, level).tolist(), [size] * 60)
    question = {
        "seed": 7, "reliability": reliability, "place": {"one": [one.pk], "other": [other.pk]},
        "teams": {"one": {}, "other": {}},
    }  # fmt: skip
    facts = correlations.compare(one.metric, metric, question, [one.pk, other.pk])
    return one, other, facts, correlation_facts(one, other, 7, reliability)


@LANGUAGES
@pytest.mark.parametrize(("follows", "reliability"), [(True, 0.64), (True, None), (False, None)])
def test_every_number_of_a_correlation_is_in_the_data(world, language, follows, reliability):
    one, other, facts, (lag, known) = side_by_side(world, follows, reliability)
    with translation.override(language):
        assert faults_of(narrate_correlation(one.metric, other.metric, facts), known) == []
    assert (facts["lag"], lag) == ((1, 1) if follows else (-1, -1))


@pytest.mark.parametrize("changed", ["r", "low", "high", "pairs", "without_error", "noise", "sizes", "smallest"])
def test_a_changed_fact_of_a_correlation_is_caught(world, changed):
    one, other, facts, (_lag, known) = side_by_side(world, changed not in ("noise", "sizes", "smallest"), 0.64)
    changes = copy.deepcopy(facts)
    if isinstance(facts[changed], list):
        changes[changed] = [value and (value - 0.2 if abs(value) <= 1 else value + 3) for value in facts[changed]]
    else:
        changes[changed] += 0.05
    assert faults_of(narrate_correlation(one.metric, other.metric, changes), known) != []


def over_units(world, size, seed=SEED):
    """Ten units, whose waiting and whose checks go together; ``size``: checks looked at in each a month."""
    rng = np.random.default_rng(seed)
    one, other = making.share(world.a.department, "In time"), making.share(world.a.department, "Passed checks")
    made = []
    for number, level in enumerate(np.linspace(0.6, 0.9, 10)):
        unit = making.team(world.a.department, f"Alder {number}")
        made.append(
            [
                making.counted(metric, unit, rng.binomial(n, share, 12).tolist(), [n] * 12)
                for metric, n, share in ((one, 400, level), (other, size, 0.45 + 0.4 * level))
            ]
        )
    question = {
        "seed": 7, "reliability": None, "place": {"one": [made[0][0].pk], "other": [made[0][1].pk]},
        "teams": {name: {str(pair[place].pk): pair[place].unit_id for pair in made}
                  for place, name in enumerate(("one", "other"))},
    }  # fmt: skip
    table = frames.observations([each.pk for pair in made for each in pair])
    teams = correlations._teams(one, other, question, table)
    return one, other, teams, teams_facts(one, other, *zip(*made, strict=True))


@LANGUAGES
@pytest.mark.parametrize(("size", "warned"), [(1, True), (400, False)])
def test_every_number_between_the_units_is_in_the_data(world, language, size, warned):
    one, other, teams, (r, known) = over_units(world, size)
    with translation.override(language):
        words = [teams_sentence(one, other, teams), teams_warning(one, other, teams)]
        assert [fault for told in words for fault in unexplained(told, known)] == []
    assert teams["r"] == pytest.approx(r)
    assert (words[0] != "", bool(words[1])) == (True, warned)


def test_either_metric_may_have_too_small_a_sample(world):
    one, other, teams, _known = over_units(world, 1)
    turned = teams | {name: teams[name][::-1] for name in ("reliability", "sizes")}
    assert "of the differences in Passed checks are chance" in teams_warning(one, other, teams)
    assert "of the differences in In time are chance" in teams_warning(one, other, turned)


@pytest.mark.parametrize("changed", ["r", "low", "high", "reliability", "sizes"])
def test_a_changed_fact_between_the_units_is_caught(world, changed):
    one, other, teams, (_r, known) = over_units(world, 1)
    was = teams[changed]
    altered = teams | {changed: [was[0], was[1] * 0.75] if isinstance(was, list) else was - 0.1}
    words = (teams_sentence(one, other, altered), teams_warning(one, other, altered))
    assert [fault for told in words for fault in unexplained(told, known)] != []
