"""Which conversation fits: a post-mortem of one event, or a retrospective of how a team works."""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

POST_MORTEM, RETROSPECTIVE = "post-mortem", "retrospective"


@dataclass(frozen=True)
class Question:
    """`answers` are (value, words, the conversation it speaks for, why)."""

    name: str
    text: str
    answers: tuple[tuple[str, str, str, str], ...]


@dataclass(frozen=True)
class Advice:
    """`reasons` speak for the conversation, `doubts` for the other one."""

    conversation: str
    reasons: list[str]
    doubts: list[str]


QUESTIONS = (
    Question(
        "about",
        "What do you want to talk about?",
        (
            ("event", "One specific event, with a beginning and an end", POST_MORTEM,
             "A post-mortem examines one specific event."),
            ("time", "How we have been working over some weeks", RETROSPECTIVE,
             "A retrospective looks at a team's way of working over a stretch of time."),
        ),
    ),
    Question(
        "wanted",
        "What should come out of it?",
        (
            ("causes", "Why it happened, and what keeps it from happening again", POST_MORTEM,
             "Finding causes and corrective actions is what a post-mortem is for."),
            ("agreements", "What we agree to keep, stop and try", RETROSPECTIVE,
             "A retrospective ends in the team's own agreements."),
        ),
    ),
    Question(
        "rhythm",
        "How often does it happen?",
        (
            ("once", "As needed, because of what happened", POST_MORTEM,
             "A post-mortem is held when an event calls for it."),
            ("regular", "Again and again, whether or not something broke", RETROSPECTIVE,
             "A retrospective recurs on a rhythm, whatever happened."),
        ),
    ),
    Question(
        "who",
        "Who should be there?",
        (
            ("closest", "Those closest to the event, from whichever team", POST_MORTEM,
             "The people closest to an event often come from several teams."),
            ("team", "One team, all of it", RETROSPECTIVE, "A retrospective belongs to one team."),
        ),
    ),
)  # fmt: skip


def advise(answers: Mapping[str, str]) -> Advice | None:
    """What the answers speak for; None until every question is answered. An even split goes to what it is about."""
    said = [found for question in QUESTIONS if (found := _answer(question, answers.get(question.name, "")))]
    if len(said) < len(QUESTIONS):
        return None
    votes = [conversation for conversation, _ in said]
    for_event = votes.count(POST_MORTEM)
    even = for_event * 2 == len(votes)
    chosen = votes[0] if even else (POST_MORTEM if for_event * 2 > len(votes) else RETROSPECTIVE)
    return Advice(
        chosen,
        reasons=[why for conversation, why in said if conversation == chosen],
        doubts=[why for conversation, why in said if conversation != chosen],
    )


def _answer(question: Question, value: str) -> tuple[str, str] | None:
    return next((answer[2:] for answer in question.answers if answer[0] == value), None)
