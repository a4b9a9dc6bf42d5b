"""A stateful fake of Jira, Cloud or Data Center: a workflow of three states, resolutions, remote links, webhooks.

Written from Jira's published description; tests/integrations/test_published_descriptions.py holds it to that.
"""

from __future__ import annotations

import base64
import hashlib
import hmac
import json
import re
import time
from datetime import UTC, datetime
from typing import Any

from tests.integrations.tracker_server import Reply, Request, TrackerServer

API = "/rest/api/2"
ISSUE = re.compile(rf"{API}/issue/([A-Z]+-\d+)(/\w+)?")
META = re.compile(rf"{API}/issue/createmeta/([A-Z]+)/issuetypes(/\d+)?")
STATES = {"To Do": "new", "In Progress": "indeterminate", "Done": "done"}
RESOLUTIONS = ("Done", "Won't Do")


class JiraServer(TrackerServer):
    """`is_cloud` decides how one signs in, what people are called and how it is searched."""

    def __init__(self, *, is_cloud: bool = True) -> None:
        super().__init__()
        self.is_cloud = is_cloud
        self.person = "accountId" if is_cloud else "name"
        self.people = {"a1:mona": "mona@example.org", "a1:zoe": "zoe@example.org"}
        self.issues: dict[str, dict[str, Any]] = {}
        self.links: dict[str, dict[str, dict[str, Any]]] = {}
        self.comments: dict[str, list[dict[str, Any]]] = {}
        self.webhooks: list[bytes] = []
        self.wanted: list[dict[str, Any]] = []
        """Custom fields that have to be filled in."""

    def only(self) -> dict[str, Any]:
        (issue,) = self.issues.values()
        return issue

    def move(self, issue: dict[str, Any], status: str, by: str = "a1:mona", resolution: str = "Done") -> None:
        """Somebody moves an issue on their board."""
        self._move(issue, status, resolution)
        self._tell(issue, by, "jira:issue_updated")

    def edit(self, issue: dict[str, Any], by: str = "a1:mona", **fields: Any) -> None:
        self._set(issue, fields)
        self._tell(issue, by, "jira:issue_updated")

    def delete(self, issue: dict[str, Any]) -> None:
        del self.issues[issue["key"]]
        self._tell(issue, "a1:mona", "jira:issue_deleted")

    def may_fail(self, request: Request) -> bool:
        return "/user/search" not in request.path

    def answer(self, request: Request) -> Reply:
        if request.headers.get("authorization") != self._credentials():
            return Reply(401, {"errorMessages": ["You are not authenticated."], "errors": {}})
        if found := META.fullmatch(request.path):
            return self._meta(is_type=bool(found[2]))
        if found := ISSUE.fullmatch(request.path):
            return self._issue(request, found[1], found[2] or "")
        return self._site(request)

    def _credentials(self) -> str:
        basic = base64.b64encode(f"bot@example.org:{self.token}".encode()).decode()
        return f"Basic {basic}" if self.is_cloud else f"Bearer {self.token}"

    def _site(self, request: Request) -> Reply:
        path = request.path.removeprefix(API)
        if path == "/myself":
            return Reply(200, {self.person: "a1:bot", "displayName": "Follow bot"})
        if path == "/mypermissions":
            names = request.query["permissions"].split(",")
            return Reply(200, {"permissions": {name: {"havePermission": True} for name in names}})
        if path == "/user/search":
            mail = request.query["query" if self.is_cloud else "username"]
            found = [name for name, known in self.people.items() if known == mail]
            hidden = {} if self.is_cloud else {"emailAddress": mail}
            return Reply(200, [{self.person: name, **hidden} for name in found])
        if path == "/issue":
            return self._create(request.payload)
        if path == ("/search/jql" if self.is_cloud else "/search"):
            return self._search(request.payload)
        return Reply(404, {"errorMessages": ["Nothing is here."], "errors": {}})

    def _meta(self, *, is_type: bool) -> Reply:
        if not is_type:
            return Reply(
                200, {"issueTypes" if self.is_cloud else "values": [{"id": "10001", "name": "Task"}]}
            )
        usual = [{"fieldId": "summary", "name": "Summary", "required": True, "hasDefaultValue": False}]
        return Reply(200, {"fields" if self.is_cloud else "values": usual + self.wanted})

    def _create(self, payload: dict[str, Any]) -> Reply:
        given = payload["fields"]
        missing = {
            row["fieldId"]: f"{row['name']} is required."
            for row in self.wanted
            if row["fieldId"] not in given
        }
        if missing:
            return Reply(400, {"errorMessages": [], "errors": missing})
        owner = (given.get("assignee") or {}).get(self.person)
        if owner and owner not in self.people:
            return Reply(400, {"errorMessages": [], "errors": {"assignee": "cannot be assigned issues"}})
        key = f"{given['project']['key']}-{len(self.issues) + 1}"
        issue = {"key": key, "fields": {"resolution": None, "assignee": None, "duedate": None, **given}}
        self._move(issue, "To Do", "")
        self.issues[key] = issue
        self._tell(issue, "a1:bot", "jira:issue_created")
        return Reply(201, {"id": "1", "key": key, "self": f"{self.address}{API}/issue/1"})

    def _issue(self, request: Request, key: str, part: str) -> Reply:
        issue = self.issues.get(key)
        if issue is None:
            return Reply(
                404, {"errorMessages": ["Issue does not exist or you do not have permission to see it."]}
            )
        if part == "/transitions":
            return self._transition(request, issue)
        if part == "/remotelink":
            self.links.setdefault(key, {})[request.payload["globalId"]] = request.payload["object"]
            return Reply(201, {"id": 1, "self": ""})
        if part == "/comment":
            return self._comment(request, key)
        if request.method == "PUT":
            for change in request.payload.get("update", {}).get("labels", []):
                issue["fields"]["labels"] = [*issue["fields"].get("labels", []), change["add"]]
            self._set(issue, request.payload.get("fields", {}))
            self._tell(issue, "a1:bot", "jira:issue_updated")
            return Reply(204)
        return Reply(200, issue)

    def _comment(self, request: Request, key: str) -> Reply:
        kept = self.comments.setdefault(key, [])
        if request.method == "POST":
            kept.append(request.payload)
            return Reply(201, {"id": "1"})
        return Reply(200, {"comments": kept})

    def _transition(self, request: Request, issue: dict[str, Any]) -> Reply:
        now = issue["fields"]["status"]["name"]
        offered = {str(at): name for at, name in enumerate(STATES, 11) if name != now}
        if request.method == "GET":
            return Reply(
                200, {"transitions": [self._offer(number, name) for number, name in offered.items()]}
            )
        status = offered[request.payload["transition"]["id"]]
        resolution = request.payload.get("fields", {}).get("resolution", {}).get("name", "")
        if status == "Done" and not resolution:
            return Reply(400, {"errorMessages": [], "errors": {"resolution": "Resolution is required."}})
        self._move(issue, status, resolution)
        self._tell(issue, "a1:bot", "jira:issue_updated")
        return Reply(204)

    def _offer(self, number: str, name: str) -> dict[str, Any]:
        allowed = [{"name": one} for one in RESOLUTIONS]
        fields = {"resolution": {"required": True, "allowedValues": allowed}} if name == "Done" else {}
        return {"id": number, "name": f"To {name}", "to": _status(name), "fields": fields}

    def _search(self, payload: dict[str, Any]) -> Reply:
        project = re.search(r'project = "(\w+)"', payload["jql"])
        label = re.search(r'labels = "([^"]+)"', payload["jql"])
        assert project
        rows = [row for key, row in self.issues.items() if key.startswith(f"{project[1]}-")]
        if label:
            rows = [row for row in rows if label[1] in row["fields"].get("labels", [])]
        if not self.is_cloud:
            at = payload.get("startAt", 0)
            return Reply(200, {"startAt": at, "total": len(rows), "issues": rows[at : at + 2]})
        at = int(payload.get("nextPageToken", "0"))
        more = {"nextPageToken": str(at + 2), "isLast": False} if at + 2 < len(rows) else {"isLast": True}
        return Reply(200, {"issues": rows[at : at + 2], **more})

    def _move(self, issue: dict[str, Any], status: str, resolution: str) -> None:
        done = {"name": resolution} if status == "Done" else None
        self._set(issue, {"status": _status(status), "resolution": done})

    def _set(self, issue: dict[str, Any], fields: dict[str, Any]) -> None:
        issue["fields"].update(fields)
        issue["fields"]["updated"] = datetime.now(UTC).strftime("%Y-%m-%dT%H:%M:%S.%f")[:-3] + "+0000"

    def _tell(self, issue: dict[str, Any], by: str, event: str) -> None:
        payload = {
            "timestamp": int(time.time() * 1000),
            "webhookEvent": event,
            "user": {self.person: by},
            "issue": issue,
        }
        self.webhooks.append(json.dumps(payload).encode())


def _status(name: str) -> dict[str, Any]:
    return {"name": name, "statusCategory": {"key": STATES[name]}}


def signed(secret: str, body: bytes) -> dict[str, str]:
    signature = hmac.new(secret.encode(), body, hashlib.sha256).hexdigest()
    return {"X-Hub-Signature": f"sha256={signature}", "X-Atlassian-Webhook-Identifier": signature[:12]}
