"""Forms for people, roles, units and stand-ins; every choice is offered from what the person may touch."""

from __future__ import annotations

from collections.abc import Iterator
from typing import Any

from django import forms
from django.db.models import QuerySet
from django.forms.models import ModelChoiceIterator
from django.utils.translation import gettext_lazy as _

from teams.models import Person, Role, Unit
from teams.trees import by_name


class UnitsByName(ModelChoiceIterator):
    def __iter__(self) -> Iterator[tuple[Any, Any]]:
        if self.field.empty_label is not None:
            yield "", self.field.empty_label
        yield from (self.choice(unit) for unit in by_name(self.queryset))


class UnitField(forms.ModelChoiceField):
    """Units by their name, set in as deep as they lie."""

    iterator = UnitsByName

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, empty_label=_("choose a unit"), **kwargs)

    def label_from_instance(self, obj: Any) -> str:
        return "\u2003" * (len(obj.line_ids) - 1) + obj.name


def choose_the_only_one(field: Any) -> None:
    """Where there is one unit only, nobody has to choose it."""
    only = list(field.queryset[:2])
    if len(only) == 1:
        field.initial = only[0].pk


class RoleForm(forms.Form):
    """One role for a unit; ``limit`` is money and concerns decision-makers alone."""

    role = forms.ChoiceField(label=_("Role"), choices=Role.Name.choices)
    unit = UnitField(label=_("For the unit"), queryset=Unit.objects.none())
    limit = forms.DecimalField(
        label=_("Limit of authority"),
        required=False,
        min_value=0,
        max_digits=12,
        decimal_places=2,
        help_text=_("How much money a decision-maker may decide on. Leave it empty where there is no limit."),
    )

    field_order = ["name", "email", "role", "unit", "limit"]

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]
        choose_the_only_one(self.fields["unit"])


class InviteForm(RoleForm):
    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail address"), max_length=254)


class PersonForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "email"]


class MeForm(forms.ModelForm):
    class Meta:
        model = Person
        fields = ["name", "wants_mail"]
        help_texts = {"wants_mail": _("What waits for you is on your home page in any case.")}


class MoveRoleForm(forms.Form):
    unit = UnitField(label=_("Move to"), queryset=Unit.objects.none())

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["unit"].queryset = units  # type: ignore[attr-defined]


class NewUnitForm(forms.ModelForm):
    parent = UnitField(label=_("Below"), queryset=Unit.objects.none())
    kind = forms.ChoiceField(
        label=_("Kind"), choices=[choice for choice in Unit.Kind.choices if choice[0] != Unit.Kind.ORGANISATION]
    )

    field_order = ["name", "kind", "parent", "code"]

    class Meta:
        model = Unit
        fields = ["name", "code"]
        help_texts = {"code": _("How files name this unit, if not by its name.")}

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]

    def _post_clean(self) -> None:
        """The verb and the database check the row; half a row cannot be checked here."""


class UnitForm(forms.ModelForm):
    class Meta:
        model = Unit
        fields = ["name", "code"]
        help_texts = {"code": _("How files name this unit, if not by its name.")}


class MoveUnitForm(forms.Form):
    parent = UnitField(label=_("Move below"), queryset=Unit.objects.none())

    def __init__(self, units: QuerySet[Unit], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].queryset = units  # type: ignore[attr-defined]


class StandInForm(forms.Form):
    stand_in = forms.ModelChoiceField(
        label=_("Who acts for you"),
        queryset=Person.objects.none(),
        empty_label=_("choose somebody"),
        help_text=_("They may do what you may do, under their own name."),
    )
    first_day = forms.DateField(label=_("From"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d"))
    last_day = forms.DateField(
        label=_("Until, that day included"), widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )

    def __init__(self, people: QuerySet[Person], *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["stand_in"].queryset = people  # type: ignore[attr-defined]
