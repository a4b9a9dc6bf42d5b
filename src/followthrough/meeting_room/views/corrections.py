"""Correcting timeline, causes and findings after the meeting has closed; every correction stands in the history."""

from __future__ import annotations

from collections.abc import Callable
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.contrib import messages
from django.http import HttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import redirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.utils.safestring import mark_safe
from django.views.decorators.http import require_POST, require_safe

from followthrough.causes import operations as causes
from followthrough.causes.models import Finding
from followthrough.causes.queries import causes_of, find_cause, find_finding, findings_of
from followthrough.core.errors import DomainError
from followthrough.core.times import NOT_PLAUSIBLE
from followthrough.core.timestamps import Stamp
from followthrough.core.typed_moments import wall_time
from followthrough.incidents.models import Incident
from followthrough.meeting_room.forms import CorrectionForm
from followthrough.meetings.views import meeting_frame
from followthrough.people.access import PersonRequest, for_members
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.models import Entry
from followthrough.timeline.operations import entries
from followthrough.timeline.queries import entries_of, find_entry

Said = dict[str, Any]


@require_safe
@for_members
def corrections(request: PersonRequest, pk: int) -> HttpResponse:
    """Everything that the meeting wrote down, each with a way to correct it."""
    postmortem = meeting_frame.find(request, pk)
    if postmortem.closed_at is None:
        messages.info(request, "The meeting is not closed yet: write in its room.")
        return redirect("room", postmortem.pk)
    return _draw(request, postmortem)


def _draw(
    request: PersonRequest, postmortem: PostMortem, asked: dict[str, str] | None = None
) -> HttpResponse:
    """`asked` is what was sent whose time was not read: it stands in its row again, with the question."""
    page = meeting_frame.draw(
        request,
        "meeting_room/corrections.html",
        postmortem,
        page="corrections/",
        entries=entries_of(postmortem),
        causes=causes_of(postmortem),
        findings=findings_of(postmortem).prefetch_related("actions"),
        entry_kinds=_kinds_of_entries(postmortem.incident),
        finding_kinds=Finding.Kind.choices,
        asked=asked or {},
    )
    page.status_code = 422 if asked else 200
    return page


def _kinds_of_entries(incident: Incident) -> list[tuple[str, str]]:
    """Those that its kind of event has, and those that are in use."""
    used = Entry.objects.filter(postmortem=incident.pk, removed_at=None).values_list("kind", flat=True)
    offered = {*incident.words.entry_kinds, *used}
    return [(kind, label) for kind, label in Entry.Kind.choices if kind in offered]


@require_POST
@for_members
@meeting_frame.refusing_to("corrections")
def correction(request: PersonRequest, pk: int) -> HttpResponse:
    """Adds, changes, takes away or brings back one thing."""
    postmortem = meeting_frame.find(request, pk)
    if postmortem.closed_at is None:
        raise DomainError("The meeting is not closed yet: write in its room. Nothing was changed.")
    form = CorrectionForm(request.POST, choices=_CORRECTIONS.keys())
    if "happened_at" in form.errors:
        return _draw(request, postmortem, _asked(request, form.first_problem))
    if not form.is_valid():
        raise DomainError(f"Nothing was changed: {form.first_problem}")
    what = form.cleaned_data.pop("what")
    try:
        _CORRECTIONS[what](postmortem, form.cleaned_data, request.user)
    except DomainError as error:
        if error.field not in {"line", "happened_at"}:
            raise
        return _draw(request, postmortem, _asked(request, error.message))
    if what.startswith("remove"):
        facts = {"what": what.replace("remove", "restore"), "key": form.cleaned_data["key"], "number": pk}
        facts["csrf_token"] = get_token(request)
        undo = render_to_string("meeting_room/correction_undo.html", facts)
        messages.success(request, mark_safe(undo))  # noqa: S308 - drawn by a template that escapes
    else:
        messages.success(request, "Corrected. The history says what it was before.")
    return redirect("corrections", pk)


def _asked(request: PersonRequest, problem: str) -> dict[str, str]:
    sent = {name: request.POST.get(name, "") for name in ("what", "key", "text", "happened_at")}
    return sent | {"problem": f"{problem} Nothing was changed yet, and what you wrote is kept."}


def _add_entry(postmortem: PostMortem, said: Said, by: User) -> None:
    entries.write_line(postmortem, line=said["text"], zone=postmortem.incident.zone, by=by)


def _change_entry(postmortem: PostMortem, said: Said, by: User) -> None:
    entry = find_entry(postmortem, said["key"])
    when = _moment(said["happened_at"], entry)
    same = when and when.replace(second=0) == entry.happened_at.replace(second=0, microsecond=0)
    entries.change_entry(
        entry,
        text=said["text"],
        happened_at=None if same else when,
        kind=said["kind"] or None,
        base=said["base"],
        by=by,
    )


def _moment(said: datetime | Stamp | None, entry: Entry) -> datetime | None:
    """On the incident's clock; a time without a day is of the day on which the entry is."""
    zone = ZoneInfo(entry.postmortem.incident.zone)
    if isinstance(said, Stamp):
        before = entry.happened_at.astimezone(zone).replace(tzinfo=None)
        midnight = before.replace(hour=0, minute=0, second=0, microsecond=0)
        said = wall_time(said, now=timezone.now().astimezone(zone).replace(tzinfo=None), after=midnight)
        if said is None:
            raise DomainError(NOT_PLAUSIBLE, field="happened_at")
    return said and said.replace(tzinfo=zone)


def _add_cause(postmortem: PostMortem, said: Said, by: User) -> None:
    parent = find_cause(postmortem, said["parent"]) if said["parent"] else None
    causes.add_cause(postmortem, text=said["text"], parent=parent, by=by)


def _change_cause(postmortem: PostMortem, said: Said, by: User) -> None:
    causes.change_cause(find_cause(postmortem, said["key"]), text=said["text"], base=said["base"], by=by)


def _add_finding(postmortem: PostMortem, said: Said, by: User) -> None:
    causes.add_finding(postmortem, kind=said["kind"], text=said["text"], by=by)


def _change_finding(postmortem: PostMortem, said: Said, by: User) -> None:
    finding = find_finding(postmortem, said["key"])
    causes.change_finding(finding, kind=said["kind"], text=said["text"], base=said["base"], by=by)


_CORRECTIONS: dict[str, Callable[[PostMortem, Said, User], object]] = {
    "add-entry": _add_entry,
    "change-entry": _change_entry,
    "remove-entry": lambda of, said, by: entries.remove_entry(find_entry(of, said["key"]), by=by),
    "restore-entry": lambda of, said, by: entries.restore_entry(find_entry(of, said["key"]), by=by),
    "add-cause": _add_cause,
    "change-cause": _change_cause,
    "remove-cause": lambda of, said, by: causes.remove_cause(find_cause(of, said["key"]), by=by),
    "restore-cause": lambda of, said, by: causes.restore_cause(find_cause(of, said["key"]), by=by),
    "add-finding": _add_finding,
    "change-finding": _change_finding,
    "remove-finding": lambda of, said, by: causes.remove_finding(find_finding(of, said["key"]), by=by),
    "restore-finding": lambda of, said, by: causes.restore_finding(find_finding(of, said["key"]), by=by),
}
