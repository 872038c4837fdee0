"""Reviews that are not under way: one agreed, two planned, one given up."""

from __future__ import annotations

from decimal import Decimal

from cxreview.demo import acting as act
from cxreview.demo import cast, planted
from cxreview.demo.stage import Stage, Story
from reviews import workflow as reviews
from reviews.models import Criterion


def website(stage: Stage) -> Story:
    """Given up: the thing under review went away."""
    yield stage.on(34, "Tue 13:00")
    priya = stage.person("priya")
    review = act.begin(
        priya,
        stage,
        cast.ACCOUNTS,
        "Contact form of the old website",
        [act.by_hand("A form is answered by who can help", "50 forms read", "Customer promise, 2023")],
        [("Form is sent", "Customer", 3, None), ("Form is printed and carried over", "Post room", 6, 2.20)],
        title="The contact form of the old website",
        question="Why do forms from the website take a day longer than e-mails?",
        start_point="A customer sends the form",
        end_point="Somebody answers",
        first_day=stage.day(60),
        last_day=stage.day(35, "Sun"),
        decision_maker=stage.person("rashid"),
    )
    yield stage.on(30, "Thu 10:00")
    reviews.cancel(priya, review, "The old website goes in a month, and its form with it.")


def chat(stage: Stage) -> Story:
    """Agreed, to be frozen next."""
    yield stage.on(3, "Tue 10:00")
    priya, rashid = stage.person("priya"), stage.person("rashid")
    review = act.begin(
        priya,
        stage,
        cast.ACCOUNTS,
        "Billing questions on the chat",
        [
            act.measured(
                stage,
                "Chats get a first reply in time",
                planted.FIRST_REPLY,
                "Billing South",
                "Chat",
                86.0,
                rule=Criterion.Rule.ASSURANCE,
            ),
            act.by_hand("One adviser, one customer", "40 chats read", "Charter 2024"),
        ],
        [("Chat is opened", "Customer", 1, None), ("Chat is answered", "Advisers", 9, 4.60)],
        [("Several chats at once", "Quick for us, slow for the customer.")],
        title="Three chats at once",
        question="How many chats can one adviser hold at once before customers notice?",
        start_point="A customer opens the chat",
        end_point="The chat is closed",
        first_day=stage.day(30),
        last_day=stage.day(4, "Sun"),
        spend_limit=Decimal(3_000),
        decision_maker=rashid,
    )
    yield stage.on(2, "Mon 09:00")
    reviews.ask_agreement(priya, review)
    yield stage.on(2, "Wed 16:30")
    reviews.agree(rashid, act.fresh_review(review))


def tariffs(stage: Stage) -> Story:
    """Planned, and the decision-maker is asked to agree."""
    yield stage.on(1, "Mon 14:20")
    priya = stage.person("priya")
    review = act.begin(
        priya,
        stage,
        cast.ACCOUNTS,
        "Welcome letters",
        [
            act.measured(
                stage,
                "Complaints stay rare",
                planted.COMPLAINTS,
                "Moving Home",
                "Phone",
                None,
                rule=Criterion.Rule.NO_CONCERN,
                why="A week of wrong letters costs months of trust.",
            ),
            act.by_hand("A letter is checked before it is printed", "Ten print runs followed", "Print room rules"),
        ],
        [("Tariff is chosen", "Advisers", 3, 1.50), ("Letter is printed", "Print room", 1, 0.95)],
        signal=act.signal_on(stage, planted.COMPLAINTS, "Moving Home", "Phone"),
        title="Welcome letters with the wrong tariff",
        question="How could a week of letters with the wrong tariff leave the house unseen?",
        start_point="An account is opened",
        end_point="The customer holds the right letter",
        first_day=stage.day(14),
        last_day=stage.day(2, "Sun"),
        decision_maker=stage.person("rashid"),
    )
    yield stage.on(1, "Thu 10:40")
    reviews.ask_agreement(priya, review)


def saturdays(stage: Stage) -> Story:
    """Planned, and sent back with a question."""
    yield stage.on(2, "Tue 15:45")
    tom, sian = stage.person("tom"), stage.person("sian")
    review = act.begin(
        tom,
        stage,
        cast.REPAIRS,
        "Visits on Saturdays",
        [act.by_hand("Tenants at work can be at home", "Survey of 100 tenants", "Charter 2024")],
        title="Repairs on Saturdays",
        question="Would visits on Saturdays spare tenants a day's leave?",
        start_point="A tenant asks for a visit",
        end_point="The visit is made",
        first_day=stage.day(26),
        last_day=stage.day(3, "Sun"),
        decision_maker=sian,
    )
    yield stage.on(2, "Wed 09:00")
    reviews.ask_agreement(tom, review)
    yield stage.on(1, "Tue 09:25")
    reviews.send_back(sian, act.fresh_review(review), "What do the trades say? I would like to see their steps in it.")
