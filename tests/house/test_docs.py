"""The README tells of every setting and names only commands that exist."""

import re
from pathlib import Path

from django.core.management import get_commands

ROOT = Path(__file__).resolve().parents[2]
README = (ROOT / "README.md").read_text()
PAGES = {
    name: (ROOT / name).read_text()
    for name in ("README.md", "CONTRIBUTING.md", "docs/production.md", "docs/promises.md")
}
SETTINGS = re.compile(r"\"((?:CXREVIEW_[A-Z_]+)|DATABASE_URL|REDIS_URL|EMAIL_URL)\"")
# Asked by the tests, by kill_workers of itself, and by a command for a password.
INSIDE = {"CXREVIEW_SCRATCH", "CXREVIEW_SAMPLES", "CXREVIEW_ORACLE", "CXREVIEW_CHROMIUM", "CXREVIEW_PASSWORD"}


def test_every_setting_is_in_the_readme():
    read = set()
    for path in [ROOT / "cxreview/settings.py", ROOT / "cxreview/management/commands/serve.py"]:
        read |= set(SETTINGS.findall(path.read_text()))
    read |= {"CXREVIEW_SECRET_KEY", "CXREVIEW_TRAIL_KEY"}
    assert sorted(name for name in read - INSIDE if f"`{name}`" not in README) == []


def test_the_readme_tells_of_no_setting_that_nobody_reads():
    told = set(re.findall(r"`((?:CXREVIEW_[A-Z_]+)|DATABASE_URL|REDIS_URL|EMAIL_URL)`", README))
    code = "\n".join(path.read_text() for path in (ROOT / "cxreview").rglob("*.py"))
    parts = {name.removeprefix("CXREVIEW_") for name in told}
    assert sorted(name for name in parts - {"SAMPLES", "ORACLE"} if name not in code) == []


def test_every_command_in_the_docs_exists():
    known = set(get_commands())
    named = {(page, name) for page, text in PAGES.items() for name in re.findall(r"manage\.py ([a-z_]+)", text)}
    assert sorted((page, name) for page, name in named if name not in known) == []


def test_every_file_that_the_docs_lead_to_is_there():
    missing = []
    for page, text in PAGES.items():
        for target in re.findall(r"\]\((?!https?:)([^)#]+)\)", text):
            if not ((ROOT / page).parent / target).exists():
                missing.append((page, target))
    assert missing == []


def test_the_first_two_commands_of_the_readme_are_the_two_commands():
    assert re.findall(r"^    (.+)$", README, re.M)[:2] == ["python3 workbench.py run", "python3 workbench.py test"]


def test_every_promise_names_tests_that_exist():
    named = re.findall(r"`(tests/[a-z_/]+\.py)::(test_\w+)`", PAGES["docs/promises.md"])
    assert len(named) > 30
    assert [one for one in named if f"def {one[1]}(" not in (ROOT / one[0]).read_text()] == []
