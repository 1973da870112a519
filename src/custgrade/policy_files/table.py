"""One table of a policy file, with its place for errors."""

from __future__ import annotations

from collections.abc import Iterable, Mapping
from typing import Any

from attrs import frozen

from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed, shown
from custgrade.toml_files import TomlFile, toml_key


@frozen
class Table:
    """One table of a TOML file: the file, the names on the way to the table, and its content."""

    file: TomlFile
    path: tuple[str, ...]
    content: Mapping[str, Any]

    def where(self, *names: str, key: str | None = None) -> str:
        """Return the place of this table, of a table in it, or of a key: `shop.toml, line 3: [treatment.A]`."""
        if not self.path and not names and key is None:
            # keys that belong to no table are written before the first one
            return f"{self.file.path}, line 1"
        return self.file.where(*self.path, *names, key=key)

    def error(self, what: str, key: str | None = None) -> ConfigurationError:
        """Return an error with the place of this table, or of one of its keys."""
        return ConfigurationError(f"{self.where(key=key)}: {what}")

    def __contains__(self, key: str) -> bool:
        return key in self.content

    def sub(self, key: str) -> Table:
        """Return the table with a key.

        Raises ConfigurationError if the value isn't a table.
        """
        value = self.content[key]
        if not isinstance(value, Mapping):
            name = ".".join(map(toml_key, (*self.path, key)))
            raise self.error(f"{key} must be a table, [{name}]; received {shown(value)}", key)
        return Table(self.file, (*self.path, key), value)

    def named(self, key: str) -> dict[str, Table]:
        """Return the tables below a key by name: `[treatment.A.reward.gift]` is the table `gift` below `reward`.

        Raises ConfigurationError if there is anything but tables.
        """
        value, name = self.content.get(key, {}), ".".join(map(toml_key, (*self.path, key)))
        if not isinstance(value, Mapping):
            raise self.error(f"give each {key} a table with its own name, [{name}.NAME]; received {shown(value)}", key)
        above = Table(self.file, (*self.path, key), value)
        for one, content in value.items():
            if not isinstance(content, Mapping):
                raise above.error(
                    f"{one} must be a table, because each {key} has a table with its own name: [{name}.NAME]; "
                    f"received {shown(content)}",
                    one,
                )
        return {one: above.sub(one) for one in value}

    def check_one_of(self, key: str, names: Iterable[str], known: Iterable[str], what: str) -> None:
        """Raise ConfigurationError if a key has a name that isn't known; what: what the known names are, a plural."""
        there = list(known)
        for name in names:
            if name not in there:
                raise self.error(
                    f"{key} has {name!r}, which isn't among the {what}: {listed(there)}.{did_you_mean(name, there)}",
                    key,
                )
