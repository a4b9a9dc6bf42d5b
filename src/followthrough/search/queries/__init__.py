"""Reading the index: the newest passages that match, of those that who asks may know of.

A question costs the same however much matches: the database hands out matches by time, newest first, as many as are
wanted, and they are ranked here.
"""

from __future__ import annotations

import re
from collections import defaultdict
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field
from typing import Any

from followthrough.people.models import User
from followthrough.search import words
from followthrough.search.models import Passage, marked
from followthrough.search.queries.index import in_tiers, visible
from followthrough.search.queries.spread import Spread, spread_over_records
from followthrough.search.snippets import Piece, snippet_of
from followthrough.search.sources import NOTES, PLACES, SOURCES, Place
from followthrough.search.words import Term

MIN_SHARE = 0.5
"""A pasted line is known again where at least half of its telling words stand in a passage."""
ENOUGH = 40
"""Where so much holds all words by itself, incidents that hold them in several records are not looked for."""
MOST_SHOWN, SHORT_CHARACTERS = 3, 80
_KEY = re.compile(r"\s*(inc|act)[-\s]?([0-9]{1,9})\s*", re.IGNORECASE)

LABELS = {
    "incident": "Incident",
    "entry": "Entry",
    "cause": "Cause",
    "finding": "Finding",
    "action": "Action",
    "answer": "Answer",
    "parked": "Parked",
    "note": "Notes",
    "summary": "Draft",
    "published": "Summary",
    "person": "Person",
    "team": "Team",
    "service": "Service",
    "pattern": "Pattern",
    "page": "Page",
    "command": "Do",
}


@dataclass
class Hit:
    """One thing that was found: its title, the line that says why, and the incident that it belongs to."""

    kind: str
    title: str
    address: str
    title_pieces: list[Piece] = field(default_factory=list)
    pieces: list[Piece] = field(default_factory=list)
    incident: int | None = None
    whose: str = ""
    note: str = ""
    at: Any = None

    @property
    def label(self) -> str:
        """What it is: the key of an incident or action, or its kind."""
        if self.kind == "action":
            return self.title.partition(" ")[0]
        return f"INC-{self.incident}" if self.kind == "incident" else LABELS[self.kind]

    @property
    def shown(self) -> list[Piece]:
        return self.title_pieces or [Piece(self.title)]


@dataclass
class Group:
    """What was found of one heading, the best first; `total` counts also what is not shown."""

    heading: str
    hits: list[Hit]
    total: int = 0


def find(user: User, text: str, *, at_most: int = 5) -> list[Group]:
    """Everything that `user` may find by `text`, in groups, the best group first; `at_most` so many of each."""
    if jump := _jump(user, text):
        groups = [Group("Go to", [jump], 1)]
    else:
        places = _places(user, text)
        groups = [Group("Go to", places[:at_most], len(places))] if places else []
        groups += _ranked(user, text, at_most)
    hits = [hit for group in groups for hit in group.hits]
    _name_incidents(hits)
    _note_incidents(hits)
    return groups


def _jump(user: User, text: str) -> Hit | None:
    """What ACT-3 or INC-8 names, if that is all that was asked."""
    if not (key := _KEY.fullmatch(text)):
        return None
    kinds = {"inc": ["incident", "published"], "act": ["action"]}[key[1].lower()]
    found = visible(user, kinds, [[Term(marked(f"{key[1]}{int(key[2])}"))]], limit=1)
    return _hit(found[0], []) if found else None


def _ranked(user: User, text: str, at_most: int) -> list[Group]:
    """What was found, the best first; why is looked at for what is shown alone."""
    terms, rows = _matching(user, text)
    weigh = _weight_in_line if words.is_line(text) else _weight
    by_heading: dict[str, list[tuple[float, Passage]]] = defaultdict(list)
    for row in rows:
        if (weight := weigh(row, terms)) > 0:
            by_heading[SOURCES[row.kind].heading].append((weight, row))
    for found in by_heading.values():
        found.sort(key=lambda pair: -pair[0])
    best = sorted(by_heading.items(), key=lambda group: -group[1][0][0])
    groups = [
        Group(heading, [_hit(row, terms) for _, row in found[:at_most]], len(found))
        for heading, found in best
    ]
    return _with_spread(user, text, groups, rows, at_most)


def _with_spread(
    user: User, text: str, groups: list[Group], rows: Collection[Passage], at_most: int
) -> list[Group]:
    """With the incidents that hold all words in several records, behind what holds them in one."""
    asked = words.words_of(text)
    if len(rows) >= ENOUGH or (rows and words.is_line(text)):
        return groups
    spread = spread_over_records(user, asked, apart_from={row.incident for row in rows if row.incident})
    if not spread:
        return groups
    heading = SOURCES["incident"].heading
    group = next((one for one in groups if one.heading == heading), None)
    if group is None:
        groups.append(group := Group(heading, []))
    terms = [term for word in asked for term in word]
    group.hits += [_spread_hit(one, terms) for one in spread[: at_most - len(group.hits)]]
    group.total += len(spread)
    return groups


def _matching(user: User, text: str) -> tuple[list[Term], list[Passage]]:
    """What is looked for, and what holds all of it; of a pasted line what holds three words of it in a row."""
    if not words.is_line(text):
        terms = words.terms_of(text)
        return terms, in_tiers(user, [terms] if terms else [])
    neighbours = words.neighbours_of(text)
    return list(dict.fromkeys(term for three in neighbours for term in three)), in_tiers(user, neighbours)


def _hit(row: Passage, terms: Collection[Term]) -> Hit:
    needs_body = row.body and _share(terms, " ".join(words.tokens_of(row.title))) < 1
    why = snippet_of(row.body, terms) if needs_body else []
    title = row.title.partition(" ")[2] if row.kind == "action" else row.title
    return Hit(row.kind, row.title, row.address, snippet_of(title, terms), why, row.incident, at=row.at)


def _spread_hit(found: Spread, terms: Collection[Term]) -> Hit:
    hit = _hit(found.incident, terms)
    hit.pieces = []
    for record in found.records[:MOST_SHOWN]:
        text = f"{record.title}\n{record.body}" if record.title not in record.body else record.body
        label = Piece(f"{LABELS[record.kind]}: ")
        hit.pieces += [Piece(" · "), label, *snippet_of(text, terms, SHORT_CHARACTERS)]
    hit.pieces = hit.pieces[1:]
    return hit


def _weight(row: Passage, terms: Collection[Term]) -> float:
    """Words in the title weigh most, then whole words."""
    whole = [Term(term.token) for term in terms]
    in_title = _share(terms, " ".join(words.tokens_of(row.title)))
    return 0.1 + _share(terms, row.words) + 2 * in_title + _share(whole, row.words) / 2


def _weight_in_line(row: Passage, terms: Collection[Term]) -> float:
    """How much of a pasted line is there; 0 for too little."""
    share = _share(terms, row.words)
    return share if share >= MIN_SHARE else 0


def _share(terms: Collection[Term], tokens: str) -> float:
    """Of the terms, how many stand among tokens with a blank between them."""
    among = f" {tokens} "
    return sum(f" {token}{'' if begins else ' '}" in among for token, begins in terms) / (len(terms) or 1)


def _places(user: User, text: str) -> list[Hit]:
    """Pages and what can be done, whose names and words hold all that was typed."""
    asked = words.fold(text).split()
    return [
        Hit("command" if place.does else "page", place.name, place.address)
        for place in PLACES
        if asked and _may(user, place) and _names(place, asked)
    ]


def _may(user: User, place: Place) -> bool:
    return {"everyone": True, "member": user.is_member, "administrator": user.is_administrator}[place.who]


def _names(place: Place, asked: Iterable[str]) -> bool:
    own = words.fold(f"{place.name} {place.words}").split()
    return all(any(word.startswith(part) for word in own) for part in asked)


def offered(user: User) -> list[Group]:
    """What is offered before anything is typed: what can be done, and every page."""
    standing = [place for place in PLACES if _may(user, place)]
    rows = [Hit("command" if place.does else "page", place.name, place.address) for place in standing]
    deeds = [hit for hit in rows if hit.kind == "command"]
    pages = [hit for hit in rows if hit.kind == "page"]
    return [Group(*row, len(row[1])) for row in (("Do", deeds), ("Pages", pages)) if row[1]]


def _name_incidents(hits: Collection[Hit]) -> None:
    """Under what stands in the record of an incident, which one that is."""
    wanted = {str(hit.incident) for hit in hits if hit.incident and hit.kind not in {"incident", "published"}}
    titles = dict(Passage.objects.filter(kind="incident", key__in=wanted).values_list("key", "title"))
    for hit in hits:
        if (title := titles.get(str(hit.incident))) and hit.kind not in {"incident", "published"}:
            hit.whose = f"INC-{hit.incident} · {title}"


def _note_incidents(hits: Collection[Hit]) -> None:
    """Beside an incident and its summary, what must not be overlooked of it."""
    for kind, notes in NOTES.items():
        found = {hit.incident: hit for hit in hits if hit.kind == kind and hit.incident}
        for number, note in notes(list(found)).items() if found else ():
            found[number].note = note
