"""One incident of the sample that is the same thing again as one whose fixes are not proven yet."""

from __future__ import annotations

from followthrough.incidents.models import Incident
from followthrough.patterns.operations.strikes import note_strikes
from followthrough.sample.story import CHAPTERS
from followthrough.similarity.operations import give_feedback

AGAIN, EARLIER = "cloudflare-2025-11-18", "google-cloud-2025-06-12"


def strike_again() -> None:
    """Who led the earlier meeting says so, and who answers for its fixes is told."""
    incident, earlier = (_incident(slug) for slug in (AGAIN, EARLIER))
    facilitator = earlier.postmortem.facilitator
    assert facilitator is not None  # noqa: S101 - its meeting was held
    give_feedback(incident, earlier, alike=True, by=facilitator)
    note_strikes(incident)


def _incident(slug: str) -> Incident:
    place = next(place for place, chapter in enumerate(CHAPTERS, 1) if chapter.slug == slug)
    return Incident.objects.select_related("postmortem__facilitator").get(pk=place)
