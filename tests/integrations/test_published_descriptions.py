"""What is sent, and what the stand-ins answer, held to the vendors' own descriptions where those are at hand.

`VENDOR_SPECS` names a folder with `api.github.com.json` (of npm's @octokit/openapi, its folder `generated`) and
`jira-cloud-v3.json` (Atlassian's). The project carries none of them. Jira is spoken with by version 2, which version 3
repeats but for rich text, so texts are not compared there.
"""

from __future__ import annotations

import json
import os
import re
from functools import cache
from pathlib import Path
from typing import Any

import pytest

from followthrough.actions import operations as actions
from tests.integrations.conftest import Setting
from tests.integrations.test_jira import Board, board  # noqa: F401 - a fixture
from tests.integrations.tracker_server import Reply, Request, TrackerServer
from tests.shared_data import ROOT

jsonschema = pytest.importorskip("jsonschema", reason="jsonschema comes with the development dependencies")
pytestmark = pytest.mark.django_db
SPECS = Path(os.environ.get("VENDOR_SPECS", ROOT.parent / "shared" / "specs"))


@cache
def description(name: str) -> dict[str, Any]:
    """The vendor's description. Skips where it is not there."""
    path = SPECS / name
    if not path.is_file():
        pytest.skip(f"{name} is not in {SPECS}; VENDOR_SPECS says where the vendors' descriptions are")
    return dict(_loosened(json.loads(path.read_text())))


def _loosened(part: Any) -> Any:
    """As JSON schema: null where it is allowed, and nothing asked for, as stand-ins answer only what is read."""
    if isinstance(part, list):
        return [_loosened(one) for one in part]
    if not isinstance(part, dict):
        return part
    found = {key: _loosened(value) for key, value in part.items()}
    if isinstance(found.get("required"), list):
        del found["required"]
    if "oneOf" in found:
        found["anyOf"] = found.pop("oneOf")
    if found.pop("nullable", False) and isinstance(found.get("type"), str):
        return {"anyOf": [found, {"type": "null"}]}
    return found


def check(spec: dict[str, Any], request: Request, reply: Reply, *, prefix: str, texts: bool) -> str:
    """ "" where both are as described, else what is not."""
    path = request.path.replace("/rest/api/2/", "/rest/api/3/").removeprefix(prefix)
    operation = _operation(spec, path, request.method.lower())
    if operation is None:
        return f"{request.method} {path} is not described"
    known = {_resolved(spec, one)["name"] for one in operation.get("parameters", [])}
    if unknown := request.query.keys() - known:
        return f"{request.method} {path} knows no {sorted(unknown)}"
    if str(reply.status) not in operation["responses"]:
        return f"{request.method} {path} never answers {reply.status}"
    sent = _schema(_resolved(spec, operation.get("requestBody", {})))
    answered = _schema(_resolved(spec, operation["responses"][str(reply.status)]))
    pairs = [(sent, request.payload), (answered, reply.payload if reply.status < 300 else None)]
    for schema, body in pairs:
        if schema and body is not None and (words := _wrong(spec, schema, body, texts=texts)):
            return f"{request.method} {path}: {words}"
    return ""


def _operation(spec: dict[str, Any], path: str, method: str) -> dict[str, Any] | None:
    fitting = [
        operations[method]
        for template, operations in spec["paths"].items()
        if method in operations and re.fullmatch(re.sub(r"\{\w+\}", "[^/]+", template), path)
    ]
    return fitting[0] if fitting else None


def _resolved(spec: dict[str, Any], part: dict[str, Any]) -> dict[str, Any]:
    while "$ref" in part:
        found: Any = spec
        for name in part["$ref"].removeprefix("#/").split("/"):
            found = found[name]
        part = found
    return part


def _schema(part: dict[str, Any]) -> dict[str, Any] | None:
    found = part.get("content", {}).get("application/json", {}).get("schema")
    return dict(found) if found else None


def _wrong(spec: dict[str, Any], schema: dict[str, Any], body: Any, *, texts: bool) -> str:
    known = _resolved(spec, schema).get("properties")
    if known and isinstance(body, dict) and (unknown := body.keys() - known.keys()):
        return f"knows no {sorted(unknown)}"
    if not texts and isinstance(body, dict):
        body = {name: value for name, value in body.items() if name not in {"body", "comments"}}
    validator = jsonschema.Draft202012Validator({"components": spec["components"], **schema})
    return "; ".join(f"{list(error.path)} {error.message[:200]}" for error in validator.iter_errors(body))


def described(server: TrackerServer, name: str, *, prefix: str = "", texts: bool = True) -> set[str]:
    """Every request of the scenario that is not as the vendor describes it."""
    spec = description(name)
    found = (check(spec, request, reply, prefix=prefix, texts=texts) for request, reply in server.answered)
    return {words for words in found if words}


def test_github_is_asked_as_it_says(setting: Setting) -> None:
    description("api.github.com.json")
    action = setting.action()
    setting.work()
    actions.change_action(action, text="Add two alerts", by=setting.owner)
    setting.github.edit(setting.github.only(), title="Add three alerts")
    setting.work()
    action.refresh_from_db()
    actions.complete(action, by=setting.owner)
    setting.work()
    actions.reopen(action, by=setting.owner)
    setting.work()
    actions.decline(action, reason="The pool is gone since the move", by=setting.owner)
    setting.reconcile()
    assert len(setting.github.writes()) >= 5
    assert described(setting.github, "api.github.com.json") == set()


def test_jira_is_asked_as_it_says(board: Board) -> None:  # noqa: F811 - the fixture
    if not board.jira.is_cloud:
        pytest.skip("Data Center has no description to compare with")
    description("jira-cloud-v3.json")
    action = board.action()
    board.work()
    actions.change_action(action, text="Add two alerts", by=board.owner)
    board.jira.edit(board.jira.only(), summary="Add three alerts")
    board.work()
    action.refresh_from_db()
    actions.start(action, by=board.owner)
    board.work()
    actions.complete(action, by=board.owner)
    board.poll()
    assert len(board.jira.writes()) >= 5
    assert described(board.jira, "jira-cloud-v3.json", texts=False) == set()
