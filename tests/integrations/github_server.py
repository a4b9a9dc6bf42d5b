"""A stateful fake of GitHub's issues: what people do there, what its API answers, and the webhooks that it would send.

Written from GitHub's published description; tests/integrations/test_published_descriptions.py holds it to that.
"""

from __future__ import annotations

import hashlib
import hmac
import json
import re
from datetime import UTC, datetime, timedelta
from typing import Any

from tests.integrations.tracker_server import Reply, Request, TrackerServer

ISSUE = re.compile(r"/repos/([^/]+/[^/]+)/issues/(\d+)(/comments)?")
LIST = re.compile(r"/repos/([^/]+/[^/]+)/issues")
REPOSITORY = re.compile(r"/repos/([^/]+/[^/]+)")
MOVED = re.compile(r"/repositories/(\d+)/issues/(\d+)")


class GitHubServer(TrackerServer):
    """`people` may be assigned; `webhooks` are the deliveries that wait: (event, delivery id, body)."""

    def __init__(self) -> None:
        super().__init__()
        self.people = {"mona", "zoe", "follow-bot"}
        self.mails = {"mona@example.org": "mona"}
        self.private: set[str] = set()
        self.issues: dict[tuple[str, int], dict[str, Any]] = {}
        self.comments: dict[int, list[str]] = {}
        self.moved: dict[tuple[str, int], tuple[str, int]] = {}
        self.webhooks: list[tuple[str, str, bytes]] = []
        self.offset = timedelta()

    def now(self) -> str:
        return (datetime.now(UTC) + self.offset).strftime("%Y-%m-%dT%H:%M:%SZ")

    # What people do there

    def only(self) -> dict[str, Any]:
        """The one issue that there is."""
        (issue,) = self.issues.values()
        return issue

    def edit(self, issue: dict[str, Any], by: str = "mona", action: str = "edited", **values: Any) -> None:
        """Somebody changes an issue in the browser."""
        with self.lock:
            self._change(issue, by, action, values)

    def close(self, issue: dict[str, Any], by: str = "mona", reason: str = "completed") -> None:
        self.edit(issue, by, "closed", state="closed", state_reason=reason)

    def reopen(self, issue: dict[str, Any], by: str = "mona") -> None:
        self.edit(issue, by, "reopened", state="open", state_reason="reopened")

    def assign(self, issue: dict[str, Any], *logins: str, by: str = "mona") -> None:
        self.edit(issue, by, "assigned", assignees=list(logins))

    def delete(self, issue: dict[str, Any]) -> None:
        with self.lock:
            del self.issues[issue["repo"], issue["number"]]
            self._tell(issue, "mona", "deleted")

    def transfer(self, issue: dict[str, Any], to: str) -> None:
        with self.lock:
            old = (issue["repo"], issue["number"])
            del self.issues[old]
            issue["repo"], issue["number"] = to, len(self.issues) + 100
            self.issues[to, issue["number"]] = issue
            self.moved[old] = (to, issue["number"])
            issue["updated_at"] = self.now()

    def open_by_hand(self, repo: str, title: str, **values: Any) -> dict[str, Any]:
        with self.lock:
            return self._add(repo, {"title": title, **values}, by="mona")

    # What its API answers

    def may_fail(self, request: Request) -> bool:
        return not request.path.startswith("/search/")

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != f"Bearer {self.token}":
            return Reply(401, {"message": "Bad credentials"})
        if request.path == "/user":
            return Reply(200, _person("follow-bot"))
        if request.path == "/search/users":
            return self._search(request)
        return self._of_repository(request) or Reply(404, {"message": "Not Found"})

    def _of_repository(self, request: Request) -> Reply | None:
        if found := ISSUE.fullmatch(request.path):
            return self._issue(request, found[1], int(found[2]), is_comments=bool(found[3]))
        if found := LIST.fullmatch(request.path):
            answer = self._list if request.method == "GET" else self._create
            return answer(request, found[1])
        if found := MOVED.fullmatch(request.path):
            issue = next(row for row in self.issues.values() if row["number"] == int(found[2]))
            return Reply(200, self.shown(issue))
        if found := REPOSITORY.fullmatch(request.path):
            facts = {"full_name": found[1], "private": found[1] in self.private, "has_issues": True}
            return Reply(200, {**facts, "archived": False, "permissions": {"push": True}})
        return None

    def _issue(self, request: Request, repo: str, number: int, *, is_comments: bool) -> Reply:
        if place := self.moved.get((repo, number)):
            location = f"{self.address}/repositories/7/issues/{place[1]}"
            return Reply(301, {"message": "Moved Permanently"}, {"Location": location})
        issue = self.issues.get((repo, number))
        if issue is None:
            return Reply(410, {"message": "This issue was deleted"})
        if is_comments:
            return self._comments(request, issue)
        if request.method == "PATCH":
            self._patch(issue, request.payload)
        return Reply(200, self.shown(issue))

    def _patch(self, issue: dict[str, Any], payload: dict[str, Any]) -> None:
        values = dict(payload)
        if values.get("state") == issue["state"]:
            values.pop("state_reason", None)
        if "assignees" in values:
            values["assignees"] = [login for login in values["assignees"] if login in self.people]
        action = {"closed": "closed", "open": "reopened"}.get(values.get("state", ""), "edited")
        self._change(issue, "follow-bot", action, values)

    def _comments(self, request: Request, issue: dict[str, Any]) -> Reply:
        kept = self.comments.setdefault(issue["id"], [])
        if request.method == "POST":
            kept.append(request.payload["body"])
            return Reply(201, {"id": len(kept), "body": kept[-1]})
        return Reply(200, [{"id": at, "body": body} for at, body in enumerate(kept, 1)])

    def _create(self, request: Request, repo: str) -> Reply:
        wanted = [login for login in request.payload.get("assignees", []) if login in self.people]
        return Reply(
            201, self.shown(self._add(repo, {**request.payload, "assignees": wanted}, by="follow-bot"))
        )

    def _list(self, request: Request, repo: str) -> Reply:
        since, size, page = (
            request.query.get("since", ""),
            int(request.query.get("per_page", 30)),
            int(request.query.get("page", 1)),
        )
        rows = [row for (name, _), row in self.issues.items() if name == repo and row["updated_at"] >= since]
        rows.sort(key=lambda row: (row["updated_at"], row["number"]))
        return Reply(200, [self.shown(row) for row in rows[(page - 1) * size : page * size]])

    def _search(self, request: Request) -> Reply:
        login = self.mails.get(request.query["q"].partition(" ")[0])
        items = [_person(login)] if login else []
        return Reply(200, {"total_count": len(items), "incomplete_results": False, "items": items})

    def _add(self, repo: str, values: dict[str, Any], *, by: str) -> dict[str, Any]:
        number = sum(name == repo for name, _ in self.issues) + 1 + len(self.moved)
        issue = {
            "repo": repo,
            "number": number,
            "id": 9000 + len(self.issues),
            "body": "",
            "assignees": [],
            "state": "open",
            "state_reason": None,
            "closed_by": None,
            "updated_at": self.now(),
            **values,
        }
        self.issues[repo, number] = issue
        self._tell(issue, by, "opened")
        return issue

    def _change(self, issue: dict[str, Any], by: str, action: str, values: dict[str, Any]) -> None:
        issue.update(values)
        if "state" in values:
            issue["closed_by"] = by if values["state"] == "closed" else None
        issue["updated_at"] = self.now()
        self._tell(issue, by, action)

    def shown(self, issue: dict[str, Any]) -> dict[str, Any]:
        """As the API shows it."""
        repo, number = issue["repo"], issue["number"]
        return {
            **{name: issue[name] for name in ("number", "id", "title", "state", "state_reason", "body")},
            "repository_url": f"https://api.github.com/repos/{repo}",
            "html_url": f"https://github.com/{repo}/issues/{number}",
            "assignees": [_person(login) for login in issue["assignees"]],
            "closed_by": _person(issue["closed_by"]) if issue["closed_by"] else None,
            "updated_at": issue["updated_at"],
        }

    # What it sends

    def _tell(self, issue: dict[str, Any], by: str, action: str) -> None:
        payload = {"action": action, "issue": self.shown(issue), "sender": _person(by)}
        number = len(self.webhooks) + len(self.answered) + hash(json.dumps(payload)) % 10**9
        self.webhooks.append(("issues", f"delivery-{number}", json.dumps(payload).encode()))


def _person(login: str) -> dict[str, Any]:
    return {"login": login, "id": len(login), "type": "User"}


def signed(secret: str, event: str, delivery: str, body: bytes) -> dict[str, str]:
    """The headers of a delivery, as Django's test client wants them."""
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {
        "X-Hub-Signature-256": f"sha256={signature}",
        "X-GitHub-Event": event,
        "X-GitHub-Delivery": delivery,
    }
