"""People, their teams, and the ways in."""

from __future__ import annotations

from datetime import datetime, time
from typing import Any, ClassVar
from zoneinfo import ZoneInfo

from django.contrib.auth.models import AbstractBaseUser, BaseUserManager, PermissionsMixin
from django.db import models
from django.utils.crypto import salted_hmac

from followthrough.core.fields import DataField, EmailField, LineField, NameField, SlugField

WEEKDAY_NAMES = ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]


def weekdays() -> list[int]:
    """Monday to Friday."""
    return [0, 1, 2, 3, 4]


class Accounts(BaseUserManager["User"]):
    def create_user(self, email: str, password: str | None = None, **fields: Any) -> User:
        """Makes a person with an account; without a password nobody can sign in with one."""
        person = self.model(email=self.normalize_email(email).lower(), **fields)
        person.set_password(password)
        person.save(using=self._db)
        return person

    def create_superuser(self, email: str, password: str | None = None, **fields: Any) -> User:
        """An administrator; Django's own commands call this."""
        return self.create_user(email, password, role=User.Role.ADMINISTRATOR, **fields)


class User(AbstractBaseUser, PermissionsMixin):
    """A person. Working hours are on the clock of `zone`; `working_days` holds 0 (Monday) to 6.

    `session_generation` is raised to end every session and reset link at once.
    `days_off` are the public holidays they keep, as ISO dates; the room of calendars keeps them.
    """

    class Role(models.TextChoices):
        MEMBER = "member", "Member"
        ADMINISTRATOR = "administrator", "Administrator"
        STAKEHOLDER = "stakeholder", "Stakeholder"

    email = EmailField(unique=True)
    name = NameField(max_length=120)
    title = LineField(max_length=120, blank=True)
    role = LineField(max_length=16, choices=Role, default=Role.MEMBER)
    zone = LineField(max_length=64, default="UTC")
    work_starts = models.TimeField(default=time(9))
    work_ends = models.TimeField(default=time(17))
    working_days = DataField(default=weekdays)
    days_off = DataField(default=list, editable=False)
    willing_to_facilitate = models.BooleanField(default=True)
    is_active = models.BooleanField(default=True)
    session_generation = models.PositiveIntegerField(default=0, editable=False)
    joined_at = models.DateTimeField(auto_now_add=True)
    teams: models.ManyToManyField[Team, Membership] = models.ManyToManyField(
        "Team", through="Membership", related_name="people"
    )

    USERNAME_FIELD = "email"
    REQUIRED_FIELDS: ClassVar[list[str]] = ["name"]
    objects: ClassVar[Accounts] = Accounts()

    class Meta:
        ordering = ["name"]
        verbose_name = "person"
        verbose_name_plural = "people"

    def __str__(self) -> str:
        return self.name or self.email

    def _get_session_auth_hash(self, secret: str | None = None) -> str:
        """What every session holds and must still match: Django's own, and the generation once there was another."""
        salt = "django.contrib.auth.models.AbstractBaseUser.get_session_auth_hash"
        value = f"{self.password}{self.session_generation or ''}"
        return salted_hmac(salt, value, secret=secret, algorithm="sha256").hexdigest()

    @property
    def topic(self) -> str:
        return "organisation"

    @property
    def is_administrator(self) -> bool:
        return self.role == self.Role.ADMINISTRATOR

    @property
    def is_member(self) -> bool:
        """Takes part in incidents and meetings; a stakeholder only reads what is shared."""
        return self.role in {self.Role.ADMINISTRATOR, self.Role.MEMBER}

    @property
    def is_staff(self) -> bool:
        """Django's admin asks for this."""
        return self.is_administrator

    @property
    def first_name(self) -> str:
        return self.name.split(" ")[0]

    @property
    def initials(self) -> str:
        """Two letters for the avatar."""
        words = [word for word in self.name.split() if word[0].isalnum()] or [self.email]
        return (words[0][0] + (words[-1][0] if len(words) > 1 else words[0][1:2])).upper()

    @property
    def local_now(self) -> datetime:
        """The time on this person's clock."""
        return datetime.now(ZoneInfo(self.zone)).replace(tzinfo=None)

    @property
    def days_in_words(self) -> str:
        """Working days: "Mon–Fri", or each one named."""
        if self.working_days == weekdays():
            return "Mon–Fri"
        return ", ".join(WEEKDAY_NAMES[day] for day in sorted(self.working_days)) or "no fixed days"

    @property
    def hue(self) -> int:
        """0-11, which of the avatar colours is this person's; those who joined one after another look least alike."""
        return 5 * (self.pk or 0) % 12


class Organisation(models.Model):
    """What the organisation calls itself; one row, or none while nobody has said."""

    name = LineField(max_length=80)

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"


class Team(models.Model):
    name = NameField(max_length=80, unique=True)
    slug = SlugField(max_length=80, unique=True)
    what = LineField(max_length=200, blank=True)

    class Meta:
        ordering = ["name"]

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"


class Membership(models.Model):
    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="memberships")
    team = models.ForeignKey(Team, on_delete=models.CASCADE, related_name="memberships")
    leads = models.BooleanField(default=False)

    class Meta:
        constraints = [models.UniqueConstraint(fields=["person", "team"], name="membership_once")]

    def __str__(self) -> str:
        return f"{self.person} in {self.team}"


class Invitation(models.Model):
    """A link that lets one person make an account; only the digest of its secret is kept."""

    email = EmailField()
    role = LineField(max_length=16, choices=User.Role, default=User.Role.MEMBER)
    team = models.ForeignKey(Team, null=True, blank=True, on_delete=models.SET_NULL)
    secret_digest = LineField(max_length=64, unique=True)
    invited_by = models.ForeignKey(User, null=True, on_delete=models.SET_NULL, related_name="+")
    created_at = models.DateTimeField(auto_now_add=True)
    expires_at = models.DateTimeField()
    accepted_at = models.DateTimeField(null=True)
    withdrawn_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.email

    @property
    def topic(self) -> str:
        return "organisation"


class ApiToken(models.Model):
    """Lets a program act as one person; only the digest is kept."""

    person = models.ForeignKey(User, on_delete=models.CASCADE, related_name="api_tokens")
    name = NameField(max_length=80)
    secret_digest = LineField(max_length=64, unique=True)
    created_at = models.DateTimeField(auto_now_add=True)
    used_at = models.DateTimeField(null=True)
    expires_at = models.DateTimeField(null=True, help_text="None: until it is revoked.")
    revoked_at = models.DateTimeField(null=True)

    def __str__(self) -> str:
        return self.name

    @property
    def topic(self) -> str:
        return "organisation"


class ThrottleWindow(models.Model):
    """How many tries were made under one limit until `ends_at`; `key` is a digest of the limit and whose tries."""

    key = LineField(max_length=64, primary_key=True)
    tries = models.PositiveIntegerField()
    ends_at = models.DateTimeField(db_index=True)

    def __str__(self) -> str:
        return f"{self.tries} until {self.ends_at}"


class KnownAddress(models.Model):
    """Somebody signed in to an account from an address; `key` is a digest of both."""

    key = LineField(max_length=64, primary_key=True)
    used_at = models.DateTimeField(db_index=True)

    class Meta:
        verbose_name_plural = "known addresses"

    def __str__(self) -> str:
        return f"known, used {self.used_at}"
