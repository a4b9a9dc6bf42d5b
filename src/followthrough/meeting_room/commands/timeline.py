"""Commands on timeline entries and their evidence."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from django.utils import timezone

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.times import is_zone, local
from followthrough.meeting_room.command_context import CommandArgs, CommandContext, command
from followthrough.timeline import operations as timeline
from followthrough.timeline.models import Entry, Evidence
from followthrough.timeline.operations import Row
from followthrough.timeline.queries import find_entry
from followthrough.timeline.typed_times import read_line

MAX_ROWS = 500
_WORDS = "words"


def _entry(context: CommandContext, name: str = "id") -> Entry:
    return find_entry(context.postmortem, context.args.key(name))


@command("entry.add")
def add(context: CommandContext) -> None:
    """Bare times are on the incident's clock, the one that the whole room looks at."""
    args = context.args
    timeline.write_line(
        context.postmortem,
        line=args.text("line"),
        id=args.key("id"),
        previous=args.moment_if_given("previous"),
        zone=context.postmortem.incident.zone,
        kind=args.text("kind", Entry.Kind.OBSERVATION),
        anonymous=args.flag("anonymous"),
        editing_key=args.text("key", ""),
        by=context.by,
    )


@command("entry.change")
def change(context: CommandContext) -> None:
    entry, args = _entry(context), context.args
    when = _when(context, entry) if args.value("when") is not None else {}
    timeline.change_entry(
        entry,
        text=args.text_if_given("text"),
        kind=args.text_if_given("kind"),
        editing_key=args.text("key", ""),
        base=context.base,
        by=context.by,
        **when,
    )


def _when(context: CommandContext, entry: Entry) -> dict[str, Any]:
    """A typed time such as `14:11`, `+8 min` or an ISO moment, read as the line of an entry would be."""
    incident, said = context.postmortem.incident, context.args.text("when").strip()
    read = read_line(
        f"{said} {_WORDS}",
        start=incident.began_at,
        zone=ZoneInfo(incident.zone),
        previous=entry.happened_at,
        today=local(timezone.now(), context.by.zone).date(),
        end=incident.ended_at,
        days=not incident.is_outage,
    )
    if read.happened_at is None or not read.text.startswith(_WORDS):
        raise DomainError(
            "This is not a time. Write it such as 14:11, +8 min or yesterday 23:50.", field="when"
        )
    zone = read.zone if is_zone(read.zone) else entry.zone
    return {"happened_at": read.happened_at, "whole_day": read.whole_day, "zone": zone}


@command("entry.remove")
def remove(context: CommandContext) -> None:
    timeline.remove_entry(_entry(context), by=context.by, editing_key=context.args.text("key", ""))


@command("entry.restore")
def restore(context: CommandContext) -> None:
    timeline.restore_entry(_entry(context), by=context.by, editing_key=context.args.text("key", ""))


@command("entry.mark")
def mark(context: CommandContext) -> None:
    timeline.mark_milestone(_entry(context), context.args.text_if_given("milestone"), by=context.by)


@command("entry.pair")
def pair(context: CommandContext) -> None:
    other = _entry(context, "with") if context.args.value("with") is not None else None
    timeline.pair_entries(_entry(context), other, by=context.by)


@command("entry.settle")
def settle(context: CommandContext) -> None:
    timeline.settle_accounts(_entry(context), by=context.by)


@command("entry.take_over")
def take_over(context: CommandContext) -> None:
    rows = context.args.value("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MAX_ROWS:
        raise DomainError(f"Choose 1 to {MAX_ROWS} lines to take over at once.", field="rows")
    source = context.args.text("source", "")
    timeline.take_over(
        context.postmortem, [_row(_as_args(row)) for row in rows], source=source, by=context.by
    )


@command("entry.take_back")
def take_back(context: CommandContext) -> None:
    keys = context.args.value("keys")
    if (
        not isinstance(keys, list)
        or not 1 <= len(keys) <= MAX_ROWS
        or not all(isinstance(key, str) for key in keys)
    ):
        raise DomainError(f"Choose 1 to {MAX_ROWS} lines to take back at once.", field="keys")
    timeline.take_back(context.postmortem, keys, by=context.by)


def _as_args(row: object) -> CommandArgs:
    return CommandArgs(row if isinstance(row, dict) else {})


def _row(row: CommandArgs) -> Row:
    return Row(
        id=row.key("id"),
        happened_at=row.moment("happened_at"),
        text=row.text("text"),
        author=row.text("author", ""),
        key=row.text("key"),
        kind=row.text("kind", ""),
    )


@command("evidence.link")
def link(context: CommandContext) -> None:
    args = context.args
    timeline.attach_link(
        _entry(context, "entry"),
        url=args.text("url"),
        title=args.text("title", ""),
        id=args.key("id"),
        by=context.by,
    )


def _piece(context: CommandContext) -> Evidence:
    pieces = Evidence.objects.select_related("entry").filter(entry__postmortem=context.postmortem)
    if not (found := pieces.filter(pk=context.args.key("id")).first()):
        raise NotFound("This evidence is not part of the timeline.")
    return found


@command("evidence.remove")
def remove_evidence(context: CommandContext) -> None:
    timeline.remove_evidence(_piece(context), by=context.by)


@command("evidence.restore")
def restore_evidence(context: CommandContext) -> None:
    timeline.restore_evidence(_piece(context), by=context.by)
