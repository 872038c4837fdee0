"""Who plays in the demonstration: the invented organisation, its teams and its people."""

from __future__ import annotations

from dataclasses import dataclass
from decimal import Decimal

from cxreview.demo.data import TEAMS
from teams import roles

WORKSPACE = "Brackenwater Homes (invented)"
ORGANISATION = "Brackenwater Homes"
ACCOUNTS, REPAIRS = TEAMS
PASSWORD = "bracken water, all invented"  # printed on purpose: it opens an invented organisation only
ZONE = "Europe/London"


@dataclass(frozen=True)
class Part:
    """One person: the name, the role and the unit it is held for; ``limit`` is what they may spend."""

    key: str
    name: str
    role: str
    unit: str
    limit: Decimal | None = None

    @property
    def email(self) -> str:
        return f"{self.key}@demo.example"


# The first is the administrator who starts the workspace.
CAST = (
    Part("nia", "Nia Prosser", roles.ADMINISTRATOR, ORGANISATION),
    Part("helen", "Helen Marchetti", roles.DECISION_MAKER, ORGANISATION, Decimal(60_000)),
    Part("rashid", "Rashid Karim", roles.DECISION_MAKER, ACCOUNTS, Decimal(10_000)),
    Part("sian", "Siân Bevan", roles.DECISION_MAKER, REPAIRS, Decimal(20_000)),
    Part("ewa", "Ewa Nowak", roles.SUPERVISOR, ORGANISATION),
    Part("priya", "Priya Nair", roles.SUPERVISOR, ACCOUNTS),
    Part("tom", "Tom Ashworth", roles.SUPERVISOR, REPAIRS),
    Part("marcus", "Marcus Bell", roles.TEAM_LEAD, "Billing North"),
    Part("joanne", "Joanne Pike", roles.TEAM_LEAD, "Billing South"),
    Part("dilys", "Dilys Hughes", roles.TEAM_LEAD, "Moving Home"),
    Part("kwame", "Kwame Boateng", roles.TEAM_LEAD, "Repairs East"),
    Part("lena", "Lena Fischer", roles.TEAM_LEAD, "Repairs West"),
    Part("aisha", "Aisha Rahman", roles.COLLEAGUE, "Billing North"),
    Part("owen", "Owen Pritchard", roles.COLLEAGUE, "Billing North"),
    Part("carla", "Carla Mendes", roles.COLLEAGUE, "Billing South"),
    Part("jack", "Jack Turner", roles.COLLEAGUE, "Billing South"),
    Part("minjun", "Kim Min-jun", roles.COLLEAGUE, "Moving Home"),
    Part("beth", "Beth Lloyd", roles.COLLEAGUE, "Moving Home"),
    Part("daniyar", "Daniyar Akhmetov", roles.COLLEAGUE, "Repairs East"),
    Part("grace", "Grace Okafor", roles.COLLEAGUE, "Repairs East"),
    Part("stefan", "Stefan Ionescu", roles.COLLEAGUE, "Repairs West"),
    Part("megan", "Megan Rees", roles.COLLEAGUE, "Repairs West"),
)
