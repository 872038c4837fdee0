"""The end of the review of waiting calls: every kind of decision, and actions in every state of being carried out."""

from __future__ import annotations

from decimal import Decimal
from typing import Any

from cxreview.demo import acting as act
from cxreview.demo import planted
from cxreview.demo.stage import Stage, Story
from improvements.models import Action, Submission
from improvements.workflow import actions, decisions, submissions
from reviews.models import Finding, Review

TEAM = "Billing South"


def story(stage: Stage, review: Review, findings: list[Finding]) -> Story:
    """From the conclusions to what is being done about them."""
    yield stage.on(13, "Mon 10:00")
    papers = _papers(stage, review, findings)
    yield stage.on(12, "Wed 10:40")
    helen = stage.person("helen")
    decisions.decide(helen, papers["breaks"], "approve", "It costs nothing, and the figures are plain.")
    decisions.decide(
        helen,
        papers["callback"],
        "approve_trial",
        "Worth trying on one team. I want to see whether people take the offer.",
        until_day=stage.day(-6, "Fri"),
    )
    decisions.decide(
        helen,
        papers["overflow"],
        "approve_conditions",
        "As a bridge until the posts are filled.",
        conditions="It ends after three months, and calls are recorded as ours are.",
    )
    decisions.decide(helen, papers["music"], "approve", "It is quickly done, and callers ask for it.")
    decisions.decide(helen, papers["lunch"], "reject", "It moves the wait to the afternoon and breaks our hours.")
    decisions.decide(
        helen,
        papers["posts"],
        "defer",
        "The budget is set next month; bring it then.",
        until_day=stage.day(2, "Fri"),
    )
    decisions.decide(
        helen,
        papers["menu"],
        "defer",
        "The telephone contract is renewed in three months; a new menu belongs into that.",
        until_day=stage.day(-12, "Fri"),
    )
    yield from _act(stage, papers, findings)


def again(paper: Submission) -> Submission:
    return Submission.objects.get(pk=paper.pk)


def _papers(stage: Stage, review: Review, findings: list[Finding]) -> dict[str, Submission]:
    fewer, breaks = findings
    by = {"by_day": stage.day(12, "Fri")}
    plans: dict[str, tuple[list[Finding], dict[str, Any], dict[str, Any]]] = {
        "breaks": (
            [breaks],
            {"name": "Breaks before nine and after eleven", "satisfaction": 1, "hours": Decimal(6), "weeks": 2},
            {
                "title": "Take breaks when few people ring",
                "ask": "Let the team plan breaks outside nine to eleven.",
                "benefit": "Two more people on the phone in the two busiest hours.",
                "waiting": "At ten o'clock every second caller waits.",
            },
        ),
        "callback": (
            [fewer],
            {
                "name": "Offer to ring back",
                "description": "A caller who would wait longer than two minutes is offered a call back.",
                "satisfaction": 1,
                "one_off": Decimal(4_200),
                "yearly": Decimal(1_100),
                "weeks": 6,
                "touches": ["Systems"],
            },
            {
                "title": "Offer callers who would wait to be rung back",
                "ask": "Switch on the call-back of the telephone system for Billing South.",
                "benefit": "Nobody waits in a queue against their will.",
                "waiting": "One caller in nine rings off.",
            },
        ),
        "overflow": (
            [fewer],
            {
                "name": "Moving Home helps out",
                "description": "Calls that wait longer than three minutes go to Moving Home.",
                "satisfaction": 1,
                "cost_effect": -1,
                "yearly": Decimal(2_900),
                "weeks": 1,
            },
            {
                "title": "Let Moving Home take calls that wait longest",
                "ask": "Route calls that wait longer than three minutes to Moving Home.",
                "benefit": "The longest waits end.",
                "waiting": "Some 30 callers a week wait longer than five minutes.",
            },
        ),
        "music": (
            [fewer],
            {
                "name": "Place in the queue",
                "satisfaction": 1,
                "one_off": Decimal(1_900),
                "weeks": 4,
                "touches": ["Systems"],
            },
            {
                "title": "Tell callers their place in the queue",
                "ask": "Buy the announcement from the maker of the telephone system.",
                "benefit": "Callers can choose to wait or to ring later.",
                "waiting": "Callers ring off without knowing that they were next.",
            },
        ),
        "lunch": (
            [fewer],
            {
                "name": "Close from twelve to one",
                "satisfaction": -1,
                "cost_effect": 1,
                "weeks": 2,
                "touches": ["Opening hours"],
                "outside_reason": "Opening hours are fixed; the team asked that it be put before you all the same.",
            },
            {
                "title": "Close the phones for an hour at noon",
                "ask": "Allow Billing South to close from twelve to one.",
                "benefit": "All breaks fall into one hour.",
                "waiting": "Breaks go on to thin out the morning.",
            },
        ),
        "posts": (
            [fewer],
            {
                "name": "Fill both posts",
                "satisfaction": 2,
                "cost_effect": -1,
                "one_off": Decimal(3_500),
                "yearly": Decimal(56_000),
                "weeks": 14,
                "touches": ["Staffing"],
                "outside_reason": "Beyond the spend limit: nothing else gives the hours back.",
            },
            {
                "title": "Fill the two posts that have stood empty for months",
                "ask": "Release both posts.",
                "benefit": "As many people as calls again.",
                "waiting": "The share answered in a minute falls by a point every five weeks.",
            },
        ),
        "menu": (
            [fewer],
            {"name": "Four choices", "satisfaction": 1, "one_off": Decimal(2_600), "weeks": 5, "touches": ["Systems"]},
            {
                "title": "Cut the menu to four choices",
                "ask": "Have the menu recorded anew.",
                "benefit": "Fewer callers in the wrong place.",
                "waiting": "Two callers of five are put through twice.",
            },
        ),
    }
    priya = stage.person("priya")
    return {
        key: submissions.put_forward(priya, act.recommend(priya, review, found, [option], **words, **by))
        for key, (found, option, words) in plans.items()
    }


def _act(stage: Stage, papers: dict[str, Submission], findings: list[Finding]) -> Story:
    yield stage.on(11, "Tue 09:30")
    priya, joanne, dilys, helen = stage.people("priya", "joanne", "dilys", "helen")
    review = papers["breaks"].recommendation.review
    common = {
        "step": act.subject(review, "Adviser answers").step,
        "series": stage.series(planted.CALLS, TEAM, "Phone"),
        "verifier": stage.person("tom"),
        "needed_points": 8,
    }
    later = {"due_on": stage.day(-4, "Fri"), "check_on": stage.day(-14, "Wed")}
    breaks = act.propose(
        priya,
        papers["breaks"].recommendation,
        findings[1:],
        kind=Action.Kind.STEP,
        what="Plan breaks outside nine to eleven, with the rota shown a week ahead",
        unit=stage.unit(TEAM),
        owner=joanne,
        target=80.0,
        due_on=stage.day(4, "Fri"),
        check_on=stage.day(-5, "Wed"),
        hours=Decimal(6),
        **common,
    )
    callback = act.propose(
        priya,
        papers["callback"].recommendation,
        findings[:1],
        kind=Action.Kind.RESOURCE,
        what="Switch on call-back for callers who would wait longer than two minutes",
        unit=stage.unit(TEAM),
        owner=joanne,
        target=81.0,
        hours=Decimal(30),
        **common,
        **later,
    )
    overflow = act.propose(
        priya,
        papers["overflow"].recommendation,
        findings[:1],
        kind=Action.Kind.TRAIN,
        what="Train four people of Moving Home to answer the ten commonest questions about bills",
        unit=stage.unit("Moving Home"),
        owner=dilys,
        target=79.5,
        hours=Decimal(48),
        **common,
        **later,
    )
    yield stage.on(11, "Wed 16:20")
    for one in (breaks, callback, overflow):
        actions.approve(helen, one)
    yield stage.on(9, "Mon 08:45")
    actions.start(joanne, breaks)
    yield stage.on(6, "Wed 17:00")
    proof = "Rotas of the last three weeks: nobody at break between nine and eleven on fourteen days of fifteen."
    actions.finish(joanne, breaks, proof)
    yield stage.on(5, "Mon 09:15")
    actions.start(joanne, callback)
    gone = "The maker has taken the announcement off its list; what was approved cannot be bought any more."
    decisions.revoke(helen, again(papers["music"]), gone)
    yield stage.on(2, "Tue 15:30")
    act.verify(stage, "tom", breaks, "")
    yield stage.on(1, "Mon 00:20")
    decisions.expire()
    yield stage.on(1, "Wed 14:10")
    act.propose(
        priya,
        papers["callback"].recommendation,
        findings[:1],
        kind=Action.Kind.BRIEF,
        what="Tell callers in the waiting message how long the wait is, to the minute",
        unit=stage.unit(TEAM),
        owner=joanne,
        target=80.5,
        **common,
        **later,
    )
