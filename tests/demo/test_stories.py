"""The demonstration shows a review, a paper and an action in every state, and its trail holds."""

from collections import Counter

import pytest

from cxreview.demo import data
from improvements.models import Action, OutcomeCheck, Recommendation, Submission
from jobs.models import Job
from metrics.models import Agreement, Case, Certainty, Comparison, Inquiry, Mark, Series, Signal, Survey, Target, Upload
from reviews import states
from reviews.freezing import fingerprint
from reviews.models import Amendment, Conclusion, Finding, Review, Round
from teams import trail
from teams.models import Person, Role, TrailEntry, Workspace

pytestmark = pytest.mark.django_db


def states_of(model):
    return Counter(model.objects.values_list("state", flat=True))


def test_it_says_that_it_is_invented(demo):
    workspace = Workspace.objects.get()
    assert workspace.is_demo
    assert "invented" in workspace.name


def test_there_is_a_person_in_every_role(demo):
    assert set(Role.objects.values_list("name", flat=True)) == set(Role.Name.values)
    assert not Person.objects.exclude(email__endswith="@demo.example").exists()


def test_there_is_a_review_in_every_state(demo):
    assert set(states_of(Review)) == set(Review.State.values)
    assert Review.objects.filter(state=states.PLANNED, asked_agreement_at__isnull=False).count() == 1
    assert Review.objects.filter(state=states.PLANNED).exclude(sent_back="").count() == 1


def test_one_round_is_open_and_others_are_revealed(demo):
    assert states_of(Round)[states.OPEN] == 1
    assert states_of(Round)[states.ROUND_CLOSED] >= 3
    assert Round.objects.get(state=states.OPEN).review.state == states.UNDER_WAY


def test_findings_recommendations_and_papers_are_in_every_state(demo):
    assert set(states_of(Finding)) == set(Finding.State.values)
    assert set(states_of(Recommendation)) == set(Recommendation.State.values)
    assert set(states_of(Submission)) == set(Submission.State.values)


def test_actions_are_in_every_state_that_a_verb_leads_to(demo):
    assert set(states_of(Action)) == set(Action.State.values)
    verdicts = OutcomeCheck.objects.order_by("verdict").values_list("offered", "verdict")
    assert list(verdicts) == [
        ("effective", "effective"),
        ("effective", "effective"),
        ("effective", "effective"),
        ("sustained", "lapsed"),
        ("not_effective", "not_effective"),
        ("sustained", "sustained"),
        ("too_early", "too_early"),
    ]


def test_uploads_are_done_refused_cancelled_and_undone(demo):
    assert set(states_of(Upload)) == {"done", "refused", "cancelled", "undone"}
    assert states_of(Job) == {"done": Job.objects.count()}


def test_the_charts_carry_targets_marks_and_acknowledged_signals(demo):
    assert Target.objects.count() >= 6
    assert set(Mark.objects.values_list("kind", flat=True)) == set(Mark.Kind.values)
    assert set(states_of(Signal)) == set(Signal.State.values)


def test_the_trail_verifies_and_runs_forward_in_time(demo):
    verdict = trail.verify()
    assert (verdict.bad, verdict.why) == (None, "")
    assert verdict.entries > 300
    moments = list(TrailEntry.objects.order_by("number").values_list("at", flat=True))
    assert moments == sorted(moments)
    assert moments[-1] <= demo


def test_frozen_plans_and_papers_verify_against_their_hashes(demo):
    frozen = Review.objects.exclude(plan_hash="")
    assert frozen.count() >= 5
    assert [review.plan_hash for review in frozen] == [fingerprint(review.plan) for review in frozen]
    papers = Submission.objects.all()
    assert [paper.state_hash for paper in papers] == [fingerprint(paper.beneath) for paper in papers]
    assert Amendment.objects.count() == 1


def test_nobody_decides_on_their_own_paper_or_reads_their_own_outcome(demo):
    for paper in Submission.objects.all():
        assert paper.author_id != paper.decision_maker_id
    for check in OutcomeCheck.objects.all():
        assert check.owner_id != check.verifier_id


def test_conclusions_follow_their_rules(demo):
    concluded = Conclusion.objects.exclude(rule_result=states.NOT_ENOUGH)
    assert concluded.count() >= 5
    assert all(conclusion.rating == conclusion.rule_result for conclusion in concluded)


def test_a_survey_a_proposal_questions_and_comparisons_can_be_seen(demo):
    assert Certainty.objects.exists()
    assert states_of(Target)["proposed"] == 1
    assert states_of(Inquiry) == {"asked": 1, "answered": 1}
    assert {one["seasonal"] for one in Comparison.objects.values_list("facts", flat=True) if one} == {True, False}
    assert set(Survey.objects.values_list("kind", flat=True)) == {"share", "mean"}


def test_the_agreement_of_those_who_score_calls_can_be_seen_to_fall(demo):
    series = Series.objects.get(metric__derived="agreement")
    facts = Agreement.objects.get(series=series).facts
    assert (facts["statistic"], len(facts["periods"])) == ("alpha_interval", data.CALIBRATED)
    early, late = (
        sum(one["value"] for one in part) / len(part)
        for part in (facts["periods"][: data.ASTRAY], facts["periods"][data.ASTRAY :])
    )
    assert early > 0.75 > 0.6 > late
    assert "INVENTED" in Case.objects.filter(source=series.metric.source).first().external_id
