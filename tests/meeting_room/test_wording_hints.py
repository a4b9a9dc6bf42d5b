"""What the room says of a text while it is typed: the rules that judge it once it is saved."""

from __future__ import annotations

import pytest
from django.test import Client

from followthrough.incidents.models import Incident
from tests.factories import make_incident, make_person, make_postmortem, make_service

pytestmark = pytest.mark.django_db


def test_each_kind_of_text_is_judged_by_its_own_rules():
    incident = make_incident()
    incident.services.add(make_service("checkout"))
    make_postmortem(incident)
    client = Client()
    client.force_login(make_person())

    def said(kind: str, text: str) -> dict[str, str]:
        return client.post(f"/incidents/{incident.key}/room/wording/", {"kind": kind, "text": text}).json()

    vague = said("action", "Improve monitoring")
    assert vague["words"]
    assert "Alert when" in vague["rewrite"]
    assert said("action", "Alert when checkout errors pass 2 % for 5 minutes")["words"] == ""
    assert said("cause", "The operator should have checked the queue")["words"]
    assert said("leaf", "The engineer typed the wrong host name")["words"]
    judged = said("said", "The operator should have checked the queue")
    assert judged["words"].startswith("This tells what did not happen")
    assert said("said", "14:20 the job was mistakenly marked as done") == {"words": "", "rewrite": ""}
    assert said("leaf", "The job was mistakenly marked as done") == {"words": "", "rewrite": ""}


def test_who_may_not_see_the_incident_is_told_nothing():
    incident = make_incident(visibility=Incident.Visibility.RESTRICTED)
    make_postmortem(incident)
    client = Client()
    client.force_login(make_person())
    asked = {"kind": "cause", "text": "anything"}
    assert client.post(f"/incidents/{incident.key}/room/wording/", asked).status_code == 404
