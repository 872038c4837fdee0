"""From the bytes of a file to arrays and problems: pure, no Django, nothing written anywhere.

``sniff`` looks, ``suggest`` proposes a mapping and asks, ``read`` streams chunks, ``cases`` derives figures.
"""

from metrics.files.cases import CaseArrays, Derived, derive
from metrics.files.checks import check
from metrics.files.chunks import NEVER, CaseChunk, Chunk, Keys, MeasuredChunk, Reading, Rejected, Values
from metrics.files.codes import CODES, QUESTIONS
from metrics.files.found import Aside, Column, DateEvidence, NumberEvidence, Sheet, Sniffed
from metrics.files.known import TEMPLATES
from metrics.files.layouts import scaled, suggest, wide_draft
from metrics.files.mapping import (
    CELL,
    HEADING,
    Amount,
    CaseColumns,
    Condition,
    Dimension,
    Flag,
    Mapping,
    MappingError,
    MetricFrom,
    Score,
    Scoring,
    Wide,
)
from metrics.files.plan import Limits, Problem, Question, Refused, Where
from metrics.files.reading import Reader, cells_of, read
from metrics.files.sniffing import sniff
from metrics.files.spread import spread

__all__ = [
    "CELL",
    "CODES",
    "HEADING",
    "NEVER",
    "QUESTIONS",
    "TEMPLATES",
    "Amount",
    "Aside",
    "CaseArrays",
    "CaseChunk",
    "CaseColumns",
    "Chunk",
    "Column",
    "Condition",
    "DateEvidence",
    "Derived",
    "Dimension",
    "Flag",
    "Keys",
    "Limits",
    "Mapping",
    "MappingError",
    "MeasuredChunk",
    "MetricFrom",
    "NumberEvidence",
    "Problem",
    "Question",
    "Reader",
    "Reading",
    "Refused",
    "Rejected",
    "Score",
    "Scoring",
    "Sheet",
    "Sniffed",
    "Values",
    "Where",
    "Wide",
    "cells_of",
    "check",
    "derive",
    "read",
    "scaled",
    "sniff",
    "spread",
    "suggest",
    "wide_draft",
]
