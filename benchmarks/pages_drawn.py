"""How soon pages can be read, and their charts are drawn, in a browser whose processor is slowed down.

    python -m benchmarks.pages_drawn [--slower 4] [--rounds 5]

Chromium (with playwright: requirements/e2e.txt) on pages of the demonstration, served from a folder of its own as an
installation is, and on the measures of a review of twelve criteria (benchmarks.twelve_charts), the page with the most
charts: when text, tables and sparklines are there, and when the last chart is drawn for somebody who goes down
the page as soon as it can be read, since the page was asked for. Wanted on a processor four times slower: 2 s and 8 s.
The same at full speed stands beside it: the ratio says what the slowing costs. Medians of the rounds, in the first of
which the browser fetches scripts and styles that it then keeps. Ends what it started.
"""

from __future__ import annotations

import argparse
import os
import socket
import statistics
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from typing import Any

import workbench
from cxreview.demo.cast import PASSWORD

ROOT = Path(__file__).resolve().parents[1]
TEXT_GOAL, CHART_GOAL = 2.0, 8.0
# Notes the time at which each chart says that it is drawn; runs before the page's own scripts.
WATCH = """
window.drawnAt = [];
new MutationObserver(changes => changes.forEach(() => window.drawnAt.push(performance.now())))
  .observe(document, {subtree: true, attributes: true, attributeFilter: ["data-drawn"]});
"""
# A chart in a folded part is drawn when it is opened.
LEFT = """[...document.querySelectorAll("[data-chart]:not([data-drawn])")].filter(one => one.offsetParent).length"""


@contextmanager
def served() -> Iterator[tuple[str, str]]:
    """The demonstration on a free port of this machine, in a folder that goes away; and where its twelve charts are."""
    with tempfile.TemporaryDirectory() as folder:
        with socket.socket() as probe:
            probe.bind(("127.0.0.1", 0))
            port = probe.getsockname()[1]
        env = {name: value for name, value in os.environ.items() if name not in ("DATABASE_URL", "REDIS_URL")}
        env["CXREVIEW_VAR"] = folder
        manage = [sys.executable, str(ROOT / "manage.py")]
        for command in (["prepare"], ["demo"], ["collectstatic", "--noinput", "-v0"]):
            subprocess.run([*manage, *command], env=env, check=True, stdout=subprocess.DEVNULL)
        twelve = [sys.executable, "-m", "benchmarks.twelve_charts"]
        told = subprocess.run(twelve, cwd=ROOT, env=env, check=True, capture_output=True, text=True).stdout
        server = subprocess.Popen([*manage, "serve", "--port", str(port)], env=env, stdout=subprocess.DEVNULL)
        try:
            address = f"http://127.0.0.1:{port}"
            _wait_for(address)
            yield address, told.split()[-1]
        finally:
            server.terminate()
            server.wait(30)


def _wait_for(address: str) -> None:
    for _second in range(60):
        try:
            urllib.request.urlopen(f"{address}/sign-in", timeout=5).close()
            return
        except (urllib.error.URLError, OSError):
            time.sleep(1)
    raise SystemExit("the demonstration did not start within a minute")


def visit(page: Any, address: str) -> tuple[float, float, int]:
    """Seconds until the page can be read and until its last chart is drawn, and how many charts."""
    page.goto(address, wait_until="domcontentloaded")
    read = page.evaluate(
        "Math.max(performance.getEntriesByType('navigation')[0].domInteractive,"
        " performance.getEntriesByName('first-contentful-paint')[0]?.startTime || 0)"
    )
    for _step in range(60):
        page.mouse.wheel(0, 700)
        page.wait_for_timeout(50)
        at_end = page.evaluate("innerHeight + scrollY >= document.documentElement.scrollHeight - 2")
        if at_end and page.evaluate(LEFT) == 0:
            break
    page.wait_for_function(f"{LEFT} === 0", timeout=60_000)
    drawn = page.evaluate("window.drawnAt")
    return read / 1e3, max(drawn, default=0.0) / 1e3, len(drawn)


def addresses(page: Any, base: str, twelve: str) -> dict[str, str]:
    """The board and, as its first line leads there, a series, its metric and the pages that hang on them."""
    page.goto(f"{base}/signals")
    series = page.locator("table.board tbody th a").first.get_attribute("href")
    return {"home": "/", "board": "/signals", "quadrants": "/signals?view=quadrants", "series": series, "measures of a review": "/reviews/1/measure",
            "before and after": "/comparisons/4", "twelve charts": twelve}  # fmt: skip


def main() -> None:
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--slower", type=float, default=4.0)
    parser.add_argument("--rounds", type=int, default=5)
    chosen = parser.parse_args()
    program = workbench.browser()
    if program is None:
        raise SystemExit("no Chromium found (CXREVIEW_CHROMIUM may name one)")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only there where a browser is

    with served() as (base, twelve), sync_playwright() as driver:
        browser = driver.chromium.launch(executable_path=program, args=["--no-sandbox", "--disable-dev-shm-usage"])
        page = browser.new_page(viewport={"width": 1280, "height": 900})
        page.goto(f"{base}/sign-in")
        page.fill("[name=email]", "tom@demo.example")
        page.fill("[name=password]", PASSWORD)
        page.click("main button[type=submit]")
        page.wait_for_url(lambda url: "sign-in" not in url)
        page.add_init_script(WATCH)
        speed = page.context.new_cdp_session(page)
        print(f"{'page':<22}{'charts':>6}  {'can be read':>24}  {'last chart drawn':>24}   (full speed, slowed, ratio)")
        for name, path in addresses(page, base, twelve).items():
            times: dict[float, list[tuple[float, float, int]]] = {1.0: [], chosen.slower: []}
            for _round in range(chosen.rounds):
                for rate, found in times.items():
                    speed.send("Emulation.setCPUThrottlingRate", {"rate": rate})
                    found.append(visit(page, base + path))
            speed.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            cells = []
            for part in (0, 1):
                fast, slow = (statistics.median(one[part] for one in found) for found in times.values())
                cells.append(f"{fast:7.2f} s {slow:7.2f} s {slow / fast:5.1f}" if fast else "–")
            print(f"{name:<22}{times[1.0][0][2]:>6}  {cells[0]:>24}  {cells[1]:>24}", flush=True)
        print(f"wanted, slowed: at most {TEXT_GOAL:g} s and {CHART_GOAL:g} s")
        browser.close()


if __name__ == "__main__":
    main()
