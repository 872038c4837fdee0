"""A closer look: season and slow drift, the adjusted chart beside the plain one, and the button that asks for it."""

from __future__ import annotations

from metrics import charts
from metrics.charts import seasons
from metrics.models import Analysis
from metrics.queries import closer as questions
from metrics.queries.analyses import rows_of
from metrics.tables import points as table
from metrics.trajectories import paths_of
from metrics.views.sections.page import Page, Section
from metrics.wording import adjusted_line
from metrics.wording import closer as told


def section(page: Page) -> Section | None:
    analysis = page.analysis
    if analysis is None:
        return None
    look = questions.look_of(page.series)
    if look is None:
        return Section("closer", {})
    season, drift = look.facts.get("season"), look.facts.get("drift")
    part = {
        "at": look.computed_at,
        "stale": look.inputs_hash != analysis.inputs_hash,
        "season": told.season_told(page.series, analysis, season) if season else None,
        "drift": told.drift_told(page.series, analysis, drift) if drift else None,
    }
    if season and season.get("picture"):
        part["picture"] = seasons.picture(page.series.metric, season["picture"])
    adjusted = questions.adjusted_of(look, analysis)
    return Section("closer", part | _drawn(page, analysis, adjusted))


def _drawn(page: Page, analysis: Analysis, adjusted: Analysis | None) -> dict[str, object]:
    """The chart without the season, and its table."""
    if adjusted is None:
        return {"chart": None, "lines": []}
    logged = analysis.settings.get("chart") == "log"
    rows, metric = rows_of(adjusted, last=page.drawn), page.series.metric
    return {
        "chart": charts.figure_of(metric, rows, page.marks, page.rebases, paths=paths_of(analysis.settings)),
        "lines": table.lines(metric, rows, analysis.amr, None),
        "settings": adjusted_line(analysis, logged),
    }
