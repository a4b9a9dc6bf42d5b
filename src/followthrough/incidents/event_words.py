"""What an event is called on pages, in mails and in exports: one vocabulary for each kind of event."""

from __future__ import annotations

from dataclasses import dataclass, field, replace


@dataclass(frozen=True)
class EventWords:
    """The words of one kind of event. Nouns come without an article, examples without quotation marks."""

    event: str = "incident"
    reported: str = "an incident"
    """What is reported, with its article."""
    meeting: str = "post-mortem"
    """What its meeting is called: post-mortem, retrospective or launch review."""
    has_severity: bool = True
    """Whether how bad it was says something to readers; else it only decides how long the meeting is, and when."""
    statuses: dict[str, str] = field(
        default_factory=lambda: {"open": "Open", "mitigated": "Mitigated", "resolved": "Resolved"}
    )
    why_now: str = "while memory is fresh and the dust has settled"
    """Why the meeting belongs into its window."""
    touched: str = "affected"
    """Between "it" and the names of its services."""
    title_example: str = "Checkout returned 502 for 38 minutes"
    line_example: str = "14:11 alert fired"
    """A line of its timeline, as somebody types it."""
    log: str = "a chat log"
    """What is pasted into its timeline as a whole."""
    unit: str = "minute"
    """What its timeline runs in."""
    milestones: dict[str, str] = field(
        default_factory=lambda: {
            "started": "Started", "detected": "Detected", "acknowledged": "Acknowledged",
            "mitigated": "Mitigated", "resolved": "Resolved",
        }
    )  # fmt: skip
    stages: dict[str, str] = field(
        default_factory=lambda: {
            "detected": "to detect", "acknowledged": "to acknowledge", "mitigated": "to mitigate",
            "resolved": "to resolve",
        }
    )  # fmt: skip
    """How long it took until each milestone, in words that follow a length of time."""
    stage_nouns: dict[str, str] = field(
        default_factory=lambda: {
            "detect": "Detection", "acknowledge": "Acknowledgement", "mitigate": "Mitigation",
            "resolve": "Resolution, once mitigated,",
        }
    )  # fmt: skip
    """The same stages where they begin a sentence: "Detection took 8 min"."""
    roles: tuple[str, ...] = ("commander", "on_call", "responder", "communications", "observer", "reporter")
    usual_role: str = "responder"
    entry_kinds: tuple[str, ...] = (
        "observation", "action", "alert", "change", "communication", "handoff", "milestone",
    )  # fmt: skip
    gaps: dict[str, str] = field(
        default_factory=lambda: {
            "trigger": "It was set off by this",
            "detection_gap": "What delayed detection",
            "handoff_gap": "What delayed the handoff",
        }
    )
    """How a summary leads over to findings of these kinds."""

    def milestone(self, name: str) -> str:
        """What this milestone is called, also one that only events of another kind have."""
        return self.milestones.get(name) or name.replace("_", " ").capitalize()

    @property
    def station(self) -> str:
        """The first station of the way to the check-in."""
        return self.event.rsplit(maxsplit=1)[-1].capitalize()

    @property
    def Event(self) -> str:  # noqa: N802 - the same word, where it begins a sentence
        return self.event[0].upper() + self.event[1:]

    @property
    def Meeting(self) -> str:  # noqa: N802 - the same word, where it begins a sentence
        return self.meeting[0].upper() + self.meeting[1:]


_OUTAGE = EventWords()

_PLANNED = EventWords(
    has_severity=False,
    statuses={"open": "Under way", "mitigated": "Under way", "resolved": "Over"},
    milestones={
        "planned_start": "Planned start",
        "actual_start": "Actual start",
        "decided": "Decided",
        "planned_end": "Planned end",
        "actual_end": "Actual end",
    },
    why_now="while memory is fresh",
    touched="was about",
    log="minutes or a chat",
    unit="day",
    roles=("sponsor", "owner", "lead", "contributor", "communications", "observer", "reporter"),
    usual_role="contributor",
    entry_kinds=("observation", "action", "change", "communication", "handoff", "milestone"),
    gaps={
        "trigger": "It began with this",
        "detection_gap": "Why it was seen late",
        "handoff_gap": "What got lost between teams",
    },
)

_WORDS = {
    "outage": _OUTAGE,
    "failed_deployment": replace(
        _OUTAGE,
        event="failed deployment",
        reported="a failed deployment",
        statuses={"open": "Failing", "mitigated": "Contained", "resolved": "Working again"},
        why_now="while memory is fresh",
        touched="touched",
        milestones={
            "started": "Deployed",
            "detected": "Noticed",
            "acknowledged": "Taken on",
            "mitigated": "Contained",
            "resolved": "Working again",
        },
        stages={
            "detected": "to notice",
            "acknowledged": "to take on",
            "mitigated": "to contain",
            "resolved": "until it worked again",
        },
        stage_nouns={
            "detect": "Noticing it",
            "acknowledge": "Taking it on",
            "mitigate": "Containing it",
            "resolve": "Going on until it worked again",
        },
        roles=_PLANNED.roles,
        usual_role="contributor",
        gaps={
            "trigger": "It was set off by this",
            "detection_gap": "Why it was noticed late",
            "handoff_gap": "What got lost between teams",
        },
        title_example="Release 4.2 of billing was rolled back after 12 minutes",
        line_example="14:11 4.2 rolled out to all regions",
    ),
    "missed_deadline": replace(
        _PLANNED,
        event="missed deadline",
        reported="a missed deadline",
        title_example="Billing migration finished 43 days after its date",
        line_example="12 Mar scope grew by two countries",
    ),
    "project_end": replace(
        _PLANNED,
        event="project",
        reported="a project’s end",
        meeting="retrospective",
        statuses={"open": "Under way", "mitigated": "Under way", "resolved": "Ended"},
        title_example="Project Falcon: one year, three markets",
        line_example="12 Mar pilot with two customers began",
    ),
    "launch": replace(
        _PLANNED,
        event="launch",
        reported="a launch",
        meeting="launch review",
        statuses={"open": "Under way", "mitigated": "Under way", "resolved": "Launched"},
        title_example="Public beta of the mobile app",
        line_example="12 Mar doors opened to the first 500 testers",
    ),
}


def words_of(kind: str) -> EventWords:
    """The words for this kind of event; those of an outage for a kind that is not known."""
    return _WORDS.get(kind, _OUTAGE)
