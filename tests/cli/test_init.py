"""`custgrade init`: a configuration for files as people have them, with which `custgrade grade` runs."""

from __future__ import annotations

import random
import tomllib
from collections.abc import Callable
from pathlib import Path

import pytest

from custgrade.toml_files import read_toml

ROOT = Path(__file__).parents[2]
SUPERSTORE = ROOT.parent / "shared/data/superstore/superstore.csv"
Succeeds = Callable[..., str]


def german(rows: int = 60, sign: str = ",") -> str:
    """Return order lines of an accounting program, with decimal commas and a gross amount beside the net one."""
    chance = random.Random(3)
    lines = ["Rechnungsnummer;Rechnungsdatum;Kundennummer;Kunde;Betrag netto;Betrag brutto;Rohertrag;PLZ"]
    for n in range(rows):
        net, customer = chance.randint(1000, 900000), chance.randint(501, 512)
        amounts = (net, net * 119 // 100, net // 3)
        written = (
            f"{cents // 100:,}{'.'}{cents % 100:02}".translate(str.maketrans(",.", f".{sign}")) for cents in amounts
        )
        day = f"{1 + n % 28:02}.{1 + n % 12:02}.2024"
        lines.append(f"R{n};{day};{customer};Kunde {customer - 500} GmbH;{';'.join(written)};{40000 + customer}")
    return "\n".join(lines) + "\n"


@pytest.fixture
def written(here: Path, succeeds: Succeeds) -> Callable[..., dict[str, dict[str, object]]]:
    """Return a function that writes a file, runs `init` on it, and returns the configuration."""

    def run(text: str, encoding: str = "utf-8") -> dict[str, dict[str, object]]:
        (here / "file.csv").write_text(text, encoding=encoding)
        (here / "custgrade.toml").unlink(missing_ok=True)
        succeeds("init", "file.csv")
        return dict(read_toml(here / "custgrade.toml").content)

    return run


@pytest.mark.skipif(not SUPERSTORE.exists(), reason="the data set Superstore isn't here")
def test_superstore_is_graded_without_a_flag(here: Path, succeeds: Succeeds) -> None:
    """The totals of the graded customers are those of the file."""
    said = succeeds("init", SUPERSTORE)
    assert "next: custgrade grade --config custgrade.toml" in said
    out = succeeds("grade", "--config", "custgrade.toml")
    assert "2,297,200.86" in out
    assert "286,397.02" in out
    assert "793" in out


def test_a_german_export_is_graded_without_a_flag(written: Callable[..., dict], succeeds: Succeeds) -> None:
    """The net amount is revenue, the decimal comma and the dates are settled, and gross amounts and postcodes aside."""
    found = written(german())
    assert found["columns"] == {
        "customer_id": "Kundennummer",
        "date": "Rechnungsdatum",
        "order_id": "Rechnungsnummer",
        "revenue": "Betrag netto",
        "profit": "Rohertrag",
    }
    assert (found["source"]["decimal"], found["source"]["date_format"]) == ("comma", "%d.%m.%Y")
    assert found["source"]["name_column"] == "Kunde"
    assert found["scorer"] == {"name": "abcde", "parameters": {"by": "profit"}}
    assert "12" in succeeds("grade", "--config", "custgrade.toml")


def test_quantity_times_price_is_revenue(written: Callable[..., dict], succeeds: Succeeds) -> None:
    """Lines with quantities and unit prices are graded by revenue, cancelled invoices and blank ids included."""
    chance = random.Random(5)
    lines = ["InvoiceNo,StockCode,Description,Quantity,InvoiceDate,UnitPrice,CustomerID,Country"]
    for n in range(120):
        customer, price = chance.choice(["", *map(str, range(12346, 12360))]), chance.randint(50, 2000) / 100
        invoice, quantity = (f"C{n}", -2) if n % 20 == 0 else (str(536365 + n // 3), chance.randint(1, 24))
        if invoice.isdigit():
            customer = str(12346 + int(invoice) % 14)
        lines.append(f"{invoice},A{n % 9},LAMP,{quantity},{1 + n % 12}/{1 + n % 28}/2011 8:26,{price},{customer},UK")
    found = written("\n".join(lines) + "\n")
    assert found["columns"] == {
        "customer_id": "CustomerID",
        "date": "InvoiceDate",
        "order_id": "InvoiceNo",
        "quantity": "Quantity",
        "unit_price": "UnitPrice",
    }
    assert found["scorer"]["parameters"] == {"by": "revenue"}
    assert "graded by revenue" in succeeds("grade", "--config", "custgrade.toml")


def test_dates_and_signs_that_may_be_read_in_two_ways_are_left_to_the_reader(
    written: Callable[..., dict], here: Path
) -> None:
    """Both readings are in the file, marked as doubtful, and none is used."""
    found = written("customer_id;date;revenue\nk1;03/04/2025;3.000\nk2;05/06/2025;640\nk1;07/08/2025;1.800\n")
    assert not {"decimal", "date_format"} & found["source"].keys()
    text = (here / "custgrade.toml").read_text(encoding="utf-8")
    for line in ('decimal = "comma"', 'decimal = "point"', 'date_format = "%d/%m/%Y"', 'date_format = "%m/%d/%Y"'):
        assert f"# doubtful: {line}" in text


@pytest.mark.parametrize(
    ("header", "field"),
    [
        ("Ship Date", "date"),
        ("Betrag brutto", "revenue"),
        ("Row ID", "customer_id"),
        ("Postal Code", "revenue"),
        ("Annual Revenue", "revenue"),
        ("Profit Margin", "profit"),
        ("Year", "date"),
        ("Sales Rep ID", "customer_id"),
        ("Customer Type", "customer_id"),
        ("Versandkosten", "revenue"),
    ],
)
def test_a_column_that_only_resembles_a_field_is_not_used(
    header: str, field: str, written: Callable[..., dict]
) -> None:
    """A column of another meaning is never active for the field that its name resembles."""
    found = written(f"{header},Code\n" + "".join(f"2025,{n}\n" for n in range(30)))
    assert header not in found["columns"].values()


def test_a_missing_id_is_said_and_the_file_is_written(
    here: Path, succeeds: Succeeds, refused: Callable[..., str]
) -> None:
    """The report says what must be filled in; grading then fails by that name."""
    (here / "f.csv").write_text("Order Date,Sales\n2025-01-01,10.5\n2025-01-02,20.5\n", encoding="utf-8")
    said = succeeds("init", "f.csv")
    assert "custgrade grade can't run until this is filled in: customer_id" in said
    assert "TO FILL IN: customer_id" in (here / "custgrade.toml").read_text(encoding="utf-8")
    assert "customer_id" in refused("grade", "--config", "custgrade.toml")


def test_an_existing_file_is_not_replaced(here: Path, refused: Callable[..., str], succeeds: Succeeds) -> None:
    """The message names --out; nothing is written."""
    (here / "f.csv").write_text("customer_id,profit\na,1\nb,2\n", encoding="utf-8")
    (here / "custgrade.toml").write_text("# mine\n", encoding="utf-8")
    assert "--out FILE" in refused("init", "f.csv")
    assert (here / "custgrade.toml").read_text(encoding="utf-8") == "# mine\n"
    succeeds("init", "f.csv", "--out", "other.toml")
    assert ".toml" in refused("init", "f.csv", "--out", "other.csv")


def test_names_that_would_break_toml_are_escaped(here: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    """Quotes, line breaks, backslashes and marks of direction in names give a valid file with the same names."""
    odd = 'Cust\\omer "ID"\x7f\u202e'
    (here / "f.csv").write_text(
        '"Customer ID","Cust\\omer ""ID""\x7f\u202e","a\nb",Profit\n' + "k1,x,y,3.5\nk2,x,y,4.5\n", encoding="utf-8"
    )
    status, text, report = command("init", "f.csv", "--out", "-")
    assert (status, "\u202e" in report) == (0, False)
    assert tomllib.loads(text)["columns"]["profit"] == "Profit"
    assert odd not in text
    assert list(here.glob("*.toml")) == []


def test_orders_and_a_survey_are_joined(here: Path, succeeds: Succeeds) -> None:
    """Files of both kinds make one configuration, in whatever order they are given."""
    out = here / "both.toml"
    succeeds("init", ROOT / "examples/survey.csv", ROOT / "examples/orders.csv", "--out", out)
    source = read_toml(out).content["source"]
    assert source["orders"].endswith("examples/orders.csv")
    assert source["customers"].endswith("examples/survey.csv")
    assert "500" in succeeds("grade", "--config", out)


def test_files_that_name_the_customer_differently_are_not_joined(here: Path, succeeds: Succeeds) -> None:
    """A field has one column name in all files, so the second file is left out with the reason."""
    (here / "o.csv").write_text(
        "Customer ID,Order Date,Sales\n1,2025-01-01,10.5\n2,2025-01-02,7.5\n1,2025-02-02,9.5\n", encoding="utf-8"
    )
    (here / "c.csv").write_text("Kundennummer,Potenzial\n1,500.5\n2,700.5\n", encoding="utf-8")
    said = succeeds("init", "o.csv", "c.csv")
    assert "left out: c.csv: customer_id is 'Kundennummer' here" in said
    assert "revenue" in succeeds("grade", "--config", "custgrade.toml")


def test_each_field_is_suggested_by_what_it_is_called(tmp_path: Path) -> None:
    """Suggestions for missing fields come from names in other languages; fields without a column are left out."""
    from custgrade.ingest.read_options import ReadOptions
    from custgrade.ingest.sources.opening import open_source
    from custgrade.recognising.suggestions import suggestions

    (tmp_path / "f.csv").write_text(german(), encoding="utf-8")
    found = suggestions(open_source(str(tmp_path / "f.csv"), ReadOptions()), ["customer_id", "date", "category"])
    assert found == {"customer_id": "Kundennummer", "date": "Rechnungsdatum"}
