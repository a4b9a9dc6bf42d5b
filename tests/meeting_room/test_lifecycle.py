"""Starting a meeting, leading through its steps, and closing it."""

from __future__ import annotations

from datetime import date, datetime, timedelta

import pytest
from django.utils import timezone

from followthrough.actions import operations as actions
from followthrough.activity.models import Activity
from followthrough.causes import operations as causes
from followthrough.check_ins.check_in_date import LONGEST_WAIT
from followthrough.check_ins.check_in_slots import LATER
from followthrough.core.errors import DomainError, NotAllowed
from followthrough.incidents.queries.history import in_words
from followthrough.meeting_room.operations import (
    contributions,
    facilitation,
    hidden_answers,
    lifecycle,
    voting,
)
from followthrough.meeting_room.queries.closing_round import closing_round
from followthrough.meeting_room.queries.gate import gate_of
from followthrough.meetings.agenda import Step, plan
from followthrough.meetings.models import Attendance, Meeting, Question
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from tests.factories import explain_missing, make_person, make_postmortem
from tests.interruption import cut_off_at

pytestmark = pytest.mark.django_db
SPECIFIC = "Alert when orders-db pool use passes 80 % for 2 min"


@pytest.fixture
def petra() -> User:
    return make_person("Petra Neutral")


@pytest.fixture
def postmortem(petra: User) -> PostMortem:
    made = make_postmortem(facilitator=petra)
    explain_missing(made, by=petra)
    at = timezone.now().replace(microsecond=0)
    Meeting.objects.create(postmortem=made, starts_at=at, minutes=60, zone="Europe/Warsaw")
    return made


@pytest.mark.parametrize("minutes", [10, 30, 45, 60, 90, 120])
def test_the_agenda_shares_out_exactly_the_minutes(minutes: int) -> None:
    steps = plan(minutes)
    assert sum(step.minutes for step in steps) == minutes
    assert [step.key for step in steps] == [
        "welcome", "timeline", "causes", "impact", "prevention", "actions", "close",
    ]  # fmt: skip
    assert min(step.minutes for step in steps) >= 1


def test_the_clock_follows_the_minutes_of_the_step_it_is_at(postmortem: PostMortem, petra: User) -> None:
    meeting = lifecycle.start_meeting(postmortem, by=petra)
    ends_at, first = meeting.step_ends_at, meeting.steps.get(key="welcome")
    assert ends_at
    facilitation.set_agenda(meeting, [Step("welcome", first.minutes + 6), Step("close", 5)], by=petra)
    meeting.refresh_from_db()
    assert meeting.step_ends_at == ends_at + timedelta(minutes=6)


def test_answers_show_once_everyone_here_wrote_to_what_was_asked_since(
    postmortem: PostMortem, petra: User
) -> None:
    sana, meeting = make_person(), lifecycle.start_meeting(postmortem, by=petra)
    earlier, question, _ = Question.objects.order_by("pk")[:3]

    def answers(person: User, to: Question) -> bool:
        contributions.give_answer(postmortem, question=to, text="It was full", by=person)
        return hidden_answers.all_have_written(postmortem.pk, frozenset({petra.pk, sana.pk}))

    assert not answers(petra, earlier)
    assert not answers(sana, earlier)
    hidden_answers.hide_answers(meeting, hidden=True, by=petra)
    assert not answers(petra, question)
    hidden_answers.show_once_all_wrote(postmortem.pk, frozenset({petra.pk, sana.pk}))
    meeting.refresh_from_db()
    assert meeting.answers_hidden
    rows = list(Activity.objects.filter(kind="meetings.answer"))
    told = in_words(rows, postmortem.incident.words)
    assert {(event.what, len(event.changes)) for event in told} == {("added answer", 0)}
    assert answers(sana, question)
    hidden_answers.show_once_all_wrote(postmortem.pk, frozenset({petra.pk, sana.pk}))
    meeting.refresh_from_db()
    assert not meeting.answers_hidden


def test_the_order_of_the_closing_round_s_counts_tells_nothing(postmortem: PostMortem, petra: User) -> None:
    meeting = lifecycle.start_meeting(postmortem, by=petra)
    voting.answer_round(meeting, {"learned": 5, "worth": 2, "safe": 4}, by=petra)
    counts = meeting.tallies.order_by("pk").values_list("question", "value", "count")
    assert len(counts) == 15
    assert list(counts) == sorted(
        counts, key=lambda row: (["learned", "worth", "safe"].index(row[0]), row[1])
    )
    assert {row[:2] for row in counts if row[2]} == {("learned", 5), ("worth", 2), ("safe", 4)}


def test_answers_of_few_stay_unshown_in_other_meetings_too(postmortem: PostMortem, petra: User) -> None:
    meeting, other = lifecycle.start_meeting(postmortem, by=petra), make_postmortem().pk
    a_day_ago = timezone.now() - timedelta(days=1)
    for given in range(3):
        Meeting.objects.update(state=Meeting.State.HELD, ended_at=a_day_ago)
        assert sum(closing_round(other)["questions"][0]["before"]) == 0, given
        Meeting.objects.update(state=Meeting.State.LIVE, ended_at=None)
        meeting.refresh_from_db()
        voting.answer_round(meeting, {"learned": 5, "worth": 2, "safe": 4}, by=make_person())
    Meeting.objects.update(state=Meeting.State.HELD, ended_at=a_day_ago)
    assert closing_round(other)["questions"][0]["before"] == [0, 0, 0, 0, 3]


def test_no_answer_is_taken_once_counts_are_shown(postmortem: PostMortem, petra: User) -> None:
    meeting = lifecycle.start_meeting(postmortem, by=petra)
    people, values = [make_person() for _ in range(4)], {"learned": 5, "worth": 2, "safe": 4}
    Attendance.objects.bulk_create(Attendance(meeting=meeting, person=person) for person in people)
    Meeting.objects.update(state=Meeting.State.HELD, ended_at=timezone.now())
    meeting.refresh_from_db()
    for person in people:
        assert _learned(postmortem) is None
        voting.answer_round(meeting, values, by=person)
    assert _learned(postmortem) == [0, 0, 0, 0, 4]
    Attendance.objects.create(meeting=meeting, person=petra)
    Meeting.objects.create(postmortem=postmortem, starts_at=timezone.now(), state=Meeting.State.CANCELLED)
    assert _learned(postmortem) == [0, 0, 0, 0, 4]
    with pytest.raises(DomainError, match="is over"):
        voting.answer_round(meeting, values, by=make_person())
    assert _learned(postmortem) == [0, 0, 0, 0, 4]


def test_who_stays_silent_keeps_the_round_open_for_a_day(postmortem: PostMortem, petra: User) -> None:
    meeting = lifecycle.start_meeting(postmortem, by=petra)
    Attendance.objects.create(meeting=meeting, person=petra)
    for _ in range(3):
        voting.answer_round(meeting, {"learned": 5, "worth": 2, "safe": 4}, by=make_person())
    Meeting.objects.update(state=Meeting.State.HELD, ended_at=timezone.now())
    assert (closing_round(postmortem.pk)["over"], _learned(postmortem)) == (False, None)
    Meeting.objects.update(ended_at=timezone.now() - timedelta(days=1))
    assert (closing_round(postmortem.pk)["over"], _learned(postmortem)) == (True, [0, 0, 0, 0, 3])


def _learned(postmortem: PostMortem) -> list[int] | None:
    counts: list[int] | None = closing_round(postmortem.pk)["questions"][0]["counts"]
    return counts


def test_starting_lays_out_the_agenda_and_twice_changes_nothing(postmortem: PostMortem, petra: User) -> None:
    meeting = lifecycle.start_meeting(postmortem, by=petra)
    assert meeting.state == Meeting.State.LIVE
    assert meeting.step == "welcome"
    first = meeting.steps.get(key="welcome")
    assert meeting.step_ends_at - meeting.started_at == timedelta(minutes=first.minutes)
    rows = Activity.objects.count()
    lifecycle.start_meeting(postmortem, by=petra)
    assert Activity.objects.count() == rows


def test_only_the_facilitator_leads_unless_nobody_was_chosen(postmortem: PostMortem) -> None:
    somebody = make_person()
    with pytest.raises(NotAllowed, match="Petra"):
        lifecycle.start_meeting(postmortem, by=somebody)
    lifecycle.start_meeting(postmortem, by=make_person(role=User.Role.ADMINISTRATOR))
    unled = make_postmortem()
    assert lifecycle.start_meeting(unled, by=somebody).state == Meeting.State.LIVE


def test_steps_get_their_time_and_more_when_asked(postmortem: PostMortem, petra: User) -> None:
    meeting = lifecycle.start_meeting(postmortem, by=petra)
    lifecycle.go_to_step(meeting, step="causes", by=petra)
    ends_at = meeting.step_ends_at
    lifecycle.extend_step(meeting, minutes=5, by=petra)
    assert meeting.step_ends_at == ends_at + timedelta(minutes=5)
    Meeting.objects.filter(pk=meeting.pk).update(step_ends_at=timezone.now() - timedelta(minutes=9))
    lifecycle.extend_step(meeting, minutes=5, by=petra)
    left = meeting.step_ends_at - timezone.now()
    assert timedelta(minutes=4, seconds=50) < left <= timedelta(minutes=5)
    with pytest.raises(DomainError, match="no such step"):
        lifecycle.go_to_step(meeting, step="lunch", by=petra)


def _cover_everything(postmortem: PostMortem, petra: User) -> None:
    finding = causes.add_finding(postmortem, kind="detection_gap", text="No alert on the pool", by=petra)
    action = actions.add_action(
        postmortem, text=SPECIFIC, owner=petra, due_on=date(2027, 1, 8), finding=finding, by=petra
    )
    actions.commit(action, by=petra)


def test_the_gate_says_exactly_what_is_left(postmortem: PostMortem, petra: User) -> None:
    lifecycle.start_meeting(postmortem, by=petra)
    bare = causes.add_finding(postmortem, kind="handoff_gap", text="Storage was paged late", by=petra)
    vague = causes.add_finding(postmortem, kind="root_cause", text="Nothing checks configuration", by=petra)
    causes.add_finding(postmortem, kind="luck", text="It was a quiet Tuesday", by=petra)
    action = actions.add_action(postmortem, text="Improve monitoring", finding=vague, by=petra)
    with pytest.raises(lifecycle.GateClosed) as refusal:
        lifecycle.close_meeting(postmortem, by=petra)
    assert refusal.value.current["left"] == [
        "“Storage was paged late” has no action and no reason for none",
        "“Improve monitoring” is not specific, has no owner, has no date",
    ]
    causes.leave_without_action(bare, reason="The rota changed last week already", by=petra)
    actions.change_action(action, text=SPECIFIC, owner=petra, due_on=date(2027, 1, 8), by=petra)
    assert [str(left) for left in gate_of(postmortem).left] == [f"“{SPECIFIC}” is not committed to"]
    actions.commit(action, by=petra)
    assert lifecycle.close_meeting(postmortem, by=petra).state == Meeting.State.HELD


def test_an_owner_who_left_does_not_count(postmortem: PostMortem, petra: User) -> None:
    _cover_everything(postmortem, petra)
    assert gate_of(postmortem).ready
    petra.is_active = False
    petra.save()
    assert "no longer here" in str(gate_of(postmortem).left[0])


def test_closing_plans_the_check_in_and_starts_the_promises_once(postmortem: PostMortem, petra: User) -> None:
    lifecycle.start_meeting(postmortem, by=petra)
    _cover_everything(postmortem, petra)
    lifecycle.close_meeting(postmortem, by=petra)
    rows = Activity.objects.count()
    lifecycle.close_meeting(PostMortem.objects.get(pk=postmortem.pk), by=petra)
    assert Activity.objects.count() == rows
    postmortem.refresh_from_db()
    assert postmortem.state == PostMortem.State.TO_SHARE
    assert postmortem.closed_at is not None
    check_in = postmortem.meetings.get(kind=Meeting.Kind.CHECK_IN)
    meeting = postmortem.meetings.get(kind=Meeting.Kind.POSTMORTEM)
    assert timedelta(days=11) <= check_in.starts_at - meeting.starts_at <= LONGEST_WAIT + LATER
    due = {promise.kind: promise.due_at for promise in postmortem.promises.all()}
    assert abs(due["summary"] - meeting.ended_at - timedelta(hours=24)) < timedelta(seconds=2)
    assert isinstance(due["check_in"], datetime)


def test_a_meeting_that_has_not_begun_cannot_close(postmortem: PostMortem, petra: User) -> None:
    with pytest.raises(DomainError, match="Start it first"):
        lifecycle.close_meeting(postmortem, by=petra)


def test_closing_is_all_or_nothing(postmortem: PostMortem, petra: User) -> None:
    lifecycle.start_meeting(postmortem, by=petra)
    with cut_off_at(Meeting, number=2), pytest.raises(SystemExit):
        lifecycle.close_meeting(postmortem, by=petra)
    postmortem.refresh_from_db()
    assert postmortem.state == PostMortem.State.MEETING
    assert postmortem.meetings.get().state == Meeting.State.LIVE
