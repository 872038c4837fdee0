"""What an export guards against spreadsheets comes back whole when the exported file is imported."""

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from metrics.files import Amount, CaseColumns, Dimension, Mapping, MetricFrom, read, sniff
from metrics.queries import uploads as questions
from metrics.tables import imports as table
from processes.models import Channel
from teams import exports
from teams.cells import defuse, unguarded
from tests.files.desk import bytes_file, text_file

WORDS = st.text(
    st.characters(codec="utf-8", exclude_categories=["Cc", "Cf", "Cs", "Zl", "Zp"]), min_size=1, max_size=20
)
# Words as the product keeps them: no blanks outside, single ones inside, none that stands for "nothing".
KEPT = WORDS.map(lambda text: " ".join(text.split())).filter(lambda text: text and text.casefold() != "total")
RISKY = st.sampled_from(["=1+1", "@next", "-12 %", "'s", "''s", "+44 20", "|x", "＝1", "%", "'", "'=x", "-5"])


@given(st.text())
def test_a_guard_is_taken_off_exactly_once(text):
    assert unguarded(defuse(text)) == text


@pytest.mark.parametrize("text", ["'s", "'tis", "o'clock", "'", "x"])
def test_an_apostrophe_of_somebody_elses_stays(text):
    assert unguarded(text) == text


@settings(max_examples=60, deadline=None)
@given(st.lists(KEPT | RISKY, min_size=1, max_size=8, unique_by=str.casefold))
def test_no_character_is_lost_from_an_export_to_an_import(tmp_path_factory, words):
    folder = tmp_path_factory.mktemp("trip")
    lines = "".join(
        exports.csv_lines(["day", "unit", "channel", "value"], [["2024-01-01", one, one, 1] for one in words])
    )
    path = bytes_file(folder, lines.encode())
    value = MetricFrom("value", value=Amount(("value",)))
    mapping = Mapping(
        "measured", date="day", unit_column="unit", dimensions=(Dimension("channel", "channel"),), metrics=(value,)
    )
    (chunk,) = read(path, sniff(path), mapping)
    kept = [chunk.unit.names[code] for code in chunk.unit.codes]
    assert kept == words


def test_case_numbers_and_headers_come_back(tmp_path):
    path = text_file(tmp_path, "'=id,opened\n'-7a,2024-01-01\n''s,2024-01-02\n'tis,2024-01-03\n")
    mapping = Mapping("cases", cases=CaseColumns("id", "opened"))
    sniffed = sniff(path)
    (chunk,) = read(path, sniffed, mapping)
    assert ([column.header for column in sniffed.columns], chunk.external_id) == (
        ["=id", "opened"],
        ["-7a", "'s", "'tis"],
    )


@pytest.mark.django_db
def test_the_rejected_rows_come_back_as_they_were(desk):
    mapping = {
        "shape": "measured",
        "date": "date",
        "unit_column": "unit",
        "dimensions": [{"name": "channel", "column": "channel"}],
        "metrics": [{"name": "Calls", "kind": "count", "value": {"plus": ["calls"]}}],
    }
    text = "date,unit,channel,calls\n2024-01-01,Alder Team North,'@next,many\n2024-01-01,Alder Team North,'tis,5\n"
    upload = desk.map(desk.bring(text), mapping)
    header = [*table.REJECTED_HEADER, *questions.headers_of(upload)]
    lines = "".join(exports.csv_lines(header, table.rejected_cells(questions.rejected_rows(upload))))
    cells = lines.split("\r\n")[1].split(",")
    assert cells[-2] == "'@next"
    desk.commit(upload, accept_valid=True)
    again = desk.map(desk.bring(f"date,unit,channel,calls\n2024-01-01,Alder Team North,{cells[-2]},7\n"), mapping)
    desk.commit(again, accept_truncated=True)
    assert set(Channel.objects.values_list("name", flat=True)) == {"@next", "'tis"}
