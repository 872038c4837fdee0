"""import_file killed with SIGKILL at a random moment: the next run goes on, and the table is the same."""

import hashlib
import os
import random
import signal
import sqlite3
import subprocess
import sys
import time
from pathlib import Path

import pytest

pytestmark = pytest.mark.kills
ROOT = Path(__file__).resolve().parents[2]
TIMES = int(os.environ.get("CXREVIEW_IMPORT_KILLS", "3"))
MAPPING = """{"shape": "measured", "date": "date", "period": "day", "unit_column": "unit", "create_units": true,
"metrics": [{"name": "Calls", "kind": "count", "value": {"plus": ["calls"]}}]}"""
START = """
from teams.workflow.start import start
start(workspace="W", zone="UTC", organisation="O", name="Una", email="una@example.org",
      password="correct horse battery staple")
"""
HASH = """
SELECT u.name, o.day, o.numerator, o.parts FROM metrics_observation o
JOIN metrics_series s ON s.id = o.series_id JOIN teams_unit u ON u.id = s.unit_id ORDER BY 1, 2
"""


def manage(folder, *arguments):
    environment = {**os.environ, "CXREVIEW_VAR": str(folder), "CXREVIEW_JOB_LEASE": "2", "CXREVIEW_LOG_LEVEL": "ERROR"}
    environment["DJANGO_SETTINGS_MODULE"] = "cxreview.settings"
    environment.pop("DATABASE_URL", None)
    command = [sys.executable, str(ROOT / "manage.py"), *arguments]
    return subprocess.Popen(command, cwd=ROOT, env=environment, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)


def run(folder, *arguments):
    process = manage(folder, *arguments)
    _out, error = process.communicate(timeout=240)
    assert process.returncode == 0, error.decode()


def a_workspace(folder):
    folder.mkdir()
    run(folder, "migrate", "-v0")
    run(folder, "shell", "-v0", "-c", START)
    return folder


def table(folder):
    with sqlite3.connect(folder / "cxreview.sqlite3") as database:
        rows = database.execute(HASH).fetchall()
    return len(rows), hashlib.sha256(repr(rows).encode()).hexdigest()


def test_a_killed_import_goes_on(tmp_path):
    file, mapping = tmp_path / "calls.csv", tmp_path / "mapping.json"
    mapping.write_text(MAPPING)
    lines = [f"20{20 + day // 336:02}-{day // 28 % 12 + 1:02}-{day % 28 + 1:02}" for day in range(1500)]
    rows = [f"{day},Team {team},{place % 97}" for place, day in enumerate(lines) for team in range(60)]
    file.write_text("\n".join(["date,unit,calls", *rows]) + "\n")
    command = ("import_file", str(file), "--source", "Desk", "--mapping", str(mapping), "--json")
    began = time.monotonic()
    whole = a_workspace(tmp_path / "whole")
    run(whole, *command)
    seconds = time.monotonic() - began
    rng = random.Random(11)
    for number in range(TIMES):
        folder = a_workspace(tmp_path / f"killed-{number}")
        for _kill in range(2):
            process = manage(folder, *command)
            time.sleep(1 + rng.random() * seconds / 2)
            process.send_signal(signal.SIGKILL)
            process.communicate()
        run(folder, *command)
        assert table(folder) == table(whole)
    assert table(whole)[0] == 1500 * 61
