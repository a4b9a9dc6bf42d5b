"""Every change to people, teams, invitations and tokens."""

from __future__ import annotations

from collections.abc import Collection
from datetime import timedelta
from typing import Any

from allauth.account.utils import user_pk_to_url_str
from django.conf import settings
from django.contrib.auth.password_validation import validate_password
from django.core.exceptions import ValidationError
from django.db import transaction
from django.db.models import F
from django.urls import reverse
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import Conflict, DomainError, NotFound
from followthrough.core.field_changes import set_fields
from followthrough.core.hashing import digest, new_secret
from followthrough.core.slugs import free_slug
from followthrough.core.text import line
from followthrough.people import queries
from followthrough.people.models import ApiToken, Invitation, Membership, Organisation, Team, User
from followthrough.people.queries import LINK_GIVEN
from followthrough.people.reset_tokens import ResetTokens

INVITATION_LASTS = timedelta(days=14)
PASSWORD_LINK_LASTS = timedelta(seconds=settings.PASSWORD_RESET_TIMEOUT)


@transaction.atomic
def set_up(*, name: str, email: str, password: str, zone: str, organisation: str = "") -> User:
    """Makes the first administrator, once; rooms above add what a new organisation needs."""
    if not queries.nobody_yet():
        raise NotFound("This organisation is set up already. Sign in instead.")
    _check_password(password, User(name=name, email=email))
    person = User.objects.create_user(email, password, name=name, zone=zone, role=User.Role.ADMINISTRATOR)
    record(person, "set_up", by=person)
    if organisation:
        name_organisation(organisation, by=person)
    return person


@transaction.atomic
def name_organisation(name: str, *, by: User) -> None:
    """Says what the organisation calls itself, in invitations and on their page; "" for nothing."""
    row = Organisation.objects.first() or Organisation()
    if changes := set_fields(row, {"name": line(name)}):
        row.save()
        record(row, "changed", by=by, changes=changes)


@transaction.atomic
def invite_all(
    *, emails: Collection[str], role: str, team: Team | None, by: User
) -> list[tuple[Invitation, str]]:
    """An invitation for each address, all of them or none."""
    return [invite(email=email, role=role, team=team, by=by) for email in emails]


@transaction.atomic
def invite(*, email: str, role: str, team: Team | None, by: User) -> tuple[Invitation, str]:
    """An invitation and the secret of its link, of which only a digest is kept."""
    email = email.strip().lower()
    if User.objects.filter(email=email).exists():
        raise DomainError(f"{email} has an account already, so no invitation was made.", field="email")
    for earlier in queries.open_invitations().filter(email=email):
        withdraw(earlier, by=by)
    secret = new_secret()
    invitation = Invitation.objects.create(
        email=email,
        role=role,
        team=team,
        secret_digest=digest(secret),
        invited_by=by,
        expires_at=timezone.now() + INVITATION_LASTS,
    )
    record(invitation, "added", by=by)
    return invitation, secret


@transaction.atomic
def withdraw(invitation: Invitation, *, by: User) -> None:
    """Makes the invitation's link useless."""
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not waiting.update(withdrawn_at=timezone.now()):
        raise Conflict("This invitation was accepted or withdrawn in the meantime. Nothing was changed.")
    record(invitation, "withdrawn", by=by)


def _end_ways_in_given_by(person: User, *, by: User) -> None:
    """Nobody comes in, with whatever role, by the word of somebody who may no longer let people in: invitations are
    withdrawn, and password links end with the sessions of whom they are for."""
    for invitation in queries.open_invitations().filter(invited_by=person):
        withdraw(invitation, by=by)
    given = queries.given_password_link_by(person, since=timezone.now() - PASSWORD_LINK_LASTS)
    given.update(session_generation=F("session_generation") + 1)


def check_open(invitation: Invitation) -> None:
    """Says why an invitation can no longer be accepted, if it cannot."""
    if invitation.accepted_at:
        raise NotFound("This invitation was used already. Sign in with the password you chose then.")
    if invitation.withdrawn_at:
        raise NotFound("This invitation was withdrawn. Ask whoever invited you for a new one.")
    if invitation.expires_at <= timezone.now():
        raise NotFound("This invitation has expired. Ask whoever invited you for a new one.")


@transaction.atomic
def accept(invitation: Invitation, *, name: str, password: str, zone: str) -> User:
    """Makes the invited person's account; the invitation cannot be used again."""
    check_open(invitation)
    _check_password(password, User(name=name, email=invitation.email))
    waiting = Invitation.objects.filter(pk=invitation.pk, accepted_at=None, withdrawn_at=None)
    if not waiting.update(accepted_at=timezone.now()):
        invitation.refresh_from_db()
        check_open(invitation)
    if User.objects.filter(email=invitation.email).exists():
        raise DomainError(f"{invitation.email} has an account already. Sign in with it.")
    person = User.objects.create_user(invitation.email, password, name=name, zone=zone, role=invitation.role)
    if invitation.team:
        Membership.objects.create(person=person, team=invitation.team)
    record(person, "joined", by=person)
    return person


@transaction.atomic
def change_profile(person: User, *, by: User, **fields: Any) -> User:
    """Changes what people say of themselves: name, title, zone, working hours and days."""
    changes = set_fields(person, fields)
    if changes:
        person.save(update_fields=list(changes))
        record(person, "changed", by=by, changes=changes)
    return person


@transaction.atomic
def change_role(person: User, *, role: str, by: User) -> None:
    """Changes what a person may do; the last administrator stays one."""
    if role == person.role:
        return
    _keep_an_administrator(person)
    changes = set_fields(person, {"role": role})
    person.save(update_fields=["role"])
    record(person, "changed", by=by, changes=changes)
    if not person.is_administrator:
        _end_ways_in_given_by(person, by=by)


@transaction.atomic
def place_in_teams(person: User, *, teams: Collection[Team], leads: Collection[Team], by: User) -> None:
    """Puts the person into exactly `teams`, leading those of them that are in `leads`."""
    before = {row.team_id: row.leads for row in person.memberships.all()}
    after = {team.pk: team in leads for team in teams}
    if before == after:
        return
    names = {team.pk: team.name for team in Team.objects.filter(pk__in={*before, *after})}
    person.memberships.exclude(team__in=after).delete()
    for pk, leading in after.items():
        Membership.objects.update_or_create(person=person, team_id=pk, defaults={"leads": leading})
    record(person, "changed", by=by, changes={"teams": [_in_words(before, names), _in_words(after, names)]})


def _in_words(memberships: dict[int, bool], names: dict[int, str]) -> list[str]:
    return sorted(f"{names[pk]} (lead)" if leads else names[pk] for pk, leads in memberships.items())


@transaction.atomic
def change_standing(
    person: User, *, role: str, teams: Collection[Team], leads: Collection[Team], by: User
) -> User:
    """What an administrator decides about a person, all of it or nothing."""
    change_role(person, role=role, by=by)
    place_in_teams(person, teams=teams, leads=leads, by=by)
    return person


@transaction.atomic
def deactivate(person: User, *, by: User) -> None:
    """Ends somebody's access at once and for good, with every way in they made; what they wrote and own stays."""
    if not person.is_active:
        return
    _keep_an_administrator(person)
    _end_ways_in_given_by(person, by=by)
    _set_active(person, active=False, by=by)
    record(person, "deactivated", by=by)


@transaction.atomic
def reactivate(person: User, *, by: User) -> None:
    """Lets somebody in again with their old password; sessions, API tokens and links of before stay ended."""
    if not person.is_active:
        _set_active(person, active=True, by=by)
        record(person, "reactivated", by=by)


def _set_active(person: User, *, active: bool, by: User) -> None:
    person.is_active = active
    person.session_generation += 1
    person.save(update_fields=["is_active", "session_generation"])
    revoke_keys(person, by=by)


@transaction.atomic
def change_password(person: User, *, password: str, by: User, end_keys: bool = False) -> None:
    """Sets a new password, which ends the person's sessions; `end_keys` ends API tokens and feed too."""
    _store_password(person, password)
    if end_keys:
        revoke_keys(person, by=by)
    record(person, "password_changed", by=by)


@transaction.atomic
def reset_password(person: User, *, password: str) -> None:
    """The new password of who holds a reset link; API tokens and feed end too, as somebody else may have them."""
    _store_password(person, password)
    revoke_keys(person, by=person)
    record(person, "password_reset", by=person)


def _store_password(person: User, password: str) -> None:
    person.set_password(password)
    person.save(update_fields=["password"])


@transaction.atomic
def revoke_keys(person: User, *, by: User) -> None:
    """Ends what programs get in with as this person: API tokens, and what rooms above hand out."""
    person.api_tokens.filter(revoked_at=None).update(revoked_at=timezone.now())
    record(person, "keys_revoked", by=by)


def note_sign_out(person: User) -> None:
    """Has every open room ask again who is there, once the session is gone."""
    record(person, "signed_out", by=person)


@transaction.atomic
def create_token(person: User, *, name: str, by: User, days: int | None = None) -> tuple[ApiToken, str]:
    """A token for a program that acts as `person`, and its secret, which is shown this once.

    It expires after `days`, or is good until it is revoked.
    """
    secret = new_secret()
    expires = timezone.now() + timedelta(days=days) if days else None
    token = ApiToken.objects.create(
        person=person, name=name, secret_digest=digest(secret), expires_at=expires
    )
    record(token, "added", by=by)
    return token, secret


@transaction.atomic
def revoke_token(token: ApiToken, *, by: User) -> None:
    """Makes a token useless at once."""
    if ApiToken.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=timezone.now()):
        record(token, "revoked", by=by)


@transaction.atomic
def add_team(
    *, name: str, what: str, by: User, people: Collection[User] = (), leads: Collection[User] = ()
) -> Team:
    """A new team, with its people and who of them leads it."""
    name = line(name)
    if Team.objects.filter(name__iexact=name).exists():
        raise DomainError(f"There is a team called {name} already. Choose another name.", field="name")
    taken = {"new", *Team.objects.values_list("slug", flat=True)}
    team = Team.objects.create(name=name, slug=free_slug(name, taken=taken, otherwise="team"), what=what)
    record(team, "added", by=by)
    place_people(team, people=people, leads=leads, by=by)
    return team


@transaction.atomic
def place_people(team: Team, *, people: Collection[User], leads: Collection[User], by: User) -> None:
    """Puts exactly `people` into the team, those in `leads` as its leads."""
    before = {row.person_id: row for row in team.memberships.select_related("person")}
    wanted = {person.pk: person for person in people}
    for person in {**wanted, **{pk: row.person for pk, row in before.items()}}.values():
        row, leading = before.get(person.pk), person in leads
        if (person.pk in wanted and row and row.leads == leading) or (person.pk not in wanted and not row):
            continue
        others = person.memberships.exclude(team=team).select_related("team")
        teams, led = [one.team for one in others], [one.team for one in others if one.leads]
        if person.pk in wanted:
            teams, led = [*teams, team], [*led, team] if leading else led
        place_in_teams(person, teams=teams, leads=led, by=by)


@transaction.atomic
def change_team(team: Team, *, by: User, **fields: Any) -> Team:
    """Changes a team's name, what it does, or its people and leads; its address stays."""
    if "people" in fields:
        place_people(team, people=fields.pop("people"), leads=fields.pop("leads", ()), by=by)
    if Team.objects.exclude(pk=team.pk).filter(name=fields.get("name", team.name)).exists():
        raise DomainError(
            f"There is a team called {fields['name']} already. Choose another name.", field="name"
        )
    changes = set_fields(team, fields)
    if changes:
        team.save(update_fields=list(changes))
        record(team, "changed", by=by, changes=changes)
    return team


@transaction.atomic
def remove_team(team: Team, *, by: User) -> None:
    """Removes a team that has no people; services and incidents that named it name none then."""
    if team.memberships.exists():
        raise Conflict(f"{team} still has people. Move them to other teams first, then remove it.")
    record(team, "removed", by=by)
    team.delete()


def make_password_link(person: User, *, by: User) -> str:
    """The path of a page where `person` chooses a new password; it works once, for three days."""
    if not person.is_active:
        raise Conflict(f"{person} is deactivated. Activate them first, then make the link.")
    record(person, LINK_GIVEN, by=by)
    return reset_path(person)


def reset_path(person: User) -> str:
    """The same without a word in the log, for who asked for it by themselves."""
    token = ResetTokens().make_token(person)
    return reverse("account_reset_password_from_key", args=[user_pk_to_url_str(person), token])


def _keep_an_administrator(person: User) -> None:
    administrators = User.objects.select_for_update().filter(role=User.Role.ADMINISTRATOR, is_active=True)
    if list(administrators.values_list("pk", flat=True)) == [person.pk]:
        raise Conflict(
            f"{person} is the only administrator, so nothing was changed. Make somebody else one first."
        )


def _check_password(password: str, person: User) -> None:
    try:
        validate_password(password, person)
    except ValidationError as error:
        raise DomainError(" ".join(error.messages), field="password") from error
