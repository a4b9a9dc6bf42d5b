"""Connections on the settings pages: what is connected and how it does, connecting, changing, letting go."""

from __future__ import annotations

from typing import Any
from uuid import UUID

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.utils.html import format_html
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.errors import DomainError
from followthrough.core.forms import apply_to_form
from followthrough.integrations import phrasing
from followthrough.integrations.forms import AccountForm, ConnectionForm, RuleForm
from followthrough.integrations.models import TargetRule, TrackerConnection
from followthrough.integrations.operations import connections as operations
from followthrough.integrations.queries import connections as queries
from followthrough.integrations.queries import deliveries
from followthrough.integrations.tracker_registry import tracker_of, trackers
from followthrough.people.access import PersonRequest, for_administrators

NOT_UNDERSTOOD_SHOWN = 10


@require_safe
@for_administrators
def connections(request: PersonRequest) -> HttpResponse:
    """What is connected with how it does, what can be connected, and what came in and was not understood."""
    known, waiting = trackers(), queries.waiting_counts()
    rows = queries.active().order_by("name", "pk")
    shown = [(row, known[row.service], phrasing.health_of(row, waiting.get(row.pk, 0))) for row in rows]
    facts = {
        "rows": shown,
        "trackers": known.values(),
        "not_understood": deliveries.not_understood()[:NOT_UNDERSTOOD_SHOWN],
    }
    return render(request, "integrations/connections.html", facts)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def new_connection(request: PersonRequest, service: str) -> HttpResponse:
    """Connects one more account of a service."""
    tracker = tracker_of(service)
    form = ConnectionForm(tracker, request.POST if request.method == "POST" else None)
    if form.is_valid():
        name, values = form.cleaned_data["name"], form.values()
        made = apply_to_form(
            form, lambda: operations.connect(service=service, name=name, values=values, by=request.user)
        )
        if made:
            connection, secret = made
            return _page(request, connection, secret=secret)
    facts = {"tracker": tracker, "form": form}
    status = 422 if form.is_bound else 200
    return render(request, "integrations/new_connection.html", facts, status=status)


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def connection(request: PersonRequest, pk: UUID) -> HttpResponse:
    """One connection: how it does, where its actions go, who is who, and how its webhook is set up."""
    found = queries.find(pk)
    form = ConnectionForm(
        tracker_of(found.service), request.POST if request.method == "POST" else None, found
    )
    if form.is_valid():
        try:
            operations.change_connection(
                found,
                name=form.cleaned_data["name"],
                closes_declined=form.cleaned_data["closes_declined"],
                values=form.values(),
                by=request.user,
            )
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            messages.success(request, "Saved. It is being checked now.")
            return redirect(found)
    return _page(request, found, form=form)


def _page(
    request: PersonRequest, found: TrackerConnection, *, secret: str = "", **forms: Any
) -> HttpResponse:
    found.refresh_from_db()
    tracker = tracker_of(found.service)
    rules = list(found.rules.select_related("team", "service", "severity"))
    address = settings.BASE_URL + reverse("receive_webhook", args=[found.service, found.pk])
    facts = {
        "connection": found,
        "tracker": tracker,
        "health": phrasing.health_of(found, queries.waiting_counts().get(found.pk, 0)),
        "rules": rules,
        "accounts": found.accounts.select_related("person").order_by("person__name", "pk"),
        "secret": secret,
        "steps": [_step(step, address, secret) for step in tracker.steps],
        "form": ConnectionForm(tracker, None, found),
        "rule_form": RuleForm(tracker, next((rule for rule in rules if rule.required), None)),
        "account_form": AccountForm(),
    } | forms
    invalid = any(form.is_bound for form in forms.values())
    return render(request, "integrations/connection.html", facts, status=422 if invalid else 200)


def _step(step: str, address: str, secret: str) -> str:
    """One step of setting the webhook up, with what is to be copied."""
    if secret:
        shown = format_html('<code class="secret">{}</code>', secret)
    else:
        shown = format_html("{}", "the one that was shown when it was made; make another if it is lost")
    return format_html(
        step.replace("{address}", "{0}").replace("{secret}", "{1}"),
        format_html('<code class="secret">{}</code>', address),
        shown,
    )


@require_POST
@for_administrators
def trial(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Tries at once what waits, and checks the connection."""
    found = queries.find(pk)
    operations.try_now(found)
    messages.success(request, "It is being tried. What it finds stands here in a moment.")
    return redirect(found)


@require_POST
@for_administrators
def webhook_secret(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Another secret for the webhook, shown this once."""
    found = queries.find(pk)
    return _page(request, found, secret=operations.rotate_webhook_secret(found, by=request.user))


@require_POST
@for_administrators
def removal(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Disconnects; actions and issues stay."""
    found = queries.find(pk)
    operations.disconnect(found, by=request.user)
    messages.success(
        request, f"{found} is disconnected. Actions and issues stay as they are, each on its own."
    )
    return redirect("connections")


@require_POST
@for_administrators
def rules(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Adds a rule."""
    found = queries.find(pk)
    wanted = found.rules.exclude(required=[]).first()
    form = RuleForm(tracker_of(found.service), wanted, request.POST)
    if form.is_valid():
        made = apply_to_form(form, lambda: operations.add_rule(found, by=request.user, **form.values()))
        if made:
            return redirect(found)
    return _page(request, found, rule_form=form)


@require_POST
@for_administrators
def rule_removal(request: PersonRequest, pk: UUID, rule: int) -> HttpResponse:
    """Takes a rule away."""
    found = queries.find(pk)
    operations.remove_rule(get_object_or_404(TargetRule, connection=found, pk=rule), by=request.user)
    return redirect(found)


@require_POST
@for_administrators
def accounts(request: PersonRequest, pk: UUID) -> HttpResponse:
    """Says who somebody is there."""
    found = queries.find(pk)
    form = AccountForm(request.POST)
    if form.is_valid():
        try:
            operations.set_account(found, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field, error.message)
        else:
            return redirect(found)
    return _page(request, found, account_form=form)
