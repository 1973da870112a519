"""Reading overrides from a CSV file."""

from __future__ import annotations

import os
from collections.abc import Mapping

from attrs import fields

from custgrade.errors import OverrideError
from custgrade.model.overrides import Override, Overrides
from custgrade.record_file import read_records

_COLUMNS = tuple(one.name for one in fields(Override))


def read_overrides(path: str | os.PathLike[str]) -> Overrides:
    """Return the overrides in a CSV file with the columns customer_id, grade, reason, author, date and expires.

    Dates are written YYYY-MM-DD. Further columns are ignored. The delimiter may be a comma, a semicolon or a tab.

    Raises OverrideError, which names the line of a wrong override.
    """

    def override(texts: Mapping[str, str]) -> Override:
        return Override(**texts)

    return Overrides(read_records(path, "overrides", _COLUMNS, override, OverrideError))
