"""What other systems send or list, pasted as JSON: Alertmanager's alerts, deployments, pushes and merges."""

from __future__ import annotations

from collections.abc import Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from followthrough.core.deserialization import load_json
from followthrough.core.parsing import epoch, iso_datetime
from followthrough.timeline.log_messages import Collection, Reading

_TIMES = (
    "finished_at",
    "deployed_at",
    "completed_at",
    "created_at",
    "updated_at",
    "timestamp",
    "time",
    "at",
    "date",
)
_WHAT = ("service", "app", "application", "project", "name", "repository")
_WHICH = ("version", "tag", "ref", "sha", "commit", "revision", "description", "message", "title")
_WHO = ("creator", "deployer", "deployed_by", "author", "user", "by", "pusher", "sender")


def read_payload(text: str) -> Reading | None:
    """The moments that a payload tells of; None if `text` is no JSON of a shape that is known here."""
    try:
        said = load_json(text)
    except ValueError:
        return None
    if isinstance(said, dict) and isinstance(said.get("alerts"), list):
        return _read(_alerts(said["alerts"]), "Alertmanager")
    if isinstance(said, dict) and (event := _github_event(said)):
        return _read(iter([event]), "GitHub")
    listed = said.get("deployments") if isinstance(said, dict) else said
    if isinstance(listed, list) and listed and all(_is_deployment(one) for one in listed):
        return _read(map(_deployment, listed), "deployments")
    return None


def _read(found: Iterator[dict[str, Any]], shape: str) -> Reading:
    collection = Collection()
    for line, facts in enumerate(found, 1):
        collection.add(line=line, **facts)
    return collection.reading(shape)


def _alerts(alerts: list[Any]) -> Iterator[dict[str, Any]]:
    for alert in alerts:
        facts = _mapping(alert)
        labels, notes = _mapping(facts.get("labels")), _mapping(facts.get("annotations"))
        name = _text(labels.get("alertname")) or "Alert"
        about = _text(notes.get("summary")) or _text(notes.get("description"))
        yield _moment(facts.get("startsAt"), f"{name} fired{f': {about}' if about else ''}", kind="alert")
        ended = _time(facts.get("endsAt"))
        if facts.get("status") == "resolved" and ended and ended.year > 1:
            yield _moment(facts.get("endsAt"), f"{name} resolved", kind="alert")


def _github_event(said: Mapping[str, Any]) -> dict[str, Any] | None:
    """One moment of a GitHub webhook's body; None if it is not one that tells of a change."""
    if not isinstance(said.get("repository"), dict):
        return None
    where = _text(_mapping(said["repository"]).get("full_name"))
    who = _person(said.get("sender"))
    if status := _mapping(said.get("deployment_status")):
        deployment = _deployment({"repository": where, **_mapping(said.get("deployment"))})
        words = f"{deployment['text']}: {_text(status.get('state')) or 'updated'}"
        return _moment(status.get("created_at"), words, kind="change", author=who)
    if deployed := _mapping(said.get("deployment")):
        return _deployment({"repository": where, **deployed})
    if (pull := _mapping(said.get("pull_request"))) and pull.get("merged_at"):
        words = f"Merged {where}#{pull.get('number')}: {_text(pull.get('title'))}"
        return _moment(pull["merged_at"], words, kind="change", author=_person(pull.get("merged_by")) or who)
    if pushed := _mapping(said.get("head_commit")):
        words = f"Pushed {where}@{_short(pushed.get('id'))}: {_first_line(pushed.get('message'))}"
        return _moment(
            pushed.get("timestamp"), words, kind="change", author=_person(said.get("pusher")) or who
        )
    return None


def _is_deployment(one: Any) -> bool:
    facts = _mapping(one)
    return bool(_first(facts, _TIMES) and _first(facts, _WHICH)) and "ts" not in facts and "text" not in facts


def _deployment(one: Any) -> dict[str, Any]:
    facts = _mapping(one)
    what = _first(facts, _WHAT)
    which = _short(_first(facts, _WHICH))
    where = _text(facts.get("environment"))
    words = f"Deployed {'@'.join(part for part in (what, which) if part)}{f' to {where}' if where else ''}"
    author = next((name for key in _WHO if (name := _person(facts.get(key)))), "")
    return _moment(_first(facts, _TIMES), words, kind="change", author=author)


def _moment(when: Any, text: str, *, kind: str, author: str = "") -> dict[str, Any]:
    return {"happened_at": _time(when), "text": text, "kind": kind, "author": author}


def _time(said: Any) -> datetime | None:
    """ISO 8601, or seconds or milliseconds since 1970; a time without zone is UTC. None if it is neither."""
    moment = epoch(said) if isinstance(said, int | float) else iso_datetime(_text(said))
    try:
        return moment and (moment if moment.tzinfo else moment.replace(tzinfo=UTC)).astimezone(UTC)
    except OverflowError:
        return None


def _first(facts: Mapping[str, Any], names: tuple[str, ...]) -> Any:
    """The first of the named facts that says something, as text or a number."""
    return next((said for name in names if (said := _plain(facts.get(name)))), "")


def _plain(said: Any) -> str | int | float:
    if isinstance(said, dict):
        return _text(said.get("full_name")) or _text(said.get("name"))
    return said if isinstance(said, int | float) and not isinstance(said, bool) else _text(said)


def _person(said: Any) -> str:
    """A name as text, or that of a GitHub account."""
    facts = _mapping(said)
    return _text(said) or _text(facts.get("login")) or _text(facts.get("name"))


def _short(which: Any) -> str:
    """A commit by its first seven digits, anything else as it is."""
    text = str(which)
    return text[:7] if len(text) == 40 and all(digit in "0123456789abcdef" for digit in text) else text


def _first_line(said: Any) -> str:
    return _text(said).split("\n", 1)[0]


def _text(said: Any) -> str:
    return said.strip() if isinstance(said, str) else ""


def _mapping(said: Any) -> Mapping[str, Any]:
    return said if isinstance(said, dict) else {}
