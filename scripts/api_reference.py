"""Writes docs/api.md from the OpenAPI description that the product serves at /api/openapi.json."""

from __future__ import annotations

import sys
from collections.abc import Iterable, Iterator
from pathlib import Path
from typing import Any

ROOT = Path(__file__).parents[1]
PAGE = ROOT / "docs" / "api.md"
HEAD = """# API

{description} A running server shows the same at `/api/`, and as OpenAPI at `/api/openapi.json`. This page is written by
`python scripts/api_reference.py` from that description, and a test compares; so do not edit it.

Make a token on your profile and send it with every request. A token may do what its owner may; what they may not see is 404.

```sh
curl --header "Authorization: Bearer $TOKEN" https://followthrough.example.org/api/incidents/INC-148/
curl --header "Authorization: Bearer $TOKEN" --json '{{"title": "Checkout answered 500", "severity": "SEV2", "began_at": "2026-11-28T14:11:00Z"}}' \\
  https://followthrough.example.org/api/incidents/
```

A refusal is JSON with a `message` that says what happened and what to do, the `field` it belongs to, and `current`, how things
stand, after a conflict. 401 is a missing or unknown token, 404 what is not there, 409 a change made on an older version, 422 a
value that cannot be taken.
"""


def page() -> str:
    """The whole page. Needs Django to be set up."""
    from followthrough.config.api import api

    schema: dict[str, Any] = api.get_openapi_schema()
    operations = [
        _operation(method.upper(), path, operation)
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    models = [_model(name, facts) for name, facts in sorted(schema["components"]["schemas"].items())]
    head = HEAD.format(description=schema["info"]["description"])
    return "".join([head, *operations, "\n## What is sent and answered\n", *models])


def _operation(method: str, path: str, operation: dict[str, Any]) -> str:
    lines = [f"\n## {operation['summary']}\n\n`{method} {path}`\n"]
    if told := " ".join(operation.get("description", "").split()):
        lines.append(f"\n{told}\n")
    if rows := [_parameter(one) for one in operation["parameters"]]:
        lines.append("\n" + _table(["parameter", "where", "type", "needed"], rows))
    if body := operation.get("requestBody"):
        lines.append(f"\nTakes {_content(body)}.\n")
    answers = [
        f"{status}: {_content(answer)}" for status, answer in sorted(operation["responses"].items(), key=str)
    ]
    return "".join([*lines, f"\nAnswers {'; '.join(answers)}.\n"])


def _parameter(one: dict[str, Any]) -> tuple[str, ...]:
    return f"`{one['name']}`", one["in"], _type(one["schema"]), "yes" if one.get("required") else ""


def _content(answer: dict[str, Any]) -> str:
    schema = answer.get("content", {}).get("application/json", {}).get("schema")
    return _type(schema) if schema else "nothing"


def _model(name: str, facts: dict[str, Any]) -> str:
    told = " ".join(facts.get("description", "").split())
    needed = facts.get("required", [])
    rows = [
        (f"`{field}`", _type(of), "yes" if field in needed else "")
        for field, of in facts.get("properties", {}).items()
    ]
    table = _table(["field", "type", "needed"], rows)
    return f"\n### {name}\n\n{told}\n\n{table}" if told else f"\n### {name}\n\n{table}"


def _table(columns: list[str], rows: Iterable[tuple[str, ...]]) -> str:
    return "".join(f"| {' | '.join(row)} |\n" for row in [columns, ["---"] * len(columns), *rows])


def _type(facts: dict[str, Any]) -> str:
    """A JSON schema in a few words, with links to the models of this page."""
    return " or ".join(dict.fromkeys(_kinds(facts)))


def _kinds(facts: dict[str, Any]) -> Iterator[str]:
    if options := facts.get("anyOf"):
        for option in options:
            yield from _kinds(option)
    elif name := facts.get("$ref", "").rpartition("/")[2]:
        yield f"[{name}](#{name.lower()})"
    elif "enum" in facts:
        yield from (f"`{value}`" for value in facts["enum"])
    elif facts.get("type") == "array":
        yield f"list of {_type(facts['items'])}"
    elif isinstance(facts.get("additionalProperties"), dict):
        yield f"object of {_type(facts['additionalProperties'])}"
    else:
        yield _simple(facts)


def _simple(facts: dict[str, Any]) -> str:
    kind = facts.get("type", "")
    if facts.get("format") == "date-time":
        return "time with its zone"
    if "maxLength" in facts:
        return f"text of {facts['maxLength']} characters at most"
    names = {"integer": "whole number", "number": "number", "string": "text", "boolean": "true or false"}
    return names.get(kind, kind or "anything")


if __name__ == "__main__":
    sys.path.insert(0, str(ROOT))
    from scripts.listeners import set_up_django

    set_up_django()
    PAGE.write_text(page())
    print(f"Written: {PAGE.relative_to(ROOT)}")
