"""One line of text with its marks as Markdown.

A mark's delimiters only count where CommonMark's flanking rules let them. Where the characters beside them would not,
those characters are written as entities, which count as punctuation; so every marking can be said.
"""

from __future__ import annotations

import re
import unicodedata
from collections.abc import Iterator
from dataclasses import dataclass
from functools import lru_cache

from followthrough.writing.document_tree import CACHED_TEXTS, MARKS, Node, Span

_DELIMITERS = {"strike": "~~", "strong": "**", "em": "_"}
_ALWAYS = re.compile(r"[\\`*\[\]<]|&(?=#?\w+;)")
_UNDERSCORE = re.compile(r"(?<![^\W_]{2})_|_(?![^\W_]{2})")
_TILDE = re.compile(r"(?<=~)~|~(?=~)|^~|~$")
_NUMBERED = re.compile(r"^(\d{1,9})([.)])")
_IN_ADDRESS = re.compile(r"[\\()]|&(?=#?\w+;)")


@dataclass
class _Piece:
    """A part of the line. `kind`: "text", "open", "close", "atom" (a code, a picture, a mention) or "break"."""

    kind: str
    text: str

    @property
    def is_emphasis(self) -> bool:
        return self.kind in {"open", "close"} and self.text in _DELIMITERS.values()


@lru_cache(CACHED_TEXTS)
def line_of(node: Node) -> str:
    """The Markdown of a paragraph's or heading's content; a paragraph may have several lines."""
    pieces = list(_pieces(node))
    has_lines = any(piece.kind == "break" for piece in pieces)
    return "".join(
        _escaped(pieces, at, heading=node.tag == "heading", has_lines=has_lines)
        if piece.kind == "text"
        else piece.text
        for at, piece in enumerate(pieces)
    )


def _pieces(node: Node) -> Iterator[_Piece]:
    """Text, atoms and the delimiters between them, properly nested."""
    opened: list[tuple[str, str]] = []
    for child in node.children:
        wanted = _outer_marks(child)
        kept = _common(opened, wanted)
        yield from _closing(opened[kept:])
        yield from _opening(wanted[kept:])
        opened = wanted
        yield _content(child)
    yield from _closing(opened)


def _outer_marks(child: Node | Span) -> list[tuple[str, str]]:
    marks = child.marks if isinstance(child, Span) else {}
    return [(name, marks[name]) for name in MARKS if name in marks and name != "code"]


def _common(opened: list[tuple[str, str]], wanted: list[tuple[str, str]]) -> int:
    count = 0
    while count < min(len(opened), len(wanted)) and opened[count] == wanted[count]:
        count += 1
    return count


def _closing(marks: list[tuple[str, str]]) -> Iterator[_Piece]:
    for name, value in reversed(marks):
        yield _Piece("close", f"]({_address(value)})" if name == "link" else _DELIMITERS[name])


def _opening(marks: list[tuple[str, str]]) -> Iterator[_Piece]:
    for name, _ in marks:
        yield _Piece("open", "[" if name == "link" else _DELIMITERS[name])


def _content(child: Node | Span) -> _Piece:
    if isinstance(child, Span):
        return _Piece("atom", _code(child.text)) if "code" in child.marks else _Piece("text", child.text)
    if child.tag == "hard_break":
        return _Piece("break", "\\\n")
    if child.tag == "image":
        return _Piece("atom", f"![{_within(child.attributes['alt'])}]({_address(child.attributes['src'])})")
    return _Piece("atom", f"[{_within(child.attributes['label'])}]({_address(child.attributes['href'])})")


def _address(address: str) -> str:
    return _IN_ADDRESS.sub(lambda match: f"\\{match.group()}", address)


def _code(text: str) -> str:
    longest = max((len(run) for run in re.findall("`+", text)), default=0)
    fence = "`" * (longest + 1)
    padded = text.startswith("`") or text.endswith("`") or (text[0] == text[-1] == " " and text.strip(" "))
    return f"{fence} {text} {fence}" if padded else f"{fence}{text}{fence}"


def _within(label: str) -> str:
    """A label inside brackets: a line of its own as far as escapes go."""
    return _escaped([_Piece("text", label)], 0, heading=False, has_lines=False) if label else ""


def _escaped(pieces: list[_Piece], at: int, *, heading: bool, has_lines: bool) -> str:
    """The text so that none of it means anything but itself."""
    text = pieces[at].text
    before, after = (pieces[at - 1] if at else None), (pieces[at + 1] if at + 1 < len(pieces) else None)
    first = text[0] if _first_is_coded(pieces, at) else ""
    last = text[-1] if len(text) > len(first) and _last_is_coded(pieces, at) else ""
    inner = text[len(first) : len(text) - len(last)]
    inner = _plain(inner, heading=heading, has_lines=has_lines)
    if not first and (before is None or before.kind == "break"):
        inner = _not_a_block(inner)
    if not last and inner.endswith("!") and after is not None:
        inner = f"{inner[:-1]}\\!"
    return _coded(first) + inner + _coded(last)


def _plain(text: str, *, heading: bool, has_lines: bool) -> str:
    """Escapes what could mean something anywhere in a line."""
    text = _ALWAYS.sub(lambda match: f"\\{match.group()}", text)
    text = _UNDERSCORE.sub(r"\\_", text)
    text = _TILDE.sub(r"\\~", text)
    if heading:
        text = text.replace("#", "\\#")
    return text.replace("|", "\\|") if has_lines else text


def _not_a_block(text: str) -> str:
    """Escapes what would begin a heading, a list, a quote or a table at the start of a line."""
    text = _NUMBERED.sub(r"\1\\\2", text)
    return f"\\{text}" if text[:1] in set("#>+-=|:") and text else text


def _coded(character: str) -> str:
    return f"&#{ord(character)};" if character else ""


def _first_is_coded(pieces: list[_Piece], at: int) -> bool:
    text, before = pieces[at].text, pieces[at - 1] if at else None
    if before is None or before.kind == "break":
        return text[0].isspace()
    if not before.is_emphasis:
        return False
    if before.kind == "open":
        return text[0].isspace()
    return _is_wordy(text[0]) and (before.text == "_" or not _ends_in_word(pieces[at - 2]))


def _last_is_coded(pieces: list[_Piece], at: int) -> bool:
    text, after = pieces[at].text, pieces[at + 1] if at + 1 < len(pieces) else None
    if after is None or after.kind == "break":
        return text[-1].isspace()
    if not after.is_emphasis:
        return False
    if after.kind == "close":
        return text[-1].isspace()
    return _is_wordy(text[-1]) and (after.text == "_" or not _begins_in_word(pieces[at + 2]))


def _ends_in_word(piece: _Piece) -> bool:
    return piece.kind == "text" and _is_wordy(piece.text[-1])


def _begins_in_word(piece: _Piece) -> bool:
    return piece.kind == "text" and _is_wordy(piece.text[0])


def _is_wordy(character: str) -> bool:
    """Neither space nor punctuation."""
    return not character.isspace() and unicodedata.category(character)[0] not in "PSZ"
