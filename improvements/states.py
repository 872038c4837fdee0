"""Recommendation, Submission and Action: their states and the moves between them."""

from __future__ import annotations

from teams.states import Table

DRAFT, PUT_FORWARD, AGREED, TURNED_DOWN = "draft", "put_forward", "agreed", "turned_down"
RECOMMENDATION = Table(
    noun="recommendation",
    first=DRAFT,
    moves={
        (DRAFT, "edit"): None,
        (DRAFT, "put_forward"): PUT_FORWARD,
        (PUT_FORWARD, "agree"): AGREED,
        (PUT_FORWARD, "turn_down"): TURNED_DOWN,
        (PUT_FORWARD, "take_back"): DRAFT,
        (PUT_FORWARD, "wait"): None,
        (AGREED, "agree"): None,
        (AGREED, "take_back"): DRAFT,
        (AGREED, "wait"): PUT_FORWARD,
        (AGREED, "propose_action"): None,
    },
    owners={DRAFT: "supervisor", PUT_FORWARD: "decision_maker", AGREED: "team_lead", TURNED_DOWN: "nobody"},
)

SUBMITTED, SENT_BACK, APPROVED, TRIAL = "submitted", "sent_back", "approved", "approved_trial"
CONDITIONS, DEFERRED, REJECTED = "approved_conditions", "deferred", "rejected"
REVOKED, EXPIRED, WITHDRAWN = "revoked", "expired", "withdrawn"

SUBMISSION = Table(
    noun="submission",
    first=SUBMITTED,
    moves={
        (SUBMITTED, "approve"): APPROVED,
        (SUBMITTED, "approve_trial"): TRIAL,
        (SUBMITTED, "approve_conditions"): CONDITIONS,
        (SUBMITTED, "defer"): DEFERRED,
        (SUBMITTED, "send_back"): SENT_BACK,
        (SUBMITTED, "reject"): REJECTED,
        (SUBMITTED, "withdraw"): WITHDRAWN,
        (DEFERRED, "defer"): DEFERRED,
        (DEFERRED, "approve"): APPROVED,
        (DEFERRED, "approve_conditions"): CONDITIONS,
        (DEFERRED, "approve_trial"): TRIAL,
        (DEFERRED, "send_back"): SENT_BACK,
        (DEFERRED, "reject"): REJECTED,
        (DEFERRED, "withdraw"): WITHDRAWN,
        (DEFERRED, "expire"): EXPIRED,
        (TRIAL, "expire"): EXPIRED,
        (TRIAL, "revoke"): REVOKED,
        (APPROVED, "revoke"): REVOKED,
        (CONDITIONS, "revoke"): REVOKED,
        (EXPIRED, "approve"): APPROVED,
        (EXPIRED, "approve_conditions"): CONDITIONS,
        (EXPIRED, "approve_trial"): TRIAL,
        (EXPIRED, "defer"): DEFERRED,
        (EXPIRED, "send_back"): SENT_BACK,
        (EXPIRED, "reject"): REJECTED,
        (EXPIRED, "withdraw"): WITHDRAWN,
    },
    owners={
        SUBMITTED: "decision_maker",
        SENT_BACK: "supervisor",
        APPROVED: "nobody",
        TRIAL: "decision_maker",
        CONDITIONS: "supervisor",
        DEFERRED: "decision_maker",
        REJECTED: "nobody",
        REVOKED: "supervisor",
        EXPIRED: "decision_maker",
        WITHDRAWN: "supervisor",
    },
)
IN_FORCE = (APPROVED, TRIAL, CONDITIONS)
WAITING = (SUBMITTED, DEFERRED, EXPIRED)

PROPOSED, ACTION_APPROVED, IN_PROGRESS, DONE = "proposed", "approved", "in_progress", "done"
EFFECTIVE, NOT_EFFECTIVE, SUSTAINED, LAPSED, CANCELLED = (
    "effective",
    "not_effective",
    "sustained",
    "lapsed",
    "cancelled",
)
TOO_EARLY = "too_early"

ACTION = Table(
    noun="action",
    first=PROPOSED,
    moves={
        (PROPOSED, "edit"): None,
        (PROPOSED, "approve"): ACTION_APPROVED,
        (PROPOSED, "cancel"): CANCELLED,
        (ACTION_APPROVED, "start"): IN_PROGRESS,
        (ACTION_APPROVED, "cancel"): CANCELLED,
        (IN_PROGRESS, "finish"): DONE,
        (IN_PROGRESS, "cancel"): CANCELLED,
        (DONE, "verify_effective"): EFFECTIVE,
        (DONE, "verify_not_effective"): NOT_EFFECTIVE,
        (DONE, "verify_too_early"): None,
        (DONE, "reopen"): IN_PROGRESS,
        (EFFECTIVE, "sustain"): SUSTAINED,
        (EFFECTIVE, "lapse"): LAPSED,
        (SUSTAINED, "lapse"): LAPSED,
    },
    owners={
        PROPOSED: "supervisor",
        ACTION_APPROVED: "owner",
        IN_PROGRESS: "owner",
        DONE: "verifier",
        EFFECTIVE: "nobody",
        NOT_EFFECTIVE: "supervisor",
        SUSTAINED: "nobody",
        LAPSED: "supervisor",
        CANCELLED: "nobody",
    },
)
TO_DO = (PROPOSED, ACTION_APPROVED, IN_PROGRESS)
# What came to nothing in the end: a follow-up is offered.
FAILED = (NOT_EFFECTIVE, LAPSED)
ENDED = (EFFECTIVE, NOT_EFFECTIVE, SUSTAINED, LAPSED, CANCELLED)
