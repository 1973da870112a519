"""Reading TOML files, saying where in them something is, and refusing what they may not hold."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Mapping
from pathlib import Path
from typing import Any

from attrs import field, frozen

from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed

Where = Callable[..., str]
"""`where("criteria", "profit", key="weight")` says, for messages, where a table or one of its keys stands."""

_MOST_LINES = 1000


@frozen
class TomlFile:
    """The content of a TOML file, and where it stands there."""

    path: Path
    text: str = field(repr=False)
    content: Mapping[str, Any]

    def where(self, *table: str, key: str | None = None) -> str:
        """The file, the line where the table or its key begins, and the table's name: `card.toml, line 3: [criteria]`.

        The line is left out where the file doesn't hold it, or is longer than any that a person edits.
        """
        line = self._line(*table, *([] if key is None else [key]))
        place = str(self.path) if line is None else f"{self.path}, line {line}"
        return f"{place}: [{'.'.join(table)}]" if table else place

    def _line(self, *names: str) -> int | None:
        import tomllib

        lines = self.text.split("\n")
        if not names or len(lines) > _MOST_LINES:
            return None
        # what the parser finds in the first lines, and not before, begins after the last lines that it could read
        begins = 1
        for count in range(1, len(lines) + 1):
            try:
                content: Any = tomllib.loads("\n".join(lines[:count]))
            except (ValueError, RecursionError):
                continue
            for name in names:
                content = content.get(name) if isinstance(content, dict) else None
            if content is not None:
                return begins
            begins = count + 1
        return None


def read_toml(path: Path) -> TomlFile:
    """Return a TOML file.

    Raises ConfigurationError, with the line where there is one.
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
    """Raise ConfigurationError for a key of a table that isn't known."""
    names = list(known)
    for key in content:
        if key not in names:
            guess = did_you_mean(key, names)
            raise ConfigurationError(
                f"{where(*table, key=key)}: unknown key {key!r}.{guess} The keys are: {listed(names)}"
            )
