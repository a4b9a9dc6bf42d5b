from __future__ import annotations

from pathlib import Path
from typing import Any

import pytest

from followthrough.reports import pdf


@pytest.fixture(autouse=True)
def own_documents(tmp_path: Path, settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    """Documents of no other test, for which a page waits as long as this machine needs."""
    settings.PDF_ROOT = tmp_path / "pdf"
    monkeypatch.setattr(pdf, "PATIENCE_SECONDS", 30)
