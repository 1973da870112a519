"""Reading TOML files, with the line of each table and key for errors."""

from __future__ import annotations

import json
import re
from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed

Where = Callable[..., str]
"""A function that gives the place of a table or of its key, for errors: `where("criteria", "profit", key="weight")`."""

_MOST_LINES = 1000


@frozen
class TomlFile:
    """The content of a TOML file, with its text and path."""

    path: Path
    text: str = field(repr=False)
    content: Mapping[str, Any]

    def where(self, *table: str, key: str | None = None) -> str:
        """Return the place of a table or of its key: `card.toml, line 3: [criteria]`.

        The line is left out if the file doesn't have the table or key, or has more than 1,000 lines.
        """
        line = self._line(*table, *([] if key is None else [key]))
        place = str(self.path) if line is None else f"{self.path}, line {line}"
        return f"{place}: [{'.'.join(map(toml_key, table))}]" if table else place

    def _line(self, *names: str) -> int | None:
        import tomllib

        lines = self.text.split("\n")
        if not names or len(lines) > _MOST_LINES:
            return None
        # a name that parsing the first `count` lines finds for the first time begins after the last part that parsed
        begins = 1
        for count in range(1, len(lines) + 1):
            try:
                content: Any = tomllib.loads("\n".join(lines[:count]))
            except (ValueError, RecursionError):
                continue
            for name in names:
                # tables in a list have the place of the list
                content = content.get(name) if isinstance(content, dict) else content if content else None
            if content is not None:
                return begins
            begins = count + 1
        return None


def toml_key(name: str) -> str:
    """Return a key as TOML needs it: in quotation marks, if it has other characters than letters, digits, `-`, `_`."""
    return name if re.fullmatch("[A-Za-z0-9_-]+", name) else json.dumps(name, ensure_ascii=False)


def read_toml(path: Path) -> TomlFile:
    """Return a parsed TOML file.

    Raises ConfigurationError if the file can't be read or isn't TOML, with the line of a syntax error.
    """
    import tomllib

    try:
        text = path.read_text(encoding="utf-8-sig")
        return TomlFile(path, text, tomllib.loads(text))
    except OSError as error:
        raise ConfigurationError(f"can't read {path}: {error.strerror or error}") from error
    except (ValueError, RecursionError) as error:
        raise ConfigurationError(f"{path} is not TOML: {error}") from error


def check_keys(content: Mapping[str, Any], known: Iterable[str], where: Where, *table: str) -> None:
    """Raise ConfigurationError if a table has an unknown key.

    content: the table. known: the allowed keys. where, table: the place of the table, for the error.
    """
    names = list(known)
    for key in content:
        if key not in names:
            guess = did_you_mean(key, names)
            raise ConfigurationError(
                f"{where(*table, key=key)}: unknown key {key!r}.{guess} The keys are: {listed(names)}"
            )
