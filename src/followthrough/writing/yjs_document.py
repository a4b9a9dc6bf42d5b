"""The Yjs document (CRDT) behind a text: y-prosemirror's XML, with pycrdt, which is loaded when first needed."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from itertools import groupby
from typing import TYPE_CHECKING, Any

from followthrough.core.errors import DomainError
from followthrough.writing.document_tree import (
    ATOMS,
    ATTRIBUTES,
    CONTAINERS,
    INLINE,
    MARKS,
    TEXTBLOCKS,
    Node,
    Span,
    normal,
    normal_block,
    paragraph,
)

if TYPE_CHECKING:
    from pycrdt import Doc, XmlElement, XmlFragment, XmlText

ROOT = "prose"
"""The name of the fragment that holds the text."""
MAX_DEPTH = 24
_NOTHING_NEW = 0
_BLOCKS = TEXTBLOCKS | CONTAINERS | ATOMS


class Unreadable(DomainError):
    """The bytes are no change of this text."""


_NO_UPDATE = Unreadable(
    "This change could not be read, so nothing of it was saved. Your words are kept on this page; load it again."
)
_LOOSE = Unreadable(
    "This change rests on one that was not saved. Your words are kept on this page: copy what you need."
)
_MISSHAPEN = Unreadable(
    "This change holds something that a text here cannot. The text stands as it was; copy your words and type them again."
)


class YjsDocument:
    """One text in memory for the length of a transaction; what is stored stays the truth."""

    def __init__(self, parts: Iterable[bytes] = ()) -> None:
        from pycrdt import Doc, XmlFragment  # noqa: PLC0415 - heavy, and few processes need it

        self._doc: Doc[Any] = Doc()
        self._root: XmlFragment = self._doc.get(ROOT, type=XmlFragment)
        for part in parts:
            self._doc.apply_update(bytes(part))

    @property
    def state(self) -> bytes:
        """Everything, as one update."""
        return self._doc.get_update()

    def since(self, vector: bytes) -> bytes:
        """What somebody who has `vector` (a Yjs state vector) lacks. Raises Unreadable."""
        return bytes(_guarded(self._doc.get_update, vector))

    def apply(self, update: bytes) -> bool:
        """Takes over an update; False if it says nothing new. Raises Unreadable, and then this paper is spoilt."""
        from pycrdt import get_update  # noqa: PLC0415 - heavy, and few processes need it

        before = self.state
        _guarded(self._doc.apply_update, update)
        if _guarded(get_update, update, self._doc.get_state())[0] != _NOTHING_NEW:
            raise _LOOSE
        return self.state != before

    def read(self) -> tuple[Node, ...]:
        """The text as it stands. Raises Unreadable where it is not of the editor's kind."""
        return normal(self.blocks())

    def blocks(self) -> list[Node]:
        """The text as whoever wrote it left it. Raises Unreadable where it is not of the editor's kind."""
        return [_block(child, 0) for child in self._root.children]

    def rewrite(self, blocks: Sequence[Node]) -> bytes:
        """Makes the text `blocks`, leaving alone what is the same at both ends; the update that does it."""
        wanted = [*normal(blocks)] or [paragraph()]
        standing = [normal_block(block) for block in self.blocks()]
        head = _same(standing, wanted)
        tail = _same(standing[head:][::-1], wanted[head:][::-1])
        vector = self._doc.get_state()
        with self._doc.transaction():
            del self._root.children[head : len(standing) - tail]
            for block in reversed(wanted[head : len(wanted) - tail]):
                _put(self._root, head, block)
        return self._doc.get_update(vector)


def _guarded(work: Any, *args: bytes) -> Any:
    """What the engine makes of bytes from outside; its panics are no ordinary exceptions."""
    try:
        return work(*args)
    except (KeyboardInterrupt, SystemExit):
        raise
    except BaseException as error:
        raise _NO_UPDATE from error


def _same(one: Sequence[Node | None], other: Sequence[Node]) -> int:
    """How many are the same from the beginning."""
    count = 0
    while count < min(len(one), len(other)) and one[count] == other[count]:
        count += 1
    return count


def _block(element: object, depth: int) -> Node:
    from pycrdt import XmlElement  # noqa: PLC0415 - heavy, and few processes need it

    if not isinstance(element, XmlElement) or element.tag not in _BLOCKS or depth > MAX_DEPTH:
        raise _MISSHAPEN
    if element.tag in CONTAINERS:
        children: list[Node | Span] = [_block(child, depth + 1) for child in element.children]
    else:
        children = [piece for child in element.children for piece in _inline(child)]
    return Node(element.tag, _attributes(element), tuple(children))


def _inline(child: object) -> list[Node | Span]:
    from pycrdt import XmlElement, XmlText  # noqa: PLC0415 - heavy, and few processes need it

    if isinstance(child, XmlElement) and child.tag in INLINE:
        return [Node(child.tag, _attributes(child))]
    if not isinstance(child, XmlText):
        raise _MISSHAPEN
    return [_span(text, marks or {}) for text, marks in child.diff()]


def _span(text: object, marks: dict[str, Any]) -> Span:
    if not isinstance(text, str) or not set(marks) <= set(MARKS):
        raise _MISSHAPEN
    values = {
        name: _address(value) if name == "link" else "" for name, value in marks.items() if value is not None
    }
    return Span(text, values)


def _address(value: object) -> str:
    href = value.get("href") if isinstance(value, dict) else None
    if not isinstance(href, str):
        raise _MISSHAPEN
    return href


def _attributes(element: XmlElement) -> dict[str, str]:
    wanted = ATTRIBUTES.get(element.tag or "", ())
    found = {name: element.attributes.get(name) for name in wanted}
    return {name: str(value) for name, value in found.items() if value is not None}


def _put(parent: XmlFragment | XmlElement, at: int, node: Node) -> None:
    """What is inside comes in from the last to the first, as the engine counts its way to any other place."""
    from pycrdt import XmlElement, XmlText  # noqa: PLC0415 - heavy, and few processes need it

    element = parent.children.insert(at, XmlElement(node.tag, dict(node.attributes)))
    runs = [list(run) for _, run in groupby(node.children, lambda piece: isinstance(piece, Span))]
    for run in reversed(runs):
        if spans := [piece for piece in run if isinstance(piece, Span)]:
            _write(element.children.insert(0, XmlText()), spans)
        for piece in reversed(run):
            if isinstance(piece, Node):
                _put(element, 0, piece)


def _write(text: XmlText, spans: Iterable[Span]) -> None:
    for span in spans:
        marks = {name: {"href": value} if name == "link" else {} for name, value in span.marks.items()}
        text.insert(len(text), span.text, marks)
