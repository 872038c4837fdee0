"""A criterion tied to a metric tells, in the same calibrated words, how likely the next period meets its target."""

import datetime as dt

import pytest
from django.urls import reverse
from django.utils.html import escape

from metrics.analysing.storing import analyse_series
from metrics.models import Analysis, Standing
from metrics.wording.outlooks import chance_told
from metrics.workflow import targets
from reviews.models import Criterion
from tests.reviews import making
from tests.reviews.test_evidence import FALLEN, STEADY, measured

pytestmark = pytest.mark.django_db


def tied(world, values=STEADY, target=None, threshold=88.5):
    """A review under way whose criterion is a metric's; the target of the department is in force."""
    series = measured(world.a, values)
    if target is not None:
        targets.set_target(world.a.supervisor, series.metric, world.a.department, target, dt.date(2023, 1, 1), "Agreed")
        analyse_series([series.pk])
    review = making.under_way(world.a)
    Criterion.objects.filter(review=review).update(series=series, rule=Criterion.Rule.MEAN, threshold=threshold)
    return review, Criterion.objects.filter(review=review).first(), series


def pages(client, review, criterion):
    addresses = reverse("review-measure", args=[review.pk]), reverse("conclusion", args=[criterion.pk])
    return [client.get(address).content.decode() for address in addresses]


def test_the_chance_of_the_target_stands_beside_the_rule(world, client_of):
    review, criterion, series = tied(world, target=91)
    row = Analysis.objects.select_related("series__metric", "series__unit").get(series=series)
    told = chance_told(series, row)
    assert 0.1 < row.target_chance < 0.4
    for page in pages(client_of(world.a.supervisor), review, criterion):
        assert "doubtful, more likely missed than met next month." in page
        assert escape(told.meaning) in page and "would make it even odds." in page
        # The threshold is another value than the target.
        assert "Threshold 88.5\u202f%: at today&#x27;s level likely met (6 to 9 times in 10)." in page


def test_a_threshold_alone_is_told_without_a_target(world, client_of):
    review, criterion, _series = tied(world, threshold=91.0)
    for page in pages(client_of(world.a.supervisor), review, criterion):
        assert "at today&#x27;s level doubtful (1 to 4 times in 10)" in page
        assert "next month" not in page


@pytest.mark.parametrize("standing", [Standing.QUIET, Standing.CONFIRMED])
def test_nothing_is_said_of_chance_where_the_level_has_moved(world, client_of, standing):
    review, criterion, series = tied(world, target=91)
    Analysis.objects.filter(series=series).update(standing=standing)
    for page in pages(client_of(world.a.supervisor), review, criterion):
        said = (
            "cannot be said while the level is changing." in page,
            "at today&#x27;s level" in page,
            "even odds" in page,
        )
        assert said == ((True, False, False) if standing == Standing.CONFIRMED else (False, True, True))


def test_an_ended_target_is_not_told(world, client_of, clock_at):
    clock_at(dt.datetime(2026, 4, 1, 9, tzinfo=dt.UTC))
    review, criterion, series = tied(world, target=91)
    agreed = series.metric.targets.get()
    clock_at(dt.datetime(2026, 4, 2, 9, tzinfo=dt.UTC))
    targets.approve(
        world.a.decision_maker, targets.end(world.a.supervisor, agreed, dt.date(2026, 4, 2), "The plan is over")
    )
    analyse_series([series.pk])
    for page in pages(client_of(world.a.supervisor), review, criterion):
        assert "next month" not in page and "Threshold 88.5" in page


def test_who_may_not_see_the_metric_reads_no_chance_of_it(world, client_of, django_assert_max_num_queries):
    review, criterion, series = tied(world, FALLEN, target=91)
    series.unit = world.b.department
    series.save()
    client = client_of(world.a.supervisor)
    client.get("/")
    for address in (reverse("review-measure", args=[review.pk]), reverse("conclusion", args=[criterion.pk])):
        with django_assert_max_num_queries(15):
            assert "at today&#x27;s level" not in client.get(address).content.decode()


def test_the_pages_cost_no_more_with_the_chance(world, client_of, django_assert_max_num_queries):
    review, criterion, _series = tied(world, target=91)
    client = client_of(world.a.supervisor)
    client.get("/")
    for address in (reverse("review-measure", args=[review.pk]), reverse("conclusion", args=[criterion.pk])):
        with django_assert_max_num_queries(15):
            assert "even odds" in client.get(address).content.decode()
