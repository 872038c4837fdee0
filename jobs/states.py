"""Job: queued · running · done · failed · cancelled."""

from __future__ import annotations

from teams.states import Table

QUEUED, RUNNING, DONE, FAILED, CANCELLED = "queued", "running", "done", "failed", "cancelled"

JOB = Table(
    noun="job",
    first=QUEUED,
    moves={
        (QUEUED, "claim"): RUNNING,
        (RUNNING, "claim"): RUNNING,
        (RUNNING, "finish"): DONE,
        (RUNNING, "fail"): FAILED,
        (RUNNING, "retry"): QUEUED,
        (QUEUED, "cancel"): CANCELLED,
        (RUNNING, "cancel"): CANCELLED,
        (FAILED, "again"): QUEUED,
    },
    owners={
        QUEUED: "worker",
        RUNNING: "worker",
        DONE: "nobody",
        FAILED: "administrator",
        CANCELLED: "nobody",
    },
)
