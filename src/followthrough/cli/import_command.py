"""The import command: bringing incidents in from files."""

from __future__ import annotations

from collections.abc import Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from followthrough.cli.bootstrap import (
    Data,
    bootstrap,
    bootstrap_read_only,
    bring_up_to_date,
    refuse_if_outdated,
)
from followthrough.core.errors import DomainError

if TYPE_CHECKING:
    from followthrough.incidents.imports import Report

_NAMED = 12


def import_files(
    files: Annotated[
        list[Path] | None,
        typer.Argument(metavar="FILE…", help="Markdown, CSV or JSON lines.", show_default=False),
    ] = None,
    preview: Annotated[bool, typer.Option("--preview", help="Only say what would come in.")] = False,
    column: Annotated[
        list[str], typer.Option(metavar="COLUMN=FIELD", help="What a column means; may be repeated.")
    ] = [],  # noqa: B006 - Typer copies it
    data: Data = None,
) -> None:
    """Imports incidents from files, each once.

    Doing it again brings nothing in twice. Markdown files hold one incident each, with YAML front matter. Rows that cannot be read are named with
    their line; the others come in, and only where nothing could be read does it end with an error. What columns mean is guessed, said, and remembered.

    \b
    Examples:
      followthrough import incidents.csv --preview
      followthrough import incidents.csv --column "Start=started"
      followthrough import postmortems/*.md
    """
    if not files:
        raise DomainError("Name at least one file.")
    if missing := [str(file) for file in files if not file.is_file()]:
        raise DomainError(f"There is no file {missing[0]}. Nothing was imported.")
    if preview:
        bootstrap_read_only(data)
        refuse_if_outdated()
    else:
        bootstrap(data)
        bring_up_to_date()
    from followthrough.incidents.imports import run
    from followthrough.people.queries import nobody_yet

    if nobody_yet():
        raise DomainError(
            "This organisation is not set up yet, so nothing was imported. Start `followthrough serve` and set it up."
        )
    report = run(files, by=None, mapping=_mapping(column), dry_run=preview)
    _tell(report, preview=preview)
    if report.bad_count and not (report.created or report.skipped):
        raise typer.Exit(1)


def _mapping(columns: list[str]) -> dict[str, str]:
    pairs = [entry.rpartition("=") for entry in columns]
    if wrong := [entry for entry, (name, _, _) in zip(columns, pairs, strict=True) if not name]:
        raise DomainError(f"--column {wrong[0]} is not COLUMN=FIELD, such as --column Start=started.")
    return {name: field for name, _, field in pairs}


def _some(names: Sequence[str]) -> str:
    more = len(names) - _NAMED
    return ", ".join(names[:_NAMED]) + (f" and {more} more" if more > 0 else "")


def _tell(report: Report, *, preview: bool) -> None:
    for row in report.bad:
        typer.echo(f"{row.file}, line {row.line}: {row.reason}", err=True)
    for row in report.incomplete:
        typer.echo(f"{row.file}, line {row.line}: comes in, but {row.reason}", err=True)
    fields = report.meaning.fields
    meanings = ", ".join(f"{name} → {fields.get(name) or 'left out'}" for name in report.columns.samples)
    typer.echo(f"Columns: {meanings or 'none understood'}")
    if report.new_services:
        typer.echo(f"New services: {_some(report.new_services)}")
    verb = "would come in" if preview else "came in"
    typer.echo(
        f"{report.created} of {report.rows} {verb}; {report.skipped} were here already; {report.bad_count} left out."
    )
