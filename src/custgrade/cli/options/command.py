"""What a command is made of: its help, its names, its options and its flags."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import field, frozen

Option = tuple[str, str, str, bool]
"""An option: its name, the name of its value, its help text, and whether it may be given several times."""

Flag = tuple[str, str]
"""An option without a value: its name and its help text."""

Name = tuple[str, str, str, str]
"""A value without an option: where it is kept, how often it is given (`?`, `+`, `*`, empty for once), its name, and its
help text."""


@frozen
class Command:
    """A command: its help in one line and in full, an example, its options by group, its flags and its names.

    commands: its own commands by name, if it has some.
    """

    help: str
    description: str
    example: str = ""
    groups: Mapping[str, tuple[Option, ...]] = field(factory=dict)
    flags: tuple[Flag, ...] = ()
    names: tuple[Name, ...] = ()
    commands: Mapping[str, Command] = field(factory=dict)

    @property
    def options(self) -> list[str]:
        """The names of its options and flags, and of those of its own commands."""
        own = [option for group in self.groups.values() for option, *_ in group] + [flag for flag, _ in self.flags]
        return [*own, *(option for one in self.commands.values() for option in one.options)]
