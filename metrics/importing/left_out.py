"""Rows that are not part of the plan: kept as they came, with why, to be listed and downloaded."""

from __future__ import annotations

import json
from collections import Counter
from collections.abc import Iterable
from itertools import islice

from django.db import transaction

from metrics import bulk
from metrics.files import Mapping, Problem, Rejected, Sniffed, cells_of
from metrics.models import RejectedRow, Upload
from metrics.workflow.keeping import path_of

WRITTEN = 2_000


class LeftOut:
    """Collects rejected rows and writes them a few thousand at a time; ``reasons`` counts them by first reason."""

    def __init__(self, upload: Upload) -> None:
        self.upload, self.rows = upload, 0
        self.reasons: Counter[str] = Counter()
        self._waiting: list[Rejected] = []
        self._bare: set[int] = set()
        with transaction.atomic():
            RejectedRow.objects.filter(upload=upload).delete()

    def add(self, rejected: Iterable[Rejected]) -> None:
        for row in rejected:
            self._waiting.append(row)
            self.reasons[row.problems[0].code] += 1
            self.rows += 1
        if len(self._waiting) >= WRITTEN:
            self.write()

    def add_problem(self, row: int, problem: Problem) -> None:
        """A row that was read well and cannot be taken all the same; ``finish`` finds its cells."""
        self._bare.add(row)
        self.add([Rejected(row, problem.where.line or row, (), (problem,))])

    def finish(self, sniffed: Sniffed, mapping: Mapping) -> None:
        """Write what is left, and put the cells of the file to the rows that have none."""
        self.write()
        if not self._bare or self.upload.file is None:
            return
        found = cells_of(path_of(self.upload.file), sniffed, mapping, self._bare)
        while some := dict(islice(found, WRITTEN)):
            rows = list(RejectedRow.objects.filter(upload=self.upload, row__in=list(some), cells=[]))
            for row in rows:
                row.cells = json.loads(_json(some[row.row]))
            RejectedRow.objects.bulk_update(rows, ["cells"], 500)

    def write(self) -> None:
        waiting, self._waiting = self._waiting, []
        columns = [
            bulk.Column("upload_id", [self.upload.pk] * len(waiting)),
            bulk.Column("row", [row.row for row in waiting]),
            bulk.Column("line", [row.line for row in waiting]),
            bulk.Column("cells", [_json(row.cells) for row in waiting]),
            bulk.Column("problems", [_json([one.to_json() for one in row.problems]) for row in waiting]),
        ]
        with transaction.atomic():
            bulk.insert(RejectedRow._meta.db_table, len(waiting), columns)


def _json(value: object) -> str:
    """JSON that every database takes: no NUL, no half of a pair of surrogates."""
    text = json.dumps(value, ensure_ascii=False).replace("\\u0000", "\ufffd")
    return text.encode("utf-8", "replace").decode()
