"""How much, and is it changing?"""

from metrics.models.analyses import (
    Analysis,
    AnalysisPoints,
    CloserLook,
    Cycle,
    Mark,
    NullTable,
    Rebase,
    Signal,
    Standing,
)
from metrics.models.comparisons import Comparison, Dismissal
from metrics.models.imports import (
    Block,
    Case,
    CaseReplaced,
    Observation,
    ObservationReplaced,
    RejectedRow,
    Source,
    Upload,
    VanishedCase,
)
from metrics.models.metrics import Definition, Metric, Series, Target
from metrics.models.questions import Inquiry, SavedFilter
from metrics.models.studies import Agreement, Certainty, Study, Survey

__all__ = [
    "Agreement",
    "Analysis",
    "AnalysisPoints",
    "Block",
    "Case",
    "CaseReplaced",
    "Certainty",
    "CloserLook",
    "Comparison",
    "Cycle",
    "Definition",
    "Dismissal",
    "Inquiry",
    "Mark",
    "Metric",
    "NullTable",
    "Observation",
    "ObservationReplaced",
    "Rebase",
    "RejectedRow",
    "SavedFilter",
    "Series",
    "Signal",
    "Source",
    "Standing",
    "Study",
    "Survey",
    "Target",
    "Upload",
    "VanishedCase",
]
