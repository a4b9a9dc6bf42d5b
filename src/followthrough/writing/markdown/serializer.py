"""Markdown serializer: from the editor's tree, plain where it can be, exact where it must be."""

from __future__ import annotations

import re
from collections.abc import Sequence

from followthrough.writing.document_tree import ATOMS, LISTS, Node, Span, normal, paragraph
from followthrough.writing.markdown.inline import line_of

_FENCE = re.compile(r"`{3,}")


def write(blocks: Sequence[Node]) -> str:
    """The Markdown of `blocks`; reading it gives their normal form again."""
    return write_normal(normal(blocks))


def write_normal(blocks: Sequence[Node]) -> str:
    """The Markdown of blocks that are in normal form already."""
    return "\n".join(_blocks(blocks))


def _blocks(nodes: Sequence[Node], *, tight: bool = False, other: bool = False) -> list[str]:
    """The lines of blocks one after the other, with a blank line between wherever it is needed.

    `other` says that a list which comes first takes the other marker.
    """
    lines: list[str] = []
    for at, node in enumerate(nodes):
        before = nodes[at - 1] if at else None
        if before is not None:
            other = node.tag in LISTS and before.tag == node.tag and not other
        if before is not None and not (tight and before.tag == "paragraph" and _follows_at_once(node)):
            lines.append("")
        lines += _block(node, other=other)
    return lines


def _follows_at_once(node: Node) -> bool:
    """Whether a list may begin right under a paragraph's last line."""
    first = node.children[0] if node.tag in LISTS else None
    if not isinstance(first, Node) or first.children[0] == paragraph():
        return False
    return node.tag == "bullet_list" or node.attributes["start"] == "1"


def _block(node: Node, *, other: bool) -> list[str]:
    if node.tag == "heading":
        return [f"{'#' * int(node.attributes['level'])} {line_of(node)}".rstrip()]
    if node.tag == "code_block":
        return _code(node)
    if node.tag == "blockquote":
        return [f"> {line}" if line else ">" for line in _blocks(_nodes(node))]
    if node.tag in LISTS:
        return _list(node, other=other)
    if node.tag in ATOMS:
        return node.attributes.get("source", "___").split("\n")
    return line_of(node).split("\n") if node.children else ["&nbsp;"]


def _nodes(node: Node) -> list[Node]:
    return [child for child in node.children if isinstance(child, Node)]


def _code(node: Node) -> list[str]:
    text = "".join(child.text for child in node.children if isinstance(child, Span))
    longest = max((len(run) for run in _FENCE.findall(text)), default=2)
    fence = "`" * (longest + 1)
    return [fence + node.attributes["language"], *(text.split("\n") if text else []), fence]


def _list(node: Node, *, other: bool) -> list[str]:
    """`other` takes the other marker, so that it does not run together with the list before."""
    items = _nodes(node)
    tight = all(_is_tight(item) for item in items)
    lines: list[str] = []
    for at, item in enumerate(items):
        if at and not tight:
            lines.append("")
        marker = _marker(node, at, other=other)
        lines += _item(item, marker, _blocks(_nodes(item), tight=tight, other=not other))
    return lines


def _marker(node: Node, at: int, *, other: bool) -> str:
    if node.tag == "bullet_list":
        return "*" if other else "-"
    return f"{int(node.attributes['start']) + at}{')' if other else '.'}"


def _is_tight(item: Node) -> bool:
    blocks = _nodes(item)
    return blocks[0].tag == "paragraph" and all(block.tag in LISTS for block in blocks[1:])


def _item(item: Node, marker: str, lines: Sequence[str]) -> list[str]:
    if item.children == (paragraph(),):
        return [marker]
    indent = " " * (len(marker) + 1)
    return [f"{marker} {lines[0]}", *(indent + line if line else "" for line in lines[1:])]
