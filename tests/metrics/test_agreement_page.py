"""Scores of several people on the pages: mapped on a form, charted like any series, with what the agreement means."""

import pytest

from metrics.models import Agreement, Analysis, Series, Source, Upload
from metrics.workflow import uploads
from tests.importing.conftest import desk
from tests.importing.test_scorings import NUMBERS, PEOPLE, WORDS, bring, of, rows, text_of

__all__ = ["desk"]
pytestmark = pytest.mark.django_db


def page_of(client_of, person, series):
    return client_of(person).get(series.get_absolute_url()).content.decode()


def test_the_page_of_the_agreement_says_what_it_is_means_and_asks_for(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS), rows(NUMBERS[::-1], "2024-02")))
    series = of(desk, "agreement")
    page = page_of(client_of, world.a.supervisor, series)
    assert "How far the people who score agree" in page
    assert "People who scored the same contacts in February 2024 agreed at 0.86 (95 % interval 0.61 to 1.00)" in page
    assert "over 5 contacts scored by 3 people." in page
    assert "With fewer than 10 contacts it can be quite another next time." in page
    assert "Krippendorff&#x27;s alpha for numbers" in page
    assert "What was scored in each period" in page
    assert Analysis.objects.get(series=series).n == 2


def test_the_page_of_the_score_leads_to_the_agreement(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS)))
    page = page_of(client_of, world.a.supervisor, of(desk, "quality_score"))
    assert f'href="{of(desk, "agreement").get_absolute_url()}"' in page
    assert "See the agreement in time" in page


def test_without_a_contact_scored_twice_the_page_says_what_to_do(desk, world, client_of):
    bring(desk, text_of([line for line in rows(NUMBERS) if ",Ann," in line]))
    page = page_of(client_of, world.a.supervisor, of(desk, "scored"))
    assert "no contact was scored by two people. Have a few contacts scored by two people or more" in page


def test_no_page_compares_the_people_who_score(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS)))
    for derived in ("agreement", "quality_score", "scored"):
        page = page_of(client_of, world.a.supervisor, of(desk, derived))
        assert not [name for name in PEOPLE if f">{name}<" in page or f" {name} " in page]


def test_whoever_sees_only_a_team_sees_its_agreement_alone(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS), rows(NUMBERS, team="Alder Team South", first=11)))
    own = Series.objects.get(metric__derived="agreement", unit=world.a.team)
    assert own.unit.name == "Alder Team North"
    client = client_of(world.a.colleague)
    assert client.get(own.get_absolute_url()).status_code == 200
    assert client.get(of(desk, "agreement").get_absolute_url()).status_code == 404
    assert client_of(world.b.supervisor).get(own.get_absolute_url()).status_code == 404


ODD = "Vorgang;Bewerter;Note;Tag\nK1;Ann;sehr gut;01.02.2024\nK1;Bo;gut;01.02.2024\nK2;Ann;gut;13.02.2024\n"


def asked(desk):
    upload = desk.bring(ODD, "noten.csv")
    assert upload.state == "received"
    return upload


def say(client, upload, **more):
    given = {"shape": "scorings", "date_order": "dmy", "decimal": ",", "zone": "UTC", "scale": "category"}
    given |= {"contact": "vorgang", "rater": "bewerter", "score": "note", "opened": "tag", "period": "month"}
    return client.post(f"/imports/{upload.pk}/map", {**given, **more})


def test_headers_that_nobody_knows_are_mapped_on_a_form(desk, world, client_of):
    upload, client = asked(desk), client_of(world.a.supervisor)
    form = client.get(f"/imports/{upload.pk}/map?shape=scorings").content.decode()
    assert 'aria-current="true">Quality scores, by person who scored</a>' in form
    assert "The team whose contact was scored, not that of the person who scored." in form
    assert say(client, upload).status_code == 302
    upload = desk.commit(desk.work(upload), accept_truncated=True)
    told = upload.mapping["cases"]["scoring"]
    assert (upload.state, told["scale"], told["rater"]) == ("done", "category", "bewerter")
    assert Source.objects.get(name="Desk").mapping == upload.mapping
    assert Agreement.objects.get(series=of(desk, "agreement")).facts["periods"][0]["reason"] == "few_items"
    again = client.get(f"/imports/{upload.pk}/map").content.decode()
    assert "shape=scorings" in again


@pytest.mark.parametrize(
    ("given", "words"),
    [
        ({"rater": "vorgang"}, "four different columns"),
        ({"rater": ""}, "Choose a column, or choose a column for each person who scored."),
        ({"score": "nonsense"}, "Select a valid choice."),
        ({"scale": "number", "low": "5", "high": "1"}, "The highest possible score lies above the lowest."),
        ({"period": "century"}, "Select a valid choice."),
    ],
)
def test_a_form_that_cannot_be_says_why(desk, world, client_of, given, words):
    upload = asked(desk)
    page = say(client_of(world.a.supervisor), upload, **given)
    assert page.status_code == 422
    assert words in page.content.decode()
    assert Upload.objects.get(pk=upload.pk).state == "received"


def test_scores_off_the_scale_are_left_out_with_the_reason(desk, world, client_of):
    upload = desk.bring(text_of(rows(NUMBERS), ["2024-01-C9,Ann,720,2024-01-09,Alder Team North"]))
    mapping = upload.mapping
    mapping["cases"]["scoring"] |= {"low": 0, "high": 100}
    upload = desk.work(uploads.map(desk.person, upload, mapping))
    page = client_of(world.a.supervisor).get(upload.get_absolute_url()).content.decode()
    assert "“720” lies outside the scale from 0 to 100." in page
    assert "Scores are read as numbers, from 60 to 91." in page and "off your scale" not in page
    mapping["cases"]["scoring"]["high"] = None
    mapping["cases"]["scoring"]["low"] = 80
    upload = desk.work(uploads.map(desk.person, upload, mapping))
    page = client_of(world.a.supervisor).get(upload.get_absolute_url()).content.decode()
    assert "“60” lies outside the scale from 80 to any." in page


def test_a_mapping_of_cases_forgets_the_scores(desk, world, client_of):
    upload, client = asked(desk), client_of(world.a.supervisor)
    say(client, upload)
    given = {"shape": "cases", "id": "vorgang", "opened": "tag", "date_order": "dmy", "decimal": ",", "zone": "UTC"}
    assert client.post(f"/imports/{upload.pk}/map", given).status_code == 302
    assert Upload.objects.get(pk=upload.pk).mapping["cases"]["scoring"] is None


def test_the_plan_says_what_was_scored_and_by_how_many(desk, world, client_of):
    client, alone = client_of(world.a.supervisor), ["2024-01-C9,Ann,80,2024-01-09,Alder Team North"]
    page = client.get(desk.bring(text_of(rows(NUMBERS), alone)).get_absolute_url()).content.decode()
    assert "It holds scores of 6 contacts, 5 of them by two people or more." in page
    assert "how far the people who score agree, and the mean score" in page
    page = client.get(desk.bring(text_of(alone), "alone.csv").get_absolute_url()).content.decode()
    assert "In this file no contact was scored by two people" in page


def test_the_plan_says_how_the_scores_are_read(desk, world, client_of):
    client, team = client_of(world.a.supervisor), "2024-01-09,Alder Team North"
    slip = desk.bring(text_of(rows(NUMBERS), [f"C9,Ann,720,{team}"]))
    page = client.get(slip.get_absolute_url()).content.decode()
    assert "Scores are read as numbers, from 60 to 720. If one of these is off your scale" in page
    mixed = desk.bring(text_of([f"C8,Ann,3,{team}", f"C8,Bo,good,{team}"]), "mixed.csv", "Mixed")
    assert "Scores are read as words: “3”, “good”." in client.get(mixed.get_absolute_url()).content.decode()
    unscored = desk.bring(text_of([f"C8,Ann,,{team}"]), "none.csv", "Unscored")
    assert "It holds no score." in client.get(unscored.get_absolute_url()).content.decode()


def test_what_a_plan_of_scores_rejects_is_said_of_scores(desk, world, client_of):
    client, team = client_of(world.a.supervisor), "2024-01-09,Alder Team North"
    upload = desk.bring(text_of([f"C8,Ann,3,{team}", f"C8,Ann,4,{team}", f",Bo,4,{team}"]))
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "The same person scored this contact in row 3, too, on the same day" in page
    assert "<td>Contact</td>" in page
    assert "The number of the case or contact is missing." in page
    remarks = desk.bring(text_of([f"C{n},Ann,Remark {n},{team}" for n in range(40)]), "remarks.csv", "Remarks")
    page = client.get(remarks.get_absolute_url()).content.decode()
    assert "different words in the column of scores: they look like remarks." in page


def test_the_rows_behind_a_point_are_its_scorings(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS), rows(WORDS, "2024-02")))
    series, client = of(desk, "agreement"), client_of(world.a.supervisor)
    page = client.get(f"{series.get_absolute_url()}/points/2024-02-01").content.decode()
    assert "The scorings of this period" in page
    assert "2024-02-C3 · Cai" in page
    assert "The parts that were summed" not in page
    assert client_of(world.a.colleague).get(f"{series.get_absolute_url()}/points/2024-02-01").status_code in (403, 404)


def test_an_agreement_is_no_sum_and_no_survey(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS), rows(NUMBERS, team="Alder Team South", first=11)))
    page = page_of(client_of, world.a.supervisor, of(desk, "agreement"))
    for words in ("summed from its parts", "Why the total moved", "Are these answers of customers?"):
        assert words not in page


def test_what_is_expected_next_is_no_agreement_beyond_full(desk, world, client_of):
    tables = [[(70 + 3 * n + k % 2, 71 + 3 * n, 69 + 3 * n - k % 3) for n in range(8)] for k in range(12)]
    bring(desk, text_of(*(rows(table, f"2024-{place:02d}") for place, table in enumerate(tables, 1))))
    outlook = Analysis.objects.get(series=of(desk, "agreement")).outlook
    assert outlook["next_high"] == 1.0
    assert outlook["next_low"] > 0.8


def test_whoever_sees_no_value_of_a_metric_is_not_offered_to_compare_it(desk, world, client_of):
    whole = [line.rpartition(",")[0] for line in rows(NUMBERS)]
    bring(desk, text_of(whole, head="Contact,Scored by,Score,Scored on"))
    metric = of(desk, "agreement").metric
    page = client_of(world.a.colleague).get(metric.get_absolute_url()).content.decode()
    assert metric.name in page
    assert "Compare side by side" not in page
    assert "Compare side by side" in client_of(world.a.supervisor).get(metric.get_absolute_url()).content.decode()


def test_what_is_usual_is_no_agreement_beyond_full(desk, world, client_of):
    tables = [[(70 + 3 * n + k % 2, 71 + 3 * n, 69 + 3 * n - (k % 3) * 3) for n in range(8)] for k in range(13)]
    months = [f"{2024 + place // 12}-{place % 12 + 1:02d}" for place in range(13)]
    bring(desk, text_of(*(rows(table, month) for month, table in zip(months, tables, strict=True))))
    series = of(desk, "agreement")
    assert Analysis.objects.get(series=series).upper == 1
    page = page_of(client_of, world.a.supervisor, series)
    assert "to 1.00 are usual." in page or "to 1.000 are usual." in page


def test_that_a_limit_was_cut_at_full_agreement_is_said(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS), rows(NUMBERS[::-1], "2024-02")))
    series = of(desk, "agreement")
    Analysis.objects.filter(series=series).update(lower=0.55, upper=1.0, amr=0.1)
    page = page_of(client_of, world.a.supervisor, series)
    assert "<dd>0.55 to 1.00<br>" in page and "cut at the end of the scale" in page
    Analysis.objects.filter(series=series).update(lower=0.55, upper=0.95)
    assert "cut at the end of the scale" not in page_of(client_of, world.a.supervisor, series)


def test_with_too_few_values_for_limits_the_page_says_so(desk, world, client_of):
    bring(desk, text_of(rows(NUMBERS)))
    series = of(desk, "agreement")
    Analysis.objects.filter(series=series).update(lower=None, upper=None)
    assert "<dd>too early</dd>" in page_of(client_of, world.a.supervisor, series)


def test_the_question_of_an_undo_speaks_of_scorings(desk, world, client_of):
    upload = bring(desk, text_of(rows(NUMBERS)))
    page = client_of(world.a.supervisor).get(f"/imports/{upload.pk}/undo").content.decode()
    assert "15 scorings that it brought" in page
    assert "cases that it brought" not in page


def test_the_form_begins_with_the_order_of_days_that_the_file_proves(desk, world, client_of):
    upload, client = asked(desk), client_of(world.a.supervisor)
    form = client.get(f"/imports/{upload.pk}/map?shape=scorings").content.decode()
    assert '<option value="dmy" selected>day first' in form
    say(client, upload, date_order="ymd")
    desk.work(upload)
    page = client.get(upload.get_absolute_url()).content.decode()
    assert "“13.02.2024” can only be written day first. Change the mapping" in page
    assert "row 4, column Tag (D)" in page
