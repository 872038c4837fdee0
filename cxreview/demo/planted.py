"""What is hidden in the demonstration's figures, so that a test (and a curious reader) can look for it on the board.

Weeks count back from the last complete week (0). Sizes are in standard deviations of the week-to-week noise.
Beside these causes every series has noise, and contacts have a season (more in autumn and winter) and a slow growth.
"""

from __future__ import annotations

from dataclasses import dataclass

SHIFT, DRIFT, SPIKE = "shift", "drift", "spike"

SATISFIED = "Satisfied customers"
FIRST_REPLY = "First reply within 4 hours"
CALLS = "Calls answered within a minute"
REOPENED = "Cases reopened"
COMPLAINTS = "Complaints"
CONTACTS = "Contacts"
# Asked of tenants on a scale of 1 to 5: a mean, with how many were asked and how far the answers lie apart beside it.
EASE, EASE_ASKED, EASE_SPREAD = "Ease of getting a repair", "Tenants asked about ease", "Spread of ease"
# By product: one target for three kinds of repair, of which one cannot meet it, one may and one will.
# On the way there it has a trajectory: one kind is behind it, one cannot be told apart from it, one is ahead.
FIRST_VISIT_START, FIRST_VISIT_WEEKS_LEFT = 85.0, 20
FIRST_VISIT, FIRST_VISIT_TARGET = "Put right at the first visit", 90.0
# Its season is real and is seen by the rules; nobody is to blame for winter.
SEASONAL = (CONTACTS,)


@dataclass(frozen=True)
class Planted:
    """One planted cause: ``weeks_ago`` its first week, ``size`` signed, ``kind`` of change.

    A shift stays, a drift grows to its size until now, a spike is over after two weeks.
    """

    metric: str
    team: str
    channel: str
    kind: str
    weeks_ago: int
    size: float
    story: str


PLANTED: tuple[Planted, ...] = (
    Planted(
        FIRST_REPLY,
        "Billing North",
        "E-mail",
        SHIFT,
        11,
        -3.6,
        "A new web form sends every question about a bill to one queue.",
    ),
    Planted(SATISFIED, "Billing North", "E-mail", SHIFT, 10, -2.6, "Customers notice the longer wait."),
    Planted(
        SATISFIED,
        "Repairs East",
        "Phone",
        SHIFT,
        14,
        3.4,
        "Tenants are called back within two working hours, as promised.",
    ),
    Planted(
        REOPENED,
        "Repairs West",
        "Chat",
        SHIFT,
        10,
        3.6,
        "Cases are closed when the visit is booked, not when the repair is done.",
    ),
    Planted(COMPLAINTS, "Moving Home", "Phone", SPIKE, 1, 9.0, "Two weeks of welcome letters with the wrong tariff."),
    Planted(CALLS, "Billing South", "Phone", DRIFT, 40, -6.0, "Two advisers left and were not replaced."),
)
