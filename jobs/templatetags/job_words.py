"""Words of a job in templates."""

from __future__ import annotations

from django import template

from jobs import wording
from jobs.models import Job

register = template.Library()


@register.filter
def work_words(job: Job) -> str:
    return wording.work(job)


@register.filter
def phase_words(job: Job) -> str:
    return wording.phase(job)


@register.filter
def reason_words(job: Job) -> str:
    return wording.reason(job)


@register.filter
def duration_words(seconds: float | None) -> str:
    return wording.duration(seconds)
