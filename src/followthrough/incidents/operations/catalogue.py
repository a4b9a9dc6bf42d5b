"""Writes to what incidents are described with: severities, review rules, services and tags."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Mapping
from typing import Any

from django.db import transaction
from django.utils import timezone

from followthrough.activity.operations import record
from followthrough.core.errors import DomainError
from followthrough.core.field_changes import refuse_invalid, set_fields
from followthrough.core.hashing import digest, new_secret
from followthrough.core.slugs import free_slug, slug_of
from followthrough.core.text import line, refuse_too_long
from followthrough.incidents.models import ReviewRule, Service, Severity, Tag, WebhookEndpoint
from followthrough.incidents.queries import search
from followthrough.people.models import User

SEVERITIES = (
    ("SEV1", "Most customers cannot use the product, or data is at risk.", 90),
    ("SEV2", "An important part is broken for many customers.", 60),
    ("SEV3", "Something is broken for some customers, or slow for many.", 60),
    ("SEV4", "A nuisance with a way around it.", 60),
    ("SEV5", "Nobody outside noticed.", 60),
)
RULES = (
    (ReviewRule.Fact.SEVERITY, 2),
    (ReviewRule.Fact.DURATION, 60),
    (ReviewRule.Fact.DATA_LOSS, None),
    (ReviewRule.Fact.CUSTOMER_IMPACT, 2),
    (ReviewRule.Fact.MONITORING_FAILED, None),
    (ReviewRule.Fact.NOT_AN_OUTAGE, None),
)

MOST_NAMED = 100
LONGEST_TAG = 60
BOUNDED = {ReviewRule.Fact.SEVERITY, ReviewRule.Fact.DURATION}
NEEDS_NUMBER = "This rule needs a number."
WITH_NUMBER = BOUNDED | {ReviewRule.Fact.CUSTOMER_IMPACT}


@transaction.atomic
def seed_defaults() -> None:
    """Severities and review rules for a new organisation; leaves alone what is already there."""
    if not Severity.objects.exists():
        Severity.objects.bulk_create(
            Severity(name=name, rank=rank, meaning=meaning, meeting_minutes=minutes)
            for rank, (name, meaning, minutes) in enumerate(SEVERITIES, start=1)
        )
    if not ReviewRule.objects.exists():
        ReviewRule.objects.bulk_create(ReviewRule(fact=fact, threshold=bound) for fact, bound in RULES)


def refuse_too_many(names: Collection[object], *, field: str) -> None:
    """DomainError for more services, teams, tags or people than one incident can have."""
    if len(names) > MOST_NAMED:
        raise DomainError(
            f"There are {len(names):,} {field.replace('_', ' ')}; an incident has {MOST_NAMED} at most."
            " Keep those that matter most and send it again.",
            field=field,
        )


def tags_named(names: Iterable[str | Tag]) -> list[Tag]:
    """The tags of these names, made where they are new; tags are always in small letters."""
    wanted = dict.fromkeys(line(str(name)).lower() for name in names)
    refuse_too_many(wanted, field="tags")
    for name in wanted:
        refuse_too_long(name, limit=LONGEST_TAG, field="tags")
    return [Tag.objects.get_or_create(name=name)[0] for name in wanted if name]


@transaction.atomic
def add_service(*, name: str, by: User | None, depends_on: Iterable[Service] = (), **fields: Any) -> Service:
    """Adds an entry to the catalogue; its name must be new."""
    service = Service(name=name.strip(), slug=_free_slug(name), **fields)
    refuse_invalid(service, ("name", *fields))
    if Service.objects.filter(name__iexact=service.name).exists():
        raise DomainError(f"There is a service called {service.name} already.", field="name")
    service.save()
    service.depends_on.set(depends_on)
    record(service, "added", by=by)
    return service


@transaction.atomic
def change_service(
    service: Service, *, by: User, depends_on: Iterable[Service] | None = None, **fields: Any
) -> Service:
    """Changes an entry of the catalogue; its address stays."""
    changes = set_fields(service, fields)
    refuse_invalid(service, changes)
    if Service.objects.filter(name__iexact=service.name).exclude(pk=service.pk).exists():
        raise DomainError(f"There is a service called {service.name} already.", field="name")
    if depends_on is not None:
        chosen = [other for other in depends_on if other != service]
        before = list(service.depends_on.all())
        if set(before) != set(chosen):
            service.depends_on.set(chosen)
            changes["depends_on"] = [sorted(map(str, before)), sorted(map(str, chosen))]
    if changes:
        service.save()
        record(service, "changed", by=by, changes=changes)
    return service


@transaction.atomic
def save_severity(severity: Severity, *, by: User, **fields: Any) -> Severity:
    """Adds a severity, or changes it; post-mortems that are opened from now on use its window."""
    is_new = severity.pk is None
    changes = set_fields(severity, fields)
    refuse_invalid(severity, fields)
    for name in ("name", "rank"):
        taken = Severity.objects.filter(**{name: getattr(severity, name)}).exclude(pk=severity.pk)
        if taken.exists():
            raise DomainError(f"Another severity has this {name} already.", field=name)
    if changes:
        severity.save()
        record(severity, "added" if is_new else "changed", by=by, changes=changes)
    return severity


@transaction.atomic
def remove_severity(severity: Severity, *, by: User) -> None:
    """Removes a severity that no incident has."""
    if severity.incidents.exists():
        raise DomainError(f"Incidents have the severity {severity}. Give them another one first.")
    if Severity.objects.count() == 1:
        raise DomainError("The last severity has to stay, since every incident has one.")
    record(severity, "removed", by=by)
    severity.delete()


@transaction.atomic
def change_rules(values: Mapping[int, Mapping[str, Any]], *, by: User) -> list[ReviewRule]:
    """Changes several rules, {a rule's key: its fields}, all of them or none."""
    rules = ReviewRule.objects.select_for_update().in_bulk(list(values))
    return [change_rule(rule, by=by, **values[key]) for key, rule in sorted(rules.items())]


@transaction.atomic
def change_rule(rule: ReviewRule, *, by: User, **fields: Any) -> ReviewRule:
    """Changes a review rule; it counts for incidents that end or change from now on."""
    changes = set_fields(rule, fields)
    if rule.active and rule.threshold is None and rule.fact in BOUNDED:
        raise DomainError(NEEDS_NUMBER, field="threshold")
    if changes:
        rule.save()
        record(rule, "changed", by=by, changes=changes)
    return rule


@transaction.atomic
def rename_tag(tag: Tag, name: str, *, by: User) -> Tag:
    """Gives the tag another name; if there is such a tag, the two become one."""
    wanted = line(name).lower()
    refuse_too_long(wanted, limit=LONGEST_TAG, field="name")
    if not wanted:
        raise DomainError("Give the tag a name.", field="name")
    if wanted == tag.name:
        return tag
    incidents = list(tag.incidents.all())
    record(tag, "renamed", by=by, changes={"name": [tag.name, wanted]})
    other = Tag.objects.filter(name=wanted).first()
    if other:
        other.incidents.add(*incidents)
        tag.delete()
    else:
        tag.name = wanted
        tag.save()
    search.index(incidents)
    return other or tag


@transaction.atomic
def remove_tag(tag: Tag, *, by: User) -> None:
    """Takes the tag off every incident."""
    incidents = list(tag.incidents.all())
    record(tag, "removed", by=by)
    tag.delete()
    search.index(incidents)


@transaction.atomic
def create_webhook(*, name: str, by: User) -> tuple[WebhookEndpoint, str]:
    """An address for another program, and its secret, which is shown this once."""
    secret = new_secret()
    hook = WebhookEndpoint(name=name.strip(), secret_digest=digest(secret), created_by=by)
    refuse_invalid(hook, ["name"])
    hook.save()
    record(hook, "added", by=by)
    return hook, secret


@transaction.atomic
def revoke_webhook(hook: WebhookEndpoint, *, by: User) -> None:
    """From now on its address answers 404."""
    if hook.revoked_at is None:
        hook.revoked_at = timezone.now()
        hook.save(update_fields=["revoked_at"])
        record(hook, "revoked", by=by)


def _free_slug(name: str) -> str:
    alike = Service.objects.filter(slug__startswith=slug_of(name, otherwise="service"))
    return free_slug(name, taken={"new", *alike.values_list("slug", flat=True)}, otherwise="service")
