"""What an issue says is set on its action: by who did it there, if they are somebody here, and refused in words."""

from __future__ import annotations

from collections.abc import Mapping
from datetime import date

from django.db import transaction

from followthrough.actions import operations as actions
from followthrough.actions.models import ActionItem
from followthrough.actions.operations import following
from followthrough.core.errors import DomainError
from followthrough.integrations import tracker_registry
from followthrough.integrations.models import IssueLink, PersonAccount
from followthrough.integrations.operations.linking import coming_from
from followthrough.integrations.tracker_contract import BEGUN, DECLINED, DONE, OPEN
from followthrough.notifications.operations import notify
from followthrough.people.models import User

S = ActionItem.State
_SAID = {OPEN: "is open", BEGUN: "is being worked on", DONE: "is done", DECLINED: "was closed as not planned"}


@transaction.atomic
def set_here(link: IssueLink, values: Mapping[str, str | None], *, account: str | None) -> list[str]:
    """Sets what moved there, owner and date before state; what could not be set, in words. Never verifies anything."""
    action = link.action
    if action.removed_at or not values:
        return []
    by = _person_of(link, account)
    before = action.state
    with coming_from(link):
        following.note_from_tracker(action, _heard(link, values, account, by), by=by)
        said = [name for name in ("title", "due", "owner", "state") if name in values]
        refused = [words for name in said if (words := _set(link, name, values[name], by))]
    if before in {S.DONE, S.VERIFIED} and action.is_open:
        _tell_owner(link)
    return refused


def _set(link: IssueLink, name: str, value: str | None, by: User | None) -> str:
    """ "" where it was set, else why not."""
    try:
        with transaction.atomic():
            if name == "state":
                _set_state(link, value or OPEN, by)
            else:
                _set_field(link, name, value, by)
    except DomainError as error:
        link.action.refresh_from_db()
        return error.message
    return ""


def _set_field(link: IssueLink, name: str, value: str | None, by: User | None) -> None:
    if name == "title":
        actions.change_action(link.action, by=by, text=value or "")
    elif name == "due":
        actions.change_action(link.action, by=by, due_on=date.fromisoformat(value) if value else None)
    else:
        owner = _person_of(link, value)
        if value and owner is None:
            raise DomainError(f"{value} has it there and is nobody here, so its owner stayed as it was.")
        actions.change_action(link.action, by=by, owner=owner)


def _set_state(link: IssueLink, state: str, by: User | None) -> None:
    action = link.action
    if state == DONE:
        following.follow_to_done(action, by=by)
    elif state == DECLINED:
        following.follow_to_declined(action, reason=f"{link} was closed as not planned.", by=by)
    elif state == BEGUN:
        following.follow_issue(action, begun=True, by=by)
    elif tracker_registry.tracker_of(link.connection.service).tells_begun:
        following.follow_to_waiting(action, by=by)
    else:
        following.follow_issue(action, begun=False, by=by)


def _person_of(link: IssueLink, account: str | None) -> User | None:
    """Who has this account there; nobody is guessed."""
    if not account:
        return None
    rows = PersonAccount.objects.filter(
        connection=link.connection_id, account=account, person__is_active=True
    )
    found = rows.select_related("person").first()
    return found.person if found else None


def _heard(link: IssueLink, values: Mapping[str, str | None], account: str | None, by: User | None) -> str:
    said = [_SAID[state]] if (state := values.get("state")) else []
    said += [f"has another {name}" for name in ("title", "owner", "due") if name in values]
    who = f", by {account}" if account and by is None else ""
    return f"{link} {' and '.join(said)}{who}".replace("another due", "another date")


def _tell_owner(link: IssueLink) -> None:
    action = link.action
    if action.owner and action.owner.is_active:
        notify(
            action.owner,
            kind="action",
            key=f"reopened there {link.pk} {action.version}",
            subject=f"{action.key} was reopened in {link}",
            body="Its issue is open again, so it is open here as well: what was said of it having held no longer counts.",
            path=action.get_absolute_url(),
            references=[action.reference],
        )
