"""Reading waivers from a CSV file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from attrs import fields

from custgrade.errors import PolicyError
from custgrade.planning.guard.waivers import Waiver
from custgrade.record_file import read_records

_COLUMNS = tuple(one.name for one in fields(Waiver))


def read_waivers(path: str | os.PathLike[str]) -> tuple[Waiver, ...]:
    """Return the waivers in a CSV file with the columns rule, grade, customer_id, reason, author, date and expires.

    Each line has a grade or a customer_id; the column that no line needs may be missing. Dates are written YYYY-MM-DD.
    Further columns are ignored. The delimiter may be a comma, a semicolon or a tab.

    Raises PolicyError, which names the line of a wrong waiver.
    """

    def waiver(texts: Mapping[str, str]) -> Waiver:
        return Waiver(**texts)

    optional = ("grade", "customer_id")
    return tuple(read_records(path, "waivers", _COLUMNS, waiver, PolicyError, optional=optional))
