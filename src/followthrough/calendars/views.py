"""A person's calendars, holidays and feed; a team's calendar and holidays."""

from __future__ import annotations

from functools import partial
from typing import Any

from django.conf import settings
from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from followthrough.calendars import operations, queries
from followthrough.calendars.forms import AccountForm, AddressForm, HolidaysForm, TeamCalendarForm
from followthrough.calendars.models import BusyCalendar, CalendarFeed, Holidays
from followthrough.core.forms import apply_to_form
from followthrough.people import queries as people
from followthrough.people.access import PersonRequest, for_administrators, for_everyone
from followthrough.people.models import Team, User

_FORMS: dict[str, type[AddressForm | AccountForm]] = {
    BusyCalendar.Kind.ADDRESS: AddressForm,
    BusyCalendar.Kind.ACCOUNT: AccountForm,
}


@require_http_methods(["GET", "HEAD", "POST"])
@for_everyone
def calendars(request: PersonRequest) -> HttpResponse:
    """Where somebody's busy times are read from; a POST has the worker connect one more."""
    kind = request.POST.get("kind", "")
    if kind not in _FORMS:
        return _page(request)
    form = _FORMS[kind](request.POST, prefix=kind)
    ask = partial(operations.ask_for_check, request.user, kind=kind)
    if form.is_valid() and apply_to_form(form, lambda: ask(**form.cleaned_data)) is not None:
        return redirect("calendars")
    return _page(request, **{kind: form})


@require_POST
@for_everyone
def reading(request: PersonRequest, pk: int) -> HttpResponse:
    """Has the worker read one calendar now, to see whether that works."""
    operations.ask_for_check(request.user, calendar=queries.find(request.user, pk))
    return redirect("calendars")


@require_safe
@for_everyone
def check(request: PersonRequest) -> HttpResponse:
    """How far the person's check is, for the page that shows it; once it is done that page is loaded anew."""
    found = queries.check_of(request.user)
    response = render(request, "calendars/check.html", {"check": found})
    if not (found and found.is_under_way):
        response["HX-Refresh"] = "true"
    return response


@require_POST
@for_everyone
def removal(request: PersonRequest, pk: int) -> HttpResponse:
    """Forgets one calendar and its busy times."""
    calendar = queries.find(request.user, pk)
    operations.remove_calendar(calendar, by=request.user)
    messages.success(request, f"“{calendar}” and what was read from it are forgotten.")
    return redirect("calendars")


@require_POST
@for_everyone
def holidays(request: PersonRequest) -> HttpResponse:
    """Whose public holidays the person keeps."""
    form = _holidays_form(Holidays.objects.filter(person=request.user).first(), request, "Those of my teams")
    choose = partial(operations.choose_holidays, request.user, by=request.user)
    if not _chosen(form, choose):
        return _page(request, holidays_form=form)
    messages.success(request, "Your public holidays are saved.")
    return redirect("calendars")


@require_http_methods(["GET", "HEAD", "POST"])
@for_everyone
def feed(request: PersonRequest) -> HttpResponse:
    """Makes a new address for the person's feed, or takes the old one back; opened again, it leads to the calendars."""
    if request.method != "POST":
        return redirect("calendars")
    if request.POST.get("do") == "revoke":
        operations.revoke_feed(request.user, by=request.user)
        messages.success(request, "Your feed's address no longer works.")
        return redirect("calendars")
    secret = operations.renew_feed(request.user, by=request.user)
    host = settings.BASE_URL.split("://")[-1]
    return _page(request, feed_address=f"webcal://{host}{reverse('feed', args=[secret])}")


@require_safe
@for_administrators
def team_calendars(request: PersonRequest, slug: str) -> HttpResponse:
    """A team's calendar and holidays."""
    return _team_page(request, people.find_team(slug))


@require_POST
@for_administrators
def team_calendar(request: PersonRequest, slug: str) -> HttpResponse:
    """Connects or forgets the calendar that the team's meetings are put into."""
    team = people.find_team(slug)
    if request.POST.get("do") == "remove":
        operations.disconnect_team_calendar(team, by=request.user)
        messages.success(request, "The calendar is forgotten. What was put into it stays there.")
        return redirect("team_calendars", slug)
    form = TeamCalendarForm(request.POST)
    ask = partial(operations.ask_for_check, request.user, team=team)
    if form.is_valid() and apply_to_form(form, lambda: ask(**form.cleaned_data)) is not None:
        return redirect("team_calendars", slug)
    return _team_page(request, team, form=form)


@require_POST
@for_administrators
def team_holidays(request: PersonRequest, slug: str) -> HttpResponse:
    """Whose public holidays the team's people keep who chose none themselves."""
    team = people.find_team(slug)
    form = _holidays_form(Holidays.objects.filter(team=team).first(), request, "None")
    if not _chosen(form, partial(operations.choose_holidays, team, by=request.user)):
        return _team_page(request, team, holidays_form=form)
    messages.success(request, f"The public holidays of {team} are saved.")
    return redirect("team_calendars", slug)


def _chosen(form: HolidaysForm, choose: Any) -> bool:
    if not form.is_valid():
        return False
    values = {"country": form.cleaned_data["country"], "region": form.cleaned_data.get("region", "")}
    return apply_to_form(form, lambda: (choose(**values), True)) is not None


def _holidays_form(row: Holidays | None, request: PersonRequest | None, nobody: str) -> HolidaysForm:
    country, region = (row.country, row.region) if row else ("", "")
    return HolidaysForm(request.POST if request else None, country=country, region=region, nobody=nobody)


def _page(request: PersonRequest, **context: Any) -> HttpResponse:
    person: User = request.user
    row = Holidays.objects.filter(person=person).first()
    check = queries.check_of(person)
    facts = {
        "check": None if check and check.team else check,
        "calendars": queries.calendars_of(person),
        "address": AddressForm(prefix="address"),
        "account": AccountForm(prefix="account"),
        "holidays": row,
        "holidays_form": context.get("holidays_form") or _holidays_form(row, None, "Those of my teams"),
        "feed": CalendarFeed.objects.filter(person=person).first(),
    }
    return render(request, "calendars/calendars.html", facts | context)


def _team_page(request: PersonRequest, team: Team, **context: Any) -> HttpResponse:
    row = Holidays.objects.filter(team=team).first()
    check = queries.check_of(request.user)
    facts = {
        "team": team,
        "check": check if check and check.team == team else None,
        "calendar": queries.calendar_of(team),
        "form": TeamCalendarForm(),
        "holidays": row,
        "holidays_form": context.get("holidays_form") or _holidays_form(row, None, "None"),
    }
    return render(request, "calendars/team.html", facts | context)
