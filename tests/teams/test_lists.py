import datetime as dt
from dataclasses import dataclass

import pytest
from django.test import RequestFactory

from teams.lists import CHOICE, Column, Filter, Listing
from teams.models import Unit

COLUMNS = [
    Column("name", "Name", "name", sort=("name",), link=lambda unit: f"/units/{unit.pk}"),
    Column("kind", "Kind", "kind", sort=("kind", "name"), shown=lambda unit: unit.get_kind_display().title()),
    Column("code", "Code", "code"),
]
FILTERS = [
    Filter("q", "Name", ("name", "code")),
    Filter("kind", "Kind", "kind", CHOICE, [("team", "team"), ("organisation", "organisation")]),
]


def listing(query="", rows=None, **options):
    request = RequestFactory().get(f"/units?{query}")
    return Listing(request, Unit.objects.all() if rows is None else rows, COLUMNS, FILTERS, "name", **options)


def names(found):
    return [line.cells[0].shown for line in found.lines]


def test_sorts_by_a_column_and_turns_round(world):
    assert names(listing("sort=-name"))[:2] == ["Birch Team South", "Birch Team North"]
    assert [head.sorted for head in listing("sort=-name").heads] == ["descending", "", ""]
    assert listing("sort=name").heads[0].url == "/units?sort=-name"


def test_ignores_a_sort_that_is_no_column(world):
    assert listing("sort=parent__path").sort == "name"
    assert listing("sort=code").sort == "name"


def test_filters_by_words_and_by_choice(world):
    assert names(listing("q=alder&kind=team")) == ["Alder Team North", "Alder Team South"]
    assert listing("kind=nonsense").size == 8


def test_pages_and_keeps_the_filter_in_the_address(world):
    found = listing("kind=team&page=2", per_page=3)
    assert names(found) == ["Birch Team South"]
    assert (found.pager.number, found.pager.pages) == (2, 2)
    assert found.previous_url == "/units?kind=team&page=1"
    assert found.next_url == ""


def test_a_page_that_is_not_there_is_the_last(world):
    assert listing("page=99", per_page=3).page.number == 3
    assert listing("page=x", per_page=3).page.number == 1


@pytest.mark.parametrize("many", [1, 50])
def test_costs_two_queries_however_many_rows(world, django_assert_num_queries, many):
    parent = world.a.department
    Unit.objects.bulk_create(Unit(name=f"Desk {n:02}", kind="team", parent=parent, path="/0/") for n in range(many))
    with django_assert_num_queries(2):
        found = listing("q=Desk")
        assert (found.size, len(found.lines)) == (many, many)


def test_exports_every_row_that_passes_not_only_the_page(world):
    answer = listing("q=team&export=csv", per_page=1).export("units")
    text = b"".join(answer.streaming_content).decode("utf-8-sig")
    assert text.splitlines() == [
        "Name,Kind,Code",
        *[f"{side} Team {end},team," for side in ("Alder", "Birch") for end in ("North", "South")],
    ]
    assert answer["Content-Disposition"] == 'attachment; filename="units.csv"'


def test_no_export_unless_asked(world):
    assert listing("export=pdf").export("units") is None


@dataclass
class Row:
    name: str
    share: float | None


@pytest.mark.parametrize(("sort", "order"), [("share", ["c", "a", "b"]), ("-share", ["a", "c", "b"])])
def test_sorts_plain_lists_with_gaps_last(sort, order):
    columns = [Column("name", "Name", "name", sort=True), Column("share", "Share", "share", sort=True, number=True)]
    rows = [Row("b", None), Row("a", 2.5), Row("c", -1.0)]
    request = RequestFactory().get(f"/?sort={sort}")
    assert names(Listing(request, rows, columns)) == order


USUAL = [
    Filter("use", "Use", lambda rows, value: rows.filter(archived_at=None), CHOICE, [("in", "in use")], default="in")
]


def usual(query="", rows=None):
    request = RequestFactory().get(f"/units?{query}")
    return Listing(request, Unit.objects.all() if rows is None else rows, COLUMNS, USUAL, "name")


def test_a_list_in_which_there_is_nothing_is_not_blamed_on_its_usual_filter(world):
    assert usual(rows=Unit.objects.none()).filtered is False


def test_a_usual_filter_that_hides_everything_is_named_and_can_be_opened(world):
    Unit.objects.update(archived_at="2026-01-01T00:00:00Z")
    found = usual()
    assert (found.size, found.filtered, found.open_url) == (0, True, "/units?use=")
    assert usual("use=").size == Unit.objects.count()


def test_only_a_chosen_filter_can_be_cleared(world):
    assert (usual().filtered, usual("use=").filtered) == (False, True)
    assert usual("use=").clear_url == "/units"


def test_days_and_moments_stand_in_short_on_one_line(world):
    day, moment = dt.date(2026, 12, 31), dt.datetime(2026, 12, 31, 9, 5, tzinfo=dt.UTC)
    rows = [{"name": "One", "kind": day, "code": moment}]
    columns = [Column(key, key.title(), key) for key in ("name", "kind", "code")]
    found = Listing(RequestFactory().get("/units"), rows, columns, [], "name")

    cells = found.lines[0].cells
    assert [cell.shown for cell in cells] == ["One", "31 Dec 2026", "31 Dec 2026, 09:05"]
    assert [cell.width for cell in cells] == ["", "day", "day"]


def test_a_column_for_the_file_alone_is_not_on_the_page(world):
    columns = [Column("name", "Name", "name"), Column("code", "Code", "code", page=False)]
    request = RequestFactory().get("/units?export=csv")
    found = Listing(request, [{"name": "One", "code": "one"}], columns, [], "name")

    assert [head.title for head in found.heads] == ["Name"]
    assert [cell.shown for cell in found.lines[0].cells] == ["One"]
    assert b"".join(found.export("units").streaming_content).decode("utf-8-sig").splitlines() == [
        "Name,Code",
        "One,one",
    ]
