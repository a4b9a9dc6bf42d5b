"""Pages for calendars and mail, where nobody signs in: the feed, and answers to invitations."""

from __future__ import annotations

from datetime import timedelta
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_safe

from followthrough.calendars import queries as calendars
from followthrough.calendars.operations import note_feed_use
from followthrough.meetings import phrasing
from followthrough.meetings.phrasing import name_of
from followthrough.postmortems.models import Participant
from followthrough.scheduling.calendar_feeds import feed_of
from followthrough.scheduling.operations.invitations import answer_invitation
from followthrough.scheduling.queries.calendar_feeds import actions_in_feed, meetings_in_feed
from followthrough.scheduling.queries.invitation_links import InvitationLink, read_link


@require_safe
def feed(_: HttpRequest, secret: str) -> HttpResponse:
    """A person's private calendar; whoever knows the address may read it."""
    person = calendars.person_of_feed(secret)
    note_feed_use(person, at_least=timedelta(hours=1))
    content = feed_of(meetings_in_feed(person), actions_in_feed(person))
    headers = {"Cache-Control": "private, max-age=300", "X-Robots-Tag": "noindex"}
    return HttpResponse(content, content_type="text/calendar; charset=utf-8", headers=headers)


@require_http_methods(["GET", "HEAD", "POST"])
def answer(request: HttpRequest, token: str, response: str) -> HttpResponse:
    """Asks once more, and only a POST answers: mail programs open links by themselves."""
    asked = read_link(token)
    done = request.method == "POST" and asked.is_open
    if done:
        answer_invitation(asked.meeting.postmortem, response=response, by=asked.person)
    with timezone.override(ZoneInfo(asked.person.zone)):
        return render(request, "scheduling/answer.html", _facts(asked, response, done=done))


_WORDS = {
    Participant.Response.ACCEPTED: ("Will you come?", "Yes, I will come", "You will come"),
    Participant.Response.MAYBE: ("Might you come?", "Perhaps", "You may come"),
    Participant.Response.DECLINED: ("Can you not come?", "I cannot come", "You cannot come"),
}
"""What is asked, what the button says, and what is said once it is noted."""


def _facts(asked: InvitationLink, response: str, *, done: bool) -> dict[str, object]:
    return {
        "asked": asked,
        "meeting": asked.meeting,
        "name": name_of(asked.meeting),
        "city": phrasing.city(asked.person.zone),
        "words": _WORDS[Participant.Response(response)],
        "comes": response != Participant.Response.DECLINED,
        "done": done,
    }
