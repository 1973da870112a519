"""SQL expressions that read dates, money and numbers exactly from columns of any type."""

from __future__ import annotations

import math
import sys

from attrs import evolve

from custgrade.errors import SourceError
from custgrade.ingest.cells.missing_values import NOTHING_MISSING
from custgrade.ingest.cells.written_numbers import plain_text, without_padding
from custgrade.ingest.source import SourceColumn

MONEY = "DECIMAL(18,6)"
"""The type in which money is summed exactly: six decimals, amounts below a trillion."""

INTEGERS = ("TINYINT", "SMALLINT", "INTEGER", "BIGINT", "HUGEINT", "UTINYINT", "USMALLINT", "UINTEGER", "UBIGINT")
DOUBLES = ("DOUBLE", "FLOAT")
NOTHING = '"NULL"'
"""The type of a column in which all cells are NULL."""
_NESTED = ("STRUCT", "MAP", "UNION")
_LARGEST = sys.float_info.max


def text(column: SourceColumn) -> str:
    """Return SQL of an id or category as text.

    Whole numbers of type float or decimal are written without `.0`: libraries store integers with gaps as floats.

    Raises SourceError for a nested type.
    """
    if column.type in DOUBLES:
        return (
            f"CASE WHEN {column.sql} = floor({column.sql}) AND abs({column.sql}) <= 9007199254740992 "
            f"THEN CAST(TRY_CAST({column.sql} AS BIGINT) AS VARCHAR) ELSE CAST({column.sql} AS VARCHAR) END"
        )
    if column.type.endswith("]") or column.type.startswith(_NESTED):
        raise SourceError(
            f"column {column.name!r} holds {column.held}, which can't be read as text; convert it to text"
        )
    if column.type.startswith("DECIMAL"):
        # a whole number is written as such, because databases export ids as decimals
        return f"regexp_replace(CAST({column.sql} AS VARCHAR), '\\.0+$', '')"
    if column.padded:
        return without_padding(column.sql)
    return column.sql if column.type == "VARCHAR" else f"CAST({column.sql} AS VARCHAR)"


def given_text(column: SourceColumn) -> str:
    """Return SQL of an id or category as text, NULL where the cell is empty, blank, or a word for an unknown value."""
    return f"CASE WHEN {present(column)} THEN {text(column)} END"


def filled(column: SourceColumn) -> str:
    """Return SQL of whether a cell isn't empty, even if it holds a word for an unknown value; see `present`."""
    return present(evolve(column, missing=NOTHING_MISSING))


def present(column: SourceColumn) -> str:
    """Return SQL of whether a cell holds a value; NaN, blank text and words for an unknown value count as empty."""
    missing, sql = column.missing, column.sql
    if column.type == "VARCHAR":
        held = missing.holds(sql)
        return f"({held} AND {missing.isnt_number(f'TRY_CAST({sql} AS DOUBLE)')})" if missing.numbers else held
    conditions = [f"{sql} IS NOT NULL"]
    if column.type in DOUBLES:
        conditions.append(f"NOT isnan({sql})")
    if missing.given or (missing.words and column.type.startswith("ENUM")):
        conditions.append(missing.holds(text(column)))
    if missing.numbers and (column.type in (*INTEGERS, *DOUBLES) or column.type.startswith("DECIMAL")):
        conditions.append(missing.isnt_number(f"CAST({sql} AS DOUBLE)"))
    return f"({' AND '.join(conditions)})"


def known(column: SourceColumn, value: str) -> str:
    """Return SQL of a cell's value, NULL where the cell holds a word that the caller gave for an unknown value.

    value: SQL of the value that the cell is read as; no word of the default list can be read as a number or a date.
    """
    return f"CASE WHEN {present(column)} THEN {value} END" if column.missing.given else value


def sound_number(column: SourceColumn, low: float, high: float) -> str:
    """Return SQL of a fast condition: a cell is empty or holds a finite number from `low` to `high`, both included.

    Returns an empty text where the column holds text, or may hold a word for an unknown value.
    """
    if column.type == "VARCHAR" or column.missing.given:
        return ""
    least, most = max(low, -_LARGEST), min(high, _LARGEST)
    whole = "" if column.numbers.certain else f" AND coalesce({column.sql} = floor({column.sql}), true)"
    double = f"coalesce(CAST({column.sql} AS DOUBLE), {most!r}::DOUBLE)"
    return f"({double} BETWEEN {least!r}::DOUBLE AND {most!r}::DOUBLE{whole})"


def money(column: SourceColumn) -> str:
    """Return SQL of an amount as DECIMAL(18,6), NULL where it can't be read or is a trillion or more.

    Text, decimals and integers are exact up to six decimals; more decimals, and doubles, are rounded half to even.

    Raises SourceError for another type.
    """
    if column.type == "VARCHAR":
        written = _rounded_text(plain_text(column.sql, column.numbers))
        if column.numbers.decimal == ",":
            return written
        # nearly all amounts are plain and have at most six decimals, and reading those is several times as fast
        exact = f"TRY_CAST({_plain(column)} AS {MONEY})"
        longer = _rounded_text(f"CASE WHEN {_is_unambiguous(column)} THEN {column.sql} END")
        return f"coalesce({exact}, {longer}, {written})"
    if column.type in (*INTEGERS, NOTHING):
        return f"TRY_CAST({column.sql} AS {MONEY})"
    if column.type.startswith("DECIMAL"):
        return f"TRY_CAST({column.sql if is_exact(column) else f'round_even({column.sql}, 6)'} AS {MONEY})"
    if column.type in DOUBLES:
        double = f"CAST({column.sql} AS DOUBLE)"
        millionths = f"CAST({millionths_of(double)} AS DECIMAL(18,0))"
        exact = f"CAST({millionths} * CAST(0.000001 AS DECIMAL(6,6)) AS {MONEY})"
        # DuckDB's cast is right where it converts back to the same double: below 4e9 the doubles are less than half a
        # millionth apart
        cast = f"TRY_CAST({double} AS {MONEY})"
        near = f"abs({double}) < 4e9 AND CAST({cast} AS DOUBLE) = {double}"
        return f"CASE WHEN {near} THEN {cast} WHEN abs({double}) < 1e12 THEN {exact} END"
    raise SourceError(
        f"column {column.name!r} holds {column.held}, which can't be read as an amount; convert it to numbers"
    )


def share(column: SourceColumn) -> str:
    """Return SQL of a share as DECIMAL(18,6), NULL where it can't be read; 15 % in text is 0.15."""
    if column.type != "VARCHAR":
        return money(column)
    per_cent = _rounded_text(f"rtrim({plain_text(column.sql, column.numbers, per_cent=True)}, '%')")
    hundredth = f"CAST({per_cent} * CAST(0.01 AS DECIMAL(3,2)) AS {MONEY})"
    return f"CASE WHEN ends_with(trim({column.sql}), '%') THEN {hundredth} ELSE {money(column)} END"


def _rounded_text(text: str) -> str:
    """Return SQL of a number in text as MONEY, rounded half to even, which the engine's own cast doesn't do."""
    return f"TRY_CAST(round_even(TRY_CAST({text} AS DECIMAL(38,26)), 6) AS {MONEY})"


def is_exact(column: SourceColumn) -> bool:
    """Return whether a column holds decimals with at most six digits after the point, whose sums need no rounding."""
    return column.type.startswith("DECIMAL") and int(column.type.rstrip(")").partition(",")[2] or 0) <= 6


def sound_money(column: SourceColumn, low: float, high: float = math.inf) -> str:
    """Return SQL of a fast condition: a cell holds an amount from `low` to `high`, both included, and below a trillion.

    Returns an empty text where the column may hold a word that the caller gave for an unknown value.
    """
    if column.missing.given:
        return ""
    least, most = math.ceil(max(low, -999_999_999_999)), math.floor(min(high, 999_999_999_999))
    if column.type == "VARCHAR":
        return f"({money(column)} BETWEEN {least} AND {most})"
    conditions = [f"{column.sql} BETWEEN {least} AND {most}"]
    if not column.numbers.certain:
        conditions.append(f"{column.sql} = floor({column.sql})")
    elif _has_many_places(column):
        conditions.append(f"{column.sql} = CAST({column.sql} AS {MONEY})")
    return f"({' AND '.join(conditions)})"


def plain_money(column: SourceColumn) -> str:
    """Return SQL of the amount in a cell that meets `sound_money`, empty where it is the same as for any cell."""
    if is_exact(column):
        return column.sql
    return f"CAST({column.sql} AS {MONEY})" if _has_many_places(column) else ""


def _has_many_places(column: SourceColumn) -> bool:
    return column.type.startswith("DECIMAL") and not is_exact(column)


def millionths_of(double: str) -> str:
    """Return SQL of a finite DOUBLE below a trillion in millionths, BIGINT, its exact value rounded half to even.

    DuckDB's own cast is off by one in many cases. Here only the last step rounds: the fraction is split at 2^-20, so
    that both products with 10^6 are exact, and the remainder after rounding the upper product decides.
    """
    fraction = f"({double} - trunc({double}))"
    upper = f"(round_even({fraction} * 1048576.0::DOUBLE, 0) / 1048576.0::DOUBLE)"
    rounded = f"round_even({upper} * 1e6, 0)"
    left = f"(({upper} * 1e6 - {rounded}) + ({fraction} - {upper}) * 1e6)"
    half = "0.5::DOUBLE"
    step = f"abs({left}) > {half} OR (abs({left}) = {half} AND {rounded} % 2 <> 0)"
    return (
        f"(CAST(trunc({double}) AS BIGINT) * 1000000 + CAST({rounded} AS BIGINT) + "
        f"CASE WHEN {step} THEN CAST(sign({left}) AS BIGINT) ELSE 0 END)"
    )


def _is_unambiguous(column: SourceColumn) -> str:
    """Return the SQL condition that a text can't be read in two ways, as 1.234 can where no decimal sign was seen."""
    if column.numbers.certain:
        return "true"
    return f"(strlen({column.sql}) - instr({column.sql}, '.') <> 3 OR NOT contains({column.sql}, '.'))"


def _plain(column: SourceColumn) -> str:
    """Return SQL of a text, NULL where the engine would round the number, or it may be read in two ways."""
    decimals = f"strlen({column.sql}) - instr({column.sql}, '.')"
    conditions = [f"{decimals} <= 6", f"NOT contains({column.sql}, 'e')", f"NOT contains({column.sql}, 'E')"]
    return f"CASE WHEN {' AND '.join([*conditions, _is_unambiguous(column)])} THEN {column.sql} END"


def number(column: SourceColumn, per_cent: bool = False) -> str:
    """Return SQL of a number as DOUBLE, NULL where it can't be read or isn't finite.

    per_cent: whether 12 % in text is 0.12; otherwise a per cent sign makes it unreadable.

    Raises SourceError for a type that holds no numbers.
    """
    readable = ("VARCHAR", "BOOLEAN", NOTHING, *INTEGERS, *DOUBLES)
    if column.type not in readable and not column.type.startswith("DECIMAL"):
        raise SourceError(
            f"column {column.name!r} holds {column.held}, which can't be read as a number; convert it to numbers"
        )
    double = f"TRY_CAST({column.sql} AS DOUBLE)"
    if column.type == "VARCHAR":
        written = plain_text(column.sql, column.numbers, per_cent)
        double = f"TRY_CAST({written} AS DOUBLE)"
        if per_cent:
            hundredth = f"CAST(TRY_CAST(rtrim({written}, '%') AS DECIMAL(30,12)) / 100 AS DOUBLE)"
            double = f"CASE WHEN ends_with(trim({column.sql}), '%') THEN {hundredth} ELSE {double} END"
        if column.numbers.decimal == ".":
            # a number with an exponent isn't written in any other form
            plain = f"CASE WHEN {_is_unambiguous(column)} THEN {column.sql} END"
            double = f"coalesce(TRY_CAST({plain} AS DOUBLE), {double})"
    return f"CASE WHEN isfinite({double}) THEN {double} END"
