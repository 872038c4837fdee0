"""Somebody who works at a desk as people do: signs in, fills fields by their labels, presses buttons, looks."""

import re

from tests.world import PASSWORD


class Clerk:
    """Works on the pages only. ``confirmations`` counts the buttons that changed something."""

    def __init__(self, desk, clock_file):
        self.desk, self.page, self.clock_file = desk, desk.page, clock_file
        self.confirmations = 0
        self.seen = []

    def at(self, moment):
        """Put the product's clock to this moment (ISO 8601)."""
        self.clock_file.write_text(moment)

    def work(self):
        """Let the worker do what waits, then look at the page again."""
        from playwright.sync_api import Error

        from jobs.workflow import run_pending

        failed = [(job.work, job.error_code, job.error) for job in run_pending() if job.state != "done"]
        assert failed == []
        try:
            self.page.reload()
        except Error:
            # The page has just noticed by itself that the work is done, and fetches itself anew.
            self.page.wait_for_load_state()
            self.page.reload()

    def sign_in(self, person):
        self.desk.go("/sign-in")
        self.fill("E-mail address", person.email)
        self.fill("Password", PASSWORD)
        self.press("Sign in", count=False)
        assert self.page.get_by_role("button", name=person.name).is_visible()

    def sign_out(self):
        self.page.locator(".me-menu").click()
        self.page.get_by_role("button", name="Sign out").click()
        self.page.get_by_text("You are signed out.").wait_for()

    def as_somebody(self, person):
        """Sign out whoever works here and sign in as this person; home is open."""
        if self.page.locator(".me-menu").count():
            self.sign_out()
        self.sign_in(person)

    def field(self, label):
        """The field with this label; a star behind it says that it must be filled."""
        return self.page.get_by_label(re.compile(rf"^\s*{re.escape(label)}\s*\*?\s*$"))

    def fill(self, label, words):
        self.field(label).fill(str(words))

    def choose(self, label, words):
        """Choose an option of a list by its words."""
        self.field(label).select_option(label=words)

    def choose_like(self, label, pattern):
        """Choose the one option whose words match."""
        options = self.field(label).locator("option").all_inner_texts()
        found = [one for one in options if re.search(pattern, one)]
        assert len(found) == 1, (pattern, found or options)
        self.field(label).select_option(label=found[0])

    def tick(self, label):
        self.field(label).check()

    def pick(self, words):
        """Choose one of the large answers of a question."""
        self.page.locator("label.btn", has_text=words).click()

    def press(self, name, count=True, within="main"):
        """Press the button of this name and wait for the page that follows."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("button", name=name, exact=True).first.click()
        self.confirmations += count
        self.check()

    def follow(self, name, within="main", exact=True):
        """Follow the link of this name."""
        with self.page.expect_navigation():
            self.page.locator(within).get_by_role("link", name=name, exact=exact).first.click()
        self.check()

    def take(self, button):
        """What waits for me on home: the line with this button."""
        self.rail("Home")
        with self.page.expect_navigation():
            self.page.get_by_role("link", name=re.compile(rf"^{re.escape(button)}\s*:")).first.click()
        self.check()

    def judge(self, respect, rating, why):
        """One of the three cards of a step."""
        card = self.page.locator(f"section#{respect}")
        card.get_by_label(rating, exact=True).check()
        card.get_by_label("why, from which evidence").fill(why)
        with self.page.expect_navigation():
            card.get_by_role("button", name=f"Judge {respect}").click()
        self.confirmations += 1
        self.check()

    def rail(self, name):
        self.follow(name, within="nav.rail", exact=False)

    def stage(self, name):
        """A stage of the review, from the second row of the page."""
        self.follow(name, within=".stages", exact=False)

    def more(self, name):
        """An entry of the page's menu."""
        self.page.locator("[data-more] > button").click()
        entry = self.page.locator("[data-more] .dropdown-item", has_text=name).first
        with self.page.expect_navigation():
            entry.click()
        self.check()

    def check(self):
        """No form came back with errors."""
        errors = self.page.locator(".errors li, .invalid-feedback:visible").all_inner_texts()
        assert errors == [], errors

    def sees(self, *words):
        """The page says all of this."""
        text = self.text()
        missing = [one for one in words if one not in text]
        assert missing == [], f"{missing} not on {self.page.url}:\n{text[:3000]}"

    def sees_not(self, *words):
        text = self.text()
        assert [one for one in words if one in text] == []

    def text(self):
        return " ".join(self.page.locator("body").inner_text().split())

    def shot(self, name):
        """Keep the screen under the next number; nothing may stick out of a phone."""
        self.page.wait_for_load_state("networkidle")
        self.seen.append(name)
        wider = self.desk.shot(f"journey-{len(self.seen):02}-{name}")
        assert wider <= 0, name
