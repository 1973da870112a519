"""What the command line understands."""

from __future__ import annotations

import argparse
from collections.abc import Callable
from importlib import import_module
from typing import Any, NoReturn

from custgrade.errors import ConfigurationError, did_you_mean, listed

_COMMANDS = {name: f"custgrade.cli.{name}" for name in ("grade", "plugins", "scorers", "synth")}


class _Parser(argparse.ArgumentParser):
    """A parser whose errors are ours: short, and with what exists."""

    def error(self, message: str) -> NoReturn:
        prefix = "argument command: invalid choice: "
        if message.startswith(prefix):
            received = message.removeprefix(prefix).split("'")[1]
            message = (
                f"there is no command {received!r}.{did_you_mean(received, _COMMANDS)} There are: {listed(_COMMANDS)}"
            )
        elif message.startswith("unrecognized arguments: "):
            received = message.removeprefix("unrecognized arguments: ").split()[0]
            message = f"there is no option {received!r}.{did_you_mean(received, _OPTIONS)}".rstrip(".")
        raise ConfigurationError(f"{message.rstrip('.')}{'' if message.endswith('?') else '.'} See: {self.prog} --help")


class _Once(argparse.Action):
    """Stores the value of an option that may be given once."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if getattr(namespace, self.dest) is not None:
            raise ConfigurationError(f"{option_string} is given twice: {getattr(namespace, self.dest)} and {values}")
        setattr(namespace, self.dest, values)


_GRADE = (
    ("what to grade", "--orders", "FILE", "order lines, CSV or Parquet; customers come out ascending by id", False),
    ("what to grade", "--customers", "FILE", "one row per customer, CSV or Parquet; several are joined by id", True),
    ("what to grade", "--column", "FIELD=COLUMN", "the column that holds a field; FIELD= reads it from none", True),
    ("what to grade", "--delimiter", "CHARACTER", "of text files: one character, tab or space (runs of blanks)", False),
    ("what to grade", "--date-format", "FORMAT", "of dates in text, in strptime's letters: %%d/%%m/%%Y", False),
    ("what to grade", "--as-of", "DATE", "the day the data is seen from (default: the newest date in it)", False),
    ("what to grade", "--since", "DATE", "the first day of the period", False),
    ("what to grade", "--window", "DAYS", "the length of the period up to the as-of date: 365d", False),
    ("what to grade", "--assume-margin", "SHARE", "profit as this share of revenue, where none is known: 0.3", False),
    ("what to grade", "--currency", "CODE", "what money is in, a label: USD", False),
    ("what to grade", "--on-bad-rows", "stop|skip", "stop and show them (default), or leave out and count", False),
    ("how to grade", "--scorer", "NAME", "a plug-in's scheme, module:function of your own, or a scorecard.toml", False),
    ("how to grade", "--param", "NAME=VALUE", "a parameter of the scheme; the value is TOML, or a bare text", True),
    ("how to grade", "--model", "FILE", "grade with a saved model instead of fitting one", False),
    (
        "how to grade",
        "--config",
        "FILE",
        "a TOML file: [source], [columns], [scorer], [model], [output]; flags win",
        False,
    ),
    ("what to write", "--out", "FILE", "the graded customers, .csv or .parquet; replaced in one step", False),
    ("what to write", "--save-model", "FILE", "the fitted model, as JSON", False),
    ("what to write", "--prefix", "TEXT", "put before the names of the new columns", False),
)
_SYNTH = (
    ("--customers", "N", "how many customers: 500, 1e7"),
    ("--seed", "S", "a whole number that decides everything by chance (default: 0)"),
    ("--out", "FILE", "the file to write, .csv or .parquet; replaced in one step"),
)
_OPTIONS = (
    *(option for _, option, *_ in _GRADE),
    *(option for option, *_ in _SYNTH),
    "--survey",
    "--help",
    "--version",
)


def parser(version: str) -> argparse.ArgumentParser:
    """Return the parser of the whole command line."""
    top = _Parser(
        prog="custgrade",
        description="Grade customers: orders or customer files in, grades and their reasons out.",
        epilog="custgrade COMMAND --help shows a command's options.",
        allow_abbrev=False,
    )
    top.add_argument("--version", action="version", version=f"custgrade {version}")
    commands = top.add_subparsers(dest="command", metavar="command", required=True)
    grade = commands.add_parser(
        "grade",
        help="grade customers from files",
        description="Grade customers from order lines and customer files, with a scorer or a saved model.",
        epilog="example: custgrade grade --orders orders.csv --scorer abcde --param by=profit --out graded.csv",
        allow_abbrev=False,
    )
    groups: dict[str, argparse._ArgumentGroup] = {}
    for group, option, metavar, text, many in _GRADE:
        if group not in groups:
            groups[group] = grade.add_argument_group(group)
        groups[group].add_argument(option, metavar=metavar, help=text, action="append" if many else _Once)
    commands.add_parser(
        "plugins",
        help="list the plug-ins, what they provide, and their faults",
        description="List every installed plug-in with distribution, version, what it provides, and its fault if any.",
        allow_abbrev=False,
    )
    scorers = commands.add_parser(
        "scorers",
        help="list the scorers, or show one's parameters",
        description="List the scorers; with NAME show its parameters with types, defaults and units, and examples.",
        allow_abbrev=False,
    )
    scorers.add_argument("name", nargs="?", metavar="NAME", help="a scheme's name, or module:function")
    synth = commands.add_parser(
        "synth",
        help="write made-up customers or orders, of any size",
        description="Write a made-up business for trials: the same for a seed, on every machine. Without "
        "--orders or --survey a row per customer, with what the orders add up to on 2025-12-31.",
        epilog="example: custgrade synth --customers 1e6 --orders --seed 7 --out orders.parquet",
        allow_abbrev=False,
    )
    for option, metavar, text in _SYNTH:
        synth.add_argument(option, metavar=metavar, help=text, action=_Once)
    synth.add_argument("--orders", action="store_true", help="write the customers' order lines")
    synth.add_argument("--survey", action="store_true", help="write only what customers answer when they are asked")
    return top


def command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """Return the function that runs the chosen command."""
    function: Callable[[argparse.Namespace], int] = import_module(_COMMANDS[options.command]).run
    return function
