"""Ready definitions of the indicators that the sources name: a start to agree on, not a rule.

The codes (IC7, QS10 …) are those of docs and tests: Unit on internal customers 6.1 (IC7), Standards of customer service
quality (QS1 to QS12), Review the quality of customer service (RQ1). The wording is ours.
"""

from __future__ import annotations

from dataclasses import dataclass
from typing import Any

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _

from metrics.models import Metric

Words = str | Promise
PROPORTION, COUNT, RATE, DURATION, SCORE = (
    Metric.Kind.PROPORTION, Metric.Kind.COUNT, Metric.Kind.RATE, Metric.Kind.DURATION, Metric.Kind.SCORE,
)  # fmt: skip
HIGHER, LOWER, NEITHER = Metric.Direction.HIGHER, Metric.Direction.LOWER, Metric.Direction.NEITHER
WEEK, MONTH = Metric.Period.WEEK, Metric.Period.MONTH


@dataclass(frozen=True)
class Ready:
    """One indicator: the fields of a metric, its definition, and which period suits it. ``named_by``: who names it."""

    code: str
    group: Words
    name: Words
    named_by: tuple[str, ...]
    kind: str
    direction: int
    period: str
    measure: Words
    numerator: Words
    denominator: Words
    definition: Words
    advice: Words

    @property
    def better(self) -> Words:
        """Which way is better, in words."""
        return Metric.Direction(self.direction).label

    @property
    def scale(self) -> float:
        """A share is told in per cent, a rate per thousand."""
        return {PROPORTION: 100.0, RATE: 1000.0}.get(self.kind, 1.0)  # type: ignore[call-overload, no-any-return]

    @property
    def initial(self) -> dict[str, Any]:
        """What the form of a new metric is filled with."""
        words = {
            name: str(getattr(self, name)) for name in ("name", "measure", "numerator", "denominator", "definition")
        }
        kept = {"code": self.code, "kind": self.kind, "direction": self.direction, "period": self.period}
        return {**words, **kept, "scale": self.scale, "sums": True}


SPEED, SOLVING, VOICE = _("Speed"), _("Solving and complaints"), _("What customers say")
STAYING, STANDARD, WORK = _("Customers and sales"), _("Standards and quality"), _("Workload and improvement")
PERCENT, PER_THOUSAND = _("%"), _("per 1,000")
WEEKLY = _("By week, if at least some thirty contacts stand behind each point; otherwise by month.")
MONTHLY = _("By month: there are few in a week.")
SURVEYED = _("By month, unless more than a hundred answers come in each week: with thirty answers the figure may be off "
             "by a fifth of the scale.")  # fmt: skip
LIMIT = _("Write the agreed limit, and whether it runs in working hours, into the definition.")


def _answered(code: str, channel: Words, numerator: Words, denominator: Words) -> Ready:
    return Ready(
        code, SPEED, channel, ("QS1", "IC7"), PROPORTION, HIGHER, WEEK, PERCENT, numerator, denominator,
        _("Contacts of this channel that had their first answer from a person within the agreed time, of all that came "
          "in during the period. An automatic receipt is no answer. Contacts that were given up count as not answered."),
        LIMIT,
    )  # fmt: skip


READY: tuple[Ready, ...] = (
    Ready(
        "time-to-answer-calls", SPEED, _("Time to answer a call"), ("QS10", "QS1", "IC7"), DURATION, LOWER, WEEK,
        "s", _("seconds that answered callers waited, added up"), _("calls answered"),
        _("Seconds from the moment a caller joins the queue until a person answers, on average over the calls answered "
          "in the period. Calls that were given up are counted apart."), WEEKLY,
    ),
    _answered("calls-in-time", _("Calls answered in time"), _("calls answered within the limit"), _("all calls")),
    _answered("emails-in-time", _("E-mails answered in time"), _("e-mails answered within the limit"), _("all e-mails")),
    _answered(
        "social-media-in-time", _("Social media messages answered in time"), _("messages answered within the limit"),
        _("all messages that ask for an answer"),
    ),
    _answered(
        "other-contacts-in-time", _("Contacts by other channels answered in time"),
        _("contacts answered within the limit"), _("all contacts of chat, letters and visits"),
    ),
    _answered(
        "enquiries-in-time", _("Enquiries of colleagues answered in time"), _("enquiries answered within the limit"),
        _("all enquiries of internal customers"),
    ),
    Ready(
        "handling-time", SPEED, _("Time from request to solution"), ("QS1",), DURATION, LOWER, WEEK, "h",
        _("hours from receipt to solution, added up"), _("requests solved"),
        _("Hours from receipt until the customer has the solution, over the requests solved in the period. Time in "
          "which we wait for the customer counts, too, because the customer waits as well."), WEEKLY,
    ),
    Ready(
        "solved-first-contact", SOLVING, _("Solved at the first contact"), ("QS3", "QS4"), PROPORTION, HIGHER, WEEK,
        PERCENT, _("contacts with no further contact about the same matter within 7 days"), _("all contacts"),
        _("A contact is solved at once if the customer does not come back about the same matter within seven days, by "
          "any channel."), WEEKLY,
    ),
    Ready(
        "complaints-received", SOLVING, _("Complaints received"), ("IC7", "IC6"), RATE, LOWER, WEEK, PER_THOUSAND,
        _("complaints received"), _("contacts"),
        _("Expressions of dissatisfaction that ask for an answer, by any channel, in the period in which they came in, "
          "per 1,000 contacts. A service request is no complaint. More complaints can also mean that complaining became "
          "easier."), WEEKLY,
    ),
    Ready(
        "complaints-solved", SOLVING, _("Complaints solved"), ("IC7", "QS3"), PROPORTION, HIGHER, MONTH, PERCENT,
        _("complaints solved"), _("complaints closed"),
        _("Complaints whose outcome the customer accepted, of all complaints closed in the period."), MONTHLY,
    ),
    Ready(
        "complaints-in-time", SOLVING, _("Complaints answered in time"), ("IC6", "QS3"), PROPORTION, HIGHER, MONTH,
        PERCENT, _("complaints answered within the agreed time"), _("all complaints due in the period"),
        _("Complaints with a full answer within the time that the complaints procedure promises, of all that were due."),
        LIMIT,
    ),
    Ready(
        "problems-returned", SOLVING, _("Problems that return"), ("IC5",), PROPORTION, LOWER, MONTH, PERCENT,
        _("problems of the same kind from the same customer within 90 days"), _("problems solved"),
        _("Solved problems that the same customer had again within 90 days, counted in the period of the first."),
        MONTHLY,
    ),
    Ready(
        "satisfaction", VOICE, _("Satisfied customers (CSAT)"), ("QS10", "IC7"), PROPORTION, HIGHER, MONTH, PERCENT,
        _("answers of 4 or 5"), _("all answers"),
        _("Answers of 4 or 5 to “How satisfied were you with …?” on a scale of 1 to 5, of all answers. Keep the "
          "question, the scale and the moment at which it is asked."), SURVEYED,
    ),
    Ready(
        "loyalty", VOICE, _("Would recommend us (NPS)"), ("RQ1", "IC7"), SCORE, HIGHER, MONTH, _("points"),
        _("100 times promoters (9 or 10) less detractors (0 to 6)"), _("all answers"),
        _("“How likely are you to recommend us?” from 0 to 10: share of 9 and 10 less share of 0 to 6, times 100."),
        SURVEYED,
    ),
    Ready(
        "effort", VOICE, _("Ease of getting help (CES)"), ("IC7",), SCORE, HIGHER, MONTH, _("of 7"),
        _("answers added up"), _("all answers"),
        _("“It was easy to get what I needed”, from 1 (not at all) to 7 (fully), on average."), SURVEYED,
    ),
    Ready(
        "survey-response", VOICE, _("Survey response rate"), ("IC7",), PROPORTION, HIGHER, MONTH, PERCENT,
        _("surveys answered"), _("surveys sent"),
        _("Surveys answered of those sent in the period. Where it falls, those who still answer may differ from the "
          "rest."), MONTHLY,
    ),
    Ready(
        "perception", VOICE, _("Customers who find us reliable"), ("IC7", "QS4"), PROPORTION, HIGHER, MONTH, PERCENT,
        _("answers that agree"), _("all answers"),
        _("“I can rely on this organisation”: answers that agree or agree strongly, of all answers of customers, "
          "whether or not they had a contact."), SURVEYED,
    ),
    Ready(
        "public-reviews", VOICE, _("Favourable public reviews"), ("QS12",), PROPORTION, HIGHER, MONTH, PERCENT,
        _("reviews of 4 or 5 stars"), _("all reviews"),
        _("Reviews on public sites of 4 or 5 stars, of all that appeared in the period. Those who review are not all "
          "customers: read it beside the survey."), MONTHLY,
    ),
    Ready(
        "customers-kept", STAYING, _("Customers kept"), ("IC7", "RQ1"), PROPORTION, HIGHER, MONTH, PERCENT,
        _("customers of the period before who are still customers"), _("customers of the period before"),
        _("Customers at the beginning of the period who are still customers at its end, of those at the beginning."),
        MONTHLY,
    ),
    Ready(
        "customers-lost", STAYING, _("Customers lost"), ("IC7",), COUNT, LOWER, MONTH, _("customers"),
        _("customers who left"), "",
        _("Customers who ended the relationship in the period, with the reason they gave. Deaths and closures apart."),
        MONTHLY,
    ),
    Ready(
        "came-by-recommendation", STAYING, _("New customers who came by recommendation"), ("IC7",), PROPORTION, HIGHER,
        MONTH, PERCENT, _("new customers who name a recommendation"), _("new customers asked"),
        _("“How did you hear about us?”: answers that name somebody’s recommendation, of all new customers asked."),
        MONTHLY,
    ),
    Ready(
        "chose-for-service", STAYING, _("New customers who chose us for the service"), ("IC7",), PROPORTION, HIGHER,
        MONTH, PERCENT, _("new customers who name the service as a reason"), _("new customers asked"),
        _("“Why do you want to work with us?”: answers that name the service, of all new customers asked."), MONTHLY,
    ),
    Ready(
        "sales", STAYING, _("Sales"), ("IC7",), COUNT, HIGHER, MONTH, _("orders"), _("orders accepted"), "",
        _("Orders accepted in the period. For money, use your currency as the unit and add up the values."), MONTHLY,
    ),
    Ready(
        "accounts", STAYING, _("Active accounts"), ("IC7",), COUNT, HIGHER, MONTH, _("accounts"),
        _("accounts used in the period"), "",
        _("Accounts with at least one order, login or contact in the period."), MONTHLY,
    ),
    Ready(
        "standards-met", STANDARD, _("Checks that met the service standard"), ("IC7", "QS4"), PROPORTION, HIGHER,
        MONTH, PERCENT, _("checks that met the standard"), _("all checks"),
        _("Promises of the service standard that were kept, of all that were checked in the period, from records, not "
          "from opinion."), MONTHLY,
    ),
    Ready(
        "delivered-in-time", STANDARD, _("Delivered when promised"), ("IC7",), PROPORTION, HIGHER, WEEK, PERCENT,
        _("services or products delivered by the date first promised"), _("all deliveries due"),
        _("Delivered by the date that the customer was first told, of all due in the period. A new date agreed later "
          "does not mend a missed one."), WEEKLY,
    ),
    Ready(
        "delivered-right", STANDARD, _("Delivered right the first time"), ("IC7", "QS4"), PROPORTION, HIGHER, WEEK,
        PERCENT, _("deliveries without correction"), _("all deliveries"),
        _("Services or products delivered without a correction within 30 days, of all delivered in the period."),
        WEEKLY,
    ),
    Ready(
        "quality-score", STANDARD, _("Quality-monitoring score"), ("QS2", "IC7"), SCORE, HIGHER, MONTH, _("points"),
        _("points of all evaluations, added up"), _("evaluations"),
        _("Mean score of the contacts that were evaluated with one scorecard in the period. Change the scorecard and "
          "you begin a new metric."),
        _("By month: a team seldom has more than a handful of evaluations in a week."),
    ),
    Ready(
        "mystery-visits", STANDARD, _("Mystery visits that met the standard"), ("QS9",), PROPORTION, HIGHER, MONTH,
        PERCENT, _("points of visits that met the standard"), _("all points checked"),
        _("Points of the visit plan that met the standard, of all points checked in the period."), MONTHLY,
    ),
    Ready(
        "staff-ratings", STANDARD, _("Customers’ rating of those who helped them"), ("QS12",), SCORE, HIGHER, MONTH,
        _("of 5"), _("ratings added up"), _("ratings"),
        _("“How well did the person help you?” from 1 to 5, on average over a team. Not for comparing single people: "
          "the numbers behind each are too small."), SURVEYED,
    ),
    Ready(
        "trained", STANDARD, _("Colleagues whose training is up to date"), ("QS5", "QS7"), PROPORTION, HIGHER, MONTH,
        PERCENT, _("colleagues with all training of their role"), _("all colleagues"),
        _("Colleagues who have completed the training that their role needs, and in time, of all in the team."), MONTHLY,
    ),
    Ready(
        "awards", STANDARD, _("Awards and nominations"), ("IC7",), COUNT, HIGHER, MONTH, _("awards"),
        _("awards received and nominations"), "",
        _("Awards received and nominations made known in the period, from customers or colleagues, inside or outside."),
        _("By month, and read over a year: they are rare, and zero in a month says nothing."),
    ),
    Ready(
        "improvement-requests", WORK, _("Requests for improvement"), ("IC7", "QS3"), COUNT, NEITHER, MONTH,
        _("requests"), _("requests received"), "",
        _("Suggestions and requests to make a service better, from customers and colleagues. More can be a sign of trust "
          "as well as of need."), MONTHLY,
    ),
    Ready(
        "suggestions-considered", WORK, _("Suggestions considered"), ("QS3", "IC8"), PROPORTION, HIGHER, MONTH, PERCENT,
        _("suggestions answered after a meeting"), _("suggestions due"),
        _("Suggestions that were gone through at a meeting and answered where the sender is known, of all due."),
        MONTHLY,
    ),
    Ready(
        "cases-opened", WORK, _("Cases opened"), ("QS12",), COUNT, NEITHER, WEEK, _("cases"), _("cases opened"), "",
        _("Cases opened in the period, whoever opened them. The workload behind every other figure."), WEEKLY,
    ),
    Ready(
        "cases-open", WORK, _("Cases still open"), ("QS12",), COUNT, LOWER, WEEK, _("cases"),
        _("cases open at the end of the period"), "",
        _("Cases open at midnight after the last day of the period, whatever they wait for."), WEEKLY,
    ),
)  # fmt: skip


def by_code(code: str) -> Ready | None:
    return next((one for one in READY if one.code == code), None)


def groups() -> list[tuple[Words, list[Ready]]]:
    """The definitions under their headings, in the order of the table."""
    found: dict[str, tuple[Words, list[Ready]]] = {}
    for one in READY:
        found.setdefault(str(one.group), (one.group, []))[1].append(one)
    return list(found.values())
