"""Pages for signing in and out and for passwords; the first page of an empty workspace."""

from __future__ import annotations

from django.contrib import messages
from django.contrib.auth import login, logout, update_session_auth_hash
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.utils.translation import gettext_lazy as _
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods, require_POST

from teams import answers, devices, mails, queries, tokens, typed
from teams.access import PUBLIC, SIGNED_IN, door, person_of
from teams.forms.signing_in import ChangePasswordForm, LinkForm, NewPasswordForm, SignInForm, StartForm
from teams.models import Person
from teams.refusals import Refused
from teams.throttle import Throttled
from teams.workflow import signing_in as workflow
from teams.workflow import start as starting

get_or_post = require_http_methods(["GET", "HEAD", "POST"])


@sensitive_post_parameters()
@get_or_post
@door(PUBLIC)
def sign_in(request: HttpRequest) -> HttpResponse:
    if request.user.is_authenticated:
        return redirect(answers.safe_next(request))
    if queries.nobody_yet():
        return redirect("start")
    form = SignInForm(request.POST or None)
    status = 422 if request.method == "POST" else 200
    if form.is_valid():
        try:
            person = workflow.sign_in(request, form.cleaned_data["email"], form.cleaned_data["password"])
            return _begin(request, person)
        except Refused as refused:
            answers.refuse(form, refused)
            status = 429 if isinstance(refused, Throttled) else 422
    context = {"form": form, "next": answers.safe_next(request), "typed": typed.KEY in request.session}
    return render(request, "teams/sign_in.html", context, status=status)


def _begin(request: HttpRequest, person: Person) -> HttpResponse:
    """Start a session under a new key; give back what was typed before, if this person typed it."""
    person.backend = "teams.backends.Holders"  # type: ignore[attr-defined]
    login(request, person)
    request.session.cycle_key()
    if typed.kept(request, person):
        response = redirect("resume")
    else:
        typed.drop(request)
        response = redirect(answers.safe_next(request))
    devices.remember(request, response, person)
    return response


@require_POST
@door(SIGNED_IN)
def sign_out(request: HttpRequest) -> HttpResponse:
    workflow.sign_out(person_of(request))
    logout(request)
    messages.success(request, _("You are signed out."))
    return redirect("sign-in")


@get_or_post
@door(SIGNED_IN)
def resume(request: HttpRequest) -> HttpResponse:
    """What was typed when the session had ended, to be saved now or thrown away."""
    found = typed.kept(request, person_of(request))
    if request.method == "POST" or found is None:
        typed.drop(request)
        return redirect("home")
    return render(request, "teams/resume.html", {"typed": found})


def sent_too_late(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token is too old, because its sender signed in anew elsewhere: shown once more, to be sent again.

    Only where the browser says that the form came from this site: words put there by another site would else stand
    one click away from being saved.
    """
    ours = request.headers.get("Origin") == f"{request.scheme}://{request.get_host()}"
    found = typed.just_sent(request) if ours and request.user.is_authenticated else None
    if found is None:
        return render(request, "403_csrf.html", status=403)
    return render(request, "teams/resume.html", {"typed": found, "sent_late": True}, status=403)


@sensitive_post_parameters()
@get_or_post
@door(SIGNED_IN)
def password_change(request: HttpRequest) -> HttpResponse:
    form = ChangePasswordForm(request.POST or None)
    if form.is_valid():
        try:
            old, new = form.cleaned_data["password_old"], form.cleaned_data["password"]
            person = workflow.change_password(request, person_of(request), old, new)
            update_session_auth_hash(request, person)
            messages.success(request, _("Your password is changed. Everywhere else you are signed out."))
            return redirect("me")
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "teams/password_change.html", {"form": form})


@get_or_post
@door(PUBLIC)
def password_reset(request: HttpRequest) -> HttpResponse:
    form = LinkForm(request.POST or None)
    if form.is_valid():
        try:
            workflow.ask_for_link(request, form.cleaned_data["email"])
            told = _("If there is an account with this address, a link is on its way to it. It works for one day.")
            if not mails.leave_the_house():
                told = _(
                    "If there is an account with this address, a link to choose a password was printed in the console of "
                    "CX Review, because no mail server is set up. Ask whoever runs it."
                )
            messages.success(request, told)
            return redirect("sign-in")
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "teams/password_reset.html", {"form": form})


@sensitive_post_parameters()
@get_or_post
@door(PUBLIC)
def choose_password(request: HttpRequest, token: str) -> HttpResponse:
    person = tokens.read(token)
    if person is None:
        return render(request, "teams/link_spent.html", status=404)
    form = NewPasswordForm(request.POST or None)
    if form.is_valid():
        try:
            return _begin(request, workflow.choose_password(token, form.cleaned_data["password"]))
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "teams/choose_password.html", {"form": form, "person": person})


@sensitive_post_parameters()
@get_or_post
@door(PUBLIC)
def start(request: HttpRequest) -> HttpResponse:
    if not queries.nobody_yet():
        raise Http404
    token = request.POST.get("token") or request.GET.get("token", "")
    if not queries.opens_start(token):
        return render(request, "teams/start_guarded.html", {"tried": token}, status=403)
    form = StartForm(request.POST or None)
    if form.is_valid():
        try:
            names = ("workspace", "zone", "organisation", "name", "email", "password")
            person = starting.start(**{name: form.cleaned_data[name] for name in names})
            return _begin(request, person)
        except Refused as refused:
            answers.refuse(form, refused)
    return answers.page(request, "teams/start.html", {"form": form, "token": token})
