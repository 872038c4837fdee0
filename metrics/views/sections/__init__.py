"""The sections below the chart of the metric page, in the order in which they stand.

A section is a module with ``section(page) -> Section | None`` (None: nothing to show) and a template of the same name
in ``templates/metrics/sections/``. To add one: write both, and name it in ``ORDER``.
"""

from __future__ import annotations

from collections.abc import Callable

from metrics.views.sections import (
    agreement,
    before_after,
    breaks,
    closer,
    compare,
    definition,
    happened,
    mix,
    signals,
    survey,
    targets,
)
from metrics.views.sections.page import Page, Section

# One line a section, in the order in which a supervisor asks: is it real, does it meet its target, what lies behind,
# what was done, did that work, and how is it counted.
ORDER: tuple[Callable[[Page], Section | None], ...] = (
    mix.section,
    agreement.section,
    signals.section,
    targets.section,
    closer.section,
    breaks.section,
    happened.section,
    before_after.section,
    compare.section,
    survey.section,
    definition.section,
)


def sections_of(page: Page) -> list[Section]:
    """All sections that have something to show."""
    return [made for section in ORDER if (made := section(page)) is not None]


__all__ = ["Page", "Section", "sections_of"]
