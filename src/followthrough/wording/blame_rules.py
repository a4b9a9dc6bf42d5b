"""The patterns of blame and hindsight, each with how to say it instead."""

import re
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from functools import lru_cache

from followthrough.wording import blame_vocabulary as words
from followthrough.wording.patterns import bounded
from followthrough.wording.persons import person, person_or_pronoun
from followthrough.wording.verbs import plain_form

Rewriter = Callable[[re.Match[str]], str | None]

_NOT = r"(?:\s+not|n['’]?t)"
_FILLER = (
    r"(?:\s+(?:then|also|had|has|have|simply|just|again|both|all|only|actually|apparently|explicitly|clearly"
    r"|reali[sz]e[sd]?|(?:s?he|they|we|I)|that)\b){0,5}"
)
_DONE = rf"(?:\w+ed|{words.IRREGULAR_ACTS})\b"
_PAST = rf"(?:\w+ed|been|{words.IRREGULAR_ACTS}|{words.IRREGULAR_PARTICIPLES})\b"
_DUTY = rf"(?P<duty>{words.HUMAN_DUTIES})\b"
_NO_BELIEF = r"(?!think\s+(?!to\b|of\b|about\b)|understand\s+(?:why|how|what)\b)"
_SLIP = rf"(?:{words.SLIP_ADVERBS})"
_MANNER = rf"(?:{words.ADEQUACY})"
_PARTICIPLE = rf"(?P<done>{words.HUMAN_PARTICIPLES})\b"
_NO_MACHINE = "".join(f"(?<!{name} )" for name in words.MACHINES.split())
_LONGEST_CLAUSE = 300
_LEFT_UNDONE = r"(?:forgot|forgets?|failed|neglected|omitted)"
_CLAUSE_END = bounded(r"[,;.!?:)\n](?:\s|$)|\s(?:and|but|which|causing|so|because)\s", re.NOFLAG)

_HUMAN_ERROR = (
    r"\b(?:(?:human|operator|user|engineer|developer|admin(?:istrator)?|manual|personnel|technician|"
    r"staff|pilot)(?:['’]s)?"
    r"[- ](?:error|mistake|slip|oversight|fault)s?\b(?!\s+(?:rate|page|message|code|handling|report|log)s?\b)"
    r"|human\s+failures?|fat[- ]?finger\w*|finger\s+trouble|pebkac"
    r"|(?:humans?|people|users|developers|engineers)\s+(?:is|are)\s+(?:\w+\s+)?the\s+weakest\s+link)"
)
_AFTER_AGENT = (
    r"(?=\s*(?:[.,;:!?)\]]|$)|\s+(?:who|that|when|while|during|in|on|at|and|of|for|with|after|before|as|"
    r"to|not|from|via|"
    r"by|\w+ing)\b)"
)
_OWN_ERROR = (
    r"(?:mistakes?|oversights?|negligence|carelessness|slips?|blunders?|inexperience|inattention|"
    r"misjudg\w+|misunderst\w+|"
    r"fault(?!\s+(?:tolerance|line|domain|injection|isolation|detection)|-))\b"
)


@dataclass(frozen=True, slots=True)
class Rule:
    """`pattern` is looked for anywhere, or only right after a person where `after_person` is set."""

    code: str
    pattern: re.Pattern[str]
    rewrite: Rewriter
    after_person: bool = False


@lru_cache(maxsize=128)
def somebody(names: tuple[str, ...]) -> re.Pattern[str]:
    """Finds each person in a text who may be the subject of an act."""
    return bounded(person_or_pronoun(names))


@lru_cache(maxsize=128)
def rules(names: tuple[str, ...]) -> tuple[Rule, ...]:
    """Every rule, for an incident at which people of these names took part."""
    return *_RULES, *_agents(person(names)), *_conditions(person_or_pronoun(names))


def _after_person(code: str, pattern: str, rewrite: Rewriter) -> Rule:
    return Rule(code, bounded(_FILLER + pattern), rewrite, after_person=True)


def _anywhere(code: str, pattern: str, rewrite: Rewriter) -> Rule:
    return Rule(code, bounded(pattern), rewrite)


def _slips() -> Iterator[Rule]:
    """Somebody did something mistakenly, forgot, failed to, did not check, chose wrong."""
    by_mistake = r"(?:by\s+(?:mistake|accident)|mistakenly|accidentally|inadvertently|incorrectly|wrongly)"
    blamed = r"(?:at\s+fault|to\s+blame|distracted|inexperienced)"
    acts = (
        (rf"\s+{_SLIP}\s+(?P<slip>[\w-]+)", _as_possible),
        (rf"\s+{_LEFT_UNDONE}\s+to\s+(?!(?:{words.MACHINE_ACTS})\b)(?P<duty>\S+)", _as_unprompted),
        (rf"(?:\s+\w+ly)?\s+(?:{words.SLIP_ACTS})\b", _none),
        (
            rf"\s+(?:did|does|do|had|has|have|was|were){_NOT}\s+(?:\w+ly\s+)?{_NO_BELIEF}{_DUTY}",
            _as_unprompted,
        ),
        (r"\s+made\s+(?:\w+\s+){1,2}?(?:mistake|typo|error|blunder|misjudgement|wrong\s+\w+)s?\b", _none),
        (rf"\s+{_DONE}(?:(?!\b(?:that|which|how)\b)[^,.;:]){{1,50}}?\b{by_mistake}\b", _none),
        (rf"\s+{_DONE}(?:\s+[\w`'-]+){{0,5}}?\s+(?:wrong|incorrect|outdated|out-of-date)\b", _none),
        (rf"\s+(?:was|were|is|are)\s+(?:(?!not\b)\w+\s+)?{blamed}\b", _none),
        (rf"['’]s?\s+(?:own\s+)?(?:{_OWN_ERROR}|(?:error|failure)\b(?!\s+(?:rate|budget)))", _none),
    )
    yield from (_after_person("person_as_cause", pattern, rewrite) for pattern, rewrite in acts)


def _slips_of_the_unnamed() -> Iterator[Rule]:
    """Acts that only people perform, whoever is named as their subject."""
    acts = (
        (rf"\b(?:nobody|no\s+one)\s+(?:had\s+)?(?:{words.HUMAN_PARTICIPLES})\b", _none),
        (rf"{_NO_MACHINE}\b(?:forgot|forgets|neglected)\s+to\s+(?P<duty>\S+)", _as_unprompted),
        (rf"{_NO_MACHINE}\bforgot\s+(?:that|about)\b", _none),
        (r"\b(?:was|were)\s+(?:(?!not\b|never\b)\w+\s+)?(?:overlooked|forgotten|neglected)\b", _none),
        (
            rf"\b(?:did|do|does|had|has|have){_NOT}\s+even\s+(?:{words.HUMAN_DUTIES}|{words.HUMAN_PARTICIPLES})\b",
            _none,
        ),
        (r"\b(?:(?:mess|screw|goof)ed\s+up|mistyped|misread|made\s+an?\s+(?:\w+\s+)?mistake)\b", _none),
        (rf"\bfailure\s+to\s+{_DUTY}", _none),
        (rf"\b(?:by|of|from|to)\s+not\s+(?:\w+\s+){{0,3}}?(?:{words.HUMAN_DUTIES})ing\b", _none),
        (rf"\b(?:his|her|my|our|their|(?:some)?(?:one|body)['’]s)\s+(?:own\s+)?{_OWN_ERROR}", _none),
        (r"\b(?:his|her|my)\s+(?:own\s+)?(?:error|failure)\b", _none),
    )
    yield from (_anywhere("person_as_cause", pattern, rewrite) for pattern, rewrite in acts)


def _hindsight() -> Iterator[Rule]:
    """What somebody should or could have done; what a machine should have done is a plain expectation."""
    told = r"(?!been\s+(?:paged|alerted|notified|woken|warned|told|informed)\b)"
    have = rf"(?:should|ought\s+to|could|might)(?:{_NOT})?\s*(?:\w+\s+)?(?:have|['’]ve)\s+{told}"
    machines = rf"(?!(?:been\s+)?(?:{'|'.join(sorted(words.MACHINE_PARTICIPLES))})\b)"
    been = (
        rf"\b(?:should|ought\s+to){_NOT}?(?:\s+\w+ly)?(?:\s+have|['’]ve)\s+(?:at\s+least\s+)?been\s+"
        r"(?:\w+ly\s+|more\s+)?"
    )
    busy = r"(?:\w+ing\s+(?:[\w-]+\s+){1,4}?)?"
    unnamed = (
        r"(?:^|[(.;,:–—-]\s{0,2})(?:probably\s+)?should(?:\s+not|n['’]?t)?(?:\s+have|['’]ve)\s+(?!been\b)"
    )
    let_through = (
        rf"\bshould{_NOT}\s+have\s+(?:passed|landed|gone|been\s+(?:merged|deployed|approved|released))\b"
    )
    judged = r"(?:should|could|ought|would|mistake|wrong|error|careless|obvious|better\s+to|too\s+\w+)\b"
    hindsight = rf"\b(?:in|with)\s+(?:the\s+)?(?:hindsight|retrospect)\b[^.!?]{{0,80}}?\b{judged}"
    yield _after_person(
        "counterfactual", rf"\s+{busy}(?:\w+ly\s+)?{have}(?:\w+ly\s+)?(?P<done>{_PAST})", _as_unprompted_then
    )
    yield _after_person("counterfactual", r"\s+(?:was|were)\s+supposed\s+to\b", _none)
    yield _anywhere("counterfactual", rf"\bthey\s+{have}{machines}{_PAST}", _none)
    yield _anywhere("counterfactual", rf"{been}{_PARTICIPLE}(?!\s+(?:by|automatic))", _as_unensured)
    yield _anywhere("counterfactual", rf"{unnamed}{machines}{_PAST}", _none)
    yield _anywhere("counterfactual", let_through, _none)
    yield _anywhere("counterfactual", rf"{hindsight}|\bhindsight\s+is\b|\bif\s+only\b", _none)


def _judgements() -> Iterator[Rule]:
    acted, acting = rf"(?:{words.CHECKED_ACTS})\b", rf"(?:{words.CHECKING_ACTS})\b"
    lacking = r"(?:\bnot|n['’]t|\bnever|\bfail(?:ed|ure|ing)?\s+to|\bno\s+one|\bnobody)"
    was_not = rf"{lacking}\s+(?:been\s+|being\s+)?"
    yield _anywhere("judgement", rf"\b(?:{words.JUDGEMENTS})(?!\w)", _none)
    yield _anywhere("judgement", rf"{was_not}{_MANNER}\s+{acted}", _none)
    yield _anywhere("judgement", rf"{was_not}{acted}(?:\s+\w+){{0,2}}?\s+{_MANNER}\b", _none)
    yield _anywhere("judgement", rf"\b(?:without|by\s+not)\s+{_MANNER}\s+{acting}", _none)
    yield _anywhere("judgement", rf"\bwithout\s+{acting}(?:\s+\w+){{0,2}}?\s+{_MANNER}\b", _none)
    yield _anywhere("judgement", rf"\b(?:in(?:adequately|sufficiently)|improperly)\s+{acted}", _none)


def _agents(who: str) -> Iterator[Rule]:
    """ "Missed by the reviewers", "caused by an engineer", "accidentally deleted by Sam"."""
    acts = r"caused|triggered|missed|overlooked|broken|forgotten|ignored|dismissed|skipped|bypassed|botched"
    by_whom = rf"\s+(?:\w+\s+)?by\s+{who}{_AFTER_AGENT}"
    yield _anywhere("person_as_cause", rf"\b(?:(?:{acts})|{_SLIP}\s+{_DONE}){by_whom}", _none)


def _conditions(anyone: str) -> Iterator[Rule]:
    """ "If we had looked", "had the reviewer asked"; to have had a means, such as access, is no act."""
    means = r"(?!(?:an?|the|no|any|enough|more|access)\b)"
    yield _anywhere("counterfactual", rf"\bif\s+{anyone}\s+had(?:{_NOT})?\s+{means}\w+", _none)
    yield _anywhere(
        "counterfactual", rf"(?:^|[.,;]\s+)had\s+{anyone}\s+(?:not\s+|only\s+|just\s+)?\w+", _none
    )


def has_short_clause(match: re.Match[str]) -> bool:
    """Whether the clause ends soon enough after the match to be worth saying anew."""
    return len(_rest(match)) < _LONGEST_CLAUSE


def _rest(match: re.Match[str]) -> str:
    """What follows the match in its clause."""
    near = match.string[match.end() : match.end() + _LONGEST_CLAUSE]
    end = _CLAUSE_END.search(near)
    return near[: end.start() if end else len(near)].rstrip()


def _none(_match: re.Match[str]) -> None:
    return None


def _as_a_trap(_match: re.Match[str]) -> str:
    return "‹The step› looked right as it was done, and nothing caught ‹what differed›"


def _as_possible(match: re.Match[str]) -> str | None:
    act = plain_form(match["slip"])
    return f"It was possible to {act}{_rest(match)} without a warning" if act else None


def _as_unprompted(match: re.Match[str]) -> str:
    return f"Nothing in the process prompted anyone to {match['duty'].lower()}{_rest(match)}"


def _as_unprompted_then(match: re.Match[str]) -> str | None:
    act = plain_form(match["done"])
    return f"Nothing at the time prompted anyone to {act}{_rest(match)}" if act else None


def _as_unensured(match: re.Match[str]) -> str:
    return f"Nothing in place made sure that it was {match['done'].lower()}{_rest(match)}"


_RULES = (
    _anywhere("human_error", _HUMAN_ERROR, _as_a_trap),
    *_slips(),
    *_slips_of_the_unnamed(),
    *_hindsight(),
    *_judgements(),
)

# What a person did or left undone, right after that person.
ACT = bounded(
    rf"{_FILLER}(?:\s+\w+ly)?\s+(?:(?P<act>{_DONE})"
    rf"|(?:did|could|would|had|has|have){_NOT}\s+(?:\w+ly\s+)?(?P<omitted>{_DUTY}))"
)
