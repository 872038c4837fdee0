"""What the database itself refuses, whatever a form or a verb would do."""

import pytest
from django.db import IntegrityError, connection, transaction

from improvements.models import Action, Decision, Option, OutcomeCheck, Submission
from teams import clock
from tests.improvements import making

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _day(clock_at):
    clock_at(making.TODAY)


def refused(write):
    with pytest.raises(IntegrityError), transaction.atomic():
        write()
    return True


def test_an_author_cannot_be_named_the_decider(world):
    paper = making.put_forward(world.a)

    def by_sql():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE improvements_submission SET decision_maker_id = author_id WHERE id = %s", [paper.pk])

    copy = Submission(
        recommendation=paper.recommendation,
        number=9,
        author=paper.author,
        decision_maker=paper.author,
        content={},
        beneath={},
        state_hash="",
        at=clock.now(),
    )
    assert refused(by_sql)
    assert refused(lambda: Submission.objects.bulk_create([copy]))


def test_an_author_cannot_decide(world):
    paper = making.approved(world.a)
    made = Decision.objects.get()

    def by_sql():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE improvements_decision SET decider_id = author_id WHERE id = %s", [made.pk])

    copy = Decision(
        submission=paper,
        outcome="approve",
        reason="Mine.",
        author=paper.author,
        decider=paper.author,
        state_hash_now="",
        at=clock.now(),
    )
    assert refused(by_sql)
    assert refused(lambda: Decision.objects.bulk_create([copy]))


@pytest.mark.parametrize(
    "changed",
    [
        {"reason": ""},
        {"outcome": "defer", "until_day": None},
        {"outcome": "approve_conditions", "conditions": ""},
    ],
)
def test_a_decision_says_what_it_must(world, changed):
    making.approved(world.a)
    assert refused(lambda: Decision.objects.update(**changed))


def test_an_owner_cannot_verify(world):
    action = making.proposed(world.a)

    def by_sql():
        with connection.cursor() as cursor:
            cursor.execute("UPDATE improvements_action SET verifier_id = owner_id WHERE id = %s", [action.pk])

    assert refused(by_sql)
    assert refused(lambda: Action.objects.filter(pk=action.pk).update(verifier=action.owner))


def test_an_owner_cannot_give_the_verdict(world):
    action = making.done(world.a)
    check = OutcomeCheck(
        action=action,
        offered="effective",
        verdict="effective",
        owner=action.owner,
        verifier=action.owner,
        at=clock.now(),
    )
    assert refused(lambda: OutcomeCheck.objects.bulk_create([check]))


def test_a_verdict_that_differs_says_why(world):
    action = making.done(world.a)
    check = OutcomeCheck(
        action=action,
        offered="too_early",
        verdict="effective",
        owner=action.owner,
        verifier=action.verifier,
        at=clock.now(),
    )
    assert refused(lambda: OutcomeCheck.objects.bulk_create([check]))


def test_nothing_is_done_without_proof_nor_approved_without_a_verifier(world):
    action = making.done(world.a)
    assert refused(lambda: Action.objects.filter(pk=action.pk).update(proof=""))
    assert refused(lambda: Action.objects.filter(pk=action.pk).update(verifier=None))
    assert refused(lambda: Action.objects.filter(pk=action.pk).update(check_on=None))


def test_doing_nothing_and_being_preferred_are_unique(world):
    thing = making.drafted(world.a)
    assert refused(lambda: Option.objects.create(recommendation=thing, kind="do_nothing", name="Nothing twice"))
    assert refused(lambda: thing.options.update(preferred=True))
