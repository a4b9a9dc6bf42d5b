"""How forms are drawn, and how an operation's refusal gets back to its form."""

from __future__ import annotations

from collections.abc import Callable, Mapping
from datetime import date, datetime, time
from functools import cache
from itertools import groupby
from operator import itemgetter
from typing import Any, TypeVar

from django.core.exceptions import ValidationError
from django.forms import (
    BaseForm,
    CharField,
    ChoiceField,
    Field,
    ModelMultipleChoiceField,
    Select,
    Textarea,
    TextInput,
)
from django.forms.renderers import TemplatesSetting
from django.forms.utils import flatatt
from django.http import HttpRequest
from django.utils.html import escape, format_html, format_html_join
from django.utils.safestring import SafeString

from followthrough.core import text
from followthrough.core.errors import DomainError
from followthrough.core.parsing import iso_datetime, whole_number
from followthrough.core.times import NOT_PLAUSIBLE, is_plausible, is_zone, zone_choices
from followthrough.core.timestamps import Stamp
from followthrough.core.typed_dates import CalendarDay
from followthrough.core.typed_moments import EXAMPLES, read_moment

Result = TypeVar("Result")


class LineField(CharField):
    """Text of one line, as it will be stored: what cannot be seen counts as nothing."""

    def to_python(self, value: Any) -> str:
        return text.line(super().to_python(value) or "")


class ProseField(CharField):
    """Text of several lines, as it will be stored."""

    widget = Textarea

    def to_python(self, value: Any) -> str:
        return text.prose(super().to_python(value) or "")


class ChosenRowsField(ModelMultipleChoiceField[Any]):
    """Rows chosen by their numbers; one that no column can hold is refused like one that is not there."""

    def clean(self, value: Any) -> Any:
        if odd := next((str(key) for key in value or () if whole_number(str(key)) is None), None):
            raise ValidationError(self.error_messages["invalid_pk_value"], params={"pk": odd[:40]})
        return super().clean(value)


class TypedMomentField(Field):
    """A time as people type it, on a clock without a zone: a datetime, or the Stamp of one whose day is not said.

    What it means then, `core.typed_moments.wall_time` says, once the form knows what is near.
    """

    widget = TextInput(attrs={"autocomplete": "off", "spellcheck": "false", "maxlength": 60})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%Y-%m-%d %H:%M}" if isinstance(value, datetime) else value

    def to_python(self, value: Any) -> datetime | Stamp | None:
        said = text.line(str(value)) if value and not isinstance(value, datetime) else value
        if not said or isinstance(said, datetime):
            return said or None
        found = (iso_datetime(said) if len(said) > 10 else None) or read_moment(said)
        if found is None:
            raise ValidationError(f"“{said[:40]}” was not read as a time. {EXAMPLES}")
        if found.tzinfo if isinstance(found, datetime) else found.zone:
            raise ValidationError(
                "Leave out “Z”, a zone or an offset such as +09:00: this is a time on the incident’s own clock."
            )
        if isinstance(found, Stamp) and found.clock and isinstance(found.day, CalendarDay) and found.day.year:
            found = datetime.combine(date(found.day.year, found.day.month, found.day.day), found.clock)
        if isinstance(found, datetime) and not is_plausible(found):
            raise ValidationError(NOT_PLAUSIBLE)
        return found


class TypedClockField(Field):
    """A time of day as people type it: 9:00, 9.30, 0930 or 5pm."""

    widget = TextInput(attrs={"autocomplete": "off", "maxlength": 20})

    def prepare_value(self, value: Any) -> Any:
        return f"{value:%H:%M}" if isinstance(value, time) else value

    def to_python(self, value: Any) -> time | None:
        if not value or isinstance(value, time):
            return value or None
        stamp = read_moment(str(value))
        if stamp is None or stamp.day or stamp.zone:
            raise ValidationError(
                f"“{str(value)[:20]}” was not read as a time of day. Write it as 09:00 or 5pm."
            )
        return stamp.clock


class Renderer(TemplatesSetting):
    """Draws fields with the product's own template, and selects and inputs without one: pages have dozens."""

    field_template_name = "core/field.html"

    def render(self, template_name: str, context: dict[str, Any], request: HttpRequest | None = None) -> str:
        if draw := _DRAWN.get(template_name):
            return draw(context["widget"])
        return super().render(template_name, context, request)


def apply_to_form(form: BaseForm, operation: Callable[[], Result]) -> Result | None:
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


def _select(widget: dict[str, Any]) -> SafeString:
    groups = groupby(widget["optgroups"], key=itemgetter(0))
    drawn = [_group(name, [option for _, some, _ in parts for option in some]) for name, parts in groups]
    options = format_html_join("", "{}", ((part,) for part in drawn))
    return format_html('<select name="{}"{}>{}</select>', widget["name"], flatatt(widget["attrs"]), options)


def _group(name: str | None, options: list[dict[str, Any]]) -> SafeString:
    parts = ((_text(o["value"]), flatatt(o["attrs"]) if o["attrs"] else "", o["label"]) for o in options)
    drawn = format_html_join("", '<option value="{}"{}>{}</option>', parts)
    return format_html('<optgroup label="{}">{}</optgroup>', name, drawn) if name else drawn


def _input(widget: dict[str, Any]) -> SafeString:
    value = {} if widget["value"] is None else {"value": _text(widget["value"])}
    parts = widget["type"], widget["name"], flatatt(value), flatatt(widget["attrs"])
    return format_html('<input type="{}" name="{}"{}{}>', *parts)


def _text(value: Any) -> str:
    return "" if value is None else str(value)


_INPUTS = ("text", "number", "email", "url", "password", "hidden", "date", "time")
_DRAWN: dict[str, Callable[[dict[str, Any]], str]] = {
    "django/forms/widgets/select.html": _select,
    **{f"django/forms/widgets/{name}.html": _input for name in _INPUTS},
}


class ZoneSelect(Select):
    """Four hundred options, drawn once."""

    def render(
        self,
        name: str,
        value: Any,
        attrs: Mapping[str, Any] | None = None,
        renderer: Any = None,  # noqa: ARG002 - drawn without one
    ) -> SafeString:
        option = f'value="{escape(value)}"'
        options = SafeString(_zone_options().replace(option, f"{option} selected", 1))
        drawn = flatatt(self.build_attrs(self.attrs, dict(attrs or {})))
        return format_html('<select name="{}"{}>{}</select>', name, drawn, options)


@cache
def _zone_options() -> SafeString:
    return format_html_join("", '<option value="{}">{}</option>', zone_choices())


class ZoneField(ChoiceField):
    """A time zone, recognised by its name rather than by going through all of them."""

    widget = ZoneSelect

    def __init__(self, **given: Any) -> None:
        super().__init__(choices=zone_choices, **given)

    def valid_value(self, value: str) -> bool:
        return is_zone(value)
