"""A class of one page's style sheet means nothing on another: all of them are loaded together."""

from __future__ import annotations

import re
from collections import defaultdict
from pathlib import Path

STYLES = Path(__file__).parents[1] / "frontend" / "styles"
EVERYWHERE = {"tokens", "frame", "forms", "pieces", "texts"}
"""What these say of a class is meant for all pages."""


def _classes(sheet: Path) -> set[str]:
    """Those that a rule of the sheet begins with: it dresses them, or what is in them, wherever they stand."""
    rules = re.sub(r"/\*.*?\*/|\([^()]*\)", "", sheet.read_text(), flags=re.DOTALL)
    selectors = [one.strip() for rule in re.findall(r"([^{};]+)\{", rules) for one in rule.split(",")]
    return {found[1] for one in selectors if (found := re.match(r"\.([\w-]+)(?![\w.-])", one))}


def test_no_class_is_dressed_by_two_pages() -> None:
    where = defaultdict(set)
    for sheet in STYLES.glob("*.css"):
        for name in _classes(sheet):
            where[name].add("room" if sheet.stem.startswith("room") else sheet.stem)
    shared = {name for name, sheets in where.items() if sheets & EVERYWHERE}
    twice = {name: sheets for name, sheets in where.items() if len(sheets) > 1 and name not in shared}
    assert twice == {}
