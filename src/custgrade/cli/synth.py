"""`custgrade synth`: files of a made-up business of any size."""

from __future__ import annotations

import argparse

from custgrade.cli.progress import Progress
from custgrade.errors import ConfigurationError
from custgrade.synth.write import Kind, synthetic


def run(options: argparse.Namespace) -> int:
    """Write the file that the options describe, and return the exit status."""
    for name in ("customers", "out"):
        if not getattr(options, name):
            raise ConfigurationError(
                f"--{name} is missing; an example is: custgrade synth --customers 1000 --out customers.csv"
            )
    if options.orders and options.survey:
        raise ConfigurationError("--orders and --survey are both given; one run writes one file: give one of them")
    kind: Kind = "orders" if options.orders else "survey" if options.survey else "customers"
    seed = 0 if options.seed is None else _whole(options.seed, "--seed")
    with Progress() as on_progress:
        synthetic(options.out, _whole(options.customers, "--customers"), seed, kind, on_progress)
    print(f"wrote {options.out}")
    return 0


def _whole(text: str, option: str) -> int:
    try:
        number = float(text)
        return int(text) if number != int(number) or abs(number) > 2**53 else int(number)
    except (ValueError, OverflowError):
        raise ConfigurationError(f"{option} takes a whole number such as 10000 or 1e7; received {text!r}") from None
