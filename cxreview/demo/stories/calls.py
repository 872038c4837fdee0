"""A decided review with its actions under way: calls of Billing South wait ever longer (its end: calls_end.py)."""

from __future__ import annotations

from decimal import Decimal

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story
from cxreview.demo.stories import calls_end
from notices import workflow as notices
from reviews import workflow as reviews
from reviews.models import Criterion, Finding, Parameter, Review

TEAM = "Billing South"


def story(stage: Stage) -> Story:
    yield stage.on(18, "Tue 09:10")
    priya, helen = stage.person("priya"), stage.person("helen")
    review = _plan(stage)
    yield stage.on(18, "Wed 10:00")
    told = stage.people("joanne", "carla", "jack")
    briefing = reviews.brief(
        priya,
        review,
        told,
        "Why we look at the wait on the phone",
        "For some months callers have waited longer each month. We want to know what has changed in the work, "
        "not who is slow. From next week on we look at the mornings together. Tell Joanne what gets in your way.",
    )
    reviews.ask_agreement(priya, review)
    yield stage.on(18, "Thu 11:15")
    for one in told:
        notices.read(one, briefing)
    yield stage.on(18, "Fri 16:15")
    reviews.send_back(helen, act.fresh_review(review), "What may it cost? Name a limit, and leave opening hours alone.")
    yield stage.on(17, "Mon 09:20")
    current = act.fresh_review(review)
    reviews.edit_plan(priya, current, current.version, {"spend_limit": None}, {"spend_limit": Decimal(40_000)})
    hours = {"aspect": "Opening hours", "freedom": Parameter.Freedom.FIXED, "detail": "8 to 18, Monday to Friday"}
    reviews.add_item(priya, act.fresh_review(review), Parameter, hours)
    reviews.ask_agreement(priya, act.fresh_review(review))
    yield stage.on(17, "Wed 08:50")
    reviews.agree(helen, act.fresh_review(review))
    reviews.freeze(priya, act.fresh_review(review))
    yield stage.on(16, "Mon 09:00")
    reviews.start(priya, act.fresh_review(review))
    yield stage.on(16, "Thu 13:40")
    limit = Criterion.objects.get(review=review, name__startswith="Four calls")
    reviews.edit_item(
        priya,
        limit,
        limit.version,
        {"source": limit.source},
        {"source": "Customer promise, 2024"},
        reason="The promise was renewed last month; the figure is the same.",
    )
    yield from _work(stage, review)
    findings = list(Finding.objects.filter(review=review).exclude(state="merged").order_by("pk"))
    yield from calls_end.story(stage, act.fresh_review(review), findings)


def _plan(stage: Stage) -> Review:
    return act.begin(
        stage.person("priya"),
        stage,
        cast.ACCOUNTS,
        "Billing questions",
        [
            act.measured(
                stage,
                "Four calls of five are answered within a minute",
                planted.CALLS,
                TEAM,
                "Phone",
                80.0,
                rule=Criterion.Rule.LATEST,
                weight=3,
                why="Who waits longer than a minute rings off or rings angry.",
            ),
            act.measured(
                stage,
                "Callers stay satisfied",
                planted.SATISFIED,
                TEAM,
                "Phone",
                None,
                rule=Criterion.Rule.NO_CONCERN,
                why="A longer wait costs goodwill before it costs calls.",
            ),
            act.by_hand(
                "The rota follows the calls", "Rotas of eight weeks beside calls by the hour", "Workforce guide, 2.3"
            ),
        ],
        [
            ("Call is offered", "Telephone system", None, None),
            ("Caller chooses from the menu", "Caller", 1, 0.10),
            ("Adviser answers", "Advisers", 6, 3.10),
            ("Account is put right", "Advisers", 5, 2.60),
        ],
        [("Opening hours", "Most callers ring before work."), ("One answer, one call", "Nobody likes to ring twice.")],
        signal=act.signal_on(stage, planted.CALLS, TEAM, "Phone"),
        title="Calls that wait at Billing South",
        question="Why do fewer and fewer callers get through within a minute, and what would change that?",
        start_point="A customer dials",
        end_point="The question about the bill is answered",
        first_day=stage.day(44),
        last_day=stage.day(19, "Sun"),
        inside="Calls about bills to Billing South",
        outside="Calls about repairs; the e-mail queue",
        decision_maker=stage.person("helen"),
    )


def _work(stage: Stage, review: Review) -> Story:
    yield stage.on(16, "Fri 10:10")
    priya = stage.person("priya")
    joanne, carla, jack = stage.people("joanne", "carla", "jack")
    waits = act.judge(
        priya,
        review,
        "Adviser answers",
        satisfaction=(
            act.NOT_MET,
            "The share within a minute has fallen by four points in half a year.",
            act.HIGH,
        ),
        cost=(act.MET, "Six minutes a call, as before.", act.HIGH),
        compliance=(act.MET, "All calls recorded as the regulator asks.", act.MEDIUM),
    )[0]
    act.judge(
        priya,
        review,
        "Caller chooses from the menu",
        satisfaction=(act.PARTLY, "Two of five choose a wrong branch and are put through again.", act.MEDIUM),
        cost=(act.PARTLY, "About 40 seconds of an adviser for each wrong choice.", act.LOW),
        compliance=(act.MET, "The menu is offered in English and Welsh.", act.HIGH),
    )
    act.judge(
        priya,
        review,
        "One answer, one call",
        satisfaction=(act.MET, "Few ring twice about the same bill.", act.MEDIUM),
        cost=("not_enough", "Repeat calls are not counted apart.", act.LOW),
    )
    round_ = reviews.open_round(
        priya,
        review,
        "Mornings on the phone",
        stage.day(15, "Fri"),
        [
            (act.subject(review, "Caller chooses from the menu"), "purpose", "What is the menu for?"),
            (act.subject(review, "Adviser answers"), "person", "Who answers between nine and eleven, and why they?"),
            (act.subject(review, "Adviser answers"), "sequence", "When are breaks taken, and why then?"),
        ],
        [(joanne, "manager"), (carla, "colleague"), (jack, "colleague")],
    )
    yield stage.on(15, "Tue 11:30")
    act.answer(
        carla,
        round_,
        ("drop", "Nobody listens to it to the end."),
        ("change", "Two desks have been empty for months."),
        ("change", "All of us go at ten, because the canteen opens at ten."),
    )
    act.answer(
        jack,
        round_,
        ("change", "Four choices would do."),
        ("change", "Whoever is there. It used to be eight of us, now six."),
        ("change", "At ten. The queue is longest at ten."),
    )
    yield stage.on(15, "Thu 15:00")
    act.answer(
        joanne,
        round_,
        ("keep", "It sorts the calls for us."),
        ("change", "Six people; the posts are frozen."),
        ("unsure", "I did not know that all go at ten."),
    )
    yield stage.on(14, "Mon 09:30")
    reviews.close_round(priya, round_)
    act.outcome(
        priya, review, "Caller chooses from the menu", "simplify", "Four choices cover 93 % of what people ring about."
    )
    act.outcome(
        priya, review, "Adviser answers", "rearrange", "Breaks follow the calls: nobody away between nine and eleven."
    )
    yield stage.on(14, "Tue 10:20")
    fewer = act.raise_from_signal(priya, review)
    fewer = act.reword(
        priya,
        fewer,
        title="Two people fewer answer as many calls",
        effect="The share answered within a minute falls by about a point every five weeks.",
        cause="Two advisers left, and their posts are frozen.",
    )
    breaks = reviews.raise_finding(priya, review, "answer", act.answer_of(round_, "sequence", carla))
    breaks = act.reword(
        priya,
        breaks,
        title="Everybody is at break when most people ring",
        effect="At ten o'clock half of all callers wait longer than a minute.",
        cause="Breaks follow the canteen, not the calls.",
    )
    again = reviews.raise_finding(priya, review, "judgement", str(waits.pk))
    reviews.merge_finding(priya, again, fewer)
    act.agree_findings(priya, fewer, breaks)
    yield stage.on(14, "Thu 16:10")
    act.note_yields(priya, review, ("26 points for each measure", False), ("3 of 3 answered", False))
    act.conclude(
        priya,
        review,
        {
            "Four calls of five are answered within a minute": ("It has fallen steadily for months.", act.NOT_MET),
            "Callers stay satisfied": ("Read from the chart of the survey answers.", act.MET),
            "The rota follows the calls": ("Breaks at ten in all eight weeks.", act.NOT_MET),
        },
        "Fewer people answer, and all of them pause when most customers ring. The second can be changed at once.",
    )
