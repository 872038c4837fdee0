"""Addresses of reviews."""

from __future__ import annotations

from django.urls import URLPattern, path

from reviews.views import agreement, ending, findings, lists, measure, plan, process, rounds

urlpatterns: list[URLPattern] = [
    path("reviews", lists.reviews, name="reviews"),
    path("reviews/new", lists.new_review, name="new-review"),
    path("reviews/<int:pk>/copy", lists.copy_review, name="copy-review"),
    # Plan
    path("reviews/<int:pk>", plan.review, name="review"),
    path("reviews/<int:pk>/edit-plan", plan.edit_plan, name="edit-plan"),
    path("reviews/<int:pk>/add-item/<slug:noun>", plan.add_item, name="add-item"),
    path("reviews/edit-item/<slug:noun>/<int:pk>", plan.edit_item, name="edit-item"),
    path("reviews/remove-item/<slug:noun>/<int:pk>", plan.remove_item, name="remove-item"),
    path("reviews/note-yield/<int:pk>", plan.note_yield, name="note-yield"),
    path("reviews/<int:pk>/add-step", plan.add_step, name="add-step"),
    path("reviews/<int:pk>/add-steps", plan.add_steps, name="add-steps"),
    path("reviews/<int:pk>/add-feature", plan.add_feature, name="add-feature"),
    # Agreement
    path("reviews/<int:pk>/brief", agreement.brief_review, name="brief-review"),
    path("reviews/<int:pk>/ask-agreement", agreement.ask_agreement, name="ask-agreement"),
    path("reviews/<int:pk>/withdraw-request", agreement.withdraw_request, name="withdraw-request"),
    path("reviews/<int:pk>/agree", agreement.agree_plan, name="agree-plan"),
    path("reviews/<int:pk>/send-back", agreement.send_plan_back, name="send-plan-back"),
    path("reviews/<int:pk>/freeze", agreement.freeze, name="freeze"),
    path("reviews/<int:pk>/start", agreement.start_review, name="start-review"),
    # Process
    path("reviews/<int:pk>/process", process.review_process, name="review-process"),
    path("steps/<int:pk>", process.step, name="step"),
    path("steps/<int:pk>/judge/<slug:respect>", process.judge, name="judge"),
    path("steps/<int:pk>/outcome", process.step_outcome, name="step-outcome"),
    path("steps/<int:pk>/move", plan.move_subject, name="move-subject"),
    path("steps/<int:pk>/remove", plan.remove_subject, name="remove-subject"),
    path("reviews/remove-evidence/<int:pk>", process.remove_evidence, name="remove-evidence"),
    # Challenge
    path("reviews/<int:pk>/challenge", rounds.review_challenge, name="review-challenge"),
    path("reviews/<int:pk>/new-round", rounds.new_round, name="new-round"),
    path("rounds/<int:pk>", rounds.round, name="round"),
    path("rounds/<int:pk>/invite", rounds.invite_more, name="invite-more"),
    path("rounds/<int:pk>/remind", rounds.remind_round, name="remind-round"),
    path("rounds/<int:pk>/close", rounds.close_round, name="close-round"),
    path("rounds/<int:pk>/answer", rounds.answer, name="answer"),
    # Measure
    path("reviews/<int:pk>/measure", measure.review_measure, name="review-measure"),
    path("reviews/conclusion/<int:pk>", measure.conclusion, name="conclusion"),
    # Findings
    path("reviews/<int:pk>/findings", findings.review_findings, name="review-findings"),
    path("reviews/<int:pk>/new-finding", findings.new_finding, name="new-finding"),
    path("findings/raise/<slug:kind>/<str:thing>", findings.raise_finding, name="raise-finding"),
    path("findings/<int:pk>", findings.finding, name="finding"),
    path("findings/<int:pk>/link-evidence", findings.link_evidence, name="link-evidence"),
    path("findings/<int:pk>/agree", findings.agree_finding, name="agree-finding"),
    path("findings/<int:pk>/merge", findings.merge_finding, name="merge-finding"),
    path("findings/<int:pk>/give-reason", findings.give_reason, name="give-reason"),
    path("findings/<int:pk>/open-again", findings.open_finding_again, name="open-finding-again"),
    # End
    path("reviews/<int:pk>/conclude", ending.conclude_review, name="conclude-review"),
    path("reviews/<int:pk>/reopen", ending.reopen_review, name="reopen-review"),
    path("reviews/<int:pk>/cancel", ending.cancel_review, name="cancel-review"),
    path("reviews/<int:pk>/close", ending.close_review, name="close-review"),
    path("reviews/<int:pk>/archive", ending.archive_review, name="archive-review"),
    path("reviews/<int:pk>/unarchive", ending.unarchive_review, name="unarchive-review"),
]
