"""The house and its workflows, drawn from the code itself, so that the picture in the docs cannot go stale."""

from __future__ import annotations

import ast
from pathlib import Path

from django.conf import settings

from improvements import states as improvements
from jobs import states as jobs
from metrics import states as metrics
from reviews import states as reviews
from teams.states import Table

FLOORS = ("teams", "jobs", "notices", "processes", "metrics", "reviews", "improvements", "reports", "cxreview")
TABLES: tuple[Table, ...] = (
    jobs.JOB,
    metrics.UPLOAD,
    metrics.TARGET,
    metrics.SIGNAL,
    metrics.INQUIRY,
    reviews.REVIEW,
    reviews.ROUND,
    reviews.FINDING,
    improvements.RECOMMENDATION,
    improvements.SUBMISSION,
    improvements.ACTION,
)


def page() -> str:
    """The whole page as Markdown with Mermaid pictures."""
    parts = ["# The house, as it stands", "", "Printed by `manage.py house`; do not edit by hand.", "", *_map(), ""]
    parts += ["## Workflows", ""]
    for table in TABLES:
        parts += _workflow(table)
    return "\n".join(parts).rstrip() + "\n"


def _workflow(table: Table) -> list[str]:
    lines = [f"### {table.noun}", "", "```mermaid", "stateDiagram-v2", f"    [*] --> {table.first}"]
    lines += [f"    {origin} --> {after or origin}: {move}" for (origin, move), after in table.moves.items()]
    lines += ["```", "", "| state | who acts next |", "| --- | --- |"]
    lines += [f"| {state.replace('_', ' ')} | {owner.replace('_', ' ')} |" for state, owner in table.owners.items()]
    return [*lines, ""]


def _map() -> list[str]:
    lines = ["## Rooms, from the top floor down", "", "| room | question | imports |", "| --- | --- | --- |"]
    for app in reversed(FLOORS):
        used = ", ".join(name for name in FLOORS if name in _imported(app))
        lines.append(f"| `{app}/` | {_question(app)} | {used or 'nothing'} |")
    return lines


def _question(app: str) -> str:
    file = "models/__init__.py" if (settings.BASE_DIR / app / "models").is_dir() else "models.py"
    path = settings.BASE_DIR / app / file
    if not path.exists():
        return "How is it put together?"
    return (ast.get_docstring(ast.parse(path.read_text())) or "").splitlines()[0]


def _imported(app: str) -> set[str]:
    found = set()
    for path in Path(settings.BASE_DIR / app).rglob("*.py"):
        for node in ast.walk(ast.parse(path.read_text())):
            if isinstance(node, ast.ImportFrom) and node.module:
                found.add(node.module.split(".")[0])
    return found - {app}
