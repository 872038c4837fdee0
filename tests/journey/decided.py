"""The second half of the thread: from the recommendation to the closed review."""

import re

STEP = "A bed or a way home is found"
FOUND = "Free beds are known to their own ward only"


def recommend(clerk):
    clerk.stage("Decide")
    clerk.follow("Write a recommendation")
    clerk.fill("Recommendation", "Keep one list of free beds for all wards")
    clerk.fill("What is asked", "Let one person of each hospital keep the list, from May on.")
    clerk.fill("What it buys", "Two people more of a hundred leave within four hours.")
    clerk.fill("What happens if we wait", "About 300,000 people a month wait longer than four hours.")
    clerk.fill("By when", "2018-05-01")
    clerk.tick(FOUND)
    clerk.press("Make the draft")
    clerk.follow("Add an option")
    clerk.fill("Option", "One list, kept by the bed manager")
    clerk.choose("Effect on satisfaction", "better")
    clerk.fill("One-off cost", "12000")
    clerk.fill("Yearly cost", "3000")
    clerk.fill("Hours of work", "200")
    clerk.shot("option")
    clerk.press("Add the option")
    clerk.sees("Do nothing", "recommended")
    clerk.shot("recommendation")
    clerk.press("Put it forward")
    clerk.shot("paper")
    clerk.more("The paper as PDF")
    clerk.press("Make the PDF")
    clerk.work()
    with clerk.page.expect_download() as waiting:
        clerk.page.get_by_role("link", name=re.compile(r"\.pdf")).click()
    assert waiting.value.path().read_bytes().startswith(b"%PDF")
    clerk.shot("editions")


def decide(clerk, people):
    clerk.as_somebody(people["david"])
    clerk.take("Read the paper")
    clerk.tick("Approve")
    clerk.fill("Reason", "It costs little, and the promise can be checked.")
    clerk.shot("decide")
    clerk.press("Keep the decision")
    clerk.sees("approved")
    clerk.shot("decided")


def act(clerk, people):
    clerk.as_somebody(people["sara"])
    clerk.rail("Reviews")
    clerk.follow("Four hours in emergency departments")
    clerk.stage("Act & watch")
    clerk.follow("Plan an action")
    clerk.choose("Owner", "Tanya Brooks")
    clerk.fill("What will be done", "Keep one list of free beds for all wards, read out at 8, 12 and 16")
    clerk.choose("Step", STEP)
    clerk.choose_like("Team", "Flow team")
    clerk.choose_like("Metric", "England$")
    clerk.fill("Target", "85")
    clerk.fill("Due date", "2018-04-30")
    clerk.fill("Hours needed", "200")
    clerk.choose("Verified by", "Vera Lindqvist")
    clerk.fill("Outcome read on", "2019-04-15")
    clerk.fill("Points needed afterwards", "11")
    clerk.shot("new-action")
    clerk.press("Propose the action")
    clerk.sees("Baseline 83.0 % limits 79.8 % – 86.1 %, 24 points to March 2018")
    clerk.shot("action-proposed")
    clerk.as_somebody(people["vera"])
    clerk.take("Read the action")
    clerk.press("Approve")
    clerk.as_somebody(people["tanya"])
    clerk.take("Open the action")
    clerk.press("Begin")
    clerk.follow("Mark done with proof")
    clerk.fill("Proof", "The list of 27 April: 14 wards, read out three times.")
    clerk.press("It is done")
    clerk.shot("action-done")


def import_the_whole_file(clerk, people, file):
    clerk.as_somebody(people["sara"])
    clerk.desk.go("/imports/new")
    clerk.page.locator("input[type=file]").set_input_files(file)
    clerk.choose_like("Source", "NHS England, monthly")
    clerk.choose_like("Unit", r"England$")
    clerk.press("Look at the file")
    clerk.work()
    clerk.sees("New 1,617", "The same 3,315")
    clerk.shot("import-again")
    clerk.press("Commit the plan")
    clerk.work()
    clerk.sees("done")


def read_the_outcome(clerk, people):
    clerk.as_somebody(people["vera"])
    clerk.take("Read the outcome")
    clerk.follow("Read the outcome")
    clerk.sees("The chart says: not effective", "Mean before 82.963 %", "79.798 % – 86.127 %", "Mean since 81.529 %")
    clerk.page.get_by_text("The table behind the chart").click()
    rows = clerk.page.locator("table tbody tr").all_inner_texts()
    below = [row.split("\t")[0] for row in rows if "below the limits" in row]
    assert below == ["December 2018", "January 2019", "February 2019", "March 2019"]
    assert clerk.field("not effective").is_checked()
    clerk.shot("outcome")
    clerk.press("Keep the verdict")
    clerk.shot("outcome-kept")


def close(clerk, people):
    clerk.as_somebody(people["sara"])
    clerk.rail("Reviews")
    clerk.follow("Four hours in emergency departments")
    clerk.more("Close the review")
    clerk.fill("A closing word", "The list is kept, and it has not helped: people wait for beds that are not free.")
    clerk.shot("close")
    clerk.press("Close the review")
    clerk.sees("closed")
    clerk.shot("review-closed")
