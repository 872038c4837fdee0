"""Who gets what from the pages of jobs: who steers the unit, and who asked for the work."""

from types import SimpleNamespace

from jobs import states, workflow
from jobs.models import Job
from tests.gates.rows import Get, Post, Row, only

STEERS = only("supervisor", "administrator")
SEES = STEERS | only("team_lead")


def scene(side):
    """Work that the team lead asked for: one piece waits, one has failed."""
    waiting, failed = (workflow.enqueue(f"tests.{side.word}", {}, person=side.team_lead, unit=side.team) for _ in "12")
    Job.objects.filter(pk=failed.pk).update(state=states.FAILED, error_code="fault", error=f"{side.word} fault")
    return SimpleNamespace(side=side, waiting=waiting, failed=failed)


ROWS = [
    Row("jobs", Get(queries=("?state=failed", "?sort=took", "?export=csv", "?export=xlsx")), door=STEERS),
    Row("job", Get(), args=lambda at: {"pk": at.failed.pk}, sees=SEES),
    Row("cancel-job", None, Post(), args=lambda at: {"pk": at.waiting.pk}, sees=SEES),
    Row("again-job", None, Post(), args=lambda at: {"pk": at.failed.pk}, sees=SEES),
]
