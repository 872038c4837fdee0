"""Where I am: every page of metrics and of improvements lights up one item of the rail."""

import re

import pytest
from django.urls import reverse

from cxreview.context import RAIL
from metrics.urls import urlpatterns as of_metrics

PREFIXES = {name: prefixes for name, _words, _icon, _permission, prefixes in RAIL}
# Addresses that only take a form and lead on: nothing is shown there.
NO_PAGE = {"remove-note", "withdraw-rebase"}


@pytest.mark.parametrize("pattern", of_metrics, ids=lambda pattern: pattern.name)
def test_every_page_of_metrics_lights_up_the_signals(pattern):
    address = f"/{pattern.pattern}"
    lit = [name for name, prefixes in PREFIXES.items() if any(address.startswith(prefix) for prefix in prefixes)]
    assert lit == ([] if pattern.name in NO_PAGE else ["signals"])


@pytest.mark.django_db
def test_the_page_says_so(world, client_of):
    page = client_of(world.a.supervisor).get(reverse("inquiries")).content.decode()
    assert re.findall(r'<a class="rail-link here" href="([^"]+)" aria-current="page">', page) == [reverse("signals")]
