"""Markdown in and out, without loss of what the editor can express."""

from followthrough.writing.markdown.parser import read
from followthrough.writing.markdown.portable import escape, one_line, portable
from followthrough.writing.markdown.serializer import write, write_normal

__all__ = ["escape", "one_line", "portable", "read", "write", "write_normal"]
