"""Bringing incidents in from files: Markdown with front matter, CSV, JSON lines."""

from followthrough.incidents.imports.running import Report, run

__all__ = ["Report", "run"]
