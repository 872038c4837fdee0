"""Two metrics side by side: what is told, what is warned of, and what is never said."""

import numpy as np
import pytest

from jobs import workflow as jobs
from metrics.models import Study
from metrics.simulations import comparisons
from metrics.trends import correlating
from metrics.wording import pairs
from tests.comparing import making
from tests.metrics import making as plain

pytestmark = pytest.mark.django_db
MONTHS = 60


def two_metrics(side, one, other):
    first = plain.metric(side.department, "Minutes waited", kind="duration", direction=-1)
    second = plain.metric(side.department, "Quality score")
    plain.series(first, side.team, one)
    plain.series(second, side.team, other)
    return first, second


def asked(client, one, other, **more):
    answer = client.post("/correlate", {"metric": one.pk, "other": other.pk, **more})
    jobs.run_pending()
    return client.get(answer["Location"])


def test_two_that_move_together_are_told_with_the_lag(world, client_of):
    rng = np.random.default_rng(5)
    waited = rng.normal(10, 2, MONTHS)
    score = 80 - 3 * np.concatenate([[10.0], waited[:-1]]) + rng.normal(0, 1, MONTHS)
    one, other = two_metrics(world.a, waited, score)

    page = asked(client_of(world.a.supervisor), one, other)
    text = page.content.decode()

    assert page.context["facts"]["lag"] == 1
    assert "When Minutes waited rises, Quality score tends to fall 1 month later: correlation −0.9" in text
    assert "Moving together does not say that one brings the other about." in text
    assert "causes" not in page.context["narration"].fact


def test_what_is_left_is_told_in_the_units_of_the_metrics(world, client_of):
    rng = np.random.default_rng(5)
    one = plain.metric(world.a.department, "Solved", kind="proportion", scale=100, measure="%")
    other = plain.metric(world.a.department, "Waited", kind="duration", direction=-1, measure="hours")
    plain.series(one, world.a.team, rng.normal(0.8, 0.02, MONTHS))
    plain.series(other, world.a.team, rng.normal(3000, 500, MONTHS))

    page = asked(client_of(world.a.supervisor), one, other)
    drawn = page.context["scatter"]

    assert np.std(drawn["data"][0]["x"]) == pytest.approx(2, rel=0.3)
    assert np.std(drawn["data"][0]["y"]) == pytest.approx(500, rel=0.3)
    titles = [drawn["layout"][axis]["title"]["text"] for axis in ("xaxis", "yaxis")]
    assert titles == ["Solved (percentage points)", "Waited (hours)"]


def test_every_lag_stands_with_its_interval_and_its_pairs(world, client_of):
    rng = np.random.default_rng(5)
    waited = rng.normal(10, 2, MONTHS)
    score = 80 - 3 * np.concatenate([[10.0], waited[:-1]]) + rng.normal(0, 1, MONTHS)
    one, other = two_metrics(world.a, waited, score)

    page = asked(client_of(world.a.supervisor), one, other)

    assert [line[0] for line in page.context["lags"]] == ["0", "1", "2", "3", "4"]
    assert [" to " in line[2] for line in page.context["lags"]] == [True] * 5
    # The first three periods tell what the next ones carry over from them.
    assert [int(line[3]) for line in page.context["lags"]] == [57, 56, 55, 54, 53]
    assert "circular block bootstrap, 600 draws" in page.content.decode()


def test_two_trends_alone_are_not_told_as_moving_together(world, client_of):
    rng = np.random.default_rng(6)
    time = np.arange(MONTHS)
    one, other = two_metrics(world.a, time + rng.normal(0, 2, MONTHS), 3 * time + rng.normal(0, 9, MONTHS))

    text = asked(client_of(world.a.supervisor), one, other).content.decode()

    assert "Nothing shows that Minutes waited and Quality score move together" in text
    assert "but trends alone do that" in text


def test_a_given_agreement_takes_the_error_out_of_the_scores(world, client_of):
    rng = np.random.default_rng(7)
    waited = rng.normal(10, 2, MONTHS)
    one, other = two_metrics(world.a, waited, waited + rng.normal(0, 2, MONTHS))

    page = asked(client_of(world.a.supervisor), one, other, reliability="0.64")
    facts = page.context["facts"]

    assert facts["without_error"] == pytest.approx(facts["r"][0] / 0.8)
    assert "Were the scores measured without error (agreement 0.64, typed in)" in page.content.decode()


def test_a_sample_too_small_to_tell_is_warned_of(world, client_of):
    rng = np.random.default_rng(8)
    one = making.share(world.a.department, "In time")
    other = making.share(world.a.department, "Passed checks")
    making.counted(one, world.a.team, rng.binomial(2_000, rng.uniform(0.7, 0.9, MONTHS)).tolist(), [2_000] * MONTHS)
    making.counted(other, world.a.team, rng.binomial(5, 0.8, MONTHS).tolist(), [5] * MONTHS)

    text = asked(client_of(world.a.supervisor), one, other).content.decode()

    assert "The sample behind Passed checks is too small to tell" in text
    assert "with about 5 a period" in text


def test_weeks_are_added_up_to_months(world, client_of):
    """A weekly metric beside a monthly one: each week lies in the month of its Thursday."""
    rng = np.random.default_rng(9)
    weekly = making.share(world.a.department, "Weekly", period="week")
    made = making.counted(weekly, world.a.team, [], [])
    first = plain.month(0)
    rows = [(first + 7 * week, int(rng.binomial(50, 0.8)), 50) for week in range(150)]
    making.weeks(made, rows)
    monthly = plain.metric(world.a.department, "Quality score")
    plain.series(monthly, world.a.team, rng.normal(80, 3, 34).tolist())

    facts = asked(client_of(world.a.supervisor), weekly, monthly).context["facts"]

    # January 2024 begins on a Monday: its Thursdays lie in the weeks of the 1st, 8th, 15th and 22nd; that of the week
    # of the 29th is 1 February.
    expected = sum(hits for _day, hits, _size in rows[:4]) / 200 * 100
    assert (facts["period"], facts["one"][0]) == ("month", pytest.approx(expected))


@pytest.mark.parametrize("values", [[5.0], [5.0] * 40, [None if place % 2 else 1.0 * place for place in range(40)]])
def test_little_or_flat_data_are_said_to_be_too_little(world, client_of, values):
    rng = np.random.default_rng(3)
    one, other = two_metrics(world.a, values, rng.normal(0, 1, 40).tolist())

    page = asked(client_of(world.a.supervisor), one, other)

    assert (page.status_code, "Not enough to compare" in page.content.decode()) == (200, True)


@pytest.mark.parametrize(("count", "told"), [(15, True), (20, False)])
def test_too_few_periods_are_said_with_the_number_it_takes(world, client_of, count, told):
    rng = np.random.default_rng(3)
    one, other = two_metrics(world.a, *(rng.normal(0, 1, count).tolist() for _each in range(2)))

    page = asked(client_of(world.a.supervisor), one, other).content.decode()

    assert ("it takes about 20 to tell whether they move together" in page) == told


def test_teams_are_compared_by_values_drawn_to_the_middle(world, client_of):
    rng = np.random.default_rng(10)
    one, other = making.share(world.a.department, "In time"), making.share(world.a.department, "Passed")
    for number, level in enumerate(np.linspace(0.6, 0.9, 10)):
        unit = making.team(world.a.department, f"Alder {number}")
        for metric in (one, other):
            making.counted(metric, unit, rng.binomial(400, level, 30).tolist(), [400] * 30)

    page = asked(client_of(world.a.supervisor), one, other)

    assert "Over 10 units, those with a higher In time tend to have a higher Passed" in page.content.decode()
    assert [line[0] for line in page.context["team_lines"]] == [f"Alder {number}" for number in range(10)]


def test_units_of_which_too_little_is_looked_at_are_warned_of(world, client_of):
    rng = np.random.default_rng(10)
    one, other = making.share(world.a.department, "In time"), making.share(world.a.department, "Passed")
    for number, level in enumerate(np.linspace(0.7, 0.9, 10)):
        unit = making.team(world.a.department, f"Alder {number}")
        making.counted(one, unit, rng.binomial(400, level, 30).tolist(), [400] * 30)
        making.counted(other, unit, rng.binomial(1, level, 30).tolist(), [1] * 30)

    text = asked(client_of(world.a.supervisor), one, other).content.decode()

    assert "With about 30 for each unit," in text
    assert "of the differences in Passed are chance" in text
    assert "of the differences in In time" not in text


def test_the_simulation_warns_where_the_page_does():
    assert (pairs.SMALL, correlating.LAGS) == (comparisons.RELIABLE, 5)


def test_a_metric_of_others_is_not_put_beside_ones_own(world, client_of):
    one = plain.steady(world.a.team).metric
    other = plain.steady(world.b.team).metric

    answer = client_of(world.a.supervisor).post("/correlate", {"metric": one.pk, "other": other.pk})

    assert (answer.status_code, Study.objects.count()) == (422, 0)


def test_a_link_that_names_one_metric_asks_for_the_other(world, client_of):
    one = plain.metric(world.a.department, "First")

    answer = client_of(world.a.supervisor).get(f"/correlate?metric={one.pk}")

    assert (answer.status_code, answer.context["form"].errors) == (200, {})
    assert str(answer.context["form"]["metric"].value()) == str(one.pk)


@pytest.mark.browser
def test_the_keys_show_the_words_of_a_point_in_the_second_panel(world, client_of, page_of):
    one, other = two_metrics(world.a, *np.random.default_rng(8).normal(50, 2, (2, MONTHS)))
    address = asked(client_of(world.a.supervisor), one, other).request["PATH_INFO"]
    page = page_of(world.a.supervisor)
    page.goto(f"{address}?metric={one.pk}&other={other.pk}")
    page.wait_for_selector("[data-chart=side-chart][data-drawn]")

    page.focus("[data-chart=side-chart]")
    page.keyboard.press("Home")

    voice = page.locator("[data-chart=side-chart] + [aria-live=polite]").text_content()
    told = voice.rsplit("Quality score ", 1)[1]
    page.wait_for_function("told => document.querySelector('.hovertext')?.textContent.includes(told)", arg=told)
