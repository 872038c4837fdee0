"""What supervisors do between reviews: targets, a new definition, notes on charts, signals acknowledged
and asked about, a target proposed, a change compared with what was before, a stand-in."""

from __future__ import annotations

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story, work
from metrics.models import Inquiry, Survey
from metrics.workflow import comparisons, inquiries, marks, metrics, rebases, signals, surveys, targets
from teams.workflow import stand_ins

TARGETS = (
    (planted.SATISFIED, 85.0, "Customer promise, 2023"),
    (planted.FIRST_REPLY, 88.0, "Customer promise, 2023"),
    (planted.CALLS, 80.0, "Customer promise, 2023"),
    (planted.REOPENED, 8.0, "Repairs policy"),
    (planted.COMPLAINTS, 14.0, "Agreed with the tenants' panel"),
)


def story(stage: Stage) -> Story:
    yield stage.on(56, "Mon 10:30")
    ewa = stage.person("ewa")
    for name, value, source in TARGETS:
        why = "What we have promised customers, written down where everybody sees it."
        top = stage.unit(cast.ORGANISATION)
        targets.set_target(ewa, stage.metric(name), top, value, stage.day(56), why, source=source)
    surveys.declare(ewa, stage.metric(planted.SATISFIED), Survey.Kind.SHARE, Survey.Weighted.NO)
    work()
    yield stage.on(28, "Tue 09:00")
    metrics.define(
        ewa,
        stage.metric(planted.REOPENED),
        1,
        "Cases opened again within 30 days of being closed, of all cases closed in the week.",
        "The thirty days were always meant; now they are written down.",
        stage.day(28),
    )
    work()
    yield stage.on(13, "Fri 11:00")
    marks.note(
        stage.person("kwame"),
        stage.series(planted.SATISFIED, "Repairs East", "E-mail"),
        stage.day(13, "Thu"),
        "New e-mail template",
    )
    yield stage.on(8, "Thu 10:00")
    seen = act.signal_on(stage, planted.SATISFIED, "Repairs East", "Phone")
    if seen is not None:
        word = "Tenants have been called back within two hours since these weeks: this is what it was for."
        signals.acknowledge(stage.person("tom"), seen, word)
    yield stage.on(4, "Thu 16:00")
    rebases.rebase(
        stage.person("tom"),
        stage.series(planted.CONTACTS, "Repairs East", "Chat"),
        stage.day(26),
        "The chat opens an hour longer since this week, so its volume is another process.",
    )
    work()
    yield from _questions(stage)
    yield from _proposal(stage)
    yield from _web_form(stage)
    yield stage.on(1, "Fri 12:00")
    helen, rashid = stage.person("helen"), stage.person("rashid")
    stand_ins.set_stand_in(rashid, rashid, helen, stage.day(-1), stage.day(-2, "Fri"))


def _questions(stage: Stage) -> Story:
    """One question on a signal that found its answer, one that still waits."""
    tom, lena = stage.person("tom"), stage.person("lena")
    yield stage.on(2, "Tue 09:30")
    seen = act.signal_on(stage, planted.REOPENED, "Repairs West", "Chat")
    first = None
    if seen is not None:
        first = inquiries.ask(tom, seen, "What is different about the chats closed since the summer?", lena)
    yield stage.on(2, "Thu 15:00")
    if first is not None:
        inquiries.look_into(lena, first, "Read thirty chats that were opened again, with those who closed them.")
        words = "Most were closed by the program after a day without an answer, while the tenant still waited for us."
        inquiries.answer(lena, first, words, Inquiry.LeadsTo.WATCH)
    yield stage.on(1, "Tue 10:00")
    other = act.signal_on(stage, planted.CONTACTS, "Repairs", "Chat")
    if other is not None:
        inquiries.ask(stage.person("ewa"), other, "Do these chats replace calls, or come on top?", tom, stage.day(-1))


def _proposal(stage: Stage) -> Story:
    """A team lead proposes a target of the own team; whoever may approve it finds it waiting."""
    yield stage.on(1, "Thu 11:00")
    team = stage.unit("Repairs West")
    series = stage.series(planted.CALLS, "Repairs West", "Phone")
    why = "What the team can promise at today's level, nine weeks in ten."
    targets.propose(stage.person("lena"), series, team, 75.0, stage.day(-2), why, agreed_with="the team")


def _web_form(stage: Stage) -> Story:
    """Did the form of eleven weeks ago bring more e-mails, or was it winter? Compared less the season, and less what
    happened where there is no such form."""
    yield stage.on(1, "Fri 11:20")
    ewa = stage.person("ewa")
    with_form = stage.series(planted.CONTACTS, "Billing North", "E-mail")
    made = comparisons.compare(ewa, with_form, stage.day(12), "Web form for bills")
    comparisons.set_against(ewa, made, stage.series(planted.CONTACTS, "Billing South", "E-mail"))
    work()
