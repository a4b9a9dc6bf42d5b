"""The figures as a page, and each as a file."""

from __future__ import annotations

from dataclasses import dataclass

from django.conf import settings
from django.http import HttpResponse
from django.shortcuts import render
from django.utils import timezone
from django.utils.safestring import SafeString
from django.views.decorators.http import require_safe

from followthrough.core.csv_download import csv_download
from followthrough.core.errors import NotFound
from followthrough.insights import drawing, measures, queries
from followthrough.insights.choice import Choice
from followthrough.insights.figure_tables import Table, download_of, table_of
from followthrough.insights.forms import InsightFilters
from followthrough.insights.lateness import days_late
from followthrough.insights.measures import Measure
from followthrough.insights.phrasing import headline_of, sentence_of
from followthrough.insights.queries import Found
from followthrough.people.access import PersonRequest, for_members


@dataclass(frozen=True)
class Card:
    """One figure as the page shows it."""

    measure: Measure
    sentence: str
    drawn: SafeString
    table: Table

    @property
    def is_known(self) -> bool:
        return bool(self.sentence)


SECTIONS = {
    "What happened": ["months", "cost"],
    "In time": ["reviewed", "summaries", "actions", "fixes"],
    "How long it takes": ["detect", "acknowledge", "mitigate", "resolve", "lateness"],
    "Whether it comes back": ["recurrence", "survival"],
    "Who carries it": ["teams", "facilitation"],
    "What is missing": ["omissions"],
}


@require_safe
@for_members
def insights(request: PersonRequest) -> HttpResponse:
    """How the organisation learns, as far as its record can say."""
    filters = InsightFilters(request.GET or {"period": "12"})
    choice = filters.choice(timezone.now())
    number, cards = queries.cached_figures(choice, lambda: _counted(choice))
    sections = [(title, [cards[key] for key in keys]) for title, keys in SECTIONS.items()]
    return render(
        request,
        "insights/insights.html",
        {
            "filters": filters,
            "choice": choice,
            "number": number,
            "headline": headline_of({key: card.measure for key, card in cards.items()}),
            "sections": sections,
            "shown": [
                (title, known) for title, of in sections if (known := [card for card in of if card.is_known])
            ],
            "unknown": [card.measure.title for _, of in sections for card in of if not card.is_known],
            "address": request.GET.urlencode(),
            "currency": settings.CURRENCY,
        },
    )


def _counted(choice: Choice) -> tuple[int, dict[str, Card]]:
    """How many incidents there are, and {key: figure}."""
    found = queries.find(choice)
    rows = _all_of(found, choice)
    return len(found.now), {
        row.key: Card(row, sentence_of(row), drawing.draw(row), table_of(row)) for row in rows
    }


def _all_of(found: Found, choice: Choice) -> list[Measure]:
    return [*measures.all_of(found, choice), days_late(found)]


@require_safe
@for_members
def download(request: PersonRequest, key: str) -> HttpResponse:
    """The values behind one figure, for the same filters."""
    choice = InsightFilters(request.GET or {"period": "12"}).choice(timezone.now())
    found = queries.find(choice)
    measure = next((row for row in _all_of(found, choice) if row.key == key), None)
    if measure is None:
        raise NotFound("There is no such figure.")
    table = download_of(measure, found)
    return csv_download(f"{key}.csv", head=table.head, rows=table.rows)
