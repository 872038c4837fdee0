"""What a signal says of the season of its series: every number and claim is in the raw data, and a changed one is caught."""

import datetime as dt
import math
import random
from unittest import mock

import pytest
from django.utils import translation
from django.utils.dates import MONTHS

from metrics import analysing
from metrics.analysing import closer
from metrics.models import Analysis, CloserLook, Observation, Signal
from metrics.queries.closer import season_of
from metrics.trends import fleet, unpack
from metrics.wording import narrate
from metrics.wording.seasons import season_note
from processes.models import Channel
from tests.metrics import making

from .checking import faults_of, faults_of_signals
from .closely import part_of_year, season_facts
from .recompute import signal_facts
from .unseasoned import left_facts, left_of

pytestmark = pytest.mark.django_db
# Height of the season, size of a change, months that it has lasted, months in all, seed of the noise.
SEASON_ALONE = (10, 0, 0, 55, 0)
WHOLE_CHANGE = (3, 3, 9, 55, 1)
PART_OF_IT = (3, 6, 4, 49, 0)
NOT_THE_LATEST = (5, 3, 6, 55, 2)
OTHER_WAY = (10, -5, 8, 55, 2)
LENIENTLY = "leniently"
NO_SEASON = (0, 3, 6, 31, 12)
THERE = "The change is there without the season, too"
ONLY_WITH_IT = "A season is seen in these values, but only while this pattern counts towards it"


def months(swing, jump, lasting, count, seed):
    """Months with their lowest in January and their highest in July, and a change of level at their end."""
    noise = random.Random(seed)
    return [
        50 - swing * math.cos(2 * math.pi * place / 12) + noise.gauss(0, 1) + (jump if place >= count - lasting else 0)
        for place in range(count)
    ]


def told(world, values, judge=False, **more):
    metric = making.metric(world.a.department, **more)
    made = making.series(metric, world.a.team, values)
    if judge:
        # Others of the metric, whose neighbours are not alike: so the season's own likeness does not hide its change.
        others = [
            making.series(metric, world.a.team, months(0, 0, 0, 40, 100 + number), channel=channel(world, number))
            for number in range(5)
        ]
        analysing.analyse_series([one.pk for one in others])
    return looked_at(world, made, judge)


def channel(world, number):
    return Channel.objects.create(unit=world.a.organisation, name=f"Channel {number}")


def looked_at(world, made, judge=False):
    """The signals at the latest value, of rules or the change of level that was Confirmed."""
    analysing.analyse_series([made.pk])
    closer.look_at([made.pk])
    if judge:
        # A season by itself is hardly ever Confirmed; what would be said of it is looked at all the same.
        with mock.patch.object(fleet, "CEILING", 1.0 if judge == LENIENTLY else fleet.CEILING):
            analysing.judge([world.a.organisation.pk], q=1.0 if judge == LENIENTLY else fleet.Q)
    rows = Signal.objects.filter(series=made, current=True, gone=False).order_by("pk")
    rows = rows.filter(rule="scan") if judge else rows.exclude(rule="scan")
    return list(rows.select_related("series__metric", "series__unit", "series__closer_look"))


def caveat(signal, **more):
    season = season_of(signal.series, Analysis.objects.get(series=signal.series))
    return narrate(signal, season=season, **more).caveat


CASES = {
    SEASON_ALONE: "none of the ",
    WHOLE_CHANGE: THERE,
    PART_OF_IT: "4 of the 9 points of this pattern stay marked, the latest among them",
    NOT_THE_LATEST: "of the 2 points of this pattern stays marked, but not the latest",
    OTHER_WAY: "7 of the 7 points of this pattern are marked, in the other direction, and none in this one",
    NO_SEASON: ONLY_WITH_IT,
}


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("given", CASES)
def test_what_is_left_of_a_signal_is_in_the_data(world, given, language):
    signals = told(world, months(*given))
    with translation.override(language):
        assert faults_of_signals(signals) == []
    claims = [(caveat(one), left_of(one).claim(one)) for one in signals]
    assert [pair for pair in claims if pair[1] not in pair[0]] == []
    assert any(CASES[given] in words for words, _claim in claims)


def test_of_an_agreement_nothing_beyond_full_is_left(world):
    """Values near full agreement, lower in each winter and since the change: without their season some lie at the end
    of the scale."""
    values = [min(1.0, 0.92 + 0.04 * (value - 50)) for value in months(3, -8, 6, 54, 0)]
    signals = told(world, values, derived="agreement")
    season = CloserLook.objects.get(series=signals[0].series)
    assert (points := unpack(bytes(season.adjusted))).values.max() == points.upl.max() == 1.0
    assert faults_of_signals(signals) == []
    assert all(left_of(one).claim(one) in caveat(one) for one in signals)


@pytest.mark.parametrize("more", [{"measure": "%"}, {"kind": "duration", "measure": "min"}])
def test_it_names_the_season_once_on_a_page(world, more):
    [signal, *_others] = told(world, months(*SEASON_ALONE), **more)
    high, low = (f"{part} {MONTHS[month]}" for part, month in map(part_of_year, season_facts(signal.series)[1]))
    assert f"(highest around {high}, lowest around {low})" in caveat(signal)
    assert "(see the closer look below)" in caveat(signal, below=True)
    assert high not in caveat(signal, below=True)
    assert faults_of_signals([signal]) == []


def test_the_season_of_a_week(world):
    """Little comes in at weekends; the last day is a Sunday."""
    metric = making.metric(world.a.department, period="day")
    made = making.series(metric, world.a.team, [])
    first, noise = dt.date(2025, 1, 6).toordinal(), random.Random(2)
    week = [52, 53, 54, 54, 53, 40, 38]
    Observation.objects.bulk_create(
        Observation(series=made, day=first + place, numerator=week[place % 7] + noise.gauss(0, 1), n=100)
        for place in range(14 * 7)
    )
    made.first_day, made.last_day = first, first + 97
    made.save()
    signals = looked_at(world, made)
    assert {one.last_day for one in signals} == {first + 97}
    assert faults_of_signals(signals) == []
    for one in signals:
        assert left_of(one).claim(one) in caveat(one)
        assert "lowest around Sunday" in caveat(one)


SCANS = {
    (10, 0, 0, 56, 0): "nothing of the change is left: the level went from",
    (10, 2, 3, 56, 0): "), the level went from",
    (3, 6, 4, 49, 0): THERE,
}


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.parametrize("given", SCANS)
def test_a_confirmed_change_tells_its_levels_without_the_season(world, given, language):
    [signal] = told(world, months(*given), judge=True if given[1] else LENIENTLY)
    with translation.override(language):
        assert faults_of_signals([signal]) == []
    assert left_of(signal).claim(signal) in caveat(signal)
    assert SCANS[given] in caveat(signal)


@pytest.mark.parametrize(
    ("given", "changed", "by"), [(PART_OF_IT, "left", 2), (PART_OF_IT, "level", 1), (PART_OF_IT, "before", 1)]
)
def test_a_changed_number_is_caught(world, given, changed, by):
    [signal, *_others] = told(world, months(*given), judge=changed != "left")
    look = signal.series.closer_look
    for one in look.facts["season"]["signals"]:
        if one["rule"] == signal.rule:
            one[changed] += by
    facts = signal_facts(signal) + left_facts(signal)
    found = faults_of(narrate(signal, season=look.facts["season"]), facts)
    assert {kind for _words, kind, _what in found} == {"number"}


def test_a_changed_claim_is_caught(world):
    [signal, *_others] = told(world, months(*WHOLE_CHANGE))
    season = signal.series.closer_look.facts["season"]
    assert left_of(signal).claim(signal) in narrate(signal, season=season).caveat
    for one in season["signals"]:
        one["alone"] = False
    assert left_of(signal).claim(signal) not in narrate(signal, season=season).caveat


@pytest.mark.parametrize("stale", ["inputs_hash", "version", "deleted", "found", "points", "first_day"])
def test_nothing_is_said_of_what_is_not_up_to_date(world, stale):
    [signal, *_others] = told(world, months(*SEASON_ALONE))
    look = CloserLook.objects.get(series=signal.series)
    assert caveat(signal) != ""
    if stale == "deleted":
        look.delete()
    elif stale in ("points", "first_day"):
        setattr(signal, stale, getattr(signal, stale) - 1)
    else:
        was = {"inputs_hash": "other", "version": look.version - 1}
        if stale == "found":
            look.facts["season"] = {"found": False, "cycle": "year", "enough": True}
        else:
            setattr(look, stale, was[stale])
        look.save()
    if stale not in ("points", "first_day"):
        signal = Signal.objects.select_related("series__metric", "series__unit").get(pk=signal.pk)
    assert caveat(signal) == ""
    assert season_note(signal, season_of(signal.series, Analysis.objects.get(series=signal.series))) == ""


@pytest.mark.parametrize(
    ("given", "judge", "note"),
    [
        (SEASON_ALONE, False, "not marked with the season taken out"),
        (OTHER_WAY, False, "marked in the other direction with the season taken out"),
        (WHOLE_CHANGE, False, ""),
        (PART_OF_IT, False, ""),
        (NO_SEASON, False, ""),
        ((10, 0, 0, 56, 0), LENIENTLY, "nothing of it is left with the season taken out"),
        (PART_OF_IT, True, ""),
    ],
)
def test_a_list_says_only_that_nothing_is_left(world, given, judge, note):
    signals = told(world, months(*given), judge)
    season = season_of(signals[0].series, Analysis.objects.get(series=signals[0].series))
    assert {season_note(one, season) for one in signals} == {note}
