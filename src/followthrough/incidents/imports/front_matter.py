"""Front matter of Markdown files: YAML between `---`, TOML between `+++`."""

from __future__ import annotations

from followthrough.core.deserialization import MarkedMapping, MarkedValueError, load_toml, load_yaml_texts
from followthrough.incidents.imports.cell_values import Unreadable

_ENDS = {"---": {"---", "..."}, "+++": {"+++"}}


class UnreadableHead(Unreadable):
    """Why front matter cannot be read, and in which line of the file that begins."""

    def __init__(self, message: str, line: int) -> None:
        super().__init__(message)
        self.line = line


def read_front_matter(text: str) -> tuple[MarkedMapping, str]:
    """What it says, and the text after it. UnreadableHead where it cannot be read."""
    head, body = split_front_matter(text)
    is_toml = text.lstrip("\n").startswith("+++")
    try:
        found = load_toml(head) if is_toml and body is not text else load_yaml_texts(head)
    except MarkedValueError as error:
        raise UnreadableHead(f"Its front matter cannot be read. {error}", error.line + 1) from error
    if found is None:
        raise UnreadableHead("Its front matter is not a list of names and values.", 1)
    return found, body


def split_front_matter(text: str) -> tuple[str, str]:
    """(front matter, the rest); the first is empty where there is none."""
    lines = text.lstrip("\n").split("\n")
    ends = _ENDS.get(lines[0].strip())
    end = next((n for n, line in enumerate(lines[1:], start=1) if line.strip() in (ends or ())), None)
    return ("", text) if end is None else ("\n".join(lines[1:end]), "\n".join(lines[end + 1 :]))
