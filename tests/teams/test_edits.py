"""R25: people edit the same thing side by side, and nobody's words are lost."""

import random
import threading

import pytest
from django.db import connection

from processes.models import Feature, Service
from teams import edits, trail
from teams.models import Draft, TrailEntry
from teams.refusals import Conflict

FIELDS = ("name", "drives")


def make(world):
    service = Service.objects.create(name="Alder helpline", unit=world.a.team)
    return Feature.objects.create(service=service, name="Opening hours", drives="People can call after work.")


@pytest.fixture
def feature(world):
    return make(world)


def opened(feature):
    """A form as it was opened: the version and the words that its reader saw."""
    return feature.version, {field: getattr(feature, field) for field in FIELDS}


def save(person, feature, form, **words):
    version, base = form
    return edits.save(person, feature, version, base, {**base, **words}, "edit_feature")


def now(feature):
    return tuple(Feature.objects.values_list("name", "drives").get(pk=feature.pk))


def test_edits_of_different_fields_merge(world, feature):
    form = opened(feature)
    save(world.a.supervisor, feature, form, name="Hours")
    save(world.a.second_supervisor, feature, form, drives="They call from work.")
    assert now(feature) == ("Hours", "They call from work.")
    assert TrailEntry.objects.count() == 2


def test_the_same_field_shows_both_and_keeps_the_losers_words(world, feature):
    form = opened(feature)
    save(world.a.supervisor, feature, form, name="Hours")
    with pytest.raises(Conflict) as conflict:
        save(world.a.second_supervisor, feature, form, name="Times", drives="They call from work.")
    assert (conflict.value.theirs, conflict.value.mine) == ({"name": "Hours"}, {"name": "Times"})
    assert now(feature) == ("Hours", "People can call after work.")
    draft = Draft.objects.get()
    assert (draft.person, draft.words) == (
        world.a.second_supervisor,
        {"name": "Times", "drives": "They call from work."},
    )
    assert list(TrailEntry.objects.order_by("number").values_list("verb", flat=True)) == ["edit_feature", "keep_draft"]


def test_the_same_words_twice_are_no_conflict(world, feature):
    form = opened(feature)
    save(world.a.supervisor, feature, form, name="Hours")
    save(world.a.second_supervisor, feature, form, name="Hours")
    assert (now(feature)[0], Draft.objects.count()) == ("Hours", 0)


def test_a_form_sent_unchanged_writes_nothing(world, feature):
    save(world.a.supervisor, feature, opened(feature))
    feature.refresh_from_db()
    assert (feature.version, TrailEntry.objects.count()) == (1, 0)


def test_line_ends_of_a_browser_are_no_change(world, feature):
    feature.drives = "One line\nand another"
    feature.save()
    form = opened(feature)
    save(world.a.supervisor, feature, form, drives="One line\r\nand another")
    assert TrailEntry.objects.count() == 0


def test_words_for_what_was_deleted_meanwhile_are_kept(world, feature):
    form = opened(feature)
    Feature.objects.all().delete()
    with pytest.raises(Conflict) as conflict:
        save(world.a.supervisor, feature, form, name="Hours")
    assert (conflict.value.mine, Draft.objects.get().words) == ({"name": "Hours"}, {"name": "Hours"})


def test_random_interleavings_lose_no_word(world, feature):
    people = world.a.people[:8]
    lost = []
    for seed in range(250):
        rng = random.Random(seed)
        feature.refresh_from_db()
        forms = [(person, opened(feature)) for person in people[: rng.randint(2, 8)]]
        rng.shuffle(forms)
        for turn, (person, form) in enumerate(forms):
            if rng.random() < 0.3:
                # Looked again before writing.
                feature.refresh_from_db()
                form = opened(feature)
            fields = rng.sample(FIELDS, rng.randint(1, 2))
            words = {field: f"{field} of {person.name}, {seed}.{turn}" for field in fields}
            before = dict(zip(FIELDS, now(feature), strict=True))
            drafts = Draft.objects.count()
            try:
                save(person, feature, form, **words)
                after = dict(zip(FIELDS, now(feature), strict=True))
                # Saved whole, and every word it replaced had been seen by who replaced it.
                whole = all(after[field] == words.get(field, before[field]) for field in FIELDS)
                seen = all(before[field] == form[1][field] for field in words)
                if not (whole and seen):
                    lost.append((seed, turn, "overwritten"))
            except Conflict:
                kept = Draft.objects.order_by("-pk").first()
                unharmed = dict(zip(FIELDS, now(feature), strict=True)) == before
                if not unharmed or Draft.objects.count() != drafts + 1 or kept.words != words or kept.person != person:
                    lost.append((seed, turn, "not kept"))
    assert lost == []
    assert trail.verify().bad is None


def test_eight_at_the_same_moment_lose_no_word(world, transactional_db):
    feature = make(world)
    form = opened(feature)
    gate, faults = threading.Barrier(8), []

    def write(person):
        try:
            gate.wait(30)
            save(person, feature, form, name=f"Hours, says {person.name}")
        except Conflict:
            pass
        except Exception as fault:
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=write, args=[person]) for person in world.a.people[:8]]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    said = {now(feature)[0], *(draft.words["name"] for draft in Draft.objects.all())}
    assert (faults, said) == ([], {f"Hours, says {person.name}" for person in world.a.people[:8]})


def test_a_draft_is_read_and_thrown_away_by_its_author_alone(world, feature, client_of):
    form = opened(feature)
    save(world.a.supervisor, feature, form, name="Hours")
    with pytest.raises(Conflict):
        save(world.a.second_supervisor, feature, form, name="Times <b>")
    author, other = client_of(world.a.second_supervisor), client_of(world.a.supervisor)
    assert "Times &lt;b&gt;" in author.get("/drafts").content.decode()
    assert "Times" not in other.get("/drafts").content.decode()
    draft = Draft.objects.get()
    assert other.post(f"/drafts/{draft.pk}/drop-draft").status_code == 404
    assert author.post(f"/drafts/{draft.pk}/drop-draft").url == "/drafts"
    assert not Draft.objects.exists()
