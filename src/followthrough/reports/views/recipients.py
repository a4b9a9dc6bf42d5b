"""Who gets a summary, and the mail that they get, before it is published."""

from __future__ import annotations

from django.http import HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_POST

from followthrough.core.errors import DomainError
from followthrough.people.access import PersonRequest, for_members
from followthrough.reports.forms import RecipientsForm
from followthrough.reports.models import Summary
from followthrough.reports.operations.recipients import refuse_unfit
from followthrough.reports.queries.assembly import edition_of
from followthrough.reports.queries.reader_mail import letter_of, outside
from followthrough.reports.queries.readers import Recipients, possible_readers, proposed
from followthrough.reports.views.finding import find_summary


@require_POST
@for_members
def mail(request: PersonRequest, incident: int) -> HttpResponse:
    """The mail as those who were chosen would get it now."""
    row = find_summary(request.user, incident)
    chosen, row.note = chosen_recipients(request, row)
    chosen = chosen or proposed(row)
    refuse_unfit(row, chosen)
    text = edition_of(row)
    letter = letter_of(row, text, by=request.user)
    facts = {
        "incident": row.postmortem.incident,
        "people": sorted(map(str, chosen.people)),
        "addresses": chosen.addresses,
        "count": chosen.count,
        "letter": letter,
        "outside": outside(letter, by=request.user) if chosen.addresses else None,
    }
    page = "mail_preview" if request.headers.get("HX-Request") else "mail_preview_page"
    return render(request, f"reports/{page}.html", facts)


def chosen_recipients(request: PersonRequest, row: Summary) -> tuple[Recipients | None, str]:
    """What the form chose, None where there was none, and the note to go with it."""
    if "chosen" not in request.POST:
        return None, ""
    form = RecipientsForm(request.POST, possible=possible_readers(row))
    if not form.is_valid():
        said = next(iter(form.errors.values()))[0]
        raise DomainError(f"{said} Nothing was sent; what you wrote is still in the page you came from.")
    return form.cleaned_data["recipients"], form.cleaned_data["note"]
