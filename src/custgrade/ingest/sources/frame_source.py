"""A data frame, an Arrow stream or a DuckDB relation, opened as a source."""

from __future__ import annotations

from collections.abc import Callable, Sequence
from typing import TYPE_CHECKING, Any

from attrs import evolve

from custgrade.errors import CustgradeError, Hint, MissingExtraError, SourceError
from custgrade.ingest.engine import connect, identifier
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import listed

if TYPE_CHECKING:
    import duckdb

_STOPPING = (KeyboardInterrupt, SystemExit, GeneratorExit, MemoryError)
_KINDS = "a path, a data frame, an Arrow stream or a DuckDB relation"


def open_frame(data: Any) -> Source:
    """Return an open source for a data frame, an object with an Arrow C stream, or a DuckDB relation.

    A column that DuckDB can't read raises an error only when a field is read from it.

    Raises SourceError for other objects, and when two columns have the same name.
    """
    label = f"the {type(data).__name__}"
    connection = connect()
    try:
        if is_pandas(data):
            return _pandas_source(data, label, connection)
        return _other_source(data, label, connection)
    except BaseException as error:
        connection.close()
        # the libraries that read frames raise errors of any type, even ones that don't derive from Exception
        if isinstance(error, (CustgradeError, *_STOPPING)):
            raise
        raise SourceError(f"{label} can't be read: {_first_line(error)}") from error


def is_pandas(data: Any) -> bool:
    """Return whether an object is a pandas data frame, or of a class derived from it."""
    return any(kind.__name__ == "DataFrame" and kind.__module__.startswith("pandas") for kind in type(data).__mro__)


def column_names(names: Sequence[Any], label: str) -> list[str]:
    """Return the names of a frame's columns as texts.

    Raises SourceError when there are no columns, names have several levels, or two columns have the same name.
    """
    if not len(names):
        raise SourceError(f"{label} has no columns; give a frame with a column customer_id and fields")
    levels = [name for name in names if isinstance(name, tuple)]
    if levels:
        raise SourceError(
            f"{label} has columns of several levels: {listed(map(repr, levels), 3)}.",
            Hint.alike('Give them one level: frame.columns = ["_".join(map(str, name)) for name in frame.columns].'),
        )
    texts = [str(name) for name in names]
    twice = sorted({name for name in texts if texts.count(name) > 1}) if len(set(texts)) < len(texts) else []
    if twice:
        raise SourceError(f"{label} has more than one column named {listed(map(repr, twice), 5)}; rename them")
    return texts


def _pandas_source(data: Any, label: str, connection: duckdb.DuckDBPyConnection) -> Source:
    names = column_names(list(data.columns), label)
    # DuckDB takes `Note` and `note` for the same name
    frame = data.copy(deep=False)
    frame.columns = [f"c{k}" for k in range(len(names))]
    for k, kind in enumerate(data.dtypes):
        if type(kind).__name__ == "SparseDtype":
            frame.isetitem(k, frame.iloc[:, k].sparse.to_dense())

    def only(places: Sequence[int]) -> Any:
        connection.register("given", frame.iloc[:, list(places)])
        return connection.execute("DESCRIBE SELECT * FROM given").fetchall()

    kinds = [str(kind) for kind in data.dtypes]
    index = tuple(str(name) for name in data.index.names if name is not None)
    return evolve(_readable(names, kinds, only, label, connection, "given"), index=index)


def _readable(
    names: Sequence[str],
    kinds: Sequence[str],
    only: Callable[[Sequence[int]], Sequence[Any]],
    label: str,
    connection: duckdb.DuckDBPyConnection,
    table: str,
) -> Source:
    """Return the source of a frame; columns that DuckDB can't read are marked as unreadable.

    names, kinds: the names and types of the columns. only: registers the columns at some positions with DuckDB, and
    returns DuckDB's description of them. table: the SQL name of the registered columns.
    """
    places, why = list(range(len(names))), set[int]()
    # a pandas column of objects may hold anything, and DuckDB finds its type from the values
    shown = ["" if table != "given" or kind == "object" else kind for kind in kinds]
    try:
        described = only(places)
    except BaseException as error:
        if isinstance(error, _STOPPING):
            raise
        for k in places:
            try:
                only([k])
            except BaseException as cause:
                if isinstance(cause, _STOPPING):
                    raise
                why.add(k)
        places = [k for k in places if k not in why]
        if not why or not places:
            # no single column causes the error, or all of them do
            raise
        described = only(places)
    found = {names[k]: _column(names[k], row[0], row[1], shown[k]) for k, row in zip(places, described, strict=True)}
    for k in sorted(why):
        if kinds[k].casefold() == "null":
            found[names[k]] = SourceColumn(names[k], "NULL", '"NULL"')
            continue
        advice = f"it holds {kinds[k]}. {_advice(names[k], kinds[k], table == 'given')}"
        found[names[k]] = SourceColumn(names[k], "NULL", '"NULL"', advice)
    return Source(label, connection, table, {name: found[name] for name in names})


def _column(name: str, given: str, kind: str, shown: str = "") -> SourceColumn:
    """Return a column of a frame; categories are read as the texts that they are.

    given: its name in DuckDB. shown: see `SourceColumn`.
    """
    if kind.startswith("ENUM"):
        return SourceColumn(name, f"CAST({identifier(given)} AS VARCHAR)", "VARCHAR", shown=shown)
    return SourceColumn(name, identifier(given), kind, shown=shown)


def _advice(name: str, kind: str, pandas: bool) -> str:
    """Return the sentence that says how to convert a column that can't be read."""
    if not pandas:
        return "Convert it to numbers, dates or text."
    if kind.startswith("period"):
        return f"Convert it: frame[{name!r}].dt.to_timestamp()."
    if kind.startswith("float"):
        return f"Convert it: frame[{name!r}].astype('float64')."
    return f"Convert it to numbers, dates or text, for example frame[{name!r}].astype(str)."


def _first_line(error: BaseException) -> str:
    return next(iter(str(error).splitlines()), "") or type(error).__name__


def _other_source(data: Any, label: str, connection: duckdb.DuckDBPyConnection) -> Source:
    lazy = hasattr(data, "collect_schema")
    declared = None if lazy else getattr(getattr(data, "schema", None), "names", None)
    if isinstance(declared, list):
        # DuckDB would rename the second of two columns with the same name
        column_names(declared, label)
    if type(data).__module__.startswith(("polars", "pyarrow")) and (found := _chosen(data, label)) is not None:
        names, kinds, choose = found

        def only(places: Sequence[int]) -> Any:
            return _taken(connection, choose(places), label)

        return _readable(names, kinds, only, label, connection, "source")
    rows = _taken(connection, data, label)
    columns = {name: _column(name, name, kind) for name, kind, *_ in rows}
    return Source(label, connection, "source", columns)


def _taken(connection: duckdb.DuckDBPyConnection, data: Any, label: str) -> Any:
    """Copy a frame or a stream into the DuckDB table `source`, and return DuckDB's description of it."""
    connection.register("given", _stream(data, label))
    # a stream may be readable only once
    connection.execute("CREATE OR REPLACE TEMP TABLE source AS SELECT * FROM given")
    connection.unregister("given")
    return connection.execute("DESCRIBE SELECT * FROM source").fetchall()


def _chosen(data: Any, label: str) -> tuple[list[str], list[str], Callable[[Sequence[int]], Any]] | None:
    """Return the names and types of a frame's columns, and a function that selects columns by position as c0, c1 …

    Returns None for other objects.
    """
    import narwhals as nw

    try:
        frame = nw.from_native(data)
    except TypeError:
        return None
    if not isinstance(frame, (nw.DataFrame, nw.LazyFrame)):
        return None
    schema = frame.collect_schema()
    names = column_names(list(schema), label)

    def choose(places: Sequence[int]) -> Any:
        columns = []
        for k in places:
            if schema[names[k]] == nw.Object:
                # DuckDB would receive addresses in memory
                raise SourceError(f"column {names[k]!r} holds Python objects")
            columns.append(nw.col(names[k]).alias(f"c{k}"))
        return frame.select(*columns).to_native()

    native = frame.to_native()
    kinds = native.collect_schema().values() if hasattr(native, "collect_schema") else native.schema.types
    return names, [str(kind) for kind in kinds], choose


class ArrowStream:
    """An object with the Arrow stream of another object and no other methods, so that DuckDB needs no other library."""

    def __init__(self, data: Any) -> None:
        self._data = data

    def __arrow_c_stream__(self, requested_schema: Any = None) -> Any:
        return self._data.__arrow_c_stream__()


def _stream(data: Any, label: str) -> ArrowStream:
    if hasattr(data, "__arrow_c_stream__"):
        return ArrowStream(data)
    import narwhals as nw

    try:
        frame = nw.from_native(data)
        collected = frame.collect() if isinstance(frame, nw.LazyFrame) else frame
    except (TypeError, ImportError) as error:
        hint = Hint.alike("Convert it to a frame: .to_frame().") if hasattr(data, "to_frame") else None
        raise SourceError(f"{label} can't be read; give {_KINDS}{'.' if hint else ''}", hint) from error
    native = collected.to_native()
    if not hasattr(native, "__arrow_c_stream__"):
        try:
            native = collected.to_arrow()
        except ImportError as error:
            raise MissingExtraError(f"reading {label} needs PyArrow: pip install pyarrow") from error
    return ArrowStream(native)
