"""The palette of paper and mail is the light side of the style sheet's tokens."""

from __future__ import annotations

import math
import re
from pathlib import Path

import pytest

from followthrough.drawing.palette import PAPER

ROOT = Path(__file__).parents[2]
TOKENS = re.findall(
    r"--([\w-]+):\s+light-dark\(oklch\(([\d.]+)% ([\d.]+) ([\d.]+)\)",
    (ROOT / "frontend/styles/tokens.css").read_text(),
)


def srgb(lightness: float, chroma: float, hue: float) -> str:
    """#rrggbb of an OKLCH colour, as https://bottosson.github.io/posts/oklab/ converts it."""
    a, b = (chroma * turn(math.radians(hue)) for turn in (math.cos, math.sin))
    long = (lightness + 0.3963377774 * a + 0.2158037573 * b) ** 3
    medium = (lightness - 0.1055613458 * a - 0.0638541728 * b) ** 3
    short = (lightness - 0.0894841775 * a - 1.2914855480 * b) ** 3
    linear = (
        4.0767416621 * long - 3.3077115913 * medium + 0.2309699292 * short,
        -1.2684380046 * long + 2.6097574011 * medium - 0.3413193965 * short,
        -0.0041960863 * long - 0.7034186147 * medium + 1.7076147010 * short,
    )
    return "#" + "".join(f"{round(255 * _gamma(min(1.0, max(0.0, part)))):02x}" for part in linear)


def _gamma(part: float) -> float:
    return 12.92 * part if part <= 0.0031308 else 1.055 * part ** (1 / 2.4) - 0.055


@pytest.mark.parametrize(("name", "lightness", "chroma", "hue"), TOKENS, ids=[token[0] for token in TOKENS])
def test_each_token_has_its_light_colour_on_paper(name: str, lightness: str, chroma: str, hue: str) -> None:
    assert PAPER[name] == srgb(float(lightness) / 100, float(chroma), float(hue))


def test_nothing_but_the_palette_spells_out_a_colour_of_paper() -> None:
    """Mail has a dark side as well, and states both in its own style sheet; its light side is the palette's."""
    reports = (ROOT / "src/followthrough/reports").rglob("*.*")
    spelled = [path for path in reports if path.suffix in {".py", ".html", ".typ"} if _colours(path)]
    assert spelled == []


def _colours(path: Path) -> list[str]:
    return re.findall(r"#[0-9a-f]{6}\b(?!-)", path.read_text())
