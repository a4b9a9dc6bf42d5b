"""Markdown parser: from Markdown to the editor's tree."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import cache
from typing import TYPE_CHECKING

from followthrough.core.addresses import is_link
from followthrough.core.markdown_html import is_dense
from followthrough.writing.document_tree import Node, Span, is_mention, normal

if TYPE_CHECKING:
    from markdown_it import MarkdownIt
    from markdown_it.tree import SyntaxTreeNode

_SAME = {"blockquote": "blockquote", "bullet_list": "bullet_list", "list_item": "list_item"}
_MARKS = {"strong": "strong", "em": "em", "s": "strike"}


def read(text: str, *, keep_lines: bool = False) -> tuple[Node, ...]:
    """The tree that `text` (CommonMark with tables and strikethrough) says, in normal form.

    A text of little but marks is read as plain words, since understanding it would hold up everybody.
    With `keep_lines` a line of a paragraph begins a new line, as in notes; otherwise lines flow together.
    """
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - only who writes needs it

    parser = _plain_parser() if is_dense(text) else _parser()
    return normal(_Reader(keep_lines=keep_lines).blocks(SyntaxTreeNode(parser.parse(text)).children))


@cache
def _parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only pages with Markdown need it

    parser = MarkdownIt("commonmark", {"html": False, "linkify": False}).enable(["table", "strikethrough"])
    parser.normalizeLink = lambda url: url  # type: ignore[method-assign]
    parser.validateLink = lambda url: is_link(url)  # type: ignore[method-assign]  # noqa: PLW0108 - its parameter has another name
    return parser


@cache
def _plain_parser() -> MarkdownIt:
    from markdown_it import MarkdownIt  # noqa: PLC0415 - only pages with Markdown need it

    return MarkdownIt("zero", {"html": False})


class _Reader:
    def __init__(self, *, keep_lines: bool) -> None:
        self._soft: Node | Span = Node("hard_break") if keep_lines else Span(" ")

    def blocks(self, nodes: Sequence[SyntaxTreeNode]) -> list[Node]:
        return [self._block(node) for node in nodes]

    def _block(self, node: SyntaxTreeNode) -> Node:
        if node.type in _SAME:
            return Node(_SAME[node.type], {}, tuple(self.blocks(node.children)))
        if node.type == "ordered_list":
            start = str(node.attrs.get("start", 1))
            return Node("ordered_list", {"start": start}, tuple(self.blocks(node.children)))
        if node.type == "heading":
            return Node("heading", {"level": node.tag[1:]}, self.inline_of(node))
        if node.type in {"fence", "code_block"}:
            return _code(node)
        if node.type == "table":
            return Node("verbatim", {"source": _table(node)})
        return Node("rule") if node.type == "hr" else Node("paragraph", {}, self.inline_of(node))

    def inline_of(self, node: SyntaxTreeNode) -> tuple[Node | Span, ...]:
        found = [piece for child in node.children for piece in self._inline(child.children, {})]
        return tuple(found)

    def _inline(self, nodes: Sequence[SyntaxTreeNode], marks: dict[str, str]) -> Iterator[Node | Span]:
        for node in nodes:
            yield from self._piece(node, marks)

    def _piece(self, node: SyntaxTreeNode, marks: dict[str, str]) -> Iterator[Node | Span]:
        if node.type in _MARKS:
            yield from self._inline(node.children, marks | {_MARKS[node.type]: ""})
        elif node.type == "link":
            yield from self._link(node, str(node.attrs["href"]), marks)
        elif node.type == "softbreak":
            yield self._soft
        elif node.type == "hardbreak":
            yield Node("hard_break")
        elif node.type == "image":
            yield Node("image", {"src": str(node.attrs["src"]), "alt": _plain(node)})
        elif node.type == "code_inline":
            yield Span(node.content, marks | {"code": ""})
        else:
            yield Span(node.content, marks)

    def _link(self, node: SyntaxTreeNode, href: str, marks: dict[str, str]) -> Iterator[Node | Span]:
        """A link, or a mention where it leads to a person, an action or an entry."""
        inner = list(self._inline(node.children, marks | {"link": href}))
        if is_mention(href) and all(isinstance(piece, Span) and len(piece.marks) == 1 for piece in inner):
            label = "".join(piece.text for piece in inner if isinstance(piece, Span))
            yield Node("mention", {"href": href, "label": label})
        else:
            yield from inner


def _code(node: SyntaxTreeNode) -> Node:
    text = node.content.removesuffix("\n")
    language = node.info.split(maxsplit=1)[0] if node.info.strip() else ""
    return Node("code_block", {"language": language}, (Span(text),) if text else ())


def _plain(node: SyntaxTreeNode) -> str:
    return "".join(_plain(child) if child.children else child.content for child in node.children)


_RULES: dict[str, str] = {"left": ":--", "right": "--:", "center": ":-:"}


def rewrite_table(source: str, write: Callable[[Sequence[Node | Span]], str]) -> str:
    """A table's Markdown with each cell as `write` says it; what is no table after all comes back as plain text."""
    from markdown_it.tree import SyntaxTreeNode  # noqa: PLC0415 - only who writes needs it

    reader = _Reader(keep_lines=False)
    nodes = SyntaxTreeNode(_parser().parse(source)).children
    if len(nodes) != 1 or nodes[0].type != "table":
        return write([Span(source)])
    return _table(nodes[0], lambda cell: write(reader.inline_of(cell)))


def _table(node: SyntaxTreeNode, said: Callable[[SyntaxTreeNode], str] | None = None) -> str:
    """The table's own Markdown; the editor shows it but does not take it apart."""
    rows = [row for part in node.children for row in part.children]
    rule = [_RULES.get(_alignment(cell), "---") for cell in rows[0].children]
    lines = [[(said or _cell)(cell) for cell in row.children] for row in rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in [lines[0], rule, *lines[1:]])


def _alignment(cell: SyntaxTreeNode) -> str:
    return str(cell.attrs.get("style", "")).removeprefix("text-align:")


def _cell(cell: SyntaxTreeNode) -> str:
    content = "".join(child.content for child in cell.children)
    return content.replace("|", "\\|")
