"""Addresses of improvements."""

from __future__ import annotations

from django.urls import URLPattern, path

from improvements.views import actions, outcomes, papers, recommendations

urlpatterns: list[URLPattern] = [
    path("reviews/<int:pk>/decide", recommendations.review_decide, name="review-decide"),
    path("reviews/<int:pk>/act", actions.review_act, name="review-act"),
    path("reviews/<int:pk>/new-recommendation", recommendations.new_recommendation, name="new-recommendation"),
    path("recommendations/<int:pk>", recommendations.recommendation, name="recommendation"),
    path("recommendations/<int:pk>/edit", recommendations.edit_recommendation, name="edit-recommendation"),
    path("recommendations/<int:pk>/new-option", recommendations.new_option, name="new-option"),
    path("recommendations/<int:pk>/put-forward", recommendations.put_forward, name="put-forward"),
    path("recommendations/<int:pk>/new-action", actions.new_action, name="new-action"),
    path("recommendations/<int:pk>/smart", actions.smart, name="smart"),
    path("options/<int:pk>", recommendations.option, name="option"),
    path("options/<int:pk>/drop", recommendations.drop_option, name="drop-option"),
    path("options/<int:pk>/prefer", recommendations.prefer, name="prefer"),
    path("submissions/<int:pk>", papers.submission, name="submission"),
    path("submissions/<int:pk>/decide", papers.decide, name="decide"),
    path("submissions/<int:pk>/withdraw", papers.withdraw, name="withdraw"),
    path("submissions/<int:pk>/revoke", papers.revoke, name="revoke"),
    path("decisions", papers.decisions, name="decisions"),
    path("improvements", actions.improvements, name="improvements"),
    path("actions/<int:pk>", actions.action, name="action"),
    path("actions/<int:pk>/edit", actions.edit_action, name="edit-action"),
    path("actions/<int:pk>/approve", actions.approve_action, name="approve-action"),
    path("actions/<int:pk>/start", actions.start_action, name="start-action"),
    path("actions/<int:pk>/finish", actions.finish_action, name="finish-action"),
    path("actions/<int:pk>/reopen", actions.reopen_action, name="reopen-action"),
    path("actions/<int:pk>/cancel", actions.cancel_action, name="cancel-action"),
    path("actions/<int:pk>/outcome", outcomes.outcome, name="outcome"),
    path("actions/<int:pk>/watch", outcomes.watch, name="watch"),
    path("actions/<int:pk>/proof", outcomes.proof, name="proof"),
]
