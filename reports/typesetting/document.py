"""A laid-out paper as a tagged PDF (PDF/UA-1). What people typed reaches typst as data, never as markup."""

from __future__ import annotations

import datetime as dt
import json
import xml.etree.ElementTree as ET
from functools import cache
from pathlib import Path
from typing import Any, Literal

import typst
from django.conf import settings
from django.utils import translation
from django.utils.translation import gettext as _

from improvements.paper import lay_out
from improvements.paper.measures import marks, read, rebases
from metrics.trajectories import paths_of
from reports.typesetting.charts import draw
from reports.typesetting.fonts import of_typst

FOLDER = Path(__file__).resolve().parent.parent / "typst"
ICONS = settings.BASE_DIR / "static" / "img" / "icons.svg"
SVG = "{http://www.w3.org/2000/svg}"
TONES = {"improvement": "#1d5fbf", "concern": "#b45309", "neutral": "#6d4aa8", "common": "#5c5852"}
STANDARD: Literal["ua-1"] = "ua-1"


def render(content: dict[str, Any], state_hash: str, trail: tuple[int, str], language: str, at: dt.datetime) -> bytes:
    """The PDF of a frozen content in a language. ``trail``: number and mac of the head, printed on every page."""
    with translation.override(language):
        data = _data(content, state_hash, trail, language)
    out = typst.compile(
        str(FOLDER / "paper.typ"),
        root=str(FOLDER),
        font_paths=of_typst(),
        ignore_system_fonts=True,
        sys_inputs={"data": json.dumps(data, ensure_ascii=False)},
        pdf_standards=[STANDARD],
        timestamp=int(at.timestamp()),
        format="pdf",
    )
    return out


def _data(content: dict[str, Any], state_hash: str, trail: tuple[int, str], language: str) -> dict[str, Any]:
    laid = lay_out(content)
    drawings = _drawings(content)
    appendix = []
    for section in laid["sections"]:
        for block in section["blocks"]:
            if block["kind"] == "chart":
                block["svg"] = drawings[block["id"]]
                appendix.append(block["table"])
    lang, _dash, region = language.partition("-")
    return {
        **{key: laid[key] for key in ("title", "name", "about", "day", "ask", "key", "heard", "outside", "may")},
        "icons-before": laid["icons"],
        "sections": laid["sections"],
        "appendix": appendix,
        "authors": [content["recommendation"]["author"]["name"]],
        "short": laid["name"] if len(laid["name"]) <= 70 else laid["name"][:69] + "…",
        "lang": lang,
        "region": region or None,
        "base": settings.BASE_URL.rstrip("/"),
        "icons": _icons(),
        "words": {
            "ask": _("What is asked"),
            "outside": laid["outside_title"],
            "icons": _("As it stands today"),
            "heard": _("Who was heard"),
            "may": _("What can be decided"),
            "sign": _("Decision"),
            "lines": [_("Decision and reason"), _("Name and date"), _("Signature")],
        },
        "foot": {
            "hash": _("State hash %(hash)s") % {"hash": state_hash},
            "trail": _("Trail %(number)s: %(mac)s") % {"number": trail[0], "mac": trail[1]},
            "page": _("Page"),
        },
    }


def _drawings(content: dict[str, Any]) -> dict[str, str]:
    found = {}
    for one in content["metrics"]:
        measure = read(one)
        found[f"chart-{one['series']}"] = draw(
            measure.metric, measure.rows, marks(measure), rebases(measure), paths_of(measure.content["settings"])
        )
    return found


@cache
def _icons() -> dict[str, str]:
    """Each symbol of the page's sprite as a picture of its own, in the colour of what it says."""
    ET.register_namespace("", SVG.strip("{}"))
    found = {}
    for symbol in ET.parse(ICONS).getroot().iter(f"{SVG}symbol"):
        name = symbol.get("id", "")
        picture = ET.Element(f"{SVG}svg", viewBox=symbol.get("viewBox", "0 0 24 24"))
        picture.extend(list(symbol))
        text = ET.tostring(picture, encoding="unicode")
        found[name] = text.replace("currentColor", TONES[_tone(name)])
    return found


def _tone(name: str) -> str:
    if name.startswith("improvement") or name.endswith("-met"):
        return "improvement"
    if name.startswith("concern") or name.endswith("-missed"):
        return "concern"
    return "neutral" if name.startswith("change") else "common"
