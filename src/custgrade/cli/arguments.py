"""The parser of the command line: its commands, and messages for wrong arguments."""

from __future__ import annotations

import argparse
import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from importlib import import_module
from pathlib import Path
from typing import Any, NoReturn

from custgrade.cli.options.answers import COMPARE, EXPLAIN, WAY_UP
from custgrade.cli.options.command import Command, Option
from custgrade.cli.options.events import EVENTS
from custgrade.cli.options.findings import FINDINGS
from custgrade.cli.options.grading import GRADE
from custgrade.cli.options.init import INIT
from custgrade.cli.options.planning import PLAN
from custgrade.cli.options.schemes import PLUGINS, POLICIES, SCORERS
from custgrade.cli.options.synthesis import SYNTH
from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed

_CODE = re.compile("-[^a-zA-Z-]")
"""The beginning of a word after --missing that argparse would take for an option."""
COMMANDS: Mapping[str, Command] = {
    "init": INIT,
    "grade": GRADE,
    "explain": EXPLAIN,
    "way-up": WAY_UP,
    "compare": COMPARE,
    "findings": FINDINGS,
    "plan": PLAN,
    "events": EVENTS,
    "plugins": PLUGINS,
    "scorers": SCORERS,
    "policies": POLICIES,
    "synth": SYNTH,
}
"""The commands by name; the module `custgrade.cli.<name>` runs each of them."""

_OPTIONS = tuple(
    dict.fromkeys([*(option for one in COMMANDS.values() for option in one.options), "--help", "--version"])
)


class _Parser(argparse.ArgumentParser):
    """A parser that raises ConfigurationError and lists the commands that exist."""

    def error(self, message: str) -> NoReturn:
        known = {"command": COMMANDS, **{f"{name} command": one.commands for name, one in COMMANDS.items()}}
        for what, commands in known.items():
            prefix = f"argument {what}: invalid choice: "
            if message.startswith(prefix):
                received = message.removeprefix(prefix).split("'")[1]
                guess = did_you_mean(received, commands)
                message = f"there is no {what} {received!r}.{guess} There are: {listed(commands)}"
                break
        else:
            message = self._other(message)
        raise ConfigurationError(f"{message.rstrip('.')}{'' if message.endswith('?') else '.'} See: {self.prog} --help")

    def _other(self, message: str) -> str:
        if message.startswith("unrecognized arguments: "):
            return _unrecognized(message.removeprefix("unrecognized arguments: ").split()[0])
        return message


def _unrecognized(received: str) -> str:
    if not received.startswith("-"):
        if Path(received).is_file():
            return (
                f"the file {received!r} isn't expected here: to read several files, give an option for each, as in "
                "--orders a.csv --orders b.csv, or a pattern in quotes, as in --orders '*.csv'"
            )
        return f"the name {received!r} isn't expected here: give names before all options, and not more than needed"
    whose = [name for name, command in COMMANDS.items() if received in command.options]
    if whose:
        return f"this command has no option {received}: it is an option of custgrade {' and '.join(whose)}"
    return f"there is no option {received!r}.{did_you_mean(received, _OPTIONS)}".rstrip(".")


class _Once(argparse.Action):
    """The action that stores the value of an option that may be given only once."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if getattr(namespace, self.dest) is not None:
            # the URL of a log may have a password
            which = "" if option_string == "--log" else f": {getattr(namespace, self.dest)} and {values}"
            raise ConfigurationError(f"{option_string} is given twice{which}; give it once")
        setattr(namespace, self.dest, values)


def parser(version: str) -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="custgrade",
        description="Grade customers from order lines or customer files, and explain the grades.",
        epilog="custgrade COMMAND --help shows the options of a command.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"custgrade {version}")
    commands = top.add_subparsers(dest="command", metavar="command", required=True)
    _add_commands(commands, COMMANDS)
    return top


def with_codes(given: Sequence[str]) -> list[str]:
    """Return the arguments with each --missing joined to its words where these begin with a minus: --missing=-9999."""
    found: list[str] = []
    for argument in given:
        if found and found[-1] == "--missing" and _CODE.match(argument):
            found[-1] += f"={argument}"
        else:
            found.append(argument)
    return found


def _add_commands(parsers: Any, commands: Mapping[str, Command]) -> None:
    for name, one in commands.items():
        example = f"example: {one.example}" if one.example else None
        made = parsers.add_parser(name, help=one.help, description=one.description, epilog=example, allow_abbrev=False)
        for title, options in one.groups.items():
            _add(made.add_argument_group(title), options)
        for flag, text in one.flags:
            made.add_argument(flag, action="store_true", help=text)
        for place, count, metavar, text in one.names:
            made.add_argument(place, nargs=count or None, metavar=metavar, help=text)
        if one.commands:
            further = made.add_subparsers(dest=f"{name}_command", metavar=f"{name} command", required=True)
            _add_commands(further, one.commands)


def _add(parser: argparse._ActionsContainer, options: Iterable[Option]) -> None:
    for option, metavar, text, many in options:
        parser.add_argument(option, metavar=metavar, help=text, action="append" if many else _Once)


def command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """Return the function that runs the chosen command."""
    module = import_module(f"custgrade.cli.{options.command.replace('-', '_')}")
    function: Callable[[argparse.Namespace], int] = module.run
    return function
