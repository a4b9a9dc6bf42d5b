"""The config command: what can be set from outside, and how it stands."""

from __future__ import annotations

from typing import get_args

import typer

from followthrough.cli.bootstrap import SECRET, environment_of


def config() -> None:
    """Lists every environment variable, what it is for and its value.

    \b
    Example:
      followthrough config
    """
    environment = environment_of(None)
    for name, field in type(environment).model_fields.items():
        value = getattr(environment, name)
        shown = "(set, not shown)" if name in SECRET and value else value
        choices = f" One of {', '.join(get_args(field.annotation))}." if get_args(field.annotation) else ""
        typer.echo(f"FOLLOWTHROUGH_{name.upper()}={shown}\n    {field.description}{choices}")
