"""Markdown for other programs' eyes: no raw HTML, no address that may not be followed, plain fields escaped."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from followthrough.writing.document_tree import Node, Span, normal_block, paragraph
from followthrough.writing.markdown.inline import line_of
from followthrough.writing.markdown.parser import read, rewrite_table
from followthrough.writing.markdown.serializer import write


def escape(text: str) -> str:
    """A plain field inside a line, a heading or a table's cell: it says itself and nothing else, in one line."""
    return _line(" ".join(text.split()))


def one_line(text: str) -> str:
    """What may hold code, emphasis and links, such as a finding, as one line of Markdown."""
    blocks = read(" ".join(text.split()))
    if len(blocks) == 1 and blocks[0].tag == "paragraph":
        return line_of(blocks[0])
    return escape(text)


def portable(text: str) -> str:
    """The Markdown that people wrote, in the normal form of texts here, with tables likewise."""
    return write(_safe(read(text)))


def _line(text: str) -> str:
    return line_of(paragraph(Span(text))).replace("|", "\\|").replace("#", "\\#") if text else ""


def _safe(blocks: Sequence[Node]) -> list[Node]:
    return [_safe_block(block) for block in blocks]


def _safe_block(block: Node) -> Node:
    if block.tag == "verbatim":
        return replace(block, attributes={"source": rewrite_table(block.attributes["source"], _cell)})
    if block.tag in {"paragraph", "heading"}:
        return replace(block, children=_trimmed(block.children))
    if any(isinstance(child, Node) for child in block.children):
        children = [_safe_block(child) if isinstance(child, Node) else child for child in block.children]
        return replace(block, children=tuple(children))
    return block


def _trimmed(pieces: Sequence[Node | Span]) -> tuple[Node | Span, ...]:
    """Without the blanks at its end, which Markdown could only say as codes: an editor leaves one behind a mention."""
    last = pieces[-1] if pieces else None
    if not isinstance(last, Span) or "code" in last.marks:
        return tuple(pieces)
    text = last.text.rstrip()
    return (*pieces[:-1], replace(last, text=text)) if text else _trimmed(pieces[:-1])


def _cell(pieces: Sequence[Node | Span]) -> str:
    cell = normal_block(paragraph(*pieces))
    return line_of(cell).replace("\n", " ").replace("|", "\\|") if cell else ""
