"""Questions about improvements, split by noun; what upper apps compose stands here."""

from improvements.queries.links import search, thread_of
from improvements.queries.lists import mine

__all__ = ["mine", "search", "thread_of"]
