"""The words of a line of Markdown as an entry shows them: without emphasis, with the addresses of its links."""

from __future__ import annotations

import html
import re
from collections.abc import Mapping

from followthrough.core.timestamps import Stamp, read_stamp

_DEFINITION = re.compile(
    r"^ {0,3}\[([^\]\n]{1,100})\]:\s{0,3}<?(\S{1,1000}?)>?(?:\s+[\"'(].{0,200})?$", re.MULTILINE
)
_LINK = re.compile(
    r"!?\[([^\]\[\n]{0,300})\]\((<?)([^\s()<>]{1,1000}(?:\([^\s()]{0,100}\)[^\s()]{0,300})?)\2(?:\s+\"[^\"\n]{0,200}\")?\)"
)
_REFERENCE = re.compile(r"\[([^\]\[\n]{1,100})\](?:\[([^\]\[\n]{0,100})\])?(?!\()")
_AUTOLINK = re.compile(r"<(https?://[^\s<>]{1,1000})>")
_STRONG = re.compile(r"\*\*|~~|(?<!\w)__|__(?!\w)|</?(?:b|strong|i|em|u|time|span|p|details|summary|div)>")
_EMPHASIS = re.compile(
    r"(?<![\w*])\*(?=\S)([^*\n]{1,200})\*(?![\w*])|(?<![\w_])_(?=\S)([^_\n]{1,200})_(?![\w_])"
)
_BREAK = re.compile(r"<br\s{0,3}/?>")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_TASK = re.compile(r"^\[[ xX]\]\s+")
_CODED_TIME = re.compile(r"^([\[(]?)`([^`\n]{3,40})`")
_HANDLE = re.compile(r"@(?P<name>[\w][\w.-]{1,40})(?!\w)")
_PERSON = re.compile(r"(?P<name>[^\s()\[\]:]{1,40}) \(https://(?:github|gitlab)\.com/[\w-]{1,40}/?\)")
_SPEAKER = re.compile(r"(?P<name>[A-Z][\w.'’-]{0,30}(?: [A-Z][\w.'’-]{0,30}){1,3}):\s")


def reference_links(text: str) -> dict[str, str]:
    """The addresses of `[label]: https://…`, by label in small letters."""
    return {label.lower(): address for label, address in _DEFINITION.findall(text)}


def without_definitions(text: str) -> str:
    """The text with as many lines, those of `[label]: https://…` empty."""
    return _DEFINITION.sub("", text)


class Words:
    """A line, or lines that belong together. `plain` is what it says."""

    def __init__(self, source: str, links: Mapping[str, str] | None = None) -> None:
        self._addresses = links or {}
        self.plain = self._plain(source.strip())

    @property
    def text(self) -> str:
        return self.plain

    @property
    def author(self) -> str:
        """Who is named first, as a handle or by the page of their account."""
        for pattern in (_HANDLE, _PERSON):
            if found := pattern.match(self.plain):
                return found["name"]
        return ""

    def _plain(self, source: str) -> str:
        said = _LINK.sub(lambda link: _shown(link[1], link[3]), _TASK.sub("", source))
        said = _REFERENCE.sub(self._referred, said) if self._addresses else said
        said = _STRONG.sub("", _AUTOLINK.sub(r"\1", _BREAK.sub("\n", said)))
        said = _EMPHASIS.sub(lambda marked: marked[1] or marked[2], said)
        said = html.unescape(_ESCAPED.sub(r"\1", said)).strip()
        return _CODED_TIME.sub(_time_without_marks, said)

    def _referred(self, found: re.Match[str]) -> str:
        address = self._addresses.get((found[2] or found[1]).lower())
        return f"{found[1]} ({address})" if address else found[0]


def author_of(stamp: Stamp) -> str:
    """Who is named first after a time; `Mark Waite:` where the time is in brackets, as chats have it."""
    words = Words(stamp.rest)
    if words.author or not stamp.bracketed:
        return words.author
    found = _SPEAKER.match(stamp.rest)
    return found["name"] if found else ""


def _shown(label: str, address: str) -> str:
    return f"{label} ({address})" if label and label not in address else address


def _time_without_marks(found: re.Match[str]) -> str:
    stamp = read_stamp(found[2])
    return f"{found[1]}{found[2]}" if stamp and stamp.clock else found[0]
