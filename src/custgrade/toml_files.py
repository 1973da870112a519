"""Reading TOML files, and refusing what they may not hold."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from pathlib import Path
from typing import Any

from custgrade.errors import ConfigurationError, did_you_mean, listed


def read_toml(path: Path) -> dict[str, Any]:
    """Return the content of a TOML file.

    Raises ConfigurationError, with the line where there is one.
    """
    import tomllib

    try:
        return tomllib.loads(path.read_text(encoding="utf-8"))
    except OSError as error:
        raise ConfigurationError(f"can't read {path}: {error.strerror or error}") from error
    except (tomllib.TOMLDecodeError, UnicodeDecodeError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}") from error


def check_keys(table: Mapping[str, Any], known: Iterable[str], where: str) -> None:
    """Raise ConfigurationError for a key that isn't known. where: what the table is called in messages."""
    names = list(known)
    for key in table:
        if key not in names:
            raise ConfigurationError(f"{where} has no {key!r}.{did_you_mean(key, names)} It may have: {listed(names)}")
