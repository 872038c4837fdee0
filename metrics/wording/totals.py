"""Why figures by service, product or channel are not added up to one of the unit."""

from __future__ import annotations

from typing import Any

from django.utils.translation import gettext_lazy

WHY: dict[str, Any] = {
    "not_summed": gettext_lazy("The values are no sums and have no denominators to weigh them by."),
    "two_ways": gettext_lazy("The figures are split in more than one way, so that some would be counted twice."),
    "not_alike": gettext_lazy("The parts name one and the same denominator, or a unit below has no total of its own."),
}
