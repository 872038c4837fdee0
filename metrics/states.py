"""Upload, Target, Signal and Inquiry: their states and the moves between them."""

from __future__ import annotations

from teams.states import Table

RECEIVED, PLANNED, MERGING, DONE = "received", "planned", "merging", "done"
REFUSED, CANCELLED, UNDONE = "refused", "cancelled", "undone"

UPLOAD = Table(
    noun="upload",
    first=RECEIVED,
    moves={
        (RECEIVED, "map"): RECEIVED,
        (RECEIVED, "plan"): PLANNED,
        (RECEIVED, "refuse"): REFUSED,
        (RECEIVED, "cancel"): CANCELLED,
        (PLANNED, "map"): RECEIVED,
        (PLANNED, "clear"): RECEIVED,
        (PLANNED, "commit"): MERGING,
        (PLANNED, "refuse"): REFUSED,
        (PLANNED, "cancel"): CANCELLED,
        (MERGING, "finish"): DONE,
        (DONE, "undo"): UNDONE,
    },
    owners={
        RECEIVED: "uploader",
        PLANNED: "uploader",
        MERGING: "worker",
        DONE: "nobody",
        REFUSED: "uploader",
        CANCELLED: "nobody",
        UNDONE: "nobody",
    },
)

PROPOSED, IN_FORCE, SUPERSEDED, TURNED_DOWN = "proposed", "in_force", "superseded", "turned_down"
WITHDRAWN = "withdrawn"

TARGET = Table(
    noun="target",
    first=PROPOSED,
    moves={
        (PROPOSED, "approve"): IN_FORCE,
        (PROPOSED, "turn_down"): TURNED_DOWN,
        (PROPOSED, "withdraw"): WITHDRAWN,
        (IN_FORCE, "supersede"): SUPERSEDED,
    },
    owners={
        PROPOSED: "supervisor",
        IN_FORCE: "nobody",
        SUPERSEDED: "nobody",
        TURNED_DOWN: "nobody",
        WITHDRAWN: "nobody",
    },
)

OPEN, ACKNOWLEDGED = "open", "acknowledged"

SIGNAL = Table(
    noun="signal",
    first=OPEN,
    moves={(OPEN, "acknowledge"): ACKNOWLEDGED, (ACKNOWLEDGED, "reopen"): OPEN},
    owners={OPEN: "supervisor", ACKNOWLEDGED: "nobody"},
)

ASKED, LOOKED_INTO, ANSWERED = "asked", "looked_into", "answered"

INQUIRY = Table(
    noun="inquiry",
    first=ASKED,
    moves={
        (ASKED, "look_into"): LOOKED_INTO,
        (ASKED, "answer"): ANSWERED,
        (LOOKED_INTO, "look_into"): LOOKED_INTO,
        (LOOKED_INTO, "answer"): ANSWERED,
    },
    owners={ASKED: "person asked", LOOKED_INTO: "person asked", ANSWERED: "nobody"},
)
