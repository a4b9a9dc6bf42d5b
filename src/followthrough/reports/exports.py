"""A report as Markdown, HTML, JSON and PDF."""

from __future__ import annotations

import json
import re
from datetime import datetime
from itertools import groupby
from zoneinfo import ZoneInfo

from django.template.loader import render_to_string

from followthrough.core.addresses import is_web_address
from followthrough.drawing.palette import PAPER, TEMPLATE_COLOURS
from followthrough.reports.report import Action, Moment, Parked, Report, Section
from followthrough.writing import markdown
from followthrough.writing.document_tree import plain
from followthrough.writing.markdown import escape, portable


def to_json(report: Report) -> str:
    """Every fact of the report, as its model names them; times in UTC."""
    sections = [section.model_copy(update={"text": portable(section.text)}) for section in report.sections]
    return report.model_copy(update={"sections": sections}).model_dump_json(indent=2)


def to_html(report: Report) -> str:
    """One file that needs nothing else, for a mail or a wiki."""
    facts = {
        "report": report,
        "held": _held(report),
        "colours": TEMPLATE_COLOURS,
        "strip": on_paper(report.strip),
        "strip_narrow": on_paper(report.strip_narrow),
        "fishbone": on_paper(report.fishbone),
        "timeline": list(zip(_times(report), report.timeline, strict=True)),
    }
    return render_to_string("reports/export.html", facts)


def on_paper(svg: str) -> str:
    """A drawing with concrete colours in place of the style sheet's variables."""
    return re.sub(r"var\(--([\w-]+)\)", lambda match: PAPER[match.group(1)], svg)


def pdf_inputs(report: Report) -> dict[str, str]:
    """What typst/summary.typ is given, by name."""
    paper = report.model_copy(
        update={name: on_paper(getattr(report, name)) for name in ("strip", "fishbone", "why_tree")}
    )
    return {
        "report": paper.model_dump_json(),
        "prose": json.dumps({each.name: plain(markdown.read(each.text)) for each in paper.sections}),
        "times": "\n".join(_times(report)),
        "dues": "\n".join(_due(action) for action in report.actions),
        "head": _short_head(report),
        "palette": json.dumps(PAPER),
    }


def to_markdown(report: Report) -> str:
    """CommonMark with tables, as people paste it into a wiki."""
    parts = [
        f"# {report.key}: {escape(report.title)}",
        _head(report),
        _changes(report),
        _omissions(report),
        *map(_section, report.sections[:2]),
        _impact(report),
        _timeline(report),
        *map(_section, report.sections[3:]),
        _actions(report),
        _parked(report),
        _source(report),
    ]
    return "\n\n".join(part for part in parts if part) + "\n"


def clock(moment: datetime, zone: str) -> str:
    """A moment on the incident's own clock, which is named."""
    return f"{moment.astimezone(ZoneInfo(zone)):%a %-d %b %Y %H:%M} {zone}"


def _times(report: Report) -> list[str]:
    zone = ZoneInfo(report.zone)
    year = " %Y" if report.in_several_years else ""
    return [
        moment.at.astimezone(zone).strftime(f"%-d %b{year}" if moment.whole_day else f"%-d %b{year} %H:%M")
        for moment in report.timeline
    ]


def _facts(report: Report) -> dict[str, str]:
    return {
        "Severity": report.severity if report.shows_severity else "",
        "Kind": report.kind,
        "Services": ", ".join(report.services),
        **_when(report),
        "Lasted": report.duration,
        f"{report.meeting.capitalize()} held": _held(report),
        "Who was there": report.who_was_there,
        "Facilitated by": report.facilitator,
    }


def _when(report: Report) -> dict[str, str]:
    """When it began; of what is no outage, its planned and actual days."""
    days = {date.name: date.value for date in report.dates}
    return days or {"Began": clock(report.began_at, report.zone)}


def _held(report: Report) -> str:
    """When each sitting began and how long they were together."""
    if not report.sittings:
        return clock(report.held_at, report.zone) if report.held_at else ""
    began = ", then ".join(clock(one.began_at, report.zone) for one in report.sittings)
    return f"{began}, {max(1, report.minutes_met)} min"


def _short_head(report: Report) -> str:
    said = {
        "Lasted": "lasted ",
        f"{report.meeting.capitalize()} held": f"{report.meeting} ",
        **{date.name: f"{date.name.lower()} " for date in report.dates},
        "Facilitated by": "facilitated by ",
        "Who was there": "there: ",
    }
    return " · ".join(said.get(name, "") + value for name, value in _facts(report).items() if value)


def _head(report: Report) -> str:
    rows = _facts(report)
    return "\n".join(f"- **{name}:** {escape(value)}" for name, value in rows.items() if value)


def _changes(report: Report) -> str:
    lines = [f"- {escape(change.words)}" for change in report.changes]
    return "\n".join([f"## Added since version {report.edition - 1}", "", *lines]) if lines else ""


def _omissions(report: Report) -> str:
    lines = [f"- {escape(omission.words)}" for omission in report.omissions]
    return "\n".join(["## What is missing", "", *lines]) if lines else ""


def _section(section: Section) -> str:
    parts = [portable(section.text).strip() if section.text else "", _answers(section)]
    body = "\n\n".join(part for part in parts if part)
    return f"## {section.title}\n\n{body}" if body else ""


def _answers(section: Section) -> str:
    """Each question once, what was answered as a list below it."""
    return "\n\n".join(
        f"**{escape(question)}**\n\n" + "\n".join(f"- {escape(answer.text)}" for answer in answers)
        for question, answers in groupby(section.answers, lambda answer: answer.question)
    )


def _parked(report: Report) -> str:
    lines = [f"- {escape(item.text)} ({parked_until(item)})" for item in report.parked]
    return "\n".join(["## Parked", "", *lines]) if lines else ""


def parked_until(item: Parked) -> str:
    """What became of something that was parked."""
    return "settled" if item.settled else "to be settled at the check-in"


def _source(report: Report) -> str:
    """Where it was restated from; an address that may not be followed is only words."""
    if not is_web_address(report.source_url):
        return f"Source: {escape(report.source_title or report.source_url)}" if report.source_url else ""
    address = re.sub(r"[\\()]", lambda match: f"\\{match.group()}", report.source_url)
    return f"Source: [{escape(report.source_title or report.source_url)}]({address})"


def _impact(report: Report) -> str:
    section = report.section("impact")
    figures = "\n".join(f"- **{fact.name}:** {escape(fact.value)}" for fact in report.impact)
    parts = [portable(section.text).strip(), figures, _answers(section)]
    body = "\n\n".join(part for part in parts if part)
    return f"## Impact\n\n{body}" if body else ""


def _timeline(report: Report) -> str:
    if not report.timeline:
        return ""
    rows = [
        f"| {time} | {moment.offset} | {escape(_with_evidence(moment))} | {moment.milestone or moment.kind} |"
        for time, moment in zip(_times(report), report.timeline, strict=True)
    ]
    head = f"## Timeline\n\nTimes in {report.zone}.\n\n| When | From the start | What | Kind |\n| --- | --- | --- | --- |"
    return "\n".join([head, *rows])


def _with_evidence(moment: Moment) -> str:
    return f"{moment.text} ({', '.join(moment.evidence)})" if moment.evidence else moment.text


def _actions(report: Report) -> str:
    if not report.actions:
        return "## Actions\n\nNo action was agreed."
    head = "## Actions\n\n| Action | Owner | Due | State |\n| --- | --- | --- | --- |"
    said = [f"\nSo far {report.acceptance}."] if report.acceptance else []
    return "\n".join([head, *(_action(action) for action in report.actions), *said])


def _action(action: Action) -> str:
    state = f"{action.state_name}, late" if action.late else action.state_name
    return f"| {action.key} {escape(action.text)} | {escape(action.owner) or 'nobody yet'} | {_due(action)} | {state} |"


def _due(action: Action) -> str:
    return action.due_on.strftime("%-d %b %Y") if action.due_on else "no date"
