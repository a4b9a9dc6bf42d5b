"""Bringing incidents in from files: Markdown with front matter, CSV, JSON lines."""

from followthrough.incidents.imports.import_run import Report, run

__all__ = ["Report", "run"]
