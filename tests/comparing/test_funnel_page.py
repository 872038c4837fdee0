"""The funnel of a comparison: its lines, its table, its file and who is set apart come from one set of limits."""

import csv
import io

import pytest

from metrics.models import Study
from metrics.queries import studies as questions
from metrics.trends import funnels
from tests.comparing import making
from tests.comparing.test_compare_page import asked
from tests.metrics import making as plain

pytestmark = pytest.mark.django_db


def five_alike(side):
    """Complaints of five teams that chance alone explains: 1 or none where 5 are expected happens to 1 in 25."""
    metric = plain.metric(side.department, "Complaints", kind="rate", scale=1_000.0, direction=-1)
    for number, events in enumerate([1, 3, 7, 7, 7]):
        making.counted(metric, making.team(side.department, f"Team {number}"), [events], [1_000])
    return metric


def test_limits_widened_by_a_little_set_nobody_apart_whom_chance_explains(world, client_of):
    metric = five_alike(world.a)
    client = client_of(world.a.supervisor)
    page = asked(client, metric)

    facts = Study.objects.get().facts
    assert facts["tau2"] > 0
    assert [(line.limits[:5], str(line.outside)) for line in page.context["lines"]] == [
        ("0.0 t", "within the limits")
    ] * 5
    curves = facts["curves"]
    drawn = funnels.rate_curves(curves["size"], facts["middle"] / 1_000, facts["tau2"])
    assert curves["lower998"] == pytest.approx([0.0] * len(curves["size"]))
    assert curves["upper998"] == pytest.approx((1_000 * drawn[3]).tolist())
    file = b"".join(
        client.get("/compare", {"metric": metric.pk, "by": "unit", "export": "csv"}).streaming_content
    ).decode("utf-8-sig")
    header, *rows = csv.reader(io.StringIO(file))
    lower, outside = header.index("lower 99.8 % limit"), header.index("outside the limits")
    assert {(float(row[lower]), row[outside]) for row in rows} == {(0.0, rows[0][outside])}


def test_an_answer_of_another_method_is_told_to_be_old(world, client_of, monkeypatch):
    metric = five_alike(world.a)
    client = client_of(world.a.supervisor)
    assert "since this was computed" not in asked(client, metric).content.decode()

    monkeypatch.setattr(questions, "METHOD", questions.METHOD + 1)

    text = client.get("/compare", {"metric": metric.pk, "by": "unit"}).content.decode()
    assert "Values came in, or the metric or the method changed, since this was computed." in text
