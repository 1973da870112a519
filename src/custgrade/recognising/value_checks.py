"""Whether the values of a column fit a field, and what they show."""

from __future__ import annotations

import re

from custgrade.data.standard import STANDARD_FIELDS
from custgrade.recognising.column_facts import NEARLY_ALL, ColumnFacts
from custgrade.recognising.recognised import Kind
from custgrade.text import counted

ENOUGH = 20
"""The rows from which on a missing repetition means something."""
DATES = ("date", "due_date", "paid_date", "last_order", "first_order")
ON_EVERY_LINE = ("revenue", "profit", "cost")
AMOUNTS = (
    *(*ON_EVERY_LINE, "unit_price", "unit_cost", "line_discount"),
    *(name for name, field in STANDARD_FIELDS.items() if field.unit == "money" and name not in ON_EVERY_LINE),
)
_YEARS = (1990, 2100)


def doubt_of(field: str, facts: ColumnFacts, kind: Kind) -> str:
    """Return why a column's values don't fit a field, empty where they do."""
    if not facts.filled:
        return "it is empty"
    if field in ("customer_id", "order_id"):
        return _id_doubt(field, facts, kind)
    if field in DATES:
        if facts.are_day_numbers:
            return ""
        others = facts.filled - facts.dates
        return (
            "" if facts.are_dates else f"{counted(others, 'cells')} can't be read as dates, such as {facts.example!r}"
        )
    if field in AMOUNTS:
        return _amount_doubt(field, facts)
    if field == "quantity":
        return _number_doubt(facts) or ("" if abs(facts.most) < 1e6 else "its numbers are too large for quantities")
    if field == "orders":
        return "" if facts.are_whole and facts.least >= 0 else "it holds other values than counts"
    if field == "line_discount_share":
        return "" if facts.are_shares else "its values aren't shares"
    if field == "name":
        named = facts.lettered >= NEARLY_ALL * facts.filled and not facts.mails and not facts.are_dates
        return "" if named and _has_words(facts) else f"its values don't look like names, such as {facts.example!r}"
    if field == "category":
        many = facts.rows >= ENOUGH and facts.distinct * 2 > facts.filled
        return "it has nearly as many values as lines" if many else "it holds dates" if facts.are_dates else ""
    if field in ("status", "currency"):
        return "" if facts.lettered and facts.distinct <= 40 else "its values don't look like it"
    return _number_doubt(facts)


def _id_doubt(field: str, facts: ColumnFacts, kind: Kind) -> str:
    if facts.are_dates and not facts.whole:
        return "it holds dates"
    if facts.are_amounts and facts.decimals:
        return "it holds numbers with decimals"
    if facts.distinct == 1 and facts.rows > 5:
        return f"all lines have the same value, {facts.example!r}"
    if field == "customer_id" and facts.filled < 0.05 * facts.rows:
        return f"it is empty on {facts.rows - facts.filled:,} of {facts.rows:,} lines"
    if field == "customer_id" and kind == "orders" and facts.rows >= ENOUGH and facts.distinct >= 0.98 * facts.filled:
        return "nearly every line has another value, so no customer comes back"
    if field == "customer_id" and kind == "customers" and facts.distinct < facts.filled:
        return f"{counted(facts.filled - facts.distinct, 'values')} occur more than once"
    return ""


def _amount_doubt(field: str, facts: ColumnFacts) -> str:
    reason = _number_doubt(facts)
    if reason:
        return reason
    if facts.percents or (facts.are_shares and facts.distinct > 1 and facts.rows >= ENOUGH):
        return "its values are shares or per cent, not money"
    if "discount" in field and facts.rows >= ENOUGH and facts.are_whole and facts.most <= 100:
        return "it may be money or per cent"
    if field in ON_EVERY_LINE and facts.filled < NEARLY_ALL * facts.rows:
        return f"it is empty on {facts.rows - facts.filled:,} of {facts.rows:,} lines"
    if facts.are_whole and facts.least >= _YEARS[0] and facts.most <= _YEARS[1] and facts.rows >= ENOUGH:
        return "its values look like years"
    if field == "revenue" and facts.negative * 2 > facts.filled:
        return "most of its amounts are below 0"
    if field == "revenue" and facts.are_whole and facts.rows >= ENOUGH and facts.least >= 0 and facts.most <= 30:
        return "its values are small whole numbers, perhaps counts"
    return ""


def _number_doubt(facts: ColumnFacts) -> str:
    if facts.decimal == "mixed":
        return "some of its numbers have a decimal point and some a decimal comma"
    others = facts.filled - facts.amounts
    return (
        "" if facts.are_amounts else f"{counted(others, 'cells')} can't be read as numbers, such as {facts.example!r}"
    )


def _has_words(facts: ColumnFacts) -> bool:
    return facts.whole == 0 and not re.fullmatch(r"#?[A-Z]{0,4}[-_ ]?\d+", facts.example)


def evidence_of(field: str, facts: ColumnFacts, kind: Kind) -> str:
    """Return in words what a column's values show of a field."""
    of = "line" if kind == "orders" else "customer"
    if field == "customer_id":
        return f"{counted(facts.distinct, 'customers')} on {counted(facts.filled, 'rows' if of != 'line' else 'lines')}"
    if field == "order_id":
        return f"{counted(facts.distinct, 'orders')} on {counted(facts.filled, 'lines')}"
    if field in DATES and facts.are_day_numbers:
        return f"{counted(facts.whole, 'day numbers')} of a spreadsheet, such as {facts.example}"
    if facts.are_dates:
        return f"{counted(facts.dates, 'dates')} such as {facts.example}"
    if field in ("category", "currency", "status", "name"):
        return f"{counted(facts.distinct, 'values')} such as {facts.example!r}"
    if facts.are_amounts:
        sign = f" with decimal {facts.decimal}" if facts.decimal in ("point", "comma") else ""
        what = counted(facts.amounts, "amounts" if field in AMOUNTS else "numbers")
        return f"{what}{sign}, {facts.average:,.2f} per {of} on average"
    return f"{counted(facts.filled, 'values')} such as {facts.example!r}"
