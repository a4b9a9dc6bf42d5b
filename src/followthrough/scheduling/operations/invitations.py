"""Invitations to the meeting and to lead it, and what people answer."""

from __future__ import annotations

from collections.abc import Iterable
from datetime import UTC, datetime, timedelta

from django.db import transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.activity.queries import head
from followthrough.core.errors import DomainError
from followthrough.incidents import queries as incidents
from followthrough.meetings import phrasing
from followthrough.meetings.models import Meeting
from followthrough.meetings.phrasing import body_of, name_of, page_to_move, path_of
from followthrough.meetings.queries import ahead_of, current, participants_of
from followthrough.notifications.operations import notify
from followthrough.people.models import User
from followthrough.postmortems import operations as postmortems
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.scheduling.attendees import Invitee
from followthrough.scheduling.operations.invitee_notifications import (
    News,
    notify_invitee,
    notify_invitees,
    notify_of_lost_access,
    notify_of_withdrawal,
    raise_sequence,
)
from followthrough.scheduling.queries.invitees import BEFORE
from followthrough.scheduling.queries.meeting_facts import Fact, MeetingFacts

FACILITATING = (
    "You lead through the agenda and keep it about systems; somebody who took no part sees most. Before the meeting:"
    "\n1. Accept, or hand it on to somebody else."
    "\n2. Read your brief (ten minutes): the agenda, words to open with, the questions, what is known so far."
    "\n3. See whether those closest to the work come, and whether the draft of the timeline has gaps."
)
"""What whoever leads does beforehand."""
_TIME_STANDS = "Whoever was to facilitate no longer can. Its time stays, and your answer counts."
_NO_TIME_YET = ("When", "it has no time yet; 60 or 90 minutes")
_ASK_BACK = " A reply to this mail reaches them."
_NOTHING_CHANGED = "Move it there, or leave it as it is; nothing was changed."
_ANSWERS = frozenset(Participant.Response) - {Participant.Response.INVITED}
_AT_ONCE = timedelta(minutes=5)
"""A time so near is not meant: programs write the present one where nobody chose any."""
PURPOSE = "We look together at what happened and why, and decide what to change. It is about systems; nobody is blamed."
CHECK_IN_PURPOSE = "We look at each action together and ask whether it held."
"""What each is, for those who are asked to it."""
FACILITATES = "Facilitates the meeting"
"""Why somebody is asked who leads the meeting and was not asked before."""


@transaction.atomic
def invite(
    postmortem: PostMortem,
    person: User,
    *,
    by: User,
    required: bool = True,
    reason: str = "",
    for_check_in: bool = False,
) -> Participant:
    """Asks a member to the meeting; they are told once it has a time. A stakeholder gets the summary instead."""
    if not person.is_active:
        raise DomainError(f"{person} is no longer here. Choose somebody who is.", field="person")
    if not person.is_member:
        raise DomainError(
            f"{person} is a stakeholder and gets the summary instead of a seat.", field="person"
        )
    is_new = not postmortem.participants.filter(person=person).exists()
    participant = postmortems.add_participant(
        postmortem, person, by=by, required=required, reason=reason, for_check_in=for_check_in
    )
    if is_new:
        _tell_of_seat(postmortem, person, by=by)
    return participant


def _tell_of_seat(postmortem: PostMortem, person: User, *, by: User) -> None:
    for meeting in ahead_of(postmortem):
        raise_sequence(meeting)
        purpose = PURPOSE if meeting.kind == Meeting.Kind.POSTMORTEM else CHECK_IN_PURPOSE
        what = f"you are asked to the {name_of(meeting)} on {{when}}"
        notify_invitee(person, meeting, News(what, f"{by} asks you to come. {purpose}", by))


@transaction.atomic
def invite_all(postmortem: PostMortem, people: Iterable[Invitee], *, by: User) -> None:
    """Asks several people at once."""
    for one in people:
        invite(postmortem, one.person, required=one.required, reason=one.reason, by=by)


@transaction.atomic
def withdraw_invitation(participant: Participant, *, by: User) -> None:
    """Takes somebody off the list; they are told if the meeting had a time."""
    postmortem, person = participant.postmortem, participant.person
    postmortems.remove_participant(participant, by=by)
    _tell_of_leaving(postmortem, person, by=by)


def _tell_of_leaving(postmortem: PostMortem, person: User, *, by: User) -> None:
    for meeting in ahead_of(postmortem):
        raise_sequence(meeting)
        notify_of_withdrawal(person, meeting, by=by)


@transaction.atomic
def answer_invitation(postmortem: PostMortem, *, response: str, by: User) -> Participant:
    """Somebody says whether they come; whoever scheduled the meeting is told of a refusal."""
    participant = postmortem.participants.filter(person=by).first()
    if participant is None:
        raise DomainError("You are not asked to this meeting, so there is nothing to answer.")
    if response not in _ANSWERS:
        raise DomainError("Say whether you come or not.", field="response")
    is_news = participant.response != response
    postmortems.respond(participant, response=response, by=by)
    if is_news and response == Participant.Response.DECLINED:
        for meeting in ahead_of(postmortem):
            _tell_of_refusal(meeting, participant)
    return participant


def in_charge(postmortem: PostMortem, *, apart_from: User | None) -> User | None:
    """Who decides on a meeting ahead: whoever scheduled it, or else leads it, or else opened the post-mortem."""
    scheduled = [meeting.scheduled_by for meeting in ahead_of(postmortem)]
    asked = (*scheduled, postmortem.facilitator, postmortem.opened_by)
    return next((one for one in asked if one and one.is_active and one != apart_from), None)


def _tell_of_refusal(meeting: Meeting, participant: Participant) -> None:
    weight = " (required)" if participant.required else ""
    if asker := in_charge(meeting.postmortem, apart_from=participant.person):
        when = phrasing.day_and_time(meeting.starts_at, asker.zone)
        notify(
            asker,
            kind="meeting",
            key=f"refused:{meeting.pk}:{meeting.revision}:{participant.person_id}",
            subject=f"{meeting.postmortem.key}: {participant.person}{weight} cannot come to the {name_of(meeting)} on {when}",
            body=body_of(meeting.postmortem, f"Look for another time, or go ahead without them.{_ASK_BACK}"),
            path=path_of(meeting.postmortem, page_to_move(meeting)),
            opens="Look for another time",
            facts=MeetingFacts(meeting).times(asker.zone),
            references=[meeting.postmortem.reference],
            author=participant.person,
        )


@transaction.atomic
def propose_time(meeting: Meeting, *, starts_at: datetime, by: User, comment: str = "") -> None:
    """Somebody who was asked would rather have it then; whoever scheduled the meeting decides."""
    postmortem = meeting.postmortem
    seat = postmortem.participants.filter(person=by).first()
    if seat is None:
        raise DomainError("You are not asked to this meeting, so there is nothing to answer.")
    if starts_at == meeting.starts_at or starts_at <= timezone.now() + _AT_ONCE:
        return
    record(seat, "proposed", by=by, changes={"time": [meeting.starts_at.isoformat(), starts_at.isoformat()]})
    if asker := in_charge(postmortem, apart_from=by):
        then = phrasing.day_and_time(starts_at, asker.zone)
        quoted = [f"{by}: “{said}”"] if (said := comment.strip()[:500]) else []
        page = f"{page_to_move(meeting)}?at={starts_at.astimezone(UTC):%Y-%m-%dT%H:%MZ}"
        notify(
            asker,
            kind="meeting",
            key=f"proposed:{meeting.pk}:{meeting.revision}:{by.pk}:{starts_at:%Y%m%dT%H%M}",
            subject=f"{postmortem.key}: {by} proposes {then} for the {name_of(meeting)}",
            body=body_of(postmortem, "\n\n".join([*quoted, _NOTHING_CHANGED])),
            path=path_of(postmortem, page),
            opens="Move it, or leave it",
            facts=[
                ("Proposed", phrasing.span(starts_at, meeting.minutes, asker.zone)),
                *_now(meeting, asker),
            ],
            references=[postmortem.reference],
            author=by,
        )


def _now(meeting: Meeting, asker: User) -> list[Fact]:
    return [("Now", words) for label, words in MeetingFacts(meeting).times(asker.zone) if label == "When"]


@transaction.atomic
def ask_facilitator(postmortem: PostMortem, person: User, *, by: User, reason: str = "") -> PostMortem:
    """Asks a member to lead the meeting; somebody who took part needs a reason that the record keeps."""
    if not person.is_active or not person.is_member:
        raise DomainError(f"{person} cannot facilitate. Choose an active member.", field="person")
    meeting, before = current(postmortem), postmortem.facilitator
    if meeting and meeting.state == Meeting.State.HELD:
        raise DomainError("The meeting was held already, so nobody has to lead it any more.")
    postmortems.choose_facilitator(postmortem, person, reason=reason, by=by)
    if person == before:
        return postmortem
    if before:
        _give_up_seat(postmortem, before, by=by)
    if person != by:
        _tell_facilitator(postmortem, by=by)
    if not postmortem.participants.filter(person=person).exists():
        invite(postmortem, person, reason=FACILITATES, by=by)
    return postmortem


def _give_up_seat(postmortem: PostMortem, person: User, *, by: User) -> None:
    """Who came only to facilitate need not come any more."""
    seat = postmortem.participants.filter(person=person, reason=FACILITATES).first()
    if seat:
        withdraw_invitation(seat, by=by)


def _tell_facilitator(postmortem: PostMortem, *, by: User) -> None:
    chosen, meeting, name = postmortem.facilitator, current(postmortem), postmortem.incident.words.meeting
    if chosen:
        when = f" on {phrasing.day_and_time(meeting.starts_at, chosen.zone)}" if meeting else ""
        notify(
            chosen,
            kind="facilitator",
            key=f"facilitator:{postmortem.pk}:{head(postmortem.topic)}",
            subject=f"{postmortem.key}: {by} asks you to facilitate the {name}{when}",
            body=body_of(postmortem, FACILITATING),
            path=path_of(postmortem, "facilitator/"),
            opens="Accept, or hand it on",
            facts=MeetingFacts(meeting).times(chosen.zone) if meeting else [_NO_TIME_YET],
            references=[postmortem.reference],
            author=by,
        )


@transaction.atomic
def accept_facilitation(postmortem: PostMortem, *, by: User) -> PostMortem:
    """The person who was asked says yes."""
    postmortems.answer_facilitation(postmortem, accepts=True, by=by)
    seat = postmortem.participants.filter(person=by).first()
    if seat:
        postmortems.respond(seat, response=Participant.Response.ACCEPTED, by=by)
    return postmortem


@transaction.atomic
def hand_on_facilitation(
    postmortem: PostMortem, *, by: User, to: User | None = None, reason: str = ""
) -> PostMortem:
    """The facilitator names somebody else, or gives the task back; whoever scheduled the meeting is told."""
    postmortems.answer_facilitation(postmortem, accepts=False, by=by)
    _give_up_seat(postmortem, by, by=by)
    if to:
        return ask_facilitator(postmortem, to, by=by, reason=reason)
    _tell_of_gap(postmortem, f"{by} gave the facilitation back", by=by)
    return postmortem


def _tell_of_gap(postmortem: PostMortem, what: str, *, by: User | None) -> None:
    """Tells whoever scheduled the meeting that nobody leads it any more."""
    if asker := in_charge(postmortem, apart_from=by):
        notify(
            asker,
            kind="facilitator",
            key=f"facilitator-back:{postmortem.pk}:{head(postmortem.topic)}",
            subject=f"{postmortem.key}: {what}",
            body=body_of(postmortem, "Choose somebody else; the page suggests neutral people."),
            path=path_of(postmortem, "facilitator/"),
            opens="Choose somebody else",
            facts=[
                fact for meeting in ahead_of(postmortem) for fact in MeetingFacts(meeting).times(asker.zone)
            ],
            references=[postmortem.reference],
            author=by,
        )


@transaction.atomic
def remove_attendees_without_access(postmortem: PostMortem, *, by: User | None) -> None:
    """Whoever may no longer see the incident, or is no longer here, gives up their seat and the lead.

    What lies ahead leaves their calendars without being named. Who came to a meeting that was held stays in its record.
    """
    inside = {person.pk for person in _people_of(postmortem) if _sees(person, postmortem)}
    for seat in participants_of(postmortem).exclude(person__in=inside):
        for meeting in ahead_of(postmortem):
            raise_sequence(meeting)
            notify_of_lost_access(seat.person, meeting)
        if postmortem.state in BEFORE:
            postmortems.remove_participant(seat, by=by)
    if (leading := postmortem.facilitator) and leading.pk not in inside and postmortem.state in BEFORE:
        postmortems.choose_facilitator(postmortem, None, by=by)
        _tell_of_gap(postmortem, f"{leading} can no longer facilitate", by=None)
        for meeting in ahead_of(postmortem):
            raise_sequence(meeting)
            notify_invitees(
                meeting,
                News(f"the {name_of(meeting)} on {{when}} looks for somebody to lead it", _TIME_STANDS, by),
            )


def _people_of(postmortem: PostMortem) -> set[User]:
    seats = {seat.person for seat in participants_of(postmortem)}
    return seats | ({postmortem.facilitator} if postmortem.facilitator else set())


def _sees(person: User, postmortem: PostMortem) -> bool:
    return incidents.visible_to(person).filter(pk=postmortem.pk).exists()
