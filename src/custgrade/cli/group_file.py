"""Reading the groups of customers from a CSV file."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.data.base import CustomerBase
from custgrade.data.ids import id_column, positions
from custgrade.errors import ConfigurationError
from custgrade.files import checked_path
from custgrade.ingest.engine import connect, engine_errors, path_literal
from custgrade.text import counted, listed, meant_instead

_COLUMNS = ("customer_id", "group")


def read_groups(path: str, base: CustomerBase) -> tuple[npt.NDArray[Any], list[str]]:
    """Return the group of each customer, texts of shape (n,) in the base's order, empty where unknown; and notes.

    path: a CSV file with the columns customer_id and group.

    Raises ConfigurationError if the file can't be read, lacks a column, or has a customer twice.
    """
    file = checked_path(path, "the file of groups", ConfigurationError)
    if not file.is_file():
        raise ConfigurationError(f"--groups: there is no file {path}")
    connection = connect()
    with engine_errors(f"can't read {path}", ConfigurationError):
        rows = connection.sql(f"SELECT * FROM read_csv({path_literal(path)}, all_varchar = true, header = true)")
        missing = [name for name in _COLUMNS if name not in rows.columns]
        if missing:
            raise ConfigurationError(
                f"{path} has no column {missing[0]!r}.{meant_instead(missing[0], rows.columns)} "
                f"Groups need the columns {listed(_COLUMNS)}."
            )
        selection = "coalesce(customer_id, '') AS id, coalesce(\"group\", '') AS name"
        found = rows.project(selection).fetchnumpy()
    ids = id_column(found["id"])
    names = np.append(id_column(found["name"]), np.array([""], dtype=np.dtypes.StringDType()))
    texts, counts = np.unique(ids, return_counts=True)
    if (counts > 1).any():
        raise ConfigurationError(f"{path} has customers more than once: {listed(texts[counts > 1], 5)}")
    # a customer who isn't in the file gets the empty text at the end
    places = positions(base.ids, ids)
    groups = names[places]
    unknown, stray = int((groups == "").sum()), len(ids) - int((places >= 0).sum())
    notes = [f"groups: {path} has no group for {counted(unknown, 'customers')}"] if unknown else []
    if stray:
        notes.append(f"groups: the data lacks {counted(stray, 'customers')} of {path}")
    return groups, notes
