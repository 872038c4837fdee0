"""Board, metric and signal by the keys alone on a phone, without any script and with them."""

import re

import pytest

from metrics.models import Signal
from tests.metrics import making

pytestmark = [pytest.mark.browser, pytest.mark.once]
PHONE = 390


def tab_to(page, words, most=90):
    """Go on with the tabulator key until what has the focus begins with these words."""
    for _turn in range(most):
        page.keyboard.press("Tab")
        focus = page.locator(":focus")
        if not focus.count():
            continue
        if focus.inner_text().strip().startswith(words):
            return focus
    raise AssertionError(f"the keys do not reach “{words}”")


def choose(page, name, words):
    """The choice of a list, gone to with the keys."""
    for _turn in range(60):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("name") == name:
            break
    else:
        raise AssertionError(f"the keys do not reach the list “{name}”")
    options = page.locator(":focus option").all_inner_texts()
    for _step in range([one.strip() for one in options].index(words)):
        page.keyboard.press("ArrowDown")


def board(world):
    concern = making.falling(world.a.team, "A falls")
    making.steady(world.a.team, "B is steady")
    return concern


@pytest.mark.parametrize("scripts", [True, False])
def test_the_board_is_filtered_and_read_by_quadrants(world, page_of, scripts):
    board(world)
    page = page_of(world.a.supervisor, PHONE, java_script_enabled=scripts)
    page.goto("/signals")

    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    choose(page, "metric", "B is steady")
    # Nothing is sent while the keys go through the list.
    assert "metric=" not in page.url
    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"metric=\d+"))
    page.locator("summary", has_text="1 stable metric").wait_for()
    assert page.locator("[data-row-link]").all_text_contents() == ["B is steady"]

    page.goto("/signals")
    tab_to(page, "Quadrants")
    page.keyboard.press("Enter")
    page.wait_for_url("**view=quadrants*")
    tab_to(page, "A falls")
    page.keyboard.press("Enter")
    page.wait_for_url("**/series/*")


def test_the_focus_stays_where_the_list_was_filtered(world, page_of):
    board(world)
    page = page_of(world.a.supervisor)
    page.goto("/signals")
    page.locator(".board-filters > summary").click()
    page.focus("#filter-metric")
    page.keyboard.press("ArrowDown")
    tab_to(page, "Filter")
    page.keyboard.press("Enter")
    page.wait_for_url(re.compile(r"metric=\d+"))
    page.wait_for_function("document.activeElement.id.endsWith('-filter')")


def test_the_mouse_still_sends_a_choice_at_once(world, page_of):
    board(world)
    page = page_of(world.a.supervisor)
    page.goto("/signals")
    page.locator(".board-filters > summary").click()
    page.select_option("#filter-metric", label="A falls")
    page.wait_for_url(re.compile(r"metric=\d+"))


@pytest.mark.parametrize("scripts", [True, False])
def test_from_the_metric_to_the_rows_behind_a_point(world, page_of, scripts):
    one = board(world)
    page = page_of(world.a.supervisor, PHONE, java_script_enabled=scripts)
    page.goto(one.get_absolute_url())

    tab_to(page, "The table behind the chart")
    page.keyboard.press("Enter")
    tab_to(page, "Sep 2025")
    page.keyboard.press("Enter")
    page.wait_for_url("**/points/2025-09-01")


@pytest.mark.parametrize("scripts", [True, False])
def test_the_menu_of_the_metric_opens(world, page_of, scripts):
    one = board(world)
    page = page_of(world.a.supervisor, PHONE, java_script_enabled=scripts)
    page.goto(one.get_absolute_url())

    tab_to(page, "More")
    if scripts:
        page.keyboard.press("Enter")
        page.keyboard.press("ArrowDown")
        page.keyboard.press("ArrowDown")
    link = page.get_by_role("link", name="Set a target")
    assert link.is_visible()
    box = link.bounding_box()
    assert box["x"] >= 0 and box["x"] + box["width"] <= PHONE
    if not scripts:
        tab_to(page, "Set a target", 6)
        page.keyboard.press("Enter")
        page.wait_for_url(f"**{one.get_absolute_url()}/target")


@pytest.mark.parametrize("scripts", [True, False])
def test_a_signal_is_acknowledged(world, page_of, scripts):
    one = board(world)
    signal = Signal.objects.filter(series=one, current=True).first()
    page = page_of(world.a.supervisor, PHONE, java_script_enabled=scripts)
    page.goto(signal.get_absolute_url())

    for _turn in range(90):
        page.keyboard.press("Tab")
        if page.locator(":focus").get_attribute("name") == "word":
            break
    page.keyboard.type("The rota changed.")
    tab_to(page, "Acknowledge the signal", 10)
    page.keyboard.press("Enter")
    page.get_by_text("The rota changed.").wait_for()

    signal.refresh_from_db()
    assert (signal.state, signal.word, signal.acknowledged_by) == (
        "acknowledged",
        "The rota changed.",
        world.a.supervisor,
    )


def test_without_scripts_nothing_is_offered_that_needs_them(world, page_of):
    one = board(world)
    page = page_of(world.a.supervisor, PHONE, java_script_enabled=False)
    for address in ("/signals", one.get_absolute_url()):
        page.goto(address)
        assert page.locator("[data-print]:visible").count() == 0
        assert page.locator("[data-more]:visible").count() == 1
    # Where the chart would be there is no hole, and nothing is said of keys in it.
    assert page.locator("figure.chart").first.bounding_box()["height"] < 250
    assert page.locator(".chart-canvas:visible, .chart-keys:visible").count() == 0
    page.goto(f"{one.get_absolute_url()}/points/2025-09-01")
    assert page.locator("[data-more]:visible").count() == 0
