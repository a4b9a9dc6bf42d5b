"""The REST API: every room's router under /api/, and the page that describes it."""

from __future__ import annotations

import json
from typing import Any

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe
from ninja import NinjaAPI
from ninja.errors import HttpError
from ninja.parser import Parser

from followthrough.actions.api import router as actions
from followthrough.core.deserialization import load_json
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.text import NOT_TEXT, is_text
from followthrough.incidents.api import router as incidents
from followthrough.people.access import PersonRequest, for_everyone
from followthrough.people.api import TokenOwner


class _NotJson(DomainError):
    status = 400


class _StrictJson(Parser):
    """Bodies as `core.deserialization` bounds them. What is no text is refused: its sender can send it rightly."""

    def parse_body(self, request: HttpRequest) -> Any:
        try:
            found = load_json(request.body, repair=False)
        except ValueError as error:
            raise _NotJson(f"The body cannot be taken, so nothing was changed. {error}") from error
        for name, value in found.items() if isinstance(found, dict) else [("", found)]:
            if not is_text(json.dumps([name, value], ensure_ascii=False)):
                raise DomainError(NOT_TEXT, field=name if is_text(name) else None)
        return found


api = NinjaAPI(
    parser=_StrictJson(),
    title="Followthrough",
    version="1",
    description="What the pages do, for programs. Times are ISO 8601 with a zone; keys are those of the pages.",
    auth=TokenOwner(),
    docs_url=None,
    openapi_url="openapi.json",
    docs_decorator=for_everyone,
)
api.add_router("/incidents", incidents)
api.add_router("/incidents", actions)
urlpatterns = api.urls[0]


@api.exception_handler(DomainError)
def tell(_: HttpRequest, error: DomainError) -> HttpResponse:
    """Refusals as JSON that a person can act on."""
    current = error.current if isinstance(error, Conflict) else {}
    told = {"message": error.message, "field": error.field, "current": current}
    return JsonResponse(told, status=error.status)


@api.exception_handler(HttpError)
def tell_problem(request: HttpRequest, error: HttpError) -> HttpResponse:
    """Ninja wraps what the parser raised; the words behind it say more."""
    if isinstance(error.__cause__, DomainError):
        return tell(request, error.__cause__)
    return JsonResponse({"detail": str(error)}, status=error.status_code)


@require_safe
@for_everyone
def reference(request: PersonRequest) -> HttpResponse:
    """Every operation with its parameters, drawn from the OpenAPI description."""
    schema: dict[str, Any] = api.get_openapi_schema()
    found = [
        {"method": method.upper(), "path": path, **operation, "body": _body(operation, schema)}
        for path, methods in schema["paths"].items()
        for method, operation in methods.items()
    ]
    return render(request, "api.html", {"operations": found, "schema": schema})


def _body(operation: dict[str, Any], schema: dict[str, Any]) -> list[tuple[str, str, bool]]:
    """(field, type in words, whether it must be given) of what the operation takes."""
    content = operation.get("requestBody", {}).get("content", {}).get("application/json", {})
    name = content.get("schema", {}).get("$ref", "").rpartition("/")[2]
    model = schema["components"]["schemas"].get(name, {})
    required = model.get("required", [])
    return [(field, _type(facts), field in required) for field, facts in model.get("properties", {}).items()]


def _type(facts: dict[str, Any]) -> str:
    """A JSON schema in a few words."""
    if "enum" in facts:
        return " or ".join(map(str, facts["enum"]))
    if "anyOf" in facts:
        return " or ".join(_type(option) for option in facts["anyOf"] if option.get("type") != "null")
    if facts.get("type") == "array":
        return f"list of {_type(facts['items'])}"
    if facts.get("format") == "date-time":
        return "time with its zone"
    return {"integer": "number", "string": "text", "boolean": "true or false"}.get(
        facts.get("type", ""), "object"
    )
