"""What was answered and parked in the meeting stands in the summary and in all that is made of it."""

from __future__ import annotations

import json
import re

import pytest
from django.test import Client
from django.utils import timezone

from followthrough.core.errors import DomainError
from followthrough.meeting_room.operations import contributions
from followthrough.meetings.models import Answer, Meeting, ParkedItem, Question
from followthrough.people.models import User
from followthrough.postmortems.models import Omission, PostMortem
from followthrough.reports import operations, queries
from followthrough.reports.answer_sections import section_of
from followthrough.reports.models import Summary
from followthrough.reports.queries.assembly import current
from tests.documents import text_of
from tests.factories import make_incident, make_person, make_postmortem, signed_in

pytestmark = pytest.mark.django_db
CHANGED, WORKED = (
    "What changed in the system or code in the 24 hours before?",
    "What worked and should be repeated?",
)
SAID = {CHANGED: "The rollback script was renamed", WORKED: "Rolling back zone by zone, said Jonas Lind"}


@pytest.fixture
def jonas() -> User:
    return make_person("Jonas Lind")


@pytest.fixture
def summary(jonas: User) -> Summary:
    """Of a closed meeting that answered two questions and parked one thing."""
    incident = make_incident("Checkout returned 502")
    postmortem = make_postmortem(incident, state=PostMortem.State.TO_SHARE, closed_at=incident.ended_at)
    incident.involvements.create(person=jonas, role="on_call")
    for question, text in SAID.items():
        contributions.give_answer(
            postmortem, question=Question.objects.get(text=question), text=text, by=jonas
        )
    contributions.park(postmortem, text="Move payments to its own cluster", by=jonas)
    return operations.summary_of(postmortem)


def doors(summary: Summary, jonas: User) -> dict[str, str]:
    """The words behind every address that shows the summary."""
    client, address = signed_in(jonas), f"/incidents/INC-{summary.pk}/summary"
    files = {ending: client.get(f"{address}.{ending}").content for ending in ("md", "html", "json", "pdf")}
    told = {ending: text_of(content, ending) for ending, content in files.items()}
    return told | {"page": client.get(f"{address}/").content.decode()}


def test_they_stand_in_the_page_and_in_every_export(summary, jonas):
    for place, text in doors(summary, jonas).items():
        words = " ".join(re.sub(r"<[^>]+>", " ", text).replace("\\", "").split())
        assert "The rollback script was renamed" in words, place
        assert "the on-call engineer" in words, place
        assert "Jonas" not in words.split("What worked")[1][:120], place
        assert "Move payments to its own cluster" in words, place
        assert "to be settled at the check-in" in words or '"settled": false' in words, place


def test_each_stands_in_the_section_of_its_question(summary):
    said = {section.name: [row.text for row in section.answers] for section in current(summary).sections}
    assert said["what_happened"] == [SAID[CHANGED]]
    assert said["went_well"] == ["Rolling back zone by zone, said the on-call engineer"]


@pytest.mark.parametrize(
    ("phase", "question", "section"),
    [
        ("looking_back", "What broke down, and why?", "causes"),
        ("looking_back", "Where were we lucky?", "luck"),
        ("looking_back", "What specific change prevents it next time?", "next"),
        ("impact", "What did it cost in engineer hours, trust and service-level compliance?", "impact"),
        ("root_cause", "Which earlier warning signs went unnoticed or unacted on?", "causes"),
        ("a_new_phase", "Anything else?", "what_happened"),
    ],
)
def test_questions_that_look_back_are_placed_by_their_words(phase, question, section):
    assert section_of(phase, question) == section


def test_a_click_leaves_one_out_of_all_of_them_and_another_shows_it_again(summary, jonas):
    client = signed_in(jonas)
    item = ParkedItem.objects.get()
    answer = Answer.objects.get(question__text=CHANGED)
    for key in (item.pk, answer.pk):
        assert click(client, summary, key, "no").status_code == 302
    for place, text in doors(summary, jonas).items():
        shown = text.partition('id="left-out"')[0] if place == "page" else text
        assert "rollback script" not in shown, place
        assert "payments" not in shown, place
    page = client.get(f"/incidents/INC-{summary.pk}/summary/").content.decode()
    assert "The rollback script was renamed" in page.partition('id="left-out"')[2]
    click(client, summary, answer.pk, "yes")
    assert "rollback script" in client.get(f"/incidents/INC-{summary.pk}/summary.md").content.decode()
    history = client.get(f"/incidents/INC-{summary.pk}/history/").content.decode()
    assert CHANGED in history


def click(client: Client, summary: Summary, key: object, shown: str):
    return client.post(f"/incidents/INC-{summary.pk}/summary/shown/", {"key": str(key), "shown": shown})


def test_what_is_published_keeps_what_was_shown_and_tells_what_was_settled_since(summary, jonas):
    item = ParkedItem.objects.get()
    operations.leave_out(summary, key=str(Answer.objects.get(question__text=CHANGED).pk), by=jonas)
    reasons = dict.fromkeys(Omission.What.values, "A drill of the summary, for which nothing broke")
    operations.publish(summary, by=jonas, reasons=reasons)
    reader = signed_in(make_person("Sam Stake", role=User.Role.STAKEHOLDER))
    page = reader.get(f"/incidents/INC-{summary.pk}/summary/").content.decode()
    assert "Rolling back zone by zone" in page
    assert "rollback script" not in page
    assert "Leave out" not in page
    contributions.settle_parked(item, by=jonas)
    secret = queries.secret_of(operations.share(summary, by=jonas))
    shared = Client().get(f"/s/{secret}/").content.decode()
    assert "settled" in shared
    assert "to be settled at the check-in" not in shared
    with pytest.raises(DomainError):
        operations.leave_out(summary, key=str(item.pk), by=jonas)


def test_the_check_in_asks_for_what_is_parked_until_somebody_settles_it(summary, jonas):
    now = timezone.now()
    Meeting.objects.create(postmortem=summary.postmortem, kind="check_in", starts_at=now)
    client, address = signed_in(jonas), f"/incidents/INC-{summary.pk}/check-in/"
    page = client.get(address).content.decode()
    assert "Move payments to its own cluster" in page
    settle = re.search(r'action="([^"]*/settlement/)"', page)
    assert settle
    page = client.post(settle[1], follow=True).content.decode()
    assert "Move payments" not in page
    assert ParkedItem.objects.get().settled_at is not None
    stranger = signed_in(make_person(role=User.Role.STAKEHOLDER))
    assert stranger.post(settle[1]).status_code in {403, 404}


def test_answers_stay_hidden_while_the_room_hides_them(summary, jonas):
    meeting = Meeting.objects.create(
        postmortem=summary.postmortem,
        state="live",
        starts_at=summary.postmortem.closed_at,
        answers_hidden=True,
    )
    assert not any(section.answers for section in current(summary).sections)
    meeting.state = "held"
    meeting.save()
    assert sum(len(section.answers) for section in current(summary).sections) == 2


def test_what_was_never_said_there_cannot_be_left_out(summary, jonas):
    other = contributions.park(make_postmortem(), text="Elsewhere", by=jonas)
    answer = click(signed_in(jonas), summary, other.pk, "no")
    assert answer.status_code == 404
    assert click(signed_in(jonas), summary, "nonsense", "no").status_code == 422
    assert Summary.objects.get().left_out == []


def test_markdown_cannot_be_smuggled_through_an_answer(summary, jonas):
    contributions.give_answer(
        summary.postmortem,
        question=Question.objects.get(text=WORKED),
        text="# Not a heading\n| a | <b>x</b>",
        by=jonas,
    )
    text = signed_in(jonas).get(f"/incidents/INC-{summary.pk}/summary.md").content.decode()
    assert "\n# Not" not in text
    assert (
        "<b>x</b>" not in signed_in(jonas).get(f"/incidents/INC-{summary.pk}/summary.html").content.decode()
    )
    assert json.loads(signed_in(jonas).get(f"/incidents/INC-{summary.pk}/summary.json").content)["key"]


def test_a_blank_behind_a_mention_leaves_no_code_in_exports(summary, jonas):
    text = f"Doubled by [@Jonas Lind](/people/?who={jonas.pk})&#32;"
    operations.edit_prose(summary, section="what_happened", text=text, by=jonas)
    client = signed_in(jonas)
    for ending in ("md", "json"):
        assert "&#32;" not in client.get(f"/incidents/INC-{summary.pk}/summary.{ending}").content.decode()
