"""The commands of `followthrough` and how they end."""

from __future__ import annotations

import sys
from importlib import metadata
from pathlib import Path
from typing import Annotated

import typer
from typer import TyperException

from followthrough.cli import (
    action_command,
    backup,
    config_command,
    demo,
    doctor,
    evaluate,
    import_command,
    serve,
)
from followthrough.cli.environment_file import load_environment_file
from followthrough.cli.help_format import PlainCommand
from followthrough.core.errors import DomainError

app = typer.Typer(
    name="followthrough",
    help="Runs post-mortem meetings and sees their decisions through.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=PlainCommand)(serve.serve)
app.command("worker", cls=PlainCommand)(serve.work)
app.command(cls=PlainCommand)(demo.demo)
app.command("import", cls=PlainCommand)(import_command.import_files)
app.command("action", cls=PlainCommand)(action_command.add_action)
app.command(cls=PlainCommand)(backup.backup)
app.command(cls=PlainCommand)(backup.restore)
app.command(cls=PlainCommand)(doctor.doctor)
app.command(cls=PlainCommand)(config_command.config)
app.add_typer(evaluate.app, name="evaluate")


@app.callback(invoke_without_command=True)
def _overview(
    context: typer.Context,
    env_file: Annotated[
        Path | None,
        typer.Option(
            metavar="FILE",
            help="File of FOLLOWTHROUGH_… settings.  [default: /etc/followthrough.env, where it is]",
            show_default=False,
        ),
    ] = None,
    version: Annotated[bool, typer.Option("--version", help="Say which version this is.")] = False,
) -> None:
    if version:
        typer.echo(f"Followthrough {metadata.version('followthrough')}")
        raise typer.Exit
    load_environment_file(env_file)
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run() -> None:
    """Carries out the command line; what goes wrong is one plain line on stderr and exit status 2."""
    try:
        status = app(standalone_mode=False)
    except (TyperException, DomainError) as error:
        message = error.format_message() if isinstance(error, TyperException) else error.message
        typer.echo(f"followthrough: {message}", err=True)
        sys.exit(2)
    except typer.Abort:
        typer.echo("Stopped. Nothing was changed.", err=True)
        sys.exit(1)
    sys.exit(status or 0)
