"""What a row of the gates is: who gets what from one address of the product.

``tests/gates/<app>.py`` holds an app's rows (``ROWS``) and builds what they need for one organisation
(``scene(side)`` → anything; its attributes are handed to the rows as ``at``; ``at.side`` is the side itself).
From a row the outcome of each cell (identity × own or other organisation × method) follows exactly:

1. a method that the row does not name: 405 (a stranger is sent to sign in first, unless the page is public);
2. a stranger: sent to sign in (302), unless the page is public;
3. a role that does not pass the door of the view (``door``): 403;
4. an object of the other organisation, or one that the role does not see (``sees``): 404;
5. a role that may see but not do (``may`` of the method): 403;
6. else the method's own ``status``, with ``trail`` entries appended (1 for a write, 0 for a read).

``cells`` names what differs, cell by cell: {(method, identity): Cell(status, trail)}.
"""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from typing import Any

from tests.world import ROLES

STRANGER = "anonymous"
IDENTITIES = (STRANGER, *ROLES)
EVERYBODY = frozenset(ROLES)
NOBODY: frozenset[str] = frozenset()


def only(*roles: str) -> frozenset[str]:
    """These roles, spelt right."""
    assert set(roles) <= EVERYBODY, roles
    return frozenset(roles)


@dataclass(frozen=True)
class Cell:
    status: int
    trail: int = 0


@dataclass(frozen=True)
class Get:
    """A page. ``queries`` are query strings to ask for besides none; ``write`` names why a GET may write (never)."""

    may: frozenset[str] = EVERYBODY
    status: int = 200
    queries: tuple[str, ...] = ()
    trail: int = 0


@dataclass(frozen=True)
class Post:
    """A write with ``data`` that passes validation. Values may be objects of the scene: they are sent as their id,
    and the twin's ids are tried in their place (R2). ``trail`` other than 1 needs ``why``. ``keep``: names of data
    whose objects may belong to anybody."""

    data: Callable[[Any], dict[str, Any]] = lambda at: {}
    may: frozenset[str] = EVERYBODY
    status: int = 302
    trail: int = 1
    why: str = ""
    twins: bool = True


@dataclass(frozen=True)
class Row:
    """One address by its name; ``args`` builds its arguments from the scene (None: the page belongs to nobody)."""

    name: str
    get: Get | None = None
    post: Post | None = None
    args: Callable[[Any], dict[str, Any]] | None = None
    door: frozenset[str] = EVERYBODY
    sees: frozenset[str] = EVERYBODY
    public: bool = False
    cells: dict[tuple[str, str], Cell] = field(default_factory=dict)

    def expected(self, method: str, identity: str, own: bool) -> Cell:
        """The exact outcome of one cell."""
        if (method, identity) in self.cells and (own or self.args is None or self.public):
            return self.cells[method, identity]
        stranger = identity == STRANGER
        ask = self.get if method == "GET" else self.post if method == "POST" else None
        if stranger and not self.public:
            return Cell(302)
        if ask is None:
            return Cell(405)
        if self.public:
            return Cell(ask.status, ask.trail)
        if identity not in self.door:
            return Cell(403)
        if (self.args is not None and not own) or identity not in self.sees:
            return Cell(404)
        if identity not in ask.may:
            return Cell(403)
        return Cell(ask.status, ask.trail)
