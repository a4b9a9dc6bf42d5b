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
from followthrough.meeting_room.command_context import CommandArgs, CommandContext, command
from followthrough.timeline.queries import find_entry


def _cause(context: CommandContext, name: str = "id") -> Cause:
    return find_cause(context.postmortem, context.args.key(name))


def _parent(context: CommandContext) -> Cause | None:
    return _cause(context, "parent") if context.args.value("parent") is not None else None


def _finding(context: CommandContext) -> Finding:
    return find_finding(context.postmortem, context.args.key("id"))


@command("cause.add")
def add(context: CommandContext) -> None:
    args = context.args
    causes.add_cause(
        context.postmortem,
        text=args.text("text", ""),
        id=args.key("id"),
        parent=_parent(context),
        position=args.place("position"),
        by=context.by,
    )


@command("cause.change")
def change(context: CommandContext) -> None:
    args = context.args
    causes.change_cause(
        _cause(context),
        text=args.text_if_given("text"),
        category=args.text_if_given("category"),
        base=context.base,
        by=context.by,
    )


@command("cause.move")
def move(context: CommandContext) -> None:
    position = context.args.place("position")
    if position is None:
        raise DomainError("Say where among its siblings the cause goes.", field="position")
    causes.move_cause(_cause(context), parent=_parent(context), position=position, by=context.by)


@command("cause.remove")
def remove(context: CommandContext) -> None:
    causes.remove_cause(_cause(context), by=context.by)


@command("cause.restore")
def restore(context: CommandContext) -> None:
    causes.restore_cause(_cause(context), by=context.by)


@command("cause.cite")
def cite(context: CommandContext) -> None:
    causes.cite(_cause(context), find_entry(context.postmortem, context.args.key("entry")), by=context.by)


@command("cause.uncite")
def uncite(context: CommandContext) -> None:
    causes.uncite(_cause(context), find_entry(context.postmortem, context.args.key("entry")), by=context.by)


@command("finding.add")
def add_finding(context: CommandContext) -> None:
    args = context.args
    causes.add_finding(
        context.postmortem,
        kind=args.text("kind"),
        text=args.text("text", ""),
        id=args.key("id"),
        cause=_cause(context, "cause") if args.value("cause") is not None else None,
        by=context.by,
    )


@command("finding.change")
def change_finding(context: CommandContext) -> None:
    args = context.args
    kind, text = args.text_if_given("kind"), args.text_if_given("text")
    causes.change_finding(_finding(context), kind=kind, text=text, base=context.base, by=context.by)


@command("finding.remove")
def remove_finding(context: CommandContext) -> None:
    causes.remove_finding(_finding(context), by=context.by)


@command("finding.restore")
def restore_finding(context: CommandContext) -> None:
    causes.restore_finding(_finding(context), by=context.by)


@command("finding.leave")
def leave(context: CommandContext) -> None:
    causes.leave_without_action(_finding(context), reason=context.args.text("reason"), by=context.by)


@command("finding.take_up")
def take_up(context: CommandContext) -> None:
    causes.take_up_again(_finding(context), by=context.by)


@command("impact.change")
def impact(context: CommandContext) -> None:
    refuse_unknown(context.args.names())
    fields = {name: _fact(context.args, name) for name in context.args.names()}
    change_impact(context.postmortem.incident, base=context.base, by=context.by, **fields)


def _fact(args: CommandArgs, name: str) -> Any:
    """The value as the field's type wants it."""
    value = args.value(name)
    if name == "estimates":
        return _estimates(value)
    field = next((each for each in Impact._meta.concrete_fields if each.name == name), None)
    if isinstance(field, models.TextField):
        return args.text(name, "")
    if value is None or value == "":
        return None
    if isinstance(value, list | dict):
        raise DomainError("This must be a number, such as 1200.", field=name)
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
