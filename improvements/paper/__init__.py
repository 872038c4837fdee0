"""A paper laid out from its frozen content alone: the same blocks for the page and for the PDF.

``lay_out`` makes words of codes in the current language; what renders it (a template, typst) adds none of its own.
"""

from improvements.paper.layout import lay_out

__all__ = ["lay_out"]
