"""Values of any scale are told with the digits that set them apart: a limit never reads as the value beyond it."""

import pytest
from django.utils import translation

from metrics import analysing, charts
from metrics.models import Analysis, Metric, Signal, Target
from metrics.queries.analyses import rows_of
from metrics.tables import points
from metrics.wording import amount, decimals_of, figure, narrate
from metrics.wording.changes import Told, change_words
from metrics.wording.targets import told_value
from tests.metrics import making

from . import tokens
from .checking import faults_of_signals
from .test_signals import RELATED

SCALES = [1e-3, 1e-6, 1e-9, 1e-13, 1e-17, 1e-40, 1e-300]
SCORE = Metric(kind="score", measure="mol")


@pytest.fixture(params=SCALES)
def small(request, world):
    """A steady series about 50 units of the scale that once falls to 40, with its latest value at 35; analysed."""
    values = [*making.STEADY, 40, *making.STEADY, 35]
    made = making.series(
        making.metric(world.a.department, measure="mol"), world.a.team, [request.param * value for value in values]
    )
    analysing.analyse_series([made.pk])
    return Analysis.objects.select_related("series__metric", "series__unit").get(series=made)


@pytest.mark.parametrize("language", ["en-gb", "de"])
@pytest.mark.django_db
def test_a_limit_is_told_apart_from_the_value_beyond_it(small, language):
    signals = list(Signal.objects.filter(series=small.series).select_related(*RELATED))
    below = next(one for one in signals if one.rule == "outside" and one.current)
    with translation.override(language):
        assert faults_of_signals(signals) == []
        told, limit = tokens.read(narrate(below).fact.replace("Alder", ""))[2]
    assert limit.value - told.value == pytest.approx(small.lower - small.latest, abs=small.amr / 10)
    # Two digits of the ordinary variation, at least: half of the last one that is written is less than a twentieth.
    assert max(told.half, limit.half) <= small.amr / 20


@pytest.mark.django_db
def test_every_cell_of_a_table_and_every_hover_has_the_same_digits(small):
    lines = points.lines(small.series.metric, rows_of(small), small.amr, None)
    chart = charts.figure_of(small.series.metric, rows_of(small))
    values = [one.value for one in rows_of(small)][::-1]
    for cells in ([line.value for line in lines], chart["words"]["made"]["columns"]["value"][::-1]):
        read = [tokens.read(cell)[2][0] for cell in cells]
        assert [one.value for one in read] == pytest.approx(values, abs=small.amr / 20)
        assert len(set(cells)) == len(set(values))


@pytest.mark.parametrize(("scale", "axis"), [(1.0, None), (1e-4, None), (1e-9, {"tickformat"}), (1e-15, {"power"})])
def test_an_axis_is_written_as_the_values_are(scale, axis):
    made = charts.looks.value_axis(decimals_of(scale))
    assert axis is None or axis & {*made, made["exponentformat"]}
    assert (made == charts.looks.VALUE_AXIS) is (axis is None)


@pytest.mark.parametrize("scale", SCALES)
def test_an_effect_is_told_with_the_digits_that_its_interval_leaves(scale):
    change = {"difference": 3.1 * scale, "low": 0.4 * scale, "high": 5.8 * scale, "percent": None}
    read = tokens.read(change_words(change, Told(SCORE, "Rota 7", 1)).replace("+", ""))[2]
    assert [one.value for one in read] == pytest.approx([3.1 * scale, 0.4 * scale, 5.8 * scale], abs=scale / 20)


@pytest.mark.parametrize(
    ("value", "decimals", "words"),
    [
        (0.00000125, 8, "0.00000125"),
        (1.25e-12, 14, "1.25×10⁻¹²"),
        (-1.3e-15, 16, "−1.3×10⁻¹⁵"),
        (4e-18, 16, "0"),
        (0.0, 16, "0"),
        # What rounding leaves of a sum is no digit.
        (0.1 + 0.2, 18, "0.300000"),
        (1204.5, 12, "1,204.500000"),
    ],
)
def test_a_small_number_is_written_out_or_with_its_power(value, decimals, words):
    assert figure(value, decimals) == words


@pytest.mark.parametrize("language", ["en-gb", "de", "fr"])
@pytest.mark.parametrize("scale", SCALES)
def test_a_small_number_is_read_back(scale, language):
    with translation.override(language):
        [number] = tokens.read(f"It was {amount(-4.567 * scale, SCORE, decimals_of(scale))} then.")[2]
    assert number.is_one_of([-4.567 * scale])
    assert not number.is_one_of([-4.767 * scale])


@pytest.mark.parametrize(
    ("value", "words"),
    [(82.5, "82.5"), (0.00000125, "0.00000125"), (1 / 3, "0.333333"), (1.3e-15, "1.3×10⁻¹⁵"), (0.0, "0")],
)
def test_a_target_is_told_as_it_was_agreed(value, words):
    assert told_value(Target(value=value, metric=Metric(kind="score"))) == f"target {words}"
