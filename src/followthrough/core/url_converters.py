"""URL converters: keys of records in addresses."""

from __future__ import annotations

from django.urls import register_converter


class IncidentKey:
    """`<incident:pk>` matches "INC-148" and hands the view 148."""

    regex = r"[Ii][Nn][Cc]-[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value[4:])

    def to_url(self, value: int | str) -> str:
        return value if isinstance(value, str) else f"INC-{value}"


class ActionKey:
    """`<action:number>` matches "ACT-31" and hands the view 31."""

    regex = r"[Aa][Cc][Tt]-[1-9][0-9]{0,8}"

    def to_python(self, value: str) -> int:
        return int(value[4:])

    def to_url(self, value: int | str) -> str:
        return value if isinstance(value, str) else f"ACT-{value}"


class Secret:
    """`<secret:token>` matches what only its holder knows: log_redaction keeps it out of logs, and nothing stores the page."""

    regex = r"[^/]+"

    def to_python(self, value: str) -> str:
        return value

    def to_url(self, value: str) -> str:
        return value


def register() -> None:
    """Makes the converters known to every urls module; called once, from this room's ready()."""
    register_converter(IncidentKey, "incident")
    register_converter(ActionKey, "action")
    register_converter(Secret, "secret")
