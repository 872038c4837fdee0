"""Who may do what: one table. Pure.

A permission is held through a role for a unit (and all below it), or through being named on one object
(``named`` on the model). A permission that no role holds is for named people alone.
"""

from __future__ import annotations

SUPERVISOR = "supervisor"
DECISION_MAKER = "decision_maker"
TEAM_LEAD = "team_lead"
COLLEAGUE = "colleague"
ADMINISTRATOR = "administrator"
ROLES = (SUPERVISOR, DECISION_MAKER, TEAM_LEAD, COLLEAGUE, ADMINISTRATOR)

_everybody = frozenset(ROLES)
_work = frozenset({SUPERVISOR, DECISION_MAKER, TEAM_LEAD})
_steward = frozenset({SUPERVISOR, ADMINISTRATOR})
_supervisor = frozenset({SUPERVISOR})
_administrator = frozenset({ADMINISTRATOR})
_nobody: frozenset[str] = frozenset()

PERMISSIONS: dict[str, frozenset[str]] = {
    # teams
    "teams.view": _everybody,
    "teams.administer": _administrator,
    "trail.view": _administrator,
    # jobs and system
    "jobs.view": _steward,
    "jobs.steer": _steward,
    # processes
    "processes.view": _everybody,
    "processes.edit": _steward,
    # metrics
    "metrics.view": _everybody,
    "metrics.rows": _work | _administrator,
    "metrics.edit": _steward,
    "metrics.import": _steward | {TEAM_LEAD},
    "metrics.target": _supervisor,
    "metrics.propose_target": frozenset({SUPERVISOR, TEAM_LEAD}),
    # Never one's own proposal.
    "metrics.approve_target": frozenset({SUPERVISOR, DECISION_MAKER}),
    "metrics.rebase": _supervisor,
    "metrics.mark": frozenset({SUPERVISOR, TEAM_LEAD}),
    "metrics.acknowledge": frozenset({SUPERVISOR, TEAM_LEAD}),
    # Ask a question on a signal; answer one (the person asked may, too); keep filters of the board (one's own).
    "metrics.ask": _work,
    "metrics.answer": frozenset({SUPERVISOR, TEAM_LEAD}),
    "metrics.keep": _nobody,
    # reviews
    "reviews.view": _work,
    "reviews.create": _supervisor,
    "reviews.edit": _supervisor,
    "reviews.judge": _supervisor,
    # May be named as the decision-maker of a review.
    "reviews.back": frozenset({DECISION_MAKER}),
    "reviews.agree": _nobody,
    "reviews.answer": _nobody,
    "reviews.find": frozenset({SUPERVISOR, TEAM_LEAD}),
    # improvements
    "improvements.view": _work,
    "improvements.recommend": _supervisor,
    "improvements.decide": _nobody,
    "improvements.act": frozenset({SUPERVISOR, TEAM_LEAD}),
    "improvements.approve": _supervisor,
    "improvements.carry_out": _nobody,
    "improvements.verify": _nobody,
    # reports
    "reports.view": _work,
    # notices
    "notices.own": _everybody,
    "notices.mend": _administrator,
    "briefings.read": _nobody,
}
