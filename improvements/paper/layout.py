"""The whole paper as plain blocks: the ask first, then sections. No database, no clock: content in, words out."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext as _

from improvements.paper import sections
from improvements.paper.figures import Cell, cell, date, shown
from improvements.paper.front import heard, may_decide, outside, outside_title
from improvements.paper.measures import Measure, read

Content = dict[str, Any]
Paper = dict[str, Any]
ICONS_ON_FRONT = 3


def lay_out(content: Content) -> Paper:
    """The paper in the current language. Texts are plain; ``url`` of a cell is a path of this site, or empty.

    Keys: ``title``, ``name``, ``about``, ``day``, ``ask``, ``key`` (label and cells of cost, benefit, date, waiting),
    ``icons``, ``heard``, ``outside`` and its title, ``may``, ``sections`` ({id, title, blocks, folded}); a block is a text, a
    list of facts, a table, a chart or items.
    """
    measures = [read(one) for one in content["metrics"]]
    recommended = content["recommendation"]
    return {
        "title": _("Decision paper"),
        "name": recommended["title"],
        "about": _about(content),
        "day": date(content["day"]),
        "ask": recommended["ask"],
        "key": _key(content),
        "icons": _icons(measures),
        "heard": heard(content),
        "outside": outside(content),
        "outside_title": outside_title(content),
        "may": may_decide(content),
        "sections": [
            sections.criteria(content, {one.content["series"]: one for one in measures}),
            sections.measures(content, measures),
            sections.findings(content),
            sections.options(content),
            sections.plan(content),
            sections.sources(content, measures),
        ],
    }


def _about(content: Content) -> str:
    review = content["review"]
    return _("On the review “%(title)s” of %(service)s, %(unit)s. Written by %(author)s for %(decider)s.") % {
        "title": review["title"],
        "service": review["service"],
        "unit": review["unit"],
        "author": content["recommendation"]["author"]["name"],
        "decider": review["decision_maker"]["name"],
    }


def _key(content: Content) -> list[dict[str, Any]]:
    recommended = content["recommendation"]
    chosen = next(one for one in content["options"] if one["preferred"])
    cost = [
        shown(chosen["one_off"]) | {"after": _("once")},
        shown(chosen["yearly"]) | {"after": _("a year")},
        shown(chosen["hours"]) | {"after": _("of work")},
    ]
    return [
        {"label": _("Option"), "cells": [cell(chosen["name"])]},
        {"label": _("Cost"), "cells": cost},
        {"label": _("What it buys"), "cells": [_words(recommended["benefit"])]},
        {"label": _("By when"), "cells": [_words(date(recommended["by_day"]))]},
        {"label": _("If we wait"), "cells": [_words(recommended["waiting"])]},
    ]


def _words(text: str) -> Cell:
    return cell(text or _("not said"))


def _icons(measures: list[Measure]) -> list[dict[str, Any]]:
    """The measures that matter most as they stand before the decision."""
    return [
        {
            "name": one.name,
            "latest": one.figure("latest"),
            "variation": sections.icon(one.variation),
            "assurance": sections.icon(one.assurance),
        }
        for one in measures[:ICONS_ON_FRONT]
    ]
