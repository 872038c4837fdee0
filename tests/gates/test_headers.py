"""R36: the headers of answers that no row of the matrix gives: errors, static files, downloads, redirects to https."""

import os
import subprocess
import sys

import pytest
from django.conf import settings
from django.http import HttpResponse
from django.test import Client, override_settings
from django.urls import include, path

from teams.access import PUBLIC, door
from teams.refusals import Conflict, Refused
from tests.gates.test_matrix import HEADERS


@door(PUBLIC)
def fault(request):
    raise ZeroDivisionError


@door(PUBLIC)
def refused(request):
    raise Refused("no", "The plan is frozen already.")


@door(PUBLIC)
def conflict(request):
    raise Conflict("Both are shown.", {"problem_text": "their <b>words</b>"}, {"problem_text": "my words"}, 1)


@door(PUBLIC)
def fine(request):
    return HttpResponse("fine")


urlpatterns = [
    path("fault", fault),
    path("refused", refused),
    path("conflict", conflict),
    path("fine", fine),
    path("", include("cxreview.urls")),
]


def lacking(answer):
    return [header for header, part in HEADERS.items() if part not in answer.headers.get(header, "")]


@pytest.mark.django_db
@pytest.mark.parametrize(
    ("address", "status"),
    [
        ("/fault", 500),
        ("/refused", 422),
        ("/conflict", 409),
        ("/fine", 200),
        ("/no-such-page", 404),
        ("/people", 302),
        ("/sign-in/", 404),
    ],
)
def test_errors_have_their_headers(address, status):
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client(raise_request_exception=False).get(address)
    assert (answer.status_code, lacking(answer)) == (status, [])


@pytest.mark.django_db
def test_a_host_that_is_not_ours_and_a_missing_token_are_refused_with_headers(client):
    wrong_host = client.get("/sign-in", headers={"Host": "evil.example"})
    no_token = Client(enforce_csrf_checks=True).post("/sign-in", {"email": "a@b.example", "password": "x"})
    assert (wrong_host.status_code, lacking(wrong_host)) == (400, [])
    assert (no_token.status_code, lacking(no_token)) == (403, [])
    assert "too old to be sent" in no_token.content.decode()


@pytest.mark.django_db
def test_a_refusal_says_what_and_leads_back():
    with override_settings(ROOT_URLCONF=__name__):
        answer = Client().get("/refused", headers={"Referer": "http://testserver/units?page=2"})
        elsewhere = Client().get("/refused", headers={"Referer": "http://evil.example/x"})
    assert "The plan is frozen already." in answer.content.decode()
    assert 'href="/units?page=2"' in answer.content.decode()
    assert "evil.example" not in elsewhere.content.decode()


@pytest.mark.django_db
def test_a_conflict_shows_both_texts_verbatim():
    with override_settings(ROOT_URLCONF=__name__):
        page = Client().get("/conflict").content.decode()
    assert "their &lt;b&gt;words&lt;/b&gt;" in page
    assert "my words" in page


@pytest.mark.django_db
def test_a_fault_tells_nothing_of_the_inside():
    with override_settings(ROOT_URLCONF=__name__):
        page = Client(raise_request_exception=False).get("/fault").content.decode()
    assert "Something went wrong on our side" in page
    assert "ZeroDivision" not in page


def test_in_production_plain_http_is_sent_to_https_and_hsts_is_said():
    """A process of its own: production is decided when the settings are read."""
    code = (
        "import django; django.setup()\n"
        "from django.test import Client\n"
        "plain = Client().get('/about', headers={'host': 'reviews.example'})\n"
        "safe = Client().get('/about', headers={'host': 'reviews.example'}, secure=True)\n"
        "print(plain.status_code, plain['Location'], safe.status_code, safe['Strict-Transport-Security'])\n"
        "from tests.gates.test_headers import lacking\n"
        "print(lacking(plain), lacking(safe))\n"
    )
    env = {
        **os.environ,
        "DJANGO_SETTINGS_MODULE": "cxreview.settings",
        "CXREVIEW_PRODUCTION": "1",
        "CXREVIEW_HOSTS": "reviews.example",
        "CXREVIEW_SECRET_KEY": "abcdefghijklmnopqrstuvwxyz0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZ",
        "CXREVIEW_TRAIL_KEY": "ABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789abcdefghijklmnopqrstuvwxyz",
    }
    env.pop("DATABASE_URL", None)
    migrate = [sys.executable, "manage.py", "migrate", "-v0"]
    subprocess.run(migrate, env=env, cwd=settings.BASE_DIR, check=True, timeout=120)
    done = subprocess.run(
        [sys.executable, "-c", code], env=env, cwd=settings.BASE_DIR, capture_output=True, text=True, timeout=120
    )
    assert done.stdout.splitlines() == [
        "301 https://reviews.example/about 200 max-age=31536000; includeSubDomains; preload",
        "[] []",
    ], done.stderr
