"""The chart of each series, all at once: the choice, the lines, the rules on the right scale."""

import math
import warnings

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.trends import Batch, Settings, analyse, codes, pack_all, runs, unpack
from metrics.trends.choice import CODES, wanted
from metrics.trends.counts import count_chart

from .conftest import rows_of
from .plain import analyse_plainly
from .test_counts import column, grouped

NAN = math.nan
CHARTS = [codes.XMR, codes.P, codes.U, codes.C, codes.LOG, codes.T, codes.G]


def chart_of(numerators, denominators=None, chart=codes.P, scale=1.0, **options):
    """One series from its counts."""
    above = np.array(numerators, float)
    below = np.full(len(above), NAN) if denominators is None else np.array(denominators, float)
    with np.errstate(all="ignore"):
        values = np.where(np.isnan(below), above, above / below) * scale
    return analyse(
        Batch.build(
            values, [0, len(above)], range(len(above)), chart=[chart], scale=[scale],
            numerators=above, denominators=below, **options,
        )
    )  # fmt: skip


@pytest.mark.parametrize(
    ("kind", "asked", "chart"),
    [
        ("proportion", "automatic", codes.P),
        ("rate", "automatic", codes.U),
        ("count", "automatic", codes.C),
        ("duration", "automatic", codes.LOG),
        ("score", "automatic", codes.XMR),
        ("duration", "t", codes.T),
        ("count", "g", codes.G),
        ("proportion", "xmr", codes.XMR),
    ],
)
def test_the_chart_follows_from_what_is_measured_unless_another_is_asked_for(kind, asked, chart):
    assert wanted(kind, asked) == chart


@pytest.mark.parametrize(
    ("above", "below", "chart", "note"),
    [
        ([8, 9, 7], [10, NAN, 10], codes.P, codes.COUNTS_UNKNOWN),
        ([8, 9.5, 7], [10, 10, 10], codes.P, codes.NOT_COUNTS),
        ([8, 11, 7], [10, 10, 10], codes.P, codes.NOT_COUNTS),
        ([8, -1, 7], [10, 10, 10], codes.U, codes.NOT_COUNTS),
        ([8, 9.5, 7], None, codes.C, codes.NOT_COUNTS),
        ([8, 0, 7], None, codes.LOG, codes.NOT_POSITIVE),
        ([8, -3, 7], None, codes.LOG, codes.NOT_POSITIVE),
        ([8, 1.5, 7], None, codes.G, codes.NOT_COUNTS),
    ],
)
def test_what_the_data_cannot_carry_is_drawn_as_xmr_and_said(above, below, chart, note):
    result = chart_of(above, below, chart)

    assert result.chart.tolist() == [codes.XMR]
    assert result.notes[0] & note
    plain = analyse(Batch.build(result.values, [0, 3], range(3)))
    assert (result.phase_mean[0], result.phase_upl[0]) == (plain.phase_mean[0], plain.phase_upl[0])


def test_a_rate_may_be_counted_per_part_of_a_thousand():
    assert chart_of([8, 12, 7], [1.204, 1.1, 0.9], codes.U).chart.tolist() == [codes.U]


@pytest.mark.parametrize("chart", CHARTS)
def test_lines_are_drawn_no_further_than_the_scale_and_the_rules_run_on_the_whole_ones(chart):
    above, below = [3, 9, 2, 7, 4, 8, 3, 9, 1, 7, 30], [12.0, 9, 11, 20, 8, 14, 10, 12, 9, 11, 30]
    sizes = below if chart in (codes.P, codes.U) else None
    whole = chart_of(above, sizes, chart)
    # A fifth of the way from the mean to the limits, so that every line is cut and values lie beyond it.
    middle = whole.phase_mean[0]
    least, most = (middle + (line[0] - middle) / 5 for line in (whole.phase_lpl, whole.phase_upl))
    cut = chart_of(above, sizes, chart, least=[least], most=[most])
    for name in ("lpl", "upl", "nlpl", "nupl"):
        drawn = np.clip(getattr(whole, name), least, most)
        np.testing.assert_array_equal(getattr(cut, name), drawn)
        assert (drawn != getattr(whole, name)).any()
    for name in ("mean", "amr", "marks", "label", "point_type", "second", "variation"):
        np.testing.assert_array_equal(getattr(cut, name), getattr(whole, name))
    assert runs(cut).sigma.tolist() == runs(whole).sigma.tolist()
    assert (cut.upl == most).all() and (cut.lpl == least).all()


def test_each_series_has_its_own_scale():
    values = [0.9, 1.0, 0.7, 1.0, 0.8] * 2
    result = analyse(Batch.build(values, [0, 5, 10], [*range(5)] * 2, least=[-1, -math.inf], most=[1, math.inf]))
    assert result.phase_upl[0] == 1.0 < result.phase_upl[1]
    assert result.phase_lpl[0] == result.phase_lpl[1]


def test_compat_mode_knows_no_other_chart_than_the_reference():
    batch = Batch.build([0.8, 0.9], [0, 2], [0, 1], chart=[codes.P], numerators=[8, 9], denominators=[10, 10])

    assert analyse(batch, Settings(mode="compat")).chart.tolist() == [codes.XMR]


MANY = [1_000_000, 1_100_000, 900_000, 1_050_000]
MOVING = [830_000, 880_000, 765_000, 850_500]


def test_counts_so_large_that_counting_adds_nothing_leave_the_values_to_themselves():
    result = chart_of(MOVING, MANY)

    assert (result.chart.tolist(), bool(result.notes[0] & codes.LARGE_COUNTS)) == ([codes.XMR], True)
    assert result.phase_mean[0] == pytest.approx(np.mean(np.array(MOVING) / MANY))


def test_a_person_may_choose_the_chart_of_counts_for_large_counts_too():
    assert chart_of(MOVING, MANY, fixed=[True]).chart.tolist() == [codes.P]


def test_the_same_shares_of_small_counts_are_charted_by_their_counts():
    result = chart_of([83, 88, 77, 85], [100, 110, 90, 105])

    assert (result.chart.tolist(), bool(result.notes[0] & codes.LARGE_COUNTS)) == ([codes.P], False)


def test_limits_widen_where_few_were_counted():
    result = chart_of([80, 8, 79, 82, 9, 81], [100, 10, 100, 100, 10, 100], scale=100)

    width = result.upl - result.lpl
    assert result.mean.tolist() == pytest.approx([100 * 339 / 420] * 6)
    assert width[1] > width[0]
    assert result.upl[1] == 100  # a share is never above all


@pytest.mark.parametrize("screen", [False, True])
def test_all_series_at_once_are_charted_as_one_by_one(answers, screen):
    """Against the chart of one series, which is held to the answers of qicharts2 elsewhere."""
    points = grouped(rows_of(answers / "attr_points.csv"), "series_id")
    known = {row["series_id"]: row for row in rows_of(answers / "attr_series.csv")}
    kinds = {codes.P: "p'", codes.U: "u'", codes.C: "u'", codes.G: "g", codes.T: "t"}
    wants = {"p": codes.P, "pp": codes.P, "u": codes.U, "up": codes.U, "c": codes.C, "g": codes.G, "t": codes.T}
    pairs = grouped(rows_of(answers / "attr_qicharts2_expected.csv"), "series_id", "chart")
    chosen = [(name, wants[chart]) for name, chart in pairs if chart in ("pp", "up", "c", "g", "t")]
    above = [column(points[name,], "numerator") for name, _ in chosen]
    below = [
        np.full(len(points[name,]), NAN)
        if chart in (codes.C, codes.G, codes.T)
        else column(points[name,], "denominator")
        for name, chart in chosen
    ]
    with np.errstate(all="ignore"):
        values = [np.where(np.isnan(two), one, one / two) for one, two in zip(above, below, strict=True)]
    starts = np.cumsum([0, *map(len, values)])
    result = analyse(
        Batch.build(
            np.concatenate(values), starts, np.concatenate([np.arange(len(one)) for one in values]),
            chart=[chart for _, chart in chosen], fixed=[True] * len(chosen), numerators=np.concatenate(above), denominators=np.concatenate(below),
            rebase=[
                (place, int(known[name]["part"])) for place, (name, _) in enumerate(chosen) if known[name]["part"]
            ],
            fix_after=[int(known[name]["freeze"] or 0) for name, _ in chosen], screen=[screen] * len(chosen),
        )
    )  # fmt: skip
    drawn = [place for place, (_, chart) in enumerate(chosen) if result.chart[place] == chart]
    assert len(drawn) > len(chosen) / 2
    for place in drawn:
        name, chart = chosen[place]
        expected = count_chart(
            kinds[chart], above[place], np.ones(len(above[place])) if chart == codes.C else below[place],
            baseline=int(known[name]["freeze"] or 0), screen=screen,
            parts=[int(known[name]["part"])] if known[name]["part"] else [],
        )  # fmt: skip
        part = slice(starts[place], starts[place + 1])
        lines = (expected.centre, expected.lcl, expected.ucl, expected.lcl95, expected.ucl95)
        ours = (result.mean, result.lpl, result.upl, result.nlpl, result.nupl)
        for theirs, mine in zip(lines, ours, strict=True):
            shown = ~np.isnan(expected.y)
            assert mine[part][shown] == pytest.approx(theirs[shown], rel=1e-9, abs=1e-12), (name, chart)
        assert result.direction_of(codes.OUTSIDE)[part].tolist() == expected.outside.tolist(), (name, chart)


def test_times_are_judged_by_their_logarithms_and_drawn_as_times():
    times = [30, 45, 38, 52, 33, 41, 60, 36, 48, 44, 39, 55, 35, 400]
    result = analyse(Batch.build(times, [0, 14], range(14), chart=[codes.LOG]))
    logs = analyse(Batch.build(np.log(times), [0, 14], range(14)))

    assert result.marks.tolist() == logs.marks.tolist()
    assert result.phase_mean[0] == pytest.approx(np.exp(logs.phase_mean[0]), rel=1e-12)
    assert result.phase_upl[0] == pytest.approx(np.exp(logs.phase_upl[0]), rel=1e-12)
    assert result.phase_lpl[0] > 0


def test_a_time_of_zero_is_left_out_of_a_t_chart():
    result = chart_of([3, 0, 8, 5, 2, 9], chart=codes.T)

    assert result.chart.tolist() == [codes.T]
    assert result.notes[0] & codes.NOT_POSITIVE
    assert result.marks.tolist() == [0] * 6


def test_a_rise_is_a_rise_of_what_is_drawn():
    """The share rises seven times while less and less is counted: z would not rise at every step."""
    below = [1000, 800, 600, 400, 200, 100, 50]
    result = chart_of([500, 408, 312, 212, 108, 55, 28], below)

    assert (np.diff(result.values) > 0).all()
    assert result.direction_of(codes.TREND).tolist() == [1] * 7


@pytest.mark.parametrize("chart", [codes.P, codes.U, codes.C])
def test_no_event_at_all_is_no_variation(chart):
    result = chart_of([0] * 15, None if chart == codes.C else [40] * 15, chart)

    assert (result.phase_mean[0], result.phase_lpl[0], result.phase_upl[0]) == (0, 0, 0)
    assert result.notes[0] & codes.NO_VARIATION
    assert not result.marks.any()


def test_everything_met_everywhere_is_no_variation():
    result = chart_of([40, 35, 60] * 5, [40, 35, 60] * 5, scale=100)

    assert set(result.upl.tolist()) == set(result.lpl.tolist()) == {100.0}
    assert not result.marks.any()


def test_after_a_baseline_without_events_the_first_one_is_outside():
    result = chart_of([0] * 12 + [1], [40] * 13, fix_after=[12])

    assert result.direction_of(codes.OUTSIDE).tolist() == [0] * 12 + [1]


def test_a_period_in_which_nothing_was_counted_is_missing():
    result = chart_of([8, 0, 9, 8], [10, 0, 10, 10])

    assert result.chart.tolist() == [codes.P]
    assert result.missing.tolist() == [False, True, False, False]
    assert np.isnan(result.upl).tolist() == [False, True, False, False]


def test_few_events_are_said():
    assert chart_of([0, 1, 0, 2] * 4, chart=codes.C).notes[0] & codes.FEW_EVENTS
    assert not chart_of([40, 41, 38, 50] * 4, chart=codes.C).notes[0] & codes.FEW_EVENTS
    assert chart_of([9, 10, 10] * 5, [10] * 15).notes[0] & codes.FEW_EVENTS


def test_counts_that_vary_less_than_chance_never_make_limits_too_narrow():
    result = chart_of([50, 51, 50, 51] * 5, [100] * 20)

    share = 1010 / 2000
    assert result.upl[0] == pytest.approx(share + 3 * math.sqrt(share * (1 - share) / 100), rel=1e-12)


def test_a_run_says_how_far_out_it_lies_on_the_scale_of_its_chart():
    result = chart_of([50, 52, 49, 51, 48, 50, 52, 49, 51, 50, 48, 52, 50, 90], [100] * 14)

    found = runs(result)

    outside = found.rule == codes.OUTSIDE
    assert found.sigma[outside].tolist() == pytest.approx([float(result.x[13])], rel=1e-12)


# Anything that a file may bring.
counts = st.lists(
    st.tuples(
        st.one_of(st.integers(0, 40).map(float), st.sampled_from([NAN, 0.0, -1.0, 2.5, 1e300, 5e-324, math.inf])),
        st.one_of(st.integers(0, 60).map(float), st.sampled_from([NAN, 0.0, 1.0, 1e-9, 1e300, math.inf])),
    ),
    max_size=26,
)
tame = st.lists(st.tuples(st.integers(0, 30), st.integers(30, 60)), min_size=1, max_size=26)


def batch_of(lists, charts, order=None, **options):
    lists, charts = list(lists), list(charts)
    flat = np.array([pair for one in lists for pair in one], float).reshape(-1, 2)
    bare = np.repeat(np.isin(charts, (codes.C, codes.LOG, codes.T, codes.G)), [len(one) for one in lists])
    below = np.where(bare, NAN, flat[:, 1]) if len(flat) else flat[:, 1]
    with np.errstate(all="ignore"):
        values = np.where(np.isnan(below), flat[:, 0], flat[:, 0] / below)
    days = [day for one in lists for day in range(len(one))]
    starts = np.cumsum([0, *map(len, lists)])
    return Batch.build(values, starts, days, chart=charts, numerators=flat[:, 0], denominators=below, **options)


@settings(max_examples=300, deadline=None)
@given(st.lists(st.tuples(counts, st.sampled_from(CHARTS)), max_size=6), st.sampled_from([0, 12]))
def test_no_data_raises_or_warns_on_any_chart(series, baseline):
    batch = batch_of(
        [one for one, _ in series],
        [chart for _, chart in series],
        rebase=[(place, 9) for place in range(len(series))],
        fix_after=[baseline] * len(series),
        direction=[1] * len(series),
    )
    with warnings.catch_warnings():
        warnings.simplefilter("error")
        result = analyse(batch)
        runs(result)
        packed = pack_all(result)
    for place, data in enumerate(packed):
        points = unpack(data)
        part = slice(batch.starts[place], batch.starts[place + 1])
        for name in ("values", "mean", "lpl", "upl", "nlpl", "nupl", "marks", "second"):
            assert np.array_equal(getattr(points, name), getattr(result, name)[part], equal_nan=True), name
        assert (points.chart, points.second_side) == (result.chart[place], result.second_side[place])


@settings(max_examples=100, deadline=None)
@given(st.lists(st.tuples(tame, st.sampled_from(CHARTS)), min_size=2, max_size=6))
def test_what_stands_beside_a_series_does_not_change_it(series):
    together = analyse(batch_of([one for one, _ in series], [chart for _, chart in series]))
    backwards = analyse(batch_of([one for one, _ in series[::-1]], [chart for _, chart in series[::-1]]))

    for place, (one, chart) in enumerate(series):
        alone = analyse(batch_of([one], [chart]))
        for result, at in ((together, place), (backwards, len(series) - 1 - place)):
            part = slice(result.starts[at], result.starts[at + 1])
            assert result.chart[at] == alone.chart[0]
            assert result.marks[part].tolist() == alone.marks.tolist()
            assert result.upl[part] == pytest.approx(alone.upl, rel=1e-9, nan_ok=True)


@settings(max_examples=200, deadline=None)
@given(tame, st.sampled_from(["p", "u", "c", "log"]), st.sampled_from([0, 12]), st.booleans())
def test_lines_and_rules_are_those_of_the_plain_reading(pairs, name, baseline, screen):
    """The same worked out point by point, by code that shares nothing with ours."""
    chart = CODES[name]
    pairs = [(above + 1 if name == "log" else above, below) for above, below in pairs]
    batch = batch_of([pairs], [chart], fix_after=[baseline], screen=[screen], rebase=[(0, 15)], fixed=[True])
    result = analyse(batch)
    plain = analyse_plainly(
        list(enumerate(batch.values.tolist())), [15] if len(pairs) > 15 else [], baseline, screen, name,
        {day: (float(above), float(below)) for day, (above, below) in enumerate(pairs)},
    )  # fmt: skip

    for line in ("mean", "lpl", "upl", "nlpl", "nupl"):
        theirs = [getattr(point, line) for point in plain]
        assert getattr(result, line) == pytest.approx(theirs, rel=1e-9, abs=1e-12, nan_ok=True), line
    for rule, called in ((codes.OUTSIDE, "outside"), (codes.SHIFT, "shift"), (codes.TREND, "trend")):
        assert result.direction_of(rule).tolist() == [point.rules.get(called, 0) for point in plain], called


@settings(max_examples=100, deadline=None)
@given(tame, st.sampled_from([0.01, 3.0, 1000.0]))
def test_times_in_another_unit_are_marked_alike(pairs, factor):
    times = np.array([first + 1.0 for first, _ in pairs])
    one = analyse(Batch.build(times, [0, len(times)], range(len(times)), chart=[codes.LOG]))
    other = analyse(Batch.build(times * factor, [0, len(times)], range(len(times)), chart=[codes.LOG]))

    assert other.upl == pytest.approx(one.upl * factor, rel=1e-9, nan_ok=True)
    assert (other.rules & codes.OUTSIDE).tolist() == (one.rules & codes.OUTSIDE).tolist()


@settings(max_examples=100, deadline=None)
@given(tame)
def test_the_share_that_was_not_met_is_the_mirror_image(pairs):
    one = chart_of([a for a, _ in pairs], [n for _, n in pairs])
    other = chart_of([n - a for a, n in pairs], [n for _, n in pairs])

    assert other.upl == pytest.approx(1 - one.lpl, rel=1e-9, abs=1e-12, nan_ok=True)
    assert (other.direction_of(codes.OUTSIDE) == -one.direction_of(codes.OUTSIDE)).all()
