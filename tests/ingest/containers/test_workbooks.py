"""Sheets of workbooks: which one is read, what its cells are as text, and the rows that messages name."""

from __future__ import annotations

import gzip
import io
import sys
import zipfile
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import Any
from xml.sax.saxutils import escape

import pytest
from attrs import frozen

import custgrade as cg
from custgrade.errors import MissingExtraError, SourceError

Cells = Callable[..., tuple[list[str], list[tuple[Any, ...]], list[int], list[str]]]
HIDDEN = ' state="hidden"'

Rows = Sequence[Sequence[Any]]


@frozen
class Day:
    """A day number that is formatted as a date."""

    number: float


@frozen
class Error:
    """An error such as #N/A, the result of a formula."""

    text: str


@frozen
class Formula:
    """A formula with the result that the spreadsheet kept."""

    result: float


def xlsx(sheets: Mapping[str, Rows], hidden: Sequence[str] = (), first_row: int = 1) -> bytes:
    """Return a workbook of Excel; first_row: the number of the first row of each sheet."""
    names = list(sheets)
    tabs = "".join(
        f'<sheet name="{escape(name)}" sheetId="{k}" r:id="r{k}"{HIDDEN if name in hidden else ""}/>'
        for k, name in enumerate(names, 1)
    )
    office = "http://schemas.openxmlformats.org/officeDocument/2006/relationships"
    package = "http://schemas.openxmlformats.org/package/2006"
    main = 'xmlns="http://schemas.openxmlformats.org/spreadsheetml/2006/main"'
    links = "".join(
        f'<Relationship Id="r{k}" Type="{office}/worksheet" Target="worksheets/sheet{k}.xml"/>'
        for k in range(1, len(names) + 1)
    )
    files = {
        "[Content_Types].xml": f'<Types xmlns="{package}/content-types"/>',
        "_rels/.rels": (
            f'<Relationships xmlns="{package}/relationships">'
            f'<Relationship Id="r1" Type="{office}/officeDocument" Target="xl/workbook.xml"/></Relationships>'
        ),
        "xl/workbook.xml": f'<workbook {main} xmlns:r="{office}"><sheets>{tabs}</sheets></workbook>',
        "xl/_rels/workbook.xml.rels": (
            f'<Relationships xmlns="{package}/relationships">{links}'
            f'<Relationship Id="s" Type="{office}/styles" Target="styles.xml"/></Relationships>'
        ),
        "xl/styles.xml": (
            f'<styleSheet {main}><cellXfs count="2"><xf numFmtId="0"/>'
            '<xf numFmtId="22" applyNumberFormat="1"/></cellXfs></styleSheet>'
        ),
    }
    for k, rows in enumerate(sheets.values(), 1):
        content = "".join(
            f'<row r="{r}">{"".join(_cell(cell, f"{chr(65 + c)}{r}") for c, cell in enumerate(row))}</row>'
            for r, row in enumerate(rows, first_row)
        )
        files[f"xl/worksheets/sheet{k}.xml"] = f"<worksheet {main}><sheetData>{content}</sheetData></worksheet>"
    return _packed(files)


def _cell(value: Any, place: str) -> str:
    match value:
        case None:
            return ""
        case bool():
            return f'<c r="{place}" t="b"><v>{int(value)}</v></c>'
        case int() | float():
            return f'<c r="{place}"><v>{value!r}</v></c>'
        case Day(number):
            return f'<c r="{place}" s="1"><v>{number!r}</v></c>'
        case Error(text):
            return f'<c r="{place}" t="e"><f>NA()</f><v>{text}</v></c>'
        case Formula(result):
            return f'<c r="{place}"><f>1+1</f><v>{result!r}</v></c>'
    return f'<c r="{place}" t="inlineStr"><is><t xml:space="preserve">{escape(value)}</t></is></c>'


def ods(rows: Rows) -> bytes:
    """Return a workbook of OpenDocument with one sheet of texts, numbers and dates (texts of the form YYYY-MM-DD)."""
    space = "urn:oasis:names:tc:opendocument:xmlns"
    begin = "<table:table-cell office:value-type="
    cells = {
        str: lambda value: f'{begin}"string"><text:p>{escape(value)}</text:p></table:table-cell>',
        float: lambda value: f'{begin}"float" office:value="{value!r}"/>',
        int: lambda value: f'{begin}"float" office:value="{value}"/>',
        Day: lambda value: f'{begin}"date" office:date-value="{value.number}"/>',
    }
    table = "".join(
        f"<table:table-row>{''.join(cells[type(value)](value) for value in row)}</table:table-row>" for row in rows
    )
    content = (
        f'<office:document-content xmlns:office="{space}:office:1.0" xmlns:table="{space}:table:1.0" '
        f'xmlns:text="{space}:text:1.0"><office:body><office:spreadsheet><table:table table:name="Sheet1">{table}'
        "</table:table></office:spreadsheet></office:body></office:document-content>"
    )
    media = "application/vnd.oasis.opendocument.spreadsheet"
    manifest = (
        f'<manifest:manifest xmlns:manifest="{space}:manifest:1.0">'
        f'<manifest:file-entry manifest:full-path="/" manifest:media-type="{media}"/></manifest:manifest>'
    )
    return _packed({"mimetype": media, "content.xml": content, "META-INF/manifest.xml": manifest})


def _packed(files: Mapping[str, str]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_DEFLATED) as archive:
        for name, content in files.items():
            head = '<?xml version="1.0" encoding="UTF-8"?>' if content.startswith("<") else ""
            archive.writestr(name, head + content, zipfile.ZIP_STORED if name == "mimetype" else zipfile.ZIP_DEFLATED)
    return buffer.getvalue()


TABLE: Rows = [
    ["customer_id", "date", "revenue", "note"],
    [1001.0, Day(45660), 10.1, 'x\n"y"'],
    [4006381333931, Day(45661.4375), Formula(20.0), None],
    [None, None, None, None],
    ["007", Day(45662), -0.1, Error("#N/A")],
]
ROWS = [
    ("1001", "2025-01-03", "10.1", 'x\n"y"'),
    ("4006381333931", "2025-01-04 10:30:00", "20", None),
    ("007", "2025-01-05", "-0.1", "#N/A"),
]


def test_cells_are_read_as_the_sheet_shows_them(cells: Cells) -> None:
    """Dates stay dates, ids stay whole, numbers are exact, errors are texts; empty rows are left out."""
    assert cells(xlsx({"Orders": TABLE})) == (list(TABLE[0]), ROWS, [2, 3, 5], [])
    assert cells(gzip.compress(xlsx({"Orders": TABLE})))[1] == ROWS


@pytest.mark.parametrize(
    ("cell", "text"),
    [
        (0.1 + 0.2, "0.30000000000000004"),
        (1e15, "1000000000000000.0"),
        (8.712e12, "8712000000000"),
        (1e300, "1e+300"),
        (-5.0, "-5"),
        (True, "TRUE"),
        (False, "FALSE"),
        (Day(0.4375), "10:30:00"),
        (Day(45660.999999999), "2025-01-04"),
        (Error("#REF!"), "#REF!"),
        ("  007 ", "  007 "),
        ("Größe 東京", "Größe 東京"),
        ("a,b;c", "a,b;c"),
    ],
    ids=str,
)
def test_a_cell_as_text(cell: Any, text: str, cells: Cells) -> None:
    """A cell of each kind has the text that is promised."""
    assert cells(xlsx({"s": [["a", "b"], ["x", cell]]}))[1] == [("x", text)]


def test_opendocument_is_read_alike(cells: Cells) -> None:
    """A sheet of OpenDocument gives the same texts."""
    rows = [["id", "date", "rev"], [7.0, Day("2025-01-03"), 10.5], ["007", Day("2025-01-04T10:30:00"), 2]]
    expected = [("7", "2025-01-03", "10.5"), ("007", "2025-01-04 10:30:00", "2")]
    assert cells(ods(rows))[:2] == (["id", "date", "rev"], expected)


def test_a_workbook_of_old_excel_is_read(cells: Cells) -> None:
    """A .xls file, which LibreOffice wrote, is read below its titles."""
    names, rows, places, notes = cells(Path(__file__).with_name("orders.xls"))
    assert names == ["customer_id", "date", "order_id", "revenue", "Note", "when", "flag", "err"]
    assert rows[0] == ("1001", "2025-01-03", "007", "10.1", "x\ny", "10:30:00", "TRUE", None)
    assert (rows[1][1], places) == ("2025-01-04 10:30:00", [6, 7, 9])
    assert "the header is row 5" in notes[1]


def test_the_table_may_stand_anywhere(cells: Cells) -> None:
    """Titles, empty rows and empty columns around the table are left aside, and stated."""
    shifted = [[None, "Sales 2025", None], [None], *([None, *row] for row in TABLE)]
    names, rows, places, notes = cells(xlsx({"Orders": shifted}, first_row=3))
    assert (names, rows, places) == (list(TABLE[0]), ROWS, [6, 7, 9])
    assert notes == ["a.csv, sheet 'Orders': the header is row 5, below 1 row: 'Sales 2025'"]


def test_the_only_sheet_with_rows_is_read_and_stated(cells: Cells) -> None:
    """Empty and hidden sheets don't count; several others stop with their sizes."""
    found = cells(xlsx({"Empty": [], "Orders": TABLE, "Lists": [["x"]]}, hidden=["Lists"]))
    assert (found[1], found[3]) == (
        ROWS,
        ["a.csv: the sheet 'Orders' is read; hidden, empty or without cells: 'Empty', 'Lists'"],
    )
    both = xlsx({"Orders": TABLE, "B b": [["id", "rev"], ["x", 1]]})
    with pytest.raises(
        SourceError, match=r"has 2 sheets with rows: 'Orders' \(5 rows × 4 columns\), 'B b' \(2 rows × 2"
    ) as caught:
        cells(both)
    assert caught.value.hint is not None and "--sheet Orders" in caught.value.hint.option
    for wanted in ("B b", "2", " b B"):
        assert cells(both, sheet=wanted)[:2] == (["id", "rev"], [("x", "1")])
    with pytest.raises(SourceError, match=r"has no sheet '3'. It has: 'Orders', 'B b'"):
        cells(both, sheet="3")
    with pytest.raises(SourceError, match="the sheet 'Empty' is empty"):
        cells(xlsx({"Empty": [], "Orders": TABLE}), sheet="Empty")
    with pytest.raises(SourceError, match="no sheet with rows"):
        cells(xlsx({"Empty": []}))


def test_bad_rows_are_named_by_their_row(tmp_path: Path) -> None:
    """A message names the row of the sheet."""
    (tmp_path / "o.xlsx").write_bytes(xlsx({"s": [["Title"], *TABLE[:4], ["x", "never", 1.0]]}, first_row=2))
    with pytest.raises(cg.CustgradeError, match="row 7: unreadable date"):
        cg.read_orders(tmp_path / "o.xlsx")


def test_damage_is_an_error(cells: Cells) -> None:
    """A cut workbook, a spoiled one, one of another kind and one without a header are refused."""
    content = xlsx({"Orders": TABLE})
    with pytest.raises(SourceError, match="damaged ZIP or Excel file"):
        cells(content[:-40])
    with pytest.raises(SourceError, match="can't be read"):
        cells(b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1" + bytes(2000))
    with pytest.raises(SourceError, match="more than one column named 'a'"):
        cells(xlsx({"s": [["a", "b", "a"], ["x", 1, 2]]}))
    with pytest.raises(SourceError, match="no header line"):
        cells(xlsx({"s": [["A", Day(45660), 10.5], ["B", Day(45661), 11.5]]}))


def test_the_extra_is_named(monkeypatch: pytest.MonkeyPatch, cells: Cells) -> None:
    """Without python-calamine the message has the command that installs it."""
    monkeypatch.setitem(sys.modules, "python_calamine", None)
    with pytest.raises(MissingExtraError, match=r"pip install 'custgrade\[excel\]'"):
        cells(xlsx({"Orders": TABLE}))
