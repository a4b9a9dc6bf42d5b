"""Model fields for text: sanitised and bounded whatever door it came through.

Saving, bulk writes and updates pass here, so an operation cannot forget it. To the migrations they are Django's own.
"""

from __future__ import annotations

import json
from collections.abc import Mapping
from functools import cache
from typing import TYPE_CHECKING, Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import models

from followthrough.core import text
from followthrough.core.errors import DomainError

__all__ = [
    "DataField",
    "EmailField",
    "LineField",
    "NameField",
    "ProseField",
    "SlugField",
    "Text",
    "UrlField",
    "tidied",
]

if TYPE_CHECKING:
    _Base = models.Field[Any, Any]
else:
    _Base = object

LARGEST_DATA = 16_000_000
"""Characters of JSON in one field."""


class Text(_Base):
    """Leaves out controls as a record is saved; refuses lone surrogates and more than `max_length` characters."""

    django_path = ""
    tidy = staticmethod(text.line)

    def clean(self, value: Any, model_instance: models.Model | None) -> Any:
        value = self.tidied(value)
        self.refuse(value)
        return super().clean(value, model_instance)

    def pre_save(self, model_instance: models.Model, add: bool) -> Any:  # noqa: FBT001 - as Django declares it
        before = super().pre_save(model_instance, add)
        after = self.tidied(before)
        if after is not before:
            setattr(model_instance, self.attname, after)
        return after

    def get_db_prep_save(self, value: Any, connection: Any) -> Any:
        value = self.tidied(value)
        self.refuse(value)
        return super().get_db_prep_save(value, connection)

    def get_prep_value(self, value: Any) -> Any:
        """What is looked for, too: PostgreSQL fails on NUL, and nothing can encode half a character."""
        value = super().get_prep_value(value)
        if isinstance(value, str):
            text.refuse_no_text(value, field=self.name)
            return value.replace("\0", "")
        return value

    def tidied(self, value: Any) -> Any:
        return self.tidy(value) if type(value) is str else value

    def refuse(self, value: Any) -> None:
        """DomainError for what is no text, or more of it than fits."""
        if isinstance(value, str):
            text.refuse_no_text(value, field=self.name)
            text.refuse_too_long(value, limit=self.max_length or len(value), field=self.name)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, self.django_path, args, kwargs


if TYPE_CHECKING:  # type checkers learn what a field holds from Django's own only
    from django.db.models import CharField as LineField
    from django.db.models import CharField as NameField
    from django.db.models import EmailField, SlugField
    from django.db.models import JSONField as DataField
    from django.db.models import TextField as ProseField
    from django.db.models import URLField as UrlField
else:

    class LineField(Text, models.CharField):
        """Text of one line."""

        django_path = "django.db.models.CharField"

    class NameField(LineField):
        """One line by which people know a thing: something of it can be seen."""

        def get_db_prep_save(self, value: Any, connection: Any) -> Any:
            if self.tidied(value) == "":
                label = str(self.verbose_name).capitalize()
                raise DomainError(
                    f"{label}: nothing of this can be seen. Write at least a letter; nothing was saved.",
                    field=self.name,
                )
            return super().get_db_prep_save(value, connection)

    class EmailField(Text, models.EmailField):
        django_path = "django.db.models.EmailField"

    class UrlField(Text, models.URLField):
        django_path = "django.db.models.URLField"

    class SlugField(Text, models.SlugField):
        django_path = "django.db.models.SlugField"

    class ProseField(Text, models.TextField):
        """Text of several lines, at most `max_length` characters: a rule of the product, not of the database."""

        django_path = "django.db.models.TextField"
        tidy = staticmethod(text.prose)

        def __init__(self, *, max_length: int, **kwargs: Any) -> None:
            super().__init__(max_length=max_length, **kwargs)

        def deconstruct(self) -> Any:
            name, path, args, kwargs = super().deconstruct()
            del kwargs["max_length"]
            return name, path, args, kwargs

        def clone(self) -> ProseField:
            return ProseField(max_length=self.max_length, **self.deconstruct()[3])

    class DataField(models.JSONField):
        """JSON of at most 16 million characters, whose texts every database can hold."""

        def get_db_prep_save(self, value: Any, connection: Any) -> Any:
            if isinstance(value, dict | list | str) and value:
                value = text.repaired_deep(value)
                text.refuse_too_long(
                    json.dumps(value, cls=DjangoJSONEncoder), limit=LARGEST_DATA, field=self.name
                )
            return super().get_db_prep_save(value, connection)

        def deconstruct(self) -> Any:
            name, _, args, kwargs = super().deconstruct()
            return name, "django.db.models.JSONField", args, kwargs


def tidied(record: models.Model, values: Mapping[str, Any]) -> dict[str, Any]:
    """`values` of a record's fields as they would be stored."""
    texts = _texts(record._meta.model)
    return {name: texts[name].tidied(value) if name in texts else value for name, value in values.items()}


@cache
def _texts(model: type[models.Model]) -> dict[str, Text]:
    return {field.name: field for field in model._meta.concrete_fields if isinstance(field, Text)}
