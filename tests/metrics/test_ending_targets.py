"""A target ends as it came: proposed by one, decided by another, and what was before stays judged by it."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied

from jobs import workflow as jobs
from metrics import analysing, states
from metrics.models import Analysis, Target
from metrics.queries.analyses import analysis_of, rows_of
from metrics.wording import outlooks
from metrics.workflow import targets
from notices.models import Notice
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.metrics import making

BEGAN, ENDS = dt.date(2024, 1, 1), dt.date(2024, 9, 1)
OPEN = {"state": states.PROPOSED, "ends": True}


@pytest.fixture
def series(world):
    return making.series(making.metric(world.a.department, measure="%"), world.a.team, making.STEADY)


@pytest.fixture
def agreed(world, series, clock_at):
    clock_at(dt.datetime(2024, 1, 2, 9, tzinfo=dt.UTC))
    return targets.set_target(world.a.supervisor, series.metric, world.a.team, 90, BEGAN, "The plan", source="Plan 3")


def ended(world, one, day=ENDS):
    made = targets.end(world.a.team_lead, one, day, "The plan is over", agreed_with="The client")
    targets.approve(world.a.supervisor, made, "So be it")
    jobs.run_pending()
    made.refresh_from_db()
    return made


def judged(series):
    """{month: target by which its value is judged}."""
    return {dt.date.fromordinal(row.day).month: row.target for row in rows_of(analysis_of(series))[:12]}


def test_an_end_waits_for_those_who_may_approve_and_changes_nothing_until_then(world, series, agreed, clock_at):
    clock_at(dt.datetime(2024, 8, 15, 9, tzinfo=dt.UTC))
    made = targets.end(world.a.team_lead, agreed, ENDS, "The plan is over", agreed_with="The client")
    jobs.run_pending()

    assert (made.ends, made.state, made.value, made.agreed_with) == (True, states.PROPOSED, 90, "The client")
    assert analysis_of(series).target == 90
    notice = Notice.objects.filter(kind="metrics.approve_target", settled_at=None).first()
    assert notice.facts["value"] == "the end of target 90\u202f%"
    assert TrailEntry.objects.latest("number").verb == "end_target"
    mine = targets.propose(world.a.supervisor, series, world.a.team, 80, ENDS, "Mine")
    for person, one, refusal in ((world.a.team_lead, made, PermissionDenied), (world.a.supervisor, mine, Refused)):
        with pytest.raises(refusal):
            targets.approve(person, one)


def test_after_it_no_value_is_judged_and_what_was_before_stays(world, series, agreed, clock_at):
    clock_at(dt.datetime(2024, 8, 15, 9, tzinfo=dt.UTC))
    ended(world, agreed)
    assert (analysis_of(series).target, Target.objects.get(pk=agreed.pk).state) == (90, states.IN_FORCE)

    clock_at(dt.datetime(2025, 2, 1, 9, tzinfo=dt.UTC))
    targets.supersede_due()
    analysing.analyse_series([series.pk])

    row = Analysis.objects.get(series=series)
    assert Target.objects.get(pk=agreed.pk).state == states.SUPERSEDED
    assert judged(series) == {month: 90 if month < 9 else None for month in range(1, 13)}
    assert (row.target, row.target_chance, row.outlook["hits"], row.outlook["of"]) == (None, None, 0, 8)
    assert outlooks.chance_told(series, row) is None


def test_an_end_never_reaches_into_the_past(world, series, agreed, clock_at):
    clock_at(dt.datetime(2024, 11, 5, 9, tzinfo=dt.UTC))

    assert ended(world, agreed).from_day == dt.date(2024, 11, 5)
    assert judged(series)[11] == 90 and judged(series)[12] is None


def test_the_board_is_silent_about_what_has_ended(world, series, agreed, client_of, clock_at):
    client, address, link = (
        client_of(world.a.supervisor),
        "/signals?assurance=consistent_fail",
        series.get_absolute_url(),
    )
    jobs.run_pending()
    assert f'href="{link}' in client.get(address).content.decode()

    clock_at(dt.datetime(2025, 2, 1, 9, tzinfo=dt.UTC))
    ended(world, agreed, dt.date(2025, 2, 1))

    assert f'href="{link}' not in client.get(address).content.decode()
    assert "Target 90" not in client.get(series.get_absolute_url()).content.decode()


def test_from_then_on_that_of_the_unit_above_holds(world, series, agreed, clock_at):
    """Not before: what was agreed for the team then was what its values were judged by."""
    for value, day in ((70, BEGAN), (75, dt.date(2024, 11, 1))):
        targets.set_target(world.a.supervisor, series.metric, world.a.department, value, day, "For all")
    clock_at(dt.datetime(2024, 9, 1, 9, tzinfo=dt.UTC))
    ended(world, agreed)
    clock_at(dt.datetime(2025, 2, 1, 9, tzinfo=dt.UTC))
    analysing.analyse_series([series.pk])

    assert judged(series) == {month: 90 if month < 9 else 70 if month < 11 else 75 for month in range(1, 13)}
    assert analysis_of(series).target == 75


def test_until_a_unit_has_its_own_that_of_the_unit_above_holds(world, series, clock_at):
    clock_at(dt.datetime(2024, 1, 2, 9, tzinfo=dt.UTC))
    targets.set_target(world.a.supervisor, series.metric, world.a.department, 70, BEGAN, "For all")
    clock_at(dt.datetime(2024, 8, 15, 9, tzinfo=dt.UTC))
    targets.set_target(world.a.supervisor, series.metric, world.a.team, 90, ENDS, "Our own")
    analysing.analyse_series([series.pk])
    assert analysis_of(series).target == 70

    clock_at(dt.datetime(2025, 2, 1, 9, tzinfo=dt.UTC))
    analysing.analyse_series([series.pk])
    assert judged(series) == {month: 70 if month < 9 else 90 for month in range(1, 13)}
    row = Analysis.objects.get(series=series)
    assert (row.target, row.outlook["of"]) == (90, 13)


def test_a_new_target_after_an_end_holds_again(world, series, agreed, clock_at):
    clock_at(dt.datetime(2024, 9, 1, 9, tzinfo=dt.UTC))
    end = ended(world, agreed)
    targets.set_target(world.a.supervisor, series.metric, world.a.team, 60, dt.date(2024, 11, 1), "A new plan")
    clock_at(dt.datetime(2025, 2, 1, 9, tzinfo=dt.UTC))
    targets.supersede_due()
    analysing.analyse_series([series.pk])

    assert judged(series) == {month: 90 if month < 9 else None if month < 11 else 60 for month in range(1, 13)}
    assert Target.objects.get(pk=end.pk).state == states.SUPERSEDED


@pytest.mark.parametrize(("kind", "upper"), [("benchmark", None), ("tolerance", 95)])
def test_benchmarks_and_tolerances_end_too(world, series, kind, upper, clock_at):
    clock_at(dt.datetime(2024, 1, 2, 9, tzinfo=dt.UTC))
    one = targets.set_target(
        world.a.supervisor, series.metric, world.a.team, 90, BEGAN, "As agreed", kind=kind, upper=upper
    )
    clock_at(dt.datetime(2024, 9, 1, 9, tzinfo=dt.UTC))
    ended(world, one)

    rows = rows_of(analysis_of(series))
    told = [(row.benchmark, row.tolerance) for row in (rows[7], rows[8])]
    assert told == [((90, None) if kind == "benchmark" else (None, (90, 95))), (None, None)]


def test_what_cannot_be_ended_is_refused(world, series, agreed):
    with pytest.raises(PermissionDenied):
        targets.end(world.a.colleague, agreed, ENDS, "Please")
    with pytest.raises(Refused) as refused:
        targets.end(world.a.team_lead, agreed, ENDS, "  ")
    assert refused.value.code == "no_reason"
    first = targets.end(world.a.team_lead, agreed, ENDS, "The plan is over")
    for one, code in ((agreed, "ending_already"), (first, "not_now")):
        with pytest.raises(Refused) as refused:
            targets.end(world.a.supervisor, one, ENDS, "Again")
        assert refused.value.code == code
    targets.turn_down(world.a.supervisor, first, "It goes on")
    assert targets.end(world.a.team_lead, agreed, ENDS, "Now it is over").state == states.PROPOSED


def test_the_pages_offer_it_and_tell_it(world, series, agreed, client_of):
    lead, supervisor = client_of(world.a.team_lead), client_of(world.a.supervisor)
    offered = f'href="/targets/{agreed.pk}/end"'
    assert offered in lead.get(agreed.get_absolute_url()).content.decode()
    assert offered not in client_of(world.a.colleague).get(agreed.get_absolute_url()).content.decode()

    assert lead.post(f"/targets/{agreed.pk}/end", {"from_day": "2024-09-01", "reason": ""}).status_code == 422
    past = lead.post(f"/targets/{agreed.pk}/end", {"from_day": "2024-01-01", "reason": "The plan is over"})
    assert (past.status_code, Target.objects.filter(**OPEN).count()) == (422, 0)
    assert "That day has passed, and what was then stays judged by what held then." in past.content.decode()
    answer = lead.post(f"/targets/{agreed.pk}/end", {"from_day": "2024-09-01", "reason": "The plan is over"})

    made = Target.objects.get(**OPEN)
    assert answer.url == made.get_absolute_url()
    page = lead.get(agreed.get_absolute_url()).content.decode()
    assert offered not in page
    assert "It has been proposed to end it from 1 September 2024 on." in page
    assert f'href="{made.get_absolute_url()}"' in page
    assert "Approve the end" in supervisor.get(made.get_absolute_url()).content.decode()
    supervisor.post(f"/targets/{made.pk}/approve", {"word": ""})
    listed = lead.get(f"/metrics/{series.metric_id}/targets").content.decode()
    assert "the end of target 90" in listed and "The plan is over" in listed


def test_what_is_proposed_stands_where_the_form_would(world, series, agreed, client_of):
    """Each reads what they may do about it, and a form that was open all the while loses no word."""
    made = targets.end(world.a.team_lead, agreed, ENDS, "The plan is over")
    address, link = f"/targets/{agreed.pk}/end", f'href="{made.get_absolute_url()}"'
    lead, supervisor = client_of(world.a.team_lead), client_of(world.a.supervisor)
    pages = {name: who.get(address).content.decode() for name, who in (("own", lead), ("decides", supervisor))}

    for page in pages.values():
        assert "Its end has been proposed already" in page and "1 September 2024" in page and "The plan is over" in page
        assert link in page and 'name="reason"' not in page
    assert f'action="/targets/{made.pk}/withdraw"' in pages["own"] and "Decide on the proposal" not in pages["own"]
    assert "/withdraw" not in pages["decides"] and "Decide on the proposal" in pages["decides"]

    late = supervisor.post(address, {"from_day": "2024-10-01", "reason": "Mine is better"})
    assert (late.status_code, Target.objects.filter(**OPEN).count()) == (422, 1)
    assert "has been proposed already and waits" in late.content.decode()
    assert "Mine is better" in late.content.decode() and link in late.content.decode()

    lead.post(f"/targets/{made.pk}/withdraw")
    assert 'name="reason"' in lead.get(address).content.decode()


def test_what_is_over_has_no_form_to_end_it(world, series, agreed, client_of, clock_at):
    clock_at(dt.datetime(2024, 9, 1, 9, tzinfo=dt.UTC))
    end = ended(world, agreed)
    page = client_of(world.a.team_lead).get(f"/targets/{end.pk}/end").content.decode()
    assert "Only what is in force can be ended." in page and 'name="reason"' not in page


def test_a_withdrawn_proposal_was_proposed_not_set(world, series, agreed, client_of):
    made = targets.end(world.a.team_lead, agreed, ENDS, "The plan is over")
    lead = client_of(world.a.team_lead)
    assert lead.post(f"/targets/{made.pk}/withdraw").status_code == 302
    page = lead.get(made.get_absolute_url()).content.decode()
    assert "Proposed by" in page and "Set by" not in page
    assert "Set by" in lead.get(agreed.get_absolute_url()).content.decode()
