"""Whether it worked: the reading offered, the verdict given, and the facts of England's emergency departments."""

import csv
import datetime as dt
from collections import defaultdict

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext
from django.urls import reverse

from improvements import states
from improvements.models import Action
from improvements.queries.outcomes import change_of, facts_of, reading_of
from improvements.workflow import actions, outcomes
from jobs import workflow as jobs
from metrics.analysing import analyse_series
from metrics.models import Mark, Observation, Rebase
from teams import clock
from teams.refusals import Refused
from tests.improvements import making
from tests.reviews.making import a_series, again

pytestmark = pytest.mark.django_db


@pytest.fixture
def england(samples):
    """{month: (within four hours, all)} over all organisations that reported."""
    found = defaultdict(lambda: [0, 0])
    with open(samples / "nhs_ae_type1_monthly.csv") as file:
        for row in csv.DictReader(file):
            month = found[dt.date.fromisoformat(row["period"])]
            month[0] += int(row["attendances"]) - int(row["breaches"])
            month[1] += int(row["attendances"])
    return dict(found)


def bring(series, months, until=None):
    Observation.objects.filter(series=series).delete()
    Observation.objects.bulk_create(
        Observation(series=series, day=day.toordinal(), numerator=within, denominator=every)
        for day, (within, every) in sorted(months.items())
        if until is None or day <= until
    )
    analyse_series([series.pk])


def england_action(side, england, **changed):
    """An action of April 2018 that promises a rise above the mean to 2018-03."""
    series = a_series(side, side.team)
    paper = making.approved(side, values=None)
    bring(series, england, dt.date(2018, 3, 1))
    action = making.proposed(
        side, paper, target=85.0, due_on=dt.date(2018, 4, 30), check_on=dt.date(2019, 4, 1), **changed
    )
    actions.approve(side.supervisor, action)
    actions.start(side.team_lead, action)
    return actions.finish(side.team_lead, action, "Four more doctors are on the roster.")


def test_england_the_promised_rise_did_not_come(world, england, client_of):
    alder = world.a
    with clock.at(dt.date(2018, 4, 12)):
        action = england_action(alder, england)
    assert round(action.baseline_mean, 3) == 82.963
    assert (round(action.baseline["lower"], 3), round(action.baseline["upper"], 3)) == (79.798, 86.127)
    bring(action.series, england)
    with clock.at(dt.date(2019, 4, 15)):
        facts = facts_of(reading_of(action))
        page = client_of(alder.second_supervisor).get(reverse("outcome", args=[action.pk])).content.decode()
    rounded = {name: round(facts[name], 3) for name in ("mean", "amr", "lower", "upper", "mean_after")}
    assert rounded == {"mean": 82.963, "amr": 1.190, "lower": 79.798, "upper": 86.127, "mean_after": 81.529}
    assert (facts["before"], facts["after"], facts["offered"]) == (24, 12, states.NOT_EFFECTIVE)
    below = [
        dt.date.fromordinal(day) for day, side in zip(facts["after_days"], facts["outside"], strict=True) if side < 0
    ]
    assert below == [dt.date(2018, 12, 1), dt.date(2019, 1, 1), dt.date(2019, 2, 1), dt.date(2019, 3, 1)]
    assert "The chart says: not effective" in page
    assert "The mean since the change is not on the right side of the target." in page


def test_actions_of_one_day_are_told_as_such(world, england, client_of, django_assert_num_queries):
    alder = world.a
    with clock.at(dt.date(2018, 4, 12)):
        action = england_action(alder, england)
    bring(action.series, england)
    with clock.at(dt.date(2019, 4, 15)):
        jobs.run_pending()
        client, address = client_of(alder.second_supervisor), reverse("outcome", args=[action.pk])
        client.get(address)
        with CaptureQueriesContext(connection) as alone:
            assert "at the same time" not in client.get(address).content.decode()
        for place, label in enumerate(["Roster 9", "New macro"]):
            Mark.objects.create(
                series=action.series, kind="action", day=dt.date(2018, 4, 12), label=label, at=clock.now(),
                thing_kind="improvements.action", thing_id=str(900 + place),
            )  # fmt: skip
        with django_assert_num_queries(len(alone)):
            page = client.get(address).content.decode()
    words = "2 other changes fall at the same time (“Roster 9”, “New macro”): they cannot be told apart."
    assert words in page


def test_not_effective_offers_a_follow_up_that_knows_its_forerunner(world, client_of, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    check = making.verified(alder, "not_effective")
    client = client_of(alder.supervisor)
    address = reverse("new-action", args=[check.action.recommendation_id]) + f"?follows={check.action_id}"
    first = client.get(address).context["form"].initial
    assert (first["owner"], first["series"]) == (alder.team_lead, check.action.series)
    fields = making.action_fields(alder, what="Answer by telephone")
    made = actions.propose(
        alder.supervisor, check.action.recommendation, first["findings"], first["criteria"], check.action, **fields
    )
    assert made.follows == check.action
    assert "Answer by telephone" in client.get(check.action.get_absolute_url()).content.decode()


def later(series, values, first=dt.date(2026, 3, 1)):
    making.observe(series, values, first)


def test_a_lasting_rise_is_effective(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder)
    later(action.series, [82.0, 83.5, 82.5, 83.0, 82.4, 83.9, 83.1])
    reading = reading_of(action)
    assert (reading.offered, reading.found.missing_points, reading.enough_on) == (states.EFFECTIVE, 0, None)
    check = outcomes.verify(alder.second_supervisor, action, states.EFFECTIVE)
    assert (check.offered, again(action).state) == (states.EFFECTIVE, states.EFFECTIVE)
    assert check.facts["after_values"] == pytest.approx([82.0, 83.5, 82.5, 83.0, 82.4, 83.9, 83.1])


def test_too_early_says_how_many_and_when(world, clock_at):
    clock_at(making.TODAY)
    action = making.done(world.a)
    later(action.series, [82.0, 83.5, 82.5])
    facts = facts_of(reading_of(action))
    assert (facts["offered"], facts["missing_points"], facts["enough_on"]) == ("too_early", 4, "2026-10-01")


def test_a_verdict_sent_twice_is_one(world, clock_at):
    clock_at(making.TODAY)
    action = making.done(world.a)
    later(action.series, [82.0, 83.5, 82.5])
    outcomes.verify(world.a.second_supervisor, action, states.TOO_EARLY)
    with pytest.raises(Refused) as refusal:
        outcomes.verify(world.a.second_supervisor, action, states.TOO_EARLY)
    assert refusal.value.code == "said_already"
    assert action.checks.count() == 1
    clock_at(making.TODAY + dt.timedelta(days=2))
    outcomes.verify(world.a.second_supervisor, action, states.TOO_EARLY)
    assert action.checks.count() == 2


def test_a_verdict_against_the_chart_needs_its_reason(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder)
    with pytest.raises(Refused) as refusal:
        outcomes.verify(alder.second_supervisor, action, states.EFFECTIVE)
    assert (refusal.value.code, again(action).state) == ("why_different", states.DONE)
    outcomes.verify(alder.second_supervisor, action, states.EFFECTIVE, "The queue is gone; I counted it.")
    assert again(action).state == states.EFFECTIVE


def test_a_verdict_on_an_older_chart_is_asked_again(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder)
    seen = reading_of(action).inputs_hash
    later(action.series, [70.0])
    with pytest.raises(Refused) as refusal:
        outcomes.verify(alder.second_supervisor, action, states.TOO_EARLY, seen=seen)
    assert refusal.value.code == "changed_meanwhile"


def test_a_verdict_keeps_the_reading_it_was_given_on(world, clock_at, client_of):
    clock_at(making.TODAY)
    alder = world.a
    check = making.verified(alder)
    later(check.action.series, [99.0] * 9)
    page = client_of(alder.supervisor).get(reverse("outcome", args=[check.action_id])).content.decode()
    assert ("too early" in page, "99.0" in page) == (True, False)


def test_the_baseline_begins_at_the_last_rebase_before_the_change(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder)
    Rebase.objects.create(
        series=action.series, day=dt.date(2025, 1, 1), reason="A new system.", person=alder.supervisor, at=clock.now()
    )
    assert reading_of(action).found.before == 12


@pytest.mark.parametrize(
    ("started", "done", "until", "after"),
    [
        (dt.date(2026, 3, 2), dt.date(2026, 3, 30), dt.date(2026, 2, 28), dt.date(2026, 3, 1)),
        (dt.date(2026, 3, 2), dt.date(2026, 5, 3), dt.date(2026, 2, 28), dt.date(2026, 5, 1)),
        (None, dt.date(2026, 5, 3), dt.date(2026, 4, 30), dt.date(2026, 5, 1)),
    ],
)
def test_what_counts_as_before_and_as_after(started, done, until, after):
    assert change_of(Action(started_on=started, done_on=done), "month") == (until, after)


def test_what_holds_a_level_worked_if_nothing_got_worse(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder, kind="hold", rule="holds", target=79.0)
    later(action.series, [80.0, 81.0, 80.5, 79.5, 80.2, 81.1, 80.4])
    assert reading_of(action).offered == states.EFFECTIVE
    later(action.series, [60.0], dt.date(2026, 10, 1))
    reading = reading_of(action)
    assert (reading.offered, "worsened" in reading.reasons) == (states.NOT_EFFECTIVE, True)


def test_opened_again_the_mark_goes(world, clock_at):
    clock_at(making.TODAY)
    alder = world.a
    action = making.done(alder)
    actions.reopen(alder.second_supervisor, action, "The old form is still on the desk.")
    assert (again(action).state, again(action).done_on, Mark.objects.count()) == (states.IN_PROGRESS, None, 0)
