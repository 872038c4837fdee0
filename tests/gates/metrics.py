"""Who gets what from the pages of metrics. Series belong to the team, metrics, sources and files to the department."""

import json

from teams import clock
from tests.gates.metrics_scene import Again, Scene
from tests.gates.rows import Cell, Get, Post, Row, only

ROWS_READERS = only("supervisor", "decision_maker", "team_lead", "administrator")
STEWARDS = only("supervisor", "administrator")
IMPORTERS = STEWARDS | only("team_lead")
SUPERVISOR = only("supervisor")
APPROVERS = only("supervisor", "decision_maker")
LEADS = only("supervisor", "team_lead")
DECIDERS = only("decision_maker")
COLLEAGUE = only("colleague")
# Who reads rows of what belongs to the department.
ABOVE = ROWS_READERS - {"team_lead"}


def scene(side):
    return Scene(side)


def of(name):
    return lambda at: {"pk": getattr(at, name).pk}


def metric_form(at):
    return {
        "unit": at.side.department,
        "name": "Kind answers",
        "code": "kind-answers",
        "direction": "1",
        "kind": "score",
        "period": "month",
        "scale": "1",
        "definition": "Read from twenty replies.",
    }


def edited_metric(at):
    names = ("name", "code", "direction", "kind", "period", "measure", "scale", "numerator", "denominator", "sums")
    known = {name: getattr(at.metric, name) for name in names}
    base = json.dumps(known)
    return {**known, "sums": "on", "name": "Better name", "version": at.metric.version, "base": base}


TARGET = {
    "value": "45", "from_day": "2024-06-01", "reason": "Agreed in May", "source": "Plan", "agreed_with": "Helen",
}  # fmt: skip
VALUES_FORM = {"form-TOTAL_FORMS": "1", "form-INITIAL_FORMS": "0", "form-0-day": "2026-01-01", "form-0-numerator": "5"}


def mapping_form(at):
    fields = {"shape": "measured", "date": "month", "date_order": "ymd", "period": "month", "unit_column": "team"}
    metric = {"name": "In time", "value": "C", "denominator": "D", "measure": "number", "kind": "", "direction": "1"}
    line = {f"metric-0-{name}": value for name, value in metric.items()}
    return {**fields, **line, "decimal": ".", "zone": "UTC", "metric-TOTAL_FORMS": "1", "metric-INITIAL_FORMS": "0"}


def file_form(at):
    content = b"month,team,answered,all\n2024-01-01,Elsewhere,80,100\n"
    return {"file": Again(content), "source": at.team_source, "unit": at.side.team}


def source_form(at):
    return {"name": "Phones", "unit": at.side.team, "zone": "UTC"}


SEES_BOTH = only("supervisor", "decision_maker", "administrator")


def gap_form(at):
    return {"metric": at.parts[0].metric, "by": "unit", "one": at.side.team, "other": at.side.other_team}


def correlate_form(at):
    return {"metric": at.series.metric, "other": at.parts[0].metric}


EXPORTS = ("?export=csv", "?export=xlsx")

ROWS = [
    # The board and its signals
    Row(
        "signals",
        Get(
            queries=(
                *EXPORTS,
                "?variation=concern",
                "?variation=common_cause&sort=-period",
                "?unit=1",
                "?view=quadrants",
                "?standing=watch&print=1",
            )
        ),
    ),
    Row("icons", Get()),
    Row("method", Get()),
    Row("signals-seen", post=Post()),
    Row("signal", Get(), args=of("signal")),
    Row("acknowledge", post=Post(lambda at: {"word": "Two ill"}, may=LEADS), args=of("signal")),
    Row("reopen-signal", post=Post(may=LEADS), args=of("acknowledged")),
    Row("save-filter", post=Post(lambda at: {"name": "Mine", "query": "variation=concern&view=quadrants"})),
    Row("forget-filter", post=Post(), args=of("saved"), sees=SUPERVISOR),
    Row("inquiries", Get(queries=(*EXPORTS, "?state=open&words=a"))),
    Row(
        "ask",
        post=Post(lambda at: {"question": "Why?", "asked_of": at.side.colleague}, may=LEADS | DECIDERS),
        args=of("signal"),
    ),
    Row("inquiry", Get(), args=of("inquiry")),
    Row("look-into", post=Post(lambda at: {"notes": "The rota"}, may=LEADS | COLLEAGUE), args=of("inquiry")),
    Row(
        "answer-inquiry",
        post=Post(lambda at: {"answer": "Two ill", "leads_to": "watch"}, may=LEADS | COLLEAGUE),
        args=of("inquiry"),
    ),
    # The metric page
    Row("series", Get(queries=EXPORTS), args=of("series")),
    Row("point", Get(may=ROWS_READERS), args=lambda at: {"pk": at.series.pk, "day": "2024-01-01"}),
    Row(
        "set-target",
        Get(may=SUPERVISOR),
        Post(lambda at: {**TARGET, "unit": at.side.team}, may=SUPERVISOR),
        args=of("series"),
    ),
    Row(
        "propose-target",
        Get(may=LEADS),
        Post(
            lambda at: {**TARGET, "from_day": clock.today().isoformat(), "unit": at.side.team},
            may=LEADS,
        ),
        args=of("series"),
    ),
    Row("targets", Get(), args=of("metric")),
    Row("target", Get(), args=of("proposal")),
    Row(
        "end-target",
        Get(may=LEADS),
        Post(lambda at: {"from_day": clock.today().isoformat(), "reason": "The plan is over"}, may=LEADS),
        args=of("agreed"),
    ),
    Row("approve-target", post=Post(lambda at: {"word": "Agreed"}, may=APPROVERS), args=of("proposal")),
    Row("withdraw-target", post=Post(may=only("team_lead")), args=of("proposal")),
    Row("turn-down-target", post=Post(lambda at: {"word": "Not yet"}, may=APPROVERS), args=of("proposal")),
    Row(
        "rebase",
        Get(may=SUPERVISOR),
        Post(lambda at: {"day": "2024-06-01", "reason": "Rota"}, may=SUPERVISOR),
        args=of("series"),
    ),
    Row("look-closer", post=Post(), args=of("series")),
    Row("note", Get(may=LEADS), Post(lambda at: {"day": "2024-06-01", "label": "Rota"}, may=LEADS), args=of("series")),
    Row("type-in", Get(may=IMPORTERS), Post(lambda at: VALUES_FORM, may=IMPORTERS), args=of("series")),
    Row(
        "compare",
        Get(may=LEADS, queries=("?day=2025-02-01&label=Rota",)),
        Post(lambda at: {"day": "2025-02-01", "label": "Rota"}, may=LEADS),
        args=of("series"),
    ),
    Row(
        "dismiss",
        Get(may=SUPERVISOR),
        Post(lambda at: {"word": "A passing event"}, may=SUPERVISOR),
        args=lambda at: at.stepped,
    ),
    Row("comparison", Get(), args=of("comparison")),
    Row("set-against", post=Post(lambda at: {"against": ""}, may=LEADS), args=of("comparison")),
    Row("remove-comparison", post=Post(may=LEADS), args=of("comparison")),
    Row("withdraw-rebase", post=Post(may=SUPERVISOR), args=of("rebase")),
    Row("remove-note", post=Post(may=LEADS), args=of("note")),
    # Metrics
    Row("metrics", Get(queries=(*EXPORTS, "?words=a&sort=-series", "?state=archived"))),
    Row("new-metric", Get(), Post(metric_form), door=STEWARDS),
    Row("metric", Get(), args=of("metric")),
    Row("edit-metric", Get(may=STEWARDS), Post(edited_metric, may=STEWARDS), args=of("metric")),
    Row(
        "define",
        Get(may=STEWARDS),
        Post(lambda at: {"text": "Words", "reason": "Clearer", "number": "1"}, may=STEWARDS),
        args=of("metric"),
    ),
    Row(
        "choose-chart",
        Get(may=STEWARDS),
        Post(lambda at: {"chart": "xmr", "reason": "As the contract has it."}, may=STEWARDS),
        args=of("metric"),
    ),
    Row("archive-metric", post=Post(may=STEWARDS), args=of("metric")),
    Row("restore-metric", post=Post(may=STEWARDS), args=of("metric_away")),
    Row("template-file", Get(), args=of("metric")),
    Row(
        "survey",
        Get(may=STEWARDS),
        Post(lambda at: {"kind": "mean", "weighted": "no"}, may=STEWARDS),
        args=of("metric"),
    ),
    # Comparisons
    Row(
        "compare",
        Get(queries=("?metric=1&by=unit", "?metric=x", "?metric=1&from=2024-02-01&to=2024-01-01")),
        Post(lambda at: {"metric": at.series.metric, "by": "unit"}),
    ),
    Row(
        "gap",
        Get(queries=("?metric=1&by=unit&one=1&other=1",)),
        Post(gap_form, may=SEES_BOTH),
        cells={("POST", role): Cell(422) for role in ("team_lead", "colleague")},
    ),
    Row("correlate", Get(queries=("?metric=1", "?metric=1&other=x")), Post(correlate_form)),
    Row("mix", Get(), Post(), args=of("total"), sees=SEES_BOTH),
    # Imports
    Row("imports", Get(queries=(*EXPORTS, "?state=done&words=f")), door=ROWS_READERS),
    Row("new-import", Get(), Post(file_form), door=IMPORTERS),
    Row("import", Get(), args=of("done"), sees=ABOVE),
    Row("map-import", Get(may=STEWARDS), Post(mapping_form, may=STEWARDS), args=of("received"), sees=ABOVE),
    Row(
        "match-names",
        Get(may=STEWARDS),
        Post(lambda at: {"units-others": "leave_out"}, may=STEWARDS),
        args=of("unmatched"),
        sees=ABOVE,
    ),
    Row(
        "describe-metrics",
        Get(may=STEWARDS),
        Post(lambda at: {"metric-0": "1"}, may=STEWARDS),
        args=of("planned"),
        sees=ABOVE,
    ),
    Row(
        "commit-import",
        post=Post(lambda at: {"seen": at.planned.plan["hash"]}, may=STEWARDS, twins=False),
        args=of("planned"),
        sees=ABOVE,
    ),
    Row("plan-import", post=Post(may=STEWARDS), args=of("planned"), sees=ABOVE),
    Row("cancel-import", post=Post(may=STEWARDS), args=of("planned"), sees=ABOVE),
    Row("undo-import", Get(may=STEWARDS), Post(may=STEWARDS), args=of("done"), sees=ABOVE),
    Row("rejected-rows", Get(queries=EXPORTS), args=of("planned"), sees=ABOVE),
    Row("vanished-cases", Get(queries=EXPORTS), args=of("planned"), sees=ABOVE),
    Row("changes", Get(), args=lambda at: {"pk": at.planned.pk, "status": "new"}, sees=ABOVE),
    # Sources
    Row("sources", Get(queries=EXPORTS), door=ROWS_READERS),
    Row("new-source", Get(), Post(source_form), door=IMPORTERS),
    Row("source", Get(), args=of("source"), sees=ABOVE),
    Row(
        "edit-source",
        Get(may=STEWARDS),
        Post(lambda at: {"name": "Letters", "zone": "UTC"}, may=STEWARDS),
        args=of("source"),
        sees=ABOVE,
    ),
    Row("forget-mapping", post=Post(may=STEWARDS), args=of("source"), sees=ABOVE),
    Row("archive-source", post=Post(may=STEWARDS), args=of("source"), sees=ABOVE),
    Row("restore-source", post=Post(may=STEWARDS), args=of("source_away"), sees=ABOVE),
]
