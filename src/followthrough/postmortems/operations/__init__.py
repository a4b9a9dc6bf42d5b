"""Every write to a post-mortem's own life: opening, people, promises and state."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.core.field_changes import set_fields
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.incidents.review_window import window_of
from followthrough.people.models import User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.postmortems.queries import took_part
from followthrough.records import operations as records

State, FacilitatorState, Kind = PostMortem.State, PostMortem.FacilitatorState, Promise.Kind


@transaction.atomic
def open_postmortem(incident: Incident, *, by: User | None) -> PostMortem:
    """The incident's post-mortem, opened if it was not; its meeting is promised once the incident is over."""
    postmortem, is_new = PostMortem.objects.get_or_create(incident=incident, defaults={"opened_by": by})
    if is_new:
        record(postmortem, "opened", by=by)
    promise_meeting(postmortem)
    return postmortem


@transaction.atomic
def keep_earlier(incident: Incident, *, by: User | None) -> PostMortem:
    """The post-mortem of an earlier record, held and written up elsewhere: nothing of it is due here."""
    held = incident.ended_at or timezone.now()
    postmortem = PostMortem.objects.create(
        incident=incident, opened_by=by, state=State.SHARED, closed_at=held
    )
    record(postmortem, "opened", by=by)
    return postmortem


def promise_meeting(postmortem: PostMortem) -> None:
    """Sets or moves the meeting's window to where the severity puts it, until the meeting is held."""
    incident = postmortem.incident
    if incident.status != Incident.Status.RESOLVED or postmortem.state not in {
        State.TO_SCHEDULE,
        State.SCHEDULED,
    }:
        return
    known = postmortem.promises.filter(kind=Kind.MEETING, dropped_at=None).first()
    if known and not incident.ended_at:
        return
    opens, closes = window_of(incident, incident.ended_at or timezone.now())
    promise_due(postmortem, Kind.MEETING, opens_at=opens, due_at=closes, by=None)


@transaction.atomic
def promise_due(
    postmortem: PostMortem, kind: str, *, due_at: datetime, by: User | None, opens_at: datetime | None = None
) -> Promise:
    """Gives the promise, or moves it; a dropped one is given again. One that was kept stays as it is."""
    promise, is_new = Promise.objects.get_or_create(
        postmortem=postmortem, kind=kind, defaults={"due_at": due_at, "opens_at": opens_at}
    )
    if is_new:
        record(promise, "promised", by=by)
    elif promise.kept_at is None:
        values = {"opens_at": opens_at, "due_at": due_at, "dropped_at": None}
        moved = promise.due_at != due_at
        _change(promise, "moved", values | ({"opened_at": None} if moved else {}), by=by)
    return promise


def move_promise(
    postmortem: PostMortem, kind: str, *, due_at: datetime, by: User | None, opens_at: datetime | None = None
) -> Promise:
    """The same promise, due at another moment."""
    return promise_due(postmortem, kind, due_at=due_at, opens_at=opens_at, by=by)


@transaction.atomic
def promise_again(postmortem: PostMortem, kind: str, *, due_at: datetime, by: User | None) -> Promise:
    """The same promise for another time, also where it was kept once; the log tells of both."""
    promise = promise_due(postmortem, kind, due_at=due_at, by=by)
    if promise.kept_at is not None:
        values = {"due_at": due_at, "kept_at": None, "opened_at": None}
        _change(promise, "moved", values, by=by)
    return promise


@transaction.atomic
def keep_promise(postmortem: PostMortem, kind: str, *, by: User | None, at: datetime | None = None) -> None:
    """Marks the promise as kept at `at` (now); one that was never given or is kept already is left alone."""
    promise = postmortem.promises.filter(kind=kind, kept_at=None, dropped_at=None).first()
    if promise:
        _change(promise, "kept", {"kept_at": at or timezone.now()}, by=by)


@transaction.atomic
def note_opened(postmortem: PostMortem, kind: str, *, by: User) -> None:
    """Notes that somebody looked at what is due; only the first time counts."""
    unopened = postmortem.promises.filter(kind=kind, opened_at=None, kept_at=None, dropped_at=None)
    if promise := unopened.first():
        _change(promise, "opened", {"opened_at": timezone.now()}, by=by)


@transaction.atomic
def drop_promise(postmortem: PostMortem, kind: str, *, by: User | None) -> None:
    """Takes an open promise back."""
    promise = postmortem.promises.filter(kind=kind, kept_at=None, dropped_at=None).first()
    if promise:
        _change(promise, "dropped", {"dropped_at": timezone.now()}, by=by)


@transaction.atomic
def set_state(postmortem: PostMortem, state: str, *, by: User | None) -> PostMortem:
    """Moves the post-mortem on (or back) in its life; entering "to_share" notes when the meeting closed."""
    values: dict[str, object] = {"state": State(state)}
    if state == State.TO_SHARE and postmortem.closed_at is None:
        values["closed_at"] = timezone.now()
    _change(postmortem, "moved", values, by=by)
    return postmortem


@transaction.atomic
def set_reopened_until(postmortem: PostMortem, until: datetime | None, *, by: User | None) -> None:
    """Opens the closed record until then, or closes it again (None)."""
    _change(postmortem, "reopened" if until else "closed again", {"reopened_until": until}, by=by)


@transaction.atomic
def choose_facilitator(
    postmortem: PostMortem, person: User | None, *, by: User | None, reason: str = ""
) -> PostMortem:
    """Asks `person` to facilitate (None: nobody yet). Somebody who took part needs a reason that is kept."""
    involved = False
    if person:
        _refuse_unseen(postmortem, person)
        involved = took_part(postmortem, person)
    needed = f"{person} took part in the incident. Choose somebody neutral, or say why it has to be {person}."
    kept = records.reason(reason, needed=needed, limit=300) if involved else ""
    state = FacilitatorState.NONE
    if person:
        state = FacilitatorState.ACCEPTED if person == by else FacilitatorState.ASKED
    values = {"facilitator": person, "facilitator_state": state, "facilitator_reason": kept}
    _change(postmortem, "chosen", values, by=by, label=str(person) if person else "nobody")
    return postmortem


@transaction.atomic
def answer_facilitation(postmortem: PostMortem, *, accepts: bool, by: User) -> PostMortem:
    """The facilitator accepts, or hands the task back."""
    if postmortem.facilitator != by:
        raise DomainError("Only the person who was asked to facilitate can answer.")
    if accepts:
        _change(
            postmortem, "accepted", {"facilitator_state": FacilitatorState.ACCEPTED}, by=by, label=str(by)
        )
        return postmortem
    values = {"facilitator": None, "facilitator_state": FacilitatorState.NONE, "facilitator_reason": ""}
    _change(postmortem, "declined", values, by=by, label=str(by))
    return postmortem


@transaction.atomic
def add_participant(
    postmortem: PostMortem,
    person: User,
    *,
    by: User | None,
    required: bool = True,
    reason: str = "",
    for_check_in: bool = False,
) -> Participant:
    """Asks `person` to the meeting, or only `for_check_in`; asking again updates whether they are required and why."""
    _refuse_unseen(postmortem, person)
    asked = {"required": required, "reason": reason[:200], "for_check_in": for_check_in}
    participant, is_new = Participant.objects.get_or_create(
        postmortem=postmortem, person=person, defaults=asked
    )
    if is_new:
        record(participant, "added", by=by)
    else:
        _change(participant, "changed", {"required": required, "reason": reason[:200]}, by=by)
    return participant


@transaction.atomic
def remove_participant(participant: Participant, *, by: User | None) -> None:
    """Takes the person off the list again."""
    record(participant, "removed", by=by)
    participant.delete()


@transaction.atomic
def respond(participant: Participant, *, response: str, by: User) -> Participant:
    """Notes whether the person comes."""
    if response not in Participant.Response.values:
        raise DomainError("Say whether you come or not.", field="response")
    _change(participant, "answered", {"response": response}, by=by)
    return participant


def _refuse_unseen(postmortem: PostMortem, person: User) -> None:
    if not incidents.visible_to(person).filter(pk=postmortem.pk).exists():
        raise DomainError(
            f"{person} cannot see this incident. Name them on it first, or choose somebody else.",
            field="person",
        )


def _change(
    subject: PostMortem | Participant | Promise,
    verb: str,
    values: Mapping[str, object],
    *,
    by: User | None,
    label: str = "",
) -> None:
    changes = set_fields(subject, dict(values))
    if changes:
        subject.save(update_fields=list(values))
        record(subject, verb, by=by, changes=changes, label=label)
