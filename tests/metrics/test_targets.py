"""Targets: proposed by one, decided by another, and history judged by what held then."""

import datetime as dt

import pytest
from django.core.exceptions import PermissionDenied
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from jobs import workflow as jobs
from metrics import analysing, states
from metrics.models import Analysis, Target
from metrics.queries.analyses import analysis_of, rows_of
from metrics.workflow import surveys, targets
from notices.models import Notice
from teams.models import TrailEntry
from teams.refusals import Refused
from tests.metrics import making

DAY = dt.date(2024, 6, 1)


@pytest.fixture
def series(world):
    made = making.series(making.metric(world.a.department, measure="%"), world.a.team, making.STEADY)
    analysing.analyse_series([made.pk])
    return made


@pytest.fixture
def proposal(world, series):
    return targets.propose(world.a.team_lead, series, world.a.team, 52.5, DAY, "We have settled")


def test_a_proposal_waits_for_those_who_may_approve(world, proposal):
    assert (proposal.state, proposal.facts["outlook"]["n"]) == (states.PROPOSED, 13)
    told = Notice.objects.filter(kind="metrics.approve_target", waits=True, settled_at=None)
    people = {world.a.supervisor, world.a.second_supervisor, world.a.decision_maker}
    assert {one.person for one in told} == people
    assert TrailEntry.objects.latest("number").verb == "propose_target"


def test_a_proposal_decides_nothing_until_it_is_approved(world, series, proposal, clock_at):
    analysing.analyse_series([series.pk])
    assert Analysis.objects.get(series=series).target is None

    clock_at(dt.datetime(2024, 9, 2, 9, tzinfo=dt.UTC))
    approved = targets.approve(world.a.supervisor, proposal, "Good")
    jobs.run_pending()

    # Its day has passed: it holds from today on, so that what was before is not judged anew.
    assert (approved.state, approved.from_day, approved.decided_by) == (
        states.IN_FORCE,
        dt.date(2024, 9, 2),
        world.a.supervisor,
    )
    assert Analysis.objects.get(series=series).target == 52.5
    assert Notice.objects.filter(kind="metrics.approve_target", settled_at=None).count() == 0
    assert Notice.objects.get(kind="metrics.target_approved").person == world.a.team_lead


def test_a_day_that_has_passed_cannot_be_proposed(world, series, client_of, clock_at):
    """Whoever decides cannot put it into force for days that are over, so it is said before anybody reads it."""
    clock_at(dt.datetime(2024, 9, 2, 9, tzinfo=dt.UTC))
    client = client_of(world.a.team_lead)
    given = {"unit": world.a.team.pk, "value": "52.5", "reason": "What we can do", "source": "Plan"}

    answer = client.post(f"/series/{series.pk}/target/propose", {**given, "from_day": "2024-09-01"})
    assert (answer.status_code, Target.objects.count()) == (422, 0)
    assert "That day has passed" in answer.content.decode() and "What we can do" in answer.content.decode()

    assert client.post(f"/series/{series.pk}/target/propose", {**given, "from_day": "2024-09-02"}).status_code == 302


def test_a_proposal_whose_day_passed_while_it_waited_says_when_it_begins(world, series, proposal, client_of, clock_at):
    address, said = proposal.get_absolute_url(), "once approved it comes into force on the day of the approval"
    clock_at(dt.datetime.combine(proposal.from_day, dt.time(9), dt.UTC))
    assert said not in client_of(world.a.team_lead).get(address).content.decode()

    clock_at(dt.datetime.combine(proposal.from_day, dt.time(9), dt.UTC) + dt.timedelta(days=1))
    assert said in client_of(world.a.team_lead).get(address).content.decode()
    assert "or today if that day has passed" in client_of(world.a.supervisor).get(address).content.decode()


def test_nobody_approves_what_they_proposed(world, series):
    mine = targets.propose(world.a.supervisor, series, world.a.team, 52, DAY, "Mine")

    with pytest.raises(Refused) as refused:
        targets.approve(world.a.supervisor, mine)

    assert refused.value.code == "own_proposal"
    with pytest.raises(IntegrityError), transaction.atomic():
        Target.objects.filter(pk=mine.pk).update(decided_by=mine.person, decided_at=mine.at)
    assert targets.approve(world.a.decision_maker, mine).state == states.IN_FORCE


def test_who_may_not_is_shut_out(world, series, proposal):
    with pytest.raises(PermissionDenied):
        targets.approve(world.a.team_lead, proposal)
    with pytest.raises(PermissionDenied):
        targets.propose(world.a.colleague, series, world.a.team, 52, DAY, "Please")


def test_turned_down_with_a_reason(world, proposal):
    with pytest.raises(Refused) as refused:
        targets.turn_down(world.a.supervisor, proposal, " ")
    assert refused.value.code == "no_reason"

    said = targets.turn_down(world.a.supervisor, proposal, "Not before the new phones")

    assert (said.state, said.word) == (states.TURNED_DOWN, "Not before the new phones")
    assert Notice.objects.get(kind="metrics.target_turned_down").person == world.a.team_lead
    with pytest.raises(Refused) as refused:
        targets.approve(world.a.supervisor, proposal)
    assert refused.value.code == "not_now"


def test_a_proposal_is_withdrawn_by_who_made_it(world, proposal):
    with pytest.raises(PermissionDenied):
        targets.withdraw(world.a.supervisor, proposal)

    assert targets.withdraw(world.a.team_lead, proposal).state == states.WITHDRAWN

    assert Notice.objects.filter(kind="metrics.approve_target", settled_at=None).count() == 0
    assert TrailEntry.objects.latest("number").verb == "withdraw_target"
    for late in (
        lambda: targets.withdraw(world.a.team_lead, proposal),
        lambda: targets.approve(world.a.supervisor, proposal),
    ):
        with pytest.raises(Refused) as refused:
            late()
        assert refused.value.code == "not_now"


def test_only_who_proposed_is_offered_to_withdraw(world, proposal, client_of):
    offered = f'action="/targets/{proposal.pk}/withdraw"'
    page = f"/targets/{proposal.pk}"

    assert offered in client_of(world.a.team_lead).get(page).content.decode()
    assert offered not in client_of(world.a.supervisor).get(page).content.decode()
    assert client_of(world.a.team_lead).post(f"{page}/withdraw").status_code == 302
    assert offered not in client_of(world.a.team_lead).get(page).content.decode()


def test_a_benchmark_and_a_tolerance_decide_nothing(world, series):
    supervisor, team = world.a.supervisor, world.a.team
    targets.set_target(supervisor, series.metric, team, 45, DAY, "Agreed", source="Plan")
    targets.set_target(supervisor, series.metric, team, 90, DAY, "The best in the field", kind="benchmark")
    targets.set_target(supervisor, series.metric, team, 48, DAY, "As agreed", kind="tolerance", upper=53)
    jobs.run_pending()

    analysis = analysis_of(series)
    assert (analysis.target, Target.objects.filter(state=states.IN_FORCE).count()) == (45, 3)
    last = rows_of(analysis)[-1]
    assert (last.target, last.benchmark, last.tolerance) == (45, 90, (48, 53))
    assert rows_of(analysis)[0].benchmark is None


def test_a_tolerance_is_a_band(world, series):
    for kind, upper in (("tolerance", None), ("tolerance", 40), ("target", 60)):
        with pytest.raises(Refused) as refused:
            targets.set_target(
                world.a.supervisor, series.metric, world.a.team, 48, DAY, "As agreed", kind=kind, upper=upper
            )
        assert refused.value.code == "no_band"


@pytest.mark.parametrize(
    ("kind", "value", "upper", "field"),
    [
        ("target", 150, None, "value"),
        ("target", -1, None, "value"),
        ("benchmark", 101, None, "value"),
        ("tolerance", 90, 101, "upper"),
    ],
)
def test_what_no_share_can_reach_is_no_target(world, kind, value, upper, field):
    metric = making.metric(world.a.department, kind="proportion", scale=100, measure="%")
    with pytest.raises(Refused) as refused:
        targets.set_target(world.a.supervisor, metric, world.a.team, value, DAY, "Plan", kind=kind, upper=upper)
    assert (list(refused.value.fields), Target.objects.count()) == ([field], 0)

    for end in (0, 100):
        made = targets.set_target(world.a.supervisor, metric, world.a.team, end, DAY, "Plan")
        assert made.value == end
    Target.objects.filter(pk=made.pk).update(value=150)  # as it could be agreed once
    made.refresh_from_db()
    assert targets.end(world.a.team_lead, made, dt.date(2030, 1, 1), "Never to be met").ends


def test_the_pages_tell_and_decide(world, series, proposal, client_of):
    lead, supervisor = client_of(world.a.team_lead), client_of(world.a.supervisor)
    page = lead.get(f"/metrics/{series.metric_id}/targets").content.decode()
    assert "Commit" in page and "met 9 times in 10" in page and "We have settled" in page
    assert "somebody else decides on it" in lead.get(proposal.get_absolute_url()).content.decode()

    answer = supervisor.post(f"/targets/{proposal.pk}/turn-down", {"word": ""})
    assert answer.status_code == 422
    answer = supervisor.post(f"/targets/{proposal.pk}/approve", {"word": "Yes"})

    assert answer.url == proposal.get_absolute_url()
    assert "in force" in supervisor.get(proposal.get_absolute_url()).content.decode()


def test_the_page_costs_the_same_with_more_places(world, client_of, django_assert_max_num_queries):
    metric = making.metric(world.a.department)
    for unit in (world.a.team, world.a.other_team, world.a.department):
        analysing.analyse_series([making.series(metric, unit, making.STEADY).pk])
    client = client_of(world.a.supervisor)
    client.get("/metrics")

    with django_assert_max_num_queries(15):
        client.get(f"/metrics/{metric.pk}/targets")


@pytest.mark.parametrize("verb", ["approve", "set", "declare"])
def test_what_comes_into_force_at_once_goes_one_after_the_other(world, series, proposal, verb):
    """Two targets approved in the same moment would both be in force; a survey described twice at once broke."""
    if not connection.features.has_select_for_update:
        pytest.skip("only on PostgreSQL: SQLite has one writer at a time anyway")
    verbs = {
        "approve": lambda: targets.approve(world.a.supervisor, proposal),
        "set": lambda: targets.set_target(world.a.supervisor, series.metric, world.a.team, 50, DAY, "Agreed"),
        "declare": lambda: surveys.declare(world.a.supervisor, series.metric, "mean", "no"),
    }
    with CaptureQueriesContext(connection) as asked:
        verbs[verb]()
    locks = [one["sql"] for one in asked if "FOR NO KEY UPDATE" in one["sql"]]
    assert [sql for sql in locks if 'FROM "metrics_metric"' in sql] == locks[:1] != []
