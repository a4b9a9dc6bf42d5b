"""The contract that every issue tracker keeps: what it can do, how it is asked, how what it sends is verified.

A tracker is a folder with a `Tracker` in it; docs/decisions/23-trackers.md says how one is written. Values travel as
plain texts: an account is what the tracker calls a person by, a date is ISO, a state is one of STATES.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from typing import Protocol

from followthrough.core.safe_http import Network
from followthrough.integrations.http_exchange import Exchange

OPEN, BEGUN, DONE, DECLINED = "open", "begun", "done", "declined"
STATES = (OPEN, BEGUN, DONE, DECLINED)
FIELDS = ("title", "state", "owner", "due")
Values = Mapping[str, str | None]
"""{one of FIELDS: its value, None for nobody and no date}; what is missing is not said at all."""
CLOCKS_APART = timedelta(minutes=2)
"""So far may a service's clock be from ours."""


@dataclass(frozen=True)
class IssueRef:
    """One issue: `target` is its project or repository, `id` what the tracker finds it by there."""

    target: str
    id: str


@dataclass(frozen=True)
class Issue:
    """An issue as the tracker says it is. `closed_by` is an account, where that is known."""

    ref: IssueRef
    key: str
    url: str
    values: Values
    updated_at: datetime
    closed_by: str | None = None
    also_owners: Sequence[str] = ()
    """Accounts that it is assigned to besides the owner in `values`."""
    marker: str = ""
    text: str = ""
    """What stands in it, with what people wrote there."""


@dataclass(frozen=True)
class Details:
    """What an issue says of where it comes from: (label, text, address or "") a line."""

    marker: str
    key: str
    url: str
    lines: Sequence[tuple[str, str, str]] = ()
    due: str | None = None


@dataclass(frozen=True)
class Draft:
    """An issue to be made in `target`; `extra` are the fields that its rule fills in."""

    target: str
    values: Values
    details: Details
    extra: Mapping[str, str] = field(default_factory=dict)


@dataclass(frozen=True)
class Finding:
    """One thing that a check looked at, in words."""

    ok: bool
    words: str


@dataclass(frozen=True)
class FieldSpec:
    """A field that a target wants filled in before it takes an issue; `choices` are its only values, if any."""

    name: str
    label: str
    required: bool = True
    choices: Sequence[tuple[str, str]] = ()


@dataclass(frozen=True)
class SettingField:
    """One thing that the settings page asks for; what is `secret` is sealed and never shown."""

    name: str
    label: str
    help: str = ""
    secret: bool = False
    required: bool = True
    initial: str = ""


@dataclass(frozen=True)
class Account:
    """How a connection reaches its service: addresses and secrets by the names of its SettingFields."""

    values: Mapping[str, str]
    networks: Sequence[Network] = ()


@dataclass(frozen=True)
class Verdict:
    """What the head of an incoming delivery says: `refusal` is "" where its signature is right."""

    refusal: str = ""
    delivery: str = ""
    """Unique for its sender; the same when it is sent again."""
    event: str = ""
    sent_at: datetime | None = None


@dataclass(frozen=True)
class Hint:
    """That something happened to an issue, and who did it: how it stands now is asked, so that order does not matter."""

    ref: IssueRef
    account: str | None = None
    marker: str = ""


class TrackerClient(Protocol):
    """Speaks with one connection. What goes wrong is one of the errors of `http_exchange`."""

    @property
    def exchanges(self) -> list[Exchange]:
        """What was sent and answered, for the page of deliveries; whoever reads it empties it."""

    def check(self, targets: Sequence[str]) -> Iterator[Finding]:
        """What works and what is missing, one thing after another."""

    def own_account(self) -> str:
        """The account that our writes are made by."""

    def create(self, draft: Draft) -> Issue: ...

    def find(self, target: str, marker: str, since: datetime) -> Issue | None:
        """The issue that carries `marker` and was made after `since`, by a listing that is never late."""

    def fetch(self, ref: IssueRef) -> Issue:
        """The issue as it is now, wherever it has moved. IssueGone where there is none."""

    def update(self, issue: Issue, values: Values, details: Details | None) -> Issue:
        """Changes only what is in `values`, and the part of the text that is ours."""

    def comment(self, issue: Issue, text: str, marker: str) -> None: ...

    def has_comment(self, issue: Issue, marker: str) -> bool: ...

    def changed_since(self, target: str, since: datetime) -> Iterator[list[Issue]]:
        """Pages of issues changed at `since` or later, oldest change first."""

    def find_account(self, email: str) -> str | None:
        """The account of whoever has this address, if the tracker tells."""

    def fields_of(self, target: str, extra: Mapping[str, str]) -> Sequence[FieldSpec]:
        """What has to be filled in besides, where a rule fills in `extra`."""


class Tracker(Protocol):
    """One service, as the registry knows it."""

    service: str
    name: str
    mark: str
    tells_begun: bool
    """Whether an issue that somebody works on looks another way than one that waits."""
    details_at_once: bool
    """Whether an issue is made with its details; else they are written right after."""
    settings: Sequence[SettingField]
    target_label: str
    target_help: str
    extra: Sequence[FieldSpec]
    """What a rule may fill in for every target."""
    steps: Sequence[str]
    """How the webhook is set up there; {address} and {secret} are filled in."""
    rights: Sequence[str]
    """What the token needs."""

    def read_target(self, text: str) -> str:
        """The target as it is kept. ValueError says in words why it is none."""

    def client(self, account: Account) -> TrackerClient: ...

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Verdict:
        """Whether it comes from who it says; how old it is, is compared by who keeps it."""

    def read_event(self, event: str, payload: Mapping[str, object]) -> Sequence[Hint] | None:
        """What happened; None for a kind that is not understood."""

    def locate(self, account: Account, address: str) -> IssueRef | None:
        """The issue behind a pasted address; None where it is none of this connection's."""
