"""Slack's own export: a JSON list of messages per channel and day, and its users.json."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping
from datetime import UTC, datetime
from typing import Any

from followthrough.core.deserialization import load_json
from followthrough.timeline.log_messages import Collection, Reading

_LINK = re.compile(r"<([^<>|]*)(?:\|([^<>]*))?>")
_COMING_AND_GOING = re.compile(r"(?:channel|group)_|(?:un)?pinned_item|bot_(?:add|remove)|tombstone")


def read_export(text: str, users: Mapping[str, str]) -> Reading | None:
    """The messages of an export, oldest first; None if `text` is not JSON.

    `users` maps Slack's user ids to names. A line number is a message's place in the list.
    """
    try:
        said = load_json(text)
    except ValueError:
        return None
    messages = said.get("messages") if isinstance(said, dict) else said
    names = {**_names(said.get("users") if isinstance(said, dict) else None), **users}
    found = Collection()
    if not isinstance(messages, list):
        found.skip(1, text, "JSON, but not messages that Slack exported")
        messages = []
    numbered = [
        (line, message) for line, message in enumerate(messages, 1) if _is_message(line, message, found)
    ]
    for line, message in sorted(
        numbered, key=lambda one: _moment(one[1]) or datetime.max.replace(tzinfo=UTC)
    ):
        _take(line, message, names, found)
    return found.reading("Slack export")


def read_users(text: str) -> dict[str, str]:
    """The names by user id in an export's users.json; empty if it is not one."""
    try:
        return _names(load_json(text))
    except ValueError:
        return {}


def _names(users: Any) -> dict[str, str]:
    if isinstance(users, dict):
        return {str(key): name for key, name in users.items() if isinstance(name, str)}
    listed = users if isinstance(users, list) else []
    return {str(user["id"]): _own_name(user) for user in listed if isinstance(user, dict) and "id" in user}


def _own_name(user: dict[str, Any]) -> str:
    profile = user.get("profile")
    facts = {**user, **(profile if isinstance(profile, dict) else {})}
    return _first_words(facts, "real_name", "display_name", "name") or str(user.get("id", ""))


def _first_words(facts: Mapping[str, Any], *names: str) -> str:
    """The first of the named facts that holds words, or ""."""
    return next((value for name in names if isinstance(value := facts.get(name), str) and value.strip()), "")


def _is_message(line: int, message: Any, found: Collection) -> bool:
    if not isinstance(message, dict):
        found.skip(line, str(message), "not a message")
        return False
    return True


def _take(line: int, message: dict[str, Any], names: Mapping[str, str], found: Collection) -> None:
    words = _words(message, names)
    if _COMING_AND_GOING.match(str(message.get("subtype") or "")):
        found.skip(line, words, "about the channel, not the incident")
    else:
        found.add(_moment(message), author=_author(message, names), text=words, line=line)


def _moment(message: dict[str, Any]) -> datetime | None:
    try:
        return datetime.fromtimestamp(float(message["ts"]), UTC)
    except (KeyError, TypeError, ValueError, OverflowError, OSError):
        return None


def _author(message: dict[str, Any], names: Mapping[str, str]) -> str:
    user = str(message.get("user") or "")
    for holder in ("user_profile", "bot_profile"):
        profile = message.get(holder)
        if user not in names and isinstance(profile, dict):
            return _own_name(profile)
    return names.get(user) or _first_words(message, "username") or user


def _words(message: dict[str, Any], names: Mapping[str, str]) -> str:
    """The text, or what is attached where a robot posts only attachments."""
    attached = message.get("attachments")
    attachments = [one for one in attached if isinstance(one, dict)] if isinstance(attached, list) else []
    said = _first_words(message, "text") or "\n".join(
        _first_words(one, "fallback", "title", "text", "pretext") for one in attachments
    )
    return html.unescape(_LINK.sub(lambda link: _readable(link, names), said))


def _readable(link: re.Match[str], names: Mapping[str, str]) -> str:
    """`<@U12>` as @Sana, `<#C3|ops>` as #ops, `<https://x|graph>` as graph (https://x)."""
    target, label = link[1], link[2]
    if target.startswith("@"):
        return "@" + (label or names.get(target[1:], target[1:]))
    if target.startswith(("#", "!")):
        return ("#" if target[0] == "#" else "@") + (label or target[1:]).lstrip("@#")
    return f"{label} ({target})" if label and label not in target else target
