"""A review under way: e-mails to Billing North wait. One round is revealed, another one is still open."""

from __future__ import annotations

from decimal import Decimal

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story
from notices import workflow as notices
from reviews import workflow as reviews
from reviews.models import Criterion, Review

TEAM = "Billing North"


def story(stage: Stage) -> Story:
    yield stage.on(6, "Mon 09:15")
    priya, rashid = stage.person("priya"), stage.person("rashid")
    review = _plan(stage)
    yield stage.on(6, "Mon 16:40")
    team = stage.people("marcus", "aisha", "owen")
    briefing = reviews.brief(
        priya,
        review,
        team,
        "Why we look at e-mails about bills",
        "Since the new form went live, answers to e-mails take longer. We look at the way a message takes, step by "
        "step, and at what would make it shorter. You will be asked a few questions; answers stay unseen until all "
        "are in.",
    )
    reviews.ask_agreement(priya, review)
    yield stage.on(6, "Tue 08:30")
    for one in team[:2]:
        notices.read(one, briefing)
    yield stage.on(5, "Mon 10:00")
    reviews.agree(rashid, act.fresh_review(review))
    reviews.freeze(priya, act.fresh_review(review), start=True)
    yield from _first_round(stage, review)
    yield from _second_round(stage, review)


def _plan(stage: Stage) -> Review:
    return act.begin(
        stage.person("priya"),
        stage,
        cast.ACCOUNTS,
        "Billing questions by e-mail",
        [
            act.measured(
                stage,
                "E-mails get a first reply within four hours",
                planted.FIRST_REPLY,
                TEAM,
                "E-mail",
                88.0,
                rule=Criterion.Rule.LATEST,
                weight=3,
                why="Who hears nothing writes again.",
            ),
            act.measured(
                stage, "Customers are satisfied with the answer", planted.SATISFIED, TEAM, "E-mail", 82.0, weight=2
            ),
            act.by_hand("A bill is explained in one message", "50 conversations read", "Plain words guide"),
        ],
        [
            ("Form is filled in", "Customer", 4, None),
            ("Message is sorted", "One queue for all", 2, 0.90),
            ("Message is answered", "Advisers", 8, 4.10),
            ("Bill is put right", "Billing desk", 6, 3.00),
        ],
        [("Tone of the answer", "A kind answer is forgiven a day's delay.")],
        signal=act.signal_on(stage, planted.FIRST_REPLY, TEAM, "E-mail"),
        title="E-mails about bills that wait",
        question="Why do fewer customers of Billing North get a first reply within four hours since the new form?",
        start_point="A customer sends the form",
        end_point="The customer knows what the bill says",
        first_day=stage.day(30),
        last_day=stage.day(7, "Sun"),
        inside="E-mails and forms about bills to Billing North",
        outside="Chat and phone; complaints",
        spend_limit=Decimal(6_000),
        decision_maker=stage.person("rashid"),
    )


def _first_round(stage: Stage, review: Review) -> Story:
    yield stage.on(4, "Tue 09:50")
    priya = stage.person("priya")
    marcus, aisha, owen = stage.people("marcus", "aisha", "owen")
    sorting = act.judge(
        priya,
        review,
        "Message is sorted",
        satisfaction=(act.NOT_MET, "A message lies in the one queue for five hours in the middle.", act.HIGH),
        cost=(act.PARTLY, "Two people sort what the old form had sorted by itself.", act.MEDIUM),
        compliance=(act.MET, "Messages from people at risk are picked out first, in all 50.", act.HIGH),
    )
    act.judge(
        priya,
        review,
        "Message is answered",
        satisfaction=(act.MET, "Eight of ten answers settle the matter.", act.MEDIUM),
        cost=(act.MET, "Eight minutes, as before the form.", act.MEDIUM),
        compliance=(act.MET, "Nothing against the guide in 50 conversations.", act.MEDIUM),
    )
    act.judge(priya, review, "Tone of the answer", satisfaction=(act.MET, "Kind and plain in 46 of 50.", act.HIGH))
    round_ = reviews.open_round(
        priya,
        review,
        "The way of a message",
        stage.day(3, "Fri"),
        [
            (act.subject(review, "Message is sorted"), "purpose", "What is sorting for, now that there is a form?"),
            (act.subject(review, "Message is answered"), "place", "Where do you find what you need for an answer?"),
        ],
        [(marcus, "manager"), (aisha, "colleague"), (owen, "colleague")],
    )
    yield stage.on(4, "Thu 15:15")
    act.answer(
        aisha,
        round_,
        ("drop", "The form knows what it is about. It does not tell us."),
        ("keep", "All on one screen."),
    )
    act.answer(
        owen,
        round_,
        ("change", "Half of my morning is sorting."),
        ("change", "The bill is in another system and needs a second sign-in."),
    )
    act.answer(marcus, round_, ("keep", "Somebody has to look first."), ("keep", ""))
    yield stage.on(3, "Mon 10:10")
    reviews.close_round(priya, round_)
    act.outcome(priya, review, "Message is sorted", "eliminate", "The form can hand its subject on.")
    queue = reviews.raise_finding(priya, review, "judgement", str(sorting[0].pk))
    queue = act.reword(
        priya,
        queue,
        title="Every message waits in one queue since the new form",
        effect="The middle message waits five hours before anybody has read it.",
        cause="The form does not hand on what the message is about.",
    )
    if review.signal_id:
        reviews.link_evidence(priya, queue, "signal", str(review.signal_id))
    act.agree_findings(priya, queue)
    split = reviews.raise_finding(priya, review, "answer", act.answer_of(round_, "place", owen))
    same = reviews.raise_finding(priya, review, "answer", act.answer_of(round_, "purpose", aisha))
    reviews.merge_finding(priya, same, queue)
    act.reword(priya, split, title="Some need a second sign-in to see the bill", effect="Two minutes for each answer.")


def _second_round(stage: Stage, review: Review) -> Story:
    yield stage.on(1, "Wed 09:30")
    priya = stage.person("priya")
    marcus, aisha, owen, carla = stage.people("marcus", "aisha", "owen", "carla")
    round_ = reviews.open_round(
        priya,
        review,
        "What if the form sorted?",
        stage.day(-1, "Fri"),
        [
            (act.subject(review, "Form is filled in"), "own", "Which four subjects would cover most messages?"),
            (act.subject(review, "Bill is put right"), "person", "Who could put a bill right at once?"),
        ],
        [(marcus, "manager"), (aisha, "colleague"), (owen, "colleague"), (carla, "colleague")],
    )
    yield stage.on(1, "Thu 11:05")
    act.answer(
        aisha,
        round_,
        ("change", "Tariff, meter reading, direct debit, moving house."),
        ("change", "We could, up to fifty pounds, if we were allowed to."),
    )
    yield stage.on(1, "Fri 08:55")
    act.answer(carla, round_, ("change", "Ask the customers which words they use."))
