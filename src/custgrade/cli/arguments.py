"""What the command line understands."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, NoReturn

from attrs import field, frozen

from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed


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
            message = _unrecognized(received)
        raise ConfigurationError(f"{message.rstrip('.')}{'' if message.endswith('?') else '.'} See: {self.prog} --help")


def _unrecognized(received: str) -> str:
    if not received.startswith("-"):
        return f"{received!r} is one name too many, or stands between options: give names before the options"
    whose = [name for name, command in _COMMANDS.items() if received in command.options]
    if whose:
        return f"{received} is an option of custgrade {' and '.join(whose)}, not of this command"
    return f"there is no option {received!r}.{did_you_mean(received, _OPTIONS)}".rstrip(".")


class _Once(argparse.Action):
    """Stores the value of an option that may be given once."""

    def __call__(self, parser: Any, namespace: Any, values: Any, option_string: str | None = None) -> None:
        if getattr(namespace, self.dest) is not None:
            raise ConfigurationError(f"{option_string} is given twice: {getattr(namespace, self.dest)} and {values}")
        setattr(namespace, self.dest, values)


Option = tuple[str, str, str, bool]
"""An option: its name, what it takes, its help, and whether it may be given several times."""

_SOURCE: tuple[Option, ...] = (
    ("--orders", "FILE", "order lines, CSV or Parquet; customers come out ascending by id", False),
    ("--customers", "FILE", "one row per customer, CSV or Parquet; several are joined by id", True),
    ("--column", "FIELD=COLUMN", "the column that holds a field; FIELD= reads it from none", True),
    (
        "--name-column",
        "COLUMN",
        "the column of customers' names (default: customer_name or name)",
        False,
    ),
    ("--delimiter", "CHARACTER", "of text files: one character, tab or space (runs of blanks)", False),
    ("--date-format", "FORMAT", "of dates in text, in strptime's letters: %%d/%%m/%%Y", False),
    ("--as-of", "DATE", "the day the data is seen from (default: the newest date in it)", False),
    ("--since", "DATE", "the first day of the period", False),
    ("--window", "DAYS", "the length of the period up to the as-of date: 365d", False),
    ("--assume-margin", "SHARE", "profit as this share of revenue, where none is known: 0.3", False),
    ("--currency", "CODE", "what money is in, a label: USD", False),
    ("--on-bad-rows", "stop|skip", "stop and show them (default), or leave out and count", False),
    ("--bad-rows", "FILE", "write all rows left out or refused to a CSV file, with line and reason", False),
)
_HOW: tuple[Option, ...] = (
    ("--scorer", "NAME", "a plug-in's scheme, module:function of your own, or a scorecard.toml", False),
    ("--param", "NAME=VALUE", "a parameter of the scheme; the value is TOML, or a bare text", True),
    ("--model", "FILE", "grade with a saved model instead of fitting one", False),
    ("--overrides", "FILE", "manual grades, a CSV file: customer_id, grade, reason, author, date, expires", False),
    ("--on", "DATE", "the day on which overrides are to hold (default: the as-of date)", False),
    ("--config", "FILE", "a TOML file: [source], [columns], [scorer], [model], [output]; flags win", False),
)
_WRITTEN: tuple[Option, ...] = (
    ("--out", "FILE", "the graded customers, .csv or .parquet; replaced in one step", False),
    ("--save-model", "FILE", "the fitted model, as JSON", False),
    ("--prefix", "TEXT", "put before the names of the new columns", False),
)
_MODEL: tuple[Option, ...] = (
    ("--model", "FILE", "the saved model to ask (custgrade grade --save-model writes one)", False),
    ("--scorer", "NAME", "the scorer of a model whose scheme isn't a plug-in: module:function, or a .toml", False),
    ("--config", "FILE", "a TOML file, of which [source], [columns] and [model] are read; flags win", False),
)
_EXPLAIN: tuple[Option, ...] = (
    ("--id", "ID", "the customer to explain", False),
    ("--reference", "FIELD=VALUE", "what effects and reasons are counted from (default: the median)", True),
    ("--overrides", "FILE", "manual grades to show beside the computed ones, a CSV file as for grade", False),
    ("--on", "DATE", "the day on which overrides are to hold (default: the as-of date)", False),
    ("--out", "FILE", "the explanations of all customers, .csv or .parquet; replaced in one step", False),
)
_WAY_UP: tuple[Option, ...] = (
    ("--id", "ID", "the customer whose ways up are told", False),
    ("--on", "DATE", "the day for which they are quoted (default: the as-of date)", False),
    ("--valid", "DAYS", "for how long they hold: 90d (default)", False),
    ("--out", "FILE", "the ways up of all customers, .csv or .parquet; replaced in one step", False),
)
_COMPARE: tuple[Option, ...] = (
    ("--scorer", "NAME", "of models that aren't a plug-in's: module:function, or a .toml; one for all or each", True),
    ("--config", "FILE", "a TOML file, of which [source] and [columns] are read; flags win", False),
    ("--before", "FILE", "the customers as they were: stands for the first file, and is read like it", False),
    ("--before-as-of", "DATE", "the day they were seen from: the same order lines up to another date", False),
    ("--out", "FILE", "each customer's grades before and after, and why, .csv or .parquet", False),
)
_SYNTH: tuple[Option, ...] = (
    ("--customers", "N", "how many customers: 500, 1e7", False),
    ("--seed", "S", "a whole number that decides everything by chance (default: 0)", False),
    ("--out", "FILE", "the file to write, .csv or .parquet; replaced in one step", False),
)


@frozen
class _Command:
    """A command: what it is for, in a line and in full, an example, and its options by group."""

    help: str
    description: str
    example: str = ""
    groups: Mapping[str, tuple[Option, ...]] = field(factory=dict)

    @property
    def options(self) -> list[str]:
        """The names of its options."""
        return [option for group in self.groups.values() for option, *_ in group]


_COMMANDS: Mapping[str, _Command] = {
    "grade": _Command(
        "grade customers from files",
        "Grade customers from order lines and customer files, with a scorer or a saved model.",
        "custgrade grade --orders orders.csv --scorer abcde --param by=profit --out graded.csv",
        {"what to grade": _SOURCE, "how to grade": _HOW, "what to write": _WRITTEN},
    ),
    "explain": _Command(
        "say why customers have their grades",
        "Say what a customer's score is made of, how far it is from the next class, and what is not known; "
        "for one customer by --id, for all with --out.",
        "custgrade explain --model model.json --orders orders.csv --id C-0001",
        {"whom to explain": _EXPLAIN[:1] + _SOURCE, "by what": _MODEL + _EXPLAIN[1:4], "what to write": _EXPLAIN[4:]},
    ),
    "way-up": _Command(
        "say what would move customers up",
        "Find the smallest change in each field that reaches the next class; told for one customer by --id, written "
        "for all with --out.",
        "custgrade way-up --model model.json --orders orders.csv --out ways.csv",
        {
            "whom to move": _WAY_UP[:1] + _SOURCE,
            "by what": _MODEL + _WAY_UP[1:3],
            "what to write": _WAY_UP[3:],
        },
    ),
    "compare": _Command(
        "compare two models, or two dates",
        "Show who moved between grades: by two models, at two dates, or both, and whether the customer changed or the "
        "model did.",
        "custgrade compare a.json b.json --customers customers.csv",
        {"whom to grade": _SOURCE, "against what": _COMPARE[:4], "what to write": _COMPARE[4:]},
    ),
    "plugins": _Command(
        "list the plug-ins, what they provide, and their faults",
        "List every installed plug-in with distribution, version, what it provides, and its fault if any.",
    ),
    "scorers": _Command(
        "list the scorers, or show one's parameters",
        "List the scorers; with NAME show its parameters with types, defaults and units, and examples.",
    ),
    "synth": _Command(
        "write made-up customers or orders, of any size",
        "Write a made-up business for trials: the same for a seed, on every machine. Without --orders or --survey a "
        "row per customer, with what the orders add up to on 2025-12-31.",
        "custgrade synth --customers 1e6 --orders --seed 7 --out orders.parquet",
    ),
}
_OPTIONS = tuple(
    dict.fromkeys(
        [option for command in _COMMANDS.values() for option in command.options]
        + [option for option, *_ in _SYNTH]
        + ["--any-period", "--survey", "--help", "--version"]
    )
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
    made = {}
    for name, command in _COMMANDS.items():
        example = f"example: {command.example}" if command.example else None
        made[name] = commands.add_parser(
            name, help=command.help, description=command.description, epilog=example, allow_abbrev=False
        )
        for title, options in command.groups.items():
            _add(made[name].add_argument_group(title), options)
    for name in ("grade", "explain", "way-up", "compare"):
        made[name].add_argument(
            "--any-period", action="store_true", help="the period may be longer or shorter than the model's"
        )
    made["scorers"].add_argument("name", nargs="?", metavar="NAME", help="a scheme's name, or module:function")
    made["compare"].add_argument("models", nargs="+", metavar="MODEL", help="the model before, and the one after")
    _add(made["synth"], _SYNTH)
    made["synth"].add_argument("--orders", action="store_true", help="write the customers' order lines")
    made["synth"].add_argument("--survey", action="store_true", help="write only what customers answer when asked")
    return top


def _add(parser: argparse._ActionsContainer, options: Iterable[Option]) -> None:
    for option, metavar, text, many in options:
        parser.add_argument(option, metavar=metavar, help=text, action="append" if many else _Once)


def command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """Return the function that runs the chosen command."""
    module = import_module(f"custgrade.cli.{options.command.replace('-', '_')}")
    function: Callable[[argparse.Namespace], int] = module.run
    return function
