"""Where the built style sheets and scripts are, by their plain names."""

from __future__ import annotations

import json
from functools import cache
from pathlib import Path

from django.templatetags.static import static

BUILD = Path(__file__).parent.parent / "static" / "build"


@cache
def _manifest() -> dict[str, str]:
    try:
        names: dict[str, str] = json.loads((BUILD / "manifest.json").read_text())
    except FileNotFoundError as error:
        raise RuntimeError("The page's assets are not built yet. Run `make assets`.") from error
    return names


def asset_url(name: str) -> str:
    """The address of the built file for `name`, such as "app.css"."""
    return static(f"build/{_manifest()[name]}")
