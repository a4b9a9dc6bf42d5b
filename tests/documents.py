"""Reading what was written for others."""

from __future__ import annotations

import io

from pypdf import PdfReader


def text_of(content: bytes, ending: str) -> str:
    """The words of a file that ends in `ending`; those of a PDF with single spaces between them."""
    if ending != "pdf":
        return content.decode()
    pages = PdfReader(io.BytesIO(content)).pages
    return " ".join(" ".join(page.extract_text().split()) for page in pages)
