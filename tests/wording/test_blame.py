"""What counts as blame or hindsight, what does not, and how it can be said instead."""

import pytest

from followthrough.wording.blame import find_blame, names_a_persons_act

NAMES = ["Priya Nair", "Will Stone"]

BLAMEFUL = [
    ("The root cause is human error.", "human_error"),
    ("Due to operator error the wrong rack lost power.", "human_error"),
    ("A fat-fingered command took the cluster down.", "human_error"),
    ("Priya pushed the wrong tag to production.", "person_as_cause"),
    ("Will did not check the dashboard before leaving.", "person_as_cause"),
    ("The outage was caused by Priya's mistake.", "person_as_cause"),
    ("The on-call engineer ignored the warning for an hour.", "person_as_cause"),
    ("A contractor inadvertently unplugged the switch.", "person_as_cause"),
    ("We forgot to renew the certificate.", "person_as_cause"),
    ("Otto forgot that the filter was off by then.", "person_as_cause"),
    ("It was the query that I had completely overlooked.", "person_as_cause"),
    ("The bug was missed by the reviewers.", "person_as_cause"),
    ("The main reason was a failure to follow the checklist.", "person_as_cause"),
    ("@sam skipped it and broke the build, then forgot to say so", "person_as_cause"),
    ("The team should have tested the failover.", "counterfactual"),
    ("The flaw should have been caught in review.", "counterfactual"),
    ("If we had looked at the graph, the queue would not have filled.", "counterfactual"),
    ("Had the reviewer asked, we would know.", "counterfactual"),
    ("In hindsight the plan was too tight.", "counterfactual"),
    ("The deploy was careless.", "judgement"),
    ("The change was not properly reviewed.", "judgement"),
    ("The migration was not tested thoroughly.", "judgement"),
    ("Somebody accidentally deleted the bucket.", "person_as_cause"),
    ("We missed one of the hosts.", "person_as_cause"),
    ("The header had been checked, but the change of scheme was overlooked.", "person_as_cause"),
    ("The release manager did not even notice the red lamp.", "person_as_cause"),
    ("In doing so we forgot to add the flag.", "person_as_cause"),
    ("Humans are the weakest link.", "human_error"),
    ("More verification should have been done first.", "counterfactual"),
    ("Should have moved it to a newer host in spring.", "counterfactual"),
    ("It was a change that shouldn't have passed review.", "counterfactual"),
    ("The operator running the wipe should have looked longer.", "counterfactual"),
    ("In hindsight, this was a mistake.", "counterfactual"),
    ("It came from a lack of focus.", "judgement"),
    ("A tired admin deleted the folder.", "judgement"),
]

TRAPS = [
    "While the console showed both hosts alike, an engineer mistakenly stopped the primary.",
    "The technician inadvertently pulled the second fibre, which carries the same label as the first.",
    "An engineer accidentally ran `drop` in production instead of staging.",
    "A developer inadvertently deleted the table, because the tool asks for no name.",
    "As nothing looked broken, the on-call engineer did not check the cache.",
    "There was no alert on the queue, so we did not notice it.",
    "We didn't understand why the queries were slow.",
    "We did not think that the cache was the cause.",
    "Add a report so they could have tested it earlier.",
    "We should have a second replica.",
    "The new task was not properly validating its input.",
    "In hindsight, the queue was the first sign.",
    "We failed to serve some searches for ten minutes.",
]
"""A slip of a tool that the sentence names, what nobody could see, and plain facts."""

BLAMELESS = [
    "The job was mistakenly marked as done.",
    "A typo in the config sent traffic to the old cluster.",
    "The scheduler mistakenly started two workers.",
    "The worker forgot to release its lock.",
    "Each checkout worker opened 40 connections.",
    "The Postgres operator failed to notice the new replica.",
    "The load balancer should have failed over to the second zone.",
    "The alert should have fired at 80 %.",
    "They should have failed over within seconds.",
    "A guard in the script would have prevented this.",
    "The new check makes human error less likely.",
    "This guard is there to prevent human error.",
    "The Kubernetes operator failed to reconcile the object.",
    "Nobody was paged.",
    "The on-call engineer was paged at 14:11.",
    "Will restarted the workers at 15:02.",
    "It will take three a week.",
    "Our fault tolerance does not cover a full zone.",
    "The service did not start properly after the reboot.",
    "The engineer did not notice the lamp because it is on the other side of the rack.",
    "",
]


@pytest.mark.parametrize(("text", "code"), BLAMEFUL)
def test_blame_is_found(text: str, code: str) -> None:
    assert code in [hint.code for hint in find_blame(text, names=NAMES)]


@pytest.mark.parametrize("text", BLAMELESS + TRAPS)
def test_machines_conditions_and_plain_facts_are_left_alone(text: str) -> None:
    assert find_blame(text, names=NAMES) == ()


def test_every_hint_has_a_reason_and_a_question() -> None:
    for text, _ in BLAMEFUL:
        for hint in find_blame(text, names=NAMES):
            assert hint.reason
            assert hint.question.endswith("?")


def test_a_name_counts_only_for_those_who_were_there() -> None:
    text = "Priya ignored the warning."
    assert find_blame(text, names=NAMES)
    assert not find_blame(text, names=["Will Stone"])


def test_a_hint_marks_the_person_and_the_act() -> None:
    text = "At 14:10 the engineer forgot to drain the node."
    (hint,) = find_blame(text)
    assert hint.span
    assert text[slice(*hint.span)] == "the engineer forgot to drain"


@pytest.mark.parametrize(
    ("text", "rewrite"),
    [
        (
            "We forgot to renew the certificate.",
            "Nothing in the process prompted anyone to renew the certificate",
        ),
        (
            "Somebody accidentally deleted the bucket.",
            "It was possible to delete the bucket without a warning",
        ),
        ("I should have noticed the gap.", "Nothing at the time prompted anyone to notice the gap"),
        ("It should have been caught in review.", "Nothing in place made sure that it was caught in review"),
    ],
)
def test_a_rewrite_turns_the_person_into_a_condition(text: str, rewrite: str) -> None:
    (hint,) = find_blame(text)
    assert hint.rewrite == rewrite


def test_a_rewrite_that_would_still_blame_is_not_offered() -> None:
    (first, *_) = find_blame("We forgot to tell that the careless change was live")
    assert first.rewrite is None


@pytest.mark.parametrize(
    "leaf",
    [
        "Human error",
        "Priya deployed on a Friday",
        "The on-call engineer restarted the wrong node",
        "We did not follow the runbook",
        "Somebody deleted the table",
        "The team should have tested it",
    ],
)
def test_a_leaf_that_is_a_persons_act(leaf: str) -> None:
    assert names_a_persons_act(leaf, NAMES)


@pytest.mark.parametrize(
    "leaf",
    [
        "The runbook does not mention the replica",
        "We had no alert on pool use",
        "The deploy tool lists production first",
        "The engineer saw two graphs that look the same",
        "Nobody was paged",
        "The pool size is the default of the library",
    ],
)
def test_a_leaf_that_is_a_condition(leaf: str) -> None:
    assert not names_a_persons_act(leaf, NAMES)
