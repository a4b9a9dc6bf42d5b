"""Markdown in and out, without loss of what the editor can express."""

from followthrough.writing.markdown.reading import read
from followthrough.writing.markdown.writing import write, write_normal

__all__ = ["read", "write", "write_normal"]
