"""Tables on a phone, and pages on paper, as a browser shows them."""

import re

import pytest
from django.urls import reverse

from metrics import analysing
from reviews import workflow
from reviews.models import Criterion, Subject
from tests.improvements import making as improvements
from tests.metrics import making as metrics
from tests.reviews import making

pytestmark = [pytest.mark.browser, pytest.mark.once, pytest.mark.django_db(transaction=True)]
TABLE = "#criterion table"
A4 = 688  # pixels between the margins


@pytest.fixture
def review(world):
    review = making.planned(world.a)
    workflow.add_item(
        world.a.supervisor, review, Criterion, making.criterion(name="Answers are right", why="It saves a second call.")
    )
    return review


def sideways(page):
    return page.eval_on_selector_all(
        ".table-responsive", "boxes => boxes.filter(box => box.scrollWidth > box.clientWidth + 1).length"
    )


def sticking_out(page):
    """What ends to the right of the paper."""
    return page.eval_on_selector_all(
        "main *",
        "(all, edge) => all.filter(one => one.getBoundingClientRect().right > edge + 1).map(one => one.outerHTML.slice(0, 60) + one.getBoundingClientRect().right)",
        A4,
    )


def test_a_table_wider_than_a_phone_becomes_a_block_for_each_row(world, page_of, axe, review):
    page = page_of(world.a.supervisor, 390)
    page.goto(review.get_absolute_url())
    assert sideways(page) == 0
    row = page.locator(f"{TABLE} tbody tr").first
    labels = row.locator("td").evaluate_all("cells => cells.map(cell => cell.dataset.label)")
    assert labels == ["Measure", "Threshold", "Source", "How it is concluded", "Weight"]
    assert row.get_attribute("role") == "row"
    assert axe(page) == []
    page.set_viewport_size({"width": 1280, "height": 900})
    page.locator(f"{TABLE}.stacked").wait_for(state="detached")


def test_the_register_of_decisions_fits_a_desk(world, page_of):
    improvements.approved(world.a)
    page = page_of(world.a.decision_maker)
    page.goto("/decisions")
    assert page.locator("table tbody tr").count() == 1
    assert sideways(page) == 0


def test_the_way_here_shows_its_last_two_steps_on_a_phone(world, page_of):
    paper = improvements.put_forward(world.a)
    page = page_of(world.a.decision_maker, 390)
    page.goto(paper.get_absolute_url())
    widths = [step.bounding_box()["width"] for step in page.locator(".breadcrumb-item:visible").all()]
    assert page.locator(".breadcrumb-item").count() > len(widths)
    assert min(widths) > 40


def test_a_caption_of_a_stacked_table_is_as_wide_as_the_page(world, page_of):
    paper = improvements.put_forward(world.a)
    page = page_of(world.a.decision_maker, 390)
    page.goto(paper.get_absolute_url())
    caption = page.locator("table.stacked caption:not(.visually-hidden)").first
    assert caption.bounding_box()["width"] > 300


def test_a_stacked_list_can_still_be_sorted(world, page_of, review):
    page = page_of(world.a.supervisor, 390)
    page.goto("/reviews")
    assert (sideways(page), page.locator("table.stacked").count()) == (0, 1)
    page.locator("table.stacked thead").get_by_role("link", name="Decision-maker").click()
    page.wait_for_url("**sort=decision_maker**")


def test_paper_leaves_forms_folded_and_the_frame_away(world, page_of):
    step = Subject.objects.filter(review=making.under_way(world.a)).first()
    page = page_of(world.a.supervisor)
    page.goto(step.get_absolute_url())
    folded = page.locator("main details:not([open])")
    assert folded.count() > 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    assert [one for one in folded.all() if one.is_visible()] == []
    shown = ("nav.rail", ".topline", ".stages", ".page-actions", ".foot")
    assert [one for one in shown if page.locator(one).first.is_visible()] == []


def test_a_metric_and_its_signal_print_without_anything_to_press(world, page_of):
    one = metrics.falling(world.a.team)
    page = page_of(world.a.supervisor)
    pressed = "nav.rail, button, .btn, form, input, select, textarea"
    for address in (one.get_absolute_url(), one.signals.first().get_absolute_url()):
        page.goto(address)
        page.wait_for_selector("[data-drawn]")
        page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
        page.emulate_media(media="print")
        page.set_viewport_size({"width": A4, "height": 1000})
        assert [each.inner_text() for each in page.locator(pressed).all() if each.is_visible()] == []
        page.emulate_media(media="null")


def test_the_days_of_a_comparison_stand_side_by_side(world, page_of):
    metrics.falling(world.a.team)
    for width in (1280, 390):
        page = page_of(world.a.supervisor, width)
        for address in ("/compare", "/correlate"):
            page.goto(address)
            first, last = (page.locator(f"[name={name}]").bounding_box() for name in ("from", "to"))
            assert first["y"] == last["y"]
            assert sideways(page) == 0


def test_a_metric_prints_on_three_pages_with_chart_settings_and_the_latest_of_its_table(world, page_of):
    values = [50 + (place * 7) % 11 + (place > 90) * 30 for place in range(104)]
    one = metrics.series(metrics.metric(world.a.team), world.a.team, values)
    analysing.analyse_series([one.pk])
    page = page_of(world.a.supervisor)
    page.goto(one.get_absolute_url())
    page.wait_for_selector("[data-drawn]")
    table = page.locator("main details.on-paper table")
    assert not table.is_visible()
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    assert table.is_visible()
    assert sum(row.is_visible() for row in table.locator("tbody tr").all()) == 30
    assert page.locator(".settings-line").first.is_visible()
    drawn = page.locator("[data-chart] .main-svg").first
    assert drawn.bounding_box()["width"] <= A4
    assert sticking_out(page) == []
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    page.emulate_media(media="null")
    assert not table.is_visible()
    assert len(re.findall(rb"/Type\s*/Page\b(?!s)", page.pdf(format="A4"))) <= 3


def test_charts_below_the_fold_are_drawn_for_paper_in_its_colours(world, page_of):
    one = metrics.falling(world.a.team)
    page = page_of(world.a.supervisor)
    page.emulate_media(color_scheme="dark")
    page.add_init_script("window.IntersectionObserver = class { observe() {} unobserve() {} };")
    page.goto(one.get_absolute_url())
    page.wait_for_selector("[data-ready]")
    assert page.locator("[data-drawn]").count() == 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.wait_for_selector("[data-chart][data-drawn]")
    assert page.locator("[data-chart] .main-svg").first.bounding_box()["width"] == 680
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "light"
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate("document.documentElement.dataset.bsTheme") == "dark"


def test_an_outcome_prints_within_the_paper(world, page_of):
    action = improvements.verified(world.a).action
    page = page_of(world.a.supervisor)
    page.goto(reverse("outcome", args=[action.pk]))
    page.wait_for_selector("[data-drawn]")
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    assert page.locator("details.on-paper table").first.is_visible()
    assert sticking_out(page) == []


def test_the_board_is_a_table_on_paper_as_it_is_on_a_desk(world, page_of):
    metrics.falling(world.a.team)
    page = page_of(world.a.supervisor)
    page.goto("/signals")
    page.emulate_media(media="print")
    page.set_viewport_size({"width": A4, "height": 1000})
    cells = page.locator("table.board tbody tr").first.locator("th, td").all()
    assert len({round(cell.bounding_box()["y"]) for cell in cells}) == 1
    assert sticking_out(page) == []


def test_nothing_moves_where_no_motion_is_asked_for(world, page_of):
    page = page_of(world.a.supervisor)
    page.goto("/reviews/new")
    longest = page.evaluate(
        """() => Math.max(...[...document.querySelectorAll("*")].map(one => {
          const style = getComputedStyle(one);
          return Math.max(parseFloat(style.transitionDuration), parseFloat(style.animationDuration)) || 0;
        }))"""
    )
    assert longest == 0
