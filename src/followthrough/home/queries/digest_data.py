"""The data of the weekly digests, each read once for all people, when it is first asked for."""

from __future__ import annotations

from collections import defaultdict
from collections.abc import Sequence
from datetime import timedelta
from functools import cached_property

from django.db.models import Q
from django.utils import timezone

from followthrough.actions.models import ActionItem
from followthrough.incidents.models import Incident
from followthrough.meetings.models import Meeting
from followthrough.people.models import Membership, Team, User
from followthrough.postmortems.models import Participant, PostMortem, Promise
from followthrough.postmortems.queries.audience import Audience

WEEK = timedelta(days=7)


class DigestData:
    """For the people of one batch and the teams they lead; by the key of person or team."""

    def __init__(self, people: Sequence[User]) -> None:
        self._people = people

    def sees(self, person: User, row: ActionItem | Promise) -> bool:
        return self._audience.sees(person, row.postmortem.incident)

    @cached_property
    def led(self) -> dict[int, list[Team]]:
        """The teams that each person leads."""
        teams: dict[int, list[Team]] = defaultdict(list)
        rows = Membership.objects.filter(person__in=self._people, leads=True).select_related("team")
        for row in rows.order_by("team__name"):
            teams[row.person_id].append(row.team)
        return teams

    @cached_property
    def members(self) -> dict[int, list[int]]:
        """The people of each of those teams."""
        members: dict[int, list[int]] = defaultdict(list)
        teams = {team.pk for led in self.led.values() for team in led}
        for team, person in Membership.objects.filter(team__in=teams).values_list("team", "person"):
            members[team].append(person)
        return members

    @cached_property
    def actions(self) -> dict[int, list[ActionItem]]:
        """Open actions by owner; what was proposed in a meeting that still goes on is left out."""
        owners = {person.pk for person in self._people}.union(*self.members.values())
        rows = ActionItem.objects.filter(owner__in=owners, stage=ActionItem.Stage.OPEN)
        rows = rows.exclude(state=ActionItem.State.PROPOSED, postmortem__closed_at=None)
        rows = rows.select_related("owner", "postmortem__incident").order_by("due_order", "number")
        actions: dict[int, list[ActionItem]] = defaultdict(list)
        for row in rows.defer("postmortem__incident__what_happened"):
            actions[row.owner_id or 0].append(row)
        return actions

    @cached_property
    def meetings(self) -> dict[int, list[Meeting]]:
        """Next week's meetings and check-ins of each person."""
        now = timezone.now()
        rows = Meeting.objects.filter(
            state=Meeting.State.SCHEDULED, starts_at__gt=now, starts_at__lt=now + WEEK
        )
        ahead = list(rows.select_related("postmortem__incident").order_by("starts_at"))
        asked = Participant.objects.filter(postmortem__in=[row.postmortem_id for row in ahead])
        coming: dict[int, set[int | None]] = {
            row.postmortem_id: {row.postmortem.facilitator_id} for row in ahead
        }
        declined = Participant.Response.DECLINED
        for postmortem, person in asked.exclude(response=declined).values_list("postmortem", "person"):
            coming[postmortem].add(person)
        meetings: dict[int, list[Meeting]] = defaultdict(list)
        for row in ahead:
            for person in filter(None, coming[row.postmortem_id]):
                meetings[person].append(row)
        return meetings

    @cached_property
    def promises(self) -> dict[int, list[Promise]]:
        """Promises that are late or due within a week, by the team that the incident concerns."""
        concerned = Incident.teams.through._default_manager.filter(team__in=self.members)
        owned = Incident.services.through._default_manager.filter(service__owner__in=self.members)
        teams: dict[int, set[int]] = defaultdict(set)
        for incident, team in concerned.values_list("incident", "team"):
            teams[incident].add(team)
        for incident, team in owned.values_list("incident", "service__owner"):
            teams[incident].add(team)
        promises: dict[int, list[Promise]] = defaultdict(list)
        for row in self._due:
            for team in teams[row.postmortem_id]:
                promises[team].append(row)
        return promises

    @cached_property
    def _due(self) -> list[Promise]:
        """A meeting's only until it has a time."""
        waits = Q(postmortem__state=PostMortem.State.TO_SCHEDULE) & ~Q(
            postmortem__incident__review=Incident.Review.SKIPPED
        )
        rows = Promise.objects.filter(kept_at=None, dropped_at=None, due_at__lt=timezone.now() + WEEK)
        rows = rows.filter(~Q(kind=Promise.Kind.MEETING) | waits).select_related("postmortem__incident")
        rows = rows.prefetch_related("postmortem__omissions")
        return list(rows.defer("postmortem__incident__what_happened").order_by("due_at", "pk"))

    @cached_property
    def _audience(self) -> Audience:
        seen = [row.postmortem.incident for rows in self.actions.values() for row in rows]
        return Audience([], [*seen, *(row.postmortem.incident for row in self._due)])
