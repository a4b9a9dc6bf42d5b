"""The evaluate command: how good our own judgements are, measured on files of real records."""

from __future__ import annotations

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Annotated, Any

import typer

from followthrough.cli.evaluate_texts import similar, wording
from followthrough.cli.help_format import PlainCommand
from followthrough.core.errors import DomainError

OVERVIEW = """Measures our own judgements on files of real records.

\b
Example:
  followthrough evaluate similar incidents.jsonl --links links.jsonl
"""
app = typer.Typer(help=OVERVIEW, no_args_is_help=True)
app.command(cls=PlainCommand)(similar)
app.command(cls=PlainCommand)(wording)
File = Annotated[Path, typer.Argument(metavar="FILE", help="JSON lines.", show_default=False)]


@app.command(cls=PlainCommand)
def alarms(file: File) -> None:
    """Measures how often “getting worse” would be a false alarm.

    Months in random order hold no change. Rows are {org, started_at, components}.
    """
    from followthrough.statistics import alarm_evaluation, rate_alarms

    series = alarm_evaluation.months_of(_rows(file))
    if not series:
        raise DomainError("No organisation in this file has 15 months of incidents, so nothing was measured.")
    found = alarm_evaluation.false_alarms(list(series.values()))
    typer.echo(f"{found.series} series of months, {found.tried:,} shuffled comparisons of 90 with 365 days")
    typer.echo(
        f"false alarms at a nominal {rate_alarms.ALARM_LEVEL:.0%}: {found.alarms / found.tried:.2%} of all,"
    )
    typer.echo(
        f"  {found.alarms / max(1, found.judged):.2%} of the {found.judged:,} with three recent incidents or more"
    )
    typer.echo(f"rounds with any alarm left after adjusting for all series: {found.any_round:.2%}")


@app.command(cls=PlainCommand)
def changes(file: File) -> None:
    """Measures how often a change of durations is claimed wrongly.

    And how often one is seen where there is one. Rows are {duration_min}.
    """
    from followthrough.statistics import alarm_evaluation

    minutes = [float(row["duration_min"]) for row in _rows(file) if row.get("duration_min")]
    found = alarm_evaluation.false_claims(minutes)
    if not found:
        raise DomainError("This file has fewer than 20 durations, so nothing was measured.")
    typer.echo(f"{len(minutes)} durations, {found[0].tried:,} comparisons of each size")
    for row in found:
        typer.echo(
            f"{row.size:>4} with {row.size:<4} claimed without a change {row.false / row.tried:.2%},"
            f" a change by half seen {row.seen / row.tried:.0%}"
        )


def _rows(file: Path) -> Iterator[dict[str, Any]]:
    if not file.is_file():
        raise DomainError(f"There is no file {file}, so nothing was measured.")
    with file.open(encoding="utf-8") as lines:
        for number, line in enumerate(lines, 1):
            try:
                yield json.loads(line)
            except ValueError:
                raise DomainError(f"Line {number} of {file} is not JSON, so nothing was measured.") from None
