"""R3: nothing is open by mistake. Every view declares its door, every permission exists and is asked."""

import ast
import re
from pathlib import Path

import pytest
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from teams import access, roles
from tests.gates.routes import APPS, addresses

ROOT = Path(__file__).resolve().parents[2]

# Open to strangers, each with its reason: a new one has to be written down here.
PUBLIC = {
    "start": "there is nobody yet who could sign in",
    "sign-in": "the way in",
    "password-reset": "the way in for who forgot the password",
    "choose-password": "the link in the mail is the key",
    "about": "name and licence",
    "health": "watched by machines; says only which part works",
}


def test_every_view_declares_its_door():
    assert [name for name, entry in addresses().items() if not getattr(entry.callback, "door", "")] == []


def test_every_door_is_known():
    known = {*roles.PERMISSIONS, access.PUBLIC, access.SIGNED_IN}
    assert {name: entry.callback.door for name, entry in addresses().items() if entry.callback.door not in known} == {}


def test_what_is_open_to_strangers_is_written_down():
    assert {name for name, entry in addresses().items() if entry.callback.door == access.PUBLIC} <= set(PUBLIC)


def bare(request):
    return HttpResponse("the crown jewels")


bare.login_required = False  # type: ignore[attr-defined]


def forgets_to_ask(request):
    return HttpResponse("the crown jewels")


forgets_to_ask.door, forgets_to_ask.login_required = "teams.view", False  # type: ignore[attr-defined]

urlpatterns = [
    path("bare", bare, name="bare"),
    path("forgets", forgets_to_ask, name="forgets"),
    path("", include("cxreview.urls")),
]


@pytest.mark.django_db
@pytest.mark.parametrize("address", ["/bare", "/forgets"])
def test_a_view_without_a_door_is_shut_and_fails_the_build(address):
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get(address)
        assert (answer.status_code, b"jewels" in answer.content) == (500, False)
        assert addresses()["bare"].callback is bare
        with pytest.raises(AssertionError):
            test_every_view_declares_its_door()


def words_in(text):
    """Every text constant of a file, without its docstrings."""
    return {
        node.value
        for node in ast.walk(ast.parse(text))
        if isinstance(node, ast.Constant) and isinstance(node.value, str)
    }


def sources():
    return [
        file
        for app in APPS
        for file in (ROOT / app).rglob("*.py")
        if "migrations" not in file.parts and file != ROOT / "teams" / "roles.py"
    ]


def test_every_permission_is_asked_somewhere():
    asked = set().union(*(words_in(file.read_text()) for file in sources()))
    assert sorted(set(roles.PERMISSIONS) - asked) == []


def test_every_permission_that_is_asked_exists():
    prefixes = {permission.split(".")[0] for permission in roles.PERMISSIONS}
    call = re.compile(
        rf"(?:door|may|require|fetch|visible_to|holders|paths)\([^)]*?\"((?:{'|'.join(prefixes)})\.[a-z_]+)\""
    )
    unknown = {
        (str(file.relative_to(ROOT)), permission)
        for file in sources()
        for permission in call.findall(file.read_text())
        if permission not in roles.PERMISSIONS
    }
    assert unknown == set()


def test_every_model_that_can_be_seen_names_permissions_that_exist():
    from django.apps import apps

    models = [model for model in apps.get_models() if getattr(model, "view", "")]
    unknown = [
        (model.__name__, permission)
        for model in models
        for permission in (model.view, *(one for named in getattr(model, "named", {}).values() for one in named))
        if permission not in roles.PERMISSIONS
    ]
    assert (len(models) > 20, unknown) == (True, [])


def test_an_administrator_neither_judges_nor_decides():
    forbidden = {
        permission
        for permission, holders in roles.PERMISSIONS.items()
        if roles.ADMINISTRATOR in holders
        and permission.split(".")[1] in {"judge", "decide", "agree", "recommend", "verify", "answer", "find", "target"}
    }
    assert forbidden == set()
