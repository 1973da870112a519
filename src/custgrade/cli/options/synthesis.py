"""The command `synth`."""

from __future__ import annotations

from custgrade.cli.options.command import Command, Option

_SYNTH: tuple[Option, ...] = (
    ("--customers", "N", "the number of customers, for example 500 or 1e7", False),
    ("--seed", "S", "the random seed, a whole number; the same seed gives the same data (default: 0)", False),
    ("--out", "FILE", "the .csv or .parquet file to write; it is replaced in one step", False),
)

SYNTH = Command(
    "write made-up customers or orders, of any number",
    "Write the data of a made-up business for trials. The same seed gives the same data on every machine. By "
    "default the file has one row per customer, with totals of the orders on 2025-12-31.",
    "custgrade synth --customers 1e6 --orders --seed 7 --out orders.parquet",
    groups={"output": _SYNTH},
    flags=(
        ("--orders", "write the order lines of the customers"),
        ("--survey", "write the survey answers of the customers"),
    ),
)
