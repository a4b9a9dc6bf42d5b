"""Reading whether fixes can be judged, and which actions a post-mortem still waits for."""

from __future__ import annotations

from datetime import datetime, timedelta

from django.db.models import Exists, F, OuterRef, Q, QuerySet
from django.utils import timezone

from followthrough.actions.models import ActionItem, JudgementDelay
from followthrough.postmortems.models import PostMortem

S = ActionItem.State


def judgement_delays() -> dict[str, int]:
    """{kind of action: days that it has to be done before it can be judged}."""
    usual = dict.fromkeys(ActionItem.Kind.values, JudgementDelay.USUAL_DAYS)
    return usual | dict(JudgementDelay.objects.values_list("kind", "days"))


def days_until_judged(action: ActionItem) -> int:
    return judgement_delays()[action.kind]


def judged_from(action: ActionItem, days: int | None = None) -> datetime:
    """From when on it can be said whether the action held; one query where `days` is not given."""
    wait = days_until_judged(action) if days is None else days
    return (action.done_at or timezone.now()) + timedelta(days=wait)


def unsettled(postmortem: PostMortem) -> QuerySet[ActionItem]:
    """Actions that are neither verified nor declined; one that failed is settled by its successor."""
    rows = ActionItem.objects.filter(postmortem=postmortem, removed_at=None)
    successors = ActionItem.objects.filter(replaces=OuterRef("pk"), removed_at=None)
    failed = Q(state=S.DONE) & (Q(done_at=None, failed_at__isnull=False) | Q(failed_at__gte=F("done_at")))
    rows = rows.exclude(state__in=(S.VERIFIED, S.DECLINED)).exclude(failed & Exists(successors))
    return rows.select_related("owner", "finding").order_by("created_at", "number")
