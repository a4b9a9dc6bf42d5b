"""The two views of the why tree, drawn on the server for the room, the summary and paper."""

from followthrough.causes.fishbone import by_category, fishbone
from followthrough.causes.why_tree import why_tree

__all__ = ["by_category", "fishbone", "why_tree"]
