"""Writes the parts of an imported report as records of its incident's post-mortem."""

from __future__ import annotations

from functools import partial

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.actions.operations import add_action, add_link
from followthrough.causes.models import Finding
from followthrough.causes.operations import add_cause, add_finding
from followthrough.core.addresses import is_web_address
from followthrough.incidents.imports.report_readers import Parts, Told
from followthrough.incidents.models import Incident
from followthrough.past_reports.action_words import ActionWords
from followthrough.past_reports.report_parts import ReportParts, read_report
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.postmortems.operations import keep_earlier
from followthrough.records import operations as records
from followthrough.timeline.operations.log_import import Row, take_over

_NO_CAUSE = {Finding.Kind.WENT_WELL, Finding.Kind.LUCK}


def read_parts(told: Told) -> Parts | None:
    """What would become records of the report; None where nothing would."""
    found = read_report(told)
    if not found.holds:
        return None
    first = min((message.happened_at for message in found.messages), default=None)
    write = partial(_write, found, told.source)
    return Parts(found.holds, found.rest, first, tuple(found.remarks), write)


@transaction.atomic
def _write(parts: ReportParts, source: str, incident: Incident, by: User | None) -> None:
    """The post-mortem with its records; of an earlier one nothing is due."""
    postmortem = PostMortem.objects.filter(pk=incident.pk).first() or keep_earlier(incident, by=by)
    rows = [Row(one.key, one.happened_at, one.text, one.author, one.kind) for one in parts.messages]
    take_over(postmortem, rows, source=source[:80], by=by)
    for text, kind in parts.causes:
        cause = None if kind in _NO_CAUSE else add_cause(postmortem, text=text, by=by)
        if kind:
            add_finding(postmortem, kind=kind, text="" if cause else text, cause=cause, by=by)
    people = _people(parts.actions)
    for action in parts.actions:
        _add_action(postmortem, action, owner=people.get(action.owner.lower()), by=by)


def _add_action(postmortem: PostMortem, said: ActionWords, *, owner: User | None, by: User | None) -> None:
    """An owner who is nobody here stays in the words; nobody is told of what was decided elsewhere long ago."""
    text = said.text if owner or not said.owner else f"{said.text} (owner: {said.owner})"
    action = add_action(postmortem, text=text[:1000], due_on=said.due_on, by=by)
    values: dict[str, object] = {"owner": owner} if owner else {}
    if said.is_done:
        values |= {"state": ActionItem.State.DONE, "done_at": timezone.now()}
    if values:
        records.revise(action, values, by=by)
    for title, url in said.links[:10]:
        if is_web_address(url):
            add_link(action, url=url, title=title, by=by)


def _people(actions: list[ActionWords]) -> dict[str, User]:
    """Active members by name, address and its first part; a name that two have is nobody's."""
    if not any(action.owner for action in actions):
        return {}
    found: dict[str, list[User]] = {}
    for person in User.objects.filter(is_active=True):
        if person.is_member:
            for name in {person.name.lower(), person.email.lower(), person.email.partition("@")[0].lower()}:
                found.setdefault(name, []).append(person)
    return {name: people[0] for name, people in found.items() if len(people) == 1}
