"""Before an undo it is said what becomes of series that follow from cases or scores; and that is what then happens."""

import pytest

from metrics.models import Metric, Observation, Series
from tests.importing.test_scorings import NUMBERS, bring, rows, text_of

pytestmark = pytest.mark.django_db
SAID = "No other import of this source stands"


def question(client_of, desk, upload):
    return client_of(desk.person).get(f"/imports/{upload.pk}/undo").content.decode()


def test_the_first_scores_of_a_source_leave_their_series_without_values(desk, client_of):
    upload = bring(desk, text_of(rows(NUMBERS)))
    made = Series.objects.filter(metric__source=upload.source).count()
    page = question(client_of, desk, upload)
    assert f"all {made} series are left without values. They and their metrics stay" in page

    desk.undo(upload)

    assert Series.objects.filter(metric__source=upload.source).count() == made > 3
    assert Metric.objects.filter(source=upload.source, archived_at=None).exists()
    assert not Observation.objects.filter(series__metric__source=upload.source).exists()


def test_with_another_import_of_the_source_it_is_not_said(desk, client_of):
    first = bring(desk, text_of(rows(NUMBERS)))
    second = bring(desk, text_of(rows(NUMBERS, "2024-02")), name="february.csv")
    assert SAID not in question(client_of, desk, second)

    desk.undo(second)
    assert Observation.objects.filter(series__metric__source=first.source).exists()
    assert SAID in question(client_of, desk, first)


def test_another_source_does_not_count(desk, client_of):
    first = bring(desk, text_of(rows(NUMBERS)))
    bring(desk, text_of(rows(NUMBERS)), name="other.csv", source="Other")
    assert SAID in question(client_of, desk, first)
