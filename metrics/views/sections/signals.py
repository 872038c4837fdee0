"""The signals of a series, each with its sentence: those at the latest values, the earlier ones folded; and what was
asked about them."""

from __future__ import annotations

from metrics import charts, wording
from metrics.models import Signal
from metrics.queries import inquiries
from metrics.views.sections.page import Page, Section


def section(page: Page) -> Section:
    now = [signal for signal in page.signals if signal.current and not signal.gone]
    return Section(
        "signals",
        {
            "signals": _told(now),
            "earlier": _told([signal for signal in page.signals if signal not in now]),
            "questions": inquiries.of_series(page.person, page.series),
            "leading": page.leading,
            "kept_to": charts.LATEST if len(page.rows) > charts.LATEST else 0,
        },
    )


def _told(signals: list[Signal]) -> list[tuple[Signal, str]]:
    return [(signal, wording.narrate(signal).fact) for signal in signals]
