"""Reminders of a post-mortem's promises: the meeting in its window, the summary, the check-in."""

from __future__ import annotations

from collections.abc import Callable, Collection, Iterable, Iterator
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import cast

from django.db import models
from django.db.models import Q, QuerySet
from django.utils import timezone

from followthrough.activity.models import Activity
from followthrough.activity.operations import subscribe
from followthrough.core.times import approximate_span, in_full
from followthrough.incidents.models import Incident, Severity
from followthrough.notifications.models import Deadline, ReminderSettings
from followthrough.notifications.operations import Notification, escalation
from followthrough.notifications.operations.escalation import (
    OWNER,
    EscalationPolicy,
    EscalationStep,
    Schedule,
    about,
    register,
)
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import promise_meeting
from followthrough.postmortems.queries.audience import Audience

KIND = "promise"
_GRACE = timedelta(hours=24)
"""How far back a step may lie that is still sent when an incident is written down late."""
_AFTER_CHECK_IN = timedelta(hours=2)


def register_policy() -> None:
    """Called once, from this room's ready()."""
    register(EscalationPolicy(KIND, load, missing))
    subscribe_to_changes()


def subscribe_to_changes() -> None:
    promise, postmortem = Promise._meta.label_lower, PostMortem._meta.label_lower
    for verb in ("promised", "moved", "kept", "dropped", "opened"):
        subscribe(promise, verb, _refresh)
    for verb in ("moved", "chosen", "accepted"):
        subscribe(postmortem, verb, _refresh_all_of)
    subscribe(Severity._meta.label_lower, "changed", _move_windows)


def _refresh(_: Activity, promise: models.Model) -> None:
    escalation.refresh_deadlines(KIND, [cast("Promise", promise).pk])


def _refresh_all_of(_: Activity, postmortem: models.Model) -> None:
    kept = cast("PostMortem", postmortem).promises.filter(kept_at=None, dropped_at=None)
    escalation.refresh_deadlines(KIND, list(kept.values_list("pk", flat=True)))


def _move_windows(row: Activity, severity: models.Model) -> None:
    """Other hours for a severity move the windows that are still open."""
    if {"window_opens_hours", "window_closes_hours"} & row.changes.keys():
        waiting = PostMortem.objects.filter(incident__severity=cast("Severity", severity))
        for postmortem in (
            waiting.filter(promises__in=_open()).select_related("incident__severity").distinct()
        ):
            promise_meeting(postmortem)


def _open() -> QuerySet[Promise]:
    """Promises that somebody has still to keep; a meeting's only until it has a time."""
    unscheduled = Q(postmortem__state=PostMortem.State.TO_SCHEDULE) & ~Q(
        postmortem__incident__review=Incident.Review.SKIPPED
    )
    rows = Promise.objects.filter(kept_at=None, dropped_at=None)
    return rows.filter(~Q(kind=Promise.Kind.MEETING) | unscheduled)


def missing(after: int, at_most: int) -> list[int]:
    """Open promises of which nobody would be reminded."""
    known = Deadline.objects.filter(kind=KIND).values("subject")
    rows = _open().filter(pk__gt=after).exclude(pk__in=known).order_by("pk")
    return list(rows.values_list("pk", flat=True)[:at_most])


def load(keys: Collection[int], reminder_settings: ReminderSettings) -> dict[int, Schedule]:
    """The course of each promise that is still open."""
    rows = _open().filter(pk__in=keys)
    rows = rows.select_related("postmortem__incident", "postmortem__facilitator", "postmortem__opened_by")
    found = list(rows.defer("postmortem__incident__what_happened"))
    people = [owner_of(promise) for promise in found]
    audience = Audience(people, [promise.postmortem.incident for promise in found])
    return {promise.pk: Subject(promise, reminder_settings, audience).schedule() for promise in found}


def owner_of(promise: Promise) -> User | None:
    """Whoever facilitates it, or else opened it."""
    return promise.postmortem.facilitator or promise.postmortem.opened_by


@dataclass(frozen=True)
class Subject:
    """One promise with all that its reminders depend on."""

    promise: Promise
    reminder_settings: ReminderSettings
    audience: Audience

    @property
    def incident(self) -> Incident:
        return self.promise.postmortem.incident

    def schedule(self) -> Schedule:
        steps = tuple(_RUNGS[Promise.Kind(self.promise.kind)](self.promise, self.reminder_settings))
        return Schedule(self.promise.due_at, steps, self._notify, _GRACE)

    def _notify(self, step: EscalationStep, key: str) -> Iterator[Notification]:
        subject, body, page = _WORDS[Promise.Kind(self.promise.kind)](self.promise)
        owner = owner_of(self.promise)
        for person in self._told(step):
            yield Notification(
                person,
                kind=_KINDS[Promise.Kind(self.promise.kind)] if step.to == OWNER else "escalation",
                key=key,
                subject=f"{self.incident.key}: {subject}",
                body=f"{self.incident.outside_name}\n\n{body}",
                path=f"/incidents/{self.incident.key}/{page}",
                facts=_facts(self.promise, person),
                opens=_OPENS[Promise.Kind(self.promise.kind)],
                author=None if person == owner else owner,
                references=[self.incident.reference],
                about=about(KIND, self.promise.pk),
                wait_for_working_hours=self.reminder_settings.waits_for_working_hours,
            )

    def _told(self, step: EscalationStep) -> Iterable[User]:
        owner = owner_of(self.promise)
        if step.to == OWNER:
            return self.audience.owners(owner, self.incident)
        return (
            self.audience.leads(owner, self.incident) if step.to == "lead" else self.audience.administrators
        )


def _hours(hours: int) -> timedelta:
    return timedelta(hours=hours)


def _window(promise: Promise, reminder_settings: ReminderSettings) -> Iterator[EscalationStep]:
    if promise.opens_at:
        yield EscalationStep("open", promise.opens_at, OWNER)
    yield EscalationStep("lead", promise.due_at - _hours(reminder_settings.window_lead_hours), "lead")
    yield EscalationStep(
        "administrator", promise.due_at + _hours(reminder_settings.window_administrator_hours)
    )


def _summary(promise: Promise, reminder_settings: ReminderSettings) -> Iterator[EscalationStep]:
    yield EscalationStep("before", promise.due_at - _hours(reminder_settings.summary_owner_hours), OWNER)
    yield EscalationStep("lead", promise.due_at + _hours(reminder_settings.summary_lead_hours), "lead")
    yield EscalationStep(
        "administrator", promise.due_at + _hours(reminder_settings.summary_administrator_hours)
    )


def _check_in(promise: Promise, reminder_settings: ReminderSettings) -> Iterator[EscalationStep]:
    """Where somebody opened it, only the facilitator hears that it is not finished."""
    yield EscalationStep("after", promise.due_at + _AFTER_CHECK_IN, OWNER)
    if promise.opened_at is None:
        yield EscalationStep("lead", promise.due_at + _hours(reminder_settings.check_in_lead_hours), "lead")
        yield EscalationStep(
            "administrator", promise.due_at + _hours(reminder_settings.check_in_administrator_hours)
        )
    else:
        yield EscalationStep("again", promise.due_at + _hours(reminder_settings.check_in_lead_hours), OWNER)


_RUNGS: dict[Promise.Kind, Callable[[Promise, ReminderSettings], Iterable[EscalationStep]]] = {
    Promise.Kind.MEETING: _window,
    Promise.Kind.SUMMARY: _summary,
    Promise.Kind.CHECK_IN: _check_in,
}
_KINDS = {
    Promise.Kind.MEETING: "window",
    Promise.Kind.SUMMARY: "summary",
    Promise.Kind.CHECK_IN: "check_in",
}


def _words_of_window(promise: Promise) -> tuple[str, str, str]:
    subject = f"the window {_runs_out(promise.due_at, 'closes', 'closed')}, and no meeting is scheduled"
    return subject, "The page proposes times that suit those closest to the work.", "schedule/"


def _words_of_summary(promise: Promise) -> tuple[str, str, str]:
    subject = f"the summary {_runs_out(promise.due_at, 'is due', 'was due')}"
    return subject, "It has written itself from the record. Read it, edit its prose, publish it.", "summary/"


def _words_of_check_in(promise: Promise) -> tuple[str, str, str]:
    opened = "it is not finished" if promise.opened_at else "nobody has opened it"
    subject = f"the check-in {_runs_out(promise.due_at, 'is due', 'was due')}, and {opened}"
    return (
        subject,
        "Say of each action what became of it. Move the check-in if another day suits better.",
        "check-in/",
    )


def _facts(promise: Promise, reader: User) -> list[tuple[str, str]]:
    owner = owner_of(promise)
    whose = [] if reader == owner else [("Leads", str(owner or "nobody yet"))]
    return [("Due", in_full(promise.due_at, reader.zone)), *whose]


_OPENS = {
    Promise.Kind.MEETING: "Find it a time",
    Promise.Kind.SUMMARY: "Read and publish it",
    Promise.Kind.CHECK_IN: "Open the check-in",
}

_WORDS: dict[Promise.Kind, Callable[[Promise], tuple[str, str, str]]] = {
    Promise.Kind.MEETING: _words_of_window,
    Promise.Kind.SUMMARY: _words_of_summary,
    Promise.Kind.CHECK_IN: _words_of_check_in,
}


def _runs_out(at: datetime, ahead: str, past: str) -> str:
    left = at - timezone.now()
    return (
        f"{ahead} in {approximate_span(left)}"
        if left > timedelta()
        else f"{past} {approximate_span(left)} ago"
    )
