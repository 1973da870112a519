"""The options of reading: how files are written, which rows count, and what values stand for."""

from __future__ import annotations

import datetime as dt
import os
from collections.abc import Mapping
from typing import Any

import attrs
from attrs import field, frozen
from attrs.converters import optional

from custgrade.argument_checks import is_one_line, is_one_of
from custgrade.data.converters import parts_of, read_only
from custgrade.data.period import as_date, as_days
from custgrade.errors import Hint, SourceError
from custgrade.ingest.cells.number_formats import MARKS
from custgrade.ingest.rows.bad_rows import check_on_bad_rows
from custgrade.text import did_you_mean, listed, shown

EVERY_ROW: Mapping[str, Any] = read_only({})
"""The values by column that no row is left out for."""
COST_SIGNS = ("as written", "of revenue")


def _as_of(value: str | dt.date) -> dt.date:
    return as_date(value, "the as-of date")


def _since(value: str | dt.date) -> dt.date:
    return as_date(value, "since")


def _delimiter(value: Any) -> str:
    if not isinstance(value, str):
        raise SourceError(f"delimiter must be a text or None; received {shown(value)}")
    return value


def _text(form: str) -> Any:
    """Return a validator for a text of one line, or None; form: what the text is, in words."""

    def check(_: Any, attribute: Any, value: object) -> None:
        if value is not None and (not is_one_line(value) or not value):
            raise SourceError(f"{attribute.name} must be {form}; received {shown(value)}")

    return check


def _mark(value: Any, what: str, marks: str) -> str | None:
    mark = MARKS.get(value, value) if isinstance(value, str) else value
    if mark is not None and (not isinstance(mark, str) or len(mark) != 1 or mark not in marks):
        named = " or ".join(name for name, one in MARKS.items() if one in marks)
        raise SourceError(f"{what} must be {named}, or the sign itself; received {shown(value)}")
    return mark


def _decimal(value: str | None) -> str | None:
    return _mark(value, "decimal", ".,")


def _thousands(value: str | None) -> str | None:
    return _mark(value, "thousands", ".,' ")


def _missing(value: Any) -> tuple[str, ...]:
    return parts_of(str, value, "the words of missing", SourceError)


def _chosen(value: Any) -> Mapping[str, tuple[str, ...]]:
    """Return values by column, each a tuple of texts."""
    if not isinstance(value, Mapping) or not all(isinstance(name, str) for name in value):
        raise SourceError(
            f"received {shown(value)} for only or exclude; give a mapping of columns to values, such as "
            '{"status": ["completed"]}'
        )
    return read_only(
        {name: parts_of(str, given, f"the values of {name!r}", SourceError) for name, given in value.items()}
    )


def _path_or_mapping(value: Any, what: str) -> Any:
    if value is not None and not isinstance(value, (str, os.PathLike, Mapping)):
        raise SourceError(f"{what} must be a path or a mapping; received {shown(value)}")
    return read_only(value) if isinstance(value, Mapping) else value


def _aliases(value: Any) -> Any:
    return _path_or_mapping(value, "aliases")


def _rates(value: Any) -> Any:
    return _path_or_mapping(value, "rates")


def _margin(value: Any) -> float:
    if isinstance(value, bool) or not isinstance(value, (int, float)) or not -1 <= value <= 1:
        raise SourceError(f"received {value!r} for assume_margin; give a share of revenue from -1 to 1, such as 0.3")
    return float(value)


@frozen(kw_only=True)
class ReadOptions:
    """The options for reading a source of any kind; see `read_customers`."""

    delimiter: str | None = field(default=None, converter=optional(_delimiter))
    encoding: str | None = field(default=None, validator=_text("the name of an encoding, such as 'cp1252'"))
    sheet: str | None = field(default=None, validator=_text("the name of a sheet"))
    decimal: str | None = field(default=None, converter=_decimal)
    thousands: str | None = field(default=None, converter=_thousands)
    date_format: str | None = field(default=None, validator=_text("a format in strptime codes, such as '%d.%m.%Y'"))
    time_zone: str | None = field(default=None, validator=_text("the name of a zone, such as 'Europe/Berlin'"))
    missing: tuple[str, ...] | None = field(default=None, converter=optional(_missing))
    only: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_chosen)
    exclude: Mapping[str, tuple[str, ...]] = field(factory=dict, converter=_chosen)
    aliases: Any = field(default=None, converter=_aliases)
    currency: str | None = field(default=None, validator=_text("a code such as 'EUR'"))
    rates: Any = field(default=None, converter=_rates)
    as_of: dt.date | None = field(default=None, converter=optional(_as_of))
    assume_margin: float | None = field(default=None, converter=optional(_margin))
    on_bad_rows: str = field(default="stop", converter=check_on_bad_rows)

    def __attrs_post_init__(self) -> None:
        if self.decimal is not None and self.decimal == self.thousands:
            raise SourceError(
                f"decimal and thousands are both {self.decimal!r}; give different signs, or leave out thousands"
            )

    @property
    def skip(self) -> bool:
        """Whether bad rows are left out instead of refused."""
        return self.on_bad_rows == "skip"


@frozen(kw_only=True)
class OrderOptions(ReadOptions):
    """The options for reading order lines; see `read_orders`."""

    since: dt.date | None = field(default=None, converter=optional(_since))
    window: int | None = field(default=None, converter=optional(as_days))
    order_total: bool | None = None
    cost_sign: str | None = None

    def __attrs_post_init__(self) -> None:
        super().__attrs_post_init__()
        if self.since is not None and self.window is not None:
            raise SourceError("received both since and window; give one of them to choose the period")
        if self.since is not None and self.as_of is not None and self.since > self.as_of:
            raise SourceError(
                f"since {self.since} is after the as-of date {self.as_of}; give an earlier date for since"
            )
        if self.order_total is not None and not isinstance(self.order_total, bool):
            raise SourceError(f"order_total must be True, False or None; received {shown(self.order_total)}")
        if self.cost_sign is not None and not is_one_of(self.cost_sign, COST_SIGNS):
            raise SourceError(
                f"received {shown(self.cost_sign)} for cost_sign.",
                Hint(
                    'Give cost_sign="of revenue" or cost_sign="as written".',
                    "Give --cost-sign 'of revenue' or --cost-sign 'as written'.",
                ),
            )


def read_options(values: Mapping[str, Any]) -> ReadOptions:
    """Return options from a mapping of their names to values.

    Raises SourceError for an unknown name, and for a value that isn't valid.
    """
    known = [one.name for one in attrs.fields(ReadOptions)]
    for name in values:
        if name not in known:
            raise SourceError(
                f"there is no option {name!r}.{did_you_mean(str(name), known)} There are: {listed(known)}"
            )
    return ReadOptions(**values)
