"""Model fields for text: sanitised and bounded whatever door it came through.

Saving, bulk writes and updates pass here, so an operation cannot forget it. To the migrations they are Django's own.
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Any

from django.db import models

from followthrough.core import text

if TYPE_CHECKING:
    _Base = models.Field[Any, Any]
else:
    _Base = object


class _Text(_Base):
    """Leaves out controls as a record is saved; refuses lone surrogates and more than `max_length` characters."""

    django_path = ""
    tidy = staticmethod(text.prose)

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
        return self.tidy(value) if isinstance(value, str) else value

    def refuse(self, value: Any) -> None:
        """DomainError for what is no text, or more of it than fits."""
        if isinstance(value, str):
            text.refuse_no_text(value, field=self.name)
            text.refuse_too_long(value, limit=self.max_length or len(value), field=self.name)

    def deconstruct(self) -> Any:
        name, _, args, kwargs = super().deconstruct()
        return name, self.django_path, args, kwargs


class ProseField(_Text, models.TextField):  # type: ignore[type-arg]
    """Text of several lines, at most `max_length` characters: a rule of the product, not of the database."""

    django_path = "django.db.models.TextField"

    max_length: int

    def __init__(self, *, max_length: int, **kwargs: Any) -> None:
        super().__init__(max_length=max_length, **kwargs)

    def deconstruct(self) -> Any:
        name, path, args, kwargs = super().deconstruct()
        del kwargs["max_length"]
        return name, path, args, kwargs

    def clone(self) -> ProseField:
        return ProseField(max_length=self.max_length, **self.deconstruct()[3])


class LineField(_Text, models.CharField):  # type: ignore[type-arg]
    """Text of one line."""

    django_path = "django.db.models.CharField"
    tidy = staticmethod(text.line)
