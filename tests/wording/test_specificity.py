"""When an action item is specific, what it lacks otherwise, and what is offered instead."""

import pytest

from followthrough.wording.specificity import check_action

SPECIFIC = [
    "Alert when orders-db pool use passes 80 % for 2 min",
    "Add a smoke test for password reset to the release pipeline",
    "- [x] OPS-31: move the state locks to DynamoDB",
    "Done - rotate the staging API keys",
    "We need to cap upload size in the media gateway",
    "Dana to write the failover page of the ledger runbook",
    "The importer should reject files without a header",
    "If a canary fails, roll back the release automatically",
    "Don't page anyone for staging alerts",
    "Re-enabling the nightly export for the Berlin tenants",
    "Runbook for promoting a replica of the ledger",
    "Improve the p95 of search from 900 ms to 300 ms",
    "Investigate the slow queries and add the missing index",
    "Raise the memory limit of the importer",
    "Upgrade the proxy to 2.9 and verify that the leak is gone",
    "Have the deploy bot post the diff to the channel",
]

WANTED_STATES = [
    "The lock service rejects stale leaders by default",
    "Backups of the ledger are restored weekly by a job",
    "Releases cannot be promoted until the canary is green",
    "Hosts without a checked disk are taken out automatically",
    "The deploy bot refuses a migration without a rollback",
    "Expired tokens are revoked every night",
]
DEEDS_AS_NOUNS = [
    "Migration to the managed queue",
    "Removal of the old cart hosts",
    "Rotation of the signing keys",
    "Automated rollout of proxy settings to the edge",
    "Implementation of load shedding in the gateway",
]
ROWS_OF_TABLES = [
    "| Move the state locks | Platform | Done |",
    "3 | Cap upload size in the media gateway | Dana | open",
    "Second probe at the edge | OPS-31 | in progress",
    "Ledger replica in the second zone, #482, done",
    "Ticket raised to pin the proxy image",
    "If the canary fails, then the pipeline should roll back the release",
    "Page on lag (possibly from the standby as well)",
]

LACKING = [
    ("Improve monitoring of the database", "only_improves"),
    ("Make sure that people follow the runbook", "only_care"),
    ("Ensure the on-call team knows about the freeze", "only_care"),
    ("Ensure that all changes are reviewed", "only_care"),
    ("Settings must be fully tested", "only_care"),
    ("Monitoring of the ledger", "no_verb"),
    ("Monitor the health of our systems", "no_signal"),
    ("Review of the failover", "only_studies"),
    ("Conduct training on best practices", "no_finish_line"),
    ("Perform regular maintenance of the ledger", "no_finish_line"),
    ("Do comprehensive testing of the ledger", "no_finish_line"),
    ("The pager should be less noisy", "no_finish_line"),
    ("Agree on a better way to release", "only_studies"),
    ("Find a path to a newer proxy", "only_studies"),
    ("Add a replica if needed", "hedged"),
    ("The ledger service rejects logins", "no_verb"),
    ("Logins are rejected when the ledger is down, and it was still broken on Friday", "no_verb"),
    ("Better dashboards", "only_improves"),
    ("Investigate the timeouts", "only_studies"),
    ("Consider a second replica", "only_studies"),
    ("Look into moving the queue", "only_studies"),
    ("Find out why the page came late", "only_studies"),
    ("Have a discussion about ownership of the queue", "only_studies"),
    ("Be more careful with migrations", "only_care"),
    ("Raise awareness of the freeze", "only_care"),
    ("Remind people to read the runbook", "only_care"),
    ("Maybe add a cache", "hedged"),
    ("It would be good to have a second replica", "hedged"),
    ("Fix it", "no_object"),
    ("Add tests", "no_object"),
    ("Add monitoring to the ledger", "no_signal"),
    ("Make the search faster", "no_finish_line"),
    ("Reduce noise in the channel", "no_finish_line"),
    ("Add a retry to the uploader. Delete the old host", "two_actions"),
    ("Replace the cron job with a worker and delete the old host", "two_actions"),
    ("The ledger was down again", "no_verb"),
    ("Network problems on Tuesday", "no_verb"),
    ("Why did the cache stay empty?", "question"),
    ("", "empty"),
    ("https://tracker.example/OPS-31", "empty"),
]


@pytest.mark.parametrize("text", SPECIFIC + WANTED_STATES + DEEDS_AS_NOUNS + ROWS_OF_TABLES)
def test_a_specific_action_lacks_nothing(text: str) -> None:
    check = check_action(text)
    assert check.specific, check.missing
    assert check.missing == ()
    assert check.suggestion is None


@pytest.mark.parametrize(("text", "code"), LACKING)
def test_it_says_what_is_missing(text: str, code: str) -> None:
    check = check_action(text)
    assert not check.specific
    assert code in [hint.code for hint in check.missing]


@pytest.mark.parametrize("text", [text for text, _ in LACKING])
def test_every_suggestion_is_itself_specific(text: str) -> None:
    suggestion = check_action(
        text, services=["ledger"], findings=["The pool of the ledger ran full"]
    ).suggestion
    assert suggestion
    assert check_action(suggestion).specific


def test_a_hint_points_at_the_words_it_means() -> None:
    (hint,) = check_action("T12 - Improve monitoring of the database").missing
    assert hint.span
    assert "T12 - Improve monitoring of the database"[slice(*hint.span)] == "Improve"
    assert hint.question == "Which signal, at what level, in which service?"


def test_suggestion_is_built_from_the_incidents_own_services_and_findings() -> None:
    check = check_action(
        "Improve monitoring of the database",
        services=["checkout", "orders-db"],
        findings=["The cache was cold", "The database pool of orders-db ran full"],
    )
    assert check.suggestion == "Alert when orders-db pool use passes ‹80 %› for ‹2 min›"


def test_suggestion_invents_nothing_when_nothing_is_known() -> None:
    assert check_action("Improve monitoring").suggestion == (
        "Alert when ‹service› ‹signal› passes ‹80 %› for ‹2 min›"
    )


def test_suggestion_leaves_the_choice_between_several_services_open() -> None:
    suggestion = check_action("Improve monitoring", services=["cart", "ledger"]).suggestion
    assert suggestion is not None
    assert "‹cart or ledger›" in suggestion


def test_a_finding_is_quoted_when_it_says_what_must_not_return() -> None:
    suggestion = check_action(
        "Add tests", services=["ledger"], findings=["Negative amounts were accepted"]
    ).suggestion
    assert suggestion == "Add a test to ledger that reproduces “Negative amounts were accepted”"


@pytest.mark.parametrize(
    ("text", "suggestion"),
    [
        ("Consider adding a second replica to the ledger", "Add a second replica to the ledger"),
        (
            "Find out why the page came late",
            "Write down why the page came late, with one fix proposed, by ‹date›",
        ),
        ("Speak to the owner of the queue", "Agree ‹what exactly› with the owner of the queue by ‹date›"),
        ("Replace the cron job with a worker and delete the old host", "Replace the cron job with a worker"),
    ],
)
def test_suggestion_keeps_the_writers_own_words(text: str, suggestion: str) -> None:
    assert check_action(text).suggestion == suggestion


def test_sparing_people_care_is_not_asking_for_it() -> None:
    assert check_action("Block deploys of unsigned images so nobody has to be careful").specific
