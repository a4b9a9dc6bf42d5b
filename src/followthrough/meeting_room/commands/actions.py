"""Commands on action items."""

from __future__ import annotations

from typing import Any

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import acceptance
from followthrough.actions.queries import find_in
from followthrough.causes.models import Finding
from followthrough.causes.queries import find_finding
from followthrough.meeting_room.command_context import CommandContext, command


def _action(context: CommandContext) -> ActionItem:
    return find_in(context.postmortem, context.args.key("id"))


def _finding(context: CommandContext) -> Finding | None:
    key = context.args.key_if_given("finding")
    return find_finding(context.postmortem, key) if key else None


@command("action.add")
def add(context: CommandContext) -> None:
    args = context.args
    actions.add_action(
        context.postmortem,
        text=args.text("text"),
        id=args.key("id"),
        kind=args.text("kind", ActionItem.Kind.PREVENT),
        priority=args.text("priority", ActionItem.Priority.MEDIUM),
        owner=context.person_if_given("owner"),
        due_on=args.day_if_given("due_on"),
        finding=_finding(context),
        by=context.by,
        here=context.here,
    )


@command("action.change")
def change(context: CommandContext) -> None:
    args = context.args
    values: dict[str, Any] = {name: args.text(name) for name in ("text", "kind", "priority") if name in args}
    if "owner" in args:
        values["owner"] = context.person_if_given("owner")
    if "due_on" in args:
        values["due_on"] = args.day_if_given("due_on")
    if "finding" in args:
        values["finding"] = _finding(context)
    actions.change_action(_action(context), base=context.base, by=context.by, here=context.here, **values)


@command("action.commit")
def commit(context: CommandContext) -> None:
    actions.commit(_action(context), by=context.by, here=context.here)


@command("action.accept")
def accept(context: CommandContext) -> None:
    acceptance.accept(_action(context), by=context.by)


@command("action.accept_wording")
def accept_wording(context: CommandContext) -> None:
    actions.accept_wording(_action(context), by=context.by)


@command("action.decline")
def decline(context: CommandContext) -> None:
    actions.decline(_action(context), reason=context.args.text("reason"), by=context.by)


@command("action.reopen")
def reopen(context: CommandContext) -> None:
    actions.reopen(_action(context), by=context.by)


@command("action.remove")
def remove(context: CommandContext) -> None:
    actions.remove_action(_action(context), by=context.by)


@command("action.restore")
def restore(context: CommandContext) -> None:
    actions.restore_action(_action(context), by=context.by)
