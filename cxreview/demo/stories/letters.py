"""A frozen review that is about to start: what new customers are sent in their first month."""

from __future__ import annotations

from decimal import Decimal

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story
from reviews import workflow as reviews
from reviews.models import Criterion


def story(stage: Stage) -> Story:
    yield stage.on(4, "Mon 11:00")
    ewa, helen = stage.person("ewa"), stage.person("helen")
    review = act.begin(
        ewa,
        stage,
        cast.ACCOUNTS,
        "Moving in and out",
        [
            act.measured(
                stage,
                "New customers rarely complain",
                planted.COMPLAINTS,
                "Moving Home",
                "Phone",
                14.0,
                why="The first month decides how the next ten years begin.",
            ),
            act.measured(
                stage,
                "New customers are satisfied",
                planted.SATISFIED,
                "Moving Home",
                "E-mail",
                None,
                rule=Criterion.Rule.NO_CONCERN,
            ),
            act.by_hand("One letter says all", "Letters of 20 new customers, counted", "Plain words guide"),
        ],
        [
            ("Move is announced", "Customer", 5, None),
            ("Account is opened", "Advisers", 11, 5.60),
            ("Welcome letter is sent", "Print room", 1, 0.95),
            ("First bill is sent", "Billing desk", 1, 0.95),
        ],
        [("Welcome letter", "The first thing that anybody reads from us.")],
        title="The first month of a new customer",
        question="What do new customers get from us in their first month, and what do they make of it?",
        start_point="A customer tells us of a move",
        end_point="The first bill is paid",
        first_day=stage.day(56),
        last_day=stage.day(5, "Sun"),
        inside="Moves within our area",
        outside="Moves between our homes",
        spend_limit=Decimal(15_000),
        decision_maker=helen,
    )
    yield stage.on(3, "Mon 10:20")
    reviews.brief(
        ewa,
        review,
        stage.people("dilys", "minjun", "beth"),
        "Why we look at the first month",
        "From next week on we follow twenty new customers through their first month: letters, not people.",
    )
    reviews.ask_agreement(ewa, act.fresh_review(review))
    yield stage.on(3, "Thu 17:10")
    reviews.agree(helen, act.fresh_review(review))
    yield stage.on(1, "Mon 11:30")
    reviews.freeze(ewa, act.fresh_review(review))
