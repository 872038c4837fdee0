"""The end of the review of how tenants hear about their repair: what worked, what did not, what was dropped, what lasted."""

from __future__ import annotations

from decimal import Decimal

from cxreview.demo import acting as act
from cxreview.demo import planted
from cxreview.demo.stage import Stage, Story, work
from improvements.models import Action, Submission
from improvements.workflow import actions, decisions, recommendations, submissions, watching
from metrics.workflow import targets
from processes.models import Step
from reviews import workflow as reviews
from reviews.models import Finding, Review

CALL = "Tenant is told about changes"


def story(stage: Stage, review: Review, findings: list[Finding]) -> Story:
    """From the conclusions to the closing."""
    yield stage.on(49, "Tue 10:30")
    tom, sian = stage.person("tom"), stage.person("sian")
    told, proof = findings[0], findings[1]
    ring = act.recommend(
        tom,
        review,
        [told, proof],
        [
            {
                "name": "Whoever took the call rings back",
                "description": "The adviser who took the report rings the tenant within two working hours of a change.",
                "satisfaction": 2,
                "cost_effect": 0,
                "compliance": 1,
                "one_off": Decimal(1_800),
                "yearly": Decimal(2_400),
                "hours": Decimal(60),
                "weeks": 10,
                "risk": "On busy mornings the promise is missed; the team lead sees it the same day.",
            },
            {
                "name": "A desk that rings for everybody",
                "description": "Two people ring all tenants whose visit moves.",
                "satisfaction": 1,
                "cost_effect": -2,
                "yearly": Decimal(54_000),
                "weeks": 16,
                "touches": ["Staffing"],
                "outside_reason": "Shown for comparison only.",
            },
        ],
        title="Let the adviser who took the report ring the tenant back within two working hours of a change",
        ask="Make ringing back a part of booking a visit, in Repairs East first.",
        benefit="Fewer second calls, and tenants who know when to be at home.",
        waiting="About 60 calls a week go on asking when somebody comes.",
        by_day=stage.day(46, "Fri"),
    )
    act.nothing_costs(tom, ring, description="Tenants go on ringing to ask.", satisfaction=-1, yearly=Decimal(9_500))
    paper = submissions.put_forward(tom, ring)
    text = act.recommend(
        tom,
        review,
        [told],
        [
            {
                "name": "Text in the morning",
                "description": "The booking system sends a text at seven with the window of the visit.",
                "satisfaction": 1,
                "one_off": Decimal(3_100),
                "yearly": Decimal(900),
                "weeks": 6,
                "touches": ["Systems"],
                "risk": "Tenants without a mobile gain nothing.",
            }
        ],
        title="Send a text on the morning of the visit",
        ask="Let the booking system send a text at seven, in Repairs West first.",
        benefit="Fewer visits to a closed door.",
        waiting="One visit in twelve finds nobody at home.",
        by_day=stage.day(46, "Fri"),
    )
    texts = submissions.put_forward(tom, text)
    yield stage.on(48, "Thu 14:05")
    decisions.decide(
        sian, paper, "send_back", "What does it cost the advisers in minutes a day? Without that I cannot weigh it."
    )
    decisions.decide(
        sian,
        texts,
        "approve_conditions",
        "Cheap, and tenants ask for it.",
        conditions="Tenants can say no to texts, and the data protection officer has seen the wording.",
    )
    yield stage.on(47, "Mon 16:20")
    ring.refresh_from_db()
    more = "Ringing back takes each adviser about 20 minutes a day; about as many minutes of second calls fall away."
    recommendations.edit(tom, ring, ring.version, {"benefit": ring.benefit}, {"benefit": f"{ring.benefit} {more}"})
    paper = submissions.put_forward(tom, ring)
    yield stage.on(46, "Wed 09:50")
    decisions.decide(sian, paper, "approve", "The sum is clear now, and the promise is ours to keep.")
    yield from _act(stage, review, paper, texts, [told, proof])


def _act(stage: Stage, review: Review, paper: Submission, texts: Submission, findings: list[Finding]) -> Story:
    yield stage.on(45, "Tue 10:00")
    tom, sian = stage.person("tom"), stage.person("sian")
    step = act.subject(review, CALL).step
    calls = act.propose(
        tom,
        paper.recommendation,
        findings,
        kind=Action.Kind.STEP,
        what="Ring the tenant back within two working hours of a moved visit",
        step=step,
        unit=stage.unit("Repairs East"),
        owner=stage.person("kwame"),
        series=stage.series(planted.SATISFIED, "Repairs East", "Phone"),
        target=88.0,
        due_on=stage.day(14, "Fri"),
        hours=Decimal(60),
        verifier=stage.person("ewa"),
        needed_points=8,
        check_on=stage.day(4, "Wed"),
    )
    mornings = act.propose(
        tom,
        texts.recommendation,
        findings[:1],
        kind=Action.Kind.STEP,
        what="Send a text at seven on the day of the visit",
        step=step,
        unit=stage.unit("Repairs West"),
        owner=stage.person("lena"),
        series=stage.series(planted.SATISFIED, "Repairs West", "Phone"),
        target=87.0,
        due_on=stage.day(24, "Fri"),
        hours=Decimal(25),
        verifier=stage.person("priya"),
        needed_points=8,
        check_on=stage.day(13, "Wed"),
    )
    saturday = act.propose(
        tom,
        paper.recommendation,
        findings[:1],
        kind=Action.Kind.RESOURCE,
        what="Put a second caller on the Saturday desk from 8 to 12",
        step=step,
        unit=stage.unit("Repairs East"),
        owner=stage.person("kwame"),
        series=stage.series(planted.SATISFIED, "Repairs East", "Phone"),
        target=86.0,
        due_on=stage.day(30, "Fri"),
        verifier=stage.person("ewa"),
        needed_points=8,
        check_on=stage.day(20, "Wed"),
    )
    besides = _besides(stage, paper, step, findings)
    yield stage.on(45, "Thu 15:30")
    for one in (calls, mornings, saturday, *besides):
        actions.approve(sian, one)
    yield from _carry_out(stage, [calls, *besides], mornings, saturday)
    yield from _read(stage, review, calls, *besides)


def _besides(stage: Stage, paper: Submission, step: Step | None, findings: list[Finding]) -> list[Action]:
    """Two smaller actions beside the call: one will last, one will not."""
    common = {
        "step": step,
        "unit": stage.unit("Repairs East"),
        "series": stage.series(planted.SATISFIED, "Repairs East", "Phone"),
        "target": 88.0,
        "due_on": stage.day(14, "Fri"),
        "verifier": stage.person("ewa"),
        "needed_points": 8,
        "check_on": stage.day(5, "Wed"),
    }
    tom = stage.person("tom")
    screen = act.propose(
        tom,
        paper.recommendation,
        findings,
        kind=Action.Kind.STEP,
        what="Show moved visits in red on the booking screen",
        owner=stage.person("kwame"),
        hours=Decimal(12),
        **common,
    )
    fridays = act.propose(
        tom,
        paper.recommendation,
        findings[:1],
        kind=Action.Kind.STEP,
        what="Ring on Friday the tenants whose visit is on Monday",
        owner=stage.person("grace"),
        hours=Decimal(20),
        **common,
    )
    return [screen, fridays]


def _carry_out(stage: Stage, east: list[Action], mornings: Action, saturday: Action) -> Story:
    lena = stage.person("lena")
    proofs = (
        "Since this morning the booking screen asks for the call; the team's list of the first day has 31 calls.",
        "A picture of the screen, and the note to the team of this morning.",
        "The list of last Friday: 14 tenants, 11 reached.",
    )
    yield stage.on(44, "Mon 08:40")
    actions.start(lena, mornings)
    yield stage.on(40, "Wed 17:05")
    why = "Saturday calls fell by a third when the web form came: one caller is enough."
    actions.cancel(stage.person("tom"), saturday, why)
    yield stage.on(25, "Thu 16:00")
    sent = "The booking system sends it since this morning; 112 texts on the first day, log kept with the job."
    actions.finish(lena, mornings, sent)
    yield stage.on(17, "Mon 09:30")
    for one in east:
        actions.start(one.owner, one)
    # The week in which the planted shift of satisfaction begins.
    yield stage.on(15, "Mon 16:30")
    for one, proof in zip(east, proofs, strict=True):
        actions.finish(one.owner, one, proof)
    yield stage.on(13, "Wed 11:15")
    act.verify(stage, "priya", mornings, "Tenants like the text; it does not answer their question.")


def _read(stage: Stage, review: Review, calls: Action, screen: Action, fridays: Action) -> Story:
    yield stage.on(5, "Wed 10:20")
    for one in (screen, fridays):
        act.verify(stage, "ewa", one, "The step came in that week and has held since.")
    yield stage.on(4, "Wed 10:20")
    act.verify(stage, "ewa", calls, "The step came in the week of the first calls and has held since.")
    yield stage.on(3, "Tue 14:10")
    tom = stage.person("tom")
    targets.set_target(
        tom,
        stage.metric(planted.SATISFIED),
        stage.unit("Repairs East"),
        90.0,
        stage.day(2),
        "Calling back has lifted the level, and it has held; the promise follows it.",
        source="Review of how tenants are kept informed",
        agreed_with="Kwame Boateng",
    )
    work()
    yield stage.on(3, "Thu 16:00")
    reviews.close(tom, act.fresh_review(review), "The call-back stays. So does the text: it is cheap and liked.")
    yield stage.on(1, "Wed 11:40")
    ewa = stage.person("ewa")
    watching.watch(ewa, act.fresh_action(screen), "sustained", "The screen still shows it, and the level is held.")
    gone = "Nobody has rung on a Friday since the new rota; what holds the level is the other call."
    watching.watch(ewa, act.fresh_action(fridays), "lapsed", gone)
