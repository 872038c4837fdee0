"""Comparisons as the worker computes them: pandas lines up and adds up, ``metrics.trends`` does the statistics.

Imported by tasks and commands alone; the web process reads the stored answer.
"""

from metrics.comparing.answering import answer
from metrics.comparing.certainty import settle
from metrics.comparing.totals import split_totals

__all__ = ["answer", "settle", "split_totals"]
