"""A ready definition for every indicator that the sources name, each of which fills a form that can be sent."""

import pytest
from django.utils.html import escape

from metrics.forms.metrics import NewMetricForm
from metrics.models import Metric
from metrics.wording.ready import READY, by_code
from teams.models import Unit

# What the sources name, one line each, and the definitions that answer it.
NAMED = {
    # Unit on internal customers, 6.1 (IC7)
    ("IC7", "surveys of colleagues and customers"): {"satisfaction", "survey-response", "effort"},
    ("IC7", "time to answer enquiries"): {"enquiries-in-time", "time-to-answer-calls"},
    ("IC7", "how they came to know the organisation"): {"came-by-recommendation"},
    ("IC7", "why they want to work with it"): {"chose-for-service"},
    ("IC7", "sales"): {"sales"},
    ("IC7", "other accounts"): {"accounts"},
    ("IC7", "customers who stay"): {"customers-kept", "loyalty"},
    ("IC7", "customers who leave"): {"customers-lost"},
    ("IC7", "complaints received"): {"complaints-received"},
    ("IC7", "complaints solved"): {"complaints-solved"},
    ("IC7", "awards received or nominated for"): {"awards"},
    ("IC7", "performance against standard targets"): {"standards-met"},
    ("IC7", "how services and products were delivered"): {"delivered-right"},
    ("IC7", "requests for improvement"): {"improvement-requests"},
    ("IC7", "delivery of the service"): {"delivered-in-time"},
    ("IC7", "perceptions"): {"perception"},
    # Standards of customer service quality
    ("QS1", "speed of answering calls"): {"calls-in-time", "time-to-answer-calls"},
    ("QS1", "speed of answering e-mails"): {"emails-in-time"},
    ("QS1", "speed of answering on social media"): {"social-media-in-time"},
    ("QS1", "speed of answering other forms of contact"): {"other-contacts-in-time"},
    ("QS1", "speed of handling"): {"handling-time"},
    ("QS2", "quality of communication"): {"quality-score"},
    ("QS3", "solving problems, considering complaints"): {"solved-first-contact", "complaints-in-time"},
    ("QS3", "considering suggestions"): {"suggestions-considered"},
    ("QS5", "training"): {"trained"},
    ("QS9", "mystery shopping"): {"mystery-visits"},
    ("QS10", "time to answer a call"): {"time-to-answer-calls"},
    ("QS10", "level of satisfaction"): {"satisfaction"},
    ("QS12", "customers' reviews"): {"public-reviews"},
    ("QS12", "statistics of cases"): {"cases-opened", "cases-open"},
    ("QS12", "staff ratings"): {"staff-ratings"},
}


@pytest.mark.parametrize(("source", "indicator"), NAMED)
def test_every_indicator_that_a_source_names_has_a_definition(source, indicator):
    codes = NAMED[source, indicator]

    assert {code for code in codes if by_code(code) is None} == set()
    assert {code for code in codes if source not in by_code(code).named_by} == set()


def test_each_says_unit_direction_numerator_denominator_and_period():
    assert len({one.code for one in READY}) == len(READY)
    for one in READY:
        words = [one.name, one.measure, one.numerator, one.definition, one.advice]
        assert all(str(text) for text in words), one.code
        assert bool(str(one.denominator)) is (one.kind != Metric.Kind.COUNT), one.code


@pytest.mark.parametrize("code", [one.code for one in READY])
def test_each_fills_a_form_that_can_be_sent(world, code):
    filled = {**by_code(code).initial, "unit": world.a.department.pk}
    form = NewMetricForm(Unit.objects.all(), filled)

    assert form.is_valid(), form.errors


def test_choosing_one_fills_the_form_and_what_is_changed_is_kept(world, client_of):
    client = client_of(world.a.supervisor)

    page = client.get("/metrics/new", {"ready": "complaints-received"})
    form = page.context["form"]
    assert (form["name"].value(), form["measure"].value(), form["scale"].value()) == (
        "Complaints received", "per 1,000", 1000.0,
    )  # fmt: skip
    sent = {name: form[name].value() for name in form.fields}
    answer = client.post("/metrics/new", {**sent, "unit": world.a.department.pk, "name": "Complaints"})

    made = Metric.objects.get(code="complaints-received")
    assert (answer.status_code, made.name, made.direction, made.scale) == (302, "Complaints", -1, 1000.0)


def test_a_code_that_is_not_ready_leaves_the_form_empty(world, client_of):
    page = client_of(world.a.supervisor).get("/metrics/new", {"ready": "<b>"})
    assert (page.status_code, page.context["form"]["name"].value()) == (200, None)


@pytest.mark.django_db
def test_the_list_says_unit_direction_numerator_and_denominator_of_each(world, client_of):
    page = client_of(world.a.supervisor).get("/metrics/new").content.decode()

    for one in READY:
        told = page[page.index(f'href="?ready={one.code}"') :].split("</li>")[0]
        better = dict(Metric.Direction.choices)[one.direction]
        assert all(escape(str(words)) in told for words in (one.measure, better, one.numerator, one.denominator))
    assert 'href="#id_unit"' in page
