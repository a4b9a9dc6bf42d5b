"""The demo: the sample organisation."""

from __future__ import annotations

import os
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from typing import Annotated

import typer

from followthrough.cli.bootstrap import Data, bootstrap, bring_up_to_date
from followthrough.core.errors import DomainError


def demo(
    scale: Annotated[
        int,
        typer.Option(
            metavar="NUMBER", help="Add this many generated incidents, for measuring.", show_default=False
        ),
    ] = 0,
    data: Data = None,
) -> None:
    """Fills an empty data folder with a sample organisation.

    \b
    Examples:
      followthrough demo --data /tmp/sample
      followthrough demo --scale 10000
    """
    if scale < 0:
        raise DomainError(f"--scale is {scale}; choose nought or more.")
    os.environ["FOLLOWTHROUGH_DEMO"] = "true"
    bootstrap(data)
    bring_up_to_date()
    is_new = load_sample()
    if scale:
        from followthrough.sample.load_generator import add_generated

        with _progress("Generated incidents", scale) as progress:
            add_generated(scale, progress)
    where = f" --data {data}" if data else ""
    made = "is there" if is_new or scale else "was there already, so nothing was changed"
    typer.echo(f"The sample organisation {made}. Start it with: followthrough serve --demo{where}")


def load_sample() -> bool:
    """Makes the sample organisation where there is nobody yet; leaves one that is there as it is, and says which."""
    from followthrough.people.queries import nobody_yet, sample_people

    if nobody_yet():
        from followthrough.sample.operations import load_demo
        from followthrough.sample.story import CHAPTERS

        with _progress("Sample organisation", len(CHAPTERS)) as progress:
            load_demo(progress)
        return True
    if not sample_people().exists():
        raise DomainError(
            "This data folder belongs to a real organisation, so no sample was added. Name an empty one with --data."
        )
    return False


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[int], None]]:
    """A bar on a terminal, one line elsewhere; called with how many more are done."""
    if not sys.stderr.isatty():
        typer.echo(f"{label} …")
        yield lambda _: None
        return
    with typer.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield bar.update
