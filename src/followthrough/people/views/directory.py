"""The people of the organisation, and what administrators decide about them."""

from __future__ import annotations

from functools import partial

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST, require_safe

from followthrough.core.encryption import encrypt
from followthrough.core.errors import NotFound
from followthrough.core.forms import apply_to_form
from followthrough.core.panels import render_panels
from followthrough.people import operations, queries
from followthrough.people.access import PersonRequest, for_administrators, for_members
from followthrough.people.forms import Invite, OrganisationForm, PersonForm
from followthrough.people.models import Invitation, User
from followthrough.people.tasks import mail_invitation


@require_safe
@for_members
def people(request: PersonRequest) -> HttpResponse:
    """Everyone by team."""
    active = queries.active_people()
    context = {
        "teams": [row for row in queries.teams_with_people(active) if row[1]],
        "others": queries.without_team(active),
        "count": active.count(),
    }
    if request.user.is_administrator:
        context["invitations"] = queries.open_invitations()
        context["deactivated"] = User.objects.filter(is_active=False)
    return render(request, "people/people.html", context)


@for_administrators
def person(request: PersonRequest, pk: int) -> HttpResponse:
    """One person's role and teams."""
    subject = queries.find_person(pk)
    form = PersonForm(request.POST or None, initial=_standing(subject))
    save = partial(operations.change_standing, subject, by=request.user)
    if form.is_valid() and apply_to_form(form, lambda: save(**form.cleaned_data)) is not None:
        messages.success(request, f"Saved {subject}.")
        return redirect("people")
    return render(
        request,
        "people/person.html",
        {"subject": subject, "form": form, "left": render_panels("person.left", request, subject)},
    )


def _standing(subject: User) -> dict[str, object]:
    memberships = list(subject.memberships.all())
    return {
        "role": subject.role,
        "teams": [row.team_id for row in memberships],
        "leads": [row.team_id for row in memberships if row.leads],
    }


@require_POST
@for_administrators
def deactivation(request: PersonRequest, pk: int) -> HttpResponse:
    """Ends somebody's access."""
    subject = queries.find_person(pk)
    operations.deactivate(subject, by=request.user)
    messages.success(request, f"{subject} can no longer sign in. What they wrote is kept.")
    return redirect("person", pk)


@require_POST
@for_administrators
def reactivation(request: PersonRequest, pk: int) -> HttpResponse:
    """Gives somebody their access back."""
    subject = queries.find_person(pk)
    operations.reactivate(subject, by=request.user)
    messages.success(request, f"{subject} can sign in again.")
    return redirect("person", pk)


@for_administrators
def invitations(request: PersonRequest) -> HttpResponse:
    """Invites one or many and shows their links, this once."""
    form = Invite(request.POST or None)
    made = apply_to_form(form, lambda: _invite(form, request.user)) if form.is_valid() else None
    if not made:
        context = {"form": form, "mail_on": settings.MAIL_ON, "organisation": queries.organisation_name()}
        return render(request, "people/invite.html", context)
    links = [
        (invitation, f"{settings.BASE_URL}{reverse('invitation', args=[secret])}")
        for invitation, secret in made
    ]
    sent = [_sent(invitation, link) for invitation, link in links]
    if len(links) == 1:
        return _show_link(request, f"{links[0][0]} is invited", links[0][1], sent[0], more=True)
    return render(request, "people/links.html", {"links": links, "words": sent[0]})


def _invite(form: Invite, by: User) -> list[tuple[Invitation, str]]:
    facts = form.cleaned_data
    return operations.invite_all(emails=facts["email"], role=facts["role"], team=facts["team"], by=by)


def _sent(invitation: Invitation, link: str) -> str:
    """Has the worker mail the link where mail is set up, and says how it travels."""
    if not settings.MAIL_ON:
        return "Mail is not set up here, so pass this link on yourself."
    mail_invitation.enqueue(invitation.pk, encrypt({"link": link}))
    return "It is on its way by mail. You can also pass it on yourself."


@require_POST
@for_administrators
def password_link(request: PersonRequest, pk: int) -> HttpResponse:
    """Makes a link for somebody who cannot sign in any more, shown this once."""
    subject = queries.find_person(pk)
    link = settings.BASE_URL + operations.make_password_link(subject, by=request.user)
    words = "Pass it on to them in person or by a channel you trust. It works once, for three days."
    return _show_link(request, f"A password link for {subject}", link, words)


def _show_link(
    request: PersonRequest, heading: str, link: str, words: str, *, more: bool = False
) -> HttpResponse:
    facts = {"heading": heading, "link": link, "words": words, "more": more}
    return render(request, "people/link.html", facts)


@for_administrators
def organisation(request: PersonRequest) -> HttpResponse:
    """What the organisation calls itself."""
    form = OrganisationForm(request.POST or None, initial={"name": queries.organisation_name()})
    if form.is_valid():
        operations.name_organisation(form.cleaned_data["name"], by=request.user)
        messages.success(request, "The name is saved.")
        return redirect("/settings/")
    return render(request, "people/organisation.html", {"form": form})


@require_POST
@for_administrators
def withdrawal(request: PersonRequest, pk: int) -> HttpResponse:
    """Withdraws an invitation."""
    invitation = Invitation.objects.filter(pk=pk).first()
    if invitation is None:
        raise NotFound("There is no such invitation.")
    operations.withdraw(invitation, by=request.user)
    messages.success(request, f"The invitation to {invitation} is withdrawn; its link no longer works.")
    return redirect("people")
