"""How forms are drawn."""

from __future__ import annotations

from django.forms.renderers import TemplatesSetting


class Renderer(TemplatesSetting):
    """Draws fields with the product's own templates."""

    field_template_name = "core/field.html"
