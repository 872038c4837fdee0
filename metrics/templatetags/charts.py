"""A chart in a template: its figure as JSON that a script reads."""

from __future__ import annotations

import json
from typing import Any

from django import template
from django.utils.html import format_html
from django.utils.safestring import SafeString, mark_safe

from metrics.charts import sent

register = template.Library()
# As json_script has them: nothing in the JSON can end the element.
ESCAPES = {ord(">"): "\\u003E", ord("<"): "\\u003C", ord("&"): "\\u0026"}


@register.filter
def chart_script(figure: dict[str, Any], name: str) -> SafeString:
    """The element with the id ``name`` that holds the figure as ``metrics.charts.sent`` shortens it."""
    text = json.dumps(sent(figure), separators=(",", ":")).translate(ESCAPES)
    return format_html('<script id="{}" type="application/json">{}</script>', name, mark_safe(text))
