"""How forms are drawn, and how an operation's refusal gets back to its form."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, TypeVar

from django import forms
from django.forms import BaseForm
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.utils.html import format_html, format_html_join
from django.utils.safestring import SafeString

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


class LongSelect(forms.Select):
    """A select whose options are drawn without a template for each: zones are hundreds. It has no groups."""

    def render(self, name: str, value: Any, attrs: Any = None, renderer: Any = None) -> SafeString:  # noqa: ARG002
        context = self.get_context(name, value, attrs)["widget"]
        options = format_html_join(
            "",
            '<option value="{}"{}>{}</option>',
            (
                (
                    "" if option["value"] is None else option["value"],
                    flatatt(option["attrs"]),
                    option["label"],
                )
                for _, group, _ in context["optgroups"]
                for option in group
            ),
        )
        return format_html('<select name="{}"{}>{}</select>', name, flatatt(context["attrs"]), options)
