"""Review, Round and Finding: their states and the moves between them. Ratings of judgements and conclusions."""

from __future__ import annotations

from teams.states import Table

PLANNED, AGREED, FROZEN, UNDER_WAY = "planned", "agreed", "frozen", "under_way"
CONCLUDED, DECIDED, CLOSED, CANCELLED = "concluded", "decided", "closed", "cancelled"

REVIEW = Table(
    noun="review",
    first=PLANNED,
    moves={
        (PLANNED, "edit_plan"): None,
        (PLANNED, "ask_agreement"): None,
        (PLANNED, "withdraw_request"): None,
        (PLANNED, "agree"): AGREED,
        (PLANNED, "send_back"): None,
        (PLANNED, "cancel"): CANCELLED,
        (AGREED, "edit_plan"): PLANNED,
        (AGREED, "freeze"): FROZEN,
        (AGREED, "cancel"): CANCELLED,
        (FROZEN, "amend"): None,
        (FROZEN, "start"): UNDER_WAY,
        (FROZEN, "cancel"): CANCELLED,
        (UNDER_WAY, "amend"): None,
        (UNDER_WAY, "work"): None,
        (UNDER_WAY, "conclude"): CONCLUDED,
        (UNDER_WAY, "cancel"): CANCELLED,
        (CONCLUDED, "reopen"): UNDER_WAY,
        (CONCLUDED, "recommend"): None,
        (CONCLUDED, "decide"): DECIDED,
        (CONCLUDED, "cancel"): CANCELLED,
        (DECIDED, "recommend"): None,
        (DECIDED, "decide"): DECIDED,
        (DECIDED, "close"): CLOSED,
        (CONCLUDED, "close"): CLOSED,
        (PLANNED, "brief"): None,
        (AGREED, "brief"): None,
        (FROZEN, "brief"): None,
        (UNDER_WAY, "brief"): None,
        (CLOSED, "archive"): None,
        (CLOSED, "unarchive"): None,
        (CANCELLED, "archive"): None,
        (CANCELLED, "unarchive"): None,
    },
    owners={
        PLANNED: "supervisor",
        AGREED: "supervisor",
        FROZEN: "supervisor",
        UNDER_WAY: "supervisor",
        CONCLUDED: "supervisor",
        DECIDED: "team_lead",
        CLOSED: "nobody",
        CANCELLED: "nobody",
    },
)

OPEN, ROUND_CLOSED = "open", "closed"
ROUND = Table(
    noun="round",
    first=OPEN,
    moves={(OPEN, "answer"): None, (OPEN, "invite"): None, (OPEN, "close"): ROUND_CLOSED},
    owners={OPEN: "colleague", ROUND_CLOSED: "nobody"},
)

DRAFT, FINDING_AGREED, ADDRESSED, MERGED = "draft", "agreed", "addressed", "merged"
FINDING = Table(
    noun="finding",
    first=DRAFT,
    moves={
        (DRAFT, "edit"): None,
        (DRAFT, "agree"): FINDING_AGREED,
        (DRAFT, "merge"): MERGED,
        (FINDING_AGREED, "edit"): DRAFT,
        (FINDING_AGREED, "address"): ADDRESSED,
        (FINDING_AGREED, "merge"): MERGED,
        (ADDRESSED, "address"): None,
        (ADDRESSED, "open_again"): FINDING_AGREED,
    },
    owners={DRAFT: "supervisor", FINDING_AGREED: "supervisor", ADDRESSED: "nobody", MERGED: "nobody"},
)

MET, PARTLY, NOT_MET, NOT_ENOUGH = "met", "partly", "not_met", "not_enough"
RATINGS = (MET, PARTLY, NOT_MET, NOT_ENOUGH)
SATISFACTION, COST, COMPLIANCE = "satisfaction", "cost", "compliance"
DIMENSIONS = (SATISFACTION, COST, COMPLIANCE)
