"""A concluded review whose papers wait: repairs of Repairs West that are closed before they are done."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story
from improvements.workflow import decisions, submissions
from notices import workflow as notices
from reviews import workflow as reviews
from reviews.models import Criterion, Finding, Review

TEAM = "Repairs West"


def story(stage: Stage) -> Story:
    yield stage.on(6, "Mon 14:00")
    tom, sian = stage.person("tom"), stage.person("sian")
    review = _plan(stage)
    yield stage.on(6, "Tue 09:40")
    told = stage.people("lena", "stefan", "megan")
    briefing = reviews.brief(
        tom,
        review,
        told,
        "Why we look at repairs that come back",
        "For two months more tenants on the chat have told us that a repair we closed is not done. We want to "
        "understand when and why a job is closed. Nobody loses anything by saying how it really goes.",
    )
    reviews.ask_agreement(tom, review)
    yield stage.on(6, "Wed 08:20")
    for one in told:
        notices.read(one, briefing)
    yield stage.on(6, "Wed 12:00")
    reviews.agree(sian, act.fresh_review(review))
    yield stage.on(6, "Thu 09:00")
    reviews.freeze(tom, act.fresh_review(review), start=True)
    yield from _work(stage, review)
    yield from _papers(stage, review, list(Finding.objects.filter(review=review).order_by("pk")))


def _plan(stage: Stage) -> Review:
    return act.begin(
        stage.person("tom"),
        stage,
        cast.REPAIRS,
        "Repairs reported on the chat",
        [
            act.measured(
                stage,
                "A repair that is closed stays closed",
                planted.REOPENED,
                TEAM,
                "Chat",
                8.0,
                rule=Criterion.Rule.LATEST,
                weight=3,
                why="A case reopened is a promise broken.",
            ),
            act.measured(
                stage, "Tenants on the chat are satisfied", planted.SATISFIED, TEAM, "Chat", 80.0, source="Charter 2024"
            ),
            act.by_hand("A job is closed by who has seen it", "30 closed jobs read", "Repairs policy, section 7"),
        ],
        [
            ("Repair is reported on the chat", "Advisers", 9, 4.00),
            ("Visit is booked", "Planners", 4, 1.90),
            ("Job is closed", "Planners", 1, 0.40),
            ("Repair is done", "Trades", 55, 48.00),
        ],
        [("Proof of the repair", "A photograph ends most arguments.")],
        signal=act.signal_on(stage, planted.REOPENED, TEAM, "Chat"),
        title="Repairs that come back on the chat",
        question="Why are more repairs of Repairs West reopened than two months ago, and only those from the chat?",
        start_point="A tenant reports a repair on the chat",
        end_point="The job is closed and stays closed",
        first_day=stage.day(32),
        last_day=stage.day(7, "Sun"),
        inside="Jobs of Repairs West that began on the chat",
        outside="Jobs reported by phone or e-mail",
        spend_limit=Decimal(8_000),
        decision_maker=stage.person("sian"),
    )


def _work(stage: Stage, review: Review) -> Story:
    yield stage.on(5, "Tue 10:00")
    tom = stage.person("tom")
    lena, stefan, megan = stage.people("lena", "stefan", "megan")
    closing = act.judge(
        tom,
        review,
        "Job is closed",
        satisfaction=(act.NOT_MET, "In 19 of 30 jobs the tenant was told “done” before anybody had come.", act.HIGH),
        cost=(act.NOT_MET, "A second visit for one job in nine.", act.MEDIUM),
        compliance=(act.NOT_MET, "Section 7: who closes a job has seen it. Kept in 11 of 30.", act.HIGH),
    )
    act.judge(
        tom,
        review,
        "Visit is booked",
        satisfaction=(act.MET, "Offered within two days in 28 of 30 jobs.", act.HIGH),
        cost=(act.MET, "Four minutes.", act.MEDIUM),
        compliance=(act.MET, "Nothing against it in 30 jobs.", act.MEDIUM),
    )
    act.judge(tom, review, "Proof of the repair", compliance=(act.PARTLY, "A photograph in 17 of 30 jobs.", act.HIGH))
    round_ = reviews.open_round(
        tom,
        review,
        "When is a job done?",
        stage.day(4, "Fri"),
        [
            (act.subject(review, "Job is closed"), "sequence", "When do you close a job, and why then?"),
            (act.subject(review, "Job is closed"), "person", "Who should close it?"),
        ],
        [(lena, "manager"), (stefan, "colleague"), (megan, "colleague")],
    )
    yield stage.on(5, "Thu 11:00")
    act.answer(
        stefan,
        round_,
        ("change", "The chat asks me to close it before I can leave the conversation."),
        ("change", "Whoever did the repair."),
    )
    act.answer(
        megan,
        round_,
        ("change", "When the visit is booked. The screen leaves no other way."),
        ("change", "The trade, on the spot, with a photograph."),
    )
    yield stage.on(4, "Mon 13:30")
    act.answer(lena, round_, ("change", "I thought they close it the day after."), ("unsure", ""))
    reviews.close_round(tom, round_)
    act.outcome(tom, review, "Job is closed", "rearrange", "It moves behind the repair: closed by who has done it.")
    yield stage.on(4, "Wed 10:15")
    early = reviews.raise_finding(tom, review, "answer", act.answer_of(round_, "sequence", megan))
    early = act.reword(
        tom,
        early,
        title="The chat makes advisers close a job when the visit is booked",
        condition="All three who answered say so; 19 of 30 jobs were closed before the visit.",
        effect="About one job in nine is opened again, each with a second visit.",
        cause="The chat screen cannot be left while the job is open.",
    )
    seen = reviews.raise_finding(tom, review, "judgement", str(closing[2].pk))
    seen = act.reword(tom, seen, title="Who closes a job has not seen it in 19 of 30 jobs")
    act.agree_findings(tom, early, seen)
    yield stage.on(3, "Mon 11:20")
    act.note_yields(tom, review, ("26 points for each measure", False), ("3 of 3 answered", False))
    act.conclude(
        tom,
        review,
        {
            "A repair that is closed stays closed": ("Reopened more often than before.", act.NOT_MET),
            "Tenants on the chat are satisfied": ("Read from the chart of the survey answers.", act.MET),
            "A job is closed by who has seen it": ("11 of 30.", act.NOT_MET),
        },
        "The screen, not the people, closes repairs too early. It can be put right within a month.",
    )


def _papers(stage: Stage, review: Review, findings: list[Finding]) -> Story:
    yield stage.on(3, "Wed 09:30")
    tom, sian = stage.person("tom"), stage.person("sian")
    photo = _paper(
        stage,
        review,
        findings[1:],
        {"name": "Photograph before closing", "compliance": 1, "hours": Decimal(10), "weeks": 3},
        title="Ask for a photograph before a job can be closed",
        ask="Make the photograph a field that must be filled.",
        benefit="Who closes a job has seen it.",
        waiting="Two jobs of three are closed unseen.",
    )
    text = _paper(
        stage,
        review,
        findings[:1],
        {"name": "Ask by text", "satisfaction": 1, "yearly": Decimal(700), "weeks": 4, "touches": ["Systems"]},
        title="Ask tenants by text whether the repair is done",
        ask="Send a text two days after a job is closed.",
        benefit="We learn of it before the tenant complains.",
        waiting="Tenants find out by themselves.",
    )
    yield stage.on(2, "Mon 15:00")
    submissions.withdraw(tom, text, "The survey asks the same question since last week; one question is enough.")
    yield stage.on(2, "Thu 10:30")
    decisions.decide(sian, photo, "send_back", "What of tenants who do not want photographs taken in their home?")
    yield stage.on(1, "Tue 11:45")
    _paper(
        stage,
        review,
        findings,
        {
            "name": "The trade closes the job",
            "description": "The chat lets go of an open job; the trade closes it on the spot.",
            "satisfaction": 2,
            "cost_effect": 1,
            "compliance": 2,
            "one_off": Decimal(3_900),
            "yearly": Decimal(600),
            "hours": Decimal(40),
            "weeks": 5,
            "touches": ["Systems"],
            "risk": "Trades without signal close the job in the evening.",
        },
        title="Let the trade who did the repair close the job",
        ask="Have the chat screen changed, and the closing moved to the trades' tablets.",
        benefit="About 25 second visits fewer each month in Repairs West.",
        waiting="Each week six tenants are told that a repair is done that is not.",
        by_day=stage.day(-2, "Fri"),
    )


def _paper(stage: Stage, review: Review, findings: list[Finding], option: dict[str, Any], **words: Any) -> Any:
    words.setdefault("by_day", stage.day(-1, "Fri"))
    tom = stage.person("tom")
    return submissions.put_forward(tom, act.recommend(tom, review, findings, [option], **words))
