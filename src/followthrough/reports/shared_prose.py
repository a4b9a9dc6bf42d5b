"""The sections of the summary's prose as a home of documents."""

from __future__ import annotations

from followthrough.core.errors import NotFound
from followthrough.postmortems.models import PostMortem
from followthrough.reports.models import Summary
from followthrough.reports.operations import keep_prose, refuse_if_published, summary_of
from followthrough.reports.queries.assembly import current
from followthrough.reports.queries.prose import TITLES

MAX_SECTION_CHARACTERS = 50_000


class SharedProse:
    """`part` is a section's name, such as "overview". Until somebody writes, it says what the record says."""

    limit = MAX_SECTION_CHARACTERS
    keep_lines = False

    def title(self, part: str) -> str:
        if part not in TITLES:
            raise NotFound("There is no such section in the summary.")
        return f"Summary: {TITLES[part]}"

    def address(self, postmortem: PostMortem, part: str) -> str:
        return f"/incidents/{postmortem.key}/summary/#{part}"

    def standing(self, postmortem: PostMortem, part: str) -> str:
        summary = summary_of(postmortem)
        return summary.prose.get(part) or _said_by_the_record(summary, part)

    def check(self, postmortem: PostMortem, part: str) -> None:  # noqa: ARG002 - all sections are published together
        refuse_if_published(summary_of(postmortem))

    def keep(self, postmortem: PostMortem, part: str, text: str) -> None:
        summary = Summary.objects.get(postmortem=postmortem)
        keep_prose(summary, section=part, text=text)


def _said_by_the_record(summary: Summary, part: str) -> str:
    return current(summary).section(part).text
