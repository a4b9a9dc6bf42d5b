"""Who comes, and who leads."""

from __future__ import annotations

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.views.decorators.http import require_http_methods, require_POST

from followthrough.core.errors import DomainError, NotFound
from followthrough.core.return_address import back_or
from followthrough.incidents.queries import members_who_see, naming_hidden
from followthrough.meetings import queries
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import Participant, PostMortem
from followthrough.scheduling import attendees, facilitators
from followthrough.scheduling.forms import FacilitatorForm, InvitationForm
from followthrough.scheduling.operations import invitations
from followthrough.scheduling.queries import involvement
from followthrough.scheduling.queries.invitees import invitees_of, number_of_stakeholders


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def who_comes(request: PersonRequest, pk: int) -> HttpResponse:
    """Those asked, those suggested with the reasons, and a way to ask anyone else."""
    postmortem = meeting_frame.find(request, pk)
    people = members_who_see(postmortem.incident)
    if "all" in request.POST:
        return _ask_all(request, postmortem)
    form = InvitationForm(request.POST or None, people=people)
    if form.is_valid() and _invited(request, form, postmortem):
        return redirect("attendees", postmortem.pk)
    participants = list(queries.participants_of(postmortem))
    hidden = naming_hidden({one.reason for one in participants}, request.user)
    for one in participants:
        one.reason = "" if one.reason in hidden else one.reason
    coming = invitees_of(postmortem)
    known = [one.person_id for one in participants] + [one.person.pk for one in coming]
    return meeting_frame.draw(
        request,
        "scheduling/attendees.html",
        postmortem,
        page="attendees/",
        participants=participants,
        suggestions=attendees.suggest(involvement.facts_for(postmortem, request.user), apart_from=known),
        warning=attendees.warning(len(coming)),
        absent=involvement.absent_teams(postmortem, [one.person.pk for one in coming]),
        seats=len(coming),
        stakeholders=number_of_stakeholders(),
        form=form,
    )


def _ask_all(request: PersonRequest, postmortem: PostMortem) -> HttpResponse:
    """Everybody who is suggested, each as required or optional as suggested."""
    known = [one.person_id for one in queries.participants_of(postmortem)]
    known += [one.person.pk for one in invitees_of(postmortem)]
    found = attendees.suggest(involvement.facts_for(postmortem, request.user), apart_from=known)
    wanted = [attendees.Invitee(one.person, one.required, one.reason) for one in found]
    wanted = [one for one in wanted if one.person.is_active and one.person.is_member]
    invitations.invite_all(postmortem, wanted, by=request.user)
    messages.success(request, f"{len(wanted)} {'person is' if len(wanted) == 1 else 'people are'} asked.")
    return redirect("attendees", postmortem.pk)


def _invited(request: PersonRequest, form: InvitationForm, postmortem: PostMortem) -> bool:
    values = form.cleaned_data
    try:
        invitations.invite(
            postmortem,
            values["person"],
            required=values["required"],
            reason=values["reason"],
            by=request.user,
        )
    except DomainError as error:
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


@require_POST
@for_members
@meeting_frame.refusing_to("attendees")
def seat(request: PersonRequest, pk: int, participant_pk: int) -> HttpResponse:
    """Makes somebody required or optional, or takes them off the list."""
    participant = _participant(meeting_frame.find(request, pk), participant_pk)
    wish = request.POST.get("wish")
    if wish == "remove":
        invitations.withdraw_invitation(participant, by=request.user)
    elif wish in {"required", "optional"}:
        invitations.invite(
            participant.postmortem,
            participant.person,
            required=wish == "required",
            reason=participant.reason,
            by=request.user,
        )
    return redirect("attendees", pk)


def _participant(postmortem: PostMortem, pk: int) -> Participant:
    participant = queries.participants_of(postmortem).filter(pk=pk).first()
    if participant is None:
        raise NotFound("They are no longer on the list.")
    return participant


@require_http_methods(["GET", "HEAD", "POST"])
@for_members
def facilitator(request: PersonRequest, pk: int) -> HttpResponse:
    """Neutral people, ranked with reasons; anyone else may be chosen, somebody involved for a reason."""
    postmortem = meeting_frame.find(request, pk)
    people = members_who_see(postmortem.incident)
    form = FacilitatorForm(request.POST or None, people=people)
    if form.is_valid() and _asked(request, form, postmortem):
        return redirect("facilitator", postmortem.pk)
    meeting = queries.current(postmortem)
    candidates = involvement.candidates_for(postmortem, meeting, request.user)
    others = [one for one in candidates if one.person.pk != postmortem.facilitator_id]
    return meeting_frame.draw(
        request,
        "scheduling/facilitator.html",
        postmortem,
        page="facilitator/",
        meeting=meeting,
        suggestions=facilitators.suggest(others),
        form=form,
        is_me=postmortem.facilitator_id == request.user.pk,
    )


def _asked(request: PersonRequest, form: FacilitatorForm, postmortem: PostMortem) -> bool:
    """Asks, or hands the task on where it is the facilitator who chooses; whether that worked."""
    person, reason = form.cleaned_data["person"], form.cleaned_data["reason"]
    try:
        if postmortem.facilitator == request.user and person != request.user:
            invitations.hand_on_facilitation(postmortem, to=person, reason=reason, by=request.user)
        else:
            invitations.ask_facilitator(postmortem, person, reason=reason, by=request.user)
    except DomainError as error:
        postmortem.refresh_from_db()
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return False
    return True


@require_POST
@for_members
@meeting_frame.refusing_to("facilitator")
def facilitation(request: PersonRequest, pk: int) -> HttpResponse:
    """The person who was asked accepts, or gives the task back."""
    postmortem = meeting_frame.find(request, pk)
    if request.POST.get("answer") == "accept":
        invitations.accept_facilitation(postmortem, by=request.user)
        messages.success(request, "Thank you. Your brief is ready.")
        return back_or(request, "brief", postmortem.pk)
    invitations.hand_on_facilitation(postmortem, by=request.user)
    messages.success(request, "You gave it back; somebody else is looked for.")
    return back_or(request, "facilitator", postmortem.pk)
