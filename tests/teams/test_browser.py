"""The pages of teams as a browser shows them: nothing that axe finds, nothing wider than a phone."""

import pytest
from django.core import mail
from django.urls import reverse

from teams.models import Person, Unit
from tests.gates.teams import scene
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.once]


def addresses(at):
    side = at.side
    return [
        "/me",
        "/stand-ins",
        "/password-change",
        "/drafts",
        "/admin",
        "/people",
        "/people?q=nobody-of-this-name",
        "/people/invite",
        reverse("person", args=[side.team_lead.pk]),
        reverse("person", args=[at.invited.pk]),
        reverse("hand-over", args=[side.supervisor.pk]),
        "/units",
        reverse("unit", args=[side.team.pk]),
        "/trail",
        f"/trail/{at.entry.number}",
        "/no-such-page",
    ]


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(world, page_of, axe, width):
    at = scene(world.a)
    page = page_of(world.a.administrator, width)
    wrong = {}
    for address in addresses(at):
        page.goto(address)
        found = axe(page)
        if page.evaluate("document.documentElement.scrollWidth") > width:
            found.append(("wider than the screen", address))
        if found:
            wrong[address] = found
    assert wrong == {}


@pytest.mark.parametrize("address", ["/sign-in", "/password-reset", "/about"])
def test_a_stranger_finds_pages_that_axe_accepts(world, page_of, axe, address):
    page = page_of(None, 390)
    page.goto(address)
    assert axe(page) == []


def test_the_first_page(transactional_db, page_of, axe):
    page = page_of(None)
    page.goto("/")
    assert page.url.endswith("/start")
    assert axe(page) == []
    for label, text in {
        "Your organisation": "Alder Group",
        "Your name": "Arthur",
        "Your e-mail address": "a@alder.example",
    }.items():
        page.get_by_label(label).fill(text)
    page.get_by_label("New password", exact=False).first.fill("seven purple otters sing")
    page.get_by_label("New password, once more").fill("seven purple otters sing")
    page.get_by_role("button", name="Set up the workspace").click()
    page.wait_for_url("**/")
    assert Person.objects.get().email == "a@alder.example"


def test_signs_in_types_loses_the_session_and_has_the_words_back(world, page_of):
    page = page_of(None)
    page.goto("/sign-in")
    page.get_by_label("E-mail address").fill(world.a.administrator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.wait_for_url("**/")
    page.goto(reverse("unit", args=[world.a.team.pk]))
    page.get_by_role("textbox", name="Name").fill("Alder Front Desk")
    page.context.clear_cookies(name="sessionid")
    page.get_by_role("button", name="Save the unit").click()
    page.get_by_text("What you typed is kept").wait_for()
    page.get_by_label("E-mail address").fill(world.a.administrator.email)
    page.get_by_label("Password").fill(PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    page.get_by_text("Alder Front Desk").wait_for()
    page.get_by_role("button", name="Save it now").click()
    page.get_by_text("The unit is saved.").wait_for()
    assert Unit.objects.get(pk=world.a.team.pk).name == "Alder Front Desk"


def test_a_button_pressed_twice_sends_its_form_once(world, page_of):
    page = page_of(world.a.administrator)
    page.goto(reverse("unit", args=[world.a.team.pk]))
    page.get_by_role("textbox", name="Name").fill("Alder Front Desk")
    # Two presses while the first is still on its way: how many are let through.
    passed = page.get_by_role("button", name="Save the unit").evaluate(
        """button => {
            let passed = 0;
            const count = event => { passed += !event.defaultPrevented; event.preventDefault(); };
            window.addEventListener("submit", count);
            button.click();
            button.click();
            window.removeEventListener("submit", count);
            return passed;
        }"""
    )
    assert passed == 1


def test_filtering_a_list_does_not_load_the_page_anew(world, page_of):
    page = page_of(world.a.administrator)
    page.goto("/people")
    page.evaluate("window.stays = true")
    page.get_by_label("Role").select_option("team_lead")
    page.wait_for_url("**/people?*role=team_lead*")
    page.get_by_text("2 rows").wait_for()
    assert page.evaluate("window.stays") is True


def test_invites_by_hand(world, page_of):
    page = page_of(world.a.administrator)
    page.goto("/people")
    page.get_by_role("link", name="Invite somebody").click()
    page.get_by_label("Name").fill("Ainur Alder")
    page.get_by_label("E-mail address").fill("ainur@alder.example")
    page.get_by_label("For the unit").select_option(label="\u2003\u2003Alder Team North")
    page.get_by_role("button", name="Send the invitation").click()
    page.get_by_text("Ainur Alder is invited").wait_for()
    assert [message.to for message in mail.outbox] == [["ainur@alder.example"]]
