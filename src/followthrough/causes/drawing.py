"""The two views of the why tree, drawn on the server for the room, the summary and paper."""

from followthrough.causes.fishbone import fishbone
from followthrough.causes.why_tree import why_tree

__all__ = ["fishbone", "why_tree"]
