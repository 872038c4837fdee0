"""What a workflow is: a table of states and the moves between them. Pure; knows no framework.

Each app's ``states.py`` writes its nouns down as a ``Table``; ``workflow.py`` alone asks it and assigns.
The pictures in the docs are printed from the same tables.
"""

from __future__ import annotations

from dataclasses import dataclass


class MoveRefused(Exception):
    """The move is not possible from this state. Carries codes; words are made in ``teams.refusals``."""

    def __init__(self, noun: str, state: str, move: str) -> None:
        super().__init__(f"{noun}: {move} is not possible from {state}")
        self.noun, self.state, self.move = noun, state, move


@dataclass(frozen=True)
class Table:
    """One noun's workflow.

    ``moves``: {(state, move): next state}; a next state of ``None`` means that the state is kept.
    ``owners``: {state: who has to act next} in plain codes ("supervisor", "decision_maker", "nobody" …).
    """

    noun: str
    first: str
    moves: dict[tuple[str, str], str | None]
    owners: dict[str, str]

    @property
    def states(self) -> tuple[str, ...]:
        return tuple(self.owners)

    def after(self, state: str, move: str) -> str:
        """The state after ``move``. Raises MoveRefused."""
        try:
            return self.moves[state, move] or state
        except KeyError:
            raise MoveRefused(self.noun, state, move) from None

    def allows(self, state: str, move: str) -> bool:
        return (state, move) in self.moves

    def moves_from(self, state: str) -> tuple[str, ...]:
        return tuple(move for (origin, move) in self.moves if origin == state)
