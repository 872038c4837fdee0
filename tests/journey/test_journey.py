"""The whole thread through the pages, on real figures of the NHS: from a file to the verdict on what was done.

England is the organisation, its figures the sums of 130 and more hospitals. The clock stands in April 2018, then in
April 2019.
"""

import csv
import re

import pytest

from teams import roles
from teams.models import Person, Role, Unit, Workspace
from tests.journey.clerk import Clerk
from tests.journey.decided import FOUND, STEP, act, close, decide, import_the_whole_file, read_the_outcome, recommend
from tests.world import PASSWORD

pytestmark = [pytest.mark.browser, pytest.mark.django_db(transaction=True)]
METRIC = "Within 4 hours"
FEATURE = "Being told how long it takes"
QUESTION = "What would halve the time until a bed is found?"
ANSWER = "Nobody knows which beds are free: each ward keeps its own list."
PLACES = {"England": None, "Emergency care": "England", "Flow team": "Emergency care"}
PEOPLE = {
    "sara": ("Sara Whitfield", roles.SUPERVISOR, "England"),
    "david": ("David Osei", roles.DECISION_MAKER, "England"),
    "tanya": ("Tanya Brooks", roles.TEAM_LEAD, "Flow team"),
    "colin": ("Colin Marsh", roles.COLLEAGUE, "Flow team"),
    "vera": ("Vera Lindqvist", roles.SUPERVISOR, "England"),
}


@pytest.fixture
def people(transactional_db):
    """Five people of England and its Flow team; everything else is done on pages."""
    Workspace.objects.create(pk=1, name="Emergency care", zone="UTC")
    kinds = iter(Unit.Kind.values)
    units = {}
    for name, above in PLACES.items():
        unit = Unit.objects.create(name=name, kind=next(kinds), parent=units.get(above))
        unit.path = f"{unit.parent.path if unit.parent else '/'}{unit.pk}/"
        unit.save(update_fields=["path"])
        units[name] = unit
    found = {}
    for key, (name, role, unit) in PEOPLE.items():
        found[key] = Person.objects.create_user(f"{key}@england.example", name, PASSWORD)
        Role.objects.create(person=found[key], unit=units[unit], name=role)
    return found


@pytest.fixture
def files(samples, tmp_path):
    """The months to March 2018, and the whole file."""
    whole = samples / "nhs_ae_type1_monthly.csv"
    first = tmp_path / "nhs_ae_to_2018_03.csv"
    with open(whole, newline="") as source, open(first, "w", newline="") as target:
        rows = csv.reader(source)
        writer = csv.writer(target)
        writer.writerow(next(rows))
        writer.writerows(row for row in rows if row[0] <= "2018-03-01")
    return first, whole


def test_from_a_file_to_the_verdict(desk, people, files, settings, capsys):
    clerk = Clerk(desk, settings.CLOCK_FILE)
    clerk.at("2018-04-03T08:00:00+00:00")
    import_the_first_file(clerk, people, files[0])
    see_the_signal(clerk)
    plan_the_review(clerk)
    agree_and_freeze(clerk, people)
    judge(clerk)
    challenge(clerk, people)
    raise_findings(clerk)
    conclude(clerk)
    recommend(clerk)
    decide(clerk, people)
    act(clerk, people)
    clerk.at("2019-04-12T08:00:00+00:00")
    import_the_whole_file(clerk, people, files[1])
    read_the_outcome(clerk, people)
    close(clerk, people)
    with capsys.disabled():
        print(f"\n{clerk.confirmations} confirmations, {len(clerk.seen)} screens")


def import_the_first_file(clerk, people, file):
    clerk.as_somebody(people["sara"])
    clerk.shot("home-empty")
    clerk.desk.go("/imports/new")
    clerk.page.locator("input[type=file]").set_input_files(file)
    clerk.fill("Name of the new source", "NHS England, monthly")
    clerk.choose_like("Unit", r"England$")
    clerk.shot("new-import")
    clerk.press("Look at the file")
    clerk.work()
    clerk.shot("import-asked")
    clerk.follow("Match the names")
    clerk.choose("All names for which nothing is chosen below", "make it")
    clerk.shot("match-names")
    clerk.press("Make the plan")
    clerk.work()
    clerk.follow("Say of each new metric whether more or less is better")
    clerk.choose(METRIC, "higher is better")
    clerk.press("Make the plan")
    clerk.work()
    clerk.sees("New 3,315", "Rejected 0", "140 new units")
    clerk.shot("import-plan")
    clerk.press("Commit the plan")
    clerk.work()
    clerk.sees("done")
    clerk.shot("import-done")


def see_the_signal(clerk):
    clerk.rail("Signals")
    clerk.sees(METRIC, "England")
    clerk.shot("signals")
    first = clerk.page.locator("table.board tbody tr").first
    assert "England" in first.inner_text()
    clerk.follow(METRIC, within="table.board tbody tr:first-child")
    clerk.shot("series")
    clerk.page.get_by_text("The table behind the chart").click()
    with clerk.page.expect_download() as waiting:
        clerk.page.get_by_role("link", name="CSV", exact=True).click()
    points = list(csv.reader(waiting.value.path().read_text(encoding="utf-8-sig").splitlines()))
    place = {name: column for column, name in enumerate(points[0])}
    mean, lower, upper = (float(points[-1][place[name]]) for name in ("mean", "lower limit", "upper limit"))
    assert (len(points) - 1, f"{mean:.3f}", f"{lower:.3f}", f"{upper:.3f}") == (24, "82.963", "79.798", "86.127")
    assert f"{(upper - mean) / 2.66:.3f}" == "1.190"


def plan_the_review(clerk):
    clerk.follow("Start a review of this")
    clerk.fill(
        "Question to answer", "Why do fewer people leave emergency departments within four hours, and what helps?"
    )
    clerk.choose_like("Unit", "England$")
    clerk.fill("Name of a new service", "Emergency departments, type 1")
    clerk.fill("Start point of the process", "Somebody arrives at the department")
    clerk.fill("End point of the process", "They leave it: admitted, moved on or at home")
    clerk.fill("Period from", "2016-04-01")
    clerk.fill("Period to, that day included", "2018-03-31")
    clerk.choose("Decision-maker", "David Osei")
    clerk.fill("Title", "Four hours in emergency departments")
    clerk.shot("new-review")
    clerk.press("Begin the review")
    clerk.follow("Add a criterion")
    clerk.fill("Criterion", "19 of 20 people leave within four hours")
    clerk.fill("Why it matters", "Who waits longer suffers more and stays longer in hospital.")
    clerk.choose_like("Metric and unit", "England$")
    clerk.choose("How it is concluded", "the mean of the period is on the right side of the threshold")
    clerk.fill("Threshold", "95")
    clerk.fill("Source", "4-hour standard of the NHS")
    clerk.shot("criterion")
    clerk.press("Add to the plan")
    clerk.more("Change question or boundaries")
    clerk.fill("Inside the boundary", "Major emergency departments (type 1) of England")
    clerk.fill("Outside the boundary", "Walk-in centres; ambulances before they arrive")
    clerk.fill("Spend limit", "20000")
    clerk.press("Save the plan")
    clerk.follow("Add a parameter")
    clerk.fill("Aspect", "Number of beds")
    clerk.choose("Freedom", "fixed")
    clerk.press("Add to the plan")
    clerk.stage("Process")
    clerk.follow("Add a step")
    clerk.fill("Step", "Somebody arrives and is seen first")
    clerk.press("Add it and write the next one")
    clerk.fill("Step", STEP)
    clerk.fill("Done by", "Bed managers")
    clerk.press("Add the step")
    clerk.more("Add a feature")
    clerk.fill("Feature", FEATURE)
    clerk.press("Add the feature")
    clerk.shot("process")


def agree_and_freeze(clerk, people):
    clerk.stage("Plan")
    clerk.follow("Tell them")
    clerk.shot("brief")
    clerk.press("Tell them")
    clerk.sees("read by 0 of")
    clerk.press("Ask for agreement")
    clerk.shot("plan-asked")
    for colleague in ("colin", "tanya"):
        clerk.as_somebody(people[colleague])
        clerk.take("Read it")
        clerk.shot(f"briefing-{colleague}")
        clerk.press("I have read it")
    clerk.as_somebody(people["david"])
    clerk.shot("home-decision-maker")
    clerk.take("Read the plan")
    clerk.press("Agree the plan")
    clerk.sees("agreed")
    clerk.as_somebody(people["sara"])
    clerk.take("Freeze the plan")
    clerk.sees("read by 2 of")
    clerk.press("Freeze and start")
    clerk.sees("under way")
    clerk.stage("Plan")
    clerk.sees("hash of the plan now")
    clerk.shot("plan-frozen")


def judge(clerk):
    clerk.stage("Process")
    clerk.follow(STEP)
    clerk.judge("satisfaction", "not met", "Those who wait for a bed wait longest, and say so.")
    clerk.judge("cost", "partly met", "Staff look after people who wait in corridors.")
    clerk.judge("compliance", "not met", "The standard asks for 95 %.")
    clerk.shot("step-judged")
    clerk.stage("Process")
    clerk.follow(FEATURE)
    clerk.judge("satisfaction", "partly met", "Some departments show the time, most do not.")
    clerk.shot("feature-judged")


def challenge(clerk, people):
    clerk.stage("Challenge")
    clerk.follow("Prepare a round")
    clerk.fill("Title", "Where does the time go?")
    clerk.fill("Answers until", "2018-04-30")
    for offered in clerk.page.locator("input[name=questions]").all():
        offered.uncheck()
    clerk.page.get_by_label(f"{STEP}, purpose").check()
    clerk.page.get_by_label(f"Own question about “{STEP}”").fill(QUESTION)
    clerk.tick("Colin Marsh does the work")
    clerk.tick("Tanya Brooks manages it")
    clerk.shot("new-round")
    clerk.press("Open the round and invite")
    asked = clerk.page.url
    clerk.as_somebody(people["colin"])
    clerk.take("Answer")
    clerk.pick("should change")
    clerk.shot("answer")
    clerk.press("Send and go on")
    clerk.pick("should change")
    clerk.page.locator("textarea").first.fill(ANSWER)
    clerk.press("Send my answer")
    clerk.sees("Thank you, that was all")
    clerk.as_somebody(people["tanya"])
    clerk.take("Answer")
    clerk.follow("All on one page")
    clerk.sees(QUESTION)
    clerk.sees_not(ANSWER)
    for other in ("david", "sara"):
        clerk.as_somebody(people[other])
        clerk.page.goto(asked)
        clerk.sees(QUESTION)
        clerk.sees_not(ANSWER)
    clerk.sees("has answered", "not yet")
    clerk.shot("round-open")
    clerk.press("Close and reveal")
    clerk.sees(ANSWER)
    clerk.page.get_by_text("Choose an outcome").first.click()
    clerk.tick("simplify")
    clerk.fill("Reason", "One list of free beds for all wards, kept by one person.")
    clerk.shot("reveal")
    clerk.press("Record the outcome")


def raise_findings(clerk):
    clerk.press("Raise a finding")
    clerk.fill("Finding", FOUND)
    clerk.fill("Effect", "Beds are found hours after they are free.")
    clerk.fill("Cause", "Each ward keeps a list of its own.")
    clerk.press("Save the finding")
    clerk.shot("finding")
    clerk.press("Agree the finding")
    clerk.stage("Measure")
    clerk.shot("measure")
    clerk.page.get_by_role("button", name=re.compile("^Raise a finding")).first.click()
    clerk.page.wait_for_url("**/findings/*")
    clerk.confirmations += 1
    clerk.sees("76.4 %, with a mean of 83.0 % and limits from 79.8 % to 86.1 %")
    clerk.press("Agree the finding")
    clerk.stage("Findings")
    clerk.shot("findings")


def conclude(clerk):
    clerk.stage("Measure")
    for why in (
        "Every winter falls out of the limits.",
        "The mean of two years is 83.0 %, the standard asks for 95 %.",
    ):
        clerk.page.get_by_role("link", name=re.compile("^Conclude “")).first.click()
        clerk.page.wait_for_url("**/conclusion/*")
        clerk.sees("not met")
        clerk.tick("not met")
        clerk.fill("Why", why)
        clerk.press("Conclude this criterion")
    clerk.shot("concluded-criteria")
    clerk.follow("Conclude the review")
    clerk.fill("Overall conclusion", "People wait for beds that are free: nobody knows of them all.")
    clerk.shot("conclude")
    clerk.press("Conclude")
    clerk.sees("concluded")
