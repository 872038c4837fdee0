"""The shape of every statement about data."""

from dataclasses import dataclass


@dataclass(frozen=True)
class Narration:
    """One sentence each: what happened, what it means, what weakens it, what to do next, and what would change the verdict
    (``turning``); ``caveat`` may be empty, and ``turn`` where there is no verdict."""

    fact: str
    meaning: str
    caveat: str
    next_step: str
    turn: str = ""
