"""evaluate similar and evaluate wording: how good the product's own judgements are, on rows that somebody has labelled."""

from __future__ import annotations

import json
import math
import os
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from datetime import UTC, datetime
from enum import Enum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from followthrough.core.errors import DomainError

if TYPE_CHECKING:
    from followthrough.similarity.sentence_model import SentenceModel
    from followthrough.similarity.similarity_evaluation import Doc, Figure, Measured
    from followthrough.wording.wording_evaluation import Evaluation

NAMED_ROWS = 20
"""So many lines that cannot be read are named."""


class Kind(Enum):
    """Which of the two wording checks."""

    action = "action"
    blame = "blame"


def similar(
    docs: Annotated[
        Path, typer.Argument(metavar="DOCS.jsonl", help="Rows {id, title, body|text, created|date, cluster}.")
    ],
    links: Annotated[
        Path | None, typer.Option(metavar="LINKS.jsonl", help="Rows {a, b}: ids that belong together.")
    ] = None,
    semantic: Annotated[
        bool,
        typer.Option("--semantic", help="Beside it with the sentence model of FOLLOWTHROUGH_SENTENCE_MODEL."),
    ] = False,
) -> None:
    """Measures how well similar incidents are found.

    Beside bm25s in the same run. The whole file is taken in. Each row that belongs with another, by its cluster or a link, is asked for; all
    other rows may be found, earlier and later ones. Hit@k is the share of rows for which one that belongs with
    it is among the first k; MAP looks at the first 200. Intervals (95 %) come from drawing whole clusters again.
    Services, causes and tags take no part: only words, letters and dates.

    \b
    Examples:
      followthrough evaluate similar bugs.jsonl
      followthrough evaluate similar incidents.jsonl --links links.jsonl
      FOLLOWTHROUGH_SENTENCE_MODEL=models/minilm followthrough evaluate similar tickets.jsonl --semantic
    """
    _require_bm25s()
    model = _sentence_model() if semantic else None
    from followthrough.similarity.similarity_evaluation import measure_bm25s, measure_ours, partners_of

    rows = _docs(docs)
    pairs = [(str(row["a"]), str(row["b"])) for _, row in _rows(links, "a", "b")] if links else []
    partners = partners_of(rows, pairs)
    if not partners:
        raise DomainError("No row belongs with another: give rows a cluster, or --links with their ids.")
    with _progress("followthrough", len(partners)) as step:
        ours = measure_ours(rows, partners, step)
    columns = {"followthrough": ours}
    if model:
        with _progress("with the model", len(partners)) as step:
            columns["with the model"] = measure_ours(rows, partners, step, model)
    with _progress("bm25s", len(partners)) as step:
        columns["bm25s"] = measure_bm25s(rows, partners, step)
    typer.echo(f"{len(rows):,} rows, {len(partners):,} of them asked for")
    _table(columns)


def wording(
    file: Annotated[Path, typer.Argument(metavar="FILE.jsonl", help="Rows {text, label|blameful}.")],
    kind: Annotated[Kind, typer.Option(metavar="action|blame", help="Which check.")],
) -> None:
    """Measures the check of action items, or of blameful wording.

    For actions, the labels vague and not_an_action should be flagged and specific should not; ambiguous rows are
    shown but not counted. For blame, rows with blameful true should be flagged. Rows without a label are left out.

    \b
    Examples:
      followthrough evaluate wording actions.jsonl --kind action
      followthrough evaluate wording sentences.jsonl --kind blame
    """
    from followthrough.wording.wording_evaluation import evaluate_wording

    result = evaluate_wording([row for _, row in _rows(file, "text")], kind.value)
    if not result.confusion:
        raise DomainError(f"No row of {file} has a label, so there is nothing to compare with.")
    _tell(result)


def _require_bm25s() -> None:
    try:
        import bm25s  # noqa: F401
    except ImportError as error:
        raise DomainError(
            "The comparison needs bm25s, which is not installed: pip install 'followthrough[evaluate]'."
        ) from error


def _sentence_model() -> SentenceModel:
    from followthrough.similarity.sentence_model import SentenceModel

    folder = os.environ.get("FOLLOWTHROUGH_SENTENCE_MODEL")
    if not folder:
        raise DomainError(
            "Name the folder of the model and its tokenizer in FOLLOWTHROUGH_SENTENCE_MODEL first."
        )
    return SentenceModel(Path(folder))


def _rows(file: Path, *needed: str) -> Iterator[tuple[int, dict[str, Any]]]:
    """(line, row) of each line that can be read; the others are named on stderr and left out."""
    if not file.is_file():
        raise DomainError(f"There is no file {file}.")
    bad = 0
    with file.open(encoding="utf-8-sig", errors="replace") as lines:
        for number, line in enumerate(lines, 1):
            row = _read(line) if line.strip() else None
            problem = "" if not line.strip() else _problem(row, needed)
            if problem and (bad := bad + 1) <= NAMED_ROWS:
                typer.echo(f"{file}, line {number}: {problem}; left out", err=True)
            if row is not None and not problem:
                yield number, row
    if bad > NAMED_ROWS:
        typer.echo(f"{file}: {bad - NAMED_ROWS} more lines were left out", err=True)


def _read(line: str) -> dict[str, Any] | None:
    try:
        row = json.loads(line)
    except (ValueError, RecursionError):
        return None
    return row if isinstance(row, dict) else None


def _problem(row: Mapping[str, Any] | None, needed: tuple[str, ...]) -> str:
    if row is None:
        return "not a JSON object"
    missing = [name for name in needed if row.get(name) in (None, "")]
    return f"no {' and no '.join(missing)}" if missing else ""


def _docs(file: Path) -> list[Doc]:
    from followthrough.similarity.similarity_evaluation import Doc

    found: dict[str, Doc] = {}
    for number, row in _rows(file, "id"):
        key = str(row["id"])
        if key in found:
            typer.echo(f"{file}, line {number}: the id {key} was there before; left out", err=True)
            continue
        title, body = str(row.get("title") or ""), str(row.get("body") or row.get("text") or "")
        cluster = row.get("cluster")
        day = _day(row.get("created") or row.get("date"))
        found[key] = Doc(key, title, body, day, None if cluster in (None, "") else str(cluster))
    if not any(doc.title.strip() or doc.body.strip() for doc in found.values()):
        raise DomainError(f"No row of {file} has both an id and a text, so there is nothing to compare.")
    return list(found.values())


def _day(written: object) -> float:
    """Days since 1970 of "2026-11-23" or "2026-11-23T14:03:00Z"; nan for what cannot be read."""
    try:
        moment = datetime.fromisoformat(str(written))
    except ValueError:
        return math.nan
    return moment.replace(tzinfo=moment.tzinfo or UTC).timestamp() / 86400


@contextmanager
def _progress(label: str, total: int) -> Iterator[Callable[[], None]]:
    """A bar on stderr; where that is no terminal, one line."""
    import sys

    if not sys.stderr.isatty():
        typer.echo(f"{label}: asking {total:,} times …", err=True)
        yield lambda: None
        return
    with typer.progressbar(length=total, label=label, file=sys.stderr) as bar:
        yield lambda: bar.update(1)


def _table(columns: Mapping[str, Measured]) -> None:
    first = next(iter(columns.values()))
    rows = {name: [_cell(one.figures[name]) for one in columns.values()] for name in first.figures}
    rows["ms per query (CPU)"] = [f"{one.query_ms:.2f}" for one in columns.values()]
    rows["index seconds (CPU)"] = [f"{one.index_seconds:.1f}" for one in columns.values()]
    for name, cells in {"": list(columns), **rows}.items():
        typer.echo(f"{name:<22}{''.join(f'{cell:<24}' for cell in cells)}".rstrip())


def _cell(figure: Figure) -> str:
    return f"{figure.value:.3f}  ({figure.low:.3f}–{figure.high:.3f})"


def _tell(result: Evaluation) -> None:
    flags = ("flagged", "let pass")
    typer.echo(f"{'label':<22}{flags[0]:>10}{flags[1]:>10}")
    for label in sorted({label for label, _ in result.confusion}):
        counts = [result.confusion.get((label, flagged), 0) for flagged in (True, False)]
        note = " (not counted)" if label in result.undecided else ""
        typer.echo(f"{label:<22}{counts[0]:>10}{counts[1]:>10}{note}")
    if result.unlabelled:
        typer.echo(f"{result.unlabelled} rows without a label were left out")
    typer.echo("")
    for miss in result.misses:
        said = f"flagged ({', '.join(miss.codes)})" if miss.flagged else "let pass"
        typer.echo(f"miss: {miss.label}, {said}: {' '.join(miss.text.split())}")
    for name, value in (("precision", result.precision), ("recall", result.recall)):
        typer.echo(f"{name:<10} {'cannot be said' if value is None else f'{value:.3f}'}")
