"""What a person writes into the form of a report."""

from __future__ import annotations

from typing import Any

from followthrough.incidents.models import Severity


def form_values(**values: Any) -> dict[str, Any]:
    """A report that is in order, with `values` in it."""
    return {
        "title": "Checkout returned 502",
        "kind": "outage",
        "severity": Severity.objects.get(name="SEV2").pk,
        "zone": "Europe/Berlin",
        "detected_by": "alert",
        "customer_impact": "none",
        "visibility": "open",
        "started_at": "2026-11-20T15:03",
        "people-TOTAL_FORMS": 1,
        "people-INITIAL_FORMS": 0,
        "people-0-role": "responder",
    } | values
