"""Deserialization of untrusted input: JSON, YAML and TOML that somebody else wrote, bounded in depth and size.

What cannot be taken is a ValueError that says why. Of texts in it, half characters become U+FFFD and NUL is left out.
"""

from __future__ import annotations

import json
import math
import re
import tomllib
from dataclasses import dataclass
from functools import cache
from typing import Any

from followthrough.core.text import repaired, repaired_deep

DEEPEST_JSON = 100
DEEPEST_YAML = 20
LARGEST_YAML = 64 * 1024
"""Characters."""
_MOST_DIGITS = 40
_MOST_PARTS = 100


class MarkedValueError(ValueError):
    """What is wrong, and in which line (from 1) it begins."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def load_json(text: str | bytes, *, repair: bool = True) -> Any:
    """What the JSON says. ValueError for what is none, nests deeper than 100, or holds a number nobody can mean.

    Without `repair` texts are as they came, half characters among them.
    """
    try:
        written = text if isinstance(text, str) else text.decode("utf-8-sig")
        found = _JSON.decode(written)
    except RecursionError as error:
        raise ValueError("It is nested too deeply.") from error
    _check_depth(found)
    return repaired_deep(found) if repair else found


@dataclass(frozen=True)
class MarkedMapping:
    """The names and values of a text, the line (from 1) of each name, and names that stand twice with their second line."""

    values: dict[str, Any]
    lines: dict[str, int]
    doubled: list[tuple[str, int]]


def load_yaml_texts(text: str) -> MarkedMapping | None:
    """What the YAML says, every value as the text that it is written as: `12:30`, `0123` and `no` are no numbers and no truth.

    None if it is no mapping. MarkedValueError also for aliases, nesting deeper than 20 and more than 64 KB. Of a name
    that stands twice the first value is taken.
    """
    import yaml  # noqa: PLC0415 - only imports need it

    _refuse_long(text)
    try:
        _check_events(yaml.parse(text, Loader=_yaml_loader()))
        root = yaml.compose(text, Loader=_yaml_loader())
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise MarkedValueError("It is not valid YAML.", mark.line + 1 if mark else 1) from error
    except (ValueError, RecursionError) as error:
        if isinstance(error, MarkedValueError):
            raise
        raise MarkedValueError("It is not valid YAML.", 1) from error
    if root is None:
        return MarkedMapping({}, {}, [])
    return _marked(root) if isinstance(root, yaml.MappingNode) else None


def _marked(root: Any) -> MarkedMapping:
    values: dict[str, Any] = {}
    lines: dict[str, int] = {}
    doubled = []
    for key, node in root.value:
        name = repaired(str(_plain(key)))
        if name in values:
            doubled.append((name, _line(key)))
        else:
            values[name], lines[name] = repaired_deep(_plain(node)), _line(key)
    return MarkedMapping(values, lines, doubled)


def _plain(node: Any) -> Any:
    """Texts, lists and mappings of a node; an empty value is None, a kind of its own is refused."""
    if not node.tag.startswith("tag:yaml.org,2002:") or "python" in node.tag:
        raise MarkedValueError("It is not valid YAML here: it names a kind of value of its own.", _line(node))
    if node.id == "sequence":
        return [_plain(part) for part in node.value]
    if node.id == "mapping":
        return {str(_plain(key)): _plain(part) for key, part in reversed(node.value)}
    return None if not node.style and node.value in {"", "~", "null", "Null", "NULL"} else node.value


def load_toml(text: str) -> MarkedMapping:
    """What the TOML says. MarkedValueError for what is none, more than 64 KB and names of more than 100 parts."""
    _refuse_long(text)
    if any(piece.count(".") > _MOST_PARTS for piece in re.split(r"[=,{}\[\]\n]", text)):
        raise MarkedValueError("It holds a name of too many parts.", 1)
    try:
        found = tomllib.loads(text)
        _check_depth(found)
    except (ValueError, RecursionError, ArithmeticError) as error:
        line = re.search(r"at line (\d{1,9})", str(error))
        raise MarkedValueError("It is not valid TOML.", int(line[1]) if line else 1) from error
    return MarkedMapping(repaired_deep(found), {}, [])


def _refuse_long(text: str) -> None:
    if len(text) > LARGEST_YAML:
        raise MarkedValueError("It is longer than 64 KB.", 1)


def _check_events(events: Any) -> None:
    """The events come one by one, before anything is built of them."""
    from yaml import events as kinds  # noqa: PLC0415 - only imports need it

    depth = 0
    for event in events:
        if isinstance(event, kinds.AliasEvent) or getattr(event, "anchor", None):
            raise MarkedValueError("It uses anchors (&) or aliases (*); write the values out.", _line(event))
        if isinstance(event, kinds.CollectionStartEvent):
            depth += 1
        elif isinstance(event, kinds.CollectionEndEvent):
            depth -= 1
        if depth > DEEPEST_YAML:
            raise MarkedValueError(f"It is nested more than {DEEPEST_YAML} deep.", _line(event))


def _line(event: Any) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


@cache
def _yaml_loader() -> Any:
    import yaml  # noqa: PLC0415 - only imports need it

    return getattr(yaml, "CBaseLoader", yaml.BaseLoader)


def _check_depth(found: Any) -> None:
    level = [found]
    for _ in range(DEEPEST_JSON):
        if not (level := _parts(level)):
            return
    raise ValueError("It is nested too deeply.")


def _parts(level: list[Any]) -> list[Any]:
    """What stands directly in the lists and mappings of one level."""
    return [
        part
        for whole in level
        if isinstance(whole, dict | list)
        for part in (whole.values() if isinstance(whole, dict) else whole)
    ]


def _whole_number(digits: str) -> int:
    if len(digits) > _MOST_DIGITS:
        raise ValueError("It holds a number that is too long.")
    return int(digits)


def _fraction(digits: str) -> float:
    return _finite(float(digits))


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no number.")


def _finite(number: float) -> float:
    if not math.isfinite(number):
        raise ValueError("It holds a number that is too large.")
    return number


_JSON = json.JSONDecoder(parse_int=_whole_number, parse_float=_fraction, parse_constant=_no_number)
