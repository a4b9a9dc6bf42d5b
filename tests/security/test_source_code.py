"""What the code itself never does."""

from __future__ import annotations

import ast
import re
from pathlib import Path

ROOT = Path(__file__).parents[2]
PACKAGE = ROOT / "src" / "followthrough"
SCRIPTS = [path for path in (ROOT / "frontend").rglob("*.ts*") if "node_modules" not in path.parts]


OWN_FORMATS = {
    ("search/queries/index.py", "sql"),
    ("patterns/phrasing.py", "_MECHANISMS[mechanism]"),
    ("wording/specificity.py", "reason"),
    ("scheduling/operations/invitee_notifications.py", "news.what"),
    ("incidents/queries/history.py", "known"),
}
"""Statements and sentences that stand in those files."""
FORBIDDEN = {"eval", "exec", "compile", "__import__"}
UNSAFE = {("pickle", "loads"), ("pickle", "load"), ("marshal", "loads"), ("os", "system"), ("os", "popen")}


def _calls() -> list[tuple[Path, ast.Call]]:
    return [
        (path, node)
        for path in PACKAGE.rglob("*.py")
        for node in ast.walk(ast.parse(path.read_text()))
        if isinstance(node, ast.Call)
    ]


def test_nothing_runs_what_it_was_given() -> None:
    """No evaluation, no shell, no deserialization that makes objects of any type, no templates made of text."""
    for path, call in _calls():
        shell = [word for word in call.keywords if word.arg == "shell"]
        name = getattr(call.func, "id", "")
        owner = getattr(getattr(call.func, "value", None), "id", "")
        attribute = getattr(call.func, "attr", "")
        assert not shell, path
        assert name not in FORBIDDEN, path
        assert (owner, attribute) not in UNSAFE, path
        assert attribute not in {"from_string", "extra"}, path
        assert name not in {"Template", "RawSQL"}, path


def test_formats_are_our_own() -> None:
    """Only constants and our own vocabularies are formats; what people write is a value in them."""
    formats = {
        (path.relative_to(PACKAGE).as_posix(), ast.unparse(call.func.value))
        for path, call in _calls()
        if isinstance(call.func, ast.Attribute) and call.func.attr in {"format", "format_map"}
        if not isinstance(call.func.value, ast.Constant)
    }
    others = {
        (path, text)
        for path, text in formats
        if not path.startswith("sample/") and not text.lstrip("_").isupper()
    }
    assert others == OWN_FORMATS


DRAWN = {
    "panel", "strip", "strip_narrow", "fishbone", "picture",
    "report.strip", "report.strip_narrow", "report.fishbone",
}  # fmt: skip
"""What other templates and the drawings escape themselves."""


def test_no_page_leaves_the_escaping_off() -> None:
    pages = [path.read_text() for path in PACKAGE.rglob("*.html")]
    assert {name for page in pages for name in re.findall(r"([\w.]+)\s*\|\s*safe\b", page)} == DRAWN
    assert not [page for page in pages if "autoescape off" in page]


def test_scripts_run_no_text_and_hear_no_other_window() -> None:
    running = re.compile(
        r"\beval\(|new Function\(|document\.write\(|addEventListener\(\"message\"|onmessage = \(event\)"
    )
    assert not [path for path in SCRIPTS if running.search(path.read_text())]


def test_scripts_keep_only_what_is_known_in_the_browser() -> None:
    """Unsent changes and half-written lines of their writer, and the keys of their own anonymous lines."""
    keeping = {
        path.name for path in SCRIPTS if re.search(r"localStorage|sessionStorage|indexedDB", path.read_text())
    }
    assert keeping == {"outbox.ts", "composer.tsx", "secrets.ts"}
    assert not [path for path in SCRIPTS if "document.cookie" in path.read_text()]


def test_every_dependency_is_named_with_its_digest() -> None:
    lock = (ROOT / "uv.lock").read_text()
    packages = lock.split("[[package]]")[1:]
    assert len(packages) > 50
    assert not [one[:60] for one in packages if "sha256:" not in one and "editable" not in one]
    assert "integrity" in (ROOT / "frontend" / "package-lock.json").read_text()
