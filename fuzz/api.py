"""The API as its OpenAPI description has it, and bodies that it takes."""

from __future__ import annotations

from dataclasses import dataclass
from random import Random
from typing import Any


@dataclass(frozen=True)
class Operation:
    """One method at one address, with the schema of its body, if it takes one."""

    method: str
    path: str
    path_names: tuple[str, ...]
    query_names: tuple[str, ...]
    body: dict[str, Any] | None
    models: dict[str, Any]


def operations() -> list[Operation]:
    """All that the description has."""
    from followthrough.config.api import api

    schema: dict[str, Any] = api.get_openapi_schema()
    models = schema.get("components", {}).get("schemas", {})
    return [
        Operation(
            method.upper(),
            path,
            _names(said, "path"),
            _names(said, "query"),
            said.get("requestBody", {}).get("content", {}).get("application/json", {}).get("schema"),
            models,
        )
        for path, methods in schema["paths"].items()
        for method, said in methods.items()
    ]


def _names(said: dict[str, Any], place: str) -> tuple[str, ...]:
    return tuple(one["name"] for one in said.get("parameters", ()) if one["in"] == place)


def body_for(rng: Random, operation: Operation) -> dict[str, Any]:
    """A body that fits: what must be given, and some of the rest."""
    schema = _resolved(operation.body or {}, operation.models)
    must = schema.get("required", ())
    given = schema.get("properties", {}).items()
    return {
        name: _value(rng, name, one, operation.models)
        for name, one in given
        if name in must or rng.random() < 0.5
    }


def _resolved(schema: dict[str, Any], models: dict[str, Any]) -> dict[str, Any]:
    found: dict[str, Any] = models[schema["$ref"].rpartition("/")[2]] if "$ref" in schema else schema
    return found


def _value(rng: Random, name: str, schema: dict[str, Any], models: dict[str, Any]) -> Any:  # noqa: PLR0911 - one for each type
    schema = _resolved(schema, models)
    if options := schema.get("anyOf"):
        return _value(rng, name, rng.choice(options), models)
    if "enum" in schema:
        return rng.choice(schema["enum"])
    match schema.get("type"):
        case "string":
            return _text(name, schema)
        case "integer" | "number":
            return rng.randrange(4)
        case "boolean":
            return rng.random() < 0.5
        case "array":
            return [_value(rng, name, schema["items"], models)]
        case "object":
            more = schema.get("additionalProperties")
            own = {key: _value(rng, key, one, models) for key, one in schema.get("properties", {}).items()}
            return own | ({"started": _value(rng, name, more, models)} if isinstance(more, dict) else {})
    return None


def _text(name: str, schema: dict[str, Any]) -> str:
    if schema.get("format") == "date-time":
        return "2026-11-29T10:00:00+01:00"
    known = {"severity": "SEV2", "services": "checkout", "teams": "Core", "zone": "Europe/Berlin", "source_url": "https://example.org/", "state": "known"}  # fmt: skip
    return known.get(name, "a few words")
