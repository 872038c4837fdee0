"""R15: broken files are read rightly, refused or asked about; a long run is the same call with a larger count."""

from metrics.files.fuzz import fuzz, second_parser


def test_two_hundred_broken_files(tmp_path):
    result = fuzz(200, 15, tmp_path)
    assert (result.raised, result.wrong, result.slow, result.unnoticed) == ([], [], [], [])
    assert result.files == 200
    assert result.read > 80
    assert result.refused > 30
    assert result.cut > 5


def test_the_second_parser_is_a_parser():
    assert second_parser('a,"b ""c""\nd",e\r\n\r\n"",1\rlast', ",") == [["a", 'b "c"\nd', "e"], [], ["", "1"], ["last"]]


def test_a_fuzz_run_can_fail(tmp_path, monkeypatch):
    monkeypatch.setattr("metrics.files.fuzz.second_parser", lambda text, delimiter: [])
    result = fuzz(20, 1, tmp_path, workbooks=False)
    assert result.wrong != []
    assert not result.good
