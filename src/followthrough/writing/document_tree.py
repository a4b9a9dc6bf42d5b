"""The document tree of the editor: blocks of inline pieces, in one normal form that Markdown can say."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import groupby
from typing import Any

from followthrough.core.addresses import is_link

MARKS = ("link", "strike", "strong", "em", "code")
"""From the outermost to the innermost."""
TEXTBLOCKS = frozenset({"paragraph", "heading", "code_block"})
CONTAINERS = frozenset({"blockquote", "bullet_list", "ordered_list", "list_item"})
LISTS = frozenset({"bullet_list", "ordered_list"})
ATOMS = frozenset({"rule", "verbatim"})
INLINE = frozenset({"hard_break", "mention", "image"})
ATTRIBUTES: Mapping[str, Sequence[str]] = {
    "heading": ("level",),
    "code_block": ("language",),
    "ordered_list": ("start",),
    "verbatim": ("source",),
    "mention": ("href", "label"),
    "image": ("src", "alt"),
}
BLANK = "\u00a0"
"""How Markdown says a paragraph in which nothing is written."""
CACHED_TEXTS = 2_048
"""Blocks that are worked out once: each change of a text leaves nearly all of them as they were."""

_UNSAYABLE = re.compile("[\x00-\x08\x0b-\x1f\x7f-\x9f\ud800-\udfff\ufdd0-\ufdef\ufffe\uffff]")
_MENTION = re.compile(r"/people/\?who=\d+|/actions/ACT-\d+/|/incidents/INC-\d+/room/#entry-[0-9a-f-]{36}")
_LANGUAGE = re.compile(r"[\w+#.-]{1,30}")


@dataclass(frozen=True)
class Span:
    """Text with the same marks throughout: {"strong": "", "link": address}."""

    text: str
    marks: Mapping[str, str] = field(default_factory=dict)

    def __hash__(self) -> int:
        return hash((self.text, frozenset(self.marks.items())))


@dataclass(frozen=True)
class Node:
    """A block, or an inline piece that is not text."""

    tag: str
    attributes: Mapping[str, str] = field(default_factory=dict)
    children: tuple[Node | Span, ...] = ()

    def __hash__(self) -> int:
        return hash((self.tag, frozenset(self.attributes.items()), self.children))


def is_mention(address: str) -> bool:
    """Whether it is the address of a person, an action or a timeline entry."""
    return _MENTION.fullmatch(address) is not None


def unsafe_addresses(nodes: Iterable[Node | Span]) -> set[str]:
    """Where links, pictures and mentions anywhere in the tree lead although none may lead there."""
    found: set[str] = set()
    for node in nodes:
        if isinstance(node, Span):
            found |= {href for href in (node.marks.get("link"),) if href is not None and not is_link(href)}
        else:
            found |= _unsafe_attributes(node) | unsafe_addresses(node.children)
    return found


def _unsafe_attributes(node: Node) -> set[str]:
    if node.tag == "image":
        return {src for src in (node.attributes.get("src", ""),) if src and not is_link(src)}
    if node.tag == "mention":
        return {href for href in (node.attributes.get("href", ""),) if href and not is_mention(href)}
    return set()


def paragraph(*children: Node | Span) -> Node:
    return Node("paragraph", {}, children)


def plain(nodes: Iterable[Node | Span]) -> list[dict[str, Any]]:
    """The tree as dictionaries: {tag, attributes, children} and {text, marks}."""
    return [
        {"text": node.text, "marks": dict(node.marks)}
        if isinstance(node, Span)
        else {"tag": node.tag, "attributes": dict(node.attributes), "children": plain(node.children)}
        for node in nodes
    ]


def normal(blocks: Iterable[Node]) -> tuple[Node, ...]:
    """The same text in its one normal form; empty paragraphs at the end are dropped."""
    found = _blocks(blocks)
    while found and found[-1] == paragraph():
        found.pop()
    return tuple(found)


def _blocks(nodes: Iterable[Node | Span]) -> list[Node]:
    made = (normal_block(node) for node in nodes if isinstance(node, Node))
    return [node for node in made if node is not None]


@lru_cache(CACHED_TEXTS)
def normal_block(node: Node) -> Node | None:
    """One block in normal form; None for one that holds nothing that shows."""
    if node.tag == "code_block":
        text = "".join(child.text for child in node.children if isinstance(child, Span))
        return Node(node.tag, {"language": _language(node)}, (Span(_code(text)),) if _code(text) else ())
    if node.tag == "heading":
        return Node(node.tag, {"level": _level(node)}, _inline(map(_in_one_line, node.children)))
    if node.tag == "paragraph":
        return _paragraph(_inline(node.children))
    if node.tag in CONTAINERS:
        return _container(node)
    return node if node.tag == "rule" or node.attributes.get("source", "").strip() else None


def _paragraph(children: tuple[Node | Span, ...]) -> Node:
    return paragraph() if children == (Span(BLANK),) else paragraph(*children)


def _container(node: Node) -> Node | None:
    children = _blocks(node.children)
    if node.tag in LISTS:
        children = [child for child in children if child.tag == "list_item"]
    elif node.tag == "list_item":
        children = children or [paragraph()]
    if not children:
        return None
    return Node(node.tag, {"start": _start(node)} if node.tag == "ordered_list" else {}, tuple(children))


def _inline(children: Iterable[Node | Span]) -> tuple[Node | Span, ...]:
    pieces = [piece for child in children for piece in _pieces(child)]
    joined: list[Node | Span] = []
    for marks, group in groupby(pieces, lambda piece: piece.marks if isinstance(piece, Span) else None):
        same = list(group)
        spans = [piece.text for piece in same if isinstance(piece, Span)]
        joined += same if marks is None else [_told(Span("".join(spans), marks))]
    while joined and _is_break(joined[-1]):
        joined.pop()
    return tuple(joined)


def _pieces(child: Node | Span) -> list[Node | Span]:
    """A span without what no text can hold, its lines apart."""
    if isinstance(child, Node):
        return [_atom(child)] if child.tag in INLINE else []
    marks = _marks(child.marks)
    found: list[Node | Span] = []
    for at, line in enumerate(_UNSAYABLE.sub("", child.text).split("\n")):
        found += [Node("hard_break")] if at else []
        found += [Span(line, marks)] if line else []
    return found


def _atom(node: Node) -> Node | Span:
    """A mention that leads nowhere of ours, and a picture without an address, are only words."""
    clean = {name: _UNSAYABLE.sub("", node.attributes.get(name, "")) for name in ATTRIBUTES.get(node.tag, ())}
    clean = {name: value.replace("\n", " ") for name, value in clean.items()}
    if node.tag == "mention" and not (clean["label"].strip() and is_mention(clean["href"])):
        return Span(clean["label"] or "…")
    if node.tag == "image" and not is_link(clean["src"]):
        return Span(clean["alt"] or "…")
    return Node(node.tag, clean)


def _told(span: Span) -> Node | Span:
    """A plain link to a person, an action or an entry is a mention."""
    if set(span.marks) == {"link"} and is_mention(span.marks["link"]) and span.text.strip():
        return Node("mention", {"href": span.marks["link"], "label": span.text})
    return span


def _marks(marks: Mapping[str, str]) -> dict[str, str]:
    kept = {name: marks[name] for name in MARKS if name in marks}
    if "link" in kept and not is_link(kept["link"]):
        del kept["link"]
    return kept


def _in_one_line(child: Node | Span) -> Node | Span:
    """Headings have no second line."""
    if isinstance(child, Span):
        return Span(child.text.replace("\n", " "), child.marks)
    return Span(" ") if _is_break(child) else child


def _is_break(piece: Node | Span) -> bool:
    return isinstance(piece, Node) and piece.tag == "hard_break"


def _code(text: str) -> str:
    return _UNSAYABLE.sub("", text.replace("\r\n", "\n"))


def _language(node: Node) -> str:
    found = node.attributes.get("language", "")
    return found if _LANGUAGE.fullmatch(found) else ""


def _level(node: Node) -> str:
    found = node.attributes.get("level", "")
    return found if found in {"1", "2", "3", "4", "5", "6"} else "2"


def _start(node: Node) -> str:
    found = node.attributes.get("start", "")
    return str(int(found)) if found.isascii() and found.isdigit() and len(found) < 8 else "1"
