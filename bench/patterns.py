"""Patterns and insights at 100,000 incidents: pages, one change, the nightly count, and how often they cry wolf."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any, NamedTuple

from bench.table import heading, row

LARGE = 100_000
YEARS = 6
BATCH = 5_000
ROUNDS = 15
PAGES = {
    "patterns page": ("/patterns/", 200),
    "patterns by service": ("/patterns/services/", 200),
    "the response": ("/patterns/response/", 200),
    "page of the largest pattern": ("", 200),
}
INSIGHTS = {"12 months": "/insights/", "5 years": "/insights/?period=60"}


def main(size: int = LARGE) -> None:
    """Measures processor time in this process, on a data folder of its own."""
    os.environ["FOLLOWTHROUGH_DATA"] = tempfile.mkdtemp(prefix="followthrough-bench-patterns-")
    os.environ["FOLLOWTHROUGH_LOG_LEVEL"] = "ERROR"
    from followthrough.cli.bootstrap import bootstrap, bring_up_to_date

    bootstrap()
    bring_up_to_date()
    print(f"Making {size:,} incidents with findings and actions…", flush=True)
    reader = _fill(size)
    _measure(reader, size)
    _cry_wolf()


def _measure(reader: Any, size: int) -> None:
    from django.test import Client

    from followthrough.incidents.models import Incident
    from followthrough.patterns.models import Pattern
    from followthrough.patterns.operations.refresh import refresh_all, refresh_incident

    heading("processor time", f"{size:,}")
    night = _span(refresh_all)
    row("nightly count of everything", f"{night:.0f} s", promise="≤ 300 s", met=night <= 300)
    newest = Incident.objects.order_by("-pk").values_list("pk", flat=True)[0]
    change = statistics.median(_span(lambda: refresh_incident(newest)) for _ in range(5)) * 1000
    row("one changed incident, in a job", f"{change:.0f} ms", promise="≤ 1000 ms", met=change <= 1000)
    client = Client(HTTP_HOST="localhost", raise_request_exception=True)
    client.force_login(reader)
    largest = Pattern.objects.order_by("-incidents")[0].get_absolute_url()
    for name, (address, most) in PAGES.items():
        spans = [_span(lambda address=address: _get(client, address or largest)) for _ in range(ROUNDS)]
        took = statistics.median(spans[3:]) * 1000
        row(name, f"{took:.0f} ms", promise=f"≤ {most} ms", met=took <= most)

    _insights(client)


def _insights(client: Any) -> None:
    """As counted the first time since something changed, and as it stands afterwards."""
    from django.core.cache import cache

    for name, address in INSIGHTS.items():
        first, again = [], []
        for _ in range(ROUNDS):
            cache.clear()
            first.append(_span(lambda address=address: _get(client, address)))
            again.append(_span(lambda address=address: _get(client, address)))
        for when, spans, most in (("first", first, 200), ("again", again, 50)):
            took = statistics.median(spans) * 1000
            row(f"insights, {name}, {when}", f"{took:.0f} ms", promise=f"≤ {most} ms", met=took <= most)


def _get(client: Any, address: str) -> None:
    answer = client.get(address)
    if answer.status_code != 200:
        raise SystemExit(f"{address} answered {answer.status_code}.")


def _span(work: Callable[[], object]) -> float:
    began = time.process_time()
    work()
    return time.process_time() - began


def _cry_wolf() -> None:
    """On simulated months and durations without any change; `followthrough evaluate` does it on real ones."""
    from followthrough.statistics import alarm_evaluation

    chosen = random.Random(4)
    series = [[_burst(chosen) for _ in range(40)] for _ in range(12)]
    alarms = alarm_evaluation.false_alarms(series, rounds=200)
    share = alarms.alarms / max(1, alarms.judged)
    row("false alarms at a nominal 1 %", f"{share:.1%}", promise="≤ 2 %", met=share <= 0.02)
    for claims in alarm_evaluation.false_claims([chosen.lognormvariate(4, 1) for _ in range(600)]):
        share = claims.false / claims.tried
        row(
            f"false claims, {claims.size} with {claims.size}",
            f"{share:.1%}",
            promise="≤ 5 %",
            met=share <= 0.05,
        )


def _burst(chosen: random.Random) -> int:
    """A negative binomial month: a rate that itself varies."""
    rate, number, passed = chosen.gammavariate(2, 1.2), 0, 0.0
    while (passed := passed + chosen.expovariate(1)) < rate:
        number += 1
    return number


class Choices(NamedTuple):
    """What an incident may have."""

    services: list[Any]
    tags: list[Any]
    severities: list[Any]


def _fill(size: int) -> Any:
    from django.utils import timezone

    from followthrough.incidents.models import Service, Severity, Tag
    from followthrough.people.operations import set_up

    reader = set_up(name="Ada Reader", email="ada@example.org", password="a long pass phrase 7", zone="UTC")
    choices = Choices(
        [Service.objects.create(name=f"service {n}", slug=f"service-{n}") for n in range(24)],
        [Tag.objects.create(name=f"tag-{n}") for n in range(40)],
        list(Severity.objects.all()),
    )
    apart = timedelta(days=365 * YEARS) / size
    since = timezone.now() - apart * size
    for first in range(0, size, BATCH):
        numbers, chosen = range(first, min(first + BATCH, size)), random.Random(first)
        incidents = _add_incidents([(n, since + apart * n) for n in numbers], choices, chosen)
        _add_actions(first, incidents, reader, chosen)
    return reader


def _add_incidents(
    numbered: list[tuple[int, datetime]], choices: Choices, chosen: random.Random
) -> list[Any]:
    """One incident for each number and beginning."""
    from followthrough.incidents.models import Incident, Milestone

    incidents = Incident.objects.bulk_create(
        Incident(
            title=f"Trouble {number}",
            severity=chosen.choice(choices.severities),
            status="resolved",
            began_at=began,
            ended_at=began + timedelta(minutes=chosen.lognormvariate(4, 0.9)),
            detected_by=chosen.choice(["alert", "alert", "customer"]),
        )
        for number, began in numbered
    )
    Milestone.objects.bulk_create(
        Milestone(incident=one, name=name, at=one.began_at + (one.ended_at - one.began_at) * share)
        for one in incidents
        for name, share in (("started", 0.0), ("detected", 0.2), ("resolved", 1.0))
    )
    services, tags = Incident.services.through, Incident.tags.through
    services.objects.bulk_create(
        services(incident=one, service=chosen.choice(choices.services)) for one in incidents
    )
    tags.objects.bulk_create(tags(incident=one, tag=chosen.choice(choices.tags)) for one in incidents[::2])
    return incidents


def _add_actions(first: int, incidents: list[Any], reader: Any, chosen: random.Random) -> None:
    """A post-mortem for each incident, with one cause, finding and finished action."""
    from followthrough.actions.models import ActionItem
    from followthrough.causes.models import Cause, Finding
    from followthrough.postmortems.models import PostMortem

    reviews = PostMortem.objects.bulk_create(PostMortem(incident=one) for one in incidents)
    causes = Cause.objects.bulk_create(
        Cause(postmortem=one, text="Why", category=chosen.choice(Cause.Category.values)) for one in reviews
    )
    findings = Finding.objects.bulk_create(
        Finding(postmortem_id=cause.postmortem_id, cause=cause, kind="root_cause", text="So it is")
        for cause in causes
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            number=number,
            postmortem_id=finding.postmortem_id,
            finding=finding,
            text="Do it",
            owner=reader,
            state="done",
            due_on=(incident.began_at + timedelta(days=30)).date(),
            done_at=incident.began_at + timedelta(days=chosen.randrange(5, 50)),
        )
        for number, (incident, finding) in enumerate(zip(incidents, findings, strict=True), first + 1)
    )


if __name__ == "__main__":
    main()
