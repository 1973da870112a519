"""The command `plan`."""

from __future__ import annotations

from custgrade.cli.options.answers import MODEL
from custgrade.cli.options.command import Command, Option
from custgrade.cli.options.events import LOG
from custgrade.cli.options.reading import ANY_PERIOD, READING_FLAGS, SOURCE

_CONFIG: Option = (
    "--config",
    "FILE",
    "read the tables [source], [columns], [model], [policy] and [plan] of a TOML file; options given here take "
    "precedence",
    False,
)
# --sheet is the sheet of a customer here; the sheet of a workbook is chosen in the configuration file
_SOURCE = tuple(option for option in SOURCE if option[0] != "--sheet")
_HOW: tuple[Option, ...] = (
    (
        "--policy",
        "NAME",
        "the policy: a plug-in's name (custgrade policies lists them), module:function, or a policy file .toml",
        False,
    ),
    ("--param", "NAME=VALUE", "set a parameter of the policy; VALUE is TOML, or text without quotes", True),
    ("--grade", "GRADE=GRADE", "treat a grade that the policy lacks as one that it has, for example E=D", True),
    ("--on", "DATE", "the day of the plan, YYYY-MM-DD; manual grades and waivers must be valid on it", False),
    (
        "--start",
        "DATE",
        "the first day of the programme, which due days are counted from (default: by the log, or --on)",
        False,
    ),
    (LOG[0], LOG[1], f"plan from what was done: {LOG[2].removeprefix('the log: ')}", False),
    ("--horizon", "DAYS", "how far ahead actions are listed (default: 92d)", False),
    ("--overrides", "FILE", "a CSV file of manual grades; columns as for custgrade grade", False),
    (
        "--waivers",
        "FILE",
        "a CSV file of breaches that you allow; columns: rule, grade, customer_id, reason, author, date, expires",
        False,
    ),
    ("--hours", "KIND=HOURS", "the hours a quarter that there are: sales=400 or service=400", True),
    ("--groups", "FILE", "a CSV file with the columns customer_id and group, to compare how groups are treated", False),
)
_ADDED: tuple[Option, ...] = (
    ("--out", "FILE", "write a row per customer to this .csv or .parquet file, or - for standard output", False),
    ("--actions", "FILE", "write a row per action to this .csv or .parquet file; it is replaced in one step", False),
    ("--sheet", "ID", "print what to say in a conversation with this customer", True),
)

PLAN = Command(
    "turn grades into a plan, by a policy",
    "Grade customers with a saved model, and make the plan of a policy for them: service, rewards, offers and actions, "
    "with hours and money. The guard checks the plan; a plan that breaches its rules isn't made. Customers are held in "
    "memory.",
    "custgrade plan --model model.json --orders orders.csv --policy golden-list --on 2026-01-31 --out plan.csv",
    {"input": _SOURCE, "model": (*MODEL[:2], _CONFIG), "plan": _HOW, "output": _ADDED},
    flags=(
        *READING_FLAGS,
        ANY_PERIOD,
        ("--enter", "record the plan in the log: the treatments that customers enter, and that it was made"),
        ("--ways", "add the ways up of each customer to --out"),
        ("--findings", "print the findings that the policy names, too"),
    ),
)
