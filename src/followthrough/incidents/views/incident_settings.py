"""What administrators set: severities, review rules, tags, webhooks."""

from __future__ import annotations

from django.conf import settings as django_settings
from django.contrib import messages
from django.db.models import Count
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.panels import render_panels
from followthrough.incidents.forms.catalogue import NameForm, RuleForm, SeverityForm
from followthrough.incidents.models import ReviewRule, Severity, Tag, WebhookEndpoint
from followthrough.incidents.operations import catalogue
from followthrough.people.access import PersonRequest, for_administrators

MAX_TAGS = 500


@require_safe
@for_administrators
def settings(request: PersonRequest) -> HttpResponse:
    """Every place where something can be set; other rooms add theirs."""
    return render(request, "incidents/settings.html", {"panels": render_panels("settings", request, None)})


@require_safe
@for_administrators
def severities(request: PersonRequest) -> HttpResponse:
    """All severities, the gravest first."""
    return render(request, "incidents/severities.html", {"severities": Severity.objects.all()})


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def severity(request: PersonRequest, pk: int | None = None) -> HttpResponse:
    """A new severity, or an existing one."""
    found = Severity.objects.filter(pk=pk).first() if pk else Severity()
    if found is None:
        raise NotFound("There is no such severity.")
    form = SeverityForm(request.POST or None, instance=found)
    if form.is_valid():
        fresh = Severity.objects.get(pk=pk) if pk else Severity()
        try:
            catalogue.save_severity(fresh, by=request.user, **form.cleaned_data)
        except DomainError as error:
            form.add_error(error.field if error.field in form.fields else None, error.message)
        else:
            return redirect("severities")
    facts = {"form": form, "title": str(found) if pk else "New severity", "back": "severities"}
    return render(request, "incidents/setting_form.html", facts)


@require_POST
@for_administrators
def severity_removal(request: PersonRequest, pk: int) -> HttpResponse:
    """Removes a severity that nothing uses."""
    found = Severity.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such severity.")
    try:
        catalogue.remove_severity(found, by=request.user)
    except DomainError as error:
        messages.error(request, error.message)
    return redirect("severities")


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def rules(request: PersonRequest) -> HttpResponse:
    """Which incidents need a post-mortem: every rule with its bound, saved together."""
    found = list(ReviewRule.objects.order_by("pk"))
    severities = list(Severity.objects.order_by("rank", "pk"))
    forms = [
        RuleForm(request.POST or None, instance=rule, prefix=rule.fact, severities=severities)
        for rule in found
    ]
    if request.method == "POST" and all(form.is_valid() for form in forms):
        catalogue.change_rules({form.instance.pk: form.cleaned_data for form in forms}, by=request.user)
        messages.success(request, "Saved. The rules count for incidents that end from now on.")
        return redirect("rules")
    rows = [(form, form.instance.fact in catalogue.WITH_NUMBER) for form in forms]
    return render(request, "incidents/rules.html", {"rows": rows})


@require_safe
@for_administrators
def tags(request: PersonRequest) -> HttpResponse:
    """Tags with how often each is used, the most used first."""
    found = Tag.objects.annotate(used=Count("incidents")).order_by("-used", "name")[:MAX_TAGS]
    return render(request, "incidents/tags.html", {"tags": found})


@require_POST
@for_administrators
def tag(request: PersonRequest, pk: int) -> HttpResponse:
    """Renames a tag, or takes it away."""
    found = Tag.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such tag any more.")
    form = NameForm(request.POST)
    if "remove" in request.POST:
        catalogue.remove_tag(found, by=request.user)
    elif form.is_valid():
        catalogue.rename_tag(found, form.cleaned_data["name"], by=request.user)
    else:
        messages.error(request, "A tag needs a name of at most 60 letters; nothing was changed.")
    return redirect("tags")


@require_http_methods(["GET", "HEAD", "POST"])
@for_administrators
def webhooks(request: PersonRequest) -> HttpResponse:
    """Addresses where other programs report incidents; a new one's address is shown this once."""
    form, address = NameForm(request.POST or None), ""
    if form.is_valid():
        _, secret = catalogue.create_webhook(name=form.cleaned_data["name"], by=request.user)
        address, form = f"{django_settings.BASE_URL}/hooks/{secret}/", NameForm()
    facts = {"form": form, "address": address, "hooks": WebhookEndpoint.objects.select_related("created_by")}
    return render(request, "incidents/webhooks.html", facts)


@require_POST
@for_administrators
def webhook_revocation(request: PersonRequest, pk: int) -> HttpResponse:
    """Closes the address for good."""
    found = WebhookEndpoint.objects.filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such hook.")
    catalogue.revoke_webhook(found, by=request.user)
    return redirect("hooks")
