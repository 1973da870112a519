"""The options that say which files are read, and how."""

from __future__ import annotations

from custgrade.cli.options.command import Flag, Option

SOURCE: tuple[Option, ...] = (
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

ANY_PERIOD: Flag = ("--any-period", "accept a period that is longer or shorter than the model's")
