"""`followthrough evaluate similar` and `evaluate wording` on small files."""

from __future__ import annotations

import builtins
import json
from pathlib import Path

import pytest
from typer.testing import CliRunner, Result

from followthrough.cli.main import app
from followthrough.core.errors import DomainError

FAILURES = ["certificate expired", "disk full", "queue backlog", "memory leak", "packet loss", "clock drift"]


def evaluate(*words: object) -> Result:
    return CliRunner().invoke(app, ["evaluate", *map(str, words)])


def written(file: Path, rows: list[object]) -> Path:
    file.write_text("\n".join(row if isinstance(row, str) else json.dumps(row) for row in rows) + "\n")
    return file


@pytest.fixture
def docs(tmp_path: Path) -> Path:
    """Pairs of texts on the same failure, one of each pair called `text`, without dates."""
    rows: list[object] = []
    for number, failure in enumerate(FAILURES):
        rows.append({"id": f"a{number}", "title": f"The {failure} again", "body": f"A {failure} stopped it"})
        rows.append(
            {"id": f"b{number}", "title": failure.title(), "text": f"Once more {failure}", "date": None}
        )
    return written(tmp_path / "docs.jsonl", rows)


@pytest.fixture
def links(tmp_path: Path) -> Path:
    return written(tmp_path / "links.jsonl", [{"a": f"a{n}", "b": f"b{n}"} for n in range(len(FAILURES))])


def figures(output: str) -> dict[str, list[str]]:
    return {
        line.split()[0]: line.split()[1:] for line in output.splitlines() if line.startswith(("Hit", "MAP"))
    }


def test_linked_texts_are_found_by_both_engines(docs: Path, links: Path) -> None:
    done = evaluate("similar", docs, "--links", links)
    assert done.exit_code == 0, done.output
    assert "12 rows, 12 of them asked for" in done.stdout
    assert figures(done.stdout)["Hit@1"] == ["1.000", "(1.000–1.000)"] * 2
    assert "ms per query" in done.stdout


def test_texts_of_one_cluster_belong_together_and_strangers_are_misses(tmp_path: Path) -> None:
    rows = [
        {"id": 1, "title": "Disk full", "cluster": "x"}, {"id": 2, "title": "Certificate expired", "cluster": "x"},
        {"id": 3, "title": "Disk full on a host", "cluster": None},
    ]  # fmt: skip
    done = evaluate("similar", written(tmp_path / "docs.jsonl", rows))
    assert figures(done.stdout)["Hit@10"][0] == "0.000"


def test_lines_that_cannot_be_read_are_named_and_left_out(docs: Path, links: Path) -> None:
    with docs.open("a") as file:
        file.write(
            '{broken\n[1]\n{"title": "no id"}\n{"id": "a0"}\n\n{"id": "blank", "body": "", "date": "soon"}\n'
        )
    done = evaluate("similar", docs, "--links", links)
    assert done.exit_code == 0, done.output
    assert "line 13: not a JSON object" in done.stderr
    assert "line 14: not a JSON object" in done.stderr
    assert "line 15: no id" in done.stderr
    assert "line 16: the id a0 was there before" in done.stderr
    assert "13 rows, 12 of them asked for" in done.stdout


def test_without_anything_that_belongs_together_it_says_so(docs: Path) -> None:
    with pytest.raises(DomainError, match="No row belongs with another"):
        raise_of(evaluate("similar", docs))


def test_without_bm25s_it_says_how_to_install_it(docs: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    real = builtins.__import__

    def refuse(name: str, *rest: object, **more: object) -> object:
        if name == "bm25s":
            raise ImportError(name)
        return real(name, *rest, **more)  # type: ignore[arg-type]

    monkeypatch.setattr(builtins, "__import__", refuse)
    with pytest.raises(DomainError, match=r"followthrough\[evaluate\]"):
        raise_of(evaluate("similar", docs))


def test_wording_prints_confusion_misses_and_figures(tmp_path: Path) -> None:
    rows = [
        {"text": "Sam forgot to check the dashboard", "blameful": True},
        {"text": "The disk was full", "blameful": False},
        {"text": "They were in charge", "blameful": True},
        {"text": "Not labelled"}, {"blameful": True},
    ]  # fmt: skip
    done = evaluate("wording", written(tmp_path / "rows.jsonl", rows), "--kind", "blame")
    assert done.exit_code == 0, done.output
    assert "precision  1.000" in done.stdout
    assert "recall     0.500" in done.stdout
    assert "miss: true, let pass: They were in charge" in done.stdout
    assert "1 rows without a label" in done.stdout
    assert "line 5: no text" in done.stderr


def test_wording_without_labels_says_so(tmp_path: Path) -> None:
    file = written(tmp_path / "rows.jsonl", [{"text": "Add a probe"}])
    with pytest.raises(DomainError, match="has a label"):
        raise_of(evaluate("wording", file, "--kind", "action"))


def raise_of(result: Result) -> None:
    assert result.exception is not None, result.output
    raise result.exception
