"""Guidance where it is needed: what a manager of performance should know at this point, in our own words.

The codes of knowledge are those of Manage customer service performance, INSCS035 (approved 22 February 2021).
"""

from __future__ import annotations

from dataclasses import dataclass

from django.utils.functional import Promise
from django.utils.translation import gettext_lazy as _


@dataclass(frozen=True)
class Guide:
    """``knowledge``: the number in the standard; ``lines``: one paragraph each."""

    title: str | Promise
    lines: tuple[str | Promise, ...]
    knowledge: int


GUIDES: dict[str, Guide] = {
    "collecting": Guide(
        _("Collecting figures that can be trusted"),
        (
            _("Take figures from where the work is done: the telephone system, the ticket system, the survey tool. A "
              "figure that somebody copies by hand each week is late and sometimes wrong."),
            _("Bring both numbers of a share, such as 87 of 100, not 87 %. Then small weeks count as small, and "
              "teams can be added up."),
            _("Keep one period throughout. Weeks suit most service metrics: enough contacts behind each point, and "
              "soon enough to act."),
        ),
        1,
    ),
    "patterns": Guide(
        _("Reading the whole board before one row"),
        (
            _("Start with the line that says how many series are on watch and how many chance alone would bring. If "
              "the two are close, nothing has to be explained this week."),
            _("Then look for things that move together: one team over several metrics, or one metric over several "
              "teams. A common cause needs one question, not ten."),
            _("Leave the stable ones alone. Explaining a value within its usual range costs time and teaches nothing."),
        ),
        2,
    ),
    "following": Guide(
        _("Following a question up"),
        (
            _("A chart says that something is different, never why. Ask what was done differently from that date on: "
              "rota, system, product, rule, season, or the way it is counted."),
            _("Look at the rows behind the points, ask those who did the work, and write the answer down with your "
              "name. An honest “nothing found” is an answer too."),
            _("Where the answer is a step of a process that can be made better, start a review from the signal."),
        ),
        3,
    ),
    "single": Guide(
        _("One service or product, not only the whole"),
        (
            _("A total can stand still while one service gets better and another worse. Filter by service, product "
              "and channel before you conclude anything from the whole."),
            _("A total can also move although no part did, because more work came in through a slower channel. The "
              "page says so where it can tell."),
        ),
        4,
    ),
    "standards": Guide(
        _("Where a target comes from"),
        (
            _("A target without a source is a wish. Name the contract, the service standard, the law, the benchmark "
              "of comparable services, or the promise to customers, and who agreed it."),
            _("Say also how far off is tolerable, and for how long, before anybody has to act. A benchmark is what "
              "others reach; it becomes a target only when it is agreed."),
        ),
        5,
    ),
    "trends": Guide(
        _("Finding a trend, and not seeing one in noise"),
        (
            _("Two rises in a row are not a trend: with nothing going on they turn up all the time. Look for the runs "
              "that the chart marks, and for how long they last."),
            _("Judge today against the whole history of this series, not against last month or last year alone."),
            _("Begin new limits only when you know what changed in the process and the new level has held."),
        ),
        6,
    ),
    "quality": Guide(
        _("Performance beside quality monitoring"),
        (
            _("Speed can be bought with quality, and the other way round. Put a performance metric and the quality "
              "score of the same team side by side before you reward either."),
            _("Check how many evaluations stand behind the score. With a handful for each team, two scores that look "
              "different are usually the same."),
            _("That two lines move together does not say which moves the other, or whether both follow a third."),
        ),
        7,
    ),
    "adjusting": Guide(
        _("Challenging and yet achievable"),
        (
            _("A target is challenging if today's level would miss it now and then, and achievable if the process can "
              "reach it without luck. The chance that the next period meets it tells both."),
            _("Raise it when it is met nearly always; lower it only after the causes were looked for and the process "
              "cannot do better. Change it openly: proposed, agreed, with its reason."),
            _("A best week is mostly luck. Take what was kept up over many weeks as the evidence, not the record."),
        ),
        14,
    ),
}  # fmt: skip
