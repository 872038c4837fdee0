"""Fixtures that every test may ask for."""

import os
from pathlib import Path

import pytest
from hypothesis import HealthCheck
from hypothesis import settings as examples

# No property is timed: on a busy machine one slow example says nothing of the code.
examples.register_profile("ours", deadline=None, suppress_health_check=[HealthCheck.too_slow])
examples.load_profile("ours")

DATABASE = {"db", "transactional_db", "live_server"}
SHARED = Path(__file__).resolve().parents[2] / "shared"


def _folder(variable: str, default: str) -> Path:
    """A folder of reference data: its absence skips a test on a desk and fails it in CI."""
    folder = Path(os.environ.get(variable) or SHARED / default)
    if not folder.is_dir():
        message = f"{folder} is not there: set {variable} to the folder with the reference data"
        if os.environ.get("CI") == "true":
            pytest.fail(message)
        pytest.skip(message)
    return folder


@pytest.fixture(scope="session")
def oracle() -> Path:
    """Answers of other people's programs (trends): folders own/ and nhs/."""
    return _folder("CXREVIEW_ORACLE", "oracle")


@pytest.fixture(scope="session")
def samples() -> Path:
    """Real files to import."""
    return _folder("CXREVIEW_SAMPLES", "samples")


@pytest.fixture(autouse=True)
def _own_places():
    """Each test keeps its files, its trail's anchor and its clock in a folder of its own."""
    import shutil
    import tempfile

    from django.conf import settings
    from django.test import override_settings

    folder = Path(tempfile.mkdtemp(dir=settings.VAR))
    places = {"FILES_DIR": folder / "files", "MEDIA_ROOT": folder / "files"}
    with override_settings(TRAIL_ANCHOR=folder / "trail.anchor", CLOCK_FILE=folder / "clock", **places):
        yield
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture
def world(db):
    """Two look-alike organisations, world.a (Alder) and world.b (Birch); see tests/world.py."""
    from tests.world import build

    return build()


@pytest.fixture
def client_of():
    """client_of(person) is a browser in which that person has signed in; client_of(None) is a stranger's."""
    from django.test import Client

    def signed_in(person, **options) -> Client:
        client = Client(**options)
        if person is not None:
            client.force_login(person)
        return client

    return signed_in


@pytest.fixture
def clock_at():
    """clock_at(moment or day) makes the product's clock stand still there until it is set again or the test ends."""
    from contextlib import ExitStack

    from teams import clock

    with ExitStack() as until_the_end:
        yield lambda moment: until_the_end.enter_context(clock.at(moment))


# Nothing here asks a database or a queue.
PURE = tuple(str(Path(__file__).parent / name) for name in ("trends/", "simulations/", "test_architecture.py"))


def pytest_collection_modifyitems(items):
    """What is pure is run once, as what looks at pages alone is (``workbench.py``)."""
    for item in items:
        if str(item.path).startswith(PURE):
            assert not DATABASE & set(item.fixturenames), (
                f"{item.nodeid} asks the database and stands among what is pure"
            )
            item.add_marker(pytest.mark.once)


@pytest.hookimpl(wrapper=True)
def pytest_runtest_makereport(item, call):
    """In CI nothing is skipped for want of a service, a browser or a sample: such a skip is a failure.

    What belongs to one set-up alone says so: its reason begins with "only on" ("only on PostgreSQL").
    """
    report = yield
    if report.skipped and os.environ.get("CI") == "true" and not hasattr(report, "wasxfail"):
        reason = str(call.excinfo.value) if call.excinfo else ""
        if not reason.startswith("Skipped: only on") and not reason.startswith("only on"):
            report.outcome = "failed"
            report.longrepr = f"{item.nodeid} was skipped, and in CI nothing is: {reason}"
    return report


def _service(variable: str) -> str:
    url = os.environ.get(variable, "")
    if not url:
        pytest.skip(f"{variable} is not given")
    return url


def _numbered() -> int:
    """Which of several processes that run tests side by side this is: 0, 1 …"""
    return int(os.environ.get("PYTEST_XDIST_WORKER", "gw0").removeprefix("gw"))


@pytest.fixture
def postgresql():
    """The address of an empty PostgreSQL database of the test's own, dropped afterwards."""
    import uuid
    from urllib.parse import urlsplit, urlunsplit

    import psycopg

    split = urlsplit(_service("TEST_DATABASE_URL"))
    scheme = "postgresql"
    name = f"cxreview_{uuid.uuid4().hex[:12]}"
    server = urlunsplit((scheme, split.netloc, "/postgres", "", ""))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'CREATE DATABASE "{name}"')
    yield urlunsplit((scheme, split.netloc, f"/{name}", "", ""))
    with psycopg.connect(server, autocommit=True) as connection:
        connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


@pytest.fixture
def redis_url():
    """The address of an empty Redis database that no other test uses meanwhile."""
    import redis

    server, _slash, number = _service("TEST_REDIS_URL").rpartition("/")
    url = f"{server}/{(int(number) + 1 + _numbered()) % 16}"
    with redis.Redis.from_url(url) as client:
        client.flushdb()
        yield url
        client.flushdb()


@pytest.fixture(scope="session")
def chromium():
    """The system's Chromium, driven by playwright."""
    import workbench

    program = workbench.browser()
    if program is None:
        pytest.skip("Chromium is not there")
    # Playwright keeps an event loop in this thread, at which Django would refuse every query.
    os.environ["DJANGO_ALLOW_ASYNC_UNSAFE"] = "true"
    from playwright.sync_api import sync_playwright

    with sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        yield browser
        browser.close()


@pytest.fixture(scope="session")
def live_server():
    """pytest-django's server, of a kind that can say when it has answered everything; see tests/serving.py."""
    from django.test.testcases import LiveServerThread
    from pytest_django.live_server_helper import LiveServer

    from tests.serving import PatientServer

    LiveServerThread.server_class = PatientServer
    server = LiveServer("localhost")
    yield server
    server.stop()


@pytest.fixture
def page_of(chromium, live_server, client_of):
    """page_of(person, width=1280) is a page in which that person has signed in; its address is relative to the server.

    A request to elsewhere, a console error (so each breach of the content policy) and a fault in a script fail the
    test.
    """
    faults, contexts = [], []

    def opened(person, width=1280, **options):
        context = chromium.new_context(
            base_url=live_server.url, viewport={"width": width, "height": 900}, reduced_motion="reduce", **options
        )
        contexts.append(context)
        if person is not None:
            session = client_of(person).cookies["sessionid"].value
            context.add_cookies([{"name": "sessionid", "value": session, "url": live_server.url}])
        page = context.new_page()
        # A page that is itself a refusal (404, 422) is told as an error too.
        page.on(
            "console",
            lambda message: (
                faults.append(message.text)
                if message.type == "error" and message.location.get("url") != page.url
                else None
            ),
        )
        page.on("pageerror", lambda error: faults.append(str(error)))
        page.on(
            "request",
            lambda request: (
                None
                if request.url.startswith((live_server.url, "data:", "blob:"))
                else faults.append(f"asked elsewhere: {request.url}")
            ),
        )
        return page

    yield opened
    for context in contexts:
        context.close()
    live_server.thread.httpd.wait_until_idle()
    assert faults == []


@pytest.fixture
def axe():
    """axe(page) lists what axe finds: (rule, first place)."""
    from axe_playwright_python.sync_playwright import Axe

    def found(page):
        violations = Axe().run(page).response["violations"]
        return [(violation["id"], violation["nodes"][0]["html"][:160]) for violation in violations]

    return found
