"""Questions to metrics. ``thread_of`` and ``search`` are what ``cxreview`` composes from every app."""

from metrics.queries.search import search, thread_of

__all__ = ["search", "thread_of"]
