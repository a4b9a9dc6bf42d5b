"""Help that says in plain words what to give, without Python's types."""

from __future__ import annotations

from typing import Any

from typer.core import TyperArgument, TyperCommand


class PlainCommand(TyperCommand):
    """A command that shows its arguments as FILE, [FILE] where it may be left out, or FILE… for several."""

    def collect_usage_pieces(self, ctx: Any) -> list[str]:  # noqa: ARG002 - as Typer calls it
        return ["[OPTIONS]", *map(_in_usage, self._arguments())]

    def format_options(self, ctx: Any, formatter: Any) -> None:
        arguments = self._arguments()
        if arguments:
            with formatter.section("Arguments"):
                formatter.write_dl([(_name(one), one.help or "") for one in arguments])
        options = [one.get_help_record(ctx) for one in self.get_params(ctx) if one not in arguments]
        with formatter.section("Options"):
            formatter.write_dl([record for record in options if record])

    def _arguments(self) -> list[TyperArgument]:
        return [one for one in self.params if isinstance(one, TyperArgument)]


def _name(argument: TyperArgument) -> str:
    return argument.metavar or argument.name.upper()


def _in_usage(argument: TyperArgument) -> str:
    name = _name(argument)
    return name if argument.required or name.endswith("…") else f"[{name}]"
