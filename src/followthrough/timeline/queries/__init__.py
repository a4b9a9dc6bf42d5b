"""Reading the timeline."""

from __future__ import annotations

from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from uuid import UUID

from django.db.models import Prefetch, QuerySet

from followthrough.core.errors import NotFound
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.postmortems import queries as postmortems
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.models import MILESTONE_KEY, Entry, Evidence
from followthrough.timeline.telling_entries import Outline


def entries_of(postmortem: PostMortem) -> QuerySet[Entry]:
    """The timeline in order, with authors and evidence."""
    evidence = Evidence.objects.filter(removed_at=None).order_by("added_at")
    return (
        Entry.objects.filter(postmortem=postmortem, removed_at=None)
        .select_related("author")
        .prefetch_related(Prefetch("evidence", evidence))
        .order_by("happened_at", "created_at", "pk")
    )


def outline_of(incident: Incident) -> list[Outline]:
    """The timeline in order, without words."""
    rows = Entry.objects.filter(postmortem=incident.pk, removed_at=None)
    found = rows.order_by("happened_at", "created_at", "pk").values_list(
        "pk", "happened_at", "kind", "milestone"
    )
    return [Outline(key, happened_at, kind, milestone or "") for key, happened_at, kind, milestone in found]


def entries_by_key(keys: Collection[UUID]) -> list[Entry]:
    """These entries in order, with their authors."""
    rows = Entry.objects.filter(pk__in=keys).select_related("author")
    return list(rows.order_by("happened_at", "created_at", "pk"))


def has_been_told(postmortem: PostMortem) -> bool:
    """Whether anybody wrote an entry: the milestones of the report alone are no timeline."""
    entries = Entry.objects.filter(postmortem=postmortem, removed_at=None)
    return entries.exclude(source_key__startswith=MILESTONE_KEY).exists()


def find_entry(postmortem: PostMortem, key: UUID | str) -> Entry:
    """An entry of this post-mortem, removed or not. NotThere otherwise."""
    entry = Entry.objects.select_related("postmortem__incident").filter(postmortem=postmortem, pk=key).first()
    if entry is None:
        raise NotFound("This entry is not part of the timeline.")
    return entry


def accounts_of(entry: Entry) -> QuerySet[Entry]:
    """Every account of the same moment, this one among them."""
    same = Entry.objects.filter(postmortem=entry.postmortem_id, removed_at=None)
    return same.filter(moment=entry.moment) if entry.moment else same.filter(pk=entry.pk)


def taken_over(postmortem: PostMortem, keys: Sequence[str]) -> dict[str, Entry]:
    """The entries made of these rows of logs before, by the rows' keys, removed ones too."""
    entries = Entry.objects.filter(postmortem=postmortem, source_key__in=keys)
    return {str(entry.source_key): entry for entry in entries}


def folded(words: str) -> str:
    """Words without regard to case, spaces and what stands around them, to tell whether two say the same."""
    return " ".join(words.casefold().split()).strip(" .,;:!-–—")


def moments_by_words(postmortem: PostMortem) -> dict[str, str]:
    """When each entry's words are said to have happened (ISO 8601, in UTC), by the folded words."""
    entries = Entry.objects.filter(postmortem=postmortem, removed_at=None).values_list("text", "happened_at")
    return {folded(text): f"{moment:%Y-%m-%dT%H:%M:%SZ}" for text, moment in entries}


def people_named(names: Iterable[str]) -> dict[str, User]:
    """Active people by their name in folded case, where exactly one has it."""
    wanted = {name.casefold() for name in names if name}
    if not wanted:
        return {}
    active = [person for person in User.objects.filter(is_active=True) if person.name.casefold() in wanted]
    times = Counter(person.name.casefold() for person in active)
    return {name: person for person in active if times[name := person.name.casefold()] == 1}


def find_evidence(user: User, postmortem: int, key: UUID) -> Evidence:
    """Evidence with a file, of an incident that `user` may see. NotThere otherwise."""
    evidence = Evidence.objects.filter(
        pk=key,
        removed_at=None,
        entry__removed_at=None,
        entry__postmortem=postmortem,
        entry__postmortem__in=postmortems.visible_to(user),
    )
    if not (found := evidence.exclude(file="").first()):
        raise NotFound("There is no such file, or it is not shared with you.")
    return found
