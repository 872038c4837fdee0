"""Tables on a phone, and pages on paper, as a browser shows them."""

import pytest

from reviews import workflow
from reviews.models import Criterion, Subject
from tests.reviews import making

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
TABLE = "#criterion table"


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
    assert page.locator(f"{TABLE}.stacked").count() == 0


def test_a_stacked_list_can_still_be_sorted(world, page_of, review):
    page = page_of(world.a.supervisor, 390)
    page.goto("/reviews")
    assert (sideways(page), page.locator("table.stacked").count()) == (0, 1)
    page.locator("table.stacked thead").get_by_role("link", name="Decision-maker").click()
    page.wait_for_url("**sort=decision_maker**")


def test_paper_shows_what_is_folded_away(world, page_of):
    step = Subject.objects.filter(review=making.under_way(world.a)).first()
    page = page_of(world.a.supervisor)
    page.goto(step.get_absolute_url())
    folded = "document.querySelectorAll('main details:not([open])').length"
    assert page.evaluate(folded) > 0
    page.evaluate("window.dispatchEvent(new Event('beforeprint'))")
    assert page.evaluate(folded) == 0
    page.evaluate("window.dispatchEvent(new Event('afterprint'))")
    assert page.evaluate(folded) > 0
    page.emulate_media(media="print")
    shown = ("nav.rail", ".topline", ".stages", ".page-actions", ".foot")
    assert [one for one in shown if page.locator(one).first.is_visible()] == []


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
