"""The blameless view: roles stand for names."""

from __future__ import annotations

import re
from collections.abc import Callable, Iterable

from followthrough.incidents.models import Involvement
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem

Rename = Callable[[str], str]

OTHERS = "a colleague"
_MENTION = re.compile(r"\[@([^\[\]\\]{1,200})\]\(/people/\?who=\d{1,18}\)")
_NEAR = 80
"""Characters before a name that tell whether it begins a sentence."""
_ARTICLES = {
    Involvement.Role.COMMANDER: "the incident commander",
    Involvement.Role.ON_CALL: "the on-call engineer",
    Involvement.Role.RESPONDER: "a responder",
    Involvement.Role.COMMUNICATIONS: "the communications lead",
    Involvement.Role.OBSERVER: "an observer",
    Involvement.Role.REPORTER: "the reporter",
}


def as_written(text: str) -> str:
    """Leaves names where they are."""
    return text


def roles_for_names(postmortem: PostMortem) -> Rename:
    """A function that puts the role of each person involved for their full name, and for a first name that only
    one of them has; everyone else of the organisation who is named in full becomes "a colleague"."""
    roles = _roles(postmortem)
    people = list(User.objects.only("id", "name"))
    names = {person.name: roles.get(person.pk, OTHERS) for person in people if " " in person.name}
    names |= _first_names((person for person in people if person.pk in roles), roles)
    if not names:
        return _unmentioned
    pattern = re.compile(
        r"\b(?:" + "|".join(re.escape(n) for n in sorted(names, key=len, reverse=True)) + r")\b"
    )
    return lambda text: pattern.sub(lambda match: _fit(names[match.group()], match), _unmentioned(text))


def _unmentioned(text: str) -> str:
    """Without the links behind mentions of people, which would tell who they are."""
    return _MENTION.sub(r"\1", text)


def _roles(postmortem: PostMortem) -> dict[int, str]:
    roles = dict.fromkeys(postmortem.participants.values_list("person_id", flat=True), OTHERS)
    for person, role in Involvement.objects.filter(incident_id=postmortem.pk).values_list(
        "person_id", "role"
    ):
        roles[person] = _ARTICLES[Involvement.Role(role)]
    return roles


def _first_names(people: Iterable[User], roles: dict[int, str]) -> dict[str, str]:
    by_name: dict[str, list[int]] = {}
    for person in people:
        if len(person.first_name) > 2:
            by_name.setdefault(person.first_name, []).append(person.pk)
    return {name: roles[keys[0]] for name, keys in by_name.items() if len(keys) == 1}


def _fit(role: str, match: re.Match[str]) -> str:
    near = match.string[max(0, match.start() - _NEAR) : match.start()]
    before = near.rstrip(" *_`")
    starts_sentence = not before or before.endswith((".", "!", "?", ":", "\n"))
    return role[0].upper() + role[1:] if starts_sentence else role
