"""Challenge rounds: questions about steps, answered silently, revealed together; what becomes of each step."""

from __future__ import annotations

from typing import ClassVar

from django.db import models
from django.db.models import Q
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from reviews import states
from reviews.models.judging import Subject
from reviews.models.plan import Criterion, Review
from teams.models import Person, Versioned


class Round(models.Model):
    """A round of challenge questions. Until it is closed nobody sees an answer but its author."""

    class State(models.TextChoices):
        OPEN = states.OPEN, _("open")
        CLOSED = states.ROUND_CLOSED, _("closed (revealed)")

    review = models.ForeignKey(Review, models.CASCADE, related_name="rounds")
    title = models.CharField(_("title"), max_length=160)
    closes_on = models.DateField(_("answers until"))
    state = models.CharField(max_length=6, choices=State.choices, default=State.OPEN)
    opened_by = models.ForeignKey(Person, models.PROTECT, related_name="+")
    opened_at = models.DateTimeField()
    closed_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        **Criterion.named,
        "invitations__person": ("reviews.answer",),
    }

    class Meta:
        ordering = ["review", "-opened_at"]

    def __str__(self) -> str:
        return self.title

    def get_absolute_url(self) -> str:
        return reverse("round", args=[self.pk])

    @property
    def is_revealed(self) -> bool:
        return self.state == states.ROUND_CLOSED


class Question(models.Model):
    """A question about one step (or feature): purpose, place, sequence, person, means, or one's own."""

    class About(models.TextChoices):
        PURPOSE = "purpose", _("purpose: what is done, and why?")
        PLACE = "place", _("place: where, and why there?")
        SEQUENCE = "sequence", _("sequence: when, and why then?")
        PERSON = "person", _("person: who, and why they?")
        MEANS = "means", _("means: how, and why so?")
        OWN = "own", _("own question")

    round = models.ForeignKey(Round, models.CASCADE, related_name="questions")
    subject = models.ForeignKey(Subject, models.PROTECT, related_name="questions")
    about = models.CharField(_("about"), max_length=8, choices=About.choices)
    text = models.TextField(_("question"))

    unit_path: ClassVar[str] = "round__review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"round__invitations__person": ("reviews.answer",)}

    class Meta:
        ordering = ["round", "subject__position", "id"]

    def __str__(self) -> str:
        return self.text


class Invitation(models.Model):
    """Somebody asked to answer a round, as a colleague who does the work or as a manager."""

    class Seat(models.TextChoices):
        COLLEAGUE = "colleague", _("does the work")
        MANAGER = "manager", _("manages it")

    round = models.ForeignKey(Round, models.CASCADE, related_name="invitations")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    seat = models.CharField(max_length=9, choices=Seat.choices, default=Seat.COLLEAGUE)
    finished_at = models.DateTimeField(null=True)

    unit_path: ClassVar[str] = "round__review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {"person": ("reviews.view", "reviews.answer")}

    class Meta:
        constraints = [models.UniqueConstraint(fields=["round", "person"], name="invitation_once")]

    def __str__(self) -> str:
        return f"{self.person} · {self.round}"


class Answer(models.Model):
    """One person's answer to one question. Read through ``reviews.queries.answers`` only: silent until the reveal."""

    class Choice(models.TextChoices):
        KEEP = "keep", _("fine as it is")
        CHANGE = "change", _("should change")
        DROP = "drop", _("not needed")
        UNSURE = "unsure", _("I cannot say")

    question = models.ForeignKey(Question, models.CASCADE, related_name="answers")
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    choice = models.CharField(max_length=6, choices=Choice.choices)
    comment = models.TextField(_("comment"), blank=True)
    at = models.DateTimeField()

    # No way through a unit or a name: a stand-in acts for the person named, and must not read their answers.
    unit_path: ClassVar[str | None] = None
    view: ClassVar[str] = "reviews.answer"
    named: ClassVar[dict[str, tuple[str, ...]]] = {}

    class Meta:
        ordering = ["question", "id"]
        constraints = [models.UniqueConstraint(fields=["question", "person"], name="answer_once")]

    def __str__(self) -> str:
        return f"{self.question_id} {self.choice}"


class StepOutcome(Versioned):
    """What becomes of a step: keep, eliminate, combine, rearrange or simplify, with the reason."""

    class Outcome(models.TextChoices):
        KEEP = "keep", _("keep")
        ELIMINATE = "eliminate", _("eliminate")
        COMBINE = "combine", _("combine")
        REARRANGE = "rearrange", _("rearrange")
        SIMPLIFY = "simplify", _("simplify")

    subject = models.OneToOneField(Subject, models.CASCADE, related_name="outcome")
    outcome = models.CharField(_("outcome"), max_length=9, choices=Outcome.choices)
    reason = models.TextField(_("reason"))
    person = models.ForeignKey(Person, models.PROTECT, related_name="+")
    at = models.DateTimeField()

    unit_path: ClassVar[str] = "subject__review__unit"
    view: ClassVar[str] = "reviews.view"
    named: ClassVar[dict[str, tuple[str, ...]]] = {
        "subject__review__decision_maker": ("reviews.view",),
        "subject__review__supervisor": ("reviews.view",),
    }

    class Meta:
        constraints = [models.CheckConstraint(condition=~Q(reason=""), name="outcome_has_a_reason")]

    def __str__(self) -> str:
        return f"{self.subject}: {self.outcome}"
