"""Reading documents and their versions."""

from __future__ import annotations

from datetime import datetime

from django.db.models import Exists, F, OuterRef, QuerySet

from followthrough.core.errors import NotFound
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.writing.models import Document, Update, Version


def resting(*, since: datetime) -> list[Document]:
    """Documents with updates to fold in which nobody has written since `since`."""
    updates = Update.objects.filter(document=OuterRef("pk"))
    waiting = Document.objects.filter(Exists(updates.filter(pk__gt=OuterRef("folded"))))
    return list(waiting.exclude(Exists(updates.filter(at__gte=since))).select_related("postmortem"))


def versions_of(postmortem: PostMortem, name: str) -> QuerySet[Version]:
    """The kept versions of a text with who wrote them, newest first."""
    rows = Version.objects.filter(document__postmortem=postmortem, document__name=name)
    return rows.select_related("restored").prefetch_related("authors")


def version_of(postmortem: PostMortem, name: str, pk: int) -> Version:
    """One version, with what restoring it needs. NotThere where the text has none of that number."""
    rows = Version.objects.select_related("document__postmortem__incident")
    found = rows.filter(document__postmortem=postmortem, document__name=name, pk=pk).first()
    if found is None:
        raise NotFound("There is no such version of this text.")
    return found


def writers_since(postmortem: PostMortem, name: str) -> QuerySet[User]:
    """Who has written since the last version was kept."""
    fresh = Update.objects.filter(
        document__postmortem=postmortem, document__name=name, pk__gt=F("document__folded")
    )
    return User.objects.filter(pk__in=fresh.values("author")).order_by("name")
