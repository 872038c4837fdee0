"""Words for jobs: what a work is called, where it is, how long yet, why it failed."""

from __future__ import annotations

from django.utils.functional import Promise
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy, ngettext

from jobs import registry
from jobs.models import Job

REASONS: dict[str, str | Promise] = {
    "worker_died": gettext_lazy(
        "The process that did this work ended each time before it got any further. It was tried as often as allowed."
    ),
    "fault": gettext_lazy(
        "Something went wrong in the program. Nothing was half written; the log holds the details. Run it again, and "
        "tell the administrator if it fails again."
    ),
    "passing": gettext_lazy(
        "The database, the disk or the network did not answer, as often as it was tried. Run it again when they do."
    ),
    "not_loaded": gettext_lazy("The program could not be loaded. The log holds the details."),
    "unknown_work": gettext_lazy("This version of the program does not know this work."),
    "not_allowed": gettext_lazy("The person who asked for it may not do it, or may do it no longer."),
}


def work(job: Job) -> str:
    """What the job does, in words; its dotted name where nobody gave it any."""
    return str(registry.WORDS.get(job.work, job.work))


def phase(job: Job) -> str:
    return str(registry.PHASES.get((job.work, job.phase), job.phase))


def reason(job: Job) -> str:
    """Why it failed, in words: the domain's own refusal, or what the job layer knows."""
    if not job.error_code:
        return ""
    return str(REASONS.get(job.error_code, job.error or job.error_code))


def duration(seconds: float | None) -> str:
    """ "12 s", "3 min", "2 h 5 min"; "" for None."""
    if seconds is None:
        return ""
    if seconds < 90:
        return ngettext("%(count)d s", "%(count)d s", round(seconds)) % {"count": round(seconds)}
    minutes = round(seconds / 60)
    if minutes < 60:
        return ngettext("%(count)d min", "%(count)d min", minutes) % {"count": minutes}
    return _("%(hours)d h %(minutes)d min") % {"hours": minutes // 60, "minutes": minutes % 60}


registry.describe("jobs.housekeeping", gettext_lazy("Housekeeping"))
