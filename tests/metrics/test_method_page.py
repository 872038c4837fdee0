"""How we decide: the rules in words, and the kept runs of the simulations."""

import json
from dataclasses import replace

import pytest
from django.conf import settings
from django.core.management import CommandError, call_command

from jobs import workflow as jobs
from metrics.kept_runs import FILE, document, read
from metrics.models import Cycle
from metrics.queries.error_rates import error_rates
from metrics.simulations import SIMULATIONS
from metrics.trends import chance
from metrics.wording.error_columns import COLUMNS
from metrics.wording.error_headlines import HEADLINES, headline, percent
from metrics.wording.error_rates import TITLES, tables
from metrics.workflow import analyses
from tests.metrics import making


def test_the_page_prints_what_was_measured(world, client_of):
    page = client_of(world.a.colleague).get("/signals/method").content.decode()

    run = error_rates()["icons"]
    assert f"{run.repeats:,} repeats, seed {run.seed}" in page
    assert f"{100 * run.rows[2][2]:.1f} %" in page
    assert all(str(TITLES[name][0]) in page for name in error_rates())


def test_one_click_from_the_icons(world, client_of):
    assert 'href="/signals/method"' in client_of(world.a.colleague).get("/signals/icons").content.decode()


def test_every_simulation_was_kept_with_its_seed_and_has_words():
    runs = read(settings.BASE_DIR / FILE)
    columns = {column for run in runs.values() for column in run.columns if not column.startswith("phi ")}

    assert sorted(runs) == sorted(SIMULATIONS)
    assert set(SIMULATIONS) <= set(TITLES)
    assert columns <= set(COLUMNS)
    assert {name for name, run in runs.items() if run.repeats < SIMULATIONS[name].full_repeats} == set()


def test_the_counter_of_chance_reads_the_table_of_the_full_run():
    run = read(settings.BASE_DIR / FILE)["icon-rates"]

    assert (run.repeats, run.seed) == (SIMULATIONS["icon-rates"].full_repeats, 1)
    assert [list(row[1:]) for row in run.rows] == chance.RATES.tolist()
    assert [int(row[0]) for row in run.rows] == list(chance.LENGTHS)


def test_the_docs_are_what_was_kept():
    kept = document(read(settings.BASE_DIR / FILE))
    assert (settings.BASE_DIR / "docs" / "error-rates.md").read_text(encoding="utf-8") == kept


def test_a_share_is_told_in_per_cent_and_a_count_is_not():
    [icons] = [table for table in tables(error_rates()) if table.name == "icons"]
    _first, (n, icon, _any) = icons.rows[2]
    assert (n, icon[-1]) == ("52", "%")


def test_every_table_is_told_in_one_sentence_with_its_own_figures():
    runs = error_rates()

    assert set(HEADLINES) == set(SIMULATIONS)
    assert [name for name, run in runs.items() if not headline(name, run)] == []
    row = next(row for row in runs["groups"].rows if row[0] == "pair by pair")
    assert f"{100 * row[1]:.1f} %" in headline("groups", runs["groups"])


def test_a_run_without_the_rows_of_its_sentence_has_none():
    run = error_rates()["groups"]
    assert headline("groups", replace(run, rows=run.rows[:1])) == ""


@pytest.mark.parametrize(
    ("asked", "said"),
    [
        ((), "Name one simulation"),
        (("icons", "--all"), "Name one simulation"),
        (("icons", "--repeats", "0"), "one repeat"),
    ],
)
def test_what_to_run_must_be_plain(asked, said):
    with pytest.raises(CommandError, match=said):
        call_command("simulate", *asked)


def test_a_run_is_kept_beside_the_others(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / FILE).parent.mkdir(parents=True)

    call_command("simulate", "icons", "--repeats", "40", "--seed", "3", "--write")

    kept = json.loads((tmp_path / FILE).read_text())["icons"]
    assert (kept["repeats"], kept["seed"], len(kept["rows"])) == (40, 3, 4)
    assert "40 repeats of the 60,000 of a full run, seed 3" in (tmp_path / "docs" / "error-rates.md").read_text()


def test_a_shorter_run_does_not_replace_a_longer_one(tmp_path, settings):
    settings.BASE_DIR = tmp_path
    (tmp_path / "docs").mkdir()
    (tmp_path / FILE).parent.mkdir(parents=True)
    call_command("simulate", "icons", "--repeats", "3", "--write")
    files = (tmp_path / FILE, tmp_path / "docs" / "error-rates.md")
    longer = [one.read_bytes() for one in files]

    for asked in (("icons",), ("--all",)):
        with pytest.raises(CommandError, match="icons that is kept has 3 repeats; one of 2 tells less"):
            call_command("simulate", *asked, "--repeats", "2", "--write")
    assert [one.read_bytes() for one in files] == longer

    call_command("simulate", "icons", "--repeats", "4", "--write")
    assert json.loads(files[0].read_text())["icons"]["repeats"] == 4


@pytest.mark.parametrize(
    ("chosen", "told"), [("bh", "can choose the stricter"), ("by", "(Benjamini and Yekutieli). Fewer")]
)
def test_the_chosen_procedure_confirms_and_is_told(world, client_of, settings, chosen, told):
    settings.CAUTIOUS = chosen == "by"
    made = making.falling(world.a.team)
    analyses.enqueue([made.pk])
    jobs.run_pending()
    assert Cycle.objects.latest("pk").method == chosen
    assert told in client_of(world.a.colleague).get("/signals/method").content.decode()


def test_every_rule_of_the_run_lengths_is_told_in_words():
    """Whose rows are rules and not settings: none is left with its name in the code, and no two are told alike."""
    run = error_rates()["run-lengths"]
    [table] = tables({"run-lengths": run})
    told, names = [name for name, _cells in table.rows], [str(row[0]) for row in run.rows]
    assert not set(told) & set(names)
    assert len(set(told)) == len(names) == 7
    assert told[names.index("two of three at the latest point")] == "two of three near a limit, the latest among them"


def test_every_row_of_the_funnels_is_told_in_words():
    run = error_rates()["funnels"]
    [table] = tables({"funnels": run})
    told, names = [name for name, _cells in table.rows], [str(row[0]) for row in run.rows]
    assert not set(told) & set(names)
    assert len(set(told)) == len(names) == 21
    assert told[names.index("rates, 20 teams, as drawn")] == "rates of 20 teams, as the pages draw them"


def test_the_sentence_about_intervals_tells_the_worst_row():
    """A mean over all sizes would hide where the method is weakest."""
    run = error_rates()["effect-coverage"]
    place = {column: number for number, column in enumerate(run.columns)}
    told = headline("effect-coverage", run)

    for method in ("Prais-Winsten", "ordinary", "Newey-West"):
        assert percent(min(row[place[method]] for row in run.rows)) in told
    [table] = tables({"effect-coverage": run})
    assert table.rows[0][0] == "12 values before, 8 after, phi 0.0"
    assert len({name for name, _cells in table.rows}) == len(run.rows) == 15


def test_every_word_of_a_chance_has_its_rows():
    [table] = tables({"target-chance": error_rates()["target-chance"]})
    told = [name for name, _cells in table.rows]

    words = ("unlikely", "doubtful", "even odds", "likely", "very likely", "below 2 %", "above 98 %")
    assert told == [f"{word}, from {n} values" for n in (12, 24, 52) for word in words]


@pytest.mark.parametrize(
    ("share", "told"), [(0.0, "0.0 %"), (0.0004, "0.04 %"), (0.00098, "0.10 %"), (0.001, "0.1 %"), (0.052, "5.2 %")]
)
def test_a_few_in_ten_thousand_are_not_called_none(share, told):
    assert percent(share) == told
