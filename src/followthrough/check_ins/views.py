"""The two-week check-in: each action looked at, together."""

from __future__ import annotations

from dataclasses import dataclass
from datetime import timedelta
from math import ceil

from django.contrib import messages
from django.http import HttpResponse
from django.shortcuts import redirect
from django.utils import timezone
from django.views.decorators.http import require_POST, require_safe

from followthrough.actions import queries as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.queries import action_history
from followthrough.actions.queries.action_history import Line
from followthrough.check_ins import check_in_date, operations
from followthrough.check_ins.forms import CheckInTimeForm, OutcomeForm
from followthrough.check_ins.models import CheckInOutcome
from followthrough.check_ins.queries import recurred_since
from followthrough.core.errors import NotFound
from followthrough.core.panels import render_panels
from followthrough.incidents.queries import members_who_see
from followthrough.meetings import queries
from followthrough.meetings.models import Meeting
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.postmortems.models import PostMortem, Promise
from followthrough.postmortems.operations import note_opened
from followthrough.scheduling.operations import meeting_times
from followthrough.scheduling.queries.invitees import shared_days_off

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
    return meeting_frame.draw(
        request,
        "check_ins/check_in.html",
        postmortem,
        page="check-in/",
        check_in=found,
        is_late=found.state == Meeting.State.SCHEDULED and found.ends_at < timezone.now(),
        moved=_why_moved(postmortem, found),
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


def _why_moved(postmortem: PostMortem, found: Meeting) -> str:
    """Why the check-in is not exactly two weeks after the meeting; "" if it is, or if somebody moved it."""
    held = queries.current(postmortem)
    if held is None or found.revision:
        return ""
    starts_at, why = check_in_date.check_in_time(held.starts_at, held.zone, shared_days_off(postmortem))
    return why if starts_at == found.starts_at else ""


def _looked(found: Meeting, items: list[ActionItem]) -> list[Looked]:
    """Three queries, however many actions; those that are open come first."""
    lines = action_history.of_all(items)
    outcomes = list(found.outcomes.select_related("by").order_by("-at"))
    today = timezone.localdate()
    return [
        Looked(
            item,
            lines[str(item.pk)],
            [row for row in outcomes if row.action_id == item.pk],
            bool(item.is_open and item.due_on and item.due_on < today),
        )
        for item in sorted(items, key=lambda item: (not item.is_open, item.due_on or today, item.number))
    ]


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
        operations.record_outcome(found, action, by=request.user, **form.cleaned_data)
        messages.success(request, f"{action.key}: noted.")
    return redirect(f"{meeting_frame.base_of(postmortem)}check-in/#{action.key}")


@require_POST
@for_members
@meeting_frame.refusing_to("check_in")
def holding(request: PersonRequest, pk: int) -> HttpResponse:
    """Closes the check-in."""
    postmortem = meeting_frame.find(request, pk)
    operations.hold_check_in(postmortem, by=request.user)
    messages.success(request, "The check-in is held. What is still open stays with its owners.")
    return redirect("check_in", postmortem.pk)


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
