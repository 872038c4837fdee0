"""R6, R34: whoever reads all that Alder's people can reach finds nothing of Birch, neither a word nor a number, and
nothing that Birch does moves a figure of Alder."""

import copy
import datetime as dt
import logging
import re
from functools import cached_property
from types import SimpleNamespace

import pytest
from django.apps import apps
from django.core import mail
from django.db import transaction
from django.test import Client
from django.urls import reverse

from jobs.workflow import run_pending
from metrics import analysing
from teams import access, clock
from tests.gates.crawl import crawl
from tests.gates.routes import modules
from tests.metrics import making
from tests.world import ROLES

pytestmark = pytest.mark.django_db
NOON = dt.datetime(2026, 3, 2, 12, tzinfo=dt.UTC)
# No value of Alder's holds these digits.
CANARY = 731942.5
DIGITS = re.compile("731,?94")
START = (
    "/",
    *(f"/search?q={words}" for words in ("a", "first", "desk", "share", "answer", "customer+service", "7319")),
    "/signals?variation=concern",
    "/signals?sort=metric",
    "/imports",
    "/sources",
    "/decisions",
    "/improvements",
    "/jobs",
    "/trail",
    "/people",
    "/mails",
)
# The scene of reports holds that of improvements; an action is done with words or with a file, not both.
BESIDE, APART = "improvements", "proved"
# Between them these two see all that anybody of the organisation sees.
WIDEST = ("supervisor", "administrator")


def everything(side):
    """All that the rows of all apps are played with, in one organisation; its mails are sent."""
    for app, module in modules().items():
        if app != BESIDE:
            scene = module.scene(copy.deepcopy(side))
            for name in prepared(scene):
                getattr(scene, name)
    run_pending()


def prepared(scene):
    """The names of what a scene makes when it is asked for."""
    found = [name for kind in type(scene).__mro__ for name, of in vars(kind).items() if isinstance(of, cached_property)]
    return [name for name in found if name != APART]


def alone(side):
    """A metric of that organisation alone, of numbers that no other has."""
    metric = making.metric(side.organisation, f"{side.word} own figure", kind="count")
    values = [CANARY + step for step in (0, 2, -1, 1, 0, -2, 1, 2, -1, 0, 1, 0, 9, 9, 9, 9, 9, 9, 9, 9)]
    analysing.analyse_series([making.series(metric, side.team, values).pk])


class Said(logging.Handler):
    """Every line of the log but the statements of the database."""

    def __init__(self):
        super().__init__(logging.DEBUG)
        self.lines = []
        self.addFilter(lambda record: not record.name.startswith("django.db"))

    def emit(self, record):
        self.lines.append(record.getMessage())


@pytest.fixture(scope="module")
def told(theatre):
    """What Alder's people read before and after Birch comes to life, by role; all mails; the log."""
    said, root = Said(), logging.getLogger()
    level = root.level
    root.addHandler(said)
    root.setLevel(logging.DEBUG)
    with transaction.atomic(), clock.at(NOON):
        world = copy.deepcopy(theatre.world)
        sessions = {role: theatre.sessions[world.a.word, role] for role in ROLES}
        everything(world.a)
        before = {role: crawl(sessions[role], START) for role in WIDEST}
        everything(world.b)
        alone(world.b)
        after = {role: crawl(session, START) for role, session in sessions.items()}
        yield SimpleNamespace(
            world=world, sessions=sessions, before=before, after=after, mails=list(mail.outbox), log=said.lines
        )
        transaction.set_rollback(True)
    root.removeHandler(said)
    root.setLevel(level)


@pytest.mark.parametrize("role", ROLES)
def test_nobody_reads_a_word_or_a_number_of_the_other_organisation(told, role):
    read = told.after[role]
    word = told.world.b.word.lower()
    leaks = [url for url, text in read.items() if word in text.lower() or DIGITS.search(text)]
    assert (len(read) > 50, leaks) == (True, [])


def test_the_canaries_sing_at_home(told, client_of):
    """Otherwise their silence elsewhere would say nothing."""
    with clock.at(NOON):
        page = client_of(told.world.b.supervisor).get("/signals?variation=improvement").content.decode()
    assert (bool(DIGITS.search(page)), "Birch own figure" in page) == (True, True)


@pytest.mark.parametrize("role", WIDEST)
def test_nothing_that_the_other_organisation_does_moves_a_figure(told, role):
    """The page of jobs lists, below one's own, the last runs of the machine's schedules, which serve all alike."""
    before, after = told.before[role], told.after[role]
    changed = [url for url, text in after.items() if before.get(url) != text and not url.startswith("/jobs")]
    assert (changed, set(before) ^ set(after)) == ([], set())


def test_every_mail_is_of_the_readers_own_organisation(told):
    foreign = {"alder.example": told.world.b.word, "birch.example": told.world.a.word}
    wrong = [
        (one.to, one.subject)
        for one in told.mails
        if foreign[one.to[0].partition("@")[2]].lower() in f"{one.subject}{one.body}".lower()
    ]
    hosts = {one.to[0].partition("@")[2] for one in told.mails}
    assert (wrong, hosts) == ([], set(foreign))


def test_no_name_stands_in_the_log(told):
    named = [line for line in told.log if re.search("alder|birch", line, re.I)]
    assert (len(told.log) > 0, named) == (True, [])


@pytest.mark.parametrize("role", WIDEST)
def test_no_thread_of_the_other_organisation_is_shown(told, role):
    """R2: whatever there is over there that somebody may see."""
    browser = Client()
    browser.cookies["sessionid"] = told.sessions[role]
    theirs = [
        reverse("thread", args=[model._meta.label_lower, thing.pk])
        for model in apps.get_models()
        if getattr(model, "view", "")
        for one in (told.world.b.supervisor, told.world.b.administrator, told.world.b.colleague)
        for thing in access.visible_to(one, model)[:1]
    ]
    answers = {address: browser.get(address).status_code for address in theirs}
    assert (len(answers) > 20, {address for address, status in answers.items() if status != 404}) == (True, set())
