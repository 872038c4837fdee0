"""Forms for passwords and for the first administrator."""

from __future__ import annotations

import zoneinfo
from typing import Any

from django import forms
from django.utils.functional import lazy
from django.utils.translation import gettext_lazy as _


def _password(label: Any, autocomplete: str, help_text: Any = "") -> forms.CharField:
    # A limit on the length: hashing a megabyte would be somebody else's way of keeping the server busy.
    return forms.CharField(
        label=label,
        strip=False,
        max_length=256,
        help_text=help_text,
        widget=forms.PasswordInput(attrs={"autocomplete": autocomplete}),
    )


NEW_PASSWORD_HELP = _("At least 12 characters; a few words are easy to keep in mind. It must not be a common password.")


class SignInForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))
    password = _password(_("Password"), "current-password")


class LinkForm(forms.Form):
    email = forms.EmailField(label=_("E-mail address"), widget=forms.EmailInput(attrs={"autocomplete": "username"}))


class NewPasswordForm(forms.Form):
    password = _password(_("New password"), "new-password", NEW_PASSWORD_HELP)
    password_again = _password(_("New password, once more"), "new-password")

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        if cleaned.get("password") and cleaned.get("password_again") != cleaned["password"]:
            self.add_error("password_again", _("The two passwords differ."))
        return cleaned


class ChangePasswordForm(NewPasswordForm):
    password_old = _password(_("Present password"), "current-password")

    field_order = ["password_old", "password", "password_again"]


def _zones() -> list[tuple[str, str]]:
    return [(zone, zone) for zone in sorted(zoneinfo.available_timezones())]


class StartForm(NewPasswordForm):
    workspace = forms.CharField(label=_("Name of the workspace"), max_length=120, initial="CX Review")
    zone = forms.ChoiceField(
        label=_("Time zone"),
        choices=lazy(_zones, list),
        initial="Europe/London",
        help_text=_("Days begin and end in this zone."),
    )
    organisation = forms.CharField(label=_("Your organisation"), max_length=120)
    name = forms.CharField(label=_("Your name"), max_length=120, widget=forms.TextInput(attrs={"autocomplete": "name"}))
    email = forms.EmailField(
        label=_("Your e-mail address"), max_length=254, widget=forms.EmailInput(attrs={"autocomplete": "username"})
    )

    field_order = ["workspace", "zone", "organisation", "name", "email", "password", "password_again"]
