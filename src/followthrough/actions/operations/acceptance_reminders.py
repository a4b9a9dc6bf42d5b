"""What owners are told as an action becomes theirs, and who hears of it when they do not answer.

Two working days after they were asked the lead hears of it, two more later administrators do. While they wait to hear
whether another date suits, all this is of whoever asked them.
"""

from __future__ import annotations

from collections.abc import Collection, Iterator
from dataclasses import dataclass
from datetime import date, timedelta
from textwrap import shorten

from django.db.models import Q
from django.utils.formats import date_format

from followthrough.actions import reminder_links
from followthrough.actions.models import ActionItem
from followthrough.actions.queries.proposed_dates import asker_of
from followthrough.notifications.models import Deadline, ReminderSettings
from followthrough.notifications.operations import Notification, notify
from followthrough.notifications.operations.escalation import (
    OWNER,
    EscalationPolicy,
    EscalationStep,
    Schedule,
    about,
    register,
)
from followthrough.people import working_hours
from followthrough.people.models import User
from followthrough.postmortems.queries.audience import Audience

KIND = "acceptance"
_SHORT_CHARACTERS = 70
_WAITING = Q(stage=ActionItem.Stage.OPEN, accepted_at=None, asked_at__isnull=False, owner__isnull=False)


def register_policy() -> None:
    """Called once, from this room's ready()."""
    register(EscalationPolicy(KIND, load, missing))


def missing(after: int, at_most: int) -> list[int]:
    """Actions whose owner owes an answer, and of which nobody would be reminded."""
    known = Deadline.objects.filter(kind=KIND).values("subject")
    rows = ActionItem.objects.filter(_WAITING, number__gt=after).exclude(number__in=known)
    return list(rows.order_by("number").values_list("number", flat=True)[:at_most])


def load(numbers: Collection[int], reminder_settings: ReminderSettings) -> dict[int, Schedule]:
    """The course of each action that its owner has not answered for."""
    rows = ActionItem.objects.filter(_WAITING, number__in=numbers)
    people = ("owner", "given_by", "committed_by", "author", "postmortem__facilitator")
    found = list(rows.select_related(*people, "postmortem__incident"))
    asked = [(asker_of(row) if row.awaits_date else None) or row.owner for row in found]
    audience = Audience(asked, [row.postmortem.incident for row in found])
    subjects = [
        _Subject(row, one, reminder_settings, audience) for row, one in zip(found, asked, strict=True) if one
    ]
    return {one.action.number: one.schedule() for one in subjects}


@dataclass(frozen=True)
class _Subject:
    """One action with all that its reminders depend on; `asked` owes the answer."""

    action: ActionItem
    asked: User
    reminder_settings: ReminderSettings
    audience: Audience

    def schedule(self) -> Schedule:
        owner, asked = self.asked, self.action.proposed_at or self.action.asked_at
        assert asked  # noqa: S101 - it waits for an answer
        days = self.reminder_settings.proposed_working_days
        last_day = working_hours.working_day_after(owner, asked, days)
        after = working_hours.working_day_from(owner, last_day + timedelta(days=1))
        later = working_hours.working_day_after(owner, working_hours.opening(owner, after), days)
        steps = (
            EscalationStep("before", working_hours.opening(owner, last_day), OWNER),
            EscalationStep("lead", working_hours.opening(owner, after), "lead"),
            EscalationStep("administrator", working_hours.opening(owner, later)),
        )
        return Schedule(working_hours.closing(owner, last_day), steps, self._notify)

    def _notify(self, step: EscalationStep, key: str) -> Iterator[Notification]:
        action, owner, incident = self.action, self.asked, self.action.postmortem.incident
        if step.to == OWNER:
            asks = _ASKS_DATE if action.awaits_date else _ASKS
            for person in self.audience.owners(owner, incident):
                words = f"{action.key} waits for your answer: {_short(action)}"
                yield self._telling(person, key, "action", words, asks if person == owner else _ASKS_OTHERS)
            return
        told = self.audience.leads(owner, incident) if step.to == "lead" else self.audience.administrators
        for person in told:
            words = f"{owner} has not answered for {action.key}: {_short(action)}"
            yield self._telling(person, key, "escalation", words, _ASKS_OTHERS)

    def _telling(self, person: User, key: str, kind: str, words: str, asks: str) -> Notification:
        return Notification(
            person,
            kind=kind,
            key=key,
            subject=words,
            body=f"{_given(self.action, person)}\n\n{asks}",
            path=self.action.get_absolute_url(),
            opens=f"Open {self.action.key}",
            author=self.action.given_by if self._owes(person) else self.action.owner,
            references=[self.action.reference],
            about=about(KIND, self.action.number),
            links=reminder_links.acceptance_links(self.action, person, key) if self._owes(person) else (),
            wait_for_working_hours=self.reminder_settings.waits_for_working_hours,
        )

    def _owes(self, person: User) -> bool:
        return person == self.asked == self.action.owner


_ASKS = "Accept it, propose another date, or hand it back: each takes one press."
_ASKS_DATE = "Its owner would rather have another date. Agree to it on its page, or say which it has to be."
_ASKS_OTHERS = "Ask them whether it can be theirs, or choose another owner on its page."


def tell_owner(action: ActionItem, *, by: User | None) -> None:
    """Says at once that an action is theirs; once for each time that they are given it, and never to whoever took it."""
    owner = action.owner
    if owner is None or owner == by or not owner.is_active or not action.given_at:
        return
    key = f"yours:{action.pk}:{owner.pk}:{action.given_at:%Y%m%dT%H%M%S%f}"
    open_words = f"{_given(action, owner)}\n\n{_ASKS}" if action.is_open else _given(action, owner)
    notify(
        owner,
        kind="action",
        key=key,
        subject=f"{action.key} is yours: {_short(action)}",
        body=open_words,
        path=action.get_absolute_url(),
        opens=f"Open {action.key}",
        author=action.committed_by or action.given_by,
        references=[action.reference],
        about=about(KIND, action.number),
        links=reminder_links.acceptance_links(action, owner, key) if action.is_open else (),
    )


def tell_of_another_date(action: ActionItem, *, by: User | None) -> None:
    """Whoever asked the owner hears by when they would rather do it, and is asked whether that suits."""
    if asker := asker_of(action):
        notify(
            asker,
            kind="action",
            key=f"other-date:{action.pk}:{action.version}",
            subject=f"{by} proposes {_day(action.proposed_due_on)} for {action.key}: {_short(action)}",
            body=f"You asked for it by {_day(action.due_on)}. Agree to their date on its page, or keep yours: it is theirs "
            "once you have agreed on one.",
            path=action.get_absolute_url(),
            opens=f"Open {action.key}",
            author=by,
            references=[action.reference],
            about=about(KIND, action.number),
        )


def tell_of_settled_date(action: ActionItem, *, by: User | None) -> None:
    """The owner hears whether the date that they proposed suits; where it does not, they are asked again."""
    owner, day = action.owner, _day(action.due_on)
    if owner is None or owner == by or not owner.is_active:
        return
    key = f"settled-date:{action.pk}:{action.version}"
    agreed = f"{by} agrees: {action.key} is yours, due {day}: {_short(action)}"
    notify(
        owner,
        kind="action",
        key=key,
        subject=agreed if action.accepted_at else f"{by} asks for {action.key} by {day}: {_short(action)}",
        body=_given(action, owner) if action.accepted_at else f"{_given(action, owner)}\n\n{_ASKS}",
        path=action.get_absolute_url(),
        opens=f"Open {action.key}",
        author=by,
        references=[action.reference],
        about=about(KIND, action.number),
        links=() if action.accepted_at else reminder_links.acceptance_links(action, owner, key),
    )


def tell_of_handing_back(action: ActionItem, giver: User | None, *, by: User | None) -> None:
    """Whoever gave it to its owner, or else wrote it down or led the meeting, looks for another owner."""
    looked_for = (giver, action.postmortem.facilitator, action.author)
    asker = next((one for one in looked_for if one and one.is_active and one != by), None)
    if asker is None:
        return
    why = f"“{action.handed_back_reason}”\n\n" if action.handed_back_reason else ""
    notify(
        asker,
        kind="action",
        key=f"handed-back:{action.pk}:{action.version}",
        subject=f"{by} hands {action.key} back: {_short(action)}",
        body=f"{why}It has no owner now. Choose another on its page, or decline it with a reason.",
        path=action.get_absolute_url(),
        opens="Choose another owner",
        author=by,
        references=[action.reference],
    )


def _given(action: ActionItem, reader: User) -> str:
    """Who gives it to its owner, what it is, by when, and what it comes from."""
    incident, giver = action.postmortem.incident, action.committed_by or action.given_by
    is_owner = reader == action.owner
    how = f"gives it to {'you' if is_owner else action.owner}"
    if action.is_on_behalf:
        how = f"committed to it on {'your' if is_owner else f'{action.owner}’s'} behalf"
    by_when = f", due {_day(action.due_on)}" if action.due_on else ", without a date yet"
    text = [action.text] if len(action.text) > _SHORT_CHARACTERS else []
    return "\n\n".join([*text, f"{giver or 'Somebody'} {how}{by_when}.", f"From {incident.outside_line}"])


def _day(day: date | None) -> str:
    return date_format(day, "l j F") if day else ""


def _short(action: ActionItem) -> str:
    return shorten(action.text, _SHORT_CHARACTERS, placeholder=" …")
