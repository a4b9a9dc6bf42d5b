"""What people fill in about actions: the list's filters, an action's fields, links and helpers."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, cast

from django import forms
from django.db.models import Q, QuerySet
from django.http import QueryDict
from django.utils import timezone

from followthrough.actions.models import ActionItem, JudgementDelay
from followthrough.causes.models import Finding
from followthrough.core.forms import LineField, ProseField
from followthrough.core.parsing import whole_number
from followthrough.incidents.forms.filter_fields import service_field
from followthrough.incidents.models import Incident, Service
from followthrough.incidents.queries.search import key_in
from followthrough.people.models import Membership, User

Stage = ActionItem.Stage
WHO = (("", "Mine"), ("team", "My teams"), ("all", "All"))
STATES = (
    ("", "Open"),
    ("late", "Past their date"),
    *((state.value, state.label) for state in ActionItem.State if state != ActionItem.State.DECLINED),
    ("finished", "Done or verified"),
    ("declined", "Declined"),
    ("any", "Any"),
)
VIEWS = (("", "Table"), ("board", "Board"))
FIRST_DUE_ON_TOP = ("due_order", "number")
LAST_DUE_ON_TOP = ("-due_order", "-number")


def _choice(label: str, choices: Any) -> forms.ChoiceField:
    return forms.ChoiceField(label=label, required=False, choices=choices)


def _any(label: str, choices: type[Any]) -> forms.ChoiceField:
    return _choice(label, [("", "Any"), *choices.choices])


class AnswerForm(forms.Form):
    """What an owner says to being one."""

    answer = forms.ChoiceField(
        choices=[("accept", "Accept"), ("hand_back", "Hand back")],
        error_messages={"required": "Say whether you accept it or hand it back."},
    )
    due_on = forms.DateField(
        required=False, error_messages={"invalid": "Give the date as year-month-day, such as 2026-12-04."}
    )
    reason = ProseField(required=False, max_length=500)


class DateAnswerForm(forms.Form):
    """The date that whoever asked an owner settles on."""

    due_on = forms.DateField(
        error_messages={
            "required": "Choose a date.",
            "invalid": "Give the date as year-month-day, such as 2026-12-04.",
        }
    )


class ActionFilters(forms.Form):
    """Every field is optional; a value that makes no sense is named beside its field and left out."""

    q = forms.CharField(
        label="Search", required=False, max_length=200, widget=forms.TextInput(attrs={"type": "search"})
    )
    who = _choice("Whose", WHO)
    view = _choice("Shown as", VIEWS)
    state = _choice("State", STATES)
    kind = _any("Kind", ActionItem.Kind)
    priority = _any("Priority", ActionItem.Priority)
    service = service_field()
    incident = forms.CharField(label="Incident", required=False, max_length=20)

    def __init__(self, address: QueryDict) -> None:
        super().__init__(address)
        self.is_valid()
        self.given: dict[str, Any] = {name: value for name, value in self.cleaned_data.items() if value}

    def clean_incident(self) -> int | None:
        """The number in INC-148 or 148."""
        text = self.cleaned_data["incident"].strip()
        number = key_in(text) or whole_number(text)
        if text and number is None:
            raise forms.ValidationError("An incident is called by its key, such as INC-148.")
        return number

    @property
    def narrows(self) -> bool:
        """Whether more was chosen than whose actions, and how they are shown."""
        return bool(self.given.keys() - {"who", "view"})

    @property
    def who_choices(self) -> list[tuple[str, str]]:
        return list(WHO)

    @property
    def rest(self) -> list[forms.BoundField]:
        """The fields that table and board share, beside the words to search for."""
        return [self[name] for name in ("priority", "kind", "service", "incident")]

    @property
    def kept(self) -> dict[str, str]:
        """What the form's own fields do not show but its address keeps."""
        return {name: str(self.given[name]) for name in ("who", "view") if name in self.given}

    @property
    def chosen_who(self) -> str:
        return str(self.given.get("who", ""))

    @property
    def is_board(self) -> bool:
        return self.given.get("view") == "board"

    @property
    def order(self) -> tuple[str, ...]:
        """Columns to sort by: what is open by its date, the latest on top; what is over, newest first."""
        state = self.given.get("state", "")
        if state == "any":
            return ("stage", *FIRST_DUE_ON_TOP)
        return LAST_DUE_ON_TOP if state in {"done", "verified", "finished", "declined"} else FIRST_DUE_ON_TOP

    def narrow(self, rows: QuerySet[ActionItem], person: User) -> QuerySet[ActionItem]:
        """Those of `rows` that every filter lets through."""
        return self.in_state(self.narrow_but_state(rows, person))

    def narrow_but_state(self, rows: QuerySet[ActionItem], person: User) -> QuerySet[ActionItem]:
        """As `narrow`, in any state: the board has a column for each."""
        rows = self._whose(rows, person)
        for name, value in self.given.items():
            if name in _NARROW:
                rows = _NARROW[name](rows, value)
        return rows

    def in_state(self, rows: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
        state = self.given.get("state", "")
        if state == "any":
            return rows
        if state == "late":
            return rows.filter(stage=Stage.OPEN, due_order__lt=timezone.localdate())
        if state in ActionItem.State.values:
            return rows.filter(state=state)
        return rows.filter(stage=Stage.FINISHED if state == "finished" else Stage.OPEN)

    def _whose(self, rows: QuerySet[ActionItem], person: User) -> QuerySet[ActionItem]:
        who = self.chosen_who
        if who == "team":
            teams = Membership.objects.filter(person=person).values("team")
            return rows.filter(owner__in=Membership.objects.filter(team__in=teams).values("person"))
        return rows if who == "all" else rows.filter(owner=person)


def _with_words(rows: QuerySet[ActionItem], text: str) -> QuerySet[ActionItem]:
    """All words somewhere in the text, or the action of this number."""
    number = whole_number(text.upper().removeprefix("ACT-"))
    if number is not None:
        return rows.filter(Q(number=number) | Q(text__icontains=text))
    for word in text.split()[:8]:
        rows = rows.filter(text__icontains=word)
    return rows


def _of_service(rows: QuerySet[ActionItem], service: Service) -> QuerySet[ActionItem]:
    links = Incident.services.through._default_manager.filter(service=service)
    return rows.filter(postmortem__in=links.values("incident"))


_NARROW: dict[str, Callable[[QuerySet[ActionItem], Any], QuerySet[ActionItem]]] = {
    "q": _with_words,
    "kind": lambda rows, value: rows.filter(kind=value),
    "priority": lambda rows, value: rows.filter(priority=value),
    "service": _of_service,
    "incident": lambda rows, value: rows.filter(postmortem=value),
}


def people() -> QuerySet[User]:
    """Who may own an action or help with it; whoever may not see its incident is refused when chosen."""
    return User.objects.filter(is_active=True).exclude(role=User.Role.STAKEHOLDER)


def _offer(field: forms.Field, choices: QuerySet[User]) -> None:
    cast("forms.ModelChoiceField[User]", field).queryset = choices


class ActionForm(forms.Form):
    """An action's fields; `base` is the version that was opened."""

    text = ProseField(label="What will be done", max_length=1000, widget=forms.Textarea(attrs={"rows": 3}))
    owner = forms.ModelChoiceField(
        User.objects.none(), label="Owner", required=False, empty_label="Nobody yet"
    )
    due_on = forms.DateField(
        label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}, format="%Y-%m-%d")
    )
    kind = forms.ChoiceField(label="Kind", choices=ActionItem.Kind)
    priority = forms.ChoiceField(label="Priority", choices=ActionItem.Priority)
    base = forms.IntegerField(widget=forms.HiddenInput)

    FIELDS = ("text", "owner", "due_on", "kind", "priority")

    def __init__(self, action: ActionItem, data: QueryDict | None = None) -> None:
        start = {name: getattr(action, name) for name in self.FIELDS} | {"base": action.version}
        super().__init__(data, initial=start)
        for name in self.FIELDS:
            self.fields[name].show_hidden_initial = True
        _offer(self.fields["owner"], people())

    def rebased(self, action: ActionItem) -> ActionForm:
        """The same words on top of the version that stands now, so that saving again is a choice."""
        data = cast("QueryDict", self.data).copy()
        data["base"] = str(action.version)
        return ActionForm(action, data)

    def values(self) -> dict[str, Any]:
        """The fields that differ from when the form was opened; others may have moved on meanwhile."""
        return {name: self.cleaned_data[name] for name in self.FIELDS if name in self.changed_data}


class LateActionForm(forms.Form):
    """An action that is added after the meeting, tied to a finding or with the reason why not."""

    text = ProseField(
        label="What will be done",
        max_length=1000,
        widget=forms.Textarea(attrs={"rows": 3, "autofocus": True}),
        help_text="Start with a verb and name the thing; “by Friday, owned by Priya !high” goes into the fields below.",
    )
    finding = forms.ModelChoiceField(
        Finding.objects.none(), label="Which finding it answers", required=False, empty_label="None of them"
    )
    no_finding_reason = LineField(
        label="If none: where it comes from",
        max_length=300,
        required=False,
        help_text="Such as: agreed on at the check-in, after it struck again.",
    )
    owner = forms.ModelChoiceField(
        User.objects.none(), label="Owner", required=False, empty_label="Nobody yet"
    )
    due_on = forms.DateField(label="Due", required=False, widget=forms.DateInput(attrs={"type": "date"}))
    kind = forms.ChoiceField(label="Kind", choices=ActionItem.Kind)
    priority = forms.ChoiceField(label="Priority", choices=ActionItem.Priority, initial="medium")

    def __init__(self, findings: QuerySet[Finding], data: QueryDict | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        _offer(self.fields["owner"], people())
        cast("forms.ModelChoiceField[Finding]", self.fields["finding"]).queryset = findings


class JudgementDelayForm(forms.Form):
    """Days for each kind of action."""

    def __init__(self, data: QueryDict | None = None, **more: Any) -> None:
        super().__init__(data, **more)
        for kind in ActionItem.Kind:
            self.fields[kind.value] = forms.IntegerField(
                label=f"{kind.label}, days", min_value=0, max_value=JudgementDelay.MOST_DAYS
            )


class LinkForm(forms.Form):
    """Where the work is done."""

    url = forms.URLField(label="Address", max_length=1000, assume_scheme="https")
    title = LineField(label="Called", max_length=200, required=False)


class CollaboratorForm(forms.Form):
    """Somebody who helps while the owner answers for it."""

    person = forms.ModelChoiceField(User.objects.none(), label="Person", empty_label="Choose somebody")

    def __init__(self, action: ActionItem, data: QueryDict | None = None) -> None:
        super().__init__(data)
        _offer(self.fields["person"], people().exclude(pk__in=[action.owner_id or 0]))
