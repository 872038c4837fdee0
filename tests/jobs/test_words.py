"""Every kind of work and each of its phases has words for people, and the schedule asks only for work there is."""

import importlib
import re
from importlib.util import find_spec
from pathlib import Path

from django.apps import apps
from django.conf import settings

from jobs import registry

ROOT = Path(__file__).resolve().parents[2]
PHASE = re.compile(r"phase=\"(\w+)\"|\.progress\([^()]*(?:\([^()]*\)[^()]*)*, \"(\w+)\"\)")


def load():
    registry.load()
    for config in apps.get_app_configs():
        if find_spec(config.name) and find_spec(f"{config.name}.wording"):
            importlib.import_module(f"{config.name}.wording")


def test_every_work_has_words():
    load()
    ours = {name for name in registry.WORKS if not name.startswith(("kills.", "tests."))}
    assert ours - set(registry.WORDS) == set()
    assert len(ours) >= 8


def test_every_phase_has_words():
    load()
    described = {phase for _work, phase in registry.PHASES}
    used = set()
    for app in ("metrics", "reports", "improvements", "reviews", "notices"):
        for path in (ROOT / app).rglob("*.py"):
            if re.search(r"\brun\b", path.read_text()):
                used |= {one or other for one, other in PHASE.findall(path.read_text())}
    assert used - described == set()
    assert "merging" in used


def test_the_schedule_asks_only_for_work_there_is():
    load()
    asked = {entry["args"][0] for entry in settings.CELERY_BEAT_SCHEDULE.values() if entry["task"] == "jobs.start"}
    assert asked - set(registry.WORKS) == set()
    assert {"metrics.analyse_all", "jobs.housekeeping"} <= asked
