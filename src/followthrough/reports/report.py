"""The summary as data: what pages, exports and the published text are all drawn from."""

from __future__ import annotations

from datetime import date, datetime
from zoneinfo import ZoneInfo

from pydantic import BaseModel, ConfigDict

from followthrough.incidents import closings


class _Part(BaseModel):
    model_config = ConfigDict(frozen=True)


class Moment(_Part):
    """One line of the timeline; `offset` is told from the start ("+8 min"); of a `whole_day` no time is known."""

    at: datetime
    whole_day: bool = False
    offset: str
    kind: str
    milestone: str
    text: str
    by: str
    evidence: list[str]

    @property
    def chip(self) -> str:
        """The milestone, where the words do not say it already."""
        said = self.text.casefold().strip(" .")
        return "" if said == self.milestone.casefold() else self.milestone.lower()


class Stage(_Part):
    """One stage of the response; minutes are None where a milestone is not known."""

    name: str
    label: str = ""
    minutes: float | None
    words: str


class Finding(_Part):
    """What the meeting found; `answer` says why nothing is done about it, if so."""

    id: str
    kind: str
    kind_name: str
    text: str
    answer: str


class Omission(_Part):
    """Something that every post-mortem has and this one has not; `reason` is empty where nobody said why."""

    what: str
    name: str
    reason: str

    @property
    def words(self) -> str:
        return f"{self.name}: {self.reason or 'nobody said why'}"


class Sitting(_Part):
    """The meeting from a beginning to its end; one that was adjourned has several."""

    began_at: datetime
    ended_at: datetime


class Action(_Part):
    """One action as it stands now, also in a published summary."""

    key: str
    text: str
    kind: str
    owner: str
    due_on: date | None
    state: str
    state_name: str
    late: bool
    finding: str
    accepted: bool = False


class Answered(_Part):
    """What somebody answered to a question of the meeting; `by` is "" where roles stand for names."""

    id: str
    question: str
    text: str
    by: str


class Section(_Part):
    """Prose in Markdown; `written` says that a person wrote it. `answers` are plain text."""

    name: str
    title: str
    text: str
    written: bool
    answers: list[Answered] = []


class Parked(_Part):
    """Something the meeting put off, in plain text; until it is settled the check-in asks for it."""

    id: str
    text: str
    settled: bool


class Fact(_Part):
    """One line of the impact, such as ("Users affected", "5,000 (estimate)")."""

    name: str
    value: str


class Change(_Part):
    """What is new since the version before: `where`, `what` became of it, and its words as they are now."""

    where: str
    what: str
    text: str = ""

    @property
    def words(self) -> str:
        return f"{self.where}, {self.what}: {self.text}" if self.text else f"{self.where}: {self.what}"


class CauseLine(_Part):
    """One cause in a list; `level` counts from 0 how deep it stands under the others of its category."""

    text: str
    level: int


class CauseGroup(_Part):
    """The causes of one category, as the fishbone has them on a rib."""

    name: str
    causes: list[CauseLine]


class Report(_Part):
    """A whole summary. `people` are those who were in the meeting, `present` how many. Texts are Markdown; drawings are SVG that uses the style sheet's variables."""

    key: str
    title: str
    severity: str
    kind: str
    services: list[str]
    teams: list[str]
    zone: str
    began_at: datetime
    ended_at: datetime | None
    duration: str
    dates: list[Fact] = []
    """Planned and actual days of what is no outage; told in place of the moment at which it began."""
    meeting: str = "post-mortem"
    """What its meeting is called."""
    shows_severity: bool = True
    event: str = "incident"
    """What it is called itself."""
    held_at: datetime | None
    facilitator: str
    people: list[str]
    present: int = 0
    sittings: list[Sitting] = []
    sections: list[Section]
    impact: list[Fact]
    stages: list[Stage]
    timeline: list[Moment]
    findings: list[Finding]
    actions: list[Action]
    omissions: list[Omission] = []
    parked: list[Parked] = []
    edition: int = 1
    changes: list[Change] = []
    strip: str
    strip_narrow: str = ""
    fishbone: str
    causes: list[CauseGroup] = []
    why_tree: str
    source_title: str
    source_url: str
    blameless: bool

    @property
    def closed_without(self) -> str:
        """What it lacks, in words; "" where nothing is missing."""
        return closings.in_words([row.what for row in self.omissions])

    @property
    def who_was_there(self) -> str:
        """Names, or how many where names are left out; "" where nobody noted it."""
        if not self.present:
            return ""
        return ", ".join(self.people) or ("1 person" if self.present == 1 else f"{self.present} people")

    @property
    def minutes_met(self) -> int:
        """How long the meeting really lasted, in minutes."""
        return round(sum((one.ended_at - one.began_at).total_seconds() for one in self.sittings) / 60)

    @property
    def in_several_years(self) -> bool:
        """Whether its timeline says of which year each day is."""
        return len({moment.at.astimezone(ZoneInfo(self.zone)).year for moment in self.timeline}) > 1

    def section(self, name: str) -> Section:
        """The prose section of that name."""
        return next(section for section in self.sections if section.name == name)

    def texts(self) -> list[str]:
        """Everything in it that people wrote."""
        return [
            self.title,
            self.source_title,
            *(section.text for section in self.sections),
            *(answer.text for section in self.sections for answer in section.answers),
            *(item.text for item in self.parked),
            *(fact.value for fact in self.impact),
            *(text for moment in self.timeline for text in (moment.text, *moment.evidence)),
            *(text for finding in self.findings for text in (finding.text, finding.answer)),
            *(action.text for action in self.actions),
            *(omission.reason for omission in self.omissions),
        ]

    @property
    def acceptance(self) -> str:
        """ "accepted by 3 of 4 owners": who has accepted all of theirs that were not declined; "" without owners."""
        owned = [action for action in self.actions if action.owner and action.state != "declined"]
        owners = {action.owner for action in owned}
        waiting = {action.owner for action in owned if not action.accepted}
        word = "owner" if len(owners) == 1 else "owners"
        return f"accepted by {len(owners - waiting)} of {len(owners)} {word}" if owners else ""

    def found(self, *kinds: str) -> list[Finding]:
        """The findings of these kinds, in order."""
        return [finding for finding in self.findings if finding.kind in kinds]
