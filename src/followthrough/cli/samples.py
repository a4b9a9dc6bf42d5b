"""The sample organisation."""

from __future__ import annotations

import os
from importlib import import_module
from typing import Annotated

import typer

from followthrough.cli.starting import Data, bring_up_to_date, start
from followthrough.core.errors import DomainError


def demo(
    scale: Annotated[
        int, typer.Option(help="Add this many generated incidents, for measuring.", min=0, show_default=False)
    ] = 0,
    data: Data = None,
) -> None:
    """Fills an empty data folder with a sample organisation.

    \\b
    Examples:
      followthrough demo --data /tmp/sample
      followthrough demo --scale 10000
    """
    os.environ["FOLLOWTHROUGH_DEMO"] = "true"
    start(data)
    bring_up_to_date()
    load_sample()
    if scale:
        with typer.progressbar(length=scale, label="Generated incidents") as bar:
            import_module("followthrough.sample.scale").add_generated(scale, bar.update)
    typer.echo("The sample organisation is there. Start it with: followthrough serve --demo")


def load_sample() -> None:
    """Makes the sample organisation where there is nobody yet; leaves one that is there as it is."""
    from followthrough.people.queries import nobody_yet, sample_people

    if nobody_yet():
        typer.echo("Making the sample organisation; this happens once.")
        import_module("followthrough.sample.operations").load_demo(lambda _: None)
    elif not sample_people().exists():
        raise DomainError(
            "This data folder belongs to a real organisation, so no sample was added. Name an empty one with --data."
        )
