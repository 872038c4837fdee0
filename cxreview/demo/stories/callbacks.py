"""A review from its question to its conclusions: how tenants hear about their repair (its end: callbacks_end.py)."""

from __future__ import annotations

from decimal import Decimal

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story
from cxreview.demo.stories import callbacks_end
from notices import workflow as notices
from reviews import workflow as reviews
from reviews.models import Finding, Review

PEOPLE = ("kwame", "lena", "daniyar", "grace", "stefan", "megan")
CALL = "Tenant is told about changes"


def story(stage: Stage) -> Story:
    yield stage.on(55, "Tue 10:05")
    tom, sian = stage.person("tom"), stage.person("sian")
    review = _plan(stage)
    yield stage.on(55, "Thu 09:30")
    told = stage.people(*PEOPLE)
    briefing = reviews.brief(
        tom,
        review,
        told,
        "Why we look at how tenants hear about their repair",
        "Tenants tell us that the waiting is easier to bear than the not knowing. For six weeks we look at when "
        "they hear from us after they have reported a repair. Nobody's work is being judged: we look at the way "
        "the work is laid out. You will be asked a few questions, and nobody sees your answers before all are in.",
    )
    reviews.ask_agreement(tom, review)
    yield stage.on(55, "Fri 08:15")
    for one in told:
        notices.read(one, briefing)
    yield stage.on(54, "Mon 11:40")
    reviews.agree(sian, act.fresh_review(review))
    yield stage.on(54, "Mon 15:00")
    reviews.freeze(tom, act.fresh_review(review), start=True)
    yield from _work(stage, review)
    findings = list(Finding.objects.filter(review=review).order_by("pk"))
    yield from callbacks_end.story(stage, review, findings)


def _plan(stage: Stage) -> Review:
    return act.begin(
        stage.person("tom"),
        stage,
        cast.REPAIRS,
        "Responsive repairs",
        [
            act.measured(
                stage,
                "Tenants are satisfied after they called us",
                planted.SATISFIED,
                "Repairs East",
                "Phone",
                88.0,
                why="A tenant who knows what happens next does not have to ring again.",
                weight=3,
            ),
            act.measured(
                stage,
                "A repair that is closed stays closed",
                planted.REOPENED,
                "Repairs East",
                "Phone",
                8.0,
                why="Each return visit costs a tenant half a day and us a van.",
            ),
            act.by_hand(
                "Tenants hear of every change on the day it is made",
                "Read from 40 job records",
                "Repairs policy, section 4",
                "The policy promises it.",
            ),
        ],
        [
            ("Repair is reported", "Advisers", 7, 3.20),
            ("Visit is booked", "Planners", 4, 1.90),
            (CALL, "Nobody in particular", None, None),
            ("Repair is done", "Trades", 55, 48.00),
            ("Tenant is asked whether it is mended", "Survey team", 2, 0.80),
        ],
        [("Call-back promise", "Being called when we said we would is what tenants remember.")],
        title="Keeping tenants informed about their repair",
        question="Why do tenants ring us two and three times about one repair, and what would they rather have?",
        start_point="A tenant reports a repair",
        end_point="The tenant confirms that it is mended",
        first_day=stage.day(103),
        last_day=stage.day(57, "Sun"),
        inside="Reported repairs of both areas, weekdays and Saturdays",
        outside="Emergencies out of hours; planned works; gas servicing",
        spend_limit=Decimal(12_000),
        decision_maker=stage.person("sian"),
    )


def _work(stage: Stage, review: Review) -> Story:
    yield stage.on(53, "Tue 13:20")
    tom, kwame = stage.person("tom"), stage.person("kwame")
    act.judge(
        tom,
        review,
        "Repair is reported",
        satisfaction=(act.MET, "Of 40 calls heard, 36 ended with a clear next step.", act.HIGH),
        cost=(act.MET, "Seven minutes a call, as planned for.", act.MEDIUM),
        compliance=(act.MET, "The safeguarding question was asked in all 40.", act.HIGH),
    )
    judged = act.judge(
        tom,
        review,
        CALL,
        satisfaction=(act.NOT_MET, "In 23 of 40 jobs the tenant rang to ask; in 9 of them twice.", act.HIGH),
        cost=(act.PARTLY, "About 60 calls a week ask only when somebody comes.", act.MEDIUM),
        compliance=(act.NOT_MET, "The policy says the same day; it was kept in 14 of 40 jobs.", act.HIGH),
    )
    act.judge(
        tom, review, "Call-back promise", satisfaction=(act.PARTLY, "Kept by some, unknown to others.", act.MEDIUM)
    )
    yield stage.on(53, "Wed 09:15")
    questions = [
        (act.subject(review, CALL), "person", "Who tells the tenant when a visit moves, and why they?"),
        (act.subject(review, CALL), "sequence", "When do you learn that a visit moves? When does the tenant?"),
        (act.subject(review, "Tenant is asked whether it is mended"), "purpose", "What is done with the answer?"),
    ]
    guests = [(kwame, "manager"), *[(one, "colleague") for one in stage.people("daniyar", "grace", "stefan")]]
    round_ = reviews.open_round(tom, review, "Who tells the tenant?", stage.day(52, "Fri"), questions, guests)
    yield stage.on(53, "Thu 12:10")
    act.answer(
        stage.person("grace"),
        round_,
        ("change", "The planner moves it, the trade knows it, and the tenant hears it from neither."),
        ("change", "I see it on my list in the morning. By then the tenant has stayed at home."),
        ("unsure", "I have never seen the answers."),
    )
    yield stage.on(52, "Mon 10:45")
    act.answer(
        stage.person("daniyar"),
        round_,
        ("change", "I ring if I can. It is not written down that I should."),
        ("keep", "The list is right by seven o'clock."),
        ("change", "Nobody tells us what tenants said."),
    )
    act.answer(
        kwame,
        round_,
        ("keep", "The adviser who took the call should ring back."),
        ("change", "Too late for most."),
        ("keep", "I read them each month."),
    )
    yield stage.on(52, "Tue 16:30")
    reviews.remind(tom, round_)
    yield stage.on(51, "Mon 09:00")
    reviews.close_round(tom, round_)
    act.outcome(
        tom,
        review,
        CALL,
        "combine",
        "Whoever took the call keeps it: telling the tenant becomes part of booking the visit.",
    )
    act.outcome(tom, review, "Tenant is asked whether it is mended", "keep", "Short, cheap, and answered by 22 %.")
    yield stage.on(51, "Tue 11:10")
    told = reviews.raise_finding(tom, review, "judgement", str(judged[0].pk))
    told = act.reword(
        tom,
        told,
        title="Nobody is there to tell the tenant when a visit moves",
        condition="In 23 of 40 jobs the tenant had to ask when somebody would come.",
        effect="Some 60 calls a week, and tenants who stay at home for nothing.",
        cause="Planner, trade and adviser each expect another one to ring.",
    )
    proof = reviews.raise_finding(tom, review, "judgement", str(judged[2].pk))
    proof = act.reword(
        tom,
        proof,
        title="The policy's promise of the same day is kept in one job of three",
        cause="The booking system shows a moved visit the next morning only.",
    )
    praise = reviews.write_finding(
        tom,
        review,
        {
            "title": "Reports are taken well",
            "sort": "strength",
            "condition": "36 of 40 calls ended with a next step that the tenant could repeat.",
        },
    )
    reviews.link_evidence(tom, praise, "note", "", "Notes of 40 calls heard by two people, kept with the review.")
    act.agree_findings(tom, told, proof, praise)
    yield stage.on(50, "Wed 15:20")
    act.note_yields(tom, review, ("47 points for each measure", False), ("3 of 4 answered", False))
    act.conclude(
        tom,
        review,
        {
            "Tenants are satisfied after they called us": ("Read from the chart of the survey answers.", act.NOT_MET),
            "A repair that is closed stays closed": ("Returns of the first year, held against the policy.", act.MET),
            "Tenants hear of every change on the day it is made": ("14 of 40 jobs.", act.NOT_MET),
        },
        "The repairs themselves are sound. What tenants miss is somebody who tells them when plans change.",
    )
    reviews.give_reason(tom, praise, "A strength: told to the team, nothing to change.")
