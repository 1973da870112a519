"""The command `init`."""

from __future__ import annotations

from custgrade.cli.options.command import Command, Option

_READING: tuple[Option, ...] = (
    ("--delimiter", "CHAR", "the delimiter of text files: one character, tab or space (default: found)", False),
    ("--encoding", "NAME", "the encoding of text files, such as cp1252 (default: found)", False),
    ("--sheet", "NAME", "the sheet of a workbook", False),
)
_WRITTEN: tuple[Option, ...] = (
    (
        "--out",
        "FILE",
        "the configuration file to write; - writes it to standard output (default: custgrade.toml)",
        False,
    ),
)

INIT = Command(
    "write a configuration for your files",
    "Look at files of order lines and of customers, recognise which column is which field from names and values, and "
    "write a configuration for custgrade grade. Each line has its evidence; guesses are marked as doubtful and have no "
    "effect. The files are only read.",
    "custgrade init orders.csv customers.csv --out custgrade.toml",
    {"input": _READING, "output": _WRITTEN},
    names=(("files", "+", "FILE", "files of order lines or of customers"),),
)
