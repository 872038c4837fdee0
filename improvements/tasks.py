"""Background work of improvements."""

from __future__ import annotations

from improvements.workflow import decisions
from jobs.registry import Run, work


@work("improvements.expire")
def expire(run: Run) -> None:
    """Nightly: trials and deferrals whose day has passed. Each is settled in a transaction of its own."""
    count = decisions.expire()
    run.progress(count, count)
