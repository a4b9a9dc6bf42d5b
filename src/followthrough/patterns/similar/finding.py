"""Incidents like this one: the same services, the same sort of cause, the same rare words."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from dataclasses import dataclass, field
from math import log

from django.db.models import QuerySet

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause
from followthrough.incidents import search
from followthrough.incidents.models import Incident, Service, Tag
from followthrough.patterns.models import Occurrence

TERMS = 10
MATCHES = 80
"""So many of the newest matches are looked at per term; a term with as many says little."""
RAREST, COMMONEST = 3.0, 0.3
"""What a word adds at most, and what one adds that is found everywhere."""
ENOUGH = 3.5
SERVICE, CAUSE, TAG = 2.0, 2.0, 1.5
_WORD = re.compile(r"[^\W\d_]{3,}")
_COMMON_WORDS = """about after again all also and any are became because been before began being but came can cause caused
    change changes could customer customers day days did down during each every failed failure few first for from
    get had has have hour hours incident into its itself large lasted lost made many minutes more most new not off
    one only other our out over part people product result second service services several some still system
    systems than that the their them then there these they this three through time two under until was were when
    where which while who with within would year you"""
_COMMON = frozenset(_COMMON_WORDS.split())


@dataclass
class Similar:
    """A past incident with what makes it similar, in words, and its actions (those unfinished first)."""

    incident: Incident
    score: float
    reasons: list[str]
    actions: list[ActionItem] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(action.state in ActionItem.FINISHED for action in self.actions)


@dataclass
class _Evidence:
    score: float = 0.0
    words: list[str] = field(default_factory=list)
    services: list[str] = field(default_factory=list)
    categories: list[str] = field(default_factory=list)
    tags: list[str] = field(default_factory=list)

    def is_enough(self) -> bool:
        """One sort of likeness alone is chance, unless the words agree in several places."""
        sorts = sum(map(bool, (self.words, self.services, self.categories, self.tags)))
        return self.score >= ENOUGH and (sorts > 1 or len(self.words) > 2)

    def reasons(self) -> list[str]:
        named = (
            ("same service", self.services),
            ("same sort of cause", self.categories),
            ("same tag", self.tags),
            ("same words", self.words),
        )
        return [f"{label}: {', '.join(found[:4])}" for label, found in named if found]


def most_similar(incident: Incident, rows: QuerySet[Incident], limit: int) -> list[Similar]:
    """Those of `rows` before this incident that are most like it; often none. Looks at a bounded number."""
    evidence = _gather(incident)
    ranked = sorted(
        ((key, one) for key, one in evidence.items() if one.is_enough()), key=lambda pair: -pair[1].score
    )
    keys = [key for key, _ in ranked]
    past = rows.filter(pk__in=keys, began_at__lt=incident.began_at).exclude(pk=incident.pk)
    visible = past.select_related("severity").defer("what_happened").in_bulk()
    found = [Similar(visible[key], one.score, one.reasons()) for key, one in ranked if key in visible]
    return found[:limit]


def _gather(incident: Incident) -> dict[int, _Evidence]:
    evidence: dict[int, _Evidence] = defaultdict(_Evidence)
    _gather_words(incident, evidence)
    _gather_services(incident, evidence)
    _gather_causes(incident, evidence)
    _gather_tags(incident, evidence)
    return evidence


def _gather_words(incident: Incident, evidence: dict[int, _Evidence]) -> None:
    known = Incident.objects.count()
    for word, weight in _terms(incident).items():
        matches = search.newest_matches(word, MATCHES)
        for key in matches:
            evidence[key].words.append(word)
            evidence[key].score += weight * _rarity(len(matches), known)


def _rarity(matches: int, known: int) -> float:
    return COMMONEST if matches >= MATCHES else min(RAREST, log((known + 1) / matches))


def _terms(incident: Incident) -> dict[str, float]:
    """The words that say most about it, with weights up to 1; those of the title count double.

    Names of its services and tags are left out: they are compared by themselves.
    """
    counts: Counter[str] = Counter()
    named = " ".join(map(str, [*incident.services.all(), *incident.tags.all()])).lower()
    spared = _COMMON.union(_WORD.findall(named))
    for text, weight in ((incident.title, 2), (incident.what_happened[:2000], 1)):
        for word in _WORD.findall(text.lower()):
            if word not in spared:
                counts[word] += weight
    return {word: min(1.0, (1 + log(count)) / 2) for word, count in counts.most_common(TERMS)}


def _gather_services(incident: Incident, evidence: dict[int, _Evidence]) -> None:
    links = Incident.services.through._default_manager
    for service in Service.objects.filter(incidents=incident):
        keys = links.filter(service=service).order_by("-incident").values_list("incident", flat=True)
        for key in keys[: MATCHES * 4]:
            evidence[key].services.append(service.name)
            evidence[key].score += SERVICE / len(evidence[key].services)


def _gather_causes(incident: Incident, evidence: dict[int, _Evidence]) -> None:
    causes = Cause.objects.filter(postmortem=incident.pk, removed_at=None).exclude(category="")
    categories = set(causes.values_list("category", flat=True))
    services = Incident.services.through._default_manager.filter(incident=incident).values("service")
    rows = Occurrence.objects.filter(service__in=services, category__in=categories).order_by("-began_at")
    for key, category in set(rows.values_list("incident", "category")[: MATCHES * 4]):
        evidence[key].categories.append(Cause.Category(category).label.lower())
        evidence[key].score += CAUSE


def _gather_tags(incident: Incident, evidence: dict[int, _Evidence]) -> None:
    links = Incident.tags.through._default_manager
    for tag in Tag.objects.filter(incidents=incident):
        keys = links.filter(tag=tag).order_by("-incident").values_list("incident", flat=True)
        for key in keys[:MATCHES]:
            evidence[key].tags.append(tag.name)
            evidence[key].score += TAG
