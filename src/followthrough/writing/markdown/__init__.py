"""Markdown in and out, without loss of what the editor can express."""

from followthrough.writing.markdown.portable import escape, one_line, portable
from followthrough.writing.markdown.reading import read
from followthrough.writing.markdown.writing import write, write_normal

__all__ = ["escape", "one_line", "portable", "read", "write", "write_normal"]
