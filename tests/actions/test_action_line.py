"""An action typed as people say it, on Monday 30 November 2026."""

from datetime import date

import pytest

from followthrough.actions.action_line import ActionLine, Person, read_action_line

PRIYA, LUCIA = Person(1, "Priya Nair", "priya@example.org"), Person(2, "Lucía Sanz", "lucia@example.org")
SAM, SAMUEL = Person(3, "Sam Reed", "sam@example.org"), Person(4, "Sam Okoro", "sam.okoro@example.org")
FRIDAY = date(2026, 12, 4)


def read(line: str, *, as_words: tuple[str, ...] = ()) -> ActionLine:
    return read_action_line(
        line, today=date(2026, 11, 30), people=[PRIYA, LUCIA, SAM, SAMUEL], writer=LUCIA, as_words=as_words
    )


@pytest.mark.parametrize(
    ("line", "text", "owner", "due_on", "priority"),
    [
        ("add an alert on payments latency by Friday, owned by Priya", "add an alert on payments latency", PRIYA, FRIDAY, None),
        ("add an alert on payments latency @priya fri !high", "add an alert on payments latency", PRIYA, FRIDAY, "high"),
        ("alert on latency in payments @priya fri high", "alert on latency in payments", PRIYA, FRIDAY, "high"),
        ("Give every silence an end date by Friday, owned by Lucia.", "Give every silence an end date", LUCIA, FRIDAY, None),
        ("Priya to cap the pool in two weeks", "cap the pool", PRIYA, date(2026, 12, 14), None),
        ("cap the pool @Priya Nair by 15 Dec", "cap the pool", PRIYA, date(2026, 12, 15), None),
        ("cap the pool due 2026-12-15, assigned to priya", "cap the pool", PRIYA, date(2026, 12, 15), None),
        ("by Friday: cap the pool", "cap the pool", None, FRIDAY, None),
        ("cap the pool by Friday in the ledger", "cap the pool in the ledger", None, FRIDAY, None),
        ("cap the pool @me tomorrow", "cap the pool", LUCIA, date(2026, 12, 1), None),
        ("cap the pool, owner: Priya, priority low", "cap the pool", PRIYA, None, "low"),
        ("cap the pool, high priority", "cap the pool", None, None, "high"),
        ("cap the pool, low priority, by the end of the month", "cap the pool", None, date(2026, 11, 30), "low"),
        ("cap the pool on 15 December", "cap the pool", None, date(2026, 12, 15), None),
        ("cap the pool by next Friday and owned by sam.okoro", "cap the pool", SAMUEL, date(2026, 12, 11), None),
    ],
)  # fmt: skip
def test_the_parts_of_a_line(
    line: str, text: str, owner: Person | None, due_on: date | None, priority: str | None
) -> None:
    found = read(line)
    assert (found.text, found.owner, found.due_on, found.priority) == (text, owner, due_on, priority)


@pytest.mark.parametrize(
    "line",
    [
        "Stop deploys on Friday",
        "Stop Friday deploys",
        "Rename the high priority queue to urgent work",
        "Write to priya@example.org when a disk fills",
        "Alert when lag is high",
        "Set the limit to low",
        "Retry by default",
        "Failover to the second zone",
        "Replace the job owned by the platform team",
        "Keep the logs for 14 days, the audit for 3",
        "Do it by 04/05",
    ],
)
def test_words_that_only_look_like_a_part(line: str) -> None:
    found = read(line)
    assert (found.text, found.said) == (line, ())


def test_a_name_of_two_is_asked_and_stays_in_the_text() -> None:
    found = read("cap the pool by Friday, owned by Sam")
    assert found.owner is None
    assert next(said.people for said in found.said if said.part == "owner") == (SAM, SAMUEL)
    assert found.text == "cap the pool owned by Sam"
    assert read("cap the pool owned by Sam Reed").owner == SAM


def test_a_handle_of_nobody_is_told_and_stays_in_the_text() -> None:
    (said,) = read("cap the pool @zed").said
    assert (said.words, said.people) == ("@zed", ())
    assert read("cap the pool @zed").text == "cap the pool @zed"


def test_accents_and_case_are_the_keyboards() -> None:
    assert read("cap the pool @LUCÍA").owner == read("cap the pool @lucia").owner == LUCIA


def test_a_part_is_left_as_words_when_its_writer_says_so() -> None:
    found = read("show the page by Friday @priya", as_words=("due_on",))
    assert (found.text, found.due_on, found.owner) == ("show the page by Friday", None, PRIYA)
    assert read("show it by Friday @priya !low", as_words=("owner", "due_on", "priority")).said == ()


def test_a_part_knows_its_words() -> None:
    said = read("add an alert by Friday, owned by Priya").said
    assert [(one.part, one.words) for one in said] == [("due_on", "by Friday"), ("owner", "owned by Priya")]


def test_a_long_line_is_text() -> None:
    line = "add " * 400 + "by Friday"
    assert read(line).said == ()
