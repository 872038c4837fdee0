"""Papers as PDF: matplotlib draws the charts, typst sets the pages. Imported by the worker alone."""

from reports.typesetting.document import render

__all__ = ["render"]
