"""Commands on the why tree, the findings and the impact."""

from __future__ import annotations

from decimal import Decimal, InvalidOperation
from typing import Any

from django.db import models

from followthrough.causes import operations as causes
from followthrough.causes.models import Cause, Finding
from followthrough.causes.queries import find_cause, find_finding
from followthrough.core.errors import DomainError
from followthrough.incidents.models import Impact
from followthrough.incidents.operations import change_impact, refuse_unknown
from followthrough.meetings.room.desk import Args, Desk, command
from followthrough.timeline.queries import find_entry


def _cause(desk: Desk, name: str = "id") -> Cause:
    return find_cause(desk.postmortem, desk.args.key(name))


def _parent(desk: Desk) -> Cause | None:
    return _cause(desk, "parent") if desk.args.value("parent") is not None else None


def _finding(desk: Desk) -> Finding:
    return find_finding(desk.postmortem, desk.args.key("id"))


@command("cause.add")
def add(desk: Desk) -> None:
    args = desk.args
    causes.add_cause(
        desk.postmortem,
        text=args.text("text", ""),
        id=args.key("id"),
        parent=_parent(desk),
        position=args.place("position"),
        by=desk.by,
    )


@command("cause.change")
def change(desk: Desk) -> None:
    args = desk.args
    causes.change_cause(
        _cause(desk),
        text=args.text_if_given("text"),
        category=args.text_if_given("category"),
        base=desk.base,
        by=desk.by,
    )


@command("cause.move")
def move(desk: Desk) -> None:
    position = desk.args.place("position")
    if position is None:
        raise DomainError("Say where among its siblings the cause goes.", field="position")
    causes.move_cause(_cause(desk), parent=_parent(desk), position=position, by=desk.by)


@command("cause.remove")
def remove(desk: Desk) -> None:
    causes.remove_cause(_cause(desk), by=desk.by)


@command("cause.restore")
def restore(desk: Desk) -> None:
    causes.restore_cause(_cause(desk), by=desk.by)


@command("cause.cite")
def cite(desk: Desk) -> None:
    causes.cite(_cause(desk), find_entry(desk.postmortem, desk.args.key("entry")), by=desk.by)


@command("cause.uncite")
def uncite(desk: Desk) -> None:
    causes.uncite(_cause(desk), find_entry(desk.postmortem, desk.args.key("entry")), by=desk.by)


@command("finding.add")
def add_finding(desk: Desk) -> None:
    args = desk.args
    causes.add_finding(
        desk.postmortem,
        kind=args.text("kind"),
        text=args.text("text", ""),
        id=args.key("id"),
        cause=_cause(desk, "cause") if args.value("cause") is not None else None,
        by=desk.by,
    )


@command("finding.change")
def change_finding(desk: Desk) -> None:
    args = desk.args
    kind, text = args.text_if_given("kind"), args.text_if_given("text")
    causes.change_finding(_finding(desk), kind=kind, text=text, base=desk.base, by=desk.by)


@command("finding.remove")
def remove_finding(desk: Desk) -> None:
    causes.remove_finding(_finding(desk), by=desk.by)


@command("finding.restore")
def restore_finding(desk: Desk) -> None:
    causes.restore_finding(_finding(desk), by=desk.by)


@command("finding.leave")
def leave(desk: Desk) -> None:
    causes.leave_without_action(_finding(desk), reason=desk.args.text("reason"), by=desk.by)


@command("finding.take_up")
def take_up(desk: Desk) -> None:
    causes.take_up_again(_finding(desk), by=desk.by)


@command("impact.change")
def impact(desk: Desk) -> None:
    refuse_unknown(desk.args.names())
    fields = {name: _fact(desk.args, name) for name in desk.args.names()}
    change_impact(desk.postmortem.incident, base=desk.base, by=desk.by, **fields)


def _fact(args: Args, name: str) -> Any:
    """The value as the field's type wants it."""
    value = args.value(name)
    if name == "estimates":
        return _estimates(value)
    field = next((each for each in Impact._meta.concrete_fields if each.name == name), None)
    if isinstance(field, models.TextField):
        return args.text(name, "")
    if value is None or value == "":
        return None
    return _decimal(name, value) if isinstance(field, models.DecimalField) else value


def _estimates(value: Any) -> list[str]:
    """The names of fields that are estimates, each once."""
    known = {field.name for field in Impact._meta.concrete_fields} - {"incident", "estimates", "version"}
    if not isinstance(value, list) or not all(isinstance(name, str) and name in known for name in value):
        raise DomainError("Only fields of the impact can be marked as estimates.", field="estimates")
    return sorted(set(value))


def _decimal(name: str, value: Any) -> Decimal:
    try:
        number = Decimal(str(value))
    except InvalidOperation:
        number = Decimal("nan")
    if not number.is_finite():
        raise DomainError("This must be a number, such as 1200 or 12.5.", field=name)
    return number
