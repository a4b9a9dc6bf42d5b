"""Commands on timeline entries and their evidence."""

from __future__ import annotations

from typing import Any
from zoneinfo import ZoneInfo

from followthrough.core.errors import DomainError, NotThere
from followthrough.core.times import is_zone
from followthrough.meetings.room.desk import Args, Desk, command
from followthrough.timeline import operations as timeline
from followthrough.timeline.models import Entry, Evidence
from followthrough.timeline.operations import Row
from followthrough.timeline.queries import find_entry
from followthrough.timeline.when import read_line

MOST_ROWS = 500
_WORDS = "words"


def _entry(desk: Desk, name: str = "id") -> Entry:
    return find_entry(desk.postmortem, desk.args.key(name))


@command("entry.add")
def add(desk: Desk) -> None:
    """Bare times are on the incident's clock, the one that the whole room looks at."""
    args = desk.args
    timeline.write_line(
        desk.postmortem,
        line=args.text("line"),
        id=args.key("id"),
        previous=args.moment_if_given("previous"),
        zone=desk.postmortem.incident.zone,
        kind=args.text("kind", Entry.Kind.OBSERVATION),
        anonymous=args.flag("anonymous"),
        editing_key=args.text("key", ""),
        by=desk.by,
    )


@command("entry.change")
def change(desk: Desk) -> None:
    entry, args = _entry(desk), desk.args
    when = _when(desk, entry) if args.value("when") is not None else {}
    timeline.change_entry(
        entry,
        text=args.text_if_given("text"),
        kind=args.text_if_given("kind"),
        editing_key=args.text("key", ""),
        base=desk.base,
        by=desk.by,
        **when,
    )


def _when(desk: Desk, entry: Entry) -> dict[str, Any]:
    """A typed time such as `14:11`, `+8 min` or an ISO moment, read as the line of an entry would be."""
    incident, said = desk.postmortem.incident, desk.args.text("when").strip()
    read = read_line(
        f"{said} {_WORDS}",
        start=incident.began_at,
        zone=ZoneInfo(incident.zone),
        previous=entry.happened_at,
        end=incident.ended_at,
        days=not incident.is_outage,
    )
    if read.happened_at is None or read.text != _WORDS:
        raise DomainError(
            "This is not a time. Write it such as 14:11, +8 min or yesterday 23:50.", field="when"
        )
    return {"happened_at": read.happened_at, "zone": read.zone if is_zone(read.zone) else entry.zone}


@command("entry.remove")
def remove(desk: Desk) -> None:
    timeline.remove_entry(_entry(desk), by=desk.by, editing_key=desk.args.text("key", ""))


@command("entry.restore")
def restore(desk: Desk) -> None:
    timeline.restore_entry(_entry(desk), by=desk.by, editing_key=desk.args.text("key", ""))


@command("entry.mark")
def mark(desk: Desk) -> None:
    timeline.mark_milestone(_entry(desk), desk.args.text_if_given("milestone"), by=desk.by)


@command("entry.pair")
def pair(desk: Desk) -> None:
    other = _entry(desk, "with") if desk.args.value("with") is not None else None
    timeline.pair_entries(_entry(desk), other, by=desk.by)


@command("entry.settle")
def settle(desk: Desk) -> None:
    timeline.settle_accounts(_entry(desk), by=desk.by)


@command("entry.take_over")
def take_over(desk: Desk) -> None:
    rows = desk.args.value("rows")
    if not isinstance(rows, list) or not 1 <= len(rows) <= MOST_ROWS:
        raise DomainError(f"Choose 1 to {MOST_ROWS} lines to take over at once.", field="rows")
    source = desk.args.text("source", "")
    timeline.take_over(desk.postmortem, [_row(_as_args(row)) for row in rows], source=source, by=desk.by)


def _as_args(row: object) -> Args:
    return Args(row if isinstance(row, dict) else {})


def _row(row: Args) -> Row:
    return Row(
        id=row.key("id"),
        happened_at=row.moment("happened_at"),
        text=row.text("text"),
        author=row.text("author", ""),
        key=row.text("key"),
        kind=row.text("kind", ""),
    )


@command("evidence.link")
def link(desk: Desk) -> None:
    args = desk.args
    timeline.attach_link(
        _entry(desk, "entry"),
        url=args.text("url"),
        title=args.text("title", ""),
        id=args.key("id"),
        by=desk.by,
    )


def _piece(desk: Desk) -> Evidence:
    pieces = Evidence.objects.select_related("entry").filter(entry__postmortem=desk.postmortem)
    if not (found := pieces.filter(pk=desk.args.key("id")).first()):
        raise NotThere("This evidence is not part of the timeline.")
    return found


@command("evidence.remove")
def remove_evidence(desk: Desk) -> None:
    timeline.remove_evidence(_piece(desk), by=desk.by)


@command("evidence.restore")
def restore_evidence(desk: Desk) -> None:
    timeline.restore_evidence(_piece(desk), by=desk.by)
