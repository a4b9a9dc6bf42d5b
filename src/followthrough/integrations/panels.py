"""What this room shows on pages of rooms below: the issue of an action, its key beside it in lists, its setting."""

from __future__ import annotations

from typing import Any

from django.http import HttpRequest
from django.template.loader import render_to_string
from django.utils.html import format_html
from django.utils.safestring import SafeString

from followthrough.actions.models import ActionItem
from followthrough.integrations import phrasing
from followthrough.integrations.forms import IssueForm
from followthrough.integrations.models import IssueLink
from followthrough.integrations.queries import connections
from followthrough.integrations.queries.linking import links_among, links_of


def connections_setting(request: HttpRequest, _: object) -> str:
    return render_to_string("integrations/connections_setting.html", {}, request)


def issues_card(request: HttpRequest, action: ActionItem) -> str:
    """Its issues with what is to be known of them; "" while nothing is connected."""
    links = [(link, phrasing.issue_words(link)) for link in links_of(action)]
    can_link = connections.active().exists()
    if not links and not can_link:
        return ""
    facts = {"action": action, "links": links, "can_link": can_link, "form": IssueForm()}
    return render_to_string("integrations/issues_card.html", facts, request)


def issue_keys(_: HttpRequest, rows: list[Any]) -> dict[Any, str]:
    """{key of an action: its issue's key, as a link}; one query."""
    return {link.action_id: _chip(link) for link in links_among([row.pk for row in rows])}


def _chip(link: IssueLink) -> SafeString:
    tone = "chip due" if link.state == IssueLink.State.GONE else "chip note"
    where = '<a class="{}" href="{}" target="_blank" rel="noopener noreferrer">{}</a>'
    return format_html(where, tone, link.url, link.key)
