"""The chart and the pages of metrics as a browser shows them."""

import pytest

from tests.gates.metrics import scene
from tests.metrics import making

pytestmark = pytest.mark.browser


def drawn(page):
    page.wait_for_selector("[data-drawn]")
    return page


@pytest.mark.parametrize("width", [1280, 390])
def test_axe_finds_nothing_and_nothing_sticks_out(world, page_of, axe, width):
    at = scene(world.a)
    pages = [
        "/signals",
        "/signals?view=quadrants",
        "/signals/icons",
        "/inquiries",
        f"/inquiries/{at.inquiry.pk}",
        f"/signals/{at.signal.pk}",
        f"/series/{at.series.pk}",
        f"/series/{at.series.pk}/target",
        f"/series/{at.series.pk}/values",
        f"/series/{at.series.pk}/points/2024-01-01",
        "/metrics",
        f"/metrics/{at.metric.pk}",
        "/metrics/new",
        "/imports",
        "/imports/new",
        f"/imports/{at.received.pk}/map",
        f"/imports/{at.unmatched.pk}/names",
        f"/imports/{at.planned.pk}",
        "/sources",
    ]
    page = page_of(world.a.supervisor, width)
    wrong = {}
    for address in pages:
        page.goto(address)
        if page.query_selector("[data-chart]"):
            drawn(page)
        for part in page.query_selector_all("details"):
            part.evaluate("one => { one.open = true; }")
        wider = page.evaluate("document.documentElement.scrollWidth - window.innerWidth")
        if axe(page) or wider > 0:
            wrong[address] = (axe(page), wider)
    assert wrong == {}


def test_the_chart_is_read_and_opened_with_the_keys(world, page_of):
    one = making.falling(world.a.team)
    page = page_of(world.a.supervisor)
    page.goto(f"/series/{one.pk}")
    drawn(page)

    page.focus("[data-chart]")
    page.keyboard.press("End")
    voice = page.locator("[aria-live=polite]").filter(has_text="September 2025")
    assert voice.inner_text().startswith("September 2025; 41.0; n = 100; outside the limits")
    page.keyboard.press("Home")
    page.keyboard.press("ArrowRight")
    page.keyboard.press("Enter")

    page.wait_for_url(f"**/series/{one.pk}/points/2024-02-01")


def test_nothing_on_the_chart_sends_it_away(world, page_of):
    one = making.steady(world.a.team)
    page = page_of(world.a.supervisor)
    page.goto(f"/series/{one.pk}")
    drawn(page)

    titles = page.eval_on_selector_all(".modebar-btn", "all => all.map(one => one.getAttribute('data-title'))")

    assert titles
    assert [title for title in titles if "share" in title.lower() or "cloud" in title.lower()] == []


def test_the_board_goes_by_the_arrow_keys_and_shows_the_chart_of_the_row(world, page_of):
    first = making.falling(world.a.team, "A first")
    second = making.falling(world.a.team, "B second")
    page = page_of(world.a.supervisor)
    page.goto("/signals")
    small = page.locator(".board-spark .spark").nth(1).bounding_box()["width"]

    page.focus(f'[href="{first.get_absolute_url()}"][data-row-link]')
    page.keyboard.press("ArrowDown")

    assert page.locator(".board-spark .spark").nth(1).bounding_box()["width"] > 3 * small
    page.keyboard.press("Enter")
    page.wait_for_url(f"**{second.get_absolute_url()}")


def test_folding_guidance_keeps_what_was_typed(world, page_of):
    page = page_of(world.a.supervisor)
    page.goto("/imports/new")
    page.fill("[name=new_source]", "Telephone system")

    page.get_by_role("button", name="Fold this guidance for good").click()

    page.wait_for_selector("details.guide:not([open])")
    assert page.input_value("[name=new_source]") == "Telephone system"
    page.locator("details.guide summary").click()
    page.get_by_role("button", name="Keep this guidance open").click()
    page.wait_for_selector("aside.guide")
    assert page.input_value("[name=new_source]") == "Telephone system"


def test_a_file_of_many_columns_stays_a_grid_on_a_phone(world, page_of):
    at = scene(world.a)
    page = page_of(world.a.supervisor, 390)
    page.goto(f"/imports/{at.received.pk}/map")
    assert page.locator("table[data-grid]").count() == 1
    assert page.locator("table[data-grid].stacked").count() == 0


@pytest.mark.parametrize("width", [900, 390])
def test_another_width_keeps_the_chart_clear_of_the_words_below(world, page_of, width):
    one = making.falling(world.a.team)
    page = page_of(world.a.supervisor)
    page.goto(f"/series/{one.pk}")
    drawn(page)

    page.set_viewport_size({"width": width, "height": 844})
    page.wait_for_timeout(800)

    figure, chart = (page.locator(one).first.bounding_box() for one in ("figure.chart", ".main-svg"))
    assert chart["y"] + chart["height"] <= figure["y"] + figure["height"] + 1
    assert chart["height"] == 400
