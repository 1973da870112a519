"""The parser of the command line: its commands, and messages for wrong arguments."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, NoReturn

from custgrade.cli.options.answers import COMPARE, EXPLAIN, WAY_UP
from custgrade.cli.options.command import Command, Option
from custgrade.cli.options.findings import FINDINGS
from custgrade.cli.options.grading import GRADE
from custgrade.cli.options.planning import PLAN
from custgrade.cli.options.schemes import PLUGINS, POLICIES, SCORERS
from custgrade.cli.options.synthesis import SYNTH
from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed

COMMANDS: Mapping[str, Command] = {
    "grade": GRADE,
    "explain": EXPLAIN,
    "way-up": WAY_UP,
    "compare": COMPARE,
    "findings": FINDINGS,
    "plan": PLAN,
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
        prefix = "argument command: invalid choice: "
        if message.startswith(prefix):
            received = message.removeprefix(prefix).split("'")[1]
            message = (
                f"there is no command {received!r}.{did_you_mean(received, COMMANDS)} There are: {listed(COMMANDS)}"
            )
        elif message.startswith("unrecognized arguments: "):
            received = message.removeprefix("unrecognized arguments: ").split()[0]
            message = _unrecognized(received)
        raise ConfigurationError(f"{message.rstrip('.')}{'' if message.endswith('?') else '.'} See: {self.prog} --help")


def _unrecognized(received: str) -> str:
    if not received.startswith("-"):
        return f"the name {received!r} isn't expected here: give names before all options, and not more than needed"
    whose = [name for name, command in COMMANDS.items() if received in command.options]
    if whose:
        return f"this command has no option {received}: it is an option of custgrade {' and '.join(whose)}"
    return f"there is no option {received!r}.{did_you_mean(received, _OPTIONS)}".rstrip(".")


class _Once(argparse.Action):
    """The action that stores the value of an option that may be given only once."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if getattr(namespace, self.dest) is not None:
            raise ConfigurationError(
                f"{option_string} is given twice: {getattr(namespace, self.dest)} and {values}; give it once"
            )
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
    for name, one in COMMANDS.items():
        example = f"example: {one.example}" if one.example else None
        made = commands.add_parser(name, help=one.help, description=one.description, epilog=example, allow_abbrev=False)
        for title, options in one.groups.items():
            _add(made.add_argument_group(title), options)
        for flag, text in one.flags:
            made.add_argument(flag, action="store_true", help=text)
        for place, count, metavar, text in one.names:
            made.add_argument(place, nargs=count, metavar=metavar, help=text)
    return top


def _add(parser: argparse._ActionsContainer, options: Iterable[Option]) -> None:
    for option, metavar, text, many in options:
        parser.add_argument(option, metavar=metavar, help=text, action="append" if many else _Once)


def command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """Return the function that runs the chosen command."""
    module = import_module(f"custgrade.cli.{options.command.replace('-', '_')}")
    function: Callable[[argparse.Namespace], int] = module.run
    return function
