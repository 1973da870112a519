"""The commands that answer questions about grades: `explain`, `way-up` and `compare`."""

from __future__ import annotations

from custgrade.cli.options.command import Command, Option
from custgrade.cli.options.reading import ANY_PERIOD, READING_FLAGS, SOURCE

MODEL: tuple[Option, ...] = (
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
        "write the explanations of all customers to this .csv or .parquet file, replaced in one step, or - for "
        "standard output",
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
        "write the ways up of all customers to this .csv or .parquet file, replaced in one step, or - for "
        "standard output",
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
        "write each customer's grades before and after, and the cause, to this .csv or .parquet file, or to - for "
        "standard output",
        False,
    ),
)

EXPLAIN = Command(
    "explain the grades of customers",
    "Show the parts of a customer's score, its distance to the next class, and the fields that are unknown. "
    "--id shows one customer; --out writes the explanations of all customers.",
    "custgrade explain --model model.json --orders orders.csv --id C-0001",
    {"input": _EXPLAIN[:1] + SOURCE, "model": MODEL + _EXPLAIN[1:4], "output": _EXPLAIN[4:]},
    flags=(*READING_FLAGS, ANY_PERIOD),
)
WAY_UP = Command(
    "find what would move customers up",
    "Find the smallest change in each field that moves a customer to the next class. --id shows one customer; "
    "--out writes the ways up of all customers; without either, a summary is shown.",
    "custgrade way-up --model model.json --orders orders.csv --out ways.csv",
    {"input": _WAY_UP[:1] + SOURCE, "model": MODEL + _WAY_UP[1:3], "output": _WAY_UP[3:]},
    flags=(*READING_FLAGS, ANY_PERIOD),
)
COMPARE = Command(
    "compare two models, or two dates",
    "Show which customers moved between grades, between two models, two dates or both, and whether the customer or "
    "the model caused each move.",
    "custgrade compare a.json b.json --customers customers.csv",
    {"input": SOURCE, "comparison": _COMPARE[:4], "output": _COMPARE[4:]},
    flags=(*READING_FLAGS, ANY_PERIOD),
    names=(("models", "+", "MODEL", "the earlier model, then the later one"),),
)
