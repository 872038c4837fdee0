"""The chart and the pages of metrics as a browser shows them."""

import pytest

from tests.gates.metrics import scene
from tests.metrics import making
from tests.metrics.test_chart_weight import drawn_with_all

pytestmark = [pytest.mark.browser, pytest.mark.once]


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


@pytest.mark.parametrize("width", [1280, 390])
def test_the_longest_names_stick_out_nowhere(world, page_of, width):
    unit = world.a.team
    unit.name = "Tîm Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch a'r Cylch"
    unit.save()
    name = "Тұтынушыларға қызмет көрсету сапасының көрсеткіші 고객 서비스 만족도 " + "w" * 50
    one = making.falling(unit, name, code="long", measure="galwadau fesul mil o gysylltiadau")
    signal = one.signals.first()
    page = page_of(world.a.supervisor, width)
    wider = {}
    for address in (
        "/signals",
        "/signals?view=quadrants",
        f"/series/{one.pk}",
        f"/series/{one.pk}/target",
        f"/signals/{signal.pk}",
        f"/metrics/{one.metric_id}",
    ):
        page.goto(address)
        if page.query_selector("[data-chart]"):
            drawn(page)
        for part in page.query_selector_all("details"):
            part.evaluate("one => { one.open = true; }")
        wider[address] = page.evaluate(
            """() => Math.max(document.documentElement.scrollWidth - window.innerWidth,
                ...[...document.querySelectorAll(".board-frame")].map(one => one.scrollWidth - one.clientWidth))"""
        )
    assert wider == dict.fromkeys(wider, 0)
    page.goto(f"/series/{one.pk}")
    drawn(page)
    room = page.evaluate("document.querySelector('.js-plotly-plot .nsewdrag').getBoundingClientRect().width")
    assert room > width * 0.35


def test_a_long_list_is_narrowed_by_what_is_typed(world, page_of):
    for number in range(25):
        made = type(world.a.team)(name=f"Équipe {number:02}", kind="team", parent=world.a.department)
        made.save()
        made.path = f"{world.a.department.path}{made.pk}/"
        made.save()
    page = page_of(world.a.supervisor)
    page.goto("/metrics/new")

    field = page.get_by_role("searchbox", name="Type to find: Owned by")
    field.fill("equipe 17")
    shown = page.locator("#id_unit option").all_text_contents()
    field.press("Enter")

    assert [words.strip() for words in shown] == ["choose a unit", "Équipe 17"]
    assert page.locator("#id_unit option:checked").text_content().strip() == "Équipe 17"
    assert page.evaluate("document.activeElement.id") == "id_unit"
    assert page.url.endswith("/metrics/new")


@pytest.mark.parametrize("kind", ["share", "survey", "time"])
def test_the_browser_draws_the_whole_figure_from_what_is_sent(world, page_of, client_of, kind):
    """Every word, day and address as the server has it; the numbers, to a seventh of a pixel."""
    one = drawn_with_all(world, kind, 1)
    given = client_of(world.a.supervisor).get(f"/series/{one.pk}").context["chart"]
    page = page_of(world.a.supervisor)
    page.goto(f"/series/{one.pk}")
    drawn(page)

    # What plotly was given, without what it and the theme have added.
    found = page.evaluate(
        """names => document.querySelector("[data-chart]").data.map(trace => Object.fromEntries(
            Object.entries(trace).filter(([name]) => names.includes(name)).map(([name, part]) => [name,
              name === "marker" ? {symbol: part.symbol, size: part.size} : part])))""",
        ["name", "x", "y", "text", "customdata", "error_y", "marker"],
    )
    low, high = given["layout"]["yaxis"]["range"]
    assert [trace["name"] for trace in found] == [trace["name"] for trace in given["data"]]
    for seen, sent in zip(found, given["data"], strict=True):
        assert seen["x"] == sent["x"]
        assert seen["y"] == pytest.approx(sent["y"], abs=(high - low) / 2_000)
    points, sent = found[-1], given["data"][-1]
    assert (points["text"], points["customdata"]) == (sent["text"], sent["customdata"])
    assert points["marker"] == {name: sent["marker"][name] for name in ("symbol", "size")}
    for side in ("array", "arrayminus") if kind == "survey" else ():
        assert points["error_y"][side] == pytest.approx(sent["error_y"][side], abs=(high - low) / 1_000)

    page.focus("[data-chart]")
    voice = page.locator("[data-chart] + [aria-live=polite]")
    for key, place in (("Home", 0), ("ArrowRight", 1), ("End", -1), ("ArrowLeft", -2)):
        page.keyboard.press(key)
        assert voice.text_content() == given["words"]["points"][place]
        told = given["words"]["points"][place].replace("; ", "")
        page.wait_for_function("told => document.querySelector('.hovertext')?.textContent === told", arg=told)
    page.keyboard.press("f")
    page.wait_for_url(f"**{given['words']['finds'][-2]}")
