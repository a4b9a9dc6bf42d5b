"""Similarity search by TF-IDF: incidents like this one, with the reasons. What one may not see takes no part."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass, field
from typing import TYPE_CHECKING

from django.conf import settings

from followthrough.actions.models import ActionItem
from followthrough.causes.models import Cause
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.similarity.models import SimilarityFeedback
from followthrough.similarity.queries.source_text import SourceText, texts_of

if TYPE_CHECKING:
    from django.db.models import QuerySet

    from followthrough.similarity.inverted_index import Match

MAX_CANDIDATES = 50
"""So many of those most alike in words are compared by services, causes and tags as well."""
SERVICE, CAUSE, TAG = 0.2, 0.1, 0.2
"""What it adds to have all of them in common."""
WORD_SCORE_MIN, ENOUGH = 0.4, 0.55
"""With less likeness in words, and in all, it is mostly chance: of the first found for reports that are known to belong
together nine in ten have more, in bug trackers as in incident reports."""
BANDS = ((0.9, "Much alike"), (0.7, "Alike"), (ENOUGH, "Somewhat alike"))
MAX_NAMED_WORDS = 5
Named = defaultdict[int, set[str]]
"""{incident: names of what it has}"""


@dataclass
class Similar:
    """A past incident with what makes it similar, in words, and its actions (those unfinished first).

    `said` is what people said of the likeness; their word stands above what is computed.
    """

    incident: Incident
    band: str
    reasons: list[str]
    said: SimilarityFeedback | None = None
    actions: list[ActionItem] = field(default_factory=list)

    @property
    def done(self) -> int:
        return sum(action.state in ActionItem.FINISHED for action in self.actions)

    @property
    def in_a_line(self) -> str:
        """ "Alike: same words: certificate; 1 of 2 actions done"."""
        done = (
            f"{self.done} of {len(self.actions)} actions done" if self.actions else "no action came out of it"
        )
        return f"{self.band} – {'; '.join([*self.reasons, done])}"


@dataclass(frozen=True)
class SimilarityQuery:
    """What is looked for: the incident itself, or only a sentence that somebody typed."""

    told: SourceText
    incident: Incident | None = None

    @property
    def key(self) -> int:
        return self.incident.pk if self.incident else 0


def similar_to(incident: Incident, user: User, limit: int = 3) -> list[Similar]:
    """The past incidents most like this one that `user` may see; often none. First those that people confirmed,
    also later ones."""
    return _similar(_asked(incident), incidents.visible_to(user), incidents.hidden_from(user), limit)


def similar_since(incident: Incident, user: User, limit: int = 5) -> list[Similar]:
    """What came after it and is like it."""
    rows = incidents.visible_to(user)
    return _similar(_asked(incident), rows, incidents.hidden_from(user), limit, later=True)


def similar_to_sentence(text: str, user: User, limit: int = 5) -> list[Similar]:
    """Incidents like what somebody typed, whenever they were."""
    asked = SimilarityQuery(SourceText(text, ""))
    return _similar(asked, incidents.visible_to(user), incidents.hidden_from(user), limit)


def similar_for_all(incident: Incident) -> Sequence[tuple[Incident, str]]:
    """What everyone in a meeting may be shown: (incident, reasons) of those open to the whole organisation."""
    everyones = Incident.objects.filter(visibility=Incident.Visibility.OPEN)
    hidden = Incident.objects.filter(visibility=Incident.Visibility.RESTRICTED)
    return [(one.incident, one.in_a_line) for one in _similar(_asked(incident), everyones, hidden, 3)]


def similar_anywhere(incident: Incident) -> list[Similar]:
    """The past incidents most like this one, whoever may see them: for telling people, each of whom is asked."""
    return _similar(_asked(incident), Incident.objects.all(), Incident.objects.none(), 5)


def ruled_out(incident: Incident, user: User) -> list[tuple[Incident, SimilarityFeedback]]:
    """Of which people said that they are something else, as far as `user` may see them."""
    said = {key: row for key, row in _said_of(incident.pk).items() if not row.alike}
    rows = incidents.visible_to(user).defer("what_happened").in_bulk(said)
    return [(rows[key], row) for key, row in said.items() if key in rows]


def _asked(incident: Incident) -> SimilarityQuery:
    return SimilarityQuery(texts_of([incident.pk])[incident.pk], incident)


def _similar(
    asked: SimilarityQuery,
    rows: QuerySet[Incident],
    hidden: QuerySet[Incident],
    limit: int,
    *,
    later: bool = False,
) -> list[Similar]:
    said = _said_of(asked.key)
    matches = {match.key: match.score for match in _matches(asked, hidden, later=later)}
    shared = _Shared(asked, matches)
    scores = {key: score + shared.weight(key) for key, score in matches.items()}
    ranked = _ranked(asked, scores, said, rows, later=later)
    past = rows.select_related("severity").defer("what_happened").in_bulk(ranked)
    chosen = [past[key] for key in ranked if key in past][:limit]
    words = _shared_words(asked.told, [incident.pk for incident in chosen])
    similar = [
        Similar(
            incident,
            _band(scores.get(incident.pk, 0), said.get(incident.pk)),
            shared.reasons(incident.pk) + words[incident.pk],
            said.get(incident.pk),
        )
        for incident in chosen
    ]
    _add_actions(similar)
    return similar


def _matches(asked: SimilarityQuery, hidden: QuerySet[Incident], *, later: bool) -> list[Match]:
    from followthrough.similarity import index_store  # noqa: PLC0415 - brings numpy with the first question
    from followthrough.similarity.features import features_of  # noqa: PLC0415 - brings numpy

    index = index_store.current()
    without = [*hidden.values_list("pk", flat=True), asked.key]
    features = features_of(*asked.told)
    if asked.incident is None:
        return _nearer(index.most_alike(features, without=without), asked)
    day = index_store.day_of(asked.incident.began_at)
    before, after = (None, day) if later else (day, None)
    return _nearer(index.most_alike(features, day=day, before=before, after=after, without=without), asked)


def _nearer(found: list[Match], asked: SimilarityQuery) -> list[Match]:
    """The best of them, by a sentence model as well where one is used; mere chance in words stays out."""
    from followthrough.similarity import embeddings  # noqa: PLC0415 - brings numpy

    alike = [match for match in found if match.score >= WORD_SCORE_MIN]
    if settings.ENVIRONMENT.sentence_model:
        alike = embeddings.rerank(alike, asked.key, asked.told)
    return alike[:MAX_CANDIDATES]


def _said_of(key: int) -> dict[int, SimilarityFeedback]:
    """{other incident: what people said of the two}"""
    rows = SimilarityFeedback.objects.filter(one=key) | SimilarityFeedback.objects.filter(other=key)
    return {row.one_id + row.other_id - key: row for row in rows.select_related("by")}


def _ranked(
    asked: SimilarityQuery,
    scores: dict[int, float],
    said: dict[int, SimilarityFeedback],
    rows: QuerySet[Incident],
    *,
    later: bool,
) -> list[int]:
    """Confirmed ones first, then those that are alike enough; without those that people ruled out."""
    confirmed = [key for key, row in said.items() if row.alike]
    if later and asked.incident:
        since = rows.filter(pk__in=confirmed, began_at__gt=asked.incident.began_at)
        confirmed = list(since.values_list("pk", flat=True))
    computed = [key for key, score in scores.items() if score >= ENOUGH and key not in said]
    return sorted(confirmed, reverse=True) + sorted(computed, key=lambda key: (-scores[key], key))


def _band(score: float, said: SimilarityFeedback | None) -> str:
    if said:
        return f"Confirmed by {said.by}" if said.by else "Confirmed"
    return next(words for least, words in BANDS if score >= least)


class _Shared:
    """What incidents have in common with the asked one besides words."""

    def __init__(self, asked: SimilarityQuery, keys: Collection[int]) -> None:
        self._own = asked.key
        compared = [self._own, *keys] if asked.incident and keys else []
        self._kinds = (
            ("same service", SERVICE, _names(Incident.services.through, "service", compared)),
            ("same kind of cause", CAUSE, _sorts_of_causes(compared)),
            ("same tag", TAG, _names(Incident.tags.through, "tag", compared)),
        )

    def weight(self, key: int) -> float:
        """The more of each that either has is common to both, the more it adds."""
        return sum(
            weight * len(named[key] & named[self._own]) / (len(named[key] | named[self._own]) or 1)
            for _, weight, named in self._kinds
        )

    def reasons(self, key: int) -> list[str]:
        common = [(label, sorted(named[key] & named[self._own])) for label, _, named in self._kinds]
        return [f"{label}: {', '.join(names[:4])}" for label, names in common if names]


def _names(through: type, column: str, keys: Collection[int]) -> Named:
    """{incident: names} over a many-to-many table, with one query."""
    links = through._default_manager.filter(incident__in=keys)  # type: ignore[attr-defined]
    return _grouped(links.values_list("incident", f"{column}__name"))


def _sorts_of_causes(keys: Collection[int]) -> Named:
    causes = Cause.objects.filter(postmortem__in=keys, removed_at=None).exclude(category="")
    rows = causes.values_list("postmortem", "category").distinct()
    return _grouped((key, str(Cause.Category(category).label).lower()) for key, category in rows)


def _grouped(pairs: Iterable[tuple[int, str]]) -> Named:
    found: Named = defaultdict(set)
    for key, name in pairs:
        found[key].add(name)
    return found


def _shared_words(asked: SourceText, keys: Collection[int]) -> dict[int, list[str]]:
    """The reason for each: the most telling words of exactly these two texts."""
    from followthrough.similarity.queries.shared_terms import shared_terms  # noqa: PLC0415 - brings numpy

    if not keys:
        return {}
    shared = {key: shared_terms(asked, told)[:MAX_NAMED_WORDS] for key, told in texts_of(keys).items()}
    return {key: [f"same words: {', '.join(words)}"] if words else [] for key, words in shared.items()}


def _add_actions(found: Sequence[Similar]) -> None:
    """What came out of each, those unfinished first; what was declined left out."""
    by_key = {one.incident.pk: one for one in found}
    rows = ActionItem.objects.filter(postmortem__in=by_key, removed_at=None).select_related("owner")
    for action in rows.exclude(state=ActionItem.State.DECLINED).order_by("stage", "due_order", "number"):
        by_key[action.postmortem_id].actions.append(action)
