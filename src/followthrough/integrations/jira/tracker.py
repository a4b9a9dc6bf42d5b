"""Jira as the registry knows it."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping, Sequence
from urllib.parse import urlsplit

from followthrough.integrations.jira import tracker_webhooks
from followthrough.integrations.jira.tracker_client import JiraClient
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

_PROJECT = re.compile(r"[A-Z][A-Z0-9_]{1,30}")
_ISSUE = re.compile(rf"/browse/(({_PROJECT.pattern})-\d{{1,10}})/?")


class Jira:
    service = "jira"
    name = "Jira"
    mark = "Ji"
    tells_begun = True
    details_at_once = False
    settings: Sequence[SettingField] = (
        SettingField(
            "base_url",
            "Address of the site",
            help="https://acme.atlassian.net, or that of your Data Center.",
        ),
        SettingField(
            "email",
            "Mail address of the account",
            help="Of the Cloud account that the token belongs to. Leave it empty for Data Center.",
            required=False,
        ),
        SettingField(
            "token",
            "Token",
            help="An API token (Cloud) or a personal access token (Data Center).",
            secret=True,
        ),
        SettingField(
            "declined",
            "Resolutions that mean declined",
            help="With commas between, as the site calls them.",
            required=False,
            initial="Won't Do, Won't Fix, Duplicate, Declined",
        ),
    )
    target_label = "Project"
    target_help = "Its key, such as CHK."
    extra: Sequence[FieldSpec] = (
        FieldSpec("issuetype", "Issue type (Task, if left empty)", required=False),
        FieldSpec("labels", "Labels, with commas between", required=False),
    )
    steps: Sequence[str] = (
        "As an administrator of the site, open Settings, System, WebHooks, Create a WebHook.",
        "URL: {address}",
        "Secret: {secret}",
        "Events: Issue created, updated, deleted. JQL: project in (the projects of the rules).",
    )
    rights: Sequence[str] = (
        "An account of its own, so that people see who writes, with a token of that account.",
        "In each project: browse, create, edit, assign, transition and link issues; add comments.",
        "On the screens for creating and editing: Summary, Description, Labels, Assignee, Due date.",
    )

    def read_target(self, text: str) -> str:
        found = text.strip().upper()
        if not _PROJECT.fullmatch(found):
            raise ValueError("A project is named by its key, capital letters and digits, such as CHK.")
        return found

    def client(self, account: Account) -> TrackerClient:
        return JiraClient(account)

    def verify(self, headers: Mapping[str, str], body: bytes, secrets: Iterable[str]) -> Verdict:
        return tracker_webhooks.verify(headers, body, secrets)

    def read_event(self, event: str, payload: Mapping[str, object]) -> Sequence[Hint] | None:
        user = payload.get("user")
        is_cloud = isinstance(user, dict) and "accountId" in user
        return tracker_webhooks.read_event(event, payload, "accountId" if is_cloud else "name")

    def locate(self, account: Account, address: str) -> IssueRef | None:
        parts, site = urlsplit(address.strip()), urlsplit(account.values["base_url"])
        if parts.netloc != site.netloc or not parts.path.startswith(site.path):
            return None
        found = _ISSUE.fullmatch(parts.path.removeprefix(site.path))
        return IssueRef(found[2], found[1]) if found else None


TRACKER: Tracker = Jira()
