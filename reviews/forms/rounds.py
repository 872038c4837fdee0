"""Forms of challenge rounds: what is asked of whom, and the answers."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from reviews.forms.kept import Day
from reviews.models import Answer, Invitation, Question, Subject
from teams.models import Person

SETS = [about for about in Question.About.values if about != Question.About.OWN]
TEXTS = {
    Question.About.PURPOSE: _("What “%(step)s” is for: is it worth doing at all?"),
    Question.About.PLACE: _("Where “%(step)s” is done: is it the right place?"),
    Question.About.SEQUENCE: _("When “%(step)s” is done: is it the right moment, not too early or too late?"),
    Question.About.PERSON: _("Who does “%(step)s”: are they the right people?"),
    Question.About.MEANS: _("How “%(step)s” is done: are way and tools right?"),
}


@dataclass(frozen=True)
class Tick:
    """One box of the table of questions."""

    value: str
    label: Any
    ticked: bool


@dataclass(frozen=True)
class AskRow:
    """A step with its five boxes and the field of one's own question."""

    subject: Subject
    ticks: list[Tick]
    own: Any


@dataclass(frozen=True)
class GuestRow:
    """Somebody who may be invited, and in which seat they are ticked."""

    person: Person
    colleague: bool
    manager: bool


class GuestsForm(forms.Form):
    """Who is asked: those who do the work and those who manage it."""

    colleagues = forms.ModelMultipleChoiceField(
        label=_("Asked as somebody who does the work"), queryset=Person.objects.none(), required=False
    )
    managers = forms.ModelMultipleChoiceField(
        label=_("Asked as somebody who manages it"), queryset=Person.objects.none(), required=False
    )

    def __init__(self, people: QuerySet[Person], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.people = people
        self.fields["colleagues"].queryset = people  # type: ignore[attr-defined]
        self.fields["managers"].queryset = people  # type: ignore[attr-defined]

    def clean(self) -> dict[str, Any]:
        cleaned = super().clean() or {}
        twice = set(cleaned.get("colleagues", ())) & set(cleaned.get("managers", ()))
        for person in sorted(twice, key=str):
            words = _("%(name)s can be asked in one place only: as a colleague or as a manager.")
            self.add_error("managers", words % {"name": person.name})
        return cleaned

    @property
    def guest_rows(self) -> list[GuestRow]:
        colleagues, managers = self._ticked("colleagues"), self._ticked("managers")
        return [GuestRow(person, str(person.pk) in colleagues, str(person.pk) in managers) for person in self.people]

    def _ticked(self, name: str) -> set[str]:
        return {str(getattr(value, "pk", value)) for value in self[name].value() or []}

    @property
    def guests(self) -> list[tuple[Person, str]]:
        """(person, seat) of everybody invited."""
        seats = ((Invitation.Seat.COLLEAGUE, "colleagues"), (Invitation.Seat.MANAGER, "managers"))
        return [(person, seat.value) for seat, name in seats for person in self.cleaned_data[name]]


class RoundForm(GuestsForm):
    """Steps × question sets, own questions, and people with their seat."""

    title = forms.CharField(label=_("Title"), max_length=160)
    closes_on = forms.DateField(
        label=_("Answers until"),
        widget=Day(),
        help_text=_("The round stays open until you close it; this is the day that people are told."),
    )
    questions = forms.MultipleChoiceField(label=_("Questions"), required=False)

    def __init__(self, subjects: Sequence[Subject], people: QuerySet[Person], *args: Any, **options: Any) -> None:
        super().__init__(people, *args, **options)
        self.subjects = list(subjects)
        words = dict(Question.About.choices)
        self.fields["questions"].choices = [  # type: ignore[attr-defined]
            (f"{subject.pk}:{about}", words[about]) for subject in self.subjects for about in SETS
        ]
        for subject in self.subjects:
            self.fields[f"own_{subject.pk}"] = forms.CharField(
                label=_("Own question about “%(step)s”") % {"step": subject}, required=False, max_length=500
            )

    @property
    def ask_rows(self) -> list[AskRow]:
        ticked = set(self["questions"].value() or [])
        words = dict(Question.About.choices)
        return [
            AskRow(
                subject,
                [Tick(f"{subject.pk}:{about}", words[about], f"{subject.pk}:{about}" in ticked) for about in SETS],
                self[f"own_{subject.pk}"],
            )
            for subject in self.subjects
        ]

    @property
    def asked(self) -> list[tuple[Subject, str, str]]:
        """(step, about, words) of every question chosen, in order of the steps."""
        chosen = set(self.cleaned_data["questions"])
        found = []
        for subject in self.subjects:
            for about in SETS:
                if f"{subject.pk}:{about}" in chosen:
                    found.append((subject, about, str(TEXTS[Question.About(about)]) % {"step": subject}))
            own = self.cleaned_data[f"own_{subject.pk}"].strip()
            if own:
                found.append((subject, Question.About.OWN.value, own))
        return found


class AnswerForm(forms.Form):
    """The answers to some questions of a round: a choice and a comment for each, named by its number in the round."""

    def __init__(self, questions: dict[int, Question], known: dict[int, Answer], *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        self.questions = questions
        for number, question in questions.items():
            answer = known.get(question.pk)
            self.fields[f"choice_{number}"] = forms.ChoiceField(
                label=question.text,
                choices=Answer.Choice.choices,
                widget=forms.RadioSelect,
                initial=answer.choice if answer else None,
                required=len(questions) == 1,
                error_messages={"required": _("Choose one of the four answers.")},
            )
            self.fields[f"comment_{number}"] = forms.CharField(
                label=_("Comment, if you like"),
                required=False,
                max_length=2000,
                widget=forms.Textarea(attrs={"rows": 2, "class": "form-control"}),
                initial=answer.comment if answer else "",
            )

    @property
    def rows(self) -> list[tuple[Question, Any, Any]]:
        """(question, field of the choice, field of the comment)."""
        return [
            (question, self[f"choice_{number}"], self[f"comment_{number}"])
            for number, question in self.questions.items()
        ]

    @property
    def answers(self) -> dict[int, tuple[str, str]]:
        """{question id: (choice, comment)} of what was chosen."""
        cleaned = self.cleaned_data
        return {
            question.pk: (cleaned[f"choice_{number}"], cleaned[f"comment_{number}"].replace("\r\n", "\n"))
            for number, question in self.questions.items()
            if cleaned[f"choice_{number}"]
        }

    def clean(self) -> dict[str, Any]:
        """A comment without a choice would be lost, so it asks for one; so does a page sent without any answer."""
        cleaned = super().clean() or {}
        for number in self.questions:
            if cleaned.get(f"comment_{number}") and not cleaned.get(f"choice_{number}"):
                self.add_error(f"choice_{number}", _("Choose an answer to go with your comment."))
        if not self.errors and not any(cleaned.get(f"choice_{number}") for number in self.questions):
            self.add_error(None, _("Choose at least one answer."))
        return cleaned
