"""Documents tell no lies: what they link to and name is there, and what is generated is as the product is now."""

from __future__ import annotations

import re
from pathlib import Path

import pytest

from scripts import api_reference, listeners, screenshots

ROOT = Path(__file__).parents[1]
PACKAGE = ROOT / "src" / "followthrough"
DOCUMENTS = sorted(
    [
        *ROOT.glob("*.md"),
        *ROOT.glob("docs/*.md"),
        *ROOT.glob("docs/guide/*.md"),
        *ROOT.glob("docs/trackers/*.md"),
    ]
)
GENERATED = {listeners.PAGE: listeners.page, api_reference.PAGE: api_reference.page}
ENDINGS = ("py", "md", "html", "toml", "ts", "css", "mjs", "yaml", "typ")
_PATH = re.compile(rf"`([\w./-]*\w\.(?:{'|'.join(ENDINGS)}))(?:: ?(\w+))?`")
"""`room/file.py`, or `room/file.py: function`, as documents write them."""


def _places(name: str, document: Path) -> list[Path]:
    return [folder / name for folder in (ROOT, PACKAGE, ROOT / "docs", document.parent)]


def _named(document: Path) -> list[tuple[str, str]]:
    """(path, name in it or "") of each file that the document names with its folder."""
    return [(path, name) for path, name in _PATH.findall(document.read_text()) if "/" in path]


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_files_that_documents_name_are_there(document: Path) -> None:
    missing = []
    for path, name in _named(document):
        found = next((place for place in _places(path, document) if place.is_file()), None)
        if found is None or (name and not re.search(rf"\b{name}\b", found.read_text())):
            missing.append(f"{path}: {name}" if name else path)
    assert missing == []


def test_relative_links_and_their_headings_are_there() -> None:
    """Links to files and folders; of those into a document, also the heading."""
    astray = []
    for document in DOCUMENTS:
        for target in re.findall(r"\]\(([^)\s]+)\)", document.read_text()):
            path, _, heading = target.partition("#")
            place = document.parent / path if path else document
            if "://" not in target and not (place.exists() and (not heading or heading in _headings(place))):
                astray.append((document.name, target))
    assert astray == []


def _headings(document: Path) -> set[str]:
    """As addresses: lower case, blanks as hyphens, without other signs."""
    said = re.findall(r"^#+ (.+)$", document.read_text(), re.MULTILINE)
    return {re.sub(r"[^\w -]", "", heading.lower()).replace(" ", "-") for heading in said}


@pytest.mark.parametrize("document", GENERATED, ids=lambda path: path.name)
def test_generated_documents_are_as_the_product_is(document: Path) -> None:
    """If not: `python scripts/listeners.py` and `python scripts/api_reference.py` write them anew."""
    assert document.read_text() == GENERATED[document]()


def test_the_guides_pictures_are_those_of_the_script_small_and_shown() -> None:
    pictures = {path.stem: path.stat().st_size for path in screenshots.GUIDE.iterdir()}
    assert pictures.keys() == screenshots.OF_THE_GUIDE.keys()
    assert max(pictures.values()) <= screenshots.LARGEST
    shown = "".join(document.read_text() for document in screenshots.GUIDE.parent.glob("*.md"))
    assert [name for name in pictures if f"(pictures/{name}.webp)" not in shown] == []
