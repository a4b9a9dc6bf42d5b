"""Uploading files to import, and saying what their columns mean."""

from __future__ import annotations

from collections.abc import Mapping
from pathlib import PurePath
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile

from followthrough.core.deserialization import LARGEST_YAML
from followthrough.core.forms import ZoneField
from followthrough.incidents.imports.column_mapping import Columns, Meaning
from followthrough.incidents.imports.column_names import FIELDS
from followthrough.incidents.imports.file_rows import SUFFIXES
from followthrough.incidents.imports.front_matter import split_front_matter

MAX_UPLOAD_BYTES = 64 * 1024 * 1024
MAX_FILES = 2000
MAX_FRONT_MATTER_BYTES = 1_000_000
"""Of all files together: YAML takes some 3 µs for each, and a preview waits for it."""


class SeveralFiles(forms.ClearableFileInput):
    """One field that takes many files."""

    allow_multiple_selected = True


class Files(forms.FileField):
    """Each of them is checked; the cleaned value is the list."""

    widget = SeveralFiles(attrs={"accept": ",".join(sorted(SUFFIXES))})

    def clean(self, data: Any, initial: Any = None) -> Any:
        if not data:
            return [super().clean(None, initial)]
        return [super(Files, self).clean(one, initial) for one in data]


class UploadForm(forms.Form):
    """Files of one kind or several."""

    upload = Files(
        label="Files",
        help_text="Markdown with front matter (one file is one incident), CSV, JSON lines. Several at once are fine.",
    )

    def clean(self) -> dict[str, Any]:
        chosen: list[UploadedFile[bytes]] = self.cleaned_data.get("upload", [])
        for upload in chosen[:MAX_FILES]:
            if PurePath(upload.name or "").suffix.lower() not in SUFFIXES:
                self.add_error(
                    "upload", f"{upload.name} is none of Markdown, CSV or JSON lines. Leave it out."
                )
        if sum(upload.size or 0 for upload in chosen) > MAX_UPLOAD_BYTES:
            self.add_error("upload", "These are more than 64 MB. Import them in parts.")
        if len(chosen) > MAX_FILES:
            self.add_error("upload", f"These are more than {MAX_FILES} files. Import them in parts.")
        elif sum(map(_front_matter_bytes, chosen)) > MAX_FRONT_MATTER_BYTES:
            self.add_error("upload", "Their front matter is more than 1 MB in all. Import them in parts.")
        return self.cleaned_data


def _front_matter_bytes(upload: UploadedFile[bytes]) -> int:
    """None where it is so long that it is refused without being parsed."""
    upload.seek(0)
    head = upload.read(4 * LARGEST_YAML).decode("utf-8-sig", "replace")
    upload.seek(0)
    return len(split_front_matter(head)[0])


class MeaningForm(forms.Form):
    """One choice for each column, and how times are to be read."""

    zone = ZoneField(label="Time zone of times that name none")
    days_first = forms.BooleanField(label="3/4/2026 is the third of April", required=False)

    def __init__(self, data: Mapping[str, Any] | None, *, columns: Columns, meaning: Meaning) -> None:
        super().__init__(data, initial={"zone": meaning.zone, "days_first": meaning.days_first})
        self.columns = columns
        for number, column in enumerate(columns.samples):
            self.fields[f"column_{number}"] = forms.ChoiceField(
                label=column,
                required=False,
                initial=meaning.fields.get(column, ""),
                choices=[("", "leave out"), *FIELDS.items()],
            )

    @property
    def rows(self) -> list[tuple[forms.BoundField, str]]:
        """(the choice, a sample of the column)."""
        return [(self[f"column_{n}"], sample) for n, sample in enumerate(self.columns.samples.values())]

    @property
    def meaning(self) -> Meaning:
        said = {column: self.cleaned_data[f"column_{n}"] for n, column in enumerate(self.columns.samples)}
        fields = {column: name for column, name in said.items() if name}
        return Meaning(fields, zone=self.cleaned_data["zone"], days_first=self.cleaned_data["days_first"])
