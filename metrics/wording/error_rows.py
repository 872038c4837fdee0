"""What a row of a table of measured error rates is about, where it has a name of the code and not a setting."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy

ROWS: dict[str, dict[str, Promise]] = {
    "run-lengths": {
        "all four rules": gettext_lazy("all four rules together"),
        "outside": gettext_lazy("a value outside the limits"),
        "shift": gettext_lazy("seven in a row on one side of the mean"),
        "trend": gettext_lazy("seven in a row that rise or fall"),
        "two of three": gettext_lazy("two of three near a limit, whichever two"),
        "two of three at the latest point": gettext_lazy("two of three near a limit, the latest among them"),
        "EWMA": gettext_lazy("the second opinion"),
    }
}


def row_name(table: str, name: str) -> str:
    """The name of a row in that table; most are settings, such as "2 years, phi 0.3", and stand as they are."""
    return str(ROWS.get(table, {}).get(name, name))
