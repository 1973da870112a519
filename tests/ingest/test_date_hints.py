"""What an error proposes for dates that can't be read: a format that reads all of them, and every reading there is."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pandas as pd
import polars as pl
import pyarrow as pa
import pytest

import custgrade as cg
from custgrade.errors import BadRowsError, SourceError

FORMS = [
    "%d.%m.%Y", "%d/%m/%Y", "%m/%d/%Y", "%d-%m-%Y", "%d.%m.%y", "%m/%d/%y", "%Y.%m.%d", "%Y%m%d", "%d%m%Y",
    "%d %b %Y", "%d %B %Y", "%b %d, %Y", "%B %d, %Y", "%d-%b-%y", "%a, %d %b %Y", "%A, %B %d, %Y", "%d/%m/%Y %H:%M",
    "%m/%d/%Y %I:%M %p", "%d.%m.%Y %H:%M:%S", "%Y%m%d %H:%M",
]  # fmt: skip


def _message(texts: list[str], **options: Any) -> str:
    frame = pd.DataFrame({"customer_id": [f"C{k}" for k in range(len(texts))], "date": texts})
    with pytest.raises(SourceError) as caught:
        cg.read_orders(frame, **options)
    return str(caught.value)


@pytest.mark.parametrize("form", FORMS)
def test_dates_in_a_format_are_read_as_they_were_meant(form: str) -> None:
    """Dates in one of the usual formats are read as they were meant, and a note says in which format."""
    chance = random.Random(form)
    first = dt.datetime(2024, 1, 1)
    days = [dt.datetime(2024, 12, 31), *(first + dt.timedelta(chance.randrange(700)) for _ in range(60))]
    texts = [day.strftime(form) for day in days]
    frame = pd.DataFrame({"customer_id": [f"C{k:02}" for k in range(len(texts))], "date": texts})
    base = cg.read_orders(frame, as_of="2026-12-31")
    assert base["recency"].tolist() == [(dt.datetime(2026, 12, 31) - day).days for day in days]
    assert any(note.startswith("dates in 'date' are written as %") for note in base.notes)


def test_both_readings_are_given_where_both_fit() -> None:
    """Days up to 12 fit day first and month first: both formats are given, each with its reading of the first date."""
    message = _message(["05/06/2024", "07/08/2024"])
    assert 'date_format="%d/%m/%Y" (05/06/2024 is 2024-06-05)' in message
    assert 'date_format="%m/%d/%Y" (05/06/2024 is 2024-05-06)' in message
    message = _message(["17-06-05"])
    assert '"%d-%m-%y" (17-06-05 is 2005-06-17)' in message
    assert '"%y-%m-%d" (17-06-05 is 2017-06-05)' in message


def test_a_later_row_decides_between_formats(tmp_path: Path) -> None:
    """A day above 12 anywhere in the file decides, however many rows before it fit both formats."""
    lines = ["customer_id,date,profit", *(f"c{k},05/06/2024,1" for k in range(12_000)), "z,06/13/2024,1"]
    path = tmp_path / "orders.csv"
    path.write_text("\n".join(lines), encoding="utf-8")
    assert (
        cg.read_orders(path, as_of="2024-12-31")["recency"].tolist()[0]
        == (dt.date(2024, 12, 31) - dt.date(2024, 5, 6)).days
    )


def test_between_points_the_day_comes_first() -> None:
    """Nobody writes the month first between points, so 11.02.25 is a day in February."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "date": ["11.02.25", "01.03.25"]})
    assert cg.read_orders(frame)["recency"].tolist() == [18.0, 0.0]


def test_a_year_of_two_digits_is_no_year_of_four() -> None:
    """11.02.25 is never a day of the year 25: with %Y it can't be read, and the error says why."""
    message = _message(["11.02.25", "09.03.2025"], date_format="%d.%m.%Y")
    assert [part for part in ("'11.02.25'", "two digits") if part not in message] == []
    assert '"%d.%m.%y"' in _message(["11.02.25"], date_format="%d.%m.%Y")


def test_day_numbers_of_spreadsheets() -> None:
    """Day numbers stop with the day that they look like; the format `excel` reads them from text and from numbers."""
    message = _message(["45699", "45700.5"])
    assert [part for part in ("45699", "2025-02-11", 'date_format="excel"') if part not in message] == []
    for days in (["45699", "45700.5"], [45699, 45700], [45699.0, 45700.99]):
        frame = pd.DataFrame({"customer_id": ["a", "b"], "date": days})
        base = cg.read_orders(frame, date_format="excel")
        assert base.period is not None
        assert (base.period.start, base.period.end) == (dt.date(2025, 2, 11), dt.date(2025, 2, 12))


ZONED = ["2025-03-01T23:30:00-05:00", "2025-03-01T22:30:00Z", "2025-03-01 12:00:00+00"]


def _zoned(kind: str, folder: Path) -> Any:
    instants = pd.to_datetime(pd.Series(ZONED), utc=True, format="ISO8601")
    ids = ["a", "b", "c"]
    if kind == "csv":
        path = folder / "orders.csv"
        pd.DataFrame({"customer_id": ids, "date": ZONED}).to_csv(path, index=False)
        return path
    frame = pd.DataFrame({"customer_id": ids, "date": instants.dt.tz_convert("America/New_York")})
    if kind == "parquet":
        frame.to_parquet(folder / "orders.parquet")
        return folder / "orders.parquet"
    return pl.from_pandas(frame) if kind == "polars" else pa.table(frame) if kind == "pyarrow" else frame


@pytest.mark.parametrize("kind", ["csv", "parquet", "pandas", "polars", "pyarrow"])
def test_one_rule_for_time_zones(kind: str, tmp_path: Path) -> None:
    """A timestamp with an offset or a zone is the day in UTC, or in the given zone, from whatever source it comes."""
    for zone, days in (
        (None, [2, 1, 1]),
        ("Europe/Berlin", [2, 1, 1]),
        ("Asia/Tokyo", [2, 2, 1]),
        ("America/New_York", [1, 1, 1]),
    ):
        base = cg.read_orders(_zoned(kind, tmp_path), time_zone=zone, as_of="2025-03-02")
        assert base["recency"].tolist() == [2.0 - day for day in days]


OFFSETS = [
    *("2025-02-11 23:44:00 -0500", "2025-02-11 23:44:00 -05:00", "2025-02-11T23:44:00-05", "2025-02-12T04:44:00.000Z"),
    *("11.02.2025 23:44 -0500", "2025-02-12 04:44:00 UTC", "12 Feb 2025 04:44:00 GMT", "02/11/2025 23:44:00 -05:00"),
]


@pytest.mark.parametrize("text", OFFSETS)
def test_offsets_in_all_usual_forms(text: str) -> None:
    """A timestamp with an offset is the moment that it says, in whatever form, and a note names the zone of its day."""
    frame = pd.DataFrame({"customer_id": ["a"], "date": [text]})
    form = "%m/%d/%Y %H:%M:%S %z" if "/" in text else None
    assert cg.read_orders(frame, date_format=form).as_of == dt.date(2025, 2, 12)
    base = cg.read_orders(frame, date_format=form, time_zone="America/New_York")
    assert base.as_of == dt.date(2025, 2, 11)
    assert "timestamps in 'date' are days in the zone America/New_York" in base.notes


def test_an_unknown_time_zone_is_refused() -> None:
    """A zone that doesn't exist is refused with the reason."""
    assert "'Mars/Olympus'" in _message(["2025-03-01"], time_zone="Mars/Olympus")


NO_DATES = ["yesterday", "2024-02-30", "2025-13-01", "", "12", "x'; --", "1/2/3/4/5/6/7"]


@pytest.mark.parametrize("text", NO_DATES, ids=repr)
def test_nothing_is_proposed_for_what_is_no_date(text: str) -> None:
    """Where no format fits, none is proposed."""
    assert "date_format" not in _message([text])


def test_a_format_that_breaks_other_dates_is_not_proposed() -> None:
    """Where some dates are read and others written differently, that is said."""
    message = _message(["2024-01-05", "31/12/2024"])
    assert "date_format=" not in message
    assert "in the same format; they have several" in message


def test_a_wrong_format_is_put_right() -> None:
    """With a format that reads half of the dates, one that reads all is proposed."""
    frame = pd.DataFrame({"customer_id": ["a", "b"], "date": ["05/06/2024", "31/12/2024"]})
    with pytest.raises(BadRowsError, match=r'date_format="%d/%m/%Y" \(31/12/2024 is 2024-12-31\)\.'):
        cg.read_orders(frame, date_format="%m/%d/%Y")


def test_the_command_line_names_its_flag(put: Callable[..., Path], refused: Callable[..., str]) -> None:
    """On the command line the same formats come in flags, ready to paste."""
    path = put("o.csv", "customer_id,date,profit\nA,11/12/2024,1\n")
    message = refused("grade", "--orders", path, "--scorer", "abcde")
    assert "--date-format '%d/%m/%Y' (11/12/2024 is 2024-12-11)" in message
