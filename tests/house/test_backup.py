"""One command backs everything up while others write, one restores it into an empty place; the trail verifies."""

import hashlib
import os
import shutil
import subprocess
import sys
import tarfile
from pathlib import Path

import pytest

from tests.house.conftest import ROOT, clean_environment

pytestmark = pytest.mark.kills

# A person's work as a script, so that it runs in the installation itself: units, entries of the trail, a kept file.
WORK = """
import hashlib, pathlib, sys
from django.conf import settings
from django.db import transaction
from teams import clock, trail
from teams.models import StoredFile, Unit
for number in range(int(sys.argv[-1])):
    content = f"file {number} {sys.argv[-2]}".encode()
    sha = hashlib.sha256(content).hexdigest()
    place = pathlib.Path(settings.FILES_DIR) / "uploads" / sha
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(content)
    with transaction.atomic():
        unit = Unit.objects.create(name=f"Unit {sys.argv[-2]} {number}", kind="organisation", path="/x/")
        stored = StoredFile.objects.create(
            name="x", sha256=sha, size=len(content), content_type="text/plain", path=f"uploads/{sha}",
            unit=unit, added_at=clock.now(),
        )
        trail.record(None, "try", unit, {}, {"name": unit.name})
"""
# What must be alike before and after: rows of every table but the passing ones, and each file that a row names.
STATE = """
import hashlib, json, pathlib
from django.apps import apps
from django.conf import settings
from django.core import serializers
from teams.models import StoredFile
passing = ("jobs.Beat", "contenttypes.ContentType", "auth.Permission")
kinds = [model for model in apps.get_models() if model._meta.label not in passing]
rows = [serializers.serialize("json", model._default_manager.order_by("pk")) for model in kinds]
files = [hashlib.sha256((pathlib.Path(settings.FILES_DIR) / s.path).read_bytes()).hexdigest() == s.sha256
         for s in StoredFile.objects.all()]
print(json.dumps([hashlib.sha256("".join(rows).encode()).hexdigest(), len(files), all(files)]))
"""


class Place:
    """An installation in a folder of its own."""

    def __init__(self, folder, **more):
        self.folder = folder
        folder.mkdir()
        self.env = clean_environment(CXREVIEW_VAR=str(folder), **more)

    def manage(self, *words):
        argv = [sys.executable, "manage.py", *words]
        return subprocess.run(argv, cwd=ROOT, env=self.env, capture_output=True, text=True, timeout=120)

    def must(self, *words):
        done = self.manage(*words)
        assert done.returncode == 0, done.stdout + done.stderr
        return done.stdout

    def script(self, text, *words):
        code = f"import sys, django; sys.argv += {list(words)!r}; django.setup()\n{text}"
        env = {**self.env, "DJANGO_SETTINGS_MODULE": "cxreview.settings"}
        return subprocess.Popen([sys.executable, "-c", code], cwd=ROOT, env=env, stdout=subprocess.PIPE, text=True)

    def run_script(self, text, *words):
        process = self.script(text, *words)
        out, _none = process.communicate(timeout=120)
        assert process.returncode == 0
        return out.strip().splitlines()[-1] if out.strip() else ""


@pytest.fixture
def place(tmp_path, prepared):
    """place("name", **environment) is a migrated installation in which some work has been done."""

    def make(name, entries=5, **more):
        made = Place(tmp_path / name, **more)
        if "DATABASE_URL" in more:
            made.must("migrate", "--verbosity=0")
        else:
            shutil.copytree(prepared, made.folder, dirs_exist_ok=True)
        if entries:
            made.run_script(WORK, name, str(entries))
        return made

    return make


def alike(old, new):
    return old.run_script(STATE) == new.run_script(STATE)


def test_a_restored_backup_is_the_same(place, tmp_path):
    old, new = place("old"), place("new", entries=0)
    old.must("backup", str(tmp_path / "one.tar.gz"))
    assert "the trail verifies: 5 entries" in new.must("restore", str(tmp_path / "one.tar.gz"))
    assert alike(old, new)
    new.must("verify_trail")
    new.run_script(WORK, "later", "2")
    new.must("verify_trail")


@pytest.mark.services
def test_a_restored_backup_is_the_same_on_postgresql(place, tmp_path, postgresql):
    old = place("old", DATABASE_URL=postgresql)
    old.must("backup", str(tmp_path / "one.tar.gz"))
    before = old.run_script(STATE)
    refused = old.manage("restore", str(tmp_path / "one.tar.gz"))
    assert (refused.returncode, "Somebody has worked here already" in refused.stderr) == (1, True)

    old.run_script(WORK, "lost again", "3")
    shutil.rmtree(old.folder / "files")
    assert "the trail verifies: 5 entries" in old.must("restore", str(tmp_path / "one.tar.gz"), "--replace")
    assert old.run_script(STATE) == before
    old.run_script(WORK, "later", "2")
    old.must("verify_trail")


def test_nothing_is_written_over_unasked(place, tmp_path):
    old, busy = place("old"), place("busy", entries=2)
    file = tmp_path / "one.tar.gz"
    old.must("backup", str(file))
    again = old.manage("backup", str(file))
    assert (again.returncode, "is there already" in again.stderr) == (1, True)

    before = busy.run_script(STATE)
    refused = busy.manage("restore", str(file))
    assert (refused.returncode, "Somebody has worked here already" in refused.stderr) == (1, True)
    assert busy.run_script(STATE) == before
    busy.must("restore", str(file), "--replace")
    assert alike(old, busy)


def test_a_backup_taken_while_others_write_is_whole(place, tmp_path):
    old = place("old")
    writer = old.script(WORK, "meanwhile", "100000")
    files = []
    for number in range(3):
        files.append(tmp_path / f"{number}.tar.gz")
        old.must("backup", str(files[-1]))
    assert writer.poll() is None, "the writer was too quick to prove anything"
    writer.kill()
    writer.wait(timeout=10)
    counts = []
    for number, file in enumerate(files):
        new = Place(tmp_path / f"new{number}")
        said = new.must("restore", str(file))
        counts.append(int(said.split("the trail verifies: ")[1].split()[0]))
        _hash, stored, whole = eval(new.run_script(STATE).replace("true", "True").replace("false", "False"))
        assert (stored, whole) == (counts[-1], True)
    assert counts == sorted(counts)
    assert counts[0] < counts[-1]


def test_a_damaged_file_restores_nothing(place, tmp_path):
    old, new = place("old"), place("new", entries=0)
    file = tmp_path / "one.tar.gz"
    old.must("backup", str(file))
    whole = file.read_bytes()
    empty = new.run_script(STATE)
    for bad in (whole[: len(whole) // 2], whole[:200], b"", b"not a backup"):
        file.write_bytes(bad)
        done = new.manage("restore", str(file))
        assert (done.returncode, "Nothing was restored" in done.stderr) == (1, True)
    assert new.run_script(STATE) == empty


def test_a_changed_member_restores_nothing(place, tmp_path):
    old, new = place("old"), place("new", entries=0)
    file, folder = tmp_path / "one.tar.gz", tmp_path / "inside"
    old.must("backup", str(file))
    with tarfile.open(file) as tar:
        # By default before Python 3.14 there is no filter, and before 3.11.4 there is no such argument.
        tar.extraction_filter = getattr(tarfile, "data_filter", None)
        tar.extractall(folder)
    (folder / "trail.anchor").write_text("1 0000\n")
    with tarfile.open(file, "w:gz") as tar:
        for path in folder.rglob("*"):
            tar.add(path, arcname=str(path.relative_to(folder)), recursive=False) if path.is_file() else None
    done = new.manage("restore", str(file))
    assert (done.returncode, "trail.anchor is not as it was written" in done.stderr) == (1, True)


def test_a_member_cannot_leave_its_folder(place, tmp_path):
    new = place("new", entries=0)
    file, bad = tmp_path / "one.tar.gz", tmp_path / "bad"
    bad.write_text("x")
    with tarfile.open(file, "w:gz") as tar:
        tar.add(bad, arcname="../outside")
    done = new.manage("restore", str(file))
    assert (done.returncode, "does not belong into a backup" in done.stderr) == (1, True)
    assert not list(new.folder.rglob("outside"))


def test_a_trail_of_another_key_is_not_restored(place, tmp_path):
    keys = {"CXREVIEW_TRAIL_KEY": hashlib.sha256(b"one").hexdigest()}
    old, new = place("old", **keys), place("new", entries=0)
    old.must("backup", str(tmp_path / "one.tar.gz"))
    done = new.manage("restore", str(tmp_path / "one.tar.gz"))
    assert (done.returncode, "set CXREVIEW_TRAIL_KEY" in done.stderr) == (1, True)


def test_a_backup_is_for_its_owner_alone(place, tmp_path):
    place("old").must("backup", str(tmp_path / "one.tar.gz"))
    assert os.stat(tmp_path / "one.tar.gz").st_mode & 0o777 == 0o600
    assert sorted(path.name for path in tmp_path.iterdir()) == ["old", "one.tar.gz"]


def test_the_other_kind_of_database_is_refused_in_words(place, tmp_path):
    from cxreview.backup import databases

    with pytest.raises(ValueError, match="the backup is of oracle"):
        databases.load(Path("nowhere"), {"engine": "oracle"})
