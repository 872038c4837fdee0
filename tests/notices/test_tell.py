"""Who is told what, once, and when it no longer waits."""

import datetime as dt

import pytest

from notices import queries, workflow
from notices.models import Notice, Outbox
from reviews import wording as _kinds  # noqa: F401  registers the kinds that are told here
from teams.models import StandIn

pytestmark = pytest.mark.django_db


def tell(side, *people, **options):
    facts = {"title": "Slow answers", "name": "Anna"}
    kind = options.pop("kind", "tests.agree")
    return workflow.tell(people, kind, side.team, "/units/1", facts, **options)


def test_what_waits_is_a_line_with_its_words(world, clock_at):
    clock_at(dt.date(2026, 3, 3))
    tell(world.a, world.a.decision_maker, waits=True, due_on=dt.date(2026, 3, 2))
    (line,) = queries.waiting_for(world.a.decision_maker)
    assert (line.sentence, line.button, line.url, line.overdue) == (
        "The plan of “Slow answers” waits for you.",
        "Read the plan",
        "/units/1",
        True,
    )


def test_lines_stand_in_the_order_of_their_due_days(world):
    her = world.a.decision_maker
    for day in (None, dt.date(2030, 5, 1), dt.date(2030, 4, 1)):
        tell(world.a, her, waits=True, due_on=day, event=f"event {day}")
    assert [line.due_on for line in queries.waiting_for(her)] == [dt.date(2030, 4, 1), dt.date(2030, 5, 1), None]


def test_the_same_event_told_twice_changes_nothing(world):
    for _time in range(2):
        tell(world.a, world.a.decision_maker, world.a.decision_maker, event="plan 1 put forward")
    assert (Notice.objects.count(), Outbox.objects.count()) == (1, 1)


def test_nobody_gets_a_second_line_for_what_already_waits(world):
    for _time in range(2):
        tell(world.a, world.a.decision_maker, waits=True)
    assert len(queries.waiting_for(world.a.decision_maker)) == 1


def test_what_was_settled_can_wait_again(world):
    her = world.a.decision_maker
    tell(world.a, her, waits=True)
    assert workflow.settle(world.a.team, "tests.agree") == 1
    assert queries.waiting_for(her) == []
    tell(world.a, her, waits=True)
    assert len(queries.waiting_for(her)) == 1


def test_settling_for_one_person_leaves_the_others_waiting(world):
    tell(world.a, world.a.colleague, world.a.second_colleague, waits=True)
    workflow.settle(world.a.team, person=world.a.colleague)
    assert (
        len(queries.waiting_for(world.a.colleague)),
        len(queries.waiting_for(world.a.second_colleague)),
    ) == (0, 1)


def test_news_ask_for_nothing(world):
    tell(world.a, world.a.colleague, kind="tests.done")
    assert queries.waiting_for(world.a.colleague) == []
    assert [line.sentence for line in queries.news_for(world.a.colleague)] == ["Anna has finished “Slow answers”."]


def test_somebody_who_left_is_not_told(world):
    world.a.colleague.is_active = False
    assert tell(world.a, world.a.colleague) == []


def test_a_stand_in_sees_what_waits_for_somebody_away(world, clock_at):
    clock_at(dt.date(2026, 7, 10))
    away, stand_in = world.a.decision_maker, world.a.supervisor
    StandIn.objects.create(person=away, stand_in=stand_in, first_day=dt.date(2026, 7, 1), last_day=dt.date(2026, 7, 31))
    tell(world.a, away, waits=True)
    assert [line.instead_of for line in queries.waiting_for(stand_in)] == [away.name]


def test_a_stand_in_is_not_shown_what_only_the_person_away_can_do(world, clock_at):
    """Their answer and their reading are asked for, nobody else's."""
    clock_at(dt.date(2026, 7, 10))
    away, stand_in = world.a.colleague, world.a.team_lead
    StandIn.objects.create(person=away, stand_in=stand_in, first_day=dt.date(2026, 7, 1), last_day=dt.date(2026, 7, 31))
    for kind in ("reviews.answer", "reviews.answer_reminder", "notices.briefing", "reviews.agree_plan"):
        workflow.tell([away], kind, world.a.team, "/", {}, waits=True)
    assert [line.kind for line in queries.waiting_for(stand_in)] == ["reviews.agree_plan"]
    assert len(queries.waiting_for(away)) == 4


def test_an_unknown_kind_is_a_fault_of_ours(world):
    with pytest.raises(LookupError):
        workflow.tell([world.a.colleague], "tests.nothing", world.a.team, "/", {})
