"""Every table that the command writes is the reference's, to a relative 1e-9 and to the last flag."""

import json
import math
from io import StringIO

import pytest
from django.core.management import CommandError, call_command, load_command_class

from .conftest import rows_of

KEYS = {
    "attr_qicharts2_expected.csv": ("series_id", "chart", "screened_mr", "seq"),
    "attr_qcc_expected.csv": ("series_id", "chart", "seq"),
    "nelson_expected.csv": ("series_id", "seq"),
    "ewma_cusum_expected.csv": ("series_id", "seq"),
    "funnel_expected.csv": ("funnel_id", "data_type", "sr_method", "adjusted", "unit"),
    "mannkendall_expected.csv": ("series_id",),
    "proportion_ci_expected.csv": ("k", "n"),
    "xmr_qicharts2_expected.csv": ("series_id", "screened_mr"),
}
FLAGS = {
    "sigma_signal", "runs_signal", "n_useful", "longest_run", "longest_run_max", "n_crossings", "n_crossings_min",
    "beyond", "run7", "ewma_signal", "cusum_upper", "cusum_lower", "outlier998", "adjusted_used", "n_sigma_signal",
    "baseline", "part", "date", *(f"nelson{rule}" for rule in range(1, 9)), *(f"weco{rule}" for rule in range(1, 5)),
}  # fmt: skip
HELD = {"own": list(KEYS), "nhs": [name for name in KEYS if not name.startswith(("nelson", "ewma", "proportion"))]}
ROWS = {"own": 9602, "nhs": 3180}


@pytest.fixture(scope="module")
def written(oracle, tmp_path_factory):
    """Folder of the oracle -> what the command wrote for it."""
    found = {}
    for name in HELD:
        found[name] = tmp_path_factory.mktemp(name)
        call_command("analyse", str(oracle / name), mode="compat", output=found[name], stdout=StringIO())
    return found


def differs(column, expected, found):
    if expected == found:
        return False
    if column in FLAGS:
        return True
    one, other = float(expected or "nan"), float(found or "nan")
    if math.isnan(one) or math.isnan(other):
        return not (math.isnan(one) and math.isnan(other))
    # The reference leaves the dust of a subtraction where an end is exactly 0.
    return abs(one - other) > max(1e-9 * abs(one), 1e-18)


@pytest.mark.parametrize("folder", HELD)
def test_every_table_agrees_with_the_reference(oracle, written, folder):
    different, compared = [], 0
    for name in HELD[folder]:
        key = KEYS[name]
        found = {tuple(row[column] for column in key): row for row in rows_of(written[folder] / name)}
        for row in rows_of(oracle / folder / name):
            place = tuple(row[column] for column in key)
            other = found[place]
            assert list(other) == list(row)
            different += [(name, place, c) for c in row if c not in key and differs(c, row[c], other[c])]
            compared += 1

    assert different == []
    assert compared == ROWS[folder]


def test_agreement_of_raters_is_the_reference_s(oracle, written):
    name = "agreement_expected.json"
    expected, found = (json.loads((folder / name).read_text()) for folder in (oracle / "own", written["own"]))

    assert [list(case) for case in found] == [list(case) for case in expected]
    for case, answer in zip(expected, found, strict=True):
        assert answer.pop("ratings") == case.pop("ratings")
        assert answer == pytest.approx(case, rel=1e-9, abs=1e-12)


def test_limits_that_are_wrong_for_rare_events_are_left_out_unless_compared(oracle, written, tmp_path):
    said, said_of_all = StringIO(), StringIO()
    call_command("analyse", str(oracle / "own"), output=tmp_path, stdout=said)
    call_command("analyse", str(oracle / "own"), mode="compat", output=tmp_path / "all", stdout=said_of_all)

    assert "(RC) are left out" in said.getvalue()
    assert "left out" not in said_of_all.getvalue()
    assert "Mode: compat" in said_of_all.getvalue()
    kinds = {row["data_type"] for row in rows_of(tmp_path / "funnel_expected.csv")}
    compared = {row["data_type"] for row in rows_of(written["own"] / "funnel_expected.csv")}
    assert (kinds, compared) == ({"PR", "SR"}, {"PR", "RC", "SR"})


def test_the_help_names_the_run_that_reproduces_the_reference():
    told = " ".join(
        load_command_class("metrics", "analyse").create_parser("manage.py", "analyse").format_help().split()
    )
    assert "To reproduce the reference's tables, run it with --mode compat." in told
    assert "compat: the run that reproduces the reference's tables, RC funnels too" in told


SERIES = "series_id,chart,freeze,part\ncalls,p,,\n"
POINTS = "series_id,seq,date,numerator,denominator\ncalls,1,2024-01-01,3,10\ncalls,2,2024-01-08,4,10\n"
FUNNEL = {
    "funnel_series.csv": "funnel_id,data_type\nf,PR\n",
    "funnel_points.csv": "funnel_id,unit,numerator,denominator\n",
}


@pytest.mark.parametrize(
    ("files", "said"),
    [
        ({}, "this folder holds none of the tables"),
        ({"attr_series.csv": SERIES}, "attr_points.csv: the file is not there"),
        ({"attr_series.csv": SERIES.replace(",p,", ",x,"), "attr_points.csv": POINTS}, "this must be p, u, c, g or t"),
        ({"attr_series.csv": SERIES.replace("p,,", "p,,3"), "attr_points.csv": POINTS}, "more than the series has"),
        ({"attr_series.csv": SERIES + "calls,c,,\n", "attr_points.csv": POINTS}, "this is listed twice (calls)"),
        ({"attr_series.csv": SERIES, "attr_points.csv": POINTS + "post,1,2024-01-01,1,2\n"}, "not listed"),
        ({"attr_series.csv": SERIES, "attr_points.csv": POINTS.replace("calls,2", "calls,1")}, "column seq: this is"),
        ({"attr_series.csv": SERIES, "attr_points.csv": POINTS.replace(",4,", ",four,")}, "not a number (four)"),
        ({"nelson_points.csv": "series_id,value\na,1\n"}, "column seq: this column is missing"),
        ({**FUNNEL, "funnel_series.csv": "funnel_id,data_type\nf,XX\n"}, "this must be PR, SR or RC (XX)"),
        ({**FUNNEL, "funnel_series.csv": "funnel_id,data_type\nf,PR\nf,PR\n"}, "this is listed twice (f)"),
        ({**FUNNEL, "funnel_points.csv": FUNNEL["funnel_points.csv"] + "g,a,1,2\n"}, "not listed in the table"),
        ({"proportion_ci_expected.csv": "k,n\n1,many\n"}, "line 2, column n: this is not a number (many)"),
        ({"agreement_expected.json": "{"}, "the file is not JSON"),
        ({"agreement_expected.json": "{}"}, "ratings must be rows of numbers"),
        ({"agreement_expected.json": '[{"ratings": [[1, 2], [1]]}]'}, "ratings must be rows of numbers"),
        ({"agreement_expected.json": '[{"ratings": [["a", 2]]}]'}, "ratings must be rows of numbers"),
        ({"agreement_expected.json": "[7]"}, "ratings must be rows of numbers"),
    ],
)
def test_a_table_that_cannot_be_read_says_why_and_nothing_is_written(tmp_path, files, said):
    for name, text in files.items():
        (tmp_path / name).write_text(text, encoding="utf-8")

    with pytest.raises(CommandError) as caught:
        call_command("analyse", str(tmp_path), output=tmp_path / "out", stdout=StringIO())

    assert said in str(caught.value)
    assert not (tmp_path / "out").exists()


@pytest.mark.parametrize("value", ["", "NA", "0", "Inf", "-4", "1e300", "7"])
def test_poor_points_are_written_without_a_fault(tmp_path, value):
    (tmp_path / "attr_series.csv").write_text(
        "series_id,chart,freeze,part\n"
        + "".join(f"{kind},{kind},,\n{kind}2,{kind},5,1\n" for kind in "pucgt")
        + "empty,p,,\n"
    )
    (tmp_path / "attr_points.csv").write_text(
        "series_id,seq,date,numerator,denominator\n"
        + "".join(
            f"{kind}{two},{seq},2024-01-0{seq},{value},9\n" for kind in "pucgt" for two in ("", "2") for seq in (2, 1)
        )
    )
    (tmp_path / "nelson_points.csv").write_text(f"series_id,seq,value\na,1,{value}\nb,2,{value}\nb,1,3\n")
    (tmp_path / "funnel_series.csv").write_text("funnel_id,data_type\nf,PR\ng,SR\nh,RC\nempty,PR\n")
    (tmp_path / "funnel_points.csv").write_text(
        "funnel_id,unit,numerator,denominator\n" + "".join(f"{one},a,{value},8\n{one},b,1,{value}\n" for one in "fgh")
    )
    (tmp_path / "proportion_ci_expected.csv").write_text(f"k,n\n{value},9\n1,{value}\n")
    (tmp_path / "agreement_expected.json").write_text(
        '[{"ratings": [[]]}, {"ratings": [[1]]}, {"ratings": [[1], [null]]}]'
    )

    call_command("analyse", str(tmp_path), mode="compat", output=tmp_path / "out", stdout=StringIO())

    rows = {name: len(rows_of(tmp_path / "out" / name)) for name in ("nelson_expected.csv", "funnel_expected.csv")}
    assert rows == {"nelson_expected.csv": 3, "funnel_expected.csv": 16}
