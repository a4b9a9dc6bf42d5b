"""The sample material under followthrough/sample has the shape the loader reads."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from zoneinfo import ZoneInfo

import pytest
import yaml

SAMPLE = Path(__file__).resolve().parents[2] / "src" / "followthrough" / "sample"
FILES = sorted((SAMPLE / "incidents").glob("*.yaml"))
COMPLETE = {
    "atlassian-2022-04-05",
    "aws-s3-2017-02-28",
    "cloudflare-2019-07-02",
    "crowdstrike-2024-07-19",
    "facebook-2021-10-04",
    "fastly-2021-06-08",
    "github-2018-10-21",
    "gitlab-2017-01-31",
    "healthcare-gov-2013-10-01",
    "roblox-2021-10-28",
    "slack-2021-01-04",
}
OUTAGE_MILESTONES = {"started", "detected", "acknowledged", "mitigated", "resolved"}
PROJECT_MILESTONES = {"planned_start", "actual_start", "planned_end", "actual_end", "decided"}
KEYS = {
    "slug", "title", "source", "kind", "severity", "zone", "services", "team", "tags", "detected_by",
    "data_lost", "customer_impact", "what_happened", "milestones", "impact", "timeline", "causes", "actions",
}  # fmt: skip
IMPACT_KEYS = {
    "users_affected", "users_affected_is_estimate", "support_contacts", "revenue_lost", "data_lost", "people", "notes",
}  # fmt: skip
ENTRY_KINDS = {"observation", "action", "alert", "change", "communication", "handoff", "milestone"}
CATEGORIES = {
    "process", "configuration", "code", "infrastructure", "monitoring", "communication", "dependencies",
    "people-as-context",
}  # fmt: skip
TO_ANSWER = {"root_cause", "contributing_factor", "trigger", "detection_gap", "handoff_gap"}
GOOD = {"luck", "went_well"}
STATES = {"proposed", "committed", "in_progress", "done", "verified", "declined"}
BLAMEFUL = re.compile(
    r"human error|should have|shouldn't have|could have|failed to|neglig|careless|forgot|mistake|blame|\bfault of\b",
    re.IGNORECASE,
)

Node = dict[str, Any]


def load(path: Path) -> Node:
    """Parse one file."""
    data = yaml.safe_load(path.read_text(encoding="utf-8"))
    assert isinstance(data, dict)
    return data


ORGANISATION = load(SAMPLE / "organisation.yaml")
INCIDENTS = {path.stem: load(path) for path in FILES}


def walk(nodes: list[Node], depth: int = 1) -> list[tuple[int, Node]]:
    """Every cause with its depth; the top row is 1."""
    found: list[tuple[int, Node]] = []
    for node in nodes:
        found.append((depth, node))
        found += walk(node.get("children", []), depth + 1)
    return found


def findings(incident: Node) -> dict[str, str]:
    """Finding text to its kind, from the tree and from beside it."""
    marked = {node["text"]: node["finding"] for _, node in walk(incident["causes"]) if "finding" in node}
    return marked | {one["text"]: one["kind"] for one in incident.get("findings", [])}


def texts(incident: Node) -> list[str]:
    """Every sentence a reader sees as a line of its own."""
    return [
        incident["title"],
        *(entry["text"] for entry in incident["timeline"]),
        *(node["text"] for _, node in walk(incident["causes"])),
        *(one["text"] for one in incident.get("findings", [])),
        *(one["text"] for one in incident["actions"]),
    ]


def is_stamp(value: object) -> bool:
    """A full ISO stamp in UTC, as YAML parses it."""
    return (
        isinstance(value, datetime) and value.tzinfo is not None and value.utcoffset() == UTC.utcoffset(None)
    )


def is_link(value: Node) -> bool:
    """A title with an https address."""
    return (
        set(value) == {"title", "url"} and bool(value["title"]) and str(value["url"]).startswith("https://")
    )


def test_there_is_enough() -> None:
    assert len(FILES) >= 28
    assert set(INCIDENTS) >= COMPLETE
    assert {one["kind"] for one in INCIDENTS.values()} == {
        "outage", "failed_deployment", "missed_deadline", "project_end", "launch",
    }  # fmt: skip
    assert any(INCIDENTS[slug]["kind"] != "outage" for slug in COMPLETE)


def test_no_text_is_said_twice() -> None:
    seen: dict[str, str] = {}
    for slug, incident in INCIDENTS.items():
        for text in texts(incident):
            assert text not in seen, f"{slug} repeats {seen.get(text)}: {text}"
            seen[text] = slug


@pytest.mark.parametrize("slug", sorted(INCIDENTS))
class TestIncident:
    def test_frame(self, slug: str) -> None:
        one = INCIDENTS[slug]
        assert set(one) - {"findings"} == KEYS
        assert one["slug"] == slug
        assert is_link(one["source"])
        assert one["severity"] in {f"SEV{n}" for n in range(1, 6)}
        assert one["detected_by"] in {"alert", "customer", "staff", "not_known"}
        assert one["customer_impact"] in {"none", "some", "many"}
        assert isinstance(one["data_lost"], bool)
        assert ZoneInfo(one["zone"])
        services = {service["slug"] for service in ORGANISATION["services"]}
        assert one["services"]
        assert set(one["services"]) <= services
        assert one["team"] in {team["slug"] for team in ORGANISATION["teams"]}
        assert one["tags"]
        assert len(re.findall(r"[.!?](?:\s|$)", one["what_happened"])) in range(2, 6)

    def test_milestones(self, slug: str) -> None:
        one = INCIDENTS[slug]
        milestones = one["milestones"]
        outage = one["kind"] in {"outage", "failed_deployment"}
        allowed = OUTAGE_MILESTONES if outage else PROJECT_MILESTONES
        assert set(milestones) <= allowed
        assert not outage or set(milestones) == allowed
        for value in milestones.values():
            assert is_stamp(value) or value in {"not_known", "does_not_apply"}
        if outage:
            order = ["started", "acknowledged", "mitigated", "resolved"]
            known = [milestones[key] for key in order if is_stamp(milestones[key])]
            assert known == sorted(known)

    def test_impact(self, slug: str) -> None:
        one = INCIDENTS[slug]
        extra = set() if one["kind"] == "outage" else {"scope", "schedule_days", "cost"}
        assert set(one["impact"]) == IMPACT_KEYS | extra
        for key in ("users_affected", "support_contacts", "revenue_lost", "people"):
            assert one["impact"][key] is None or isinstance(one["impact"][key], int)

    def test_timeline(self, slug: str) -> None:
        one = INCIDENTS[slug]
        entries = one["timeline"]
        assert len(entries) in (range(10, 17) if slug in COMPLETE else range(3, 7))
        stamps = [entry["at"] for entry in entries]
        assert all(is_stamp(stamp) for stamp in stamps)
        assert stamps == sorted(stamps)
        for index, entry in enumerate(entries):
            assert {"at", "kind", "text"} <= set(entry)
            assert set(entry) <= {"at", "kind", "text", "milestone", "evidence", "account_of"}
            assert entry["kind"] in ENTRY_KINDS
            assert "evidence" not in entry or is_link(entry["evidence"])
            if "account_of" in entry:
                assert entry["account_of"] in range(len(entries))
                assert entry["account_of"] != index
        marked = [entry["milestone"] for entry in entries if "milestone" in entry]
        assert len(marked) == len(set(marked))
        assert set(marked) <= set(one["milestones"])

    def test_milestones_agree_with_the_timeline(self, slug: str) -> None:
        one = INCIDENTS[slug]
        for entry in one["timeline"]:
            if "milestone" not in entry:
                continue
            stated = one["milestones"][entry["milestone"]]
            assert is_stamp(stated)
            assert abs((stated - entry["at"]).total_seconds()) < (60 if one["kind"] == "outage" else 86_400)

    def test_causes(self, slug: str) -> None:
        one = INCIDENTS[slug]
        nodes = walk(one["causes"])
        for _, node in nodes:
            assert {"text", "category", "evidence"} <= set(node)
            assert set(node) <= {"text", "category", "evidence", "finding", "children"}
            assert node["category"] in CATEGORIES
            assert node["evidence"]
            assert set(node["evidence"]) <= set(range(len(one["timeline"])))
            assert node.get("finding", "luck") in TO_ANSWER | GOOD
        assert any(kind in TO_ANSWER for kind in findings(one).values())
        if slug in COMPLETE:
            assert max(depth for depth, _ in nodes) >= 5
            assert len(one["causes"]) > 1

    def test_findings_beside_the_tree(self, slug: str) -> None:
        beside = INCIDENTS[slug].get("findings", [])
        assert {one["kind"] for one in beside} <= GOOD
        if slug in COMPLETE:
            assert {one["kind"] for one in beside} == GOOD

    def test_actions(self, slug: str) -> None:
        one = INCIDENTS[slug]
        actions = one["actions"]
        assert len(actions) in (range(3, 7) if slug in COMPLETE else range(1, 4))
        to_answer = {text for text, kind in findings(one).items() if kind in TO_ANSWER}
        assert {action["for"] for action in actions} == to_answer
        for action in actions:
            keys = {"text", "kind", "priority", "for", "due_days", "state"}
            declined = action["state"] == "declined"
            assert set(action) == keys | ({"decline_reason"} if declined else set())
            assert action["kind"] in {"prevent", "detect", "mitigate", "process", "learn"}
            assert action["priority"] in {"high", "medium", "low"}
            assert action["state"] in STATES
            assert action["due_days"] in range(1, 366)
            assert re.match(r"[A-Z][a-z-]+ ", action["text"])
            assert "done when" in action["text"] or re.search(r"\d", action["text"])

    def test_wording(self, slug: str) -> None:
        one = INCIDENTS[slug]
        for text in [*texts(one), one["what_happened"], str(one["impact"]["notes"])]:
            assert not BLAMEFUL.search(text), text
            assert "lorem" not in text.lower()
            assert not text.endswith(" ")
        for text in texts(one):
            assert len(text) <= 240, text


def test_organisation() -> None:
    organisation = ORGANISATION
    teams = {team["slug"] for team in organisation["teams"]}
    people = organisation["people"]
    services = {service["slug"]: service for service in organisation["services"]}
    assert len(teams) == 4
    assert len(people) == 14
    assert len(services) == 14
    assert len({person["zone"] for person in people}) == 4
    assert (
        len({person["email"] for person in people})
        == len({person["slug"] for person in people})
        == len(people)
    )
    for person in people:
        assert ZoneInfo(person["zone"])
        assert person["email"].endswith("@" + organisation["domain"])
        assert person["role"] in {"administrator", "member", "stakeholder"}
        assert re.fullmatch(r"\d\d:\d\d", person["work_start"])
        assert re.fullmatch(r"\d\d:\d\d", person["work_end"])
        assert person["team"] in teams
    for team in teams:
        assert sum(person["lead"] for person in people if person["team"] == team) == 1
    for service in services.values():
        assert service["owner"] in teams
        assert service["tier"] in {1, 2, 3}
        assert 90 < service["objective"] < 100
        assert set(service["depends_on"]) <= set(services) - {service["slug"]}


def test_services_depend_in_one_direction() -> None:
    depends = {service["slug"]: set(service["depends_on"]) for service in ORGANISATION["services"]}
    while depends:
        free = {slug for slug, needs in depends.items() if not needs & set(depends)}
        assert free, f"circular: {sorted(depends)}"
        for slug in free:
            del depends[slug]


def test_story() -> None:
    story = ORGANISATION["story"]
    assert sum(one["state"] == "came_back" for one in story) >= 2
    for one in story:
        assert one["state"] in {"came_back", "quiet"}
        ends = [INCIDENTS[slug]["timeline"][-1]["at"] for slug in one["incidents"]]
        assert len(ends) > 1
        assert ends == sorted(ends)
        for done in one["done_actions"]:
            assert done["incident"] in one["incidents"]
            action = next(a for a in INCIDENTS[done["incident"]]["actions"] if a["text"] == done["action"])
            assert action["state"] in {"done", "verified"}
            if one["state"] == "came_back":
                assert done["incident"] != one["incidents"][-1]
