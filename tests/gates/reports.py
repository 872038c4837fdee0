"""Who gets what from editions: as who may read their paper."""

from functools import cached_property

from jobs.workflow import run_pending
from reports.workflow import issue
from tests.gates import improvements
from tests.gates.improvements import READERS, of
from tests.gates.rows import Get, Post, Row


class Scene(improvements.Scene):
    @cached_property
    def edition(self):
        made = issue(self.side.decision_maker, self.paper)
        run_pending()
        made.refresh_from_db()
        return made


def scene(side):
    return Scene(side)


ROWS = [
    Row("editions", Get(), args=of("paper"), sees=READERS),
    Row("issue", post=Post(may=READERS), args=of("paper"), sees=READERS),
    Row("edition", Get(), args=of("edition"), sees=READERS),
]
