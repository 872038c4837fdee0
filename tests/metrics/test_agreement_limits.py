"""The limits of an agreement end at full agreement, whoever shows them: chart, table, board, files, paper and report."""

import datetime as dt
import io

import openpyxl
import pytest
from matplotlib.axes import Axes

from improvements.charts import figure as paper_figure
from improvements.charts import outcome_figure
from improvements.models import Action
from improvements.paper.measures import chart as paper_chart
from improvements.paper.measures import marks, read, rebases
from improvements.queries.measured import measured
from improvements.queries.outcomes import facts_of, reading_of
from improvements.views.outcomes import told
from metrics import analysing
from metrics.analysing import closer
from metrics.charts.spark import reach
from metrics.models import CloserLook, Metric, Observation, Signal
from metrics.queries.analyses import analysis_of, points_of, tails
from metrics.trends import unpack
from metrics.wording.figures import decimals_of
from reports.typesetting.charts import draw
from reviews import evidence
from tests.improvements import making as actions
from tests.metrics import making
from tests.metrics.test_board import rows_of
from tests.metrics.test_series_page import chart_of, csv_of, table_of, trace

pytestmark = pytest.mark.django_db
# Full agreement now and then, 0.8 at times: 2.66 moving ranges above the mean lie far above 1.
HIGH = [0.93, 1.0, 0.88, 0.97, 0.82, 1.0, 0.95, 0.9, 0.99, 0.86, 1.0, 0.94, 0.91, 0.98]
FALLEN = [*HIGH, 0.31, 0.28]


def agreed(world, values=HIGH, **more):
    one = making.series(
        making.metric(world.a.department, "Agreement", derived="agreement", **more), world.a.team, values
    )
    analysing.analyse_series([one.pk])
    return one


def highest(chart):
    return max(value for value in trace(chart, "upper")["y"] if value is not None)


def test_the_stored_limits_end_at_full_agreement_and_no_rule_marks_it(world):
    one = agreed(world, [*HIGH, 1.0, 1.0, 1.0])
    analysis, points = analysis_of(one), points_of(analysis_of(one))
    assert analysis.mean + 2.66 * analysis.amr > 1.1
    assert (analysis.upper, points.upl.max(), points.nupl.max()) == (1.0, 1.0, 1.0)
    assert 0.5 < analysis.lower < analysis.mean - 2 * analysis.amr
    assert points.rules.tolist() == [0] * 17
    plain = making.series(making.metric(world.a.department, "Plain"), world.a.team, [*HIGH, 1.0, 1.0, 1.0])
    analysing.analyse_series([plain.pk])
    assert (analysis_of(plain).upper > 1.1, analysis_of(plain).lower) == (True, analysis.lower)


def test_neither_chart_nor_table_nor_page_shows_more(world, client_of):
    one = agreed(world)
    page = client_of(world.a.supervisor).get(f"/series/{one.pk}?second=on")
    assert highest(page.context["chart"]) == highest(chart_of(page)) == 1.0
    assert {row[5] for row in table_of(page)} == {"1.000"}
    assert "to 1.000 are usual." in page.content.decode()
    assert "to 1.000<br>" in page.content.decode() and "cut at the end of the scale" in page.content.decode()
    assert "upper 1.000" in str(page.context["chart"]["layout"]["annotations"])


def test_no_board_and_no_file_shows_more(world, client_of):
    one, client = agreed(world), client_of(world.a.supervisor)
    header, row = rows_of(client.get("/signals", {"export": "csv"}))
    assert row[header.index("upper limit")] == "1.0"
    assert reach(unpack(tails([one.pk])[one.pk])) == (analysis_of(one).lower, 1.0)  # of the picture on the board
    header, *rows = csv_of(client.get(f"/series/{one.pk}", {"export": "csv"}))
    assert {row[header.index("upper limit")] for row in rows} == {"1.0"}
    book = openpyxl.load_workbook(io.BytesIO(client.get(f"/series/{one.pk}", {"export": "xlsx"}).content)).active
    header, *rows = book.iter_rows(values_only=True)
    assert {row[header.index("upper limit")] for row in rows} == {1.0}


def test_neither_paper_nor_report_nor_evidence_shows_more(world, monkeypatch):
    one = agreed(world)
    paper = read(measured(analysis_of(one)))
    assert highest(paper_figure(paper)) == 1.0
    assert paper.limits()["text"].endswith("– 1.000")
    cells = [cell["text"] for row in paper_chart(paper)["table"]["rows"] for cell in row["cells"]]
    assert any("– 1.000" in text for text in cells)
    drawn = []
    plot = Axes.plot
    monkeypatch.setattr(Axes, "plot", lambda self, *args, **more: (drawn.append(args[1]), plot(self, *args, **more))[1])
    draw(paper.metric, paper.rows, marks(paper), rebases(paper))
    assert max(value for line in drawn for value in line) == 1.0
    point = evidence.of("point").collect(world.a.supervisor, None, f"{one.pk}:{making.month(3)}")
    assert point["upper"] == 1.0


def test_the_words_of_a_signal_name_no_limit_beyond_full_agreement(world):
    one = agreed(world, FALLEN)
    signal = Signal.objects.get(series=one, rule="outside")
    assert signal.points == 2 and signal.facts["upper"] == 1.0
    # How far a value lies out is measured by the usual change, not by the limit that was cut.
    assert signal.facts["sigma"] == pytest.approx((0.28 - signal.facts["mean"]) / (2.66 * signal.facts["amr"] / 3))


def test_the_other_end_is_cut_too(world):
    one = agreed(world, [-value for value in HIGH], direction=-1)
    assert (analysis_of(one).lower, analysis_of(one).upper < -0.5) == (-1.0, True)


def test_what_never_varies_has_limits_that_nobody_cut(world, client_of):
    one = agreed(world, [1.0] * 14)
    assert (analysis_of(one).lower, analysis_of(one).upper) == (1.0, 1.0)
    assert "cut at the end" not in client_of(world.a.supervisor).get(f"/series/{one.pk}").content.decode()


def test_without_its_season_no_value_and_no_limit_lies_beyond(world):
    season = [0.86, 0.88, 0.9, 0.94, 0.97, 1.0, 1.0, 1.0, 0.97, 0.93, 0.9, 0.87]
    noise = [0.03 * (place * 7919 % 101 - 50) / 50 for place in range(53)]
    one = agreed(world, [min(1.0, season[place % 12] + noise[place]) for place in range(53)])
    closer.look_at([one.pk])
    look = CloserLook.objects.get(series=one)
    facts = look.facts["season"]
    # June, one of the highest months, comes next.
    assert (facts["found"], facts["upper"], facts["next"]["high"]) == (True, 1.0, 1.0)
    adjusted = unpack(bytes(look.adjusted))
    assert adjusted.upl.max() == 1.0 >= adjusted.values.max()


def test_an_outcome_is_read_against_limits_that_end_there(world, clock_at):
    clock_at(actions.TODAY)
    action = actions.done(world.a)
    Metric.objects.filter(pk=action.series.metric_id).update(derived="agreement", kind="score", scale=1.0, measure="")
    Observation.objects.filter(series=action.series).delete()
    first = dt.date(2025, 1, 1)
    for place, value in enumerate([*HIGH, 1.0, 1.0, 1.0]):
        day = dt.date(first.year + place // 12, place % 12 + 1, 1).toordinal()
        Observation.objects.create(series=action.series, day=day, numerator=value)
    analysing.analyse_series([action.series.pk])
    Action.objects.filter(pk=action.pk).update(target=0.95)
    action = Action.objects.get(pk=action.pk)
    facts = facts_of(reading_of(action))
    assert facts["mean"] + 2.66 * facts["amr"] > 1.1
    assert (facts["before"], facts["upper"], set(facts["outside"])) == (14, 1.0, {0})
    assert facts["sigma"] == pytest.approx(facts["difference"] / (2.66 * facts["amr"] / 3))
    metric = action.series.metric
    decimals = decimals_of(facts["amr"], metric.kind) + 2
    assert told(facts, metric, action.target)["limits"].endswith(f"– {1:.{decimals}f}")
    assert highest(outcome_figure(facts, metric, action.target, "done")) == 1.0
