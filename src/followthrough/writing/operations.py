"""Every change of a document. Its updates are rows of the room's log; what they say is kept as Markdown as well."""

from __future__ import annotations

from datetime import timedelta

from django.db import transaction
from django.db.models import F
from django.utils import timezone

from followthrough.activity import operations as activity
from followthrough.core.errors import DomainError
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.writing import markdown
from followthrough.writing.document_homes import DocumentPlace
from followthrough.writing.document_tree import Node, normal, unsafe_addresses
from followthrough.writing.models import Document, Update, Version
from followthrough.writing.yjs_document import YjsDocument

MAX_UPDATES = 100
"""As many are folded into the document's state at once."""
KEPT_FOR = timedelta(minutes=2)
"""How long folded updates stay, for frames that are still to be sent."""
KEPT_IN_LOG = timedelta(days=1)
"""How long the log says of each update who wrote it when; versions say it for good."""
MAX_STATE_BYTES_PER_CHARACTER = 24
"""Bytes of state for each character that fits; the editor needs a quarter of that."""


def open_text(postmortem: PostMortem, *, name: str, vector: bytes = b"") -> bytes:
    """The update that brings somebody who has `vector` (a Yjs state vector; empty: nothing) up to date.

    The first to open a text makes its document from the Markdown that stands there; where that was changed by other
    means since, the document follows it.
    """
    place = DocumentPlace(postmortem, name)
    with transaction.atomic():
        _lock(postmortem)
        document, paper = _document(place)
        _follow(document, paper, place, place.standing(), by=None)
    return paper.since(vector) if vector else paper.state


@transaction.atomic
def write(postmortem: PostMortem, *, name: str, data: bytes, by: User) -> Update | None:
    """Adds a Yjs update; None where it says nothing new. Raises DomainError for what is no change of this text."""
    place = DocumentPlace(postmortem, name)
    place.check()
    _lock(postmortem)
    document, paper = _document(place)
    before = len(place.standing())
    if not paper.apply(data):
        return None
    blocks = paper.blocks()
    _refuse_unsafe(document, blocks)
    text = markdown.write_normal(normal(blocks))
    _refuse_too_long(place, text, before, paper)
    return _add(document, place, data, text, by=by)


@transaction.atomic
def rewrite(postmortem: PostMortem, *, name: str, text: str, by: User | None) -> None:
    """Has an open document say what `text` says; nothing where nobody has opened it yet. The caller keeps the text."""
    place = DocumentPlace(postmortem, name)
    _lock(postmortem)
    document = Document.objects.filter(postmortem=postmortem, name=name).first()
    if document is not None:
        _follow(document, yjs_document_of(document), place, text, by=by)


@transaction.atomic
def restore(version: Version, *, by: User) -> Version:
    """Brings an earlier text back as a new version; what stands now is kept as one too."""
    document = version.document
    place = DocumentPlace(document.postmortem, document.name)
    place.check()
    _lock(document.postmortem)
    fold(document)
    _follow(document, yjs_document_of(document), place, version.text, by=by)
    place.keep(version.text)
    return fold(document, restored=version) or document.versions.latest("pk")


@transaction.atomic
def fold(document: Document, *, restored: Version | None = None) -> Version | None:
    """Folds the document's updates into its state; a version of what it says then, or None if that is the last one's."""
    _lock(document.postmortem)
    document.refresh_from_db()
    news = list(document.updates.filter(pk__gt=document.folded).order_by("pk"))
    if not news:
        return None
    paper = yjs_document_of(document)
    document.state, document.folded = paper.state, news[-1].pk
    document.save(update_fields=["state", "folded"])
    return _keep_version(document, markdown.write_normal(paper.read()), news, restored)


def drop_folded() -> int:
    """Deletes updates that are in their documents' states for good; how many."""
    old = Update.objects.filter(pk__lte=F("document__folded"), at__lt=timezone.now() - KEPT_FOR)
    return old.delete()[0]


def forget_folded() -> int:
    """Takes updates that were folded long ago out of the log, where each has a row; how many.

    What they did stays in their document and its versions. A repeated one says nothing new, so it needs no row to be
    taken only once.
    """
    oldest = Update.objects.order_by("at").values_list("at", flat=True).first()
    before = timezone.now() - KEPT_IN_LOG
    return activity.forget(Update._meta.label_lower, before=min(before, oldest or before))


def yjs_document_of(document: Document) -> YjsDocument:
    """The document in memory. The caller holds the lock, so that nothing is folded meanwhile."""
    updates = document.updates.filter(pk__gt=document.folded).order_by("pk").values_list("data", flat=True)
    return YjsDocument(bytes(part) for part in (document.state, *updates) if part)


def _document(place: DocumentPlace) -> tuple[Document, YjsDocument]:
    """The document of a place; whoever comes first makes it of the Markdown that stands there."""
    document = Document.objects.filter(postmortem=place.postmortem, name=place.name).first()
    if document is not None:
        return document, yjs_document_of(document)
    paper = YjsDocument()
    paper.rewrite(markdown.read(place.standing(), keep_lines=place.home.keep_lines))
    state = paper.state
    return Document.objects.create(postmortem=place.postmortem, name=place.name, state=state), paper


def _follow(
    document: Document, paper: YjsDocument, place: DocumentPlace, text: str, *, by: User | None
) -> None:
    blocks = markdown.read(text, keep_lines=place.home.keep_lines)
    if blocks != paper.read():
        update = document.updates.create(data=paper.rewrite(blocks), author=by)
        activity.record(update, "wrote", by=by)


def _add(document: Document, place: DocumentPlace, data: bytes, text: str, *, by: User) -> Update:
    update = document.updates.create(data=data, author=by)
    place.keep(text)
    activity.record(update, "wrote", by=by, label=place.title)
    if document.updates.filter(pk__gt=document.folded).count() >= MAX_UPDATES:
        fold(document)
    return update


def _refuse_unsafe(document: Document, blocks: list[Node]) -> None:
    """What stood there before stays writable: it is drawn as words, and only what is new is refused."""
    unsafe = unsafe_addresses(blocks)
    if unsafe and not unsafe <= unsafe_addresses(yjs_document_of(document).blocks()):
        raise DomainError(
            "A link may lead to https://, http://, mailto: or a page here, and this one does not. Nothing of this "
            "change was saved; your words are kept on this page: take the link away, then add them again.",
            field="text",
        )


def _refuse_too_long(place: DocumentPlace, text: str, before: int, paper: YjsDocument) -> None:
    limit = place.home.limit
    if len(text) > max(limit, before) or len(paper.state) > MAX_STATE_BYTES_PER_CHARACTER * limit:
        raise DomainError(
            f"This would make {len(text):,} characters; {limit:,} fit here. Your words are kept on this page: "
            "shorten them, then add them again.",
            field="text",
        )


def _keep_version(
    document: Document, text: str, news: list[Update], restored: Version | None
) -> Version | None:
    last = document.versions.first()
    if last is not None and last.text == text:
        return None
    version = document.versions.create(text=text, at=news[-1].at, restored=restored)
    authors = {update.author_id for update in news if update.author_id}
    version.authors.set(authors)
    title = DocumentPlace(document.postmortem, document.name).title
    sole = news[-1].author if len(authors) == 1 else None
    activity.record(version, "restored" if restored else "added", by=sole, label=title)
    return version


def _lock(postmortem: PostMortem) -> None:
    """Nobody else writes in the post-mortem's log until this transaction ends."""
    activity.allocate_numbers(postmortem.topic, 0)
