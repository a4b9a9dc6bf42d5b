from __future__ import annotations

import pytest

from followthrough.causes import operations as causes
from followthrough.causes.cause_tree import Node, walk
from followthrough.causes.queries import tree_of
from followthrough.causes.tree_checks import checks_of
from tests.factories import make_entry, make_person, make_postmortem

SYSTEM = [
    "orders-db refused new connections",
    "Each checkout worker opened 40 connections instead of 4",
    "The pool size was read from a variable that the template left empty",
    "An empty value falls back to the library's default without a warning",
    "The deployment checklist has no automated validation of configuration",
]
ACT = "The on-call engineer did not page Storage until 14:29"


def chain(*texts, start=0, evidence=1):
    return [
        Node(str(start + at), text, str(start + at - 1) if at else None, evidence=evidence)
        for at, text in enumerate(texts)
    ]


def told(nodes, level, **names):
    return [check.text for check in checks_of(nodes, **names) if check.level == level]


def test_a_chain_five_deep_that_ends_in_the_system_is_good():
    assert [(check.cause, check.level, check.text) for check in checks_of(chain(*SYSTEM))] == [
        (None, "ok", "One chain is five deep and ends in the system")
    ]
    assert told([*chain(*SYSTEM), *chain(*SYSTEM, start=10)], "ok") == [
        "Two chains are five deep and end in the system"
    ]


def test_a_shorter_chain_is_asked_on():
    checks = checks_of(chain(*SYSTEM[:3]))
    assert [(check.cause, check.level) for check in checks] == [("2", "hint")]
    assert checks[0].text.startswith("The longest chain is three deep, at “The pool size")
    assert checks[0].text.endswith("Why was that so?")


def test_a_leaf_that_is_a_persons_act_is_asked_what_made_it_look_right():
    nodes = [*chain(*SYSTEM), *chain(ACT, start=10)]
    checks = [check for check in checks_of(nodes) if check.level == "due"]
    assert [check.cause for check in checks] == ["10"]
    assert (
        checks[0].text == f"This branch ends at a person's act, “{ACT}”: what made it look right at the time?"
    )
    explained = [*nodes, Node("11", "The runbook names no owner of orders-db", "10", evidence=1)]
    assert told(explained, "due") == []


def test_a_long_chain_that_ends_at_a_person_is_not_called_good():
    checks = checks_of(chain(*SYSTEM[:4], ACT))
    assert [check.level for check in checks] == ["due"]


def test_human_error_gets_a_question_and_a_rewrite():
    checks = checks_of(chain("Human error: Jonas forgot to run the tests"), names=["Jonas Olsen"])
    due = next(check for check in checks if check.level == "due")
    assert "What made it look right at the time" in due.text
    assert due.rewrite
    assert due.rewrite in due.text


def test_hindsight_is_marked_wherever_it_stands():
    nodes = chain("Sana should have noticed the alert", *SYSTEM)
    assert [check.cause for check in checks_of(nodes, names=["Sana Khan"]) if check.level == "due"] == ["0"]


def test_causes_without_evidence_are_named_while_they_are_few():
    assert told(chain(*SYSTEM[:1], evidence=0), "hint")[-1] == f"“{SYSTEM[0]}” has no evidence yet"
    assert told(chain(*SYSTEM, evidence=0), "hint") == ["5 causes have no evidence yet"]
    assert told(chain("x" * 200, evidence=0), "hint")[-1] == f"“{'x' * 69}…” has no evidence yet"


def test_an_empty_tree_is_asked_for_its_first_cause():
    assert told([], "hint") == told([Node("1", "  ")], "hint")
    assert told([], "hint") == ["No cause yet. Begin with what directly made it happen."]


def test_walking_keeps_order_and_depth_and_leaves_empty_leaves_out():
    nodes = [Node("1", "a"), Node("2", "b"), Node("3", "c", "1"), Node("4", " ", "3"), Node("5", "d", "gone")]
    assert [(step.node.key, step.depth, step.is_leaf) for step in walk(nodes)] == [
        ("1", 1, False),
        ("3", 2, True),
        ("2", 1, True),
        ("5", 1, True),
    ]


@pytest.mark.django_db
def test_the_tree_is_read_in_two_queries(django_assert_num_queries):
    person, postmortem = make_person(), make_postmortem()
    top = causes.add_cause(postmortem, text="top", by=person)
    leaf = causes.add_cause(postmortem, text="leaf", by=person, parent=top)
    entry, removed = make_entry(postmortem), make_entry(postmortem)
    for one in (entry, removed):
        causes.cite(leaf, one, by=person)
    removed.removed_at = removed.created_at
    removed.save()
    causes.add_finding(postmortem, kind="trigger", text="", by=person, cause=leaf)
    causes.remove_cause(causes.add_cause(postmortem, text="gone", by=person), by=person)
    with django_assert_num_queries(2):
        nodes = tree_of(postmortem)
    assert nodes == [
        Node(str(top.pk), "top"),
        Node(str(leaf.pk), "leaf", str(top.pk), evidence=1, finding="trigger"),
    ]
