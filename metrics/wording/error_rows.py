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
    },
    "funnels": {
        "shares, exact": gettext_lazy("shares, exact limits of chance alone"),
        "shares, arcsine": gettext_lazy("shares, limits on the arcsine scale"),
        "rates, exact Poisson": gettext_lazy("rates, exact limits of chance alone"),
        "rates, interval of the expected": gettext_lazy("rates, interval of the expected number"),
        "rates, ratio of counts": gettext_lazy("rates, as a ratio of two counts"),
    },
}
# Of what is drawn for so many teams: the limits of the pages, and the widened ones wherever they lie.
DRAWN: dict[str, Promise] = {
    "rates, as drawn": gettext_lazy("rates of %(teams)s teams, as the pages draw them"),
    "rates, widened alone": gettext_lazy("rates of %(teams)s teams, widened limits alone"),
    "shares, as drawn": gettext_lazy("shares of %(teams)s teams, as the pages draw them"),
    "shares, widened alone": gettext_lazy("shares of %(teams)s teams, widened limits alone"),
}


def row_name(table: str, name: str) -> str:
    """The name of a row in that table; most are settings, such as "2 years, phi 0.3", and stand as they are."""
    parts = name.split(", ")
    words = DRAWN.get(", ".join(parts[::2])) if table == "funnels" else None
    if words is not None:
        return str(words) % {"teams": parts[1].removesuffix(" teams")}
    return str(ROWS.get(table, {}).get(name, name))
