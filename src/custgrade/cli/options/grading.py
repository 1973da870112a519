"""The command `grade`."""

from __future__ import annotations

from custgrade.cli.options.command import Command, Option
from custgrade.cli.options.reading import ANY_PERIOD, READING_FLAGS, SOURCE

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
    (
        "--out",
        "FILE",
        "write the graded customers to this .csv or .parquet file, replaced in one step, or - for standard output",
        False,
    ),
    ("--save-model", "FILE", "write the fitted model to this JSON file", False),
    ("--prefix", "TEXT", "put this text before the names of the grade columns", False),
)

GRADE = Command(
    "grade customers from files",
    "Grade customers from order lines and customer files, with a scorer or a saved model.",
    "custgrade grade --orders orders.csv --scorer abcde --param by=profit --out graded.csv",
    {"input": SOURCE, "grading": _HOW, "output": _WRITTEN},
    flags=(*READING_FLAGS, ANY_PERIOD),
)
