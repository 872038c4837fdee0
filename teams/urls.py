"""Addresses of teams."""

from __future__ import annotations

from django.urls import URLPattern, path

from teams.views import me, people, signing_in, trail, units

urlpatterns: list[URLPattern] = [
    path("start", signing_in.start, name="start"),
    path("sign-in", signing_in.sign_in, name="sign-in"),
    path("sign-out", signing_in.sign_out, name="sign-out"),
    path("resume", signing_in.resume, name="resume"),
    path("password-change", signing_in.password_change, name="password-change"),
    path("password-reset", signing_in.password_reset, name="password-reset"),
    path("choose-password/<str:token>", signing_in.choose_password, name="choose-password"),
    path("me", me.me, name="me"),
    path("stand-ins", me.stand_ins, name="stand-ins"),
    path("stand-ins/<int:pk>/end-stand-in", me.end_stand_in, name="end-stand-in"),
    path("drafts", me.drafts, name="drafts"),
    path("drafts/<int:pk>/drop-draft", me.drop_draft, name="drop-draft"),
    path("admin", people.admin, name="admin"),
    path("people", people.people, name="people"),
    path("people/invite", people.invite, name="invite"),
    path("people/<int:pk>", people.person, name="person"),
    path("people/<int:pk>/give-role", people.give_role, name="give-role"),
    path("people/<int:pk>/disable", people.disable, name="disable"),
    path("people/<int:pk>/enable", people.enable, name="enable"),
    path("people/<int:pk>/invite-again", people.invite_again, name="invite-again"),
    path("people/<int:pk>/stand-in-for", people.stand_in_for, name="stand-in-for"),
    path("roles/<int:pk>/take-role", people.take_role, name="take-role"),
    path("roles/<int:pk>/move-role", people.move_role, name="move-role"),
    path("units", units.units, name="units"),
    path("units/<int:pk>", units.unit, name="unit"),
    path("units/<int:pk>/move-unit", units.move_unit, name="move-unit"),
    path("units/<int:pk>/archive-unit", units.archive_unit, name="archive-unit"),
    path("units/<int:pk>/restore-unit", units.restore_unit, name="restore-unit"),
    path("trail", trail.trail, name="trail"),
    path("trail/verify-trail", trail.verify_trail, name="verify-trail"),
    path("trail/<int:number>", trail.trail_entry, name="trail-entry"),
]
