"""Amounts and conditions of policy files: numbers, shares of a field, rises that restore floors, and bounds."""

from __future__ import annotations

import math
from collections.abc import Callable, Mapping
from decimal import Decimal, InvalidOperation
from typing import Any

import numpy as np
from attrs import evolve, frozen

from custgrade.argument_checks import float_of, is_one_line
from custgrade.errors import CustgradeError
from custgrade.model.wording import words
from custgrade.planning.amount import Amount, Condition, as_amount, as_condition
from custgrade.planning.money_amounts import money, restoring
from custgrade.planning.part import MOST
from custgrade.policy_files.table import Table
from custgrade.text import did_you_mean, exactly, listed, shown

Number = float | str
Column = Callable[[Mapping[str, Any]], Any]

AMOUNT = 'a number, {share = 0.01, of = "revenue"} or {restores = {margin = 0.05}}'
CONDITION = 'a table such as {field = "margin", below = 0.05}, or a list of such tables, which must all hold'

_PAID = ("value", "rise", "price")
"""The amounts that customers pay or get: they are rounded to cents."""
_SHARE = ("share", "of", "least", "most")
_FLOORS = ("margin", "average_sale", "revenue")
_BOUNDS: Mapping[str, tuple[Callable[[Any, Any], Any], str]] = {
    "below": (np.less, "below"),
    "above": (np.greater, "above"),
    "least": (np.greater_equal, "at least"),
    "most": (np.less_equal, "at most"),
}


@frozen
class _Function:
    """A column function and its text."""

    function: Column
    text: str


def amount_of(table: Table, key: str) -> Amount:
    """Return the amount with a key: a number, a share of a field, or the rise that restores floors.

    Raises ConfigurationError with the place.
    """
    value = table.content[key]
    if isinstance(value, Mapping):
        made = _function(table.sub(key), rounded=key in _PAID)
        return evolve(as_amount(made.function), text=made.text)
    number = float_of(value)
    if number is None or not abs(number) <= MOST:
        beyond = "" if number is None else f", from {-MOST:,.0f} to {MOST:,.0f}"
        raise table.error(f"{key} must be {AMOUNT}{beyond}; received {shown(value)}", key)
    return Amount(number)


def condition_of(table: Table, key: str) -> Condition:
    """Return the condition with a key: bounds of a field, or a list of them, which must all hold.

    Raises ConfigurationError with the place.
    """
    value = table.content[key]
    several = value if isinstance(value, list) else [value]
    if not several or not all(isinstance(one, Mapping) for one in several):
        raise table.error(f"{key} must be {CONDITION}; received {shown(value)}", key)
    found = [_bounded(Table(table.file, (*table.path, key), one)) for one in several]

    def holds(c: Mapping[str, Any]) -> Any:
        result = found[0].function(c)
        for one in found[1:]:
            result = result & one.function(c)
        return result

    made = as_condition(holds)
    assert made is not None
    return evolve(made, text=" and ".join(one.text for one in found))


def _bounded(table: Table) -> _Function:
    _check_keys(table, ("field", "restores", *_BOUNDS))
    bounds = {word: _number(table, word) for word in _BOUNDS if word in table}
    if ("field" in table) == ("restores" in table) or not bounds:
        raise table.error(f"a condition is {CONDITION}; the bounds are {listed(_BOUNDS)}; received {_plain(table)}")
    subject = _read(_column(table, "field")) if "field" in table else _restores(table)

    def holds(c: Mapping[str, Any]) -> Any:
        value, result = subject.function(c), None
        for word, bound in bounds.items():
            one = _BOUNDS[word][0](value, _term(c, bound))
            result = one if result is None else result & one
        return result

    limits = " and ".join(f"{_BOUNDS[word][1]} {_number_text(bound)}" for word, bound in bounds.items())
    return _Function(holds, f"{subject.text} {limits}")


def _function(table: Table, rounded: bool) -> _Function:
    """Return the function of a table of an amount; rounded: whether to cents."""
    _check_keys(table, (*_SHARE, "restores"))
    if "restores" in table:
        if len(table.content) > 1:
            others = listed(key for key in table.content if key != "restores")
            raise table.error(f"restores stands alone; remove {others}")
        return _restores(table)
    if "of" not in table:
        raise table.error(f"missing of. An amount is {AMOUNT}")
    subject = _read(_column(table, "of"))
    share = _number(table, "share") if "share" in table else 1.0
    least, most = (_number(table, key) if key in table else None for key in ("least", "most"))
    if isinstance(least, float) and isinstance(most, float) and least > most:
        raise table.error(f"least must not be above most; received {exactly(least)} and {exactly(most)}", "least")

    def amount(c: Mapping[str, Any]) -> Any:
        value = subject.function(c)
        if share != 1.0:
            value = _term(c, share) * value
        if least is not None:
            value = np.maximum(value, _term(c, least))
        if most is not None:
            value = np.minimum(value, _term(c, most))
        return money(value) if rounded else value

    return _Function(amount, _share_text(share, subject.text) + _range_text(least, most))


def _restores(table: Table) -> _Function:
    floors = table.sub("restores")
    _check_keys(floors, _FLOORS)
    given = {key: _number(floors, key) for key in floors.content}
    try:
        function = restoring(**given)
    except CustgradeError as error:
        raise table.error(str(error).removeprefix("restoring: "), "restores") from error
    told = " and ".join(
        _number_text(floor) if isinstance(floor, str) else f"{words(name)} {exactly(floor)}"
        for name, floor in given.items()
    )
    return _Function(function, f"the rise to {told}")


def _check_keys(table: Table, known: tuple[str, ...]) -> None:
    for key in table.content:
        if key not in known:
            raise table.error(f"unknown key {key!r}.{did_you_mean(key, known)} The keys are: {listed(known)}", key)


def _read(name: str) -> _Function:
    return _Function(lambda c: c[name], words(name))


def _column(table: Table, key: str) -> str:
    value = table.content[key]
    if not is_one_line(value) or not value:
        raise table.error(
            f"{key} must be the name of a field or column, such as 'revenue'; received {shown(value)}", key
        )
    return str(value)


def _number(table: Table, key: str) -> Number:
    """Return a number, or the name of a column or of a number that the model learned."""
    value = table.content[key]
    if isinstance(value, str) and value.isidentifier():
        return value
    number = None if isinstance(value, str) else float_of(value)
    if number is None or not math.isfinite(number):
        raise table.error(
            f"{key} must be a number, or the name of a number that the model learned, such as 'margin_floor'; "
            f"received {shown(value)}.{_as_number(value)}",
            key,
        )
    return number + 0.0


def _as_number(value: Any) -> str:
    """Return how to write a text that contains a number: ` Write 0.05`; an empty text for other values."""
    text = value.strip() if isinstance(value, str) else ""
    try:
        found = Decimal(text.removesuffix("%").strip())
    except InvalidOperation:
        return ""
    if not found.is_finite():
        return ""
    plain = f"{found / 100 if text.endswith('%') else found:f}"
    return f" Write {plain}, without quotation marks"


def _term(c: Mapping[str, Any], number: Number | None) -> Any:
    return c[number] if isinstance(number, str) else number


def _plain(table: Table) -> str:
    return shown(dict(table.content))


def _number_text(number: Number) -> str:
    return f"the {words(number)}" if isinstance(number, str) else exactly(number)


def _share_text(share: Number, field: str) -> str:
    if share == 1.0:
        return field
    if isinstance(share, str):
        return f"{words(share)} × {field}"
    per_cent = f"{Decimal(repr(share)) * 100:f}"
    return f"{per_cent.rstrip('0').rstrip('.') if '.' in per_cent else per_cent} % of {field}"


def _range_text(least: Number | None, most: Number | None) -> str:
    if least is not None and most is not None:
        return f", {_number_text(least)} to {_number_text(most)}"
    if least is not None:
        return f", at least {_number_text(least)}"
    return "" if most is None else f", at most {_number_text(most)}"
