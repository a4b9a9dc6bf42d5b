"""What one version of a summary says that the version before did not."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from followthrough.reports.report import Change, Report


def next_edition(earlier: Report, later: Report) -> Report:
    """`later` as the version after `earlier`, with what changed between the two."""
    changes = list(changes_between(earlier, later))
    return later.model_copy(update={"edition": earlier.edition + 1, "changes": changes})


def changes_between(earlier: Report, later: Report) -> Iterator[Change]:
    """In the order in which a reader meets them. What was withdrawn is counted, never repeated."""
    if earlier.title != later.title:
        yield Change(where="Title", what="now", text=later.title)
    yield from _sections(earlier, later)
    yield from _timeline(earlier, later)
    if earlier.impact != later.impact:
        facts = "; ".join(f"{fact.name}: {fact.value}" for fact in later.impact)
        yield Change(where="Impact", what="now", text=facts)
    if earlier.why_tree != later.why_tree:
        yield Change(where="Causes", what="corrected in the drawing")
    yield from _by_key(
        "Findings",
        {row.id: row.text for row in earlier.findings},
        {row.id: row.text for row in later.findings},
    )
    yield from _by_key("Actions", _texts(earlier), _texts(later))


def _texts(report: Report) -> dict[str, str]:
    return {row.key: f"{row.key} {row.text}" for row in report.actions}


def _sections(earlier: Report, later: Report) -> Iterator[Change]:
    """Those that people wrote; the others follow from the record, of which the rest tells."""
    before = {section.name: section for section in earlier.sections}
    for section in later.sections:
        known = before.get(section.name, section)
        if (section.written or known.written) and known.text != section.text:
            yield Change(where=section.title, what="rewritten")


def _timeline(earlier: Report, later: Report) -> Iterator[Change]:
    said = {(row.at, row.text) for row in earlier.timeline}
    says = {(row.at, row.text) for row in later.timeline}
    for row in later.timeline:
        if (row.at, row.text) not in said:
            yield Change(where="Timeline", what="added or corrected", text=row.text)
    yield from _withdrawn("Timeline", len(said - says) - len(says - said))


def _by_key(where: str, said: Mapping[str, str], says: Mapping[str, str]) -> Iterator[Change]:
    for key, text in says.items():
        if said.get(key) != text:
            yield Change(where=where, what="corrected" if key in said else "added", text=text)
    yield from _withdrawn(where, len(said.keys() - says.keys()))


def _withdrawn(where: str, number: int) -> Iterator[Change]:
    if number > 0:
        yield Change(where=where, what=f"{number} withdrawn")
