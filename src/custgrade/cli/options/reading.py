"""The options that say which files are read, and how."""

from __future__ import annotations

from custgrade.cli.options.command import Flag, Option

SOURCE: tuple[Option, ...] = (
    (
        "--orders",
        "FILE",
        "a file of order lines (CSV, Parquet, Excel or ODS, also compressed), a folder, a pattern such as "
        "'sales-*.csv', or - for standard input; several are read as one; the output has their customers in ascending "
        "id order",
        True,
    ),
    (
        "--customers",
        "FILE",
        "a file of these kinds with one row per customer; several files are joined by id",
        True,
    ),
    ("--column", "FIELD=COLUMN", "read a field from this column; with FIELD= the field is not read", True),
    ("--name-column", "COLUMN", "the column of the customers' names (default: customer_name or name)", False),
    (
        "--delimiter",
        "CHARACTER",
        "the character between columns of a text file; tab and space are names, and space means any run of blanks "
        "(default: recognised)",
        False,
    ),
    ("--encoding", "NAME", "the encoding of text files, for example cp1252 (default: recognised, else UTF-8)", False),
    ("--sheet", "NAME", "the sheet of a workbook (default: its only sheet with rows)", False),
    ("--decimal", "SIGN", "the decimal sign of numbers in text, point or comma (default: recognised)", False),
    (
        "--thousands",
        "SIGN",
        "the separator of thousands: point, comma, space or apostrophe (default: recognised)",
        False,
    ),
    (
        "--date-format",
        "FORMAT",
        "how dates in text are written, in strptime codes, for example %%d/%%m/%%Y; excel for a spreadsheet's day "
        "numbers (default: recognised)",
        False,
    ),
    (
        "--time-zone",
        "ZONE",
        "the zone in which timestamps with an offset or a zone become days, for example Europe/Berlin (default: UTC)",
        False,
    ),
    (
        "--missing",
        "WORDS",
        "further words or numbers, between commas, that mean an unknown value, for example -9999; an empty text turns "
        "off the default list, which has NULL, N/A, - and the like",
        True,
    ),
    ("--only", "COLUMN=VALUE", "use only rows with this value; repeat it for several values or columns", True),
    ("--except", "COLUMN=VALUE", "leave out rows with this value; repeat it for several values or columns", True),
    (
        "--aliases",
        "FILE",
        "a CSV file with the columns old_id and new_id: customers who were merged or renamed count as one",
        False,
    ),
    ("--as-of", "DATE", "the last day of the data to use, YYYY-MM-DD (default: the newest date in it)", False),
    ("--since", "DATE", "the first day of the period, YYYY-MM-DD (default: the oldest date in the data)", False),
    ("--window", "DAYS", "the length of the period that ends on the as-of date, for example 365d", False),
    ("--assume-margin", "SHARE", "assume that profit is this share of revenue, for example 0.3", False),
    (
        "--cost-sign",
        "SIGN",
        "the sign of costs on returns: 'as written', or 'of revenue' where costs are written without a sign",
        False,
    ),
    ("--currency", "CODE", "the currency of all amounts, for example USD", False),
    (
        "--rates",
        "FILE",
        "a CSV file with the columns currency and rate: amounts are converted to --currency by the column currency",
        False,
    ),
    (
        "--on-bad-rows",
        "stop|skip",
        "for rows that can't be used: stop and show them (default), or skip and count them",
        False,
    ),
    ("--bad-rows", "FILE", "write all rows that were left out or refused to a CSV file, with line and reason", False),
)

READING_FLAGS: tuple[Flag, ...] = (
    ("--order-total", "each line holds the amounts of its whole order, which count once"),
    ("--no-order-total", "each line holds amounts of its own, even where they are the same on all lines of an order"),
)
ANY_PERIOD: Flag = ("--any-period", "accept a period that is longer or shorter than the model's")
