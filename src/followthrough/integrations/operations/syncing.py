"""One action and its issue are brought in step: made once, read, merged by field, written where something moved here.

Every step may be cut off and carried out again. An issue is made once because it carries a marker that is looked for
before a second try; a field is written once because what the tracker says is read before.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, replace
from datetime import datetime

from django.db import transaction
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.integrations.http_exchange import TrackerError
from followthrough.integrations.issue_merge import Merge, MergeConflict, merge
from followthrough.integrations.models import IssueLink, OutboxChange, PersonAccount, TrackerConnection
from followthrough.integrations.operations.issue_changes import set_here
from followthrough.integrations.operations.linking import PROMISED, show_key
from followthrough.integrations.queries import linking
from followthrough.integrations.queries.connections import accounts_of
from followthrough.integrations.tracker_contract import (
    Draft,
    Issue,
    IssueRef,
    Tracker,
    TrackerClient,
)

State = IssueLink.State
NEVER = "never"
"""The base of a field that was never said there."""


@dataclass
class SyncSession:
    """One turn with one connection."""

    connection: TrackerConnection
    tracker: Tracker
    client: TrackerClient
    accounts: dict[int, str]

    @classmethod
    def of(cls, connection: TrackerConnection, tracker: Tracker, client: TrackerClient) -> SyncSession:
        return cls(connection, tracker, client, accounts_of(connection))

    def values_here(self, link: IssueLink) -> dict[str, str | None]:
        return linking.values_here(link, self.accounts, tells_begun=self.tracker.tells_begun)


def sync_link(session: SyncSession, link: IssueLink) -> None:
    """Brings one link in step and sends its comments. Raises what the tracker raises."""
    last = OutboxChange.objects.filter(link=link, sent_at=None).order_by("-pk").first()
    begun_at = timezone.now()
    _find_owner(session, link)
    if link.state == State.PENDING:
        issue = _make(session, link)
    else:
        issue = session.client.fetch(IssueRef(link.target, link.issue))
    if issue is None:
        return
    issue = _keep_in_step(session, link, issue)
    _send_comments(session, link, issue)
    _settle(link, last, begun_at)


def merge_snapshot(session: SyncSession, link: IssueLink, issue: Issue) -> None:
    """What a listing said of an issue is set here; where something is to be written there, the link waits for its turn."""
    values = _their_values(link, issue)
    details = linking.details_of(link)
    is_same = values == link.their_base and session.values_here(link) == link.our_base
    if is_same and linking.digest_of(details) == link.details_digest:
        return
    found = _merge_here(session, link, issue)
    if found.there or linking.digest_of(linking.details_of(link)) != link.details_digest:
        IssueLink.objects.filter(pk=link.pk).update(look_at=timezone.now())


def _find_owner(session: SyncSession, link: IssueLink) -> None:
    """Looks the owner up by mail address, once; who was not found waits for the table. It holds nothing else up."""
    owner = link.action.owner
    if owner is None or owner.pk in session.accounts:
        return
    try:
        account = session.client.find_account(owner.email) or ""
    except TrackerError:
        return
    taken = PersonAccount.objects.filter(connection=session.connection, account=account).exclude(account="")
    account = "" if taken.exists() else account
    PersonAccount.objects.get_or_create(
        connection=session.connection, person=owner, defaults={"account": account}
    )
    session.accounts[owner.pk] = account


def _make(session: SyncSession, link: IssueLink) -> Issue | None:
    """The issue of a link that has none yet; None where it is no promise any more, and proposals never leave."""
    found = None
    if link.attempted_at:
        found = session.client.find(link.target, str(link.pk), link.attempted_at)
    if found is None and (link.action.removed_at or link.action.state not in PROMISED):
        link.delete()
        return None
    ours, details = session.values_here(link), linking.details_of(link)
    if found is None:
        link.our_base, link.details_digest = ours, linking.digest_of(details)
        _note_attempt(link)
        issue = session.client.create(Draft(link.target, ours, details, link.extra))
    else:
        issue = found
    # What was sent is what the two agreed on; what people changed there before it was noted is news.
    link.their_base = {**link.our_base} if found else dict(issue.values)
    if not session.tracker.details_at_once:
        link.details_digest = ""
    link.state = State.LINKED
    link.words = _not_taken(issue.key, {} if found else ours, issue.values)
    _note_address(link, issue, "their_base", "details_digest", "state", "words")
    return issue


def _note_attempt(link: IssueLink) -> None:
    """Before the issue is made, so that whoever takes over knows that there may be one, and what was sent."""
    link.attempted_at = link.attempted_at or timezone.now()
    link.save(update_fields=["attempted_at", "our_base", "details_digest"])


@transaction.atomic
def _note_address(link: IssueLink, issue: Issue, *also: str) -> None:
    link.target, link.issue = issue.ref.target, issue.ref.id
    link.key, link.url = issue.key, issue.url
    link.save(update_fields=["target", "issue", "key", "url", *also])
    show_key(link)


def _keep_in_step(session: SyncSession, link: IssueLink, issue: Issue) -> Issue:
    if (link.target, link.issue, link.key) != (issue.ref.target, issue.ref.id, issue.key):
        _note_address(link, issue)
    found = _merge_here(session, link, issue)
    details = linking.details_of(link)
    digest = linking.digest_of(details)
    is_new = digest != link.details_digest
    if found.there or is_new:
        shown = replace(issue, values=_their_values(link, issue))
        with_details = details if is_new or "due" in found.there else None
        answered = session.client.update(shown, found.there, with_details)
        _note_written(link, found.there, before=issue, after=answered, digest=digest)
        return answered
    return issue


def _their_values(link: IssueLink, issue: Issue) -> dict[str, str | None]:
    """What the issue says; of several owners the one that we know of."""
    values = dict(issue.values)
    if link.their_base.get("owner") in issue.also_owners:
        values["owner"] = link.their_base["owner"]
    return values


@transaction.atomic
def _merge_here(session: SyncSession, link: IssueLink, issue: Issue) -> Merge:
    """Merges and sets what moved there, with the bases that both then have, in one transaction."""
    action = _locked(link)
    theirs, ours = _their_values(link, issue), session.values_here(link)
    found = _first(ours, theirs) if not link.their_base else _merged(link, ours, theirs, issue)
    if linking.is_restricted(action) and not link.is_private:
        found.here.pop("title", None)
    account = link.heard_from or issue.closed_by
    refused = set_here(link, found.here, account=account)
    earlier = link.our_base
    link.our_base = session.values_here(link)
    link.our_base |= {name: earlier.get(name, NEVER) for name in found.there}
    link.their_base = {**link.their_base, **theirs}
    _say_conflicts(link, found.conflicts)
    if refused:
        link.words = " ".join(refused)[:600]
    link.heard_from = ""
    link.save(update_fields=["our_base", "their_base", "words", "heard_from"])
    return found


def _locked(link: IssueLink) -> ActionItem:
    """The action as it is now, kept so until the transaction ends."""
    ActionItem.objects.select_for_update().filter(pk=link.action_id).values_list("pk").first()
    rows = ActionItem.objects.select_related("owner", "finding", "postmortem__incident")
    link.action = rows.get(pk=link.action_id)
    return link.action


def _first(ours: Mapping[str, str | None], theirs: Mapping[str, str | None]) -> Merge:
    """An issue that was there before: its state counts, what it lacks is filled in, and both keep their words."""
    found = Merge()
    if theirs.get("state") != ours["state"]:
        found.here["state"] = theirs.get("state")
    for name in ("owner", "due"):
        if ours[name] and not theirs.get(name):
            found.there[name] = ours[name]
    return found


def _merged(
    link: IssueLink, ours: Mapping[str, str | None], theirs: Mapping[str, str | None], issue: Issue
) -> Merge:
    return merge(
        ours,
        theirs,
        our_base=link.our_base,
        their_base=link.their_base,
        ours_at=linking.changed_here_at(link.action) if dict(ours) != link.our_base else {},
        theirs_at=issue.updated_at,
    )


def _say_conflicts(link: IssueLink, conflicts: list[MergeConflict]) -> None:
    """On both sides; of a restricted incident's words nothing leaves."""
    says_nothing = linking.is_restricted(link.action) and not link.is_private
    said = [_conflict_in_words(conflict, link) for conflict in conflicts]
    if not said:
        return
    link.words = " ".join(said)[:600]
    if not says_nothing:
        OutboxChange.objects.create(link=link, what="comment", comment="\n\n".join(said)[:4000])


def _conflict_in_words(conflict: MergeConflict, link: IssueLink) -> str:
    name = {"due": "date"}.get(conflict.field, conflict.field)
    where = str(link) if conflict.from_tracker else link.action.key
    return (
        f"The {name} was changed on both sides. “{conflict.kept or 'none'}” of {where} was kept;"
        f" the other was “{conflict.lost or 'none'}”."
    )


@transaction.atomic
def _note_written(
    link: IssueLink, sent: Mapping[str, str | None], *, before: Issue, after: Issue, digest: str
) -> None:
    """What the tracker made of it is the new base; what moved there meanwhile is looked at again."""
    answered = _their_values(link, after)
    for name, value in sent.items():
        link.our_base[name] = value
        if name in answered:
            link.their_base[name] = answered[name]
    if any(answered.get(name) != before.values.get(name) for name in before.values if name not in sent):
        link.look_at = timezone.now()
    if words := _not_taken(link.key, sent, answered):
        link.words = words
    link.details_digest = digest
    link.save(update_fields=["our_base", "their_base", "look_at", "words", "details_digest"])


def _not_taken(key: str, sent: Mapping[str, str | None], answered: Mapping[str, str | None]) -> str:
    names = [name for name, value in sent.items() if value and answered.get(name) != value]
    return f"{key} did not take the {' and the '.join(names)} from here." if names else ""


def _send_comments(session: SyncSession, link: IssueLink, issue: Issue) -> None:
    for change in OutboxChange.objects.filter(link=link, sent_at=None).exclude(comment="").order_by("pk"):
        marker = str(change.marker)
        if not change.attempted_at:
            change.attempted_at = timezone.now()
            change.save(update_fields=["attempted_at"])
            session.client.comment(issue, change.comment, marker)
        elif not session.client.has_comment(issue, marker):
            session.client.comment(issue, change.comment, marker)
        OutboxChange.objects.filter(pk=change.pk).update(sent_at=timezone.now())


@transaction.atomic
def _settle(link: IssueLink, last: OutboxChange | None, begun_at: datetime) -> None:
    """What waited when the turn began is done; what came meanwhile waits on."""
    now = timezone.now()
    if last:
        OutboxChange.objects.filter(link=link, pk__lte=last.pk, sent_at=None).update(sent_at=now)
    rows = IssueLink.objects.filter(pk=link.pk)
    rows.filter(look_at__lte=begun_at).update(look_at=None)
    rows.filter(attempts__gt=0).update(attempts=0, retry_at=None, words="")
    rows.update(synced_at=now)
