"""The sections of a paper after its first page."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from improvements.models import Option
from improvements.paper.figures import Cell, cell, date, plain, shown, weeks
from improvements.paper.front import beyond
from improvements.paper.measures import Measure, chart, sentence, table
from metrics.wording import Icon
from metrics.wording.outlooks import band_word
from reviews import evidence
from reviews.models import Criterion, Finding, Judgement, Parameter, Review
from reviews.queries.conclusions import sentence_of

Content = dict[str, Any]
Section = dict[str, Any]


# What a reader looks up rather than reads: a screen folds it, paper shows it.
LOOKED_UP = ("plan", "sources")


def section(code: str, title: str, blocks: list[dict[str, Any]]) -> Section:
    return {"id": code, "title": title, "blocks": blocks, "folded": code in LOOKED_UP}


def paragraph(text: Any) -> dict[str, Any]:
    return {"kind": "text", "text": str(text)}


def facts(lines: list[tuple[str, Any]]) -> dict[str, Any]:
    """Labels with their cells; what has no text is left out."""
    told = [(label, one if isinstance(one, dict) else cell(one)) for label, one in lines if one]
    return {"kind": "facts", "lines": [{"label": str(label), "cell": one} for label, one in told]}


def icon(one: Icon) -> Cell:
    """A symbol of the sprite with its words."""
    return cell(one.words, icon=one.symbol, tone=one.tone)


def rating(code: str) -> Cell:
    return cell(dict(Judgement.Rating.choices).get(code, code), state=code)


def criteria(content: Content, measures: dict[int, Measure]) -> Section:
    """Each criterion: threshold, what the rule says, what the reviewer judges, and why where they differ."""
    rows = [_criterion(one, measures.get(one["series"] or 0)) for one in content["criteria"]]
    heads = [_("Criterion"), _("Threshold"), _("The rule says"), _("Judgement"), _("Why")]
    blocks = [table(_("Criteria and conclusions"), heads, rows, numbers=(1,), narrow=(3,))]
    if content["review"]["overall"]:
        blocks.append(paragraph(content["review"]["overall"]))
    return section("criteria", _("Criteria and conclusions"), blocks)


def _criterion(one: Content, measure: Measure | None) -> list[Cell]:
    done = one["conclusion"]
    name = cell(f"{one['name']}: {one['measure']}")
    threshold = shown(one["threshold"], measure.metric if measure else None, measure.spread if measure else None)
    if done is None:
        return [name, threshold, cell(_("not concluded")), cell(_("not concluded")), cell("")]
    place = done["mean"] or done["n"]
    said = cell(sentence_of(done["rule_facts"]), _place(place)) if done["rule_facts"] else rating(done["rule_result"])
    why = " ".join(words for words in (done["why"], done["why_different"]) if words)
    return [name, threshold, said, rating(done["rating"]), cell(why)]


def _place(number: dict[str, Any] | None) -> str:
    return str(shown(number)["url"]) if number else ""


def measures(content: Content, found: list[Measure]) -> Section:
    """The icon table, those that need attention first, and the chart of each measure."""
    rows = [
        [
            cell(one.name, one.figure("latest")["url"]),
            one.figure("latest"),
            one.figure("mean"),
            one.limits(),
            one.figure("target"),
            icon(one.variation),
            icon(one.assurance),
            # Content frozen before this was kept has none.
            cell(band_word(one.content.get("chance"))),
        ]
        for one in found
    ]
    heads = [
        _("Measure"), _("Latest"), _("Mean"), _("Limits"), _("Target"), _("Variation"), _("Can it meet the target?"),
        _("Next period meets it"),
    ]  # fmt: skip
    blocks: list[dict[str, Any]] = [table(_("The measures as they stand"), heads, rows, numbers=(1, 2, 3, 4))]
    for one in content["without_analysis"]:
        name = f"{one['metric']}, {one['place']}"
        blocks.append(paragraph(_("%(name)s: nothing is analysed yet.") % {"name": name}))
    return section("measures", _("What the measures show"), blocks + [chart(one) for one in found])


def findings(content: Content) -> Section:
    """The agreed findings with their evidence, those that the recommendation answers first."""
    items = [_finding(one) for one in content["findings"]]
    blocks = [{"kind": "items", "items": items}] if items else [paragraph(_("No finding was agreed."))]
    return section("findings", _("Findings"), blocks)


def _finding(one: Content) -> dict[str, Any]:
    sort = dict(Finding.Sort.choices)[one["sort"]]
    about = [sort, _("answered by this recommendation") if one["answered"] else _("not answered here")]
    return {
        "id": f"finding-{one['id']}",
        "title": one["title"],
        "about": " · ".join(str(words) for words in about),
        "facts": facts(
            [
                (_("What was found"), one["condition"]),
                (_("Effect"), one["effect"]),
                (_("Cause"), one["cause"]),
                (_("Criterion"), one["criterion"]),
                (_("Step or feature"), one["subject"]),
                (_("Confidence"), dict(Judgement.Confidence.choices)[one["confidence"]]),
            ]
        ),
        "evidence": [_evidence(row) for row in one["evidence"]],
    }


def _evidence(row: Content) -> Cell:
    kind = evidence.KINDS.get(row["kind"])
    words = kind.words(row["facts"]) if kind else row["kind"]
    url = kind.url(row["facts"]) if kind else ""
    return cell(" ".join(part for part in (words, row["note"]) if part), url)


def options(content: Content) -> Section:
    """The options side by side, the recommended one first; doing nothing is always among them."""
    effects = dict(Option.Effect.choices)
    rows = [
        [
            cell(_("%(name)s (recommended)") % {"name": one["name"]} if one["preferred"] else one["name"]),
            cell(effects[one["satisfaction"]]),
            cell(effects[one["cost_effect"]]),
            cell(effects[one["compliance"]]),
            shown(one["one_off"]),
            shown(one["yearly"]),
            shown(one["hours"]),
            weeks(one["weeks"]),
        ]
        for one in content["options"]
    ]
    heads = [
        _("Option"), _("Satisfaction"), _("Running cost"), _("Compliance"), _("One-off"), _("A year"), _("Work"),
        _("Until it works"),
    ]  # fmt: skip
    items = [_option(one) for one in content["options"]]
    blocks = [table(_("Options"), heads, rows, numbers=(4, 5, 6, 7)), {"kind": "items", "items": items}]
    return section("options", _("Options"), blocks)


def _option(one: Content) -> dict[str, Any]:
    inside = not beyond(one)
    return {
        "id": f"option-{one['id']}",
        "title": one["name"],
        "about": _("inside the parameters for change") if inside else " ".join(line["text"] for line in beyond(one)),
        "facts": facts([(_("What it means"), one["description"]), (_("Risk"), one["risk"])]),
        "evidence": [],
    }


def plan(content: Content) -> Section:
    """What the review set out to answer, its boundaries, its parameters, and how the plan was changed on the way."""
    review = content["review"]
    lines = [
        (_("Question"), review["question"]),
        (_("From"), review["start_point"]),
        (_("To"), review["end_point"]),
        (_("Customers"), dict(Review.Customers.choices)[review["customers"]]),
        (_("Period"), _("%(first)s to %(last)s") % _period(review)),
        (_("Inside the boundary"), review["inside"]),
        (_("Outside the boundary"), review["outside"]),
        (_("Spend limit"), shown(review["spend_limit"]) if review["spend_limit"] else ""),
        (_("Plan frozen on"), date(review["frozen_at"])),
        (_("Hash of the plan"), cell(review["plan_hash"], code=True) if review["plan_hash"] else ""),
    ]
    freedom = dict(Parameter.Freedom.choices)
    parameters = [
        [cell(one["aspect"]), cell(freedom[one["freedom"]]), cell(one["detail"])] for one in content["parameters"]
    ]
    rules = dict(Criterion.Rule.choices)
    criteria_rows = [
        [cell(one["name"]), cell(one["source"]), cell(rules[one["rule"]]), shown(one["weight"])]
        for one in content["criteria"]
    ]
    heads = [_("Criterion"), _("Source"), _("How it is concluded"), _("Weight")]
    blocks = [facts(lines), table(_("How each criterion is concluded"), heads, criteria_rows, numbers=(3,))]
    if parameters:
        blocks.append(table(_("Parameters for change"), [_("Aspect"), _("Freedom"), _("Detail")], parameters))
    return section("plan", _("The plan behind it"), [*blocks, _amendments(content)])


def _period(review: Content) -> dict[str, str]:
    return {"first": date(review["first_day"]), "last": date(review["last_day"])}


def _amendments(content: Content) -> dict[str, Any]:
    if not content["amendments"]:
        return paragraph(_("The plan was not amended after it was frozen."))
    rows = [
        [cell(plain(one["number"])), cell(date(one["at"])), cell(one["person"]["name"]), cell(one["reason"])]
        for one in content["amendments"]
    ]
    return table(_("Amendments to the frozen plan"), [_("Number"), _("On"), _("By"), _("Reason")], rows)


def sources(content: Content, found: list[Measure]) -> Section:
    """Where every figure came from: uploads, settings, hash of the inputs."""
    blocks: list[dict[str, Any]] = []
    for one in found:
        uploads = [
            cell(_("%(name)s, %(day)s, SHA-256 %(hash)s") % {
                "name": row["name"], "day": date(row["at"]), "hash": row["sha256"][:16] or _("typed in"),
            })
            for row in one.content["uploads"]
        ]  # fmt: skip
        blocks.append(
            {
                "kind": "items",
                "items": [
                    {
                        "id": f"source-{one.content['series']}",
                        "title": one.name,
                        "about": sentence(one),
                        "facts": facts(
                            [
                                (_("Points"), one.figure("n")),
                                (_("Hash of the inputs"), cell(one.content["inputs"], code=True)),
                            ]
                        ),
                        "evidence": uploads,
                    }
                ],
            }
        )
    blocks.insert(0, paragraph(_("Every figure links to the page it was read from. Judgements are listed below.")))
    judged = _judgements(content)
    return section("sources", _("Where the figures come from"), blocks + ([judged] if judged else []))


def _judgements(content: Content) -> dict[str, Any] | None:
    respects, confidence = dict(Judgement.Respect.choices), dict(Judgement.Confidence.choices)
    rows = [
        [
            cell(one["subject"]),
            cell(respects[one["respect"]]),
            rating(one["rating"]),
            cell(confidence[one["confidence"]]),
            cell(one["why"]),
        ]
        for one in content["judgements"]
    ]
    heads = [_("Step or feature"), _("Respect"), _("Judgement"), _("Confidence"), _("Why")]
    return table(_("Judgements"), heads, rows, narrow=(1, 2, 3)) if rows else None
