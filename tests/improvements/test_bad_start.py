"""A review begun for the sake of bad points: none of them is part of what its action is compared with."""

import pytest

from metrics.models import Comparison, Observation, Signal
from reviews.models import Criterion, Review
from tests.improvements import making

pytestmark = pytest.mark.django_db
BAD = [68.0, 70.0, 69.0]


def test_every_point_of_the_signal_is_left_out_of_the_baseline(world, clock_at):
    clock_at(making.TODAY)
    review = making.under_way(world.a, [*making.STEADY[:21], *BAD])
    series = Criterion.objects.get(review=review, series__isnull=False).series
    signal = Signal.objects.get(series=series, rule="outside", gone=False)
    assert signal.points == len(BAD)
    Review.objects.filter(pk=review.pk).update(signal=signal)
    review.refresh_from_db()

    paper = making.put_forward(world.a, review=making.concluded(world.a, review))
    making.decisions.decide(world.a.decision_maker, paper, "approve", "It costs little and customers gain.")
    action = making.proposed(world.a, making.base.again(paper), series=series)
    making.actions.approve(world.a.supervisor, action)
    making.actions.start(world.a.team_lead, making.base.again(action))
    making.actions.finish(world.a.team_lead, making.base.again(action), "Done.")

    kept = Comparison.objects.get(series=series).reason_days
    days = list(Observation.objects.filter(series=series).order_by("-day").values_list("day", flat=True)[: len(BAD)])
    assert sorted(kept) == sorted(days)
