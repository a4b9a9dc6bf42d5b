"""The action command: one more action of a post-mortem, said in one line."""

from __future__ import annotations

from typing import Annotated

import typer

from followthrough.cli.bootstrap import Data, bootstrap, bring_up_to_date
from followthrough.core.errors import DomainError


def add_action(
    incident: Annotated[
        str, typer.Argument(metavar="INC-8", help="The incident it belongs to.", show_default=False)
    ],
    line: Annotated[
        str, typer.Argument(metavar="LINE", help="What will be done, by when, by whom.", show_default=False)
    ],
    by: Annotated[
        str,
        typer.Option(metavar="EMAIL", help="Who says so; it is done with their rights.", show_default=False),
    ],
    because: Annotated[
        str, typer.Option(metavar="WORDS", help="After the meeting: where it comes from.", show_default=False)
    ] = "",
    data: Data = None,
) -> None:
    """Adds an action to a post-mortem, as one says it.

    Owner, date and priority are read out of the line as in the meeting; days are those of the person who says it.

    \b
    Examples:
      followthrough action INC-8 "add an alert on latency by Friday, owned by Priya" --by ada@example.org
      followthrough action INC-8 "drain the old pool @me in two weeks !high" --by ada@example.org --because "It struck again."
    """
    bootstrap(data)
    bring_up_to_date()
    from followthrough.actions.operations.typed_lines import add_typed
    from followthrough.incidents.queries.search import key_in
    from followthrough.people.models import User
    from followthrough.postmortems import queries as postmortems

    person = User.objects.filter(email__iexact=by, is_active=True).first()
    if person is None or not person.is_member:
        raise DomainError(f"There is no member with the address {by}. Nothing was added.")
    postmortem = postmortems.find(person, key_in(incident) or 0)
    action = add_typed(postmortem, line=line, no_finding_reason=because, by=person)
    owner = action.owner.name if action.owner else "nobody yet"
    due = (
        f"{action.due_on:%a} {action.due_on.day} {action.due_on:%b %Y}" if action.due_on else "without a date"
    )
    typer.echo(f"{action.key} {action.text}")
    typer.echo(
        f"  {owner} · {due} · {action.get_priority_display().lower()} priority · {action.get_state_display().lower()}"
    )
