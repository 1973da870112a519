"""Writing graded customers as CSV or Parquet; ids and untouched columns stay in the engine."""

from __future__ import annotations

import os
from collections.abc import Iterable, Sequence
from pathlib import Path
from typing import Any

import numpy as np

from custgrade.data.scale import GRADED, NOT_GRADED, UNGRADED, GradeScale
from custgrade.errors import FieldError, Hint, OutputError, listed
from custgrade.files import write_atomically
from custgrade.ingest.engine import connect, engine_errors, enum, literal, selected
from custgrade.ingest.loaded import Loaded
from custgrade.model.graded import Graded
from custgrade.model.overrides import InForce

_FORMATS = {
    ".csv": "FORMAT csv, HEADER true",
    ".parquet": "FORMAT parquet, COMPRESSION zstd",
}


def check_format(path: str | os.PathLike[str]) -> str:
    """Return the engine's options for a file of this name.

    Raises OutputError when it ends in neither .csv nor .parquet.
    """
    suffix = Path(path).suffix.lower()
    if suffix not in _FORMATS:
        raise OutputError(f"can't write {path}: its name must end in {' or '.join(_FORMATS)}")
    return _FORMATS[suffix]


def write(graded: Graded, path: str | os.PathLike[str], prefix: str = "") -> None:
    """Write ids, input fields and grade columns to a .csv or .parquet file, in the base's order.

    An existing file is replaced in one step, so a run that fails or is killed leaves it as it was.
    prefix: put before the names of the grade columns.

    Raises OutputError, or FieldError when a field is named like a grade column.
    """
    if not isinstance(graded, Graded):
        raise OutputError(f"write takes what grade() returned, a Graded; received a {type(graded).__name__}")
    connection = connect()
    ids = np.array(graded.base.ids.tolist(), dtype=object)
    connection.register("ids", {"id": ids})
    connection.execute("CREATE TEMP TABLE customers AS SELECT id FROM ids")
    write_loaded(Loaded(graded.base, connection, "customers", {"customer_id": "id"}), graded, path, prefix)


def write_loaded(loaded: Loaded, graded: Graded, path: str | os.PathLike[str], prefix: str = "") -> None:
    """Write the table behind a base with the base's further fields and the grade columns; see `write`."""
    options = check_format(path)
    query = graded_query(loaded, graded, prefix)
    with write_atomically(path) as temporary, engine_errors(f"can't write {path}", OutputError):
        loaded.connection.execute(f"COPY ({query}) TO {literal(str(temporary))} ({options}, USE_TMP_FILE false)")


def graded_query(loaded: Loaded, graded: Graded, prefix: str = "") -> str:
    """Return the query for the table with its grades, which are registered with its connection as `grades`.

    Raises FieldError when two columns have one name.
    """
    columns = output_columns(loaded, graded, prefix)
    loaded.connection.register("grades", grade_arrays(graded) | field_arrays(loaded.further.values()))
    return f"SELECT {selected(columns)} FROM {loaded.table} AS customers POSITIONAL JOIN grades"


def output_columns(loaded: Loaded, graded: Graded, prefix: str = "") -> dict[str, str]:
    """Return SQL by output column: the table's own, the base's other fields, then the grade columns.

    Raises FieldError when two of them have one name.
    """
    own = own_columns(loaded) | field_columns(loaded.further)
    added = grade_columns(graded.scale, tuple(graded.details), graded.reasons, prefix, overrides=graded.overrides)
    check_names(own, added)
    return own | added


def own_columns(loaded: Loaded) -> dict[str, str]:
    """Return SQL by column of the table behind a base, which is called `customers`."""
    return {name: f"customers.{sql}" for name, sql in loaded.own.items()}


def field_columns(names: Iterable[str]) -> dict[str, str]:
    """Return SQL by column for fields, over a table `grades` that holds the arrays of `field_arrays`."""
    return {name: _known(f"field{k}") for k, name in enumerate(names)}


def field_arrays(columns: Iterable[Any]) -> dict[str, Any]:
    """Return the arrays that the SQL of `field_columns` reads as a table called `grades`."""
    return {f"field{k}": column for k, column in enumerate(columns)}


def grade_columns(
    scale: GradeScale,
    details: Sequence[str],
    reasons: Sequence[str],
    prefix: str,
    enumerated: bool = False,
    overrides: InForce | None = None,
) -> dict[str, str]:
    """Return SQL by grade column, over a table `grades` that holds the arrays of `grade_arrays`.

    enumerated: whether texts are an ENUM each, which a file holds as texts and which is written three times as fast.
    """
    added = {f"{prefix}grade": _chosen("grade", (*scale.grades, ""), enumerated)}
    for k, axis in enumerate(scale.axes):
        added[f"{prefix}{axis.name}_grade"] = _chosen(f"code{k}", axis.labels, enumerated, UNGRADED)
        added[f"{prefix}{axis.name}_score"] = _known(f"score{k}")
    added |= {f"{prefix}{name}": _known(f"detail{k}") for k, name in enumerate(details)}
    added[f"{prefix}status"] = _chosen("reason <> 0", (GRADED, NOT_GRADED), enumerated)
    added[f"{prefix}reason"] = _chosen("reason", reasons, enumerated)
    if overrides is not None:
        added[f"{prefix}final_grade"] = _chosen("final", (*scale.grades, ""), enumerated)
        for name, texts in overrides.texts().items():
            added[f"{prefix}{name}"] = _chosen("override", texts, enumerated)
    return added


def check_names(own: Iterable[str], added: Iterable[str]) -> None:
    """Raise FieldError when two columns of the output would have one name."""
    lower: dict[str, str] = {}
    for name in own:
        if lower.setdefault(name.casefold(), name) != name:
            raise FieldError(f"columns {lower[name.casefold()]!r} and {name!r} differ in case only; rename one of them")
    clash = [name for name in added if name.casefold() in lower]
    if clash:
        raise FieldError(
            f"the data already has columns named {listed(map(repr, clash))}.",
            Hint(
                'Put something before the new ones: prefix="new_".', "Put something before the new ones: --prefix new_."
            ),
        )


def _known(column: str) -> str:
    return f"CASE WHEN NOT isnan(grades.{column}) THEN grades.{column} END"


def _chosen(column: str, texts: Sequence[str], enumerated: bool, missing: int | None = None) -> str:
    """SQL for the text at a position; an empty text, and the position `missing`, is NULL."""
    items = ", ".join(literal(text) if text else "NULL" for text in texts)
    kind = enum([text for text in dict.fromkeys(texts) if text] or ["none"]) if enumerated else "VARCHAR"
    picked = f"([{items}]::{kind}[])[(grades.{column})::BIGINT + 1]"
    return picked if missing is None else f"CASE WHEN grades.{column} <> {missing} THEN {picked} END"


def grade_arrays(graded: Graded) -> dict[str, Any]:
    """Return the arrays that the SQL of `grade_columns` reads as a table called `grades`."""
    arrays: dict[str, Any] = {"grade": graded.grade_codes, "reason": graded.reason_codes}
    for k, axis in enumerate(graded.scale.axes):
        arrays[f"code{k}"], arrays[f"score{k}"] = graded.codes[axis.name], graded.scores[axis.name]
    if graded.overrides is not None:
        arrays["final"] = graded.overrides.final_codes(graded.scale, graded.grade_codes)
        arrays["override"] = graded.overrides.numbers(len(graded))
    return arrays | {f"detail{k}": column for k, column in enumerate(graded.details.values())}
