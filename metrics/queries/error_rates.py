"""The measured error rates: read from the file that the simulations wrote."""

from __future__ import annotations

from functools import lru_cache

from django.conf import settings

from metrics.kept_runs import FILE, Run, read


@lru_cache(maxsize=1)
def error_rates() -> dict[str, Run]:
    """The kept runs by the name of their simulation, in order of name."""
    return dict(sorted(read(settings.BASE_DIR / FILE).items()))
