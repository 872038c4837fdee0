"""Clocks of notices: the outbox is emptied on commit, and looked at every minute in case that was missed."""

from __future__ import annotations

from celery import shared_task

from jobs.registry import Run, work
from notices import workflow


@shared_task(name="notices.look")
def look() -> None:
    if workflow.waiting_mails().exists():
        workflow.enqueue_sending()


@work("notices.send")
def send(run: Run) -> None:
    """Send what waits, one by one."""
    sent = 0
    while workflow.send_next():
        sent += 1
        run.progress(sent, 0)
