"""What a server leaves of its settings in the data folder, for `worker` and `doctor` to go by; no secrets."""

from __future__ import annotations

import json
import os
from pathlib import Path

from followthrough.cli.bootstrap import SECRET
from followthrough.config.environment import Environment
from followthrough.core.deserialization import load_json

RECORD = "server.json"
_OF_ONE_PROCESS = {"data", "sentence_model", "log_level"}
"""Settings that may differ between a server and a command without anything being wrong."""


def settings_of(environment: Environment) -> dict[str, str]:
    """The settings by their names; of a secret only whether it is set."""
    names = type(environment).model_fields.keys() - _OF_ONE_PROCESS
    return {name: _shown(name, getattr(environment, name)) for name in sorted(names)}


def _shown(name: str, value: object) -> str:
    return ("set" if value else "not set") if name in SECRET else str(value)


def write_record(environment: Environment) -> None:
    """Notes how this server is set, in the place of what the last one noted."""
    path = environment.data / RECORD
    unfinished = path.with_suffix(".new")
    unfinished.write_text(json.dumps(settings_of(environment), indent=1))
    unfinished.replace(path)


def take_over(environment: Environment, *names: str) -> bool:
    """Where a setting of these is not set here, it is taken from the server's record; False if some stays unknown."""
    record = read_record(environment.data)
    unset = [name for name in names if name not in environment.model_fields_set]
    os.environ.update({f"FOLLOWTHROUGH_{name.upper()}": record[name] for name in unset if name in record})
    return all(name in record for name in unset)


def read_record(folder: Path) -> dict[str, str]:
    """How the last server on this folder was set; {} where none was."""
    try:
        found = load_json((folder / RECORD).read_bytes())
    except (OSError, ValueError):
        return {}
    return found if isinstance(found, dict) else {}
