"""Findings: two people editing one, merging, agreeing, addressing. Nobody's text is lost (R25)."""

import re

import pytest
from django.core.exceptions import PermissionDenied
from django.db import transaction
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st
from hypothesis.extra.django import TestCase

from reviews import workflow
from reviews.models import Evidence, Finding, Subject
from reviews.queries import findings as queries
from teams.models import Draft, TrailEntry
from teams.refusals import Conflict, Refused
from tests.reviews import making
from tests.world import build

pytestmark = pytest.mark.django_db

TEXTS = ("title", "condition", "effect", "cause")


@pytest.fixture
def finding(world):
    review = making.under_way(world.a, world.a.team)
    values = {"title": "Letters wait", "condition": "Nine days on the desk.", "effect": "", "cause": ""}
    return workflow.write_finding(world.a.supervisor, review, values)


def opened(browser, finding):
    """The fields of the form as a browser holds them."""
    page = browser.get(finding.get_absolute_url())
    form = page.context["form"]
    fields = {name: form[name].value() for name in form.fields}
    fields["base"] = re.search(r'name="base" value="([^"]*)"', page.content.decode())[1].replace("&quot;", '"')
    return {name: "" if value is None else value for name, value in fields.items()}


def test_two_people_change_different_words_and_both_stay(world, client_of, finding):
    one, other = client_of(world.a.supervisor), client_of(world.a.team_lead)
    ours, theirs = opened(one, finding), opened(other, finding)
    first = one.post(finding.get_absolute_url(), {**ours, "effect": "Customers write again."})
    second = other.post(finding.get_absolute_url(), {**theirs, "cause": "One scanner."})
    now = making.again(finding)
    assert (first.status_code, second.status_code) == (302, 302)
    assert (now.effect, now.cause, now.version) == ("Customers write again.", "One scanner.", 3)


def test_two_people_change_the_same_words_and_nobodys_text_is_lost(world, client_of, finding):
    one, other = client_of(world.a.supervisor), client_of(world.a.team_lead)
    ours, theirs = opened(one, finding), opened(other, finding)
    one.post(finding.get_absolute_url(), {**ours, "cause": "One scanner only."})
    answer = other.post(finding.get_absolute_url(), {**theirs, "cause": "The scanner breaks.", "effect": "Waiting."})
    page = answer.content.decode()
    assert answer.status_code == 409
    assert ("One scanner only." in page, "The scanner breaks." in page) == (True, True)
    assert making.again(finding).cause == "One scanner only."
    assert Draft.objects.get(person=world.a.team_lead).words == {
        "cause": "The scanner breaks.",
        "effect": "Waiting.",
    }


def test_the_same_change_twice_is_no_conflict(world, client_of, finding):
    one, other = client_of(world.a.supervisor), client_of(world.a.team_lead)
    ours, theirs = opened(one, finding), opened(other, finding)
    codes = [
        browser.post(finding.get_absolute_url(), {**fields, "cause": "One scanner."}).status_code
        for browser, fields in ((one, ours), (other, theirs))
    ]
    assert codes == [302, 302]


def test_an_untouched_text_of_several_lines_is_not_taken_for_a_change(world, client_of, finding):
    """Browsers send line ends in two characters; the form knows that nothing was typed."""
    browser = client_of(world.a.supervisor)
    browser.post(finding.get_absolute_url(), {**opened(browser, finding), "cause": "One.\r\nTwo."})
    entries = TrailEntry.objects.count()
    fields = opened(browser, finding)
    browser.post(finding.get_absolute_url(), {**fields, "cause": "One.\r\nTwo."})
    assert (making.again(finding).cause, TrailEntry.objects.count()) == ("One.\nTwo.", entries)


def test_an_edit_meets_an_agreement(world, client_of, finding):
    """Agreed meanwhile: the edit stands and the finding is a draft again, so that nobody agreed words unseen."""
    workflow.link_evidence(world.a.supervisor, finding, "note", "", "Counted.")
    browser = client_of(world.a.team_lead)
    fields = opened(browser, finding)
    workflow.agree_finding(world.a.supervisor, finding)
    browser.post(finding.get_absolute_url(), {**fields, "cause": "One scanner."})
    now = making.again(finding)
    assert (now.state, now.cause) == ("draft", "One scanner.")


def test_an_edit_of_a_merged_finding_is_refused_and_what_was_typed_is_shown(world, client_of, finding):
    browser = client_of(world.a.supervisor)
    fields = opened(browser, finding)
    other = workflow.write_finding(world.a.supervisor, finding.review, {"title": "Post is slow"})
    workflow.merge_finding(world.a.supervisor, finding, other)
    answer = browser.post(finding.get_absolute_url(), {**fields, "cause": "One scanner."})
    assert answer.status_code == 422
    assert "One scanner." in answer.content.decode()


class TestManyPeople(TestCase):
    """Random schedules of people who open, write and save: what is typed is in the row, in its history or a draft."""

    @settings(max_examples=25, deadline=None, derandomize=True, suppress_health_check=list(HealthCheck))
    @given(
        st.lists(
            st.tuples(
                st.integers(0, 3),
                st.sampled_from(["open", "save"]),
                st.dictionaries(st.sampled_from(TEXTS[1:]), st.text("abcdefgh ", min_size=1, max_size=8), min_size=1),
            ),
            min_size=4,
            max_size=24,
        )
    )
    def test_no_character_is_lost(self, schedule):
        with transaction.atomic():
            self.run_schedule(schedule)
            transaction.set_rollback(True)

    def run_schedule(self, schedule):
        world = build()
        alder = world.a
        people = [alder.supervisor, alder.second_supervisor, alder.team_lead, alder.supervisor]
        review = making.under_way(alder, alder.team)
        finding = workflow.write_finding(alder.supervisor, review, {"title": "Letters wait"})
        forms = {}
        for place, what, words in schedule:
            current = making.again(finding)
            if what == "open" or place not in forms:
                forms[place] = (current.version, {name: getattr(current, name) for name in TEXTS})
                continue
            version, base = forms.pop(place)
            mine = {**base, **{name: text.strip() or "x" for name, text in words.items()}}
            try:
                workflow.edit_finding(people[place], finding, version, base, mine)
            except Conflict as conflict:
                draft = Draft.objects.get(pk=conflict.draft_id)
                typed = {name: text for name, text in mine.items() if text != base[name]}
                assert draft.words == typed
            else:
                now = making.again(finding)
                assert {name: getattr(now, name) for name in mine if mine[name] != base[name]} == {
                    name: text for name, text in mine.items() if text != base[name]
                }
        self.nothing_vanished(finding)

    def nothing_vanished(self, finding):
        """Each value the row ever had stands in the trail: as what was written and, replaced, as what was before."""
        last = {}
        edits = TrailEntry.objects.filter(verb="edit_finding", object_id=str(finding.pk)).order_by("number")
        for entry in edits:
            for name in entry.after:
                if name in last:
                    assert entry.before[name] == last[name]
                last[name] = entry.after[name]
        now = making.again(finding)
        assert {name: getattr(now, name) for name in last} == last


# Agree, merge, address


def test_a_finding_is_agreed_with_words_and_evidence_only(world):
    alder = world.a
    review = making.under_way(alder)
    bare = workflow.write_finding(alder.supervisor, review, {"title": "Late"})
    with pytest.raises(Refused) as refused:
        workflow.agree_finding(alder.supervisor, bare)
    assert refused.value.code == "no_condition"
    workflow.edit_finding(alder.supervisor, bare, 1, {"condition": ""}, {"condition": "Half of them."})
    with pytest.raises(Refused) as refused:
        workflow.agree_finding(alder.supervisor, bare)
    assert refused.value.code == "no_evidence"
    workflow.link_evidence(alder.supervisor, bare, "note", "", "Counted in May.")
    assert workflow.agree_finding(alder.supervisor, bare).state == "agreed"


def test_a_team_lead_raises_and_writes_but_does_not_agree(world, finding):
    lead = world.a.team_lead
    workflow.link_evidence(lead, finding, "note", "", "Counted.")
    with pytest.raises(PermissionDenied):
        workflow.agree_finding(lead, finding)


def test_merging_takes_the_evidence_along(world, finding):
    alder = world.a
    other = workflow.write_finding(alder.supervisor, finding.review, {"title": "Post is slow"})
    workflow.link_evidence(alder.supervisor, finding, "note", "", "Counted.")
    workflow.merge_finding(alder.supervisor, finding, other)
    now = making.again(finding)
    assert (now.state, now.merged_into, Evidence.objects.get().finding) == ("merged", other, other)
    assert [column.size for column in queries.board(finding.review)] == [1, 0, 0]


def test_a_finding_is_not_merged_into_itself_a_merged_one_or_another_reviews(world, finding):
    alder = world.a
    elsewhere = workflow.write_finding(alder.supervisor, making.under_way(alder), {"title": "Other"})
    for into in (finding, elsewhere):
        with pytest.raises(Refused) as refused:
            workflow.merge_finding(alder.supervisor, finding, into)
        assert refused.value.code == "cannot_merge"


def test_a_reason_for_nothing_addresses_an_agreed_finding(world, client_of, finding):
    alder = world.a
    workflow.link_evidence(alder.supervisor, finding, "note", "", "Counted.")
    workflow.agree_finding(alder.supervisor, finding)
    browser = client_of(alder.supervisor)
    assert browser.post(reverse("give-reason", args=[finding.pk]), {"reason": ""}).status_code == 422
    browser.post(reverse("give-reason", args=[finding.pk]), {"reason": "The scanner is replaced in May."})
    now = making.again(finding)
    assert (now.state, now.reason_for_none) == ("addressed", "The scanner is replaced in May.")
    browser.post(reverse("open-finding-again", args=[finding.pk]))
    now = making.again(finding)
    assert (now.state, now.reason_for_none) == ("agreed", "")


def test_a_finding_from_an_answer_holds_no_name(world):
    alder = world.a
    review = making.under_way(alder)
    asked = making.a_round(alder, review)
    making.answer_all(alder.colleague, asked, comment="Asked twice.")
    workflow.close_round(alder.supervisor, asked)
    answer = asked.questions.first().answers.get()
    finding = workflow.raise_finding(alder.supervisor, review, "answer", str(answer.pk))
    facts = finding.evidence.get().facts
    assert finding.title == "Read the message: Asked twice."
    assert sorted(facts) == ["about", "answer", "choice", "comment", "question", "round", "seat", "subject"]
    assert "Anna" not in str(facts) + finding.condition


def test_a_judgement_of_another_review_is_no_evidence_here(world):
    alder = world.a
    here, there = making.under_way(alder), making.under_way(alder)
    step = Subject.objects.filter(review=there).first()
    judged = workflow.judge(alder.supervisor, step, "cost", 0, {}, making.judgement())
    with pytest.raises(Exception) as raised:
        workflow.raise_finding(alder.supervisor, here, "judgement", str(judged.pk))
    assert (type(raised.value).__name__, Finding.objects.count()) == ("Http404", 0)
