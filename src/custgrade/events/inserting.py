"""Inserting many rows at once."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import Any

import sqlalchemy as sa

from custgrade.errors import LogError


def insert_rows(
    connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[Sequence[Any]]
) -> None:
    """Insert rows into a table, by COPY on PostgreSQL with psycopg; names: the columns of the rows.

    Raises LogError.
    """
    if connection.dialect.driver == "psycopg":
        _copy(connection, table, names, rows)
        return
    values = [tuple(row) for row in rows]
    if not values:
        return
    if connection.dialect.paramstyle == "qmark":
        statement = sa.insert(table).compile(dialect=connection.dialect, column_keys=list(names))
        connection.exec_driver_sql(str(statement), values)
    else:
        connection.execute(sa.insert(table), [dict(zip(names, row, strict=True)) for row in values])


def _copy(connection: sa.Connection, table: sa.Table, names: Sequence[str], rows: Iterable[Sequence[Any]]) -> None:
    columns = ", ".join(f'"{name}"' for name in names)
    cursor = connection.connection.cursor()
    try:
        with cursor.copy(f'COPY "{table.name}" ({columns}) FROM STDIN') as copy:
            for row in rows:
                copy.write_row(row)
    except connection.dialect.loaded_dbapi.Error as error:
        raise LogError(f"can't write {table.name}: {str(error).strip()}") from error
    finally:
        cursor.close()
