"""The two commands: clear words where something is missing, strict locks, an honest last line."""

import importlib.util
import re
import subprocess
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[2]
LOCKS = [ROOT / "requirements.txt", *sorted((ROOT / "requirements").glob("*.txt"))]


@pytest.fixture
def workbench():
    spec = importlib.util.spec_from_file_location("workbench", ROOT / "workbench.py")
    module = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(module)
    return module


def test_it_needs_nothing_but_the_standard_library():
    code = "import sys; sys.path.insert(0, '.'); import workbench; print('django' in sys.modules)"
    done = subprocess.run([sys.executable, "-I", "-S", "-c", code], cwd=ROOT, capture_output=True, text=True)
    assert (done.stdout.strip(), done.stderr) == ("False", "")


def test_an_old_python_is_told_in_words(workbench, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["workbench.py", "run"])
    monkeypatch.setattr(sys, "version_info", (3, 9, 2))
    assert workbench.main() == 1
    assert capsys.readouterr().err == "CX Review needs Python 3.11 or newer; this is 3.9.\n"


def test_a_missing_venv_module_is_told_in_words(workbench, monkeypatch, tmp_path):
    monkeypatch.setattr(workbench, "PYTHON", tmp_path / "none")
    monkeypatch.setattr(workbench.importlib.util, "find_spec", lambda name: None)
    with pytest.raises(SystemExit, match="python3-venv"):
        workbench.set_up()


def test_the_environment_of_another_project_is_left_out(workbench, monkeypatch):
    for name in workbench.FOREIGN:
        monkeypatch.setenv(name, "somewhere else")
    monkeypatch.setenv("KEPT", "yes")
    made = workbench.environment(MORE="1")
    assert set(workbench.FOREIGN) & set(made) == set()
    assert (made["KEPT"], made["MORE"]) == ("yes", "1")


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_every_package_is_pinned_and_hashed(lock):
    entries = re.split(r"\n(?=[a-zA-Z0-9])", re.sub(r"^\s*#.*\n", "", lock.read_text(), flags=re.M).strip())
    loose = [entry.splitlines()[0] for entry in entries if "==" not in entry or "--hash=sha256:" not in entry]
    assert loose == []


@pytest.mark.parametrize("lock", LOCKS, ids=lambda lock: lock.name)
def test_no_lock_names_a_host(lock):
    assert re.findall(r"https?://|--(?:extra-)?index-url|--find-links", lock.read_text()) == []


def report(path, **numbers):
    attributes = " ".join(f'{name}="{number}"' for name, number in numbers.items())
    path.write_text(f"<testsuites><testsuite {attributes}/></testsuites>")
    return path


@pytest.mark.parametrize(
    ("services", "given", "expected"),
    [
        ({}, ["-x"], {"sqlite-local": ["-x"]}),
        ({"DATABASE_URL": "x"}, ["-x"], {"postgresql-redis": ["-x"], "sqlite-local": ["-m", "not once", "-x"]}),
        (
            {"DATABASE_URL": "x"},
            ["-m", "kills"],
            {"postgresql-redis": ["-m", "kills"], "sqlite-local": ["-m", "kills"]},
        ),
    ],
)
def test_what_answers_the_same_everywhere_is_run_once(workbench, monkeypatch, services, given, expected):
    run = {}
    monkeypatch.setattr(workbench, "install", lambda *words: None)
    monkeypatch.setattr(workbench, "passes", lambda *words: True)
    monkeypatch.setattr(workbench, "given_services", lambda: services)
    monkeypatch.setattr(
        workbench, "pytest", lambda name, words, **_: run.update({name: words}) or (0, Path("none.xml"))
    )
    assert (workbench.test(given), run) == (0, expected)


def test_the_last_line_adds_up_all_runs(workbench, tmp_path, capsys):
    runs = {
        "one": (0, report(tmp_path / "1.xml", tests=10, failures=0, errors=0, skipped=2)),
        "two": (0, report(tmp_path / "2.xml", tests=5, failures=0, errors=0, skipped=0)),
    }
    assert workbench.summary(runs, 0, 61.4) == 0
    assert capsys.readouterr().out == "13 passed, 0 failed, 2 skipped in 61s (one and two)\n"


def test_a_failure_in_any_run_fails_the_whole(workbench, tmp_path, capsys):
    runs = {
        "one": (1, report(tmp_path / "1.xml", tests=10, failures=2, errors=1, skipped=0)),
        "two": (0, report(tmp_path / "2.xml", tests=5, failures=0, errors=0, skipped=0)),
    }
    assert workbench.summary(runs, 0, 5) == 1
    assert capsys.readouterr().out == "12 passed, 3 failed, 0 skipped in 5s (one and two)\n"


def test_a_failed_check_fails_the_whole_and_is_said(workbench, tmp_path, capsys):
    runs = {"one": (0, report(tmp_path / "1.xml", tests=1, failures=0, errors=0, skipped=0))}
    assert workbench.summary(runs, 1, 5) == 1
    assert capsys.readouterr().out == "1 passed, 0 failed, 0 skipped in 5s (one; 1 of 4 checks before them failed)\n"


def test_a_run_that_left_no_report_fails_the_whole(workbench, tmp_path, capsys):
    assert workbench.summary({"one": (4, tmp_path / "none.xml")}, 0, 5) == 1


def test_services_are_used_only_where_both_are_given(workbench, monkeypatch):
    monkeypatch.delenv("CI", raising=False)
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://127.0.0.1/x")
    monkeypatch.delenv("TEST_REDIS_URL", raising=False)
    assert workbench.given_services() == {}


def test_services_that_do_not_answer_are_not_skipped(workbench, monkeypatch):
    monkeypatch.setenv("TEST_DATABASE_URL", "postgres://127.0.0.1:1/x")
    monkeypatch.setenv("TEST_REDIS_URL", "redis://127.0.0.1:1/0")
    with pytest.raises(SystemExit, match=r"Nothing answers at 127\.0\.0\.1:1"):
        workbench.given_services()


def test_unknown_words_are_refused(workbench, monkeypatch, capsys):
    monkeypatch.setattr(sys, "argv", ["workbench.py", "run", "--fast"])
    with pytest.raises(SystemExit):
        workbench.main()
    assert "unknown: --fast" in capsys.readouterr().err
