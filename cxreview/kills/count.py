"""What the harness counts."""

from __future__ import annotations

from dataclasses import dataclass


@dataclass
class Count:
    """What is wrong: effects lost, effects doubled, steps half done, jobs that never ended well."""

    jobs: int = 0
    lost: int = 0
    doubled: int = 0
    partial: int = 0
    stuck: int = 0

    @property
    def bad(self) -> int:
        return self.lost + self.doubled + self.partial + self.stuck

    def add(self, other: Count) -> None:
        for name in vars(self):
            setattr(self, name, getattr(self, name) + getattr(other, name))
