"""A step longer than the lease keeps it; a worker that lost it notices."""

import time
import uuid

import pytest
from django.utils import timezone

from jobs import running, workflow
from jobs.models import Job

pytestmark = pytest.mark.django_db(transaction=True)


@pytest.fixture
def short_lease(settings):
    settings.JOB_LEASE = 0.4


def test_a_long_step_keeps_its_lease(short_lease):
    run = workflow.claim(workflow.enqueue("tests.long", {}).pk)
    with running.heartbeat(run):
        time.sleep(1.0)
        assert Job.objects.get().lease_until > timezone.now()
    assert run.lost.is_set() is False


def test_a_worker_whose_lease_passed_on_is_told(short_lease):
    run = workflow.claim(workflow.enqueue("tests.long", {}).pk)
    with running.heartbeat(run):
        Job.objects.update(token=uuid.uuid4())
        assert run.lost.wait(2.0) is True
