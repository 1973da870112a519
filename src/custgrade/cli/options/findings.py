"""The options of `custgrade findings`."""

from __future__ import annotations

from custgrade.cli.options.answers import MODEL
from custgrade.cli.options.command import Command, Option
from custgrade.cli.options.reading import ANY_PERIOD, READING_FLAGS, SOURCE

_FINDING: tuple[Option, ...] = (
    ("--set", "NAME=VALUE", "set an argument of the finding, such as by=revenue; VALUE is TOML", True),
    (
        "--policy",
        "NAME",
        "make a plan by this policy, for findings that need one: a plug-in's, module:function, or a policy file .toml",
        False,
    ),
    ("--param", "NAME=VALUE", "set a parameter of the policy; VALUE is TOML, or text without quotes", True),
    ("--grade", "GRADE=GRADE", "give customers of a grade that the policy lacks the treatment of another", True),
    ("--on", "DATE", "the day of the plan (default: the as-of date; with --log it must be given)", False),
    (
        "--log",
        "FILE",
        "the log of what was done, an SQLite file or the URL of a database, for findings that need one",
        False,
    ),
    ("--before", "FILE", "for slipped: the earlier customers, read in place of the first file", False),
    ("--before-as-of", "DATE", "for slipped: the earlier customers, from the same order lines up to this date", False),
)
FINDINGS = Command(
    "answer questions about all customers",
    "Answer a question about all customers with a small table and sentences. Without NAME, list the questions.",
    "custgrade findings pareto --model model.json --orders orders.csv",
    {"input": SOURCE, "model": MODEL, "finding": _FINDING},
    flags=(*READING_FLAGS, ANY_PERIOD),
    names=(("name", "?", "NAME", "a finding; without it, all are listed"),),
)
