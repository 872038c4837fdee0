"""Who gets what from the pages of notices: a briefing is for who was told and who sees the reviews of the unit."""

from types import SimpleNamespace

from notices import workflow
from notices.models import Outbox
from tests.gates.rows import Get, Post, Row, only

TOLD = only("colleague")
ADMIN = only("administrator")


def scene(side):
    """A briefing told to one colleague, whose mail has failed."""
    briefing = workflow.brief(
        side.supervisor, side.team, [side.colleague], f"{side.word} briefing", f"{side.word} text", side.team
    )
    mail = Outbox.objects.get(notice__person=side.colleague)
    Outbox.objects.filter(pk=mail.pk).update(error="SMTPException: full", claimed_at=mail.queued_at)
    return SimpleNamespace(side=side, briefing=briefing, mail=mail)


ROWS = [
    Row(
        "briefing",
        Get(),
        args=lambda at: {"pk": at.briefing.pk},
        sees=TOLD | only("supervisor", "decision_maker", "team_lead"),
    ),
    Row(
        "read-briefing",
        None,
        Post(may=TOLD),
        args=lambda at: {"pk": at.briefing.pk},
        sees=TOLD | only("supervisor", "decision_maker", "team_lead"),
    ),
    Row("mails", Get(), door=ADMIN),
    Row("again-mail", None, Post(), args=lambda at: {"pk": at.mail.pk}, sees=ADMIN),
]
