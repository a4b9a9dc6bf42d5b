"""The records of a JSON document as programs hand them out: a list, a list inside an object, objects with labels that are objects."""

from __future__ import annotations

from typing import Any

from followthrough.incidents.imports.column_names import guess

MAX_DEPTH = 6
_LISTS = (
    "incidents", "postmortems", "post_mortems", "issues", "alerts", "records", "data", "items", "results", "result",
    "value", "values", "rows", "entries", "nodes", "edges", "hits", "content", "response", "body",
)  # fmt: skip
_WRAPPED = ("node", "_source")
_NAMES = (
    "name",
    "summary",
    "title",
    "label",
    "displayName",
    "display_name",
    "value",
    "key",
    "login",
    "email",
)
_WHEN = ("at", "when", "time", "timestamp", "date", "created_at", "createdAt", "created", "display_at")
_SAID = ("body", "message", "text", "content", "comment", "note", "description", "update")


def records(found: Any) -> list[Any]:
    """The objects that are incidents; what is neither an object nor holds any stays as it is."""
    if isinstance(found, list):
        return [_unwrapped(one) for one in found]
    inner = _inside(found, 1) if isinstance(found, dict) else None
    return [found] if inner is None else inner


def _inside(found: dict[str, Any], depth: int) -> list[Any] | None:
    """The records that an object holds; None where it is one itself, or holds none."""
    named = [part for name in _LISTS for key, part in found.items() if str(key).lower() == name]
    if listed := next(filter(_holds_records, named), None):
        return records(listed)
    if depth > MAX_DEPTH or is_record(found):
        return None
    deeper = (_inside(part, depth + 1) for part in named if isinstance(part, dict))
    return next((inner for inner in deeper if inner is not None), None) or _unnamed(found)


def _unnamed(found: dict[str, Any]) -> list[Any] | None:
    """The only list of records, whatever it is called, or an object of records by their keys."""
    lists = [part for part in found.values() if _holds_records(part)]
    if len(lists) == 1:
        return records(lists[0])
    if len(found) > 1 and all(isinstance(part, dict) and is_record(part) for part in found.values()):
        return [{"id": key, **part} for key, part in found.items()]
    return None


def _holds_records(part: Any) -> bool:
    return isinstance(part, list) and any(
        isinstance(one, dict) and is_record(_unwrapped(one)) for one in part[:20]
    )


def is_record(found: dict[str, Any]) -> bool:
    """Whether something in it is called as a title or a text of an incident is."""
    return bool({"title", "what_happened"} & set(guess(_short(flatten(found, depth=MAX_DEPTH - 1))).values()))


def _short(values: dict[str, Any]) -> dict[str, Any]:
    return {name: value for name, value in list(values.items())[:300] if isinstance(value, str)}


def _unwrapped(found: Any) -> Any:
    """GraphQL's nodes and a search engine's hits without what is around them."""
    if not isinstance(found, dict):
        return found
    for name in _WRAPPED:
        if isinstance(found.get(name), dict):
            return {"id": found.get("_id"), **found[name]} if "_id" in found else found[name]
    return found


def flatten(values: dict[str, Any], prefix: str = "", depth: int = 1) -> dict[str, Any]:
    """Nested objects as "outer.inner"; a list of objects becomes their names, or lines of text."""
    flat: dict[str, Any] = {}
    for name, value in values.items():
        if isinstance(value, dict) and depth < MAX_DEPTH:
            flat |= flatten(value, f"{prefix}{name}.", depth + 1)
        else:
            flat[f"{prefix}{name}"] = _listed(value) if isinstance(value, list) else value
    return flat


def _listed(values: list[Any]) -> Any:
    if not any(isinstance(value, dict) for value in values):
        return values
    if all(_name_of(value) and not _first(value, _SAID[:3]) for value in values):
        return [_name_of(value) for value in values]
    return "\n\n".join(_told(value) for value in values)


def _told(value: Any) -> str:
    """An update as a line: when, in which state, what was said; all there is where none of that is known."""
    if not isinstance(value, dict):
        return str(value)
    said = _first(value, _SAID)
    if not said:
        return " · ".join(str(part) for part in value.values() if part)
    return " · ".join(str(part) for part in (_first(value, _WHEN), value.get("status"), said) if part)


def _name_of(value: Any) -> str:
    return str(_first(value, _NAMES) or "") if isinstance(value, dict) else str(value)


def _first(value: Any, names: tuple[str, ...]) -> Any:
    if not isinstance(value, dict):
        return None
    return next(
        (value[name] for name in names if isinstance(value.get(name), str | int) and value[name]), None
    )
