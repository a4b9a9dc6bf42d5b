"""What this room asks of a person, on the first page and in the inbox."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html_join

from followthrough.actions.queries import actions_of
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.scheduling.queries import asked
from followthrough.scheduling.queries.involvement import absent_teams

SHOWN_AT_MOST = 20


def asked_to_facilitate(request: HttpRequest, person: User) -> str:
    """Meetings that the person is asked to lead, each with the answer one press away."""
    rows = list(asked.to_facilitate(person)[:SHOWN_AT_MOST]) if person.is_member else []
    return (
        render_to_string("scheduling/asked_to_facilitate.html", {"postmortems": rows}, request)
        if rows
        else ""
    )


def unheard_teams(_: HttpRequest, postmortem: PostMortem) -> str:
    """Where an owner is chosen: teams that own what failed, of which nobody has a part in the post-mortem or its actions."""
    people = set(postmortem.participants.values_list("person", flat=True)) | {postmortem.facilitator_id}
    people |= set(actions_of(postmortem).values_list("owner", flat=True))
    found = absent_teams(
        postmortem, [pk for pk in people if pk], how="comes to the meeting or owns an action"
    )
    notice = '<p class="notice warning">{} They know it best: is it theirs?</p>'
    return format_html_join("", notice, ((words,) for words in found))


def asked_to_come(request: HttpRequest, person: User) -> str:
    """Meetings ahead to which the person has not said whether they come."""
    rows = list(asked.to_come(person)[:SHOWN_AT_MOST]) if person.is_member else []
    return render_to_string("scheduling/asked_to_come.html", {"meetings": rows}, request) if rows else ""
