"""Carrying an import out, or only previewing it (dry run); a repeated import is idempotent."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from itertools import islice
from pathlib import Path
from typing import Any

from django.db import transaction

from followthrough.core.errors import DomainError
from followthrough.incidents.imports.bulk_writer import Names, write
from followthrough.incidents.imports.cell_values import Unreadable
from followthrough.incidents.imports.column_mapping import Columns, Meaning, choose_mapping, look, remember
from followthrough.incidents.imports.file_rows import Row, read
from followthrough.incidents.imports.incident_drafts import Draft, draft
from followthrough.incidents.models import Incident, Milestone, Severity
from followthrough.incidents.queries.external_ids import free_names, known_to
from followthrough.people.models import User

BATCH_ROWS = 250
PREVIEW_ROWS = 12
MAX_BAD_ROWS = 200


@dataclass(frozen=True)
class BadRow:
    """A row that was left out, and why."""

    file: str
    line: int
    reason: str


@dataclass
class Report:
    """What an import did, or would do: `created`, `skipped` (already here), `bad` (the first 200 of `bad_count`).

    `incomplete` rows go in without a milestone that could not be read.
    """

    rows: int = 0
    created: int = 0
    skipped: int = 0
    bad_count: int = 0
    bad: list[BadRow] = field(default_factory=list)
    new_services: list[str] = field(default_factory=list)
    incomplete: list[BadRow] = field(default_factory=list)
    first: list[Draft] = field(default_factory=list)
    columns: Columns = field(default_factory=Columns)
    meaning: Meaning = field(default_factory=lambda: Meaning({}))

    def refuse(self, row: Row, error: Unreadable) -> None:
        """Notes a row that is left out, with the line of the column that cannot be read."""
        self.bad_count += 1
        if len(self.bad) < MAX_BAD_ROWS:
            self.bad.append(BadRow(row.file, row.lines.get(error.column, row.line), str(error)))

    def note_left_out(self, drafts: list[Draft]) -> None:
        """Notes rows that go in without something."""
        lines = [BadRow(said.row.file, said.row.line, why) for said in drafts for why in said.left_out]
        self.incomplete += lines[: MAX_BAD_ROWS - len(self.incomplete)]

    @property
    def summary(self) -> dict[str, Any]:
        """The figures, as JSON can hold them."""
        shown = ("rows", "created", "skipped", "bad_count", "new_services")
        lists = {"bad": self.bad, "incomplete": self.incomplete}
        figures = {name: getattr(self, name) for name in shown}
        return figures | {name: [asdict(row) for row in rows] for name, rows in lists.items()}

    @property
    def preview(self) -> dict[str, Any]:
        """What a preview shows, as JSON can hold it."""
        columns = {"samples": self.columns.samples, "days_first": self.columns.days_first, "rows": self.rows}
        return self.summary | {"columns": columns, "first": [_shown(row) for row in self.first]}


def _shown(said: Draft) -> dict[str, Any]:
    """What people recognise a row by."""
    began = said.moments.get(Milestone.Name.STARTED)
    return {
        "title": said.title,
        "kind": Incident.Kind(said.kind).label,
        "began": began.isoformat() if began else "",
        "services": ", ".join(said.services),
        "tags": ", ".join(said.tags),
        "holds": said.parts.holds if said.parts else "",
    }


def run(
    paths: Iterable[Path | str],
    *,
    by: User | None,
    mapping: Mapping[str, str] | None = None,
    meaning: Meaning | None = None,
    dry_run: bool = False,
    on_progress: Callable[[int], None] = lambda _: None,
) -> Report:
    """Imports the files, or with `dry_run` only says what would happen. Running it again creates nothing twice.

    `mapping` {column: field} corrects the remembered or guessed one; `meaning` replaces it altogether.
    Good rows go in, in batches; bad ones are in the report with line and reason.
    """
    files = [Path(path) for path in paths]
    columns = look(read(files))
    if not columns.rows:
        raise DomainError("There is no row in these files, so there was nothing to import.")
    chosen = meaning or choose_mapping(columns, mapping, zone=by.zone if by else "UTC")
    report, names = Report(columns=columns, meaning=chosen), Names.load()
    ranks = {severity.name.lower(): severity.rank for severity in Severity.objects.all()}
    seen: set[str] = set()
    for batch in _batches(read(files)):
        report.rows += len(batch)
        drafts = _new(_drafts(batch, chosen, ranks, report), seen, report, by)
        names.note_unknown(drafts)
        report.created += len(drafts)
        report.note_left_out(drafts)
        report.first += drafts[: PREVIEW_ROWS - len(report.first)]
        if dry_run:
            report.new_services = names.note(drafts)
        else:
            with transaction.atomic():
                write(drafts, names=names, zone=chosen.zone, by=by)
        on_progress(report.rows)
    if not dry_run:
        report.new_services = names.added
        remember(columns, chosen)
    return report


def _batches(rows: Iterator[Row]) -> Iterator[list[Row]]:
    while batch := list(islice(rows, BATCH_ROWS)):
        yield batch


def _drafts(batch: list[Row], meaning: Meaning, ranks: dict[str, int], report: Report) -> Iterator[Draft]:
    for row in batch:
        try:
            yield draft(row, meaning, ranks, as_report=True)
        except Unreadable as error:
            report.refuse(row, error)


def _new(drafts: Iterator[Draft], seen: set[str], report: Report, by: User | None) -> list[Draft]:
    """Those that are neither here already, as far as `by` may know, nor earlier in the same files."""
    found = list(drafts)
    keys = [row.external_id for row in found]
    here, names = known_to(by, keys), free_names(by, keys)
    former = known_to(by, [row.former_id for row in found if row.former_id])
    fresh = []
    for row in found:
        if row.external_id in here or row.external_id in seen or _is_same(row, former.get(row.former_id)):
            report.skipped += 1
        else:
            seen.add(row.external_id)
            fresh.append(replace(row, external_id=names[row.external_id]))
    return fresh


def _is_same(row: Draft, known: Incident | None) -> bool:
    """Whether the incident that an earlier version stored under a bare number is this one."""
    return bool(
        known and (known.title == row.title or known.began_at == row.moments.get(Milestone.Name.STARTED))
    )
