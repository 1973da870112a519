"""Text that the engine reads as numbers gives what the same text gives cell by cell."""

from __future__ import annotations

import csv
import random
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import CustgradeError

PLAIN = 10_001
"""The number of plain rows, more than formats are recognised from."""
CELLS = {
    "date": [
        *("epoch", "infinity", "24-01-05", "0024-01-05", "1970-01-01", "0999-12-31", "9999-12-31", "2025/03/01"),
        *("2025-3-1", " 2025-03-01", "2025-03-01 23:30:00", "2025-03-01T23:30:00-05:00", "2025-03-01 24:00:00"),
        *("2025-03-01T12:00:00Z", "2025-02-30", "20250301", "1.3.2025", "2025-03-01 garbage", "2025-03", "NULL", ""),
    ],
    "revenue": [
        *(
            "1e5",
            "1E-2",
            "5e-7",
            "1.2345675",
            "1.2345685",
            "1.0000000001",
            "0.1234564999999",
            "1_000",
            "1,234",
            "1.234",
        ),
        *("12,50", "-5-", "(5)", "5-", "+5", " 7 ", ".5", "1.", "0x1F", "inf", "nan", "true", "999999999999", "1e12"),
        *("1234567890.123456", "−5", "1 234", "€5", "--5", "N/A", ""),
    ],
    "enjoyable": ["4.5", "1e0", "5.0001", "4,5", "4.500", "inf", "nan", "", "x", "3.0000000000000001"],
    "complaints": ["2", "0.5", "-1", "1.234", "1,234", "1e3", ""],
}
ROWS = [(column, cell) for column, cells in CELLS.items() for cell in cells]


def _rows(column: str, cell: str) -> list[dict[str, str]]:
    chance = random.Random(f"{column}{cell}")
    plain = [
        {
            "customer_id": f"c{chance.randrange(50):02}",
            "date": f"2025-0{chance.randrange(1, 10)}-1{chance.randrange(10)}",
            "order_id": f"o{chance.randrange(4000)}",
            "revenue": f"{chance.randrange(-500, 9000) / 100:.2f}",
            "enjoyable": chance.choice(["3", "4.5", ""]),
            "complaints": chance.choice(["0", "1", "2"]),
        }
        for _ in range(PLAIN)
    ]
    return [*plain, {**plain[0], "customer_id": "odd", "order_id": "odd", column: cell}]


def _outcome(source: Any) -> Any:
    try:
        base = cg.read_orders(source, as_of="2025-12-31", order_total=False)
    except CustgradeError as error:
        return type(error), str(error).partition(": ")[2].replace("row ", "line ").split("line ")[-1].split(" ", 1)[-1]
    columns = {name: base[name].tolist() for name in base.columns}
    return list(base.ids), {name: [str(one) for one in column] for name, column in columns.items()}, base.left_out


@pytest.mark.parametrize(("column", "cell"), ROWS, ids=lambda value: repr(value))
def test_an_odd_cell_below_plain_ones(column: str, cell: str, tmp_path: Path) -> None:
    """A cell below ten thousand plain ones is read as the thorough way reads it, or refused for the same reason."""
    rows = _rows(column, cell)
    path = tmp_path / "orders.csv"
    with path.open("w", newline="", encoding="utf-8") as file:
        writer = csv.DictWriter(file, list(rows[0]))
        writer.writeheader()
        writer.writerows(rows)
    assert _outcome(path) == _outcome(pd.DataFrame(rows))
