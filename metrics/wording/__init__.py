"""Words for people, made from codes and facts. Whoever computes returns codes; whoever shows asks here."""

from django.utils.translation import gettext_lazy as _

from jobs import registry
from metrics.wording import asking, standing
from metrics.wording.charts import chart_line, chart_name, second_opinion
from metrics.wording.figures import amount, day_of, decimals_of, figure, length, spread_of, stretch
from metrics.wording.icons import Icon, assurance_icon, variation_icon
from metrics.wording.narration import Narration
from metrics.wording.notes import adjusted_line, notes_of, outcome_line, settings_line
from metrics.wording.signals import headline, limits_are_cut, narrate, rule_words
from metrics.wording.targets import told_value

__all__ = [
    "Icon",
    "Narration",
    "adjusted_line",
    "amount",
    "asking",
    "assurance_icon",
    "chart_line",
    "chart_name",
    "day_of",
    "decimals_of",
    "figure",
    "headline",
    "length",
    "limits_are_cut",
    "narrate",
    "notes_of",
    "outcome_line",
    "rule_words",
    "second_opinion",
    "settings_line",
    "spread_of",
    "standing",
    "stretch",
    "told_value",
    "variation_icon",
]

_PHASES = {
    "analysing": _("analysing series"),
    "judging": _("comparing all series"),
    "looking_closer": _("looking closer"),
    "looking": _("looking at the file"),
    "reading": _("reading rows"),
    "comparing": _("comparing with what is stored"),
    "merging": _("storing rows"),
    "summing": _("adding up units"),
    "figures": _("working figures out from cases"),
    "undoing": _("taking rows back"),
    "finishing": _("finishing"),
    "comparing_groups": _("comparing"),
}
registry.describe("metrics.look_at_upload", _("First look at a file"), _PHASES)
registry.describe("metrics.plan_upload", _("Plan of an import"), _PHASES)
registry.describe("metrics.merge_upload", _("Import"), _PHASES)
registry.describe("metrics.undo_upload", _("Undoing an import"), _PHASES)
registry.describe("metrics.clear_plans", _("Nightly clearing of plans that nobody took over"), _PHASES)
registry.describe("metrics.analyse", _("Analysis of metrics"), _PHASES)
registry.describe("metrics.compare", _("Comparison before and after"))
registry.describe("metrics.analyse_all", _("Nightly analysis of all metrics"), _PHASES)
registry.describe("metrics.look_closer", _("Closer look at metrics"), _PHASES)
registry.describe("metrics.study", _("Comparison"), _PHASES)
