"""Evidence: links and stored files that show what happened."""

from __future__ import annotations

from uuid import UUID, uuid4

from django.conf import settings
from django.core.files.base import ContentFile
from django.core.files.uploadedfile import UploadedFile
from django.db import transaction
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.addresses import web_address
from followthrough.core.errors import Conflict, DomainError
from followthrough.core.parsing import host_of
from followthrough.people.models import User
from followthrough.postmortems.queries.quota import EVIDENCE_OF_A_POSTMORTEM, EVIDENCE_OF_AN_ENTRY
from followthrough.records import operations as records
from followthrough.timeline.media_types import ENDINGS, PICTURES, media_type_of, title_of
from followthrough.timeline.models import Entry, Evidence
from followthrough.timeline.pictures import without_metadata


@transaction.atomic
def attach_link(
    entry: Entry,
    *,
    url: str,
    by: User,
    title: str = "",
    id: UUID | None = None,  # noqa: A002
) -> Evidence:
    """Names a page that showed it. Without a title the link is called by its host."""
    if known := _attached_before(entry, id):
        return known
    url = web_address(url)
    title = records.words(title, limit=200, field="title") or host_of(url)
    return _attach(Evidence(id=id or uuid4(), entry=entry, url=url, title=title), by=by)


def attach_file(
    entry: Entry,
    *,
    file: UploadedFile[bytes],
    by: User,
    title: str = "",
    id: UUID | None = None,  # noqa: A002
) -> Evidence:
    """Stores a picture, PDF or plain text under a name that says nothing; its own name is the title at most.

    Of a picture no EXIF is kept, and so no place where it was taken. The same `id` sent again attaches nothing twice.
    """
    if known := _attached_before(entry, id):
        return known
    if (file.size or 0) > settings.UPLOAD_LIMIT:
        megabytes = settings.UPLOAD_LIMIT // 1024 // 1024
        raise DomainError(
            f"This file is larger than {megabytes} MB. Attach a smaller one, or a link.", field="file"
        )
    content = file.read()
    name = file.name or ""
    media_type = media_type_of(name, content)
    if media_type in PICTURES:  # before the transaction: it takes up to a second
        content = without_metadata(content, title_of(name))
    evidence = Evidence(
        id=id or uuid4(),
        entry=entry,
        title=records.words(title, limit=200, field="title") or title_of(name),
        media_type=media_type,
        size=len(content),
    )
    with transaction.atomic():
        return _attached_before(entry, id) or _attach(evidence, by=by, content=content)


def _attached_before(entry: Entry, key: UUID | None) -> Evidence | None:
    known = Evidence.objects.filter(pk=key).first() if key else None
    if known and known.entry_id != entry.pk:
        raise Conflict("This was attached to another entry already. Nothing was attached twice.")
    return known


def _attach(evidence: Evidence, *, by: User, content: bytes = b"") -> Evidence:
    """Stores evidence, of an anonymous entry's without who added it."""
    entry = evidence.entry
    records.still_there(entry)
    _refuse_too_much(entry)
    evidence.added_by = None if entry.anonymous else by
    if content:
        evidence.file.save(f"{uuid4()}.{ENDINGS[evidence.media_type]}", ContentFile(content), save=False)
    evidence.save(force_insert=True)
    _record(entry, "attached evidence to", [None, evidence.title], by=by)
    return evidence


def _refuse_too_much(entry: Entry) -> None:
    if entry.evidence.filter(removed_at=None).count() >= EVIDENCE_OF_AN_ENTRY:
        raise DomainError(
            f"An entry holds {EVIDENCE_OF_AN_ENTRY} pieces of evidence at most. Remove one first."
        )
    all_of_it = Evidence.objects.filter(entry__postmortem=entry.postmortem_id, removed_at=None)
    if all_of_it.count() >= EVIDENCE_OF_A_POSTMORTEM:
        raise DomainError(
            f"A post-mortem holds {EVIDENCE_OF_A_POSTMORTEM:,} pieces of evidence at most. "
            "All of them are kept; this one was not added. Remove one that nobody needs first."
        )


@transaction.atomic
def remove_evidence(evidence: Evidence, *, by: User) -> None:
    """Takes evidence off its entry; its file stays until the incident is deleted."""
    if evidence.removed_at is None:
        evidence.removed_at = timezone.now()
        evidence.save(update_fields=["removed_at"])
        _record(evidence.entry, "took evidence from", [str(evidence), None], by=by)


@transaction.atomic
def restore_evidence(evidence: Evidence, *, by: User) -> None:
    """Puts evidence back that was taken off; what is there already stays as it is."""
    if evidence.removed_at is not None:
        evidence.removed_at = None
        evidence.save(update_fields=["removed_at"])
        _record(evidence.entry, "put evidence back on", [None, str(evidence)], by=by)


def _record(entry: Entry, verb: str, change: list[object], *, by: User) -> None:
    """Of an anonymous entry's evidence nobody is named."""
    activity.record(entry, verb, by=None if entry.anonymous else by, changes={"evidence": change})
