"""Speaks with GitHub's REST API, of github.com or an Enterprise Server."""

from __future__ import annotations

from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from followthrough.integrations.github import issue_mapping
from followthrough.integrations.http_exchange import (
    ConnectionRefused,
    Exchange,
    HttpExchange,
    IssueGone,
    IssueMoved,
    TrackerError,
)
from followthrough.integrations.issue_text import comment_marker, said
from followthrough.integrations.tracker_contract import (
    CLOCKS_APART,
    DECLINED,
    DONE,
    Account,
    Details,
    Draft,
    FieldSpec,
    Finding,
    Issue,
    IssueRef,
    Values,
)

API_VERSION = "2022-11-28"
"""The newest that Enterprise Server knows as well."""
PAGE = 100
_EXPIRY = "github-authentication-token-expiration"


class GitHubClient:
    """One connection. Issues are listed rather than searched for: GitHub's search is late by minutes."""

    def __init__(self, account: Account) -> None:
        headers = {
            "Accept": "application/vnd.github+json",
            "Authorization": f"Bearer {account.values['token']}",
            "X-GitHub-Api-Version": API_VERSION,
        }
        base = account.values["base_url"]
        self._http = HttpExchange(base, headers, account.networks, name="GitHub")
        self._lookups = HttpExchange(base, headers, account.networks, name="GitHub")

    @property
    def exchanges(self) -> list[Exchange]:
        return self._http.exchanges

    def own_account(self) -> str:
        return str(self._http.get("/user").data["login"])

    def check(self, targets: Sequence[str]) -> Iterator[Finding]:
        answer = self._http.get("/user")
        yield Finding(ok=True, words=f"The token is that of {answer.data['login']}.")
        if expiry := answer.headers.get(_EXPIRY):
            yield Finding(ok=True, words=f"It runs out on {expiry[:10]}.")
        for target in targets:
            yield self._check_repository(target)

    def _check_repository(self, target: str) -> Finding:
        try:
            found = self._http.get(f"/repos/{target}").data
        except ConnectionRefused:
            raise
        except TrackerError as error:
            return Finding(ok=False, words=f"{target}: {error} Give the token access to this repository.")
        missing = [
            words
            for is_missing, words in (
                (found.get("archived"), "it is archived, so nothing can be written there"),
                (not found.get("has_issues", True), "its issues are turned off"),
                (
                    not found.get("permissions", {}).get("push", True),
                    "the token may not assign people there: it needs “Issues: read and write”",
                ),
            )
            if is_missing
        ]
        kind = "private" if found.get("private") else "public: everybody may read its issues"
        if missing:
            return Finding(ok=False, words=f"{target}: {'; '.join(missing)}.")
        return Finding(ok=True, words=f"{target} can be written to. It is {kind}.")

    def create(self, draft: Draft) -> Issue:
        payload = issue_mapping.new_issue(draft)
        return issue_mapping.issue_of(self._http.send("POST", f"/repos/{draft.target}/issues", payload).data)

    def find(self, target: str, marker: str, since: datetime) -> Issue | None:
        pages = self.changed_since(target, since - CLOCKS_APART)
        return next((issue for page in pages for issue in page if issue.marker == marker), None)

    def fetch(self, ref: IssueRef) -> Issue:
        try:
            return issue_mapping.issue_of(self._http.get(f"/repos/{ref.target}/issues/{ref.id}").data)
        except IssueMoved as moved:
            return self._fetch_moved(moved.location)

    def _fetch_moved(self, location: str) -> Issue:
        if not location.startswith(f"{self._http.base}/"):
            raise IssueGone("It has moved to where this connection does not lead.")
        try:
            return issue_mapping.issue_of(self._http.get(location).data)
        except IssueMoved as error:
            raise IssueGone("It has moved on and on.") from error

    def update(self, issue: Issue, values: Values, details: Details | None) -> Issue:
        path = f"/repos/{issue.ref.target}/issues/{issue.ref.id}"
        if {issue.values["state"], values.get("state")} == {DONE, DECLINED}:
            # How it was closed counts only as it is closed.
            self._http.send("PATCH", path, issue_mapping.closing("open"))
        payload = issue_mapping.changes_of(issue, values, details)
        return issue_mapping.issue_of(self._http.send("PATCH", path, payload).data)

    def comment(self, issue: Issue, text: str, marker: str) -> None:
        path = f"/repos/{issue.ref.target}/issues/{issue.ref.id}/comments"
        words = "\n\n".join(said(paragraph) for paragraph in text.split("\n\n"))
        self._http.send("POST", path, {"body": f"{words}\n\n{comment_marker(marker)}"})

    def has_comment(self, issue: Issue, marker: str) -> bool:
        path = f"/repos/{issue.ref.target}/issues/{issue.ref.id}/comments"
        for page in range(1, 11):
            found = self._http.get(path, per_page=PAGE, page=page).data
            if any(comment_marker(marker) in (comment.get("body") or "") for comment in found):
                return True
            if len(found) < PAGE:
                break
        return False

    def changed_since(self, target: str, since: datetime) -> Iterator[list[Issue]]:
        """By the time of change, so that what changes meanwhile cannot fall between two pages."""
        page = 1
        while True:
            found = self._page(target, since, page)
            yield [issue_mapping.issue_of(row) for row in found if "pull_request" not in row]
            if len(found) < PAGE:
                return
            last = datetime.fromisoformat(found[-1]["updated_at"])
            since, page = (last, 1) if last > since else (since, page + 1)

    def _page(self, target: str, since: datetime, page: int) -> list[dict[str, Any]]:
        moment = since.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        query = {"state": "all", "sort": "updated", "direction": "asc", "since": moment}
        found = self._http.get(f"/repos/{target}/issues", **query, per_page=PAGE, page=page)
        return list(found.data)

    def find_account(self, email: str) -> str | None:
        """Only whoever shows the address publicly is found; it counts on a budget of its own."""
        found = self._lookups.get("/search/users", q=f"{email} in:email", per_page=2).data
        return found["items"][0]["login"] if found["total_count"] == 1 else None

    def fields_of(self, target: str, extra: Mapping[str, str]) -> Sequence[FieldSpec]:  # noqa: ARG002 - the contract's
        return ()
