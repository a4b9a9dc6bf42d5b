"""Who is here, who was invited, and who a secret belongs to."""

from __future__ import annotations

from datetime import datetime

from django.conf import settings
from django.db.models import Q, QuerySet
from django.utils import timezone

from followthrough.activity.models import Activity
from followthrough.core.errors import NotFound
from followthrough.core.hashing import digest
from followthrough.people.models import ApiToken, Invitation, Membership, Organisation, Team, User

LINK_GIVEN = "given_password_link"
SAMPLE_DOMAIN = ".example"
"""Addresses under this reserved domain can belong to nobody real (RFC 2606), so only sample people have them."""


def nobody_yet() -> bool:
    """Whether the organisation has no account at all."""
    return not User.objects.exists()


def active_people() -> QuerySet[User]:
    """Everyone who can sign in, by name."""
    return User.objects.filter(is_active=True)


def active_members() -> QuerySet[User]:
    """Those of them who take part in incidents and meetings: members and administrators."""
    return active_people().exclude(role=User.Role.STAKEHOLDER)


def sample_people() -> QuerySet[User]:
    """The people anybody may sign in as: none outside demo mode."""
    people = User.objects.filter(is_active=True, email__endswith=SAMPLE_DOMAIN)
    return people if settings.DEMO else people.none()


def find_person(pk: int) -> User:
    """The person with this key, active or not."""
    person = User.objects.filter(pk=pk).first()
    if person is None:
        raise NotFound("There is no such person here.")
    return person


def teams_with_people(people: QuerySet[User]) -> list[tuple[Team, list[Membership]]]:
    """Every team with the memberships of those of `people` who are in it, leads first."""
    memberships = Membership.objects.filter(person__in=people).select_related("person")
    rows: dict[int, list[Membership]] = {}
    for membership in memberships.order_by("-leads", "person__name"):
        rows.setdefault(membership.team_id, []).append(membership)
    return [(team, rows.get(team.pk, [])) for team in Team.objects.all()]


def without_team(people: QuerySet[User]) -> QuerySet[User]:
    """Those of `people` who are in no team."""
    return people.filter(memberships=None)


def find_team(slug: str) -> Team:
    """The team with this name in its address."""
    team = Team.objects.filter(slug=slug).first()
    if team is None:
        raise NotFound("There is no such team.")
    return team


def organisation_name() -> str:
    """What the organisation calls itself; "" while nobody has said."""
    return Organisation.objects.values_list("name", flat=True).first() or ""


def open_invitations() -> QuerySet[Invitation]:
    """Invitations that can still be accepted, newest first."""
    return (
        Invitation.objects.filter(accepted_at=None, withdrawn_at=None, expires_at__gt=timezone.now())
        .select_related("team", "invited_by")
        .order_by("-created_at")
    )


def find_invitation(secret: str) -> Invitation:
    """The invitation this link belongs to, in whatever state it is."""
    invitation = (
        Invitation.objects.filter(secret_digest=digest(secret)).select_related("team", "invited_by").first()
    )
    if invitation is None:
        raise NotFound("This invitation link is not complete. Open it again from where it was sent to you.")
    return invitation


def standing_tokens() -> QuerySet[ApiToken]:
    """API tokens that were neither revoked nor have expired, newest first."""
    unexpired = Q(expires_at=None) | Q(expires_at__gt=timezone.now())
    return ApiToken.objects.filter(unexpired, revoked_at=None).order_by("-created_at")


def given_password_link_by(administrator: User, *, since: datetime) -> QuerySet[User]:
    """Whom an administrator has made a password link for since then."""
    rows = Activity.objects.filter(verb=LINK_GIVEN, actor=administrator, at__gt=since)
    given = rows.filter(kind=User._meta.label_lower).values_list("record", flat=True)
    return User.objects.filter(pk__in=[int(key) for key in given])


def person_of_token(secret: str) -> User | None:
    """Who the API token acts for; notes that it was used. None when it is unknown, revoked or expired."""
    token = (
        standing_tokens()
        .filter(secret_digest=digest(secret), person__is_active=True)
        .select_related("person")
        .first()
    )
    if token is None:
        return None
    ApiToken.objects.filter(pk=token.pk).update(used_at=timezone.now())
    return token.person
