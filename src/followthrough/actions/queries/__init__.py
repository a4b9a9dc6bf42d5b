"""Reading action items."""

from __future__ import annotations

from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from datetime import date
from uuid import UUID

from django.db.models import Count, Max, Q, QuerySet
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.core.errors import NotFound
from followthrough.incidents import queries as incidents
from followthrough.incidents.models import Incident
from followthrough.people.models import User
from followthrough.postmortems.models import PostMortem
from followthrough.wording.specificity import check_action

S = ActionItem.State
SHOWN = (
    *("number", "text", "kind", "priority", "state", "due_on", "due_order", "stage", "done_at", "failed_at"),
    "version",
    *("owner__name", "owner__email", "postmortem__incident__title"),
    *("asked_at", "accepted_at", "committed_by", "proposed_due_on"),
)
"""What lists show of an action."""
FOUND_WITH = (
    "owner",
    "finding",
    "replaces",
    "given_by",
    "committed_by",
    "author",
    "postmortem__incident",
    "postmortem__facilitator",
)


@dataclass(frozen=True)
class Load:
    """How many actions somebody has open, and how many of these are past their date."""

    open: int = 0
    late: int = 0


def visible_to(user: User) -> QuerySet[ActionItem]:
    """The actions of the incidents that `user` may see."""
    return _seen_by(user).filter(stage__lt=ActionItem.Stage.REMOVED)


def _seen_by(user: User) -> QuerySet[ActionItem]:
    return ActionItem.objects.exclude(postmortem__in=incidents.hidden_from(user).values("pk"))


def numbers_seen(user: User, numbers: Collection[int]) -> QuerySet[ActionItem, int]:
    """Those of the `numbers` whose actions `user` may see, removed ones too."""
    return _seen_by(user).filter(number__in=numbers).values_list("number", flat=True)


def open_to_members(numbers: Collection[int]) -> QuerySet[ActionItem, int]:
    """Those of the `numbers` whose actions every member may see."""
    shown = ActionItem.objects.filter(
        number__in=numbers, postmortem__incident__visibility=Incident.Visibility.OPEN
    )
    return shown.values_list("number", flat=True)


def seen_in_room(number: int) -> QuerySet[ActionItem]:
    """What everybody in the room of incident `number` may know of: its own actions, and those open to every member."""
    is_open = Q(postmortem__incident__visibility=Incident.Visibility.OPEN)
    return ActionItem.objects.filter(is_open | Q(postmortem=number))


def find(user: User, number: int) -> ActionItem:
    """The action that people call ACT-`number`. NotThere if there is none that `user` may see."""
    action = visible_to(user).select_related(*FOUND_WITH).filter(number=number)
    if not (found := action.first()):
        raise NotFound(f"There is no ACT-{number} that you can see. It may have been removed.")
    return found


def find_removed(user: User, number: int) -> ActionItem:
    """The removed action ACT-`number`, to bring it back."""
    action = _seen_by(user).select_related("postmortem__incident").filter(number=number).first()
    if action is None or action.removed_at is None:
        raise NotFound(f"There is no removed ACT-{number} that you can see.")
    return action


def actions_of(postmortem: PostMortem) -> QuerySet[ActionItem]:
    return (
        ActionItem.objects.filter(postmortem=postmortem, removed_at=None)
        .select_related("owner", "finding")
        .order_by("created_at", "number")
    )


def find_in(postmortem: PostMortem, key: UUID | str) -> ActionItem:
    """An action of this post-mortem, removed or not. NotThere otherwise."""
    action = ActionItem.objects.select_related("owner").filter(postmortem=postmortem, pk=key).first()
    if action is None:
        raise NotFound("This action is not part of the post-mortem.")
    return action


def late(actions: QuerySet[ActionItem], *, today: date | None = None) -> QuerySet[ActionItem]:
    """Those still open after their due date, the latest first to be due on top."""
    today = today or timezone.localdate()
    return actions.filter(stage=ActionItem.Stage.OPEN, due_order__lt=today).order_by("due_order", "number")


def load_of(
    people: Iterable[User], *, among: QuerySet[ActionItem], today: date | None = None
) -> dict[int, Load]:
    """The load of each person, by their key, of what stands `among` the actions that whoever is told may see; one query."""
    today = today or timezone.localdate()
    keys = [person.pk for person in people]
    counted = (
        among.filter(owner__in=keys, stage=ActionItem.Stage.OPEN)
        .values("owner")
        .annotate(open=Count("pk"), late=Count("pk", filter=Q(due_on__lt=today)))
        .order_by()
    )
    loads = {row["owner"]: Load(row["open"], row["late"]) for row in counted}
    return {key: loads.get(key, Load()) for key in keys}


def missing_of(
    action: ActionItem, *, services: Sequence[str] = (), findings: Sequence[str] = ()
) -> list[str]:
    """What the gate still wants of an action, in words that follow its name: "is not specific", "has no owner"."""
    missing = []
    if not action.wording_accepted_by_id and not is_specific(action, services=services, findings=findings):
        missing.append("is not specific")
    if action.owner_id is None:
        missing.append("has no owner")
    if action.due_on is None:
        missing.append("has no date")
    if not missing and action.state == S.PROPOSED and not action.is_asked:
        missing.append("is not committed to")
    return missing


def is_specific(action: ActionItem, *, services: Sequence[str] = (), findings: Sequence[str] = ()) -> bool:
    return check_action(action.text, services=services, findings=findings).specific


def told_of(actions: Sequence[ActionItem]) -> str:
    """How these stand in a few words: "4 · 1 verified · 1 late"."""
    counts = (
        ("verified", sum(row.state == S.VERIFIED for row in actions)),
        ("done", sum(row.state == S.DONE for row in actions)),
        ("open", sum(row.is_open for row in actions)),
        ("late", sum(row.days_late > 0 for row in actions)),
    )
    return " · ".join([str(len(actions)), *(f"{number} {word}" for word, number in counts if number)])


def asked_of(person: User) -> QuerySet[ActionItem]:
    """Open actions that `person` was asked to take on and has not answered for, the longest asked first."""
    waiting = visible_to(person).filter(owner=person, stage=ActionItem.Stage.OPEN, accepted_at=None)
    return waiting.filter(proposed_due_on=None).exclude(asked_at=None).order_by("asked_at", "number")


@dataclass(frozen=True)
class Acceptance:
    """How many of the people who own actions have accepted all of theirs."""

    accepted: int
    owners: int

    def __str__(self) -> str:
        if not self.owners:
            return ""
        return f"accepted by {self.accepted} of {self.owners} owner{'' if self.owners == 1 else 's'}"


def acceptance_of(items: Iterable[ActionItem]) -> Acceptance:
    """Of those with an owner that were not declined."""
    owned = [item for item in items if item.owner_id and item.state != S.DECLINED]
    waiting = {item.owner_id for item in owned if not item.accepted_at}
    owners = {item.owner_id for item in owned}
    return Acceptance(len(owners - waiting), len(owners))


def acceptance_among(actions: QuerySet[ActionItem]) -> Acceptance:
    """Of the open ones of many actions; one query."""
    open_ones = actions.filter(stage=ActionItem.Stage.OPEN).exclude(owner=None).order_by()
    waiting = Count("owner", distinct=True, filter=Q(accepted_at=None))
    counts = open_ones.aggregate(owners=Count("owner", distinct=True), waiting=waiting)
    return Acceptance(counts["owners"] - counts["waiting"], counts["owners"])


def next_number() -> int:
    return (ActionItem.objects.aggregate(last=Max("number"))["last"] or 0) + 1


def with_context(actions: QuerySet[ActionItem]) -> QuerySet[ActionItem]:
    """With owner and incident, as lists show them."""
    return actions.select_related("owner", "postmortem__incident").only(*SHOWN)
