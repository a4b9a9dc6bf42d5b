"""What calendars add to pages of rooms below."""

from __future__ import annotations

from django.http import HttpRequest
from django.template.loader import render_to_string

from followthrough.calendars.models import BusyCalendar, TeamCalendar
from followthrough.people.models import Team, User


def profile_card(request: HttpRequest, person: User) -> str:
    """How many calendars are connected, and which cannot be read."""
    rows = list(BusyCalendar.objects.filter(person=person).only("name", "error"))
    return render_to_string("calendars/profile_card.html", {"calendars": rows}, request)


def team_cards(request: HttpRequest, team: Team) -> str:
    """The way to a team's calendar."""
    calendar = TeamCalendar.objects.filter(team=team).first()
    return render_to_string("calendars/team_card.html", {"team": team, "calendar": calendar}, request)
