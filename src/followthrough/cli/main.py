"""The commands of `followthrough` and how they end."""

from __future__ import annotations

import sys

import typer
from typer import TyperException

from followthrough.cli import configuration, doctor, evaluating, importing, keeping, samples, serving
from followthrough.cli.plain import PlainCommand
from followthrough.core.errors import DomainError

app = typer.Typer(
    name="followthrough",
    help="Runs post-mortem meetings and sees their decisions through.",
    add_completion=False,
    pretty_exceptions_enable=False,
    rich_markup_mode=None,
    context_settings={"help_option_names": ["-h", "--help"]},
)
app.command(cls=PlainCommand)(serving.serve)
app.command("worker", cls=PlainCommand)(serving.work)
app.command(cls=PlainCommand)(samples.demo)
app.command("import", cls=PlainCommand)(importing.import_files)
app.command(cls=PlainCommand)(keeping.backup)
app.command(cls=PlainCommand)(keeping.restore)
app.command(cls=PlainCommand)(doctor.doctor)
app.command(cls=PlainCommand)(configuration.config)
app.add_typer(evaluating.app, name="evaluate")


@app.callback(invoke_without_command=True)
def _overview(context: typer.Context) -> None:
    if context.invoked_subcommand is None:
        typer.echo(context.get_help())


def run() -> None:
    """Carries out the command line; what goes wrong is one plain line on stderr and exit status 2."""
    try:
        status = app(standalone_mode=False)
    except (TyperException, DomainError) as error:
        typer.echo(f"followthrough: {error.message}", err=True)
        sys.exit(2)
    except typer.Abort:
        typer.echo("Stopped. Nothing was changed.", err=True)
        sys.exit(1)
    sys.exit(status or 0)
