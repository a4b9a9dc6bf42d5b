"""Audit trail of one incident, in words."""

from __future__ import annotations

import re
from collections import defaultdict
from dataclasses import dataclass
from typing import Any

from django.apps import apps
from django.core.exceptions import FieldDoesNotExist
from django.db import models
from django.db.models import QuerySet
from django.utils import timezone
from django.utils.formats import date_format

from followthrough.activity.models import Activity
from followthrough.core.parsing import iso_datetime
from followthrough.incidents import queries
from followthrough.incidents.event_words import EventWords
from followthrough.incidents.models import Milestone
from followthrough.people.models import User

MOMENT = re.compile(r"\d{4}-\d\d-\d\dT\d\d:\d\d")
MAX_VALUE_CHARACTERS = 160
HIDDEN_FIELDS = {"version", "review_reason"}
WORDLESS = {"meetings.answer", "meetings.vote"}
"""Answers may wait until all have written, so only the room tells what they say."""
PRIVATE = {"meetings.note"} | WORDLESS
INCIDENT = "incidents.incident"
POSTMORTEM, MEETING = "postmortems.postmortem", "meetings.meeting"
OUTCOMES = {
    (INCIDENT, "resolved"): "The {event} is over",
    (INCIDENT, "reviewed"): "A {meeting} is needed",
    (INCIDENT, "cleared"): "No {meeting} is needed",
}
INCIDENT_VERBS = {
    "added": "reported the {event}",
    "changed": "changed the {event}",
    "reopened": "opened the {event} again",
    "skipped": "skipped the {meeting}",
}
PHRASES = {("check_ins.checkinoutcome", "recorded"): "said at the check-in"}
BY_ITSELF = ("incidents.", "postmortems.", "meetings.meeting", "reports.")
Names = dict[tuple[type[models.Model], str], str]


@dataclass(frozen=True)
class Change:
    """One field that changed, in words; "" stands for nothing."""

    field: str
    before: str
    after: str


@dataclass(frozen=True)
class Event:
    """One row of the log in words. `who` is "" where `what` is a whole sentence."""

    row: Activity
    who: str
    what: str
    changes: list[Change]


def seen_rows(rows: QuerySet[Activity], user: User) -> QuerySet[Activity]:
    """Without those that are about another incident which `user` may not see; they name it under "incident"."""
    named = rows.filter(changes__has_key="incident").values_list("pk", "changes__incident")
    said = {pk: str(sides) for pk, sides in named}
    hidden = queries.naming_hidden(set(said.values()), user)
    return rows.exclude(pk__in=[pk for pk, sides in said.items() if sides in hidden])


def in_words(rows: list[Activity], words: EventWords) -> list[Event]:
    """The rows as sentences in the words of the kind of event; people and other records that changes mention are looked up together."""
    names = _names_of_records(rows)
    return [Event(row, _who(row), _what(row, words), _changes(row, names, words)) for row in rows]


def _who(row: Activity) -> str:
    """Whoever did it; what the rules decide is nobody's doing."""
    if (row.kind, row.verb) in OUTCOMES:
        return ""
    if row.actor:
        return str(row.actor)
    return "Followthrough" if row.kind.startswith(BY_ITSELF) else "Somebody"


def _what(row: Activity, words: EventWords) -> str:
    known = OUTCOMES.get((row.kind, row.verb)) or (
        INCIDENT_VERBS.get(row.verb) if row.kind == INCIDENT else ""
    )
    if known:
        said = known.format(event=words.event, meeting=words.meeting)
        reason = row.changes.get("review_reason", ["", ""])[1]
        return f"{said}: {reason}" if reason else said
    label = _label(row, words)
    if phrase := PHRASES.get((row.kind, row.verb)):
        return f"{phrase}: {label}"
    noun = words.meeting if row.kind == POSTMORTEM else _noun(row.kind)
    if not label or label.lower() == noun or row.kind in WORDLESS:
        return f"{row.verb} {noun}"
    if label.lower().startswith(noun):
        return f"{row.verb} {label}"
    return f"{row.verb}: {label}" if row.verb.startswith(noun) else f"{row.verb} {noun}: {label}"


def _label(row: Activity, words: EventWords) -> str:
    """The log calls each meeting a post-mortem; here it has the name of its kind of event."""
    if row.kind == POSTMORTEM and row.label.startswith("post-mortem of "):
        return f"{words.meeting}{row.label.removeprefix('post-mortem')}"
    return words.Meeting if (row.kind, row.label) == (MEETING, "Post-mortem") else row.label


def _noun(kind: str) -> str:
    model = _model(kind)
    return str(model._meta.verbose_name) if model else kind.rpartition(".")[2]


def _model(kind: str) -> type[models.Model] | None:
    try:
        return apps.get_model(kind)
    except (LookupError, ValueError):
        return None


def _changes(row: Activity, names: Names, words: EventWords) -> list[Change]:
    model = _model(row.kind)
    return [
        Change(_field_label(model, field, words), *(_value(model, field, side, names) for side in sides))
        for field, sides in row.changes.items()
        if field not in HIDDEN_FIELDS and row.kind not in PRIVATE and len(sides) == 2
    ]


def _field(model: type[models.Model] | None, name: str) -> models.Field[Any, Any] | None:
    try:
        found = model._meta.get_field(name) if model else None
    except FieldDoesNotExist:
        return None
    return found if isinstance(found, models.Field) else None


def _field_label(model: type[models.Model] | None, name: str, words: EventWords) -> str:
    field = _field(model, name)
    label = words.milestones.get(name) or (str(field.verbose_name) if field else name.replace("_", " "))
    return label[0].upper() + label[1:]


def _value(model: type[models.Model] | None, name: str, value: Any, names: Names) -> str:
    field = _field(model, name)
    if value is None or value in ("", []):
        return ""
    if field and field.many_to_many and isinstance(value, list):
        return ", ".join(map(str, value))
    if field and field.is_relation and field.related_model:
        return names.get((field.related_model, str(value)), str(value))
    if field and field.choices:
        return str(dict(field.flatchoices).get(value, value))
    return _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return "yes" if value else "no"
    if isinstance(value, list):
        return ", ".join(str(part).replace("_", " ") for part in value)
    text = str(value)
    if MOMENT.match(text) and (moment := iso_datetime(text)) and moment.tzinfo:
        return date_format(timezone.localtime(moment), "j M Y H:i")
    if text in Milestone.State.values:
        return str(Milestone.State(text).label).lower()
    return text if len(text) <= MAX_VALUE_CHARACTERS else f"{text[:MAX_VALUE_CHARACTERS]}…"


def _names_of_records(rows: list[Activity]) -> Names:
    """{(model, key): name} of every record that a change mentions, with one query for each model."""
    wanted: dict[type[models.Model], set[str]] = defaultdict(set)
    for row in rows:
        for name, sides in row.changes.items():
            field = _field(_model(row.kind), name)
            if field and field.is_relation and field.related_model:
                wanted[field.related_model] |= {
                    str(side) for side in sides if isinstance(side, int | str) and side != ""
                }
    return {
        (model, str(found.pk)): str(found)
        for model, keys in wanted.items()
        for found in model._default_manager.filter(pk__in=_valid(model, keys))
    }


def _valid(model: type[models.Model], keys: set[str]) -> list[Any]:
    numeric = isinstance(model._meta.pk, models.AutoField | models.BigAutoField | models.IntegerField)
    return [key for key in keys if key.isdigit() or not numeric]
