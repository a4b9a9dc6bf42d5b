"""A client that writes in texts together with others, with a Yjs document of its own; from docs/live-protocol.md alone."""

from __future__ import annotations

from base64 import b64decode, b64encode
from uuid import uuid4

from pycrdt import Doc, XmlElement, XmlFragment, XmlText

from followthrough.writing import markdown
from followthrough.writing.yjs_document import YjsDocument
from tests.live.visitor import Json, Visitor


class Writer(Visitor):
    """Has one text open; what it writes is at once in its own document."""

    of = "note:causes"

    async def open(self) -> Json:
        """Asks for what it lacks of the text and takes it over."""
        if not hasattr(self, "doc"):
            self.doc: Doc = Doc()
            self.root = self.doc.get("prose", type=XmlFragment)
            await self.send({"t": "open", "of": self.of})
        else:
            await self.send({"t": "open", "of": self.of, "vector": b64encode(self.doc.get_state()).decode()})
        count = self._told()
        await self.until(lambda: self._told() > count)
        told = self.last("prose")
        if "update" in told:
            self.doc.apply_update(b64decode(told["update"]))
        return told

    def _told(self) -> int:
        return sum(one["t"] == "prose" for one in self.heard)

    def _merge(self, message: Json) -> None:
        for row in message["records"].pop("writing.update", []):
            if row["of"] == self.of and hasattr(self, "doc"):
                self.doc.apply_update(b64decode(row["update"]))
        super()._merge(message)

    def add_line(self, text: str) -> str:
        """Writes a paragraph at the end of its own document; the update, still to be sent."""
        vector = self.doc.get_state()
        blocks = self.root.children
        if len(blocks) == 1 and not blocks[0].children:
            blocks[0].children.append(XmlText(text))
        else:
            blocks.append(XmlElement("paragraph", {}, [XmlText(text)]))
        return b64encode(self.doc.get_update(vector)).decode()

    async def write(self, text: str) -> Json:
        return await self.do("prose.write", of=self.of, update=self.add_line(text))

    async def send_update(self, update: str, op: str = "") -> Json:
        return await self.do("prose.write", op=op or str(uuid4()), of=self.of, update=update)

    @property
    def text(self) -> str:
        """Its own document as Markdown."""
        return markdown.write(YjsDocument([self.doc.get_update()]).read())
