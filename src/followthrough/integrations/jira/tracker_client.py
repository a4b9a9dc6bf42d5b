"""Speaks with Jira's REST API, version 2, which Cloud and Data Center share."""

from __future__ import annotations

import base64
import math
from collections.abc import Iterator, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any

from followthrough.integrations.http_exchange import (
    ConnectionRefused,
    Exchange,
    HttpExchange,
    IssueRefused,
    TrackerError,
)
from followthrough.integrations.jira import issue_mapping
from followthrough.integrations.jira.issue_mapping import LABEL, PROPERTY, USUAL_TYPE, Dialect
from followthrough.integrations.tracker_contract import (
    CLOCKS_APART,
    Account,
    Details,
    Draft,
    FieldSpec,
    Finding,
    Issue,
    IssueRef,
    Values,
)

API = "/rest/api/2"
PAGE = 100
_NEEDED = {
    "BROWSE_PROJECTS": "browse the project",
    "CREATE_ISSUES": "create issues",
    "EDIT_ISSUES": "edit issues",
    "ASSIGN_ISSUES": "assign issues",
    "TRANSITION_ISSUES": "move issues (transition)",
    "LINK_ISSUES": "link issues",
    "ADD_COMMENTS": "add comments",
}


class JiraClient:
    """One site. With an e-mail address it is Cloud (Basic), without one Data Center (a personal access token)."""

    def __init__(self, account: Account) -> None:
        values = account.values
        token, email = values["token"], values.get("email", "")
        basic = base64.b64encode(f"{email}:{token}".encode()).decode()
        headers = {
            "Accept": "application/json",
            "Authorization": f"Basic {basic}" if email else f"Bearer {token}",
        }
        declined = frozenset(name.strip().casefold() for name in values.get("declined", "").split(","))
        self._dialect = Dialect(values["base_url"], "accountId" if email else "name", declined - {""})
        self._http = HttpExchange(values["base_url"], headers, account.networks, name="Jira")

    @property
    def exchanges(self) -> list[Exchange]:
        return self._http.exchanges

    def own_account(self) -> str:
        return str(self._http.get(f"{API}/myself").data[self._dialect.person])

    def check(self, targets: Sequence[str]) -> Iterator[Finding]:
        found = self._http.get(f"{API}/myself").data
        yield Finding(ok=True, words=f"The token is that of {found.get('displayName', 'somebody')}.")
        for target in targets:
            yield self._check_project(target)

    def _check_project(self, target: str) -> Finding:
        query = {"projectKey": target, "permissions": ",".join(_NEEDED)}
        try:
            found = self._http.get(f"{API}/mypermissions", **query).data["permissions"]
        except ConnectionRefused:
            raise
        except TrackerError as error:
            return Finding(ok=False, words=f"{target}: {error} Give the account access to this project.")
        missing = [words for key, words in _NEEDED.items() if not found.get(key, {}).get("havePermission")]
        if missing:
            return Finding(ok=False, words=f"{target}: the account may not {', '.join(missing)}.")
        return Finding(ok=True, words=f"{target} can be written to.")

    def create(self, draft: Draft) -> Issue:
        payload = issue_mapping.new_issue(draft, self._dialect)
        try:
            made = self._http.send("POST", f"{API}/issue", payload).data
        except IssueRefused as error:
            if "assignee" not in str(error) or "assignee" not in payload["fields"]:
                raise
            del payload["fields"]["assignee"]
            made = self._http.send("POST", f"{API}/issue", payload).data
        return self.fetch(IssueRef(draft.target, made["key"]))

    def find(self, target: str, marker: str, since: datetime) -> Issue | None:
        jql = f'project = "{target}" AND labels = "{LABEL}{marker}" AND created >= "{_ago(since - CLOCKS_APART)}"'
        return next((issue for page in self._search(jql) for issue in page), None)

    def fetch(self, ref: IssueRef) -> Issue:
        found = self._http.get(f"{API}/issue/{ref.id}", fields=",".join(issue_mapping.FIELDS))
        return issue_mapping.issue_of(found.data, self._dialect)

    def update(self, issue: Issue, values: Values, details: Details | None) -> Issue:
        path = f"{API}/issue/{issue.ref.id}"
        payload: dict[str, Any] = {}
        if fields := issue_mapping.changed_fields(values, self._dialect):
            payload["fields"] = fields
        if details and issue.marker != details.marker:
            payload["update"] = {"labels": [{"add": f"{LABEL}{details.marker}"}]}
        if payload:
            self._http.send("PUT", path, payload)
        if state := values.get("state"):
            self._move(path, state)
        if details:
            self._http.send("POST", f"{path}/remotelink", issue_mapping.remote_link(details))
        return self.fetch(issue.ref)

    def _move(self, path: str, state: str) -> None:
        """Where the workflow offers no way, the issue stays, and the answer says so."""
        offered = self._http.get(f"{path}/transitions", expand="transitions.fields").data["transitions"]
        if payload := issue_mapping.transition_to(state, offered, self._dialect):
            self._http.send("POST", f"{path}/transitions", payload)

    def comment(self, issue: Issue, text: str, marker: str) -> None:
        payload = {
            "body": issue_mapping.plain(text),
            "properties": [{"key": PROPERTY, "value": {"marker": marker}}],
        }
        self._http.send("POST", f"{API}/issue/{issue.ref.id}/comment", payload)

    def has_comment(self, issue: Issue, marker: str) -> bool:
        path = f"{API}/issue/{issue.ref.id}/comment"
        found = self._http.get(path, expand="properties", orderBy="-created", maxResults=PAGE).data
        return any(_marker_of(comment) == marker for comment in found["comments"])

    def changed_since(self, target: str, since: datetime) -> Iterator[list[Issue]]:
        jql = f'project = "{target}" AND updated >= "{_ago(since)}" ORDER BY updated ASC, key ASC'
        yield from self._search(jql)

    def _search(self, jql: str) -> Iterator[list[Issue]]:
        query: dict[str, Any] = {"jql": jql, "fields": list(issue_mapping.FIELDS), "maxResults": PAGE}
        path = f"{API}/search/jql" if self._dialect.is_cloud else f"{API}/search"
        while True:
            found = self._http.send("POST", path, query, is_reading=True).data
            yield [issue_mapping.issue_of(row, self._dialect) for row in found["issues"]]
            if self._dialect.is_cloud:
                if found.get("isLast", True) or not found.get("nextPageToken"):
                    return
                query["nextPageToken"] = found["nextPageToken"]
            else:
                query["startAt"] = query.get("startAt", 0) + len(found["issues"])
                if not found["issues"] or query["startAt"] >= found["total"]:
                    return

    def find_account(self, email: str) -> str | None:
        name = "query" if self._dialect.is_cloud else "username"
        rows = self._http.get(f"{API}/user/search", **{name: email}, maxResults=2).data
        same = [row for row in rows if str(row.get("emailAddress") or "").casefold() == email.casefold()]
        hidden = rows if self._dialect.is_cloud and not any(row.get("emailAddress") for row in rows) else []
        found = same or hidden
        return str(found[0][self._dialect.person]) if len(found) == 1 else None

    def fields_of(self, target: str, extra: Mapping[str, str]) -> Sequence[FieldSpec]:
        path = f"{API}/issue/createmeta/{target}/issuetypes"
        wanted = extra.get("issuetype") or USUAL_TYPE
        types = _rows(self._http.get(path, maxResults=PAGE).data, "issueTypes")
        kind = next((row["id"] for row in types if row["name"].casefold() == wanted.casefold()), None)
        if kind is None:
            return [FieldSpec("issuetype", f"an issue type (there is no “{wanted}”)")]
        return issue_mapping.field_specs(
            _rows(self._http.get(f"{path}/{kind}", maxResults=PAGE).data, "fields")
        )


def _rows(data: Mapping[str, Any], name: str) -> list[dict[str, Any]]:
    """Cloud and Data Center call the same list by different names."""
    return list(data.get(name) or data.get("values") or [])


def _ago(moment: datetime) -> str:
    """For JQL, which reads dates on the account's clock and knows no seconds: so many minutes ago."""
    return f"-{math.ceil((datetime.now(UTC) - moment).total_seconds() / 60) + 1}m"


def _marker_of(comment: Mapping[str, Any]) -> str:
    values = [row.get("value") or {} for row in comment.get("properties") or [] if row.get("key") == PROPERTY]
    return str(values[0].get("marker", "")) if values else ""
