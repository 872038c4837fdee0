"""What a row of a table of measured error rates is about, where it has a name of the code and not a setting."""

from __future__ import annotations

import re

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from metrics.trends import odds
from metrics.wording.figures import figure
from metrics.wording.outlooks import BANDS

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


# Of a change before and after, by the number of values and how alike they are.
SIZED = re.compile(r"(\d+) before, (\d+) after, phi ([0-9.]+)")

# Of a chance, by the number of values that it rests on: its word, or how far in the tails it lies.
CHANCE = re.compile(r"(\d+) points, (.+)")
FAR: dict[str, Promise] = {"below 2 %": gettext_lazy("below 2 %"), "above 98 %": gettext_lazy("above 98 %")}


def row_name(table: str, name: str) -> str:
    """The name of a row in that table; most are settings, such as "2 years, phi 0.3", and stand as they are."""
    parts = name.split(", ")
    sized = SIZED.fullmatch(name) if table == "effect-coverage" else None
    if sized:
        told = {"before": sized[1], "after": sized[2], "phi": figure(float(sized[3]), 1)}
        return _("%(before)s values before, %(after)s after, phi %(phi)s") % told
    chance = CHANCE.fullmatch(name) if table == "target-chance" else None
    if chance:
        words = dict(zip(odds.NAMES, BANDS, strict=True)) | FAR
        return _("%(word)s, from %(n)s values") % {"word": words[chance[2]], "n": chance[1]}
    drawn = DRAWN.get(", ".join(parts[::2])) if table == "funnels" else None
    if drawn is not None:
        return str(drawn) % {"teams": parts[1].removesuffix(" teams")}
    return str(ROWS.get(table, {}).get(name, name))
