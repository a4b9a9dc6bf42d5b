"""The list of actions: as a table, as a board, as a file."""

from __future__ import annotations

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from django.conf import settings
from django.db.models import QuerySet
from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from followthrough.actions import queries, transitions
from followthrough.actions.forms import FIRST_DUE_ON_TOP, ActionFilters
from followthrough.actions.models import ActionItem
from followthrough.actions.views.action_rows import line_of
from followthrough.core.csv_download import csv_download
from followthrough.core.pagination import take_page
from followthrough.core.panels import render_row_notes
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User

PAGE_SIZE = 50
CARDS_AT_MOST = 25
S = ActionItem.State
ROWS = "actions.rows"
"""The place beside each action of table and board."""
COLUMNS = (S.PROPOSED, S.COMMITTED, S.IN_PROGRESS, S.DONE, S.VERIFIED)
FIELDS = ("Key", "Action", "Incident", "Owner", "Due", "Priority", "Kind", "State", "Done", "Address")


@dataclass(frozen=True)
class Card:
    """One action on the board with the steps that lead on."""

    action: ActionItem
    steps: tuple[transitions.Step, ...]
    notes: Sequence[str] = ()


@dataclass(frozen=True)
class Column:
    """One state on the board; `more` where it holds more cards than are shown."""

    state: S
    cards: list[Card]
    more: bool


@require_safe
@for_members
def actions(request: PersonRequest) -> HttpResponse:
    """Searched, filtered and shown as the address says."""
    filters = ActionFilters(request.GET)
    rows = queries.with_context(queries.visible_to(request.user))
    if filters.is_board:
        shown = filters.narrow_but_state(rows, request.user)
        facts = {
            "filters": filters,
            "columns": _columns(shown, request),
            "acceptance": queries.acceptance_among(shown),
        }
        return render(request, "actions/board.html", facts)
    page = take_page(
        filters.narrow(rows, request.user),
        order=filters.order,
        size=PAGE_SIZE,
        after=request.GET.get("after", ""),
        before=request.GET.get("before", ""),
    )
    notes = render_row_notes(ROWS, request, page.rows)
    lines = [line_of(action, notes.get(action.pk, ())) for action in page.rows]
    facts = {"filters": filters, "page": page, "lines": lines}
    return render(request, "actions/list.html", facts)


def _columns(rows: QuerySet[ActionItem], request: PersonRequest) -> list[Column]:
    found = {state: _first_of(state, rows.filter(state=state)) for state in COLUMNS}
    notes = render_row_notes(ROWS, request, [action for actions in found.values() for action in actions])
    return [_column(state, actions, request.user, notes) for state, actions in found.items()]


def _first_of(state: S, rows: QuerySet[ActionItem]) -> list[ActionItem]:
    """One more than are shown."""
    order = ("-done_at", "-number") if state in ActionItem.FINISHED else FIRST_DUE_ON_TOP
    return list(rows.order_by(*order)[: CARDS_AT_MOST + 1])


def _column(state: S, found: list[ActionItem], person: User, notes: Mapping[object, Sequence[str]]) -> Column:
    cards = [
        Card(action, transitions.possible(action, person), notes.get(action.pk, ()))
        for action in found[:CARDS_AT_MOST]
    ]
    return Column(state, cards, len(found) > CARDS_AT_MOST)


@require_safe
@for_members
def action_file(request: PersonRequest) -> HttpResponse:
    """The same actions as CSV, for a spreadsheet."""
    filters = ActionFilters(request.GET)
    rows = filters.narrow(queries.with_context(queries.visible_to(request.user)), request.user)
    actions = rows.order_by(*filters.order).iterator(chunk_size=500)
    return csv_download(
        "actions.csv", head=FIELDS, rows=(_cells(action, settings.BASE_URL) for action in actions)
    )


def _cells(action: ActionItem, site: str) -> list[str]:
    return [
        action.key,
        action.text,
        action.postmortem.key,
        str(action.owner or ""),
        action.due_on.isoformat() if action.due_on else "",
        action.get_priority_display(),
        action.get_kind_display(),
        action.state_words,
        action.done_at.date().isoformat() if action.done_at else "",
        site + action.get_absolute_url(),
    ]
