"""No reader is slow, whatever it is given: found by looking at the package itself.

A reader is a public function that takes text first and whose other parameters can be filled by their type, or a form
with fields for text. What is left out is named here with its reason. A short text shows what grows faster than it.
"""

from __future__ import annotations

import inspect
import signal
import typing
from collections.abc import Callable, Collection, Iterator, Mapping
from contextlib import contextmanager, suppress
from datetime import UTC, date, datetime
from types import FunctionType, ModuleType, UnionType
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django import forms

from followthrough.core.errors import DomainError
from tests.core.test_redos import LONG, MOST_SECONDS, modules, too_slow

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
NOW = datetime(2026, 11, 23, 14, 3, tzinfo=UTC)
UNITS = [
    " ",
    "1",
    "[@",
    "[",
    "<",
    ":",
    "(",
    '"',
    "'",
    "\n",
    "\u0301",
    "a\u0301",
    "a ",
    "1\n",
    "- a\n",
    "we ",
    "14:11 a\n",
]
DEADLINE_SECONDS = 20
"""Of one reader with all texts: what never ends is named, too."""
PROCESSES = "asks a process of its own, which is stopped after its time"
LEFT_OUT = {
    "followthrough.calendars.reader_client.ask_reader": PROCESSES,
    "followthrough.calendars.queries.regions": PROCESSES,
    "followthrough.calendars.imap_replies.check_mailbox": "asks a mail server, for the operator",
    "followthrough.wording.patterns.bounded": "makes patterns of our own rules",
}
LINEAR = {
    "followthrough.timeline.chat_lines.read_lines": (3, "0.1 ms a line; a pasted log has 20,000 at most"),
    "followthrough.timeline.chat_log.read_log": (3, "the same"),
    "followthrough.timeline.markdown_timeline.read_markdown": (1, "20 µs a line; the same"),
    "followthrough.timeline.markdown_timeline.read_timeline": (1, "the same"),
    "followthrough.writing.markdown.parser.read": (1, "10 µs a line"),
    "followthrough.writing.markdown.portable.one_line": (0.5, "3 µs a colon, as Markdown is parsed"),
    "followthrough.writing.markdown.portable.portable": (1, "10 µs a line"),
    "followthrough.core.markdown_html.to_html": (0.5, "the same"),
    "followthrough.core.templatetags.core.markdown_filter": (0.5, "the same"),
    "followthrough.reports.queries.reader_mail.words": (0.5, "the same"),
    "followthrough.wording.blame.find_blame": (0.5, "looks at 10,000 characters, at each for a phrase"),
    "followthrough.wording.blame.names_a_persons_act": (0.5, "the same"),
}
"""(Seconds for 100 KB, why) of readers that take longer for each line, but no longer the more lines there are."""
OPERATORS = ("followthrough.cli.", "followthrough.config.", "followthrough.sample.")
"""What only whoever runs the server can give something to."""


class Ended(BaseException):
    """No reader catches this."""


@contextmanager
def deadline() -> Iterator[None]:
    def end(*_: object) -> None:
        raise Ended

    before = signal.signal(signal.SIGPROF, end)
    signal.setitimer(signal.ITIMER_PROF, DEADLINE_SECONDS)
    try:
        yield
    finally:
        signal.setitimer(signal.ITIMER_PROF, 0)
        signal.signal(signal.SIGPROF, before)


def readers() -> Iterator[tuple[str, Callable[[str], object]]]:
    for module in modules():
        for name, thing in list(vars(module).items()):
            called = f"{module.__name__}.{name}"
            if called in LEFT_OUT or name.startswith("_") or called.startswith(OPERATORS):
                continue
            if is_of(module, thing) and (reader := reading_text(thing)):
                yield called, reader


def is_of(module: ModuleType, thing: Any) -> bool:
    return (
        callable(thing)
        and not isinstance(thing, type)
        and getattr(thing, "__module__", "") == module.__name__
        and isinstance(inspect.unwrap(thing), FunctionType)
        and not inspect.iscoroutinefunction(thing)
    )


def reading_text(thing: Any) -> Callable[[str], object] | None:
    """The function with all but its text filled in; None if it takes no text or what no type can tell."""
    try:
        hints = typing.get_type_hints(thing)
        first, *others = inspect.signature(thing).parameters.values()
        needed = [
            one
            for one in others
            if one.default is one.empty and one.kind not in {one.VAR_KEYWORD, one.VAR_POSITIONAL}
        ]
        filled = {one.name: of_type(hints[one.name]) for one in needed}
    except (NameError, ValueError, LookupError):
        return None
    if hints.get(first.name) not in {str, bytes, str | None, str | bytes}:
        return None
    beside = [filled.pop(one.name) for one in needed if one.kind is one.POSITIONAL_OR_KEYWORD]
    is_bytes = hints[first.name] is bytes

    def run(text: str) -> None:
        try:
            thing(text.encode() if is_bytes else text, *beside, **filled)
        except RecursionError:
            raise
        except Exception:  # noqa: BLE001 - refusing is right; how fast is what is asked here
            pass

    return run


PLAIN: dict[Any, Any] = {
    str: "UTC",
    bytes: b"",
    int: 1,
    float: 100.0,
    bool: False,
    datetime: NOW,
    date: NOW.date(),
    ZoneInfo: ZoneInfo("UTC"),
    Any: "x",
}


def of_type(hint: Any) -> Any:
    """Something of that type; LookupError where nothing plain is."""
    if hint in PLAIN:
        return PLAIN[hint]
    origin, parts = typing.get_origin(hint), typing.get_args(hint)
    if origin in {typing.Union, UnionType}:
        return None if type(None) in parts else of_type(parts[0])
    kind = origin or hint
    if isinstance(kind, type) and issubclass(kind, Mapping):
        return {}
    if isinstance(kind, type) and issubclass(kind, Collection):
        return []
    if getattr(hint, "__name__", "") == "LogClock":
        return hint(start=NOW, zone=ZoneInfo("UTC"), end=None)
    raise LookupError(hint)


def slow_texts(run: Callable[[str], object], most: float = MOST_SECONDS) -> list[tuple[str, float]]:
    found = []
    unit = ""
    try:
        with deadline():
            for unit in UNITS:
                if took := too_slow(run, lambda n, u=unit: u * (n // len(u)), LONG, most):  # type: ignore[misc]
                    found.append((unit, round(took, 2)))
    except (Ended, RecursionError) as error:
        found.append((unit, DEADLINE_SECONDS if isinstance(error, Ended) else 0))
    return found


def test_no_reader_is_slow() -> None:
    found = dict(readers())
    assert len(found) > 60
    bounds = {name: seconds for name, (seconds, _) in LINEAR.items()}
    slow = {name: slow_texts(run, bounds.get(name, MOST_SECONDS)) for name, run in found.items()}
    assert {name: texts for name, texts in slow.items() if texts} == {}


def form_classes() -> set[type[forms.BaseForm]]:
    return {
        thing
        for module in modules()
        for thing in vars(module).values()
        if isinstance(thing, type)
        and issubclass(thing, forms.BaseForm)
        and thing.__module__.startswith("followthrough")
    }


def cleaning(form: type[forms.BaseForm]) -> Iterator[tuple[str, Callable[[str], object]]]:
    """Each field by itself, and the whole form with the text in all of them, where it can be made alone."""
    for name, field in form.base_fields.items():  # type: ignore[attr-defined]
        yield name, refusing(field.clean)
    names = list(form.base_fields)  # type: ignore[attr-defined]
    yield "all", refusing(lambda text: form(dict.fromkeys(names, text)).is_valid())


def refusing(clean: Callable[[str], object]) -> Callable[[str], object]:
    def run(text: str) -> None:
        with suppress(forms.ValidationError, DomainError, TypeError, AttributeError, KeyError, ValueError):
            clean(text)

    return run


def test_no_form_is_slow() -> None:
    found = form_classes()
    assert len(found) > 20
    slow = {f"{form.__name__}.{name}": slow_texts(run) for form in found for name, run in cleaning(form)}
    assert {name: texts for name, texts in slow.items() if texts} == {}
