"""The parser of the command line: commands, options and their help texts."""

from __future__ import annotations

import argparse
from collections.abc import Callable, Iterable, Mapping
from importlib import import_module
from typing import Any, NoReturn

from attrs import field, frozen

from custgrade.cli.plan_arguments import ABOUT, ADDED, HOW, add_flags
from custgrade.errors import ConfigurationError
from custgrade.text import did_you_mean, listed


class _Parser(argparse.ArgumentParser):
    """A parser that raises ConfigurationError and lists the commands that exist."""

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
        return f"the name {received!r} isn't expected here: give names before all options, and not more than needed"
    whose = [name for name, command in _COMMANDS.items() if received in command.options]
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


Option = tuple[str, str, str, bool]
"""An option: its name, the name of its value, its help text, and whether it may be given several times."""

_SOURCE: tuple[Option, ...] = (
    (
        "--orders",
        "FILE",
        "a CSV or Parquet file of order lines; the output has its customers in ascending id order",
        False,
    ),
    ("--customers", "FILE", "a CSV or Parquet file with one row per customer; several files are joined by id", True),
    ("--column", "FIELD=COLUMN", "read a field from this column; with FIELD= the field is not read", True),
    ("--name-column", "COLUMN", "the column of the customers' names (default: customer_name or name)", False),
    (
        "--delimiter",
        "CHARACTER",
        "the character between columns of a text file; tab and space are names, and space means any run of blanks "
        "(default: found in the header line)",
        False,
    ),
    ("--date-format", "FORMAT", "how dates in text are written, in strptime codes, for example %%d/%%m/%%Y", False),
    ("--as-of", "DATE", "the last day of the data to use, YYYY-MM-DD (default: the newest date in it)", False),
    ("--since", "DATE", "the first day of the period, YYYY-MM-DD (default: the oldest date in the data)", False),
    ("--window", "DAYS", "the length of the period that ends on the as-of date, for example 365d", False),
    ("--assume-margin", "SHARE", "assume that profit is this share of revenue, for example 0.3", False),
    ("--currency", "CODE", "the currency of all amounts, for example USD; it is a label", False),
    (
        "--on-bad-rows",
        "stop|skip",
        "for rows that can't be used: stop and show them (default), or skip and count them",
        False,
    ),
    ("--bad-rows", "FILE", "write all rows that were left out or refused to a CSV file, with line and reason", False),
)
_HOW: tuple[Option, ...] = (
    (
        "--scorer",
        "NAME",
        "the scorer: a plug-in's name (custgrade scorers lists them), module:function, or a scorecard file .toml",
        False,
    ),
    ("--param", "NAME=VALUE", "set a parameter of the scorer; VALUE is TOML, or text without quotes", True),
    ("--model", "FILE", "grade with this saved model instead of fitting a new one", False),
    (
        "--overrides",
        "FILE",
        "a CSV file of manual grades with the columns customer_id, grade, reason, author, date, expires",
        False,
    ),
    ("--on", "DATE", "use the manual grades that are valid on this day (default: the as-of date)", False),
    (
        "--config",
        "FILE",
        "read settings from a TOML file with the tables [source], [columns], [scorer], [model], [output]; options "
        "given here take precedence",
        False,
    ),
)
_WRITTEN: tuple[Option, ...] = (
    ("--out", "FILE", "write the graded customers to this .csv or .parquet file; it is replaced in one step", False),
    ("--save-model", "FILE", "write the fitted model to this JSON file", False),
    ("--prefix", "TEXT", "put this text before the names of the grade columns", False),
)
_MODEL: tuple[Option, ...] = (
    ("--model", "FILE", "the saved model to use (custgrade grade --save-model writes one)", False),
    (
        "--scorer",
        "NAME",
        "the model's scorer, where it isn't a plug-in's: module:function, or a scorecard file .toml",
        False,
    ),
    (
        "--config",
        "FILE",
        "read the tables [source], [columns] and [model] of a TOML file; options given here take precedence",
        False,
    ),
)
_EXPLAIN: tuple[Option, ...] = (
    ("--id", "ID", "the customer to explain", False),
    (
        "--reference",
        "FIELD=VALUE",
        "compare customers with this value of the field (default: the median of all customers)",
        True,
    ),
    (
        "--overrides",
        "FILE",
        "a CSV file of manual grades, shown beside the computed ones; columns as for custgrade grade",
        False,
    ),
    ("--on", "DATE", "show the manual grades that are valid on this day (default: the as-of date)", False),
    (
        "--out",
        "FILE",
        "write the explanations of all customers to this .csv or .parquet file; it is replaced in one step",
        False,
    ),
)
_WAY_UP: tuple[Option, ...] = (
    ("--id", "ID", "show the ways up of this customer", False),
    ("--on", "DATE", "the first day on which the ways up are valid (default: the as-of date)", False),
    ("--valid", "DAYS", "the number of days for which the ways up are valid (default: 90d)", False),
    (
        "--out",
        "FILE",
        "write the ways up of all customers to this .csv or .parquet file; it is replaced in one step",
        False,
    ),
)
_COMPARE: tuple[Option, ...] = (
    (
        "--scorer",
        "NAME",
        "the scorer of models whose scorer isn't a plug-in's: module:function, or a scorecard file .toml; give one "
        "for all such models, or one for each",
        True,
    ),
    (
        "--config",
        "FILE",
        "read the tables [source] and [columns] of a TOML file; options given here take precedence",
        False,
    ),
    ("--before", "FILE", "the earlier customers, read in place of the first file and in the same way", False),
    ("--before-as-of", "DATE", "take the earlier customers from the same order lines up to this date", False),
    (
        "--out",
        "FILE",
        "write each customer's grades before and after, and the cause, to this .csv or .parquet file",
        False,
    ),
)
_SYNTH: tuple[Option, ...] = (
    ("--customers", "N", "the number of customers, for example 500 or 1e7", False),
    ("--seed", "S", "the random seed, a whole number; the same seed gives the same data (default: 0)", False),
    ("--out", "FILE", "the .csv or .parquet file to write; it is replaced in one step", False),
)


@frozen
class _Command:
    """A command: its help in one line and in full, an example, and its options by group."""

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
        {"input": _SOURCE, "grading": _HOW, "output": _WRITTEN},
    ),
    "explain": _Command(
        "explain the grades of customers",
        "Show the parts of a customer's score, its distance to the next class, and the fields that are unknown. "
        "--id shows one customer; --out writes the explanations of all customers.",
        "custgrade explain --model model.json --orders orders.csv --id C-0001",
        {"input": _EXPLAIN[:1] + _SOURCE, "model": _MODEL + _EXPLAIN[1:4], "output": _EXPLAIN[4:]},
    ),
    "way-up": _Command(
        "find what would move customers up",
        "Find the smallest change in each field that moves a customer to the next class. --id shows one customer; "
        "--out writes the ways up of all customers; without either, a summary is shown.",
        "custgrade way-up --model model.json --orders orders.csv --out ways.csv",
        {"input": _WAY_UP[:1] + _SOURCE, "model": _MODEL + _WAY_UP[1:3], "output": _WAY_UP[3:]},
    ),
    "compare": _Command(
        "compare two models, or two dates",
        "Show which customers moved between grades, between two models, two dates or both, and whether the customer or "
        "the model caused each move.",
        "custgrade compare a.json b.json --customers customers.csv",
        {"input": _SOURCE, "comparison": _COMPARE[:4], "output": _COMPARE[4:]},
    ),
    "plan": _Command(*ABOUT, {"input": _SOURCE, "model": _MODEL, "plan": HOW, "output": ADDED}),
    "plugins": _Command(
        "list the installed plug-ins",
        "List the installed plug-ins with their distributions, versions, what they provide, and their faults.",
    ),
    "scorers": _Command(
        "list the scorers, or show the parameters of one",
        "List the scorers. With NAME, show the parameters of that scorer with types, defaults, units and examples.",
    ),
    "synth": _Command(
        "write made-up customers or orders, of any number",
        "Write the data of a made-up business for trials. The same seed gives the same data on every machine. By "
        "default the file has one row per customer, with totals of the orders on 2025-12-31.",
        "custgrade synth --customers 1e6 --orders --seed 7 --out orders.parquet",
    ),
}
_OPTIONS = tuple(
    dict.fromkeys(
        [option for command in _COMMANDS.values() for option in command.options]
        + [option for option, *_ in _SYNTH]
        + ["--any-period", "--survey", "--ways", "--help", "--version"]
    )
)


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
    made = {}
    for name, command in _COMMANDS.items():
        example = f"example: {command.example}" if command.example else None
        made[name] = commands.add_parser(
            name, help=command.help, description=command.description, epilog=example, allow_abbrev=False
        )
        for title, options in command.groups.items():
            _add(made[name].add_argument_group(title), options)
    add_flags(made["plan"])
    for name in ("grade", "explain", "way-up", "compare", "plan"):
        made[name].add_argument("--any-period", action="store_true", help="accept a period of another length")
    made["scorers"].add_argument("name", nargs="?", metavar="NAME", help="a plug-in's scorer, or module:function")
    made["compare"].add_argument("models", nargs="+", metavar="MODEL", help="the earlier model, then the later one")
    _add(made["synth"], _SYNTH)
    made["synth"].add_argument("--orders", action="store_true", help="write the order lines of the customers")
    made["synth"].add_argument("--survey", action="store_true", help="write the survey answers of the customers")
    return top


def _add(parser: argparse._ActionsContainer, options: Iterable[Option]) -> None:
    for option, metavar, text, many in options:
        parser.add_argument(option, metavar=metavar, help=text, action="append" if many else _Once)


def command(options: argparse.Namespace) -> Callable[[argparse.Namespace], int]:
    """Return the function that runs the chosen command."""
    module = import_module(f"custgrade.cli.{options.command.replace('-', '_')}")
    return module.run  # type: ignore[no-any-return]
