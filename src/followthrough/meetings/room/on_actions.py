"""Commands on action items."""

from __future__ import annotations

from typing import Any

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.queries import find_in
from followthrough.causes.models import Finding
from followthrough.causes.queries import find_finding
from followthrough.meetings.room.desk import Desk, command


def _action(desk: Desk) -> ActionItem:
    return find_in(desk.postmortem, desk.args.key("id"))


def _finding(desk: Desk) -> Finding | None:
    key = desk.args.key_if_given("finding")
    return find_finding(desk.postmortem, key) if key else None


@command("action.add")
def add(desk: Desk) -> None:
    args = desk.args
    actions.add_action(
        desk.postmortem,
        text=args.text("text"),
        id=args.key("id"),
        kind=args.text("kind", ActionItem.Kind.PREVENT),
        priority=args.text("priority", ActionItem.Priority.MEDIUM),
        owner=desk.person_if_given("owner"),
        due_on=args.day_if_given("due_on"),
        finding=_finding(desk),
        by=desk.by,
    )


@command("action.change")
def change(desk: Desk) -> None:
    args = desk.args
    values: dict[str, Any] = {name: args.text(name) for name in ("text", "kind", "priority") if name in args}
    if "owner" in args:
        values["owner"] = desk.person_if_given("owner")
    if "due_on" in args:
        values["due_on"] = args.day_if_given("due_on")
    if "finding" in args:
        values["finding"] = _finding(desk)
    actions.change_action(_action(desk), base=desk.base, by=desk.by, **values)


@command("action.commit")
def commit(desk: Desk) -> None:
    actions.commit(_action(desk), by=desk.by)


@command("action.accept_wording")
def accept_wording(desk: Desk) -> None:
    actions.accept_wording(_action(desk), by=desk.by)


@command("action.decline")
def decline(desk: Desk) -> None:
    actions.decline(_action(desk), reason=desk.args.text("reason"), by=desk.by)


@command("action.reopen")
def reopen(desk: Desk) -> None:
    actions.reopen(_action(desk), by=desk.by)


@command("action.remove")
def remove(desk: Desk) -> None:
    actions.remove_action(_action(desk), by=desk.by)


@command("action.restore")
def restore(desk: Desk) -> None:
    actions.restore_action(_action(desk), by=desk.by)
