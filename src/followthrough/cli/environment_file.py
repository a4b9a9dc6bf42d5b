"""The environment file: settings that the service and an administrator's shell share."""

from __future__ import annotations

import os
from io import StringIO
from pathlib import Path

from dotenv import dotenv_values

from followthrough.core.errors import DomainError

DEFAULT = Path("/etc/followthrough.env")
"""Read where it is there and no other is named."""


def load_environment_file(named: Path | None) -> None:
    """Takes the settings of the file `named`, or of the usual one where there is one; what is set already goes before.

    DomainError if a file that is named, or the usual one, cannot be read.
    """
    path = named or DEFAULT
    if named is None and not path.exists():
        return
    try:
        values = dotenv_values(stream=StringIO(path.read_text()), interpolate=False)
    except (OSError, UnicodeDecodeError) as error:
        reason = error.strerror if isinstance(error, OSError) else "it is not text"
        raise DomainError(
            f"The settings in {path} cannot be read: {reason}. Run this as the account of the service, or name another "
            "file with --env-file before the command."
        ) from error
    for name, value in values.items():
        if name.startswith("FOLLOWTHROUGH_"):
            os.environ.setdefault(name, value or "")
