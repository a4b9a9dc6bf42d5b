"""Patterns and insights at 100,000 incidents: pages, one change, the nightly count, and how often they cry wolf."""

from __future__ import annotations

import os
import random
import statistics
import tempfile
import time
from collections.abc import Callable
from datetime import timedelta
from typing import Any

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
    from followthrough.cli.starting import bring_up_to_date, start

    start()
    bring_up_to_date()
    print(f"Making {size:,} incidents with findings and actions…", flush=True)
    reader = _fill(size)
    _measure(reader, size)
    _cry_wolf()


def _measure(reader: Any, size: int) -> None:
    from django.test import Client

    from followthrough.incidents.models import Incident
    from followthrough.patterns.models import Pattern
    from followthrough.patterns.operations import refresh_all, refresh_incident

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
    from followthrough.statistics import evaluation

    chosen = random.Random(4)
    series = [[_burst(chosen) for _ in range(40)] for _ in range(12)]
    alarms = evaluation.false_alarms(series, rounds=200)
    share = alarms.alarms / max(1, alarms.judged)
    row("false alarms at a nominal 1 %", f"{share:.1%}", promise="≤ 2 %", met=share <= 0.02)
    for claims in evaluation.false_claims([chosen.lognormvariate(4, 1) for _ in range(600)]):
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


def _fill(size: int) -> Any:
    from django.utils import timezone

    from followthrough.incidents.models import Service, Severity, Tag
    from followthrough.people.operations import set_up

    reader = set_up(name="Ada Reader", email="ada@example.org", password="a long pass phrase 7", zone="UTC")
    services = [Service.objects.create(name=f"service {n}", slug=f"service-{n}") for n in range(24)]
    tags = [Tag.objects.create(name=f"tag-{n}") for n in range(40)]
    severities = list(Severity.objects.all())
    for first in range(0, size, BATCH):
        number = min(BATCH, size - first)
        _add(
            first,
            number,
            timezone.now() - timedelta(days=365 * YEARS) * (1 - first / size),
            size,
            services,
            tags,
            severities,
            reader,
        )
    return reader


def _add(
    first: int, number: int, since: Any, size: int, services: Any, tags: Any, severities: Any, reader: Any
) -> None:
    from followthrough.actions.models import ActionItem
    from followthrough.causes.models import Cause, Finding
    from followthrough.incidents.models import Incident, Milestone
    from followthrough.postmortems.models import PostMortem

    chosen, apart = random.Random(first), timedelta(days=365 * YEARS) / size
    incidents = Incident.objects.bulk_create(
        Incident(
            title=f"Trouble {first + n}",
            severity=chosen.choice(severities),
            status="resolved",
            began_at=since + apart * n,
            ended_at=since + apart * n + timedelta(minutes=chosen.lognormvariate(4, 0.9)),
            detected_by=chosen.choice(["alert", "alert", "customer"]),
        )
        for n in range(number)
    )
    Milestone.objects.bulk_create(
        Milestone(incident=one, name=name, at=one.began_at + (one.ended_at - one.began_at) * share)
        for one in incidents
        for name, share in (("started", 0.0), ("detected", 0.2), ("resolved", 1.0))
    )
    Incident.services.through.objects.bulk_create(
        Incident.services.through(incident=one, service=chosen.choice(services)) for one in incidents
    )
    Incident.tags.through.objects.bulk_create(
        Incident.tags.through(incident=one, tag=chosen.choice(tags)) for one in incidents[::2]
    )
    reviews = PostMortem.objects.bulk_create(PostMortem(incident=one) for one in incidents)
    categories = Cause.Category.values
    causes = Cause.objects.bulk_create(
        Cause(postmortem=one, text="Why", category=chosen.choice(categories)) for one in reviews
    )
    findings = Finding.objects.bulk_create(
        Finding(postmortem_id=cause.postmortem_id, cause=cause, kind="root_cause", text="So it is")
        for cause in causes
    )
    ActionItem.objects.bulk_create(
        ActionItem(
            number=first + n + 1,
            postmortem_id=finding.postmortem_id,
            finding=finding,
            text="Do it",
            owner=reader,
            state="done",
            due_on=(incidents[n].began_at + timedelta(days=30)).date(),
            done_at=incidents[n].began_at + timedelta(days=chosen.randrange(5, 50)),
        )
        for n, finding in enumerate(findings)
    )


if __name__ == "__main__":
    main()
