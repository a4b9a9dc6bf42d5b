"""Progress of an incident on its way from the event to the held check-in, and the one next step."""

from __future__ import annotations

from dataclasses import dataclass, replace
from datetime import datetime, timedelta

from followthrough.core.phrasing import listed
from followthrough.core.times import in_words
from followthrough.incidents.models import Incident
from followthrough.meeting_room.gate import Missing
from followthrough.meetings.countdown import Countdown, window_countdown
from followthrough.meetings.models import Meeting
from followthrough.people.models import User
from followthrough.postmortems.models import Omission, Participant, PostMortem, Promise

_SOON = timedelta(hours=12)
_DOORS_OPEN = timedelta(minutes=30)
Kind, Accepted = Promise.Kind, PostMortem.FacilitatorState.ACCEPTED


@dataclass(frozen=True)
class Step:
    """One station of the way, done only by being done. `is_next` marks where it stands now.

    `is_skipped` says that the way went past it; `lacks` that it was passed without what belongs to it.
    """

    name: str
    done: bool
    note: str = ""
    is_next: bool = False
    is_skipped: bool = False
    lacks: bool = False


@dataclass(frozen=True)
class Next:
    """What to do now, in words, and which of the incident's pages does it."""

    words: str
    page: str


@dataclass(frozen=True)
class ProgressFacts:
    """What the loop is read from, as it stands at `now`, for the person who looks."""

    incident: Incident
    postmortem: PostMortem | None
    meeting: Meeting | None
    check_in: Meeting | None
    participants: tuple[Participant, ...]
    promises: dict[str, Promise]
    viewer: User
    now: datetime
    missing: tuple[Missing, ...] = ()
    unsettled: int = 0
    """Actions that are neither verified nor declined."""

    @property
    def skipped(self) -> bool:
        """Whether nothing is ahead: it goes without a post-mortem, or is a record of earlier."""
        return self.incident.review in {Incident.Review.SKIPPED, Incident.Review.EARLIER}

    @property
    def is_over(self) -> bool:
        return self.incident.status == Incident.Status.RESOLVED

    @property
    def invited(self) -> list[Participant]:
        """Those asked to the meeting; who came in for the check-in had no pre-read."""
        return [row for row in self.participants if not row.for_check_in]

    @property
    def readers(self) -> int:
        return sum(row.read_at is not None for row in self.invited)

    @property
    def has_begun(self) -> bool:
        return bool(self.meeting and self.meeting.state in {Meeting.State.LIVE, Meeting.State.HELD})

    @property
    def was_planned(self) -> bool:
        return self.meeting is not None and bool(self.meeting.planned_at or not self.has_begun)

    @property
    def is_held(self) -> bool:
        return bool(self.meeting and self.meeting.state == Meeting.State.HELD)

    def lacks(self, what: str) -> bool:
        """Whether the meeting closed without `what`."""
        return any(row.what == what for row in self.missing)

    @property
    def is_closed(self) -> bool:
        """The last check-in was held and left nothing open."""
        return self.kept(Kind.CHECK_IN) and not self.unsettled

    def kept(self, kind: str) -> bool:
        promise = self.promises.get(kind)
        return bool(promise and promise.kept_at)


def steps_of(facts: ProgressFacts) -> list[Step]:
    """The seven stations in order, one of them the next unless all are behind or it was skipped."""
    stations = [
        Step(facts.incident.words.station, facts.is_over, "over" if facts.is_over else "not over yet"),
        _passed(Step("Scheduled", facts.was_planned), facts.has_begun),
        _passed(Step("Facilitator", _is_led(facts), _facilitator_note(facts)), facts.is_held),
        _passed(Step("Pre-read", _is_read(facts), _readers_note(facts)), facts.has_begun),
        Step("Meeting", facts.is_held, _lacking(facts), lacks=bool(_lacking(facts))),
        Step("Summary", facts.kept(Kind.SUMMARY)),
        Step("Check-in", facts.is_closed),
    ]
    ahead = [step for step in stations if not step.done and not step.is_skipped]
    upcoming = ahead[0] if ahead and not facts.skipped else None
    return [replace(step, is_next=step is upcoming) for step in stations]


def _passed(step: Step, is_behind: bool) -> Step:  # noqa: FBT001 - the step and whether the way went past it
    return replace(step, is_skipped=True, note="skipped") if is_behind and not step.done else step


def _is_led(facts: ProgressFacts) -> bool:
    """Somebody said yes, or led it without having been asked."""
    if facts.is_held:
        return not facts.lacks(Omission.What.FACILITATOR)
    return _accepted(facts)


def _is_read(facts: ProgressFacts) -> bool:
    """Everyone who was asked has read it; once the meeting began, whoever had."""
    return facts.readers > 0 and (facts.has_begun or facts.readers == len(facts.invited))


def _lacking(facts: ProgressFacts) -> str:
    names = [row.name.lower() for row in facts.missing if row.what != Omission.What.FACILITATOR]
    return ", ".join(names)


def _accepted(facts: ProgressFacts) -> bool:
    return bool(facts.postmortem and facts.postmortem.facilitator_state == Accepted)


def _facilitator_note(facts: ProgressFacts) -> str:
    if not facts.postmortem or not facts.postmortem.facilitator:
        return ""
    name = facts.postmortem.facilitator.first_name
    return name if _accepted(facts) else f"{name} is asked"


def _readers_note(facts: ProgressFacts) -> str:
    return f"{facts.readers} of {len(facts.invited)} read it" if facts.invited else ""


def next_of(facts: ProgressFacts) -> Next | None:
    """The one thing to do now; None when nothing is left or the post-mortem was skipped."""
    if facts.skipped:
        return None
    if not facts.is_over:
        return Next("Say when it was over", "milestones/")
    if facts.postmortem is None:
        return Next(f"Open the {facts.incident.words.meeting}", "postmortem/")
    return _before_the_meeting(facts) if not facts.is_held else _after_the_meeting(facts)


def _before_the_meeting(facts: ProgressFacts) -> Next:
    postmortem, meeting = facts.postmortem, facts.meeting
    if meeting is None or postmortem is None:
        return Next("Find a time", "schedule/")
    asked = postmortem.facilitator == facts.viewer and not _accepted(facts)
    unread = any(row.person_id == facts.viewer.pk and row.read_at is None for row in facts.participants)
    choices = (
        (meeting.state == Meeting.State.LIVE, Next("Join the meeting", "room/")),
        (postmortem.facilitator is None, Next("Choose a facilitator", "facilitator/")),
        (asked, Next("Accept or hand on", "facilitator/")),
        (not facts.participants, Next("Choose who comes", "attendees/")),
        (facts.now >= meeting.starts_at - _DOORS_OPEN, Next("Go to the room", "room/")),
        (unread, Next("Read before the meeting", "pre-read/")),
    )
    return next((step for applies, step in choices if applies), Next("Open the pre-read", "pre-read/"))


def _after_the_meeting(facts: ProgressFacts) -> Next | None:
    if not facts.kept(Kind.SUMMARY):
        return Next("Write the summary", "summary/")
    if facts.is_closed:
        return None
    if facts.check_in and facts.check_in.state == Meeting.State.HELD:
        return Next("Plan the next check-in", "check-in/")
    due = facts.check_in is None or facts.now >= facts.check_in.starts_at - _DOORS_OPEN
    return Next("Open the check-in" if due else "See what comes to the check-in", "check-in/")


def closed_words(facts: ProgressFacts) -> str:
    """What is said once nothing is left to do: what the meeting closed without, and whether somebody said why."""
    if not facts.missing:
        return "The loop is closed: every action is verified or declined."
    names = listed([row.name[0].lower() + row.name[1:] for row in facts.missing])
    unsaid = any(not row.reason for row in facts.missing)
    why = "nobody has said why of all of it" if unsaid else "each for a reason that the summary gives"
    return f"Every action is verified or declined. The meeting closed with {names}, {why}."


def countdown_of(facts: ProgressFacts) -> Countdown | None:
    """The promise that runs out next; None when none is open."""
    if facts.skipped:
        return None
    for kind in (Kind.MEETING, Kind.SUMMARY, Kind.CHECK_IN):
        promise = facts.promises.get(kind)
        if promise and not promise.kept_at:
            return _meeting_countdown(promise, facts) if kind == Kind.MEETING else _due(promise, facts.now)
    return None


def _meeting_countdown(promise: Promise, facts: ProgressFacts) -> Countdown:
    meeting = facts.meeting
    if meeting is None:
        return window_countdown(promise, facts.now)
    if meeting.state == Meeting.State.LIVE:
        return Countdown("the meeting is under way", "due")
    if facts.now > meeting.starts_at:
        return Countdown(f"the meeting was to begin {in_words(facts.now - meeting.starts_at)} ago", "broke")
    late = ", after the window" if meeting.ends_at > promise.due_at else ""
    return Countdown(f"meeting in {in_words(meeting.starts_at - facts.now)}{late}", "due" if late else "")


def _due(promise: Promise, now: datetime) -> Countdown:
    name = "summary" if promise.kind == Kind.SUMMARY else "check-in"
    if now > promise.due_at:
        return Countdown(f"{name} late by {in_words(now - promise.due_at)}", "broke")
    left = promise.due_at - now
    return Countdown(f"{name} due in {in_words(left)}", "due" if left < _SOON else "")
