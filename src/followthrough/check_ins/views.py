"""The check-in: each action looked at, together, until each is verified or declined."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import datetime, timedelta
from math import ceil

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import SafeString, mark_safe
from django.views.decorators.http import require_POST, require_safe

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.queries import action_history, holding
from followthrough.actions.queries.action_history import Line
from followthrough.check_ins import operations
from followthrough.check_ins.forms import CheckInTimeForm, NextTimeForm, OutcomeForm
from followthrough.check_ins.models import CheckInOutcome
from followthrough.check_ins.queries import (
    earlier_check_ins,
    fit_of,
    outcome_of,
    proposed_slots,
    recurred_since,
)
from followthrough.core.errors import DomainError, NotFound
from followthrough.core.panels import render_panels
from followthrough.incidents.queries import members_who_see
from followthrough.meetings import phrasing, queries
from followthrough.meetings.models import Meeting
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import note_opened
from followthrough.scheduling.operations import meeting_times

OPEN_FROM = timedelta(days=1)
"""From so long before it on, whoever looks at the page has opened the check-in."""
USUAL_PERCENT = 60
"""Per cent of post-mortem actions that teams usually finish."""


@dataclass(frozen=True)
class Looked:
    """One action with its history and what this check-in already said of it."""

    action: ActionItem
    history: list[Line]
    outcomes: list[CheckInOutcome]
    is_late: bool
    judged_from: datetime | None
    """From when on it can be said whether it held; None where it can be by now."""
    successors: list[ActionItem]

    @property
    def last(self) -> CheckInOutcome | None:
        """The answer that can be taken back."""
        return self.outcomes[0] if self.outcomes and self.outcomes[0].can_be_taken_back else None


@dataclass(frozen=True)
class Progress:
    """How many of the promised actions are finished; `share` in per cent."""

    finished: int
    total: int

    @property
    def share(self) -> int:
        return round(100 * self.finished / self.total) if self.total else 0

    @property
    def words(self) -> str:
        """How it compares with what teams usually finish."""
        usual = ceil(self.total * USUAL_PERCENT / 100)
        if not self.total:
            return "Nothing was promised."
        if self.finished == self.total:
            return f"All of them. Teams usually finish {USUAL_PERCENT} %."
        if self.finished >= usual:
            return f"More than teams usually finish, which is {USUAL_PERCENT} %."
        left = usual - self.finished
        return (
            f"Teams usually finish {USUAL_PERCENT} %; {left} more {'gets' if left == 1 else 'get'} you there."
        )


@require_safe
@for_members
def check_in(request: PersonRequest, pk: int) -> HttpResponse:
    """Each action with its history and the question whether it held."""
    postmortem = meeting_frame.find(request, pk)
    found = _find(postmortem)
    if timezone.now() > found.starts_at - OPEN_FROM:
        note_opened(postmortem, Promise.Kind.CHECK_IN, by=request.user)
    items = list(actions.actions_of(postmortem))
    left = list(holding.unsettled(postmortem))
    is_over = found.state == Meeting.State.HELD
    slots = proposed_slots(postmortem, zone=found.zone) if left or not is_over else []
    return meeting_frame.draw(
        request,
        "check_ins/check_in.html",
        postmortem,
        page="check-in/",
        check_in=found,
        is_ahead=not is_over,
        is_late=found.state == Meeting.State.SCHEDULED and found.ends_at < timezone.now(),
        missing=() if is_over else fit_of(found).missing,
        left=left,
        slots=[slot for slot in slots if slot.starts_at != found.starts_at],
        earlier=earlier_check_ins(found),
        looked=_looked(found, items),
        progress=progress_of(items),
        usual=USUAL_PERCENT,
        owners=members_who_see(postmortem.incident),
        panels=render_panels("check_in.side", request, postmortem),
        recurred=recurred_since(postmortem, request.user)[:10],
        time_form=CheckInTimeForm(zones={request.user.zone, found.zone}, initial={"zone": request.user.zone}),
        today=timezone.localdate(),
    )


def progress_of(items: list[ActionItem]) -> Progress:
    """Declined ones are neither finished nor promised."""
    promised = [item for item in items if item.state != ActionItem.State.DECLINED]
    return Progress(sum(not item.is_open for item in promised), len(promised))


def _find(postmortem: PostMortem) -> Meeting:
    found = queries.current(postmortem, Meeting.Kind.CHECK_IN)
    if found is None:
        raise NotFound("The check-in is made when the meeting closes, two weeks after it.")
    return found


def _looked(found: Meeting, items: list[ActionItem]) -> list[Looked]:
    """Four queries, however many actions; they keep their places, whatever is said of them."""
    lines = action_history.of_all(items)
    outcomes = list(found.outcomes.select_related("by", "action", "successor").order_by("-at", "-pk"))
    delays, now = holding.judgement_delays(), timezone.now()
    return [
        Looked(
            item,
            lines[str(item.pk)],
            [row for row in outcomes if row.action_id == item.pk],
            item.days_late > 0,
            _ahead(holding.judged_from(item, delays[item.kind]), now),
            [other for other in items if other.replaces_id == item.pk],
        )
        for item in items
    ]


def _ahead(moment: datetime, now: datetime) -> datetime | None:
    return moment if moment > now else None


@require_POST
@for_members
@meeting_frame.refusing_to("check_in")
def outcome(request: PersonRequest, pk: int, number: int) -> HttpResponse:
    """Records what became of one action."""
    postmortem = meeting_frame.find(request, pk)
    found, action = _find(postmortem), actions.find(request.user, number)
    form = OutcomeForm(request.POST, people=members_who_see(postmortem.incident))
    if not form.is_valid():
        messages.error(request, f"{action.key} was left as it is: {form.first_problem}")
    else:
        said = operations.record_outcome(found, action, by=request.user, **form.cleaned_data)
        messages.success(request, _noted(request, said))
    return redirect(f"{meeting_frame.base_of(postmortem)}check-in/#{action.key}")


def _noted(request: PersonRequest, said: CheckInOutcome) -> SafeString:
    """What was noted, with a button that takes it back."""
    facts = {"said": said, "action": said.action, "csrf_token": get_token(request)}
    return mark_safe(render_to_string("check_ins/noted.html", facts))  # noqa: S308 - the template escapes


@require_POST
@for_members
@meeting_frame.refusing_to("check_in")
def taking_back(request: PersonRequest, pk: int, number: int, said: int) -> HttpResponse:
    """Takes back what was said last of one action."""
    postmortem = meeting_frame.find(request, pk)
    found = outcome_of(_find(postmortem), number, said)
    action = operations.take_back_outcome(found, by=request.user)
    messages.success(request, f"{action.key} is as it was before: {action.get_state_display().lower()}.")
    return redirect(f"{meeting_frame.base_of(postmortem)}check-in/#{action.key}")


@require_POST
@for_members
@meeting_frame.refusing_to("check_in")
def finishing(request: PersonRequest, pk: int) -> HttpResponse:
    """Finishes the check-in; what is not settled is looked at in the next one."""
    postmortem = meeting_frame.find(request, pk)
    operations.hold_check_in(postmortem, by=request.user, next_at=_next_at(request))
    coming = _find(postmortem)
    if coming.state == Meeting.State.SCHEDULED:
        when = phrasing.day_and_time(coming.starts_at, request.user.zone)
        messages.success(
            request, f"This check-in is finished. The next one is on {when}; everyone it needs is asked."
        )
    else:
        messages.success(
            request, "The check-in is finished, and the loop is closed: every action is settled."
        )
    return redirect("check_in", postmortem.pk)


@require_POST
@for_members
@meeting_frame.refusing_to("check_in")
def planning(request: PersonRequest, pk: int) -> HttpResponse:
    """Plans the next check-in where one was held and something is not settled."""
    postmortem = meeting_frame.find(request, pk)
    _find(postmortem)
    operations.plan_check_in(postmortem, by=request.user, starts_at=_next_at(request))
    messages.success(request, "The next check-in is planned; everyone it needs is asked.")
    return redirect("check_in", postmortem.pk)


def _next_at(request: PersonRequest) -> datetime | None:
    form = NextTimeForm(request.POST)
    if not form.is_valid():
        raise DomainError("Choose one of the times that are proposed. Nothing was changed.", field="next_at")
    chosen: datetime | None = form.cleaned_data["next_at"]
    return chosen


@require_POST
@for_members
@meeting_frame.refusing_to("check_in")
def new_time(request: PersonRequest, pk: int) -> HttpResponse:
    """Moves the check-in."""
    postmortem = meeting_frame.find(request, pk)
    form = CheckInTimeForm(request.POST, zones=())
    if form.is_valid():
        meeting_times.move_meeting(
            _find(postmortem), starts_at=form.cleaned_data["starts_at"], by=request.user
        )
        messages.success(request, "The check-in moved; everyone who was asked is told.")
    else:
        messages.error(request, "It was not moved: give the day and the time.")
    return redirect("check_in", postmortem.pk)
