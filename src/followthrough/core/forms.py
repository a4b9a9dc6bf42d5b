"""How forms are drawn, and how an operation's refusal gets back to its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import TypeVar

from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting

from followthrough.core.errors import DomainError

Result = TypeVar("Result")


class Renderer(TemplatesSetting):
    """Draws fields with the product's own templates."""

    field_template_name = "core/field.html"


def attempt(form: BaseForm, operation: Callable[[], Result]) -> Result | None:
    """Carries out `operation`; what it refuses stands beside the form's field, and the answer is None.

    Only for operations that return something. NotThere goes on as it is: there is no form then.
    """
    try:
        return operation()
    except DomainError as error:
        if error.status == 404:
            raise
        form.add_error(error.field if error.field in form.fields else None, error.message)
        return None
