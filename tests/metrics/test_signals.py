"""Signals keep their identity while data grow; people acknowledge them."""

import pytest
from django.core.exceptions import PermissionDenied

from metrics import analysing, charts, pointers
from metrics.analysing import identity
from metrics.analysing.signals import RECENT
from metrics.models import Observation, Signal
from metrics.queries import signals as questions
from metrics.queries.analyses import analysis_of, rows_of
from metrics.queries.events import SEEN, Seen, events
from metrics.queries.ranks import places
from metrics.workflow import signals
from reviews.models import Review
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.metrics import making
from tests.reviews.making import planned

pytestmark = pytest.mark.django_db
DROP = [40, 41, 39, 40, 42, 40, 39]


def span(first, last, key=(1, "shift", -1)):
    return identity.Span(key, first, last)


def test_a_run_that_overlaps_is_the_same_signal():
    assert identity.match([span(10, 16)], [span(12, 20)]) == {0: 0}


def test_runs_that_do_not_touch_or_of_another_rule_are_others():
    old = [span(10, 16)]
    new = [span(17, 20), span(12, 14, (1, "trend", -1)), span(12, 14, (1, "shift", 1)), span(12, 14, (2, "shift", -1))]

    assert identity.match(old, new) == {}


def test_a_long_signal_is_found_behind_short_ones_that_began_later():
    old = [span(1, 90), span(10, 12), span(20, 22), span(30, 32)]

    assert identity.match(old, [span(31, 31), span(60, 61), span(95, 96)]) == {0: 3, 1: 0}


def test_a_run_that_splits_stays_where_most_of_it_is():
    assert identity.match([span(10, 30)], [span(10, 14), span(16, 30)]) == {1: 0}


def test_two_runs_that_merge_go_on_as_the_one_that_overlaps_most():
    assert identity.match([span(10, 12), span(14, 30)], [span(10, 31)]) == {0: 1}


def test_a_signal_that_grows_stays_itself(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, making.STEADY + DROP)
    analysing.analyse_series([one.pk])
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)

    making.observe(one, [40, 41], first=20)
    analysing.analyse_series([one.pk])

    grown = Signal.objects.get(series=one, rule="shift", direction=-1)
    assert (grown.pk, grown.points, grown.current) == (shift.pk, 9, True)
    assert grown.first_seen_at == shift.first_seen_at


def test_a_signal_that_ends_is_no_longer_current(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, making.STEADY + DROP)
    analysing.analyse_series([one.pk])

    making.observe(one, [52, 53], first=20)
    analysing.analyse_series([one.pk])

    assert Signal.objects.get(series=one, rule="shift", direction=-1).current is False


def test_a_signal_no_longer_seen_is_removed(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, making.STEADY + DROP)
    analysing.analyse_series([one.pk])

    Observation.objects.filter(series=one, day__gte=making.month(13)).delete()
    analysing.analyse_series([one.pk])

    assert list(Signal.objects.filter(series=one)) == []


def test_a_signal_no_longer_seen_stays_where_something_points_to_it(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, making.STEADY + DROP)
    analysing.analyse_series([one.pk])
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)
    signals.acknowledge(world.a.supervisor, shift, "The new rota")

    Observation.objects.filter(series=one, day__gte=making.month(13)).delete()
    analysing.analyse_series([one.pk])

    kept = Signal.objects.get(series=one)
    assert (kept.pk, kept.gone, kept.current) == (shift.pk, True, False)


def test_a_kept_signal_that_comes_back_is_itself_again(world):
    one = making.series(making.metric(world.a.organisation), world.a.team, making.STEADY + DROP)
    analysing.analyse_series([one.pk])
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)
    signals.acknowledge(world.a.supervisor, shift, "The new rota")
    Observation.objects.filter(series=one, day__gte=making.month(13)).delete()
    analysing.analyse_series([one.pk])

    making.observe(one, DROP, first=13)
    analysing.analyse_series([one.pk])

    back = Signal.objects.get(series=one, rule="shift", direction=-1)
    assert (back.pk, back.gone, back.state) == (shift.pk, False, "acknowledged")


def test_a_review_that_began_with_a_signal_keeps_it(world):
    one = making.falling(world.a.team)
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)
    assert pointers.pointed_at([shift.pk]) == set()

    Review.objects.filter(pk=planned(world.a).pk).update(signal=shift)

    assert pointers.pointed_at([shift.pk]) == {shift.pk}


def test_a_keeper_of_an_upper_app_is_asked(world, monkeypatch):
    monkeypatch.setattr(pointers, "_keepers", [])
    one = making.falling(world.a.team)
    ids = list(Signal.objects.filter(series=one).values_list("pk", flat=True))
    assert pointers.pointed_at(ids) == set()

    pointers.register(lambda asked: {min(asked)})

    assert pointers.pointed_at(ids) == {min(ids)}


def test_a_signal_is_acknowledged_with_a_word(world):
    making.falling(world.a.team)
    shift = Signal.objects.get(rule="shift", direction=-1)

    signals.acknowledge(world.a.team_lead, shift, " Two colleagues were ill. ")

    shift.refresh_from_db()
    assert (shift.state, shift.word, shift.acknowledged_by) == (
        "acknowledged",
        "Two colleagues were ill.",
        world.a.team_lead,
    )
    entry = TrailEntry.objects.get(verb="acknowledge")
    assert (entry.person, entry.before["state"], entry.after["state"]) == (world.a.team_lead, "open", "acknowledged")


@pytest.mark.parametrize(
    ("word", "twice", "code"), [("  ", False, "no_words"), ("Known", True, "not_now")], ids=["no word", "twice"]
)
def test_a_signal_is_not_acknowledged(world, word, twice, code):
    making.falling(world.a.team)
    shift = Signal.objects.get(rule="shift", direction=-1)
    if twice:
        shift = signals.acknowledge(world.a.team_lead, shift, "Known")

    with pytest.raises(Refused) as refused:
        signals.acknowledge(world.a.team_lead, shift, word)

    assert refused.value.code == code


def test_an_acknowledged_signal_opens_again(world):
    making.falling(world.a.team)
    shift = signals.acknowledge(world.a.team_lead, Signal.objects.get(rule="shift", direction=-1), "Known")

    signals.reopen(world.a.supervisor, shift)

    shift.refresh_from_db()
    assert (shift.state, shift.acknowledged_by, shift.word) == ("open", None, "")


def test_a_colleague_does_not_acknowledge(world):
    making.falling(world.a.team)

    with pytest.raises(PermissionDenied):
        signals.acknowledge(world.a.colleague, Signal.objects.get(rule="shift", direction=-1), "Known")


def test_home_tells_one_open_signal_per_series_until_it_was_looked_at(world):
    making.falling(world.a.team)
    making.falling(world.b.team, "Birch")

    told, more = questions.news(world.a.supervisor)
    assert ([event.signal.series.metric.name for event in told], more) == (["Answered in time"], 0)

    signals.seen(world.a.supervisor)

    assert questions.news(world.a.supervisor) == ([], 0)


def long_ago(world, quiet):
    """A shift of seven values, then so many quiet ones, without a run of any rule."""
    values = [50, 52] * 20 + DROP + [52, 50] * (quiet // 2)
    one = making.series(making.metric(world.a.organisation), world.a.team, values)
    analysing.analyse_series([one.pk])
    return one


def test_a_run_among_the_points_that_a_page_draws_is_a_signal(world):
    assert Signal.objects.filter(series=long_ago(world, RECENT - 2), rule="shift", direction=-1).exists()


def test_a_run_that_ended_before_them_is_a_mark_on_its_points_and_no_signal(world):
    one = long_ago(world, RECENT)

    assert list(Signal.objects.filter(series=one)) == []
    assert [row.value for row in rows_of(analysis_of(one)) if row.rules] == DROP


def test_a_signal_of_which_somebody_spoke_stays_however_long_ago_it_was(world):
    one = long_ago(world, RECENT - 2)
    shift = Signal.objects.get(series=one, rule="shift", direction=-1)
    signals.acknowledge(world.a.supervisor, shift, "The new rota")

    making.observe(one, [52, 50], first=47 + RECENT - 2)
    analysing.analyse_series([one.pk])

    kept = Signal.objects.get(series=one)
    assert (kept.pk, kept.gone, kept.current, kept.word) == (shift.pk, False, False, "The new rota")


def test_a_signal_of_which_nobody_spoke_goes_when_its_run_leaves_the_page(world):
    one = long_ago(world, RECENT - 2)

    making.observe(one, [52, 50], first=47 + RECENT - 2)
    analysing.analyse_series([one.pk])

    assert list(Signal.objects.filter(series=one)) == []


def test_signals_reach_as_far_back_as_the_chart():
    assert RECENT == charts.LATEST


def event_of(*units):
    """What home tells where each of these units has the same drop of one metric: (leads, also), by name."""
    metric = making.metric(units[0].parent or units[0])
    made = [making.series(metric, unit, [*making.STEADY, *DROP]) for unit in units]
    analysing.analyse_series([one.pk for one in made])
    rows = Signal.objects.filter(series__in=made, rule="shift", direction=-1).order_by("pk").values_list(*SEEN)
    named = dict(Signal.objects.values_list("pk", "series__unit__name"))
    told = questions.in_turn(map(Seen._make, rows))
    return [(named[lead], [named[pk] for pk in also]) for lead, also in events(told, places(told))]


def test_a_change_that_climbs_is_told_once_of_the_unit_where_it_began(world):
    told = event_of(world.a.department, world.a.team, world.a.organisation)

    assert told == [("Alder Team North", ["Alder Group", "Alder Customer Service"])]


def test_a_change_of_two_teams_is_told_of_their_department(world):
    told = event_of(world.a.team, world.a.other_team, world.a.department)

    assert told == [("Alder Customer Service", ["Alder Team North", "Alder Team South"])]


def test_two_teams_whose_department_did_not_move_are_two_events(world):
    assert len(event_of(world.a.team, world.a.other_team)) == 2


def test_home_names_the_other_places_of_an_event(world, client_of):
    event_of(world.a.team, world.a.department)

    page = client_of(world.a.supervisor).get("/").content.decode()

    assert page.count("Start a review</a>") == 1
    assert "Seen as well in" in page
    assert "more signal" not in page
