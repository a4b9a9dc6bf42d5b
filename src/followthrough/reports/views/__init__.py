"""The summary's page, its exports and its public address."""

from __future__ import annotations

from django.conf import settings
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.utils import timezone
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from followthrough.core.errors import Conflict, DomainError, NotFound
from followthrough.core.headers import content_disposition
from followthrough.incidents.models import Incident
from followthrough.people.access import PersonRequest, for_everyone, for_members
from followthrough.people.models import User
from followthrough.people.throttling import take_answer
from followthrough.postmortems.models import Omission, Promise
from followthrough.reports import exports, operations, pdf, queries
from followthrough.reports.anonymisation import unsure_of
from followthrough.reports.forms import FeedbackForm, LinkForm, ProseForm, ShownForm, WordForm
from followthrough.reports.models import ShareLink, Summary
from followthrough.reports.operations.recipients import note_opening
from followthrough.reports.queries.assembly import current, pending_changes
from followthrough.reports.queries.draft_review import SECTIONS, possible_reviewers, review_of
from followthrough.reports.queries.readers import choice_of, readers_of, sees_who_opened
from followthrough.reports.queries.spoken import left_out_of
from followthrough.reports.views.finding import find_summary
from followthrough.reports.views.recipients import chosen_recipients

_TYPES = {
    "md": ("text/markdown; charset=utf-8", exports.to_markdown),
    "html": ("text/html; charset=utf-8", exports.to_html),
    "json": ("application/json", exports.to_json),
}


@require_safe
@for_everyone
def summary(request: PersonRequest, incident: int) -> HttpResponse:
    """The summary, editable by members until it is published."""
    row = find_summary(request.user, incident)
    if row.state == Summary.State.PUBLISHED:
        note_opening(row, by=request.user)
    editing = (
        request.GET.get("edit", "") if request.user.is_member and row.state != Summary.State.PUBLISHED else ""
    )
    return render(request, "reports/summary.html", _facts(request, row, editing=editing))


@require_POST
@for_members
def prose(request: PersonRequest, incident: int) -> HttpResponse:
    """Stores one section; a stale one comes back with both texts."""
    row = find_summary(request.user, incident)
    form = ProseForm(request.POST)
    if not form.is_valid():
        raise DomainError("That section could not be saved. Your text is still in the page you came from.")
    section = form.cleaned_data["section"]
    try:
        operations.edit_prose(
            row,
            section=section,
            text=form.cleaned_data["text"],
            by=request.user,
            base=form.cleaned_data["base"],
        )
    except Conflict as conflict:
        facts = _facts(request, row, editing=section) | {
            "conflict": conflict,
            "mine": form.cleaned_data["text"],
        }
        return render(request, "reports/summary.html", facts, status=409)
    return redirect(f"/incidents/INC-{incident}/summary/#{section}")


@require_POST
@for_members
def shown(request: PersonRequest, incident: int) -> HttpResponse:
    """Leaves an answer or a parked item out of the summary, or shows it again."""
    row = find_summary(request.user, incident)
    form = ShownForm(request.POST)
    if not form.is_valid():
        raise DomainError("Choose what to leave out or to show again. Nothing was changed.")
    change = operations.take_in if form.cleaned_data["shown"] else operations.leave_out
    change(row, key=str(form.cleaned_data["key"]), by=request.user)
    return redirect(f"/incidents/INC-{incident}/summary/#said-{form.cleaned_data['place']}")


@require_POST
@for_members
def naming(request: PersonRequest, incident: int) -> HttpResponse:
    """Roles or names."""
    row = find_summary(request.user, incident)
    operations.show_names(row, blameless=request.POST.get("blameless") == "yes", by=request.user)
    return redirect("summary", incident=incident)


@require_POST
@for_members
def word_decision(request: PersonRequest, incident: int) -> HttpResponse:
    """Whether a word that may name somebody is a name."""
    row, form = find_summary(request.user, incident), WordForm(request.POST)
    if not form.is_valid():
        raise DomainError("Choose which word is a name. Nothing was changed.")
    operations.decide_word(
        row, word=form.cleaned_data["word"], is_name=form.cleaned_data["is_name"], by=request.user
    )
    return redirect(f"/incidents/INC-{incident}/summary/#named")


@require_POST
@for_members
def publication(request: PersonRequest, incident: int) -> HttpResponse:
    """Publishes, or takes the publication back."""
    row = find_summary(request.user, incident)
    if request.POST.get("take_back"):
        operations.take_back(row, by=request.user)
        messages.success(
            request,
            "It is a draft again. Readers no longer see it, and links do not open until it is published.",
        )
    elif "again" in request.POST:
        operations.publish_again(row, by=request.user)
        messages.success(request, "The new version is published. Everybody who got an earlier one is told.")
    else:
        _publish(request, row)
    return redirect("summary", incident=incident)


def _publish(request: PersonRequest, row: Summary) -> None:
    """To those who were chosen in the form, or to whom it goes unless anybody chose."""
    said = {what: request.POST[what] for what in Omission.What.values if what in request.POST}
    chosen, note = chosen_recipients(request, row)
    operations.publish(row, reasons=said, recipients=chosen, note=note, by=request.user)
    told = row.readers.exclude(told_at=None).count()
    messages.success(request, f"Published. {told} {'reader is' if told == 1 else 'readers are'} told.")


@require_POST
@for_members
def links(request: PersonRequest, incident: int) -> HttpResponse:
    """Makes a share link."""
    form = LinkForm(request.POST)
    if not form.is_valid():
        raise DomainError("Choose how long the link is to work. No link was made.")
    operations.share(find_summary(request.user, incident), by=request.user, days=form.cleaned_data["days"])
    return redirect(f"/incidents/INC-{incident}/summary/#links")


@require_POST
@for_members
def revocation(request: PersonRequest, incident: int, link: int) -> HttpResponse:
    """Ends a share link."""
    row = find_summary(request.user, incident)
    operations.revoke(get_object_or_404(ShareLink, pk=link, summary=row), by=request.user)
    messages.success(request, "The link no longer works.")
    return redirect(f"/incidents/INC-{incident}/summary/#links")


@require_POST
@for_everyone
def feedback(request: PersonRequest, incident: int) -> HttpResponse:
    """A reader's answer to "was this useful?"."""
    row = find_summary(request.user, incident)
    _take_feedback(request, row, reader=request.user)
    return redirect(f"/incidents/INC-{incident}/summary/#feedback")


@require_safe
@for_everyone
def export(request: PersonRequest, incident: int, ending: str) -> HttpResponse:
    """The summary as a file."""
    return _file(
        request, find_summary(request.user, incident), ending, back=f"/incidents/INC-{incident}/summary/"
    )


@require_safe
@never_cache
def shared(request: HttpRequest, secret: str) -> HttpResponse:
    """The published summary for whoever holds the link."""
    link = queries.opened_by(secret)
    operations.count_opening(link)
    facts = {"summary": link.summary, "report": current(link.summary), "secret": secret}
    return render(request, "reports/shared.html", facts)


@require_safe
@never_cache
def shared_export(request: HttpRequest, secret: str, ending: str) -> HttpResponse:
    """The published summary as a file, for whoever holds the link."""
    return _file(request, queries.opened_by(secret).summary, ending, back=f"/s/{secret}/")


@require_POST
def shared_feedback(request: HttpRequest, secret: str) -> HttpResponse:
    """An answer of somebody without an account."""
    summary = queries.opened_by(secret).summary
    if not take_answer(request, f"summary {summary.pk}"):
        raise DomainError(
            "Several answers came from here today, so this one was not kept. The earlier ones were; come back tomorrow."
        )
    _take_feedback(request, summary, reader=None)
    return redirect(f"/s/{secret}/#feedback")


def _facts(request: PersonRequest, row: Summary, *, editing: str) -> dict[str, object]:
    report = current(row)
    editable = request.user.is_member and row.state != Summary.State.PUBLISHED
    asks = editable and row.blameless
    promise = row.postmortem.promises.filter(kind=Promise.Kind.SUMMARY).first()
    return {
        "summary": row,
        "report": report,
        "unsure": unsure_of(row.postmortem, report.texts()) if asks else [],
        "incident": row.postmortem.incident,
        "editing": editing,
        "left_out": left_out_of(row) if editable else None,
        "may_write": editable,
        "pending": pending_changes(row) if request.user.is_member else [],
        "lacks": bool(report.omissions or not report.impact),
        "promise": promise,
        "late": bool(promise and not promise.kept_at and promise.due_at < timezone.now()),
        "links": [
            (link, queries.address_of(link)) for link in queries.standing_links(row.postmortem.incident)
        ],
        "links_rest": row.postmortem.incident.visibility == Incident.Visibility.RESTRICTED,
        "link_form": LinkForm(),
        **_readers(request, row),
        "useful": row.feedback.filter(useful=True).count(),
        "not_useful": row.feedback.filter(useful=False).count(),
        "mine_feedback": row.feedback.filter(reader=request.user).first(),
    }


def _readers(request: PersonRequest, row: Summary) -> dict[str, object]:
    """For members: who gets it and who reviews it, or, once it is published, who opened it."""
    if not request.user.is_member:
        return {}
    if row.state != Summary.State.PUBLISHED:
        return {
            "choice": choice_of(row),
            "review": review_of(row, request.user),
            "reviewers": possible_reviewers(row).exclude(pk=request.user.pk),
            "sections": SECTIONS,
        }
    readers = readers_of(row)
    return {
        "readers": readers,
        "opened": sum(reader.has_opened for reader in readers),
        "sees_who": sees_who_opened(row, request.user),
        "mails": bool(settings.EMAIL_HOST),
    }


def _take_feedback(request: HttpRequest, row: Summary, *, reader: User | None) -> None:
    form = FeedbackForm(request.POST)
    if row.state != Summary.State.PUBLISHED or not form.is_valid():
        raise DomainError("Choose yes or no, then send it again. Nothing was stored.")
    operations.give_feedback(
        row, useful=form.cleaned_data["useful"], comment=form.cleaned_data["comment"], reader=reader
    )
    messages.success(request, "Thank you. Your answer was kept.")


def _file(request: HttpRequest, row: Summary, ending: str, *, back: str) -> HttpResponse:
    if ending == "pdf":
        return _pdf(request, row, back=back)
    if ending not in _TYPES:
        raise NotFound("A summary comes as .md, .html, .pdf or .json.")
    media_type, write = _TYPES[ending]
    return _attachment(row, write(current(row)), media_type, ending)


def _pdf(request: HttpRequest, row: Summary, *, back: str) -> HttpResponse:
    """The document, or the page that shows progress until it is ready and then fetches it."""
    waits = "wait" in request.GET
    content = pdf.find_or_render(row, wait=not waits)
    if content and not waits:
        return _attachment(row, content, "application/pdf", "pdf")
    facts = {"key": row.postmortem.key, "ready": content is not None, "address": request.path, "back": back}
    return render(request, "reports/pdf_progress.html", facts, status=200 if content else 202)


def _attachment(row: Summary, content: str | bytes, media_type: str, ending: str) -> HttpResponse:
    name = f"{row.postmortem.key}-summary.{ending}"
    return HttpResponse(
        content,
        content_type=media_type,
        headers={"Content-Disposition": content_disposition(name)},
    )
