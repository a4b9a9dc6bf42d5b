"""Anonymisation, the blameless view: roles stand for names."""

from __future__ import annotations

import re
from collections import Counter, defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from unicodedata import normalize

from followthrough.incidents.models import Involvement
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.timeline.models import Entry

Pseudonym = Callable[[str], str]

OTHERS = "a colleague"
_MENTION = re.compile(r"\[@((?:[^\[\]\\]|\\.){1,200})\]\(/people/\?who=\d{1,18}\)")
_ESCAPED = re.compile(r"\\([!-/:-@\[-`{-~])")
_NEAR = 80
"""Characters before a name that tell whether it begins a sentence."""
_ARTICLES = {
    Involvement.Role.COMMANDER: "the incident commander",
    Involvement.Role.ON_CALL: "the on-call engineer",
    Involvement.Role.RESPONDER: "a responder",
    Involvement.Role.SPONSOR: "the sponsor",
    Involvement.Role.OWNER: "the owner",
    Involvement.Role.LEAD: "the lead",
    Involvement.Role.CONTRIBUTOR: "a contributor",
    Involvement.Role.COMMUNICATIONS: "the communications lead",
    Involvement.Role.OBSERVER: "an observer",
    Involvement.Role.REPORTER: "the reporter",
}
_WORD = re.compile(r"[^\W_]+")
_BETWEEN = r"[\s._+\\-]{1,3}"
"""What stands between the parts of a name in prose, addresses and file names."""
_APOSTROPHE = "['\u2019\u02bc]"
_ALIKE = {"'": _APOSTROPHE, "\u2019": _APOSTROPHE, "-": "[-\u2010\u2011]", "_": r"\\?_"}
"""Signs of names and addresses with what keyboards, and Markdown, write in their place."""
_NO_ADDRESS = r"(?![\w.+-]{0,200}@)"
"""Where the first name does not begin an e-mail address, which is to be put whole."""
_SHORTEST = 3
"""Shorter parts of names and addresses are common words or letters."""


def as_written(text: str) -> str:
    """Leaves names where they are."""
    return text


def pseudonymise(postmortem: PostMortem, said_to_be_names: Iterable[str] = ()) -> Pseudonym:
    """A function that puts the role of each person involved for their name as prose, addresses and file names write it:
    in full, turned round, as e-mail address, as @handle, and for a first or last name that only one of them has; everyone
    else of the organisation who is named in full or by address becomes "a colleague". `said_to_be_names` are words of
    `unsure_of` that somebody knows to be names."""
    forms: dict[str, list[tuple[re.Pattern[str], str]]] = defaultdict(list)
    for written, pattern, role in [*_forms(postmortem), *_decided(postmortem, said_to_be_names)]:
        if word := _WORD.search(written):
            forms[word[0].casefold()].append((re.compile(rf"{pattern}(?![^\W_])"), role))
    return lambda text: _renamed(_unmentioned(normalize("NFC", text)), forms)


def _renamed(text: str, forms: Mapping[str, Sequence[tuple[re.Pattern[str], str]]]) -> str:
    """In one pass: only the forms that begin with the word at hand are tried."""
    pieces, done = [], 0
    for word in _WORD.finditer(text):
        start = word.start()
        if start < done:
            continue
        for pattern, role in forms.get(word[0].casefold(), ()):
            if found := pattern.match(text, start):
                begins = start - 1 if start > done and text[start - 1] == "@" else start
                pieces += [text[done:begins], _fit(role, text, begins)]
                done = found.end()
                break
    return "".join([*pieces, text[done:]])


def unsure_of(postmortem: PostMortem, texts: Iterable[str]) -> list[str]:
    """Words in the renamed `texts` that may still name somebody involved, as they stand there: a first or last name in
    small letters or shared by two of them, initials. People decide on these; each once, in order."""
    doubtful = {word for person in _involved(postmortem) for word in _doubtful(person)}
    if not doubtful:
        return []
    words = "|".join(re.escape(word) for word in sorted(doubtful, key=len, reverse=True))
    pattern = re.compile(rf"(?<![^\W_])(?:{words})(?![^\W_])")
    return list(dict.fromkeys(found for text in texts for found in pattern.findall(text)))


def _decided(postmortem: PostMortem, words: Iterable[str]) -> Iterator[tuple[str, str, str]]:
    """As `_forms`; the role of the one person whom a word may name, of several of them nobody's."""
    if not words:
        return
    roles, involved = _roles(postmortem), _involved(postmortem)
    for word in words:
        meant = [person for person in involved if word in _doubtful(person)]
        yield word, rf"(?<![^\W_]){_pattern(word)}", roles[meant[0].pk] if len(meant) == 1 else OTHERS


def _doubtful(person: User) -> Iterator[str]:
    parts = [part for part in _parts(person) if len(part) > 1]
    for part in parts:
        yield from {part, part.lower(), part.upper()}
    if len(parts) > 1:
        yield person.initials


def _unmentioned(text: str) -> str:
    """Without the links behind mentions of people, which would tell who they are."""
    return _MENTION.sub(lambda found: _ESCAPED.sub(r"\1", found[1]), text)


def _forms(postmortem: PostMortem) -> Iterator[tuple[str, str, str]]:
    """(as written, pattern, role); whole names before parts of them, as the first that fits is taken."""
    roles = _roles(postmortem)
    everyone = list(User.objects.only("id", "name", "email"))
    for person in everyone:
        role = roles.get(person.pk, OTHERS)
        yield person.email, _ignoring_case(_pattern(person.email)), role
        yield from ((written, pattern, role) for written, pattern in _in_full(person))
    involved = [person for person in everyone if person.pk in roles]
    shared = Counter(part.casefold() for person in involved for part in set(_parts(person)))
    for person in involved:
        for part in _handles(person):
            yield part, _ignoring_case(_pattern(part)), roles[person.pk]
        for part in _parts(person):
            if shared[part.casefold()] == 1:
                yield part, rf"(?<=@)(?<![^\W_]@){_ignoring_case(_pattern(part))}", roles[person.pk]
                if len(part) >= _SHORTEST:
                    yield part, f"(?:{_pattern(part)}|{_pattern(part.upper())})", roles[person.pk]


def _in_full(person: User) -> Iterator[tuple[str, str]]:
    parts = _parts(person)
    if len(parts) < 2:
        return
    first, *_, last = safe = [_pattern(part) for part in parts]
    yield parts[0], _ignoring_case(_BETWEEN.join(safe))
    yield parts[0], _ignoring_case(f"{first}{_BETWEEN}{last}")
    yield parts[-1], _ignoring_case(f"{last},?{_BETWEEN}{_BETWEEN.join(safe[:-1])}{_NO_ADDRESS}")
    yield parts[0] + parts[-1], _ignoring_case(first + last)


def _handles(person: User) -> Iterator[str]:
    """The part of the address before the @ where it is made of the name, such as pnair; "ops" is only a word."""
    local, parts = person.email.partition("@")[0], [part.casefold() for part in _parts(person)]
    if local.casefold() not in parts and any(len(p) >= _SHORTEST and p in local.casefold() for p in parts):
        yield local


def _pattern(written: str) -> str:
    return "".join(_ALIKE.get(sign, re.escape(sign)) for sign in written)


def _ignoring_case(pattern: str) -> str:
    return f"(?i:{pattern})"


def _parts(person: User) -> list[str]:
    return normalize("NFC", person.name).split()


def _involved(postmortem: PostMortem) -> list[User]:
    return list(User.objects.filter(pk__in=_roles(postmortem)).only("id", "name", "email"))


def _roles(postmortem: PostMortem) -> dict[int, str]:
    """{person: what stands for them}: those asked to the meeting, who wrote in the timeline, and who had a role."""
    wrote = Entry.objects.filter(postmortem=postmortem).exclude(author=None).values_list("author", flat=True)
    roles = dict.fromkeys([*postmortem.participants.values_list("person_id", flat=True), *wrote], OTHERS)
    for person, role in Involvement.objects.filter(incident_id=postmortem.pk).values_list(
        "person_id", "role"
    ):
        roles[person] = _ARTICLES[Involvement.Role(role)]
    return roles


def _fit(role: str, text: str, start: int) -> str:
    near = text[max(0, start - _NEAR) : start]
    before = near.rstrip(" *_`")
    starts_sentence = not before or before.endswith((".", "!", "?", ":", "\n"))
    return role[0].upper() + role[1:] if starts_sentence else role
