"""Deserialization of untrusted input: JSON and YAML that somebody else wrote, bounded in depth and size.

What cannot be taken is a ValueError that says why. Of texts in it, half characters become U+FFFD and NUL is left out.
"""

from __future__ import annotations

import json
import math
from functools import cache
from typing import TYPE_CHECKING, Any

from followthrough.core.text import repaired_deep

if TYPE_CHECKING:
    from yaml.events import Event

DEEPEST_JSON = 100
DEEPEST_YAML = 20
LARGEST_YAML = 64 * 1024
"""Characters."""
_MOST_DIGITS = 40
_LARGEST = 10**_MOST_DIGITS


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


def load_yaml(text: str) -> Any:
    """What the YAML says. MarkedValueError also for aliases, nesting deeper than 20 and more than 64 KB."""
    import yaml  # noqa: PLC0415 - only imports need it

    if len(text) > LARGEST_YAML:
        raise MarkedValueError("It is longer than 64 KB.", 1)
    try:
        _check_events(yaml.parse(text, Loader=_yaml_loader()))
        found = yaml.load(text, Loader=_yaml_loader())  # noqa: S506 - both loaders are the safe ones
        _check_numbers(found)
        return repaired_deep(found)
    except yaml.YAMLError as error:
        mark = getattr(error, "problem_mark", None)
        raise MarkedValueError("It is not valid YAML.", mark.line + 1 if mark else 1) from error
    except (ValueError, ArithmeticError, RecursionError, TypeError, LookupError) as error:
        if isinstance(error, MarkedValueError):
            raise
        raise MarkedValueError("It holds a date or a number that cannot be.", 1) from error


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


def _check_numbers(found: Any) -> None:
    """YAML has hexadecimal and other numbers, whose length in digits only shows when they are read."""
    level = [found]
    while level:
        for number in level:
            if isinstance(number, int | float):
                _finite(number if abs(number) < _LARGEST else math.inf)
        level = _parts(level)


def _line(event: Event) -> int:
    return int(event.start_mark.line) + 1 if event.start_mark else 1


@cache
def _yaml_loader() -> Any:
    import yaml  # noqa: PLC0415 - only imports need it

    return getattr(yaml, "CSafeLoader", yaml.SafeLoader)


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
