"""The summary's sections as texts that are written together."""

from __future__ import annotations

from datetime import timedelta

import pytest
from django.test import Client

from followthrough.core.errors import DomainError
from followthrough.reports import operations as reports
from followthrough.reports.models import Summary
from followthrough.reports.pdf import render
from followthrough.reports.queries.assembly import current
from followthrough.writing import markdown, operations, tasks
from followthrough.writing.models import Version
from followthrough.writing.yjs_document import YjsDocument
from tests.documents import text_of
from tests.factories import make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db
NAME = "summary:overview"


def _typed(paper: YjsDocument, text: str) -> bytes:
    return paper.rewrite(markdown.read(text))


def test_writing_starts_from_the_record_and_ends_in_the_summary() -> None:
    postmortem, by = make_postmortem(make_incident("Checkout returned 502")), make_person()
    paper = YjsDocument([operations.open_text(postmortem, name=NAME)])
    assert markdown.write(paper.read()).startswith("It lasted 38 min.")
    assert reports.summary_of(postmortem).prose == {}
    operations.write(postmortem, name=NAME, data=_typed(paper, "## Short\n\nAll **well**."), by=by)
    assert reports.summary_of(postmortem).prose == {"overview": "## Short\n\nAll **well**."}
    reports.edit_prose(reports.summary_of(postmortem), section="overview", text="By the form", by=by)
    assert markdown.write(YjsDocument([operations.open_text(postmortem, name=NAME)]).read()) == "By the form"


def test_an_untouched_text_follows_the_record() -> None:
    postmortem = make_postmortem(make_incident("Checkout returned 502"))
    operations.open_text(postmortem, name=NAME)
    postmortem.incident.ended_at = postmortem.incident.began_at + timedelta(hours=2)
    postmortem.incident.save()
    text = markdown.write(YjsDocument([operations.open_text(postmortem, name=NAME)]).read())
    assert text.startswith("It lasted 2 h.")


def test_a_published_summary_takes_no_more_words() -> None:
    postmortem, by = make_postmortem(make_incident()), make_person()
    paper = YjsDocument([operations.open_text(postmortem, name=NAME)])
    Summary.objects.update(state=Summary.State.PUBLISHED)
    with pytest.raises(DomainError, match="published"):
        operations.write(postmortem, name=NAME, data=_typed(paper, "late"), by=by)


def test_a_version_comes_back_and_nothing_is_lost(client: Client, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(tasks, "AT_REST", -tasks.AT_REST)
    postmortem, by = make_postmortem(make_incident()), make_person()
    client.force_login(by)
    for text in ("one", "one\n\ntwo", "three"):
        paper = YjsDocument([operations.open_text(postmortem, name=NAME)])
        operations.write(postmortem, name=NAME, data=_typed(paper, text), by=by)
        tasks.keep_versions()
    address = f"/incidents/{postmortem.key}/texts/{NAME}/"
    wanted = Version.objects.get(text="one\n\ntwo")
    assert "<p>two</p>" in client.get(f"{address}?version={wanted.pk}").content.decode()
    assert client.post(f"{address}restoration/", {"version": wanted.pk}).status_code == 302
    assert [row.text for row in Version.objects.all()] == ["one\n\ntwo", "three", "one\n\ntwo", "one"]
    assert reports.summary_of(postmortem).prose["overview"] == "one\n\ntwo"
    assert str(by) in client.get(address).content.decode()


def test_the_page_of_versions_asks_as_much_for_many_as_for_one(
    client: Client, monkeypatch: pytest.MonkeyPatch
) -> None:
    from django.db import connection  # noqa: PLC0415
    from django.test.utils import CaptureQueriesContext  # noqa: PLC0415

    monkeypatch.setattr(tasks, "AT_REST", -tasks.AT_REST)
    postmortem, by = make_postmortem(make_incident()), make_person()
    client.force_login(by)
    counts = []
    for text in ("one", "two", "three", "four"):
        paper = YjsDocument([operations.open_text(postmortem, name=NAME)])
        operations.write(postmortem, name=NAME, data=_typed(paper, text), by=by)
        tasks.keep_versions()
        with CaptureQueriesContext(connection) as asked:
            client.get(f"/incidents/{postmortem.key}/texts/{NAME}/")
        counts.append(len(asked))
    assert counts[1] == counts[-1]


def test_the_pdf_shows_what_was_written_not_its_markdown() -> None:
    postmortem, by = make_postmortem(make_incident()), make_person()
    text = "## Head\n\nsome _leaning_ words\n\n1. first\n2. [@Mira Chen](/people/?who=7)\n\n> quoted\n\n```\ncode\n```"
    reports.edit_prose(reports.summary_of(postmortem), section="overview", text=text, by=by)
    shown = text_of(render(current(reports.summary_of(postmortem))), "pdf")
    assert "some leaning words" in shown
    assert "2. Mira Chen" in shown
    assert "who=7" not in shown
    assert "```" not in shown


def test_a_blameless_summary_does_not_tell_by_a_mention_who_it_was() -> None:
    postmortem, by = make_postmortem(make_incident()), make_person("Jonas Lind")
    text = f"Then [@Jonas Lind](/people/?who={by.pk}) rolled back, see [ACT-31](/actions/ACT-31/)."
    reports.edit_prose(reports.summary_of(postmortem), section="overview", text=text, by=by)
    shown = current(reports.summary_of(postmortem)).section("overview").text
    assert shown == "Then a colleague rolled back, see [ACT-31](/actions/ACT-31/)."
