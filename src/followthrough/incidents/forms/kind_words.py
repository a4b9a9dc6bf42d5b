"""What the form of an incident says of each kind of event, so that the page follows the kind that is chosen."""

from __future__ import annotations

from django import forms

from followthrough.incidents.event_words import words_of
from followthrough.incidents.models import Incident, Milestone


def words_on_form(kind: str) -> dict[str, str]:
    """{id of what is shown: its words} for this kind of event."""
    words = words_of(kind)
    weight, moment = ("severity", "time") if words.has_severity else ("weight", "date")
    moments = Milestone.OUTAGE if Incident(kind=kind).is_outage else Milestone.OTHER
    return {
        "report-heading": f"Report {words.reported}",
        "report-lead": f"A title, a {weight} and one {moment} are enough to begin. Everything else can follow.",
        "id_title_helptext": f"In one line: “{words.title_example}”.",
        "id_severity": weight.capitalize(),
        "id_services": "Services affected" if kind == Incident.Kind.OUTAGE else "Services it is about",
        **{f"id_{name}_at": words.milestone(name) for name in moments},
    }


def name_fields(fields: dict[str, forms.Field], kind: str) -> None:
    """Gives the fields of a form the names that they have for this kind of event."""
    words = words_on_form(kind)
    fields["title"].help_text = words["id_title_helptext"]
    for name, field in fields.items():
        label = words.get(f"id_{name}") or ""
        if label:
            field.label = label
        if name.endswith("_state") and (moment := words.get(f"id_{name.removesuffix('_state')}_at")):
            field.label = f"{moment}: known or not"


BY_KIND = {kind: words_on_form(kind) for kind in Incident.Kind.values}
"""{kind: {id: words}}; an id of a field stands for its label."""
