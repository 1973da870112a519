"""The options of reading as they are typed, by the names of `read_orders`."""

from __future__ import annotations

import argparse
from collections.abc import Sequence
from typing import Any

from custgrade.cli.option_values import number
from custgrade.errors import ConfigurationError

_AS_TYPED = (
    *("delimiter", "encoding", "sheet", "decimal", "thousands", "date_format", "time_zone", "aliases", "currency"),
    *("rates", "as_of", "since", "window", "cost_sign", "on_bad_rows"),
)


def reading_given(options: argparse.Namespace) -> dict[str, Any]:
    """Return the options of reading that are given, by the names of `read_orders`.

    Raises ConfigurationError for values in another form, and for options that contradict each other.
    """
    given = {name: getattr(options, name) for name in _AS_TYPED if getattr(options, name) is not None}
    if options.command == "plan":
        given.pop("sheet", None)
    if options.assume_margin is not None:
        given["assume_margin"] = number(options.assume_margin, "--assume-margin", "a share of revenue such as 0.3")
    if options.missing is not None:
        given["missing"] = [word.strip() for words in options.missing for word in words.split(",") if word.strip()]
    for name, option in (("only", "only"), ("exclude", "except")):
        if getattr(options, option) is not None:
            given[name] = _values_by_column(getattr(options, option), f"--{option}")
    if options.order_total and options.no_order_total:
        raise ConfigurationError("--order-total and --no-order-total contradict each other; give one of them")
    if options.order_total or options.no_order_total:
        given["order_total"] = options.order_total
    return given


def _values_by_column(items: Sequence[str], option: str) -> dict[str, list[str]]:
    found: dict[str, list[str]] = {}
    for item in items:
        column, equals, value = item.partition("=")
        if not equals or not column.strip():
            raise ConfigurationError(f"{option} takes COLUMN=VALUE, such as status=completed; received {item!r}")
        found.setdefault(column.strip(), []).append(value)
    return found
