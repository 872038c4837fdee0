"""R7: however many guesses come at once, at most ten are looked at."""

import threading
from contextlib import suppress

import pytest
from django.db import connection, transaction
from django.test import Client

from teams import throttle
from teams.models import Person, SignInAttempt
from teams.throttle import Limit, Throttled
from tests.world import PASSWORD

PARALLEL = 200


def at_once(work, many):
    gate = threading.Barrier(20)
    faults = []

    def worker(first):
        try:
            gate.wait(30)
            for n in range(first, many, 20):
                work(n)
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=worker, args=[n]) for n in range(20)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert faults == []


def test_of_two_hundred_parallel_guesses_ten_are_evaluated(transactional_db, monkeypatch):
    asel = Person.objects.create_user("asel@alder.example", "Asel Alder", PASSWORD)
    evaluated, statuses = [], []
    check = Person.check_password
    monkeypatch.setattr(Person, "check_password", lambda self, raw: evaluated.append(1) or check(self, raw))

    def guess(n):
        # Each from another source, as an attacker with many machines would.
        source = f"203.0.113.{n}"
        answer = Client().post("/sign-in", {"email": asel.email, "password": f"guess {n}"}, REMOTE_ADDR=source)
        statuses.append(answer.status_code)

    at_once(guess, PARALLEL)
    assert (len(evaluated), statuses.count(422), statuses.count(429)) == (10, 10, PARALLEL - 10)


def test_claims_of_many_keys_at_once_do_not_wait_for_each_other_in_a_circle(transactional_db):
    taken = []

    def claim(n):
        with suppress(Throttled):
            taken.append(throttle.claim([Limit(f"account:{n % 7}", 5, 300), Limit(f"source:{n % 5}", 20, 300)]))

    at_once(claim, 100)
    assert len(taken) == 35


def test_what_is_given_back_is_free_again(db):
    limits = [Limit("account:x", 1, 300)]
    taken = throttle.claim(limits)
    with pytest.raises(Throttled):
        throttle.claim(limits)
    with transaction.atomic():
        throttle.give_back(taken)
    assert throttle.claim(limits).keys == ("account:x",)


def test_a_refused_claim_uses_up_no_other_limit(db):
    full, open_ = Limit("account:full", 1, 300), Limit("source:open", 10, 300)
    throttle.claim([full])
    with pytest.raises(Throttled) as refused:
        throttle.claim([full, open_])
    assert 295 < refused.value.seconds <= 300
    assert SignInAttempt.objects.get(key="source:open").times == []


def test_what_was_typed_as_an_address_is_not_kept(client, db):
    client.post("/sign-in", {"email": "my-secret-password@oops.example", "password": "x"})
    assert not SignInAttempt.objects.filter(key__contains="secret").exists()
