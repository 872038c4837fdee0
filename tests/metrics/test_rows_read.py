"""What pages read does not grow with the history behind them: a constant number of queries is not enough for that."""

import contextlib

import pytest
from django.db import IntegrityError, connection, transaction
from django.test.utils import CaptureQueriesContext

from metrics import analysing
from metrics.models import Observation, Series
from metrics.queries import observations, signals
from tests.metrics import making

pytestmark = pytest.mark.django_db
SHORT, LONG = 2_100, 6_300  # a chart draws at most 2,000 points of either
LAST = 739_700
READ = (
    "SELECT coalesce(seq_tup_read, 0) + coalesce(idx_tup_fetch, 0)"
    " FROM pg_stat_xact_user_tables WHERE relname = 'metrics_observation'"
)


@contextlib.contextmanager
def counted():
    """What the database had to do: steps of SQLite's machine, or the observations that PostgreSQL read."""
    found = [0]
    if connection.vendor == "sqlite":

        def step():
            found[0] += 1

        connection.connection.set_progress_handler(step, 10)
        yield found
        connection.connection.set_progress_handler(None, 0)
        return

    def rows():
        with connection.cursor() as cursor:
            cursor.execute(READ)
            return cursor.fetchone()[0]

    before = rows()
    yield found
    found[0] = rows() - before


def histories(world):
    """Three metrics of a team, one of them with a signal."""
    made = []
    for name in ("One", "Two", "Three"):
        metric = making.metric(world.a.organisation, name, period="day")
        made.append(Series.objects.create(metric=metric, unit=world.a.team))
    return made


def fill(series, length):
    """So many days up to the last, told in the same way whatever lies before: the last one lies outside."""
    Observation.objects.filter(series__in=series).delete()
    for one in series:
        values = [80 + ((place * 7919) % 13) / 4 for place in range(length)]
        rows = [Observation(series=one, day=LAST - place, numerator=value) for place, value in enumerate(values)]
        rows[0].numerator = 150.0 if one is series[0] else 80.0
        Observation.objects.bulk_create(rows)
        Series.objects.filter(pk=one.pk).update(first_day=LAST - length + 1, last_day=LAST)
    analysing.analyse_series([one.pk for one in series])
    analysing.judge(analysing.organisations_of([one.pk for one in series]))
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE metrics_observation")


def asked(client, address):
    client.get(address)
    with counted() as found:
        assert client.get(address).status_code == 200
    return found[0]


def test_pages_read_as_much_of_a_long_history_as_of_a_short_one(world, client_of):
    series = histories(world)
    client = client_of(world.a.supervisor)
    fill(series, SHORT)
    signal = signals.current_of([series[0].pk])[series[0].pk]
    pages = ["/", "/signals", "/signals?view=fields", f"/series/{series[0].pk}", f"/signals/{signal.pk}", "/metrics"]
    short = {page: asked(client, page) for page in pages}
    fill(series, LONG)
    long = {page: asked(client, page) for page in pages}

    # Three times the history: whatever went through it would cost much more than a quarter more.
    assert {page: (short[page], long[page]) for page in pages if long[page] > 1.25 * short[page] + 100} == {}


def test_the_measure_sees_a_page_that_goes_through_the_history(world):
    series = histories(world)
    read = {}
    for length in (SHORT, LONG):
        fill(series, length)
        with counted() as found:
            Observation.objects.filter(numerator__gt=100).count()
        read[length] = found[0]

    assert read[LONG] > 2 * read[SHORT] > 0


def test_the_numbers_of_a_series_lie_in_its_index(world):
    """In a table of ten million they lie in as many pages as there are days: one at a time took twice all the arithmetic."""
    if not connection.features.supports_covering_indexes:
        pytest.skip("only on PostgreSQL: SQLite knows no index with numbers beside its key")
    one = histories(world)[:1]
    fill(one, SHORT)
    with CaptureQueriesContext(connection) as asked:
        observations.arrays([one[0].pk])
    [read] = [query["sql"] for query in asked if "string_agg" in query["sql"]]
    with connection.cursor() as cursor:
        # So small a table is read through otherwise.
        cursor.execute("SET LOCAL enable_seqscan = off; SET LOCAL enable_bitmapscan = off")
        cursor.execute(f"EXPLAIN {read}")
        assert "Index Only Scan using observation_once" in "".join(line for (line,) in cursor)
    with pytest.raises(IntegrityError), transaction.atomic():
        Observation.objects.create(series=one[0], day=LAST, numerator=1)
