"""The PDF is made by a process of its own, one at a time, and kept for as long as it says what stands."""

from __future__ import annotations

import threading
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import timedelta
from typing import Any

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.reports import operations, pdf, queries
from followthrough.reports.models import Summary
from followthrough.reports.report import Report
from tests.documents import text_of
from tests.factories import explain_missing, make_incident, make_person, make_postmortem

pytestmark = pytest.mark.django_db
Made = list[str]


@pytest.fixture
def ada() -> User:
    return make_person("Ada Lind")


@pytest.fixture
def made(monkeypatch: pytest.MonkeyPatch) -> Made:
    """The summaries of which a document was made, in their order."""
    done: Made = []
    render = pdf.render

    def counted(report: Report) -> bytes:
        done.append(report.key)
        return render(report)

    monkeypatch.setattr(pdf, "render", counted)
    return done


@contextmanager
def _stopped(monkeypatch: pytest.MonkeyPatch) -> Iterator[Callable[[], None]]:
    """Documents are not made until the answer is called."""
    go, render = threading.Event(), pdf.render
    with monkeypatch.context() as patched:
        patched.setattr(pdf, "PATIENCE_SECONDS", 0)
        patched.setattr(pdf, "render", lambda report: (go.wait(30), render(report))[1])
        yield go.set
        go.set()


def _summary(title: str, *, published_by: User | None = None) -> Summary:
    state: dict[str, Any] = {"state": PostMortem.State.TO_SHARE, "closed_at": timezone.now()}
    summary = operations.summary_of(make_postmortem(make_incident(title), **state))
    explain_missing(summary.postmortem, by=published_by or make_person())
    if published_by:
        operations.publish(summary, by=published_by)
    return summary


def _address(summary: Summary) -> str:
    return f"/incidents/INC-{summary.pk}/summary.pdf"


def _until_ready(client: Client, address: str) -> None:
    for _ in range(600):
        if client.get(f"{address}?wait=yes").status_code == 200:
            return
        threading.Event().wait(0.05)
    raise AssertionError("The document was not made.")


def test_what_was_published_is_made_once_for_everybody(client: Client, ada: User, made: Made) -> None:
    summary = _summary("Checkout returned 502", published_by=ada)
    secret = queries.secret_of(operations.share(summary, by=ada))
    shared = [client.get(f"/s/{secret}/summary.pdf") for _ in range(3)]
    client.force_login(ada)
    answers = [*shared, client.get(_address(summary))]
    assert {answer.status_code for answer in answers} == {200}
    assert len({answer.content for answer in answers}) == 1
    assert made == [f"INC-{summary.pk}"]


def test_an_action_that_moved_on_makes_it_anew_and_the_old_one_goes(
    client: Client, ada: User, made: Made, settings: Any
) -> None:
    summary = _summary("Checkout returned 502")
    due_on = timezone.localdate() + timedelta(days=3)
    action = ActionItem.objects.create(
        postmortem=summary.postmortem, number=1, text="Reject empty values", due_on=due_on
    )
    operations.publish(summary, by=ada)
    client.force_login(ada)
    assert "Reject empty values" in text_of(client.get(_address(summary)).content, "pdf")
    ActionItem.objects.filter(pk=action.pk).update(owner=ada)
    assert ada.name in text_of(client.get(_address(summary)).content, "pdf")
    assert len(made) == 2
    assert len(list(settings.PDF_ROOT.iterdir())) == 1


def test_a_changed_draft_is_made_anew(client: Client, ada: User, made: Made) -> None:
    summary = _summary("Checkout returned 502")
    client.force_login(ada)
    first, again = client.get(_address(summary)), client.get(_address(summary))
    operations.edit_prose(summary, section="overview", text="Carts were empty.", by=ada)
    assert first.content == again.content
    assert "Carts were empty." in text_of(client.get(_address(summary)).content, "pdf")
    assert len(made) == 2


def test_what_takes_longer_shows_progress_and_others_wait_their_turn(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch
) -> None:
    client.force_login(ada)
    first, second = _summary("Checkout returned 502"), _summary("Search was empty")
    with _stopped(monkeypatch) as go:
        answers = [client.get(_address(one)) for one in (first, first, second)]
        assert [answer.status_code for answer in answers] == [202, 202, 202]
        assert "is being made" in answers[0].content.decode()
        assert f"{_address(first)}?wait=yes" in answers[0].content.decode()
        go()
        _until_ready(client, _address(first))
        ready = client.get(f"{_address(first)}?wait=yes").content.decode()
        assert f"0; url={_address(first)}" in ready
        assert "Checkout returned 502" in text_of(client.get(_address(first)).content, "pdf")
        _until_ready(client, _address(second))


@pytest.mark.parametrize("limit", [{"RENDER_SECONDS": 0}, {"RENDER_BYTES": 30_000_000}])
def test_one_that_takes_too_much_is_refused_in_words_and_not_tried_again(
    client: Client, ada: User, monkeypatch: pytest.MonkeyPatch, made: Made, limit: dict[str, int]
) -> None:
    for name, value in limit.items():
        monkeypatch.setattr(pdf, name, value)
    summary = _summary("Checkout returned 502", published_by=ada)
    client.force_login(ada)
    answers = [client.get(_address(summary)) for _ in range(2)]
    assert {answer.status_code for answer in answers} == {422}
    assert all("take it as HTML or Markdown" in answer.content.decode() for answer in answers)
    assert len(made) == 1
