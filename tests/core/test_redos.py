"""No text makes a reader slow (ReDoS and its like): found by looking at the package itself, nothing is listed here
but what is left out, with its reason.

Time is that of the thread, so that what else the machine does counts for nothing. A short text shows what grows faster
than it; only what takes suspiciously long is then measured with 100 KB.
"""

from __future__ import annotations

import ast
import importlib
import math
import pkgutil
import re
from collections.abc import Callable, Iterator
from functools import cache
from pathlib import Path
from re import _constants as code  # type: ignore[attr-defined]
from re import _parser  # type: ignore[attr-defined]
from types import ModuleType
from typing import Any

import pytest

import followthrough
from tests.pace import seconds, slowness

pytestmark = pytest.mark.slow
SHORT, LONG = 2_000, 100_000
MOST_SECONDS = 0.2
UNITS = [
    *" \t\n1a[@<:(\"'`*_-.,;\\/#>|=A\u0301é‹“{&!~)]",
    *(
        "[@",
        "(edited)",
        "1:",
        "a.",
        "<a",
        "a ",
        "\n>",
        "](",
        "a@",
        "://",
        "and ",
        "not ",
        "to ",
        "_a",
        "we ",
        "so ",
    ),
]
MADE_OF_NAMES = {
    "followthrough.incidents.report_line": "of the names of severities and services, escaped; they repeat nothing",
    "followthrough.incidents.imports.moments": "of a table of spellings; they are run themselves",
    "followthrough.reports.anonymisation": "of the names of people; run by the test of summaries",
    "followthrough.wording.blame_rules": "of the names of people; its rules are run as they stand, with no names",
    "followthrough.wording.patterns": "what makes the others; they are run themselves",
    "followthrough.wording.suggestions": "of SIGNALS, which repeat nothing",
}
"""Modules that make a pattern only when they are called."""


LONGEST_CHECKED = 10_000
"""Characters of a text at which a check of wording looks at all."""
WORDING: set[re.Pattern[Any]] = set()


@cache
def modules() -> tuple[ModuleType, ...]:
    names = [module.name for module in pkgutil.walk_packages(followthrough.__path__, "followthrough.")]
    return tuple(
        importlib.import_module(name)
        for name in names
        if ".migrations" not in name and not name.endswith("__main__")
    )


def calls(module: ModuleType) -> Iterator[ast.Call]:
    tree = ast.parse(Path(module.__file__ or "").read_text())
    return (
        node
        for node in ast.walk(tree)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute | ast.Name)
    )


def value(node: ast.expr, module: ModuleType) -> Any:
    return eval(compile(ast.Expression(node), module.__name__, "eval"), vars(module))


def written_in(module: ModuleType) -> Iterator[tuple[re.Pattern[str], set[str]]]:
    """Each pattern of a call of `re`, and each use of one that has a name, with the method."""
    for call in calls(module):
        if not isinstance(call.func, ast.Attribute) or not isinstance(call.func.value, ast.Name):
            continue
        on, method = call.func.value.id, call.func.attr
        if isinstance(pattern := getattr(module, on, None), re.Pattern):
            yield pattern, {method}
        elif on == "re" and method != "escape":
            try:
                given = [value(one, module) for one in call.args]
            except NameError:
                if method == "compile" or not isinstance(call.args[0], ast.Constant):
                    assert module.__name__ in MADE_OF_NAMES, ast.unparse(call)
                    continue
                given = [value(call.args[0], module)]
            flags = [one for one in given[1:] if isinstance(one, re.RegexFlag)]
            yield re.compile(given[0], *flags), set() if method == "compile" else {method}


def held(thing: Any, seen: set[int]) -> Iterator[tuple[re.Pattern[str], set[str]]]:
    """Patterns inside the tables of a module; a rule that looks only after a person is matched there."""
    if id(thing) in seen:
        return
    seen.add(id(thing))
    if isinstance(thing, re.Pattern):
        yield thing, set()
    elif isinstance(thing, dict | tuple | list | set | frozenset):
        for part in thing.values() if isinstance(thing, dict) else thing:
            yield from held(part, seen)
    elif hasattr(thing, "after_person") and not isinstance(thing, type):
        yield thing.pattern, {"match"} if thing.after_person else {"finditer"}


@cache
def patterns() -> dict[re.Pattern[Any], set[str]]:
    """Every pattern with the methods it is used with; all of them where that cannot be seen."""
    found: dict[re.Pattern[Any], set[str]] = {}
    for module in modules():
        own = (thing for thing in vars(module).values() if not isinstance(thing, ModuleType))
        for pattern, methods in [*written_in(module), *(one for thing in own for one in held(thing, set()))]:
            found.setdefault(pattern, set()).update(methods)
            if module.__name__.startswith("followthrough.wording"):
                WORDING.add(pattern)
    return {pattern: methods or {"search", "match", "sub"} for pattern, methods in found.items()}


def example(nodes: Any, repeats: list[tuple[str, str]], before: str = "") -> str:
    """A short text of what a pattern looks for; `repeats` gains each (what stands before, what may be repeated)."""
    text = ""
    for kind, detail in nodes:
        text += _example(kind, detail, repeats, before + text)
    return text


def _example(kind: Any, detail: Any, repeats: list[tuple[str, str]], before: str) -> str:
    if kind in {code.ASSERT, code.ASSERT_NOT, code.BRANCH}:
        branches = detail[1] if kind is code.BRANCH else [detail[1], []]
        return [example(branch, repeats, before) for branch in branches][0 if kind is code.BRANCH else -1]
    if kind is code.SUBPATTERN:
        return example(detail[3], repeats, before)
    if kind in {code.MAX_REPEAT, code.MIN_REPEAT}:
        unit = example(detail[2], repeats, before) or "a"
        repeats += [(before, unit)] if detail[1] > 8 else []
        return unit * min(detail[0], 20)
    plain = {code.LITERAL: chr, code.IN: one_of, code.AT: lambda _: "", code.GROUPREF: lambda _: ""}
    return plain.get(kind, lambda _: "a")(detail)


def one_of(members: Any) -> str:
    negated = members[0][0] is code.NEGATE
    for kind, detail in members:
        if not negated and kind in {code.LITERAL, code.RANGE}:
            return chr(detail if kind is code.LITERAL else detail[0])
    spaces = {code.CATEGORY_SPACE, code.CATEGORY_NOT_WORD, code.CATEGORY_NOT_DIGIT}
    kinds = {detail for kind, detail in members if kind is code.CATEGORY}
    digits = {code.CATEGORY_DIGIT}
    return "a" if negated else " " if kinds & spaces else "1" if kinds & digits else "a"


def texts(pattern: re.Pattern[Any]) -> Iterator[Callable[[int], str]]:
    """Texts of any length that are hard for the pattern."""
    repeats: list[tuple[str, str]] = []
    example(_parser.parse(pattern.pattern, pattern.flags), repeats)
    attacks = [("", unit, "") for unit in UNITS]
    for before, unit in dict.fromkeys(repeats):
        attacks += [
            (before, unit, "\0"),
            (before, f"{unit} ", "\0"),
            ("", before + unit, ""),
            (before, " ", "!"),
        ]
    for before, unit, after in attacks:
        yield lambda n, b=before, u=unit, a=after: b + u * (n // len(u)) + a


pace = cache(slowness)
"""Measured once, as very many texts are read."""


def too_slow(
    run: Callable[[str], object], text_of: Callable[[int], str], longest: int, most: float = MOST_SECONDS
) -> float:
    """The seconds that a text of `longest` characters takes, if they are more than `most`; 0 if not.

    From how the time grows between two short texts it is told whether a long one is worth measuring.
    """
    limit = most * pace()
    for length in (50, 200):
        if (took := min(seconds(run, text_of(length)) for _ in range(2))) > limit:
            return took
    few, more = (max(seconds(run, text_of(length)), 1e-6) for length in (SHORT, 4 * SHORT))
    growth = max(1.0, min(2.0, math.log(more / few, 4)))
    if more * (longest / (4 * SHORT)) ** growth < limit:
        return 0
    took = min(seconds(run, text_of(longest // 4)) for _ in range(2))
    if took < limit:
        took = min(seconds(run, text_of(longest)) for _ in range(2))
    return took if took > limit else 0


def applied(pattern: re.Pattern[Any], method: str) -> Callable[[str], object]:
    is_bytes = isinstance(pattern.pattern, bytes)
    nothing: Any = b"" if is_bytes else ""

    def run(text: str) -> object:
        subject: Any = text.encode() if is_bytes else text
        if method in {"sub", "subn"}:
            return pattern.sub(nothing, subject)
        found = getattr(pattern, method)(subject)
        return list(found) if method == "finditer" else found

    return run


def longest_of(pattern: re.Pattern[Any]) -> int:
    return LONGEST_CHECKED if pattern in WORDING else LONG


def test_patterns_are_found() -> None:
    assert len(patterns()) > 100


def test_no_pattern_is_slow() -> None:
    slow = [
        (pattern.pattern, method, text_of(20), round(took, 2))
        for pattern, methods in patterns().items()
        for method in methods
        & {"search", "match", "fullmatch", "sub", "subn", "findall", "finditer", "split"}
        for text_of in texts(pattern)
        if (took := too_slow(applied(pattern, method), text_of, longest_of(pattern)))
    ]
    assert slow == []
