"""The palette of paper: the light side of the style sheet's tokens as sRGB, by their names without dashes in front.

A test compares it with frontend/styles/tokens.css.
"""

from __future__ import annotations

from typing import Final

PAPER: Final = {
    "paper": "#fcfaf7",
    "surface": "#ffffff",
    "sunken": "#f6f3ef",
    "line": "#e0ded8",
    "line-soft": "#edebe7",
    "ink": "#1b1f27",
    "ink-2": "#4e535b",
    "ink-3": "#676c74",
    "forward": "#006855",
    "forward-bg": "#dbf6ed",
    "due": "#8d5406",
    "due-bg": "#feefcf",
    "broke": "#b02b27",
    "broke-bg": "#ffeae8",
    "note": "#385790",
    "note-bg": "#e9f1fe",
    "on-forward": "#fcfcfc",
    "sans": "Inter, Helvetica, Arial, sans-serif",
    "mono": "DejaVu Sans Mono",
}

TEMPLATE_COLOURS: Final = {name.replace("-", "_"): colour for name, colour in PAPER.items()}
"""The same by names that a template can write."""
