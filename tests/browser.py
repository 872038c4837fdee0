"""A desk with a browser window: one person after another works at the live server's pages, and every fault is kept.

Chromium itself is the fixture of tests/conftest.py: where it is missing a test is skipped, in CI it fails.
"""

import os
from pathlib import Path
from urllib.parse import urlsplit

import pytest

ROOT = Path(__file__).resolve().parents[1]
WIDE, NARROW = 1280, 390
# Every chart that is shown is drawn as wide as its place.
FITS = """() => [...document.querySelectorAll(".js-plotly-plot")].every(chart => {
  const svg = chart.querySelector(".main-svg");
  return !chart.clientWidth || (svg && Math.abs(svg.clientWidth - chart.clientWidth) < 2);
})"""


class Desk:
    """A browser window at the live server. ``page`` is Playwright's; ``faults`` is what must stay empty."""

    def __init__(self, browser, address):
        self.address = address
        self.faults = []
        self.clicks = 0
        self.expected = set()
        self.context = browser.new_context(
            viewport={"width": WIDE, "height": 900}, locale="en-GB", reduced_motion="reduce", accept_downloads=True
        )
        self.context.set_default_timeout(20_000)
        self.context.on("request", self._asked)
        self.context.on("weberror", lambda error: self.faults.append(f"page error: {error.error}"))
        self.context.on("console", self._said)
        self.context.on("response", self._answered)
        self.page = self.context.new_page()

    def _asked(self, request):
        parts = urlsplit(request.url)
        if parts.scheme not in ("data", "blob", "about") and f"{parts.scheme}://{parts.netloc}" != self.address:
            self.faults.append(f"outside request: {request.url}")

    def _said(self, message):
        # Statuses are told by the answers themselves, with their address.
        if message.type == "error" and "Failed to load resource" not in message.text:
            self.faults.append(f"console: {message.text}")

    def _answered(self, response):
        if response.status >= 400 and response.status not in self.expected:
            self.faults.append(f"answer {response.status}: {response.request.method} {response.url}")

    def go(self, path):
        """Open a path of the site; returns the answer."""
        answer = self.page.goto(f"{self.address}{path}")
        return answer

    def sign_in_as(self, person):
        """Begin as this person, without the sign-in page."""
        from django.conf import settings
        from django.contrib.sessions.backends.db import SessionStore

        self.context.clear_cookies()
        session = SessionStore()
        session["_auth_user_id"] = str(person.pk)
        session["_auth_user_backend"] = "teams.backends.Holders"
        session["_auth_user_hash"] = person.get_session_auth_hash()
        session.save()
        cookie = {"name": settings.SESSION_COOKIE_NAME, "value": session.session_key, "url": self.address}
        self.context.add_cookies([cookie])

    def resize(self, width):
        """Another width; charts are drawn anew for it a moment later."""
        self.page.set_viewport_size({"width": width, "height": 900 if width > 600 else 844})
        self.page.wait_for_function(FITS)

    def violations(self):
        """What axe finds on this page, one line each."""
        from axe_playwright_python.sync_playwright import Axe

        found = Axe().run(self.page).response["violations"]
        return [f"{one['id']} ({one['impact']}): {node['html'][:160]}" for one in found for node in one["nodes"][:3]]

    def overflow(self):
        """By how many pixels the page is wider than the window."""
        return self.page.evaluate(
            "Math.max(document.documentElement.scrollWidth, document.body.scrollWidth) - window.innerWidth"
        )

    def shot(self, name):
        """Keep the page as it looks at both widths; returns by how many pixels it sticks out of a phone.

        The folder is CXREVIEW_SCREENSHOTS, or screenshots/ in the repository.
        """
        folder = Path(os.environ.get("CXREVIEW_SCREENSHOTS") or ROOT / "screenshots")
        folder.mkdir(parents=True, exist_ok=True)
        wider = {}
        # Charts are drawn when they are scrolled to.
        for chart in self.page.locator("[data-chart]").all():
            if chart.is_visible():
                chart.scroll_into_view_if_needed()
                self.page.wait_for_function("chart => chart.hasAttribute('data-drawn')", arg=chart.element_handle())
        for width in (NARROW, WIDE):
            self.resize(width)
            self.page.evaluate("window.scrollTo(0, 0)")
            wider[width] = self.overflow()
            self.page.screenshot(path=folder / f"{name}-{width}.png", full_page=True)
        return wider[NARROW]

    def close(self):
        self.context.close()


@pytest.fixture
def desk(chromium, live_server):
    """A window at the live server; the test fails if a page asked outside, logged an error or was not found."""
    made = Desk(chromium, live_server.url)
    yield made
    made.close()
    live_server.thread.httpd.wait_until_idle()
    assert made.faults == []
