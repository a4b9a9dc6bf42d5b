"""GitHub as the registry knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from followthrough.integrations.github import tracker_webhooks
from followthrough.integrations.github.tracker_client import GitHubClient
from followthrough.integrations.tracker_contract import (
    Account,
    FieldSpec,
    Hint,
    IssueRef,
    SettingField,
    Tracker,
    TrackerClient,
    Verdict,
)

_REPOSITORY = re.compile(r"[A-Za-z0-9][A-Za-z0-9-]{0,38}/[A-Za-z0-9._-]{1,100}")
_ISSUE = re.compile(rf"/({_REPOSITORY.pattern})/issues/(\d{{1,10}})/?")


class GitHub:
    service = "github"
    name = "GitHub"
    mark = "Gh"
    tells_begun = False
    details_at_once = True
    settings: Sequence[SettingField] = (
        SettingField(
            "base_url",
            "Address of the API",
            help="Leave it for github.com. Of an Enterprise Server it is https://HOST/api/v3.",
            initial="https://api.github.com",
        ),
        SettingField(
            "token",
            "Token",
            help="A fine-grained personal access token with the rights listed on this page.",
            secret=True,
        ),
    )
    target_label = "Repository"
    target_help = "owner/name, such as acme/checkout."
    extra: Sequence[FieldSpec] = (FieldSpec("labels", "Labels, with commas between", required=False),)
    steps: Sequence[str] = (
        "Open the repository (or the organisation), then Settings, Webhooks, Add webhook.",
        "Payload URL: {address}",
        "Content type: application/json",
        "Secret: {secret}",
        "Choose “Let me select individual events”, tick Issues, and untick Pushes.",
    )
    rights: Sequence[str] = (
        "Repository access: the repositories that take actions, and no others.",
        "Repository permissions: Issues, read and write; Metadata, read.",
        "On an Enterprise Server before 3.10 a classic token with the scope repo.",
    )

    def read_target(self, text: str) -> str:
        found = text.strip().removeprefix("https://github.com/").strip("/")
        if not _REPOSITORY.fullmatch(found):
            raise ValueError("A repository is named owner/name, such as acme/checkout.")
        return found

    def client(self, account: Account) -> TrackerClient:
        return GitHubClient(account)

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Verdict:
        return tracker_webhooks.verify(headers, body, secrets)

    def read_event(self, event: str, payload: Mapping[str, object]) -> Sequence[Hint] | None:
        return tracker_webhooks.read_event(event, payload)

    def locate(self, account: Account, address: str) -> IssueRef | None:
        parts = urlsplit(address.strip())
        found = _ISSUE.fullmatch(parts.path)
        if not found or parts.hostname != _web_host(account.values["base_url"]):
            return None
        return IssueRef(found[1], found[2])


def _web_host(base_url: str) -> str:
    """Where people read what the API at `base_url` serves."""
    return (urlsplit(base_url).hostname or "").removeprefix("api.")


TRACKER: Tracker = GitHub()
