"""Page, table, files, paper and report show one stored analysis, number by number, on every kind of chart."""

import io
import math

import openpyxl
import pytest
from matplotlib.axes import Axes

from improvements.charts import figure as paper_figure
from improvements.paper.measures import chart as paper_chart
from improvements.paper.measures import marks, read, rebases
from improvements.queries.measured import measured
from metrics import analysing, wording
from metrics.models import Observation
from metrics.queries.analyses import analysis_of, rows_of
from metrics.wording import amount
from reports.typesetting.charts import draw
from tests.metrics import making
from tests.metrics.test_series_page import chart_of, csv_of, reach, table_of, trace

pytestmark = pytest.mark.django_db

PAIRS = [(80, 100), (8, 10), (79, 100), (41, 50), (82, 100), (0, 0), (160, 200), (78, 100), (30, 60), (81, 100)]
NAMES = ("value", "mean", "lower", "upper")
CHARTS = [
    ("p", {"kind": "proportion", "scale": 100, "measure": "%"}),
    ("u", {"kind": "rate", "scale": 1000}),
    ("c", {"kind": "count"}),
    ("log", {"kind": "duration", "measure": "hours"}),
    ("t", {"kind": "duration", "measure": "days", "chart": "t"}),
    ("g", {"kind": "count", "chart": "g"}),
    ("xmr", {"kind": "score"}),
]


def charted(world, given):
    one = making.series(making.metric(world.a.department, **given), world.a.team, [])
    counted = given["kind"] in ("proportion", "rate")
    for place, (above, below) in enumerate(PAIRS):
        if counted or above:
            Observation.objects.create(
                series=one, day=making.month(place), numerator=above, denominator=below if counted else None
            )
    analysing.analyse_series([one.pk])
    return one


def drawn(chart, name):
    return [value for value in trace(chart, name)["y"] if value is not None]


def known(rows, name):
    return [getattr(row, name) for row in rows if getattr(row, name) is not None]


@pytest.mark.parametrize(("chart", "given"), CHARTS)
def test_every_face_shows_the_same_numbers(world, client_of, monkeypatch, chart, given):
    one = charted(world, given)
    client = client_of(world.a.supervisor)
    analysis = analysis_of(one)
    rows = rows_of(analysis)
    assert analysis.settings["chart"] == chart

    page = client.get(f"/series/{one.pk}")
    csv = csv_of(client.get(f"/series/{one.pk}", {"export": "csv"}))
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/series/{one.pk}", {"export": "xlsx"}).content)).active
    sheet = [list(row) for row in book.iter_rows(values_only=True)]
    paper = read(measured(analysis))
    lines = []
    plot = Axes.plot
    monkeypatch.setattr(Axes, "plot", lambda self, *args, **more: (lines.append(args[1]), plot(self, *args, **more))[1])
    draw(paper.metric, paper.rows, marks(paper), rebases(paper))

    titles = {"value": "value", "mean": "mean", "lower": "lower limit", "upper": "upper limit"}
    for name in NAMES:
        numbers = known(rows, name)
        line = "points" if name == "value" else name
        assert drawn(page.context["chart"], line) == drawn(paper_figure(paper), line) == numbers
        # A screen gets as many digits as it can show.
        assert drawn(chart_of(page), line) == pytest.approx(numbers, abs=reach(chart_of(page)))
        place = csv[0].index(titles[name])
        assert [float(row[place]) for row in csv[1:] if row[place]] == numbers
        # A workbook keeps sixteen digits.
        assert [row[place] for row in sheet[1:] if row[place] is not None] == pytest.approx(numbers, rel=1e-15)
        assert numbers in [[value for value in line if not math.isnan(value)] for line in lines]
    decimals = wording.decimals_of(analysis.amr, one.metric.kind)
    told = [[amount(getattr(row, name), one.metric, decimals) for name in NAMES] for row in rows]
    bare = [[words.removesuffix(f"\u202f{one.metric.measure}") for words in row] for row in told]
    assert [[row[1], *row[3:6]] for row in table_of(page)] == bare
    block = paper_chart(paper)
    assert [[cell["text"] for cell in row["cells"]][1:3] for row in block["table"]["rows"]] == [row[:2] for row in told]
    line = wording.settings_line(analysis)
    assert block["settings"] == line
    assert line in page.content.decode()
    assert [row.n for row in paper.rows] == [row.n for row in rows]


def test_what_was_counted_is_stored_with_the_limits(world, client_of):
    one = charted(world, {"kind": "proportion", "scale": 100, "measure": "%"})
    Observation.objects.filter(series=one, day=making.month(0)).update(n=7)

    assert table_of(client_of(world.a.supervisor).get(f"/series/{one.pk}"))[0][2] == "100"
