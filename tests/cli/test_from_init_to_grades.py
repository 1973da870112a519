"""From files as people have them to grades: `custgrade init`, then `custgrade grade --config`, without a flag."""

from __future__ import annotations

import sys
from collections.abc import Callable
from pathlib import Path

import numpy as np
import pandas as pd
import pytest

sys.path.append(str(Path(__file__).parents[2] / "benchmarks"))
import invoice_lines

import custgrade as cg

ROOT = Path(__file__).parents[2]
SUPERSTORE = ROOT.parent / "shared" / "data" / "superstore" / "superstore.csv"
Command = Callable[..., tuple[int, str, str]]
Graded = Callable[..., tuple[pd.DataFrame, str]]

FRENCH = """\
Export des ventes;;;;
Période : janvier à mars 2025;;;;

Code client;Date facture;N° facture;Montant HT;Coût
C001;15/01/2025;F1;1 204,50;843,15
C001;20/03/2025;F2;80,00;56,00
C002;14/02/2025;F3;640,00;448,00
C002;28/02/2025;F4;-40,00;-28,00
Total;;;1 884,50;1 319,15
"""
GERMAN = """\
Kunden-Nr.;Rechnungsdatum;Rechnungs-Nr.;Betrag netto;Rohertrag
10023;11.02.2025;R-1;1.204,50;361,35
10058;14.02.2025;R-3;640,00;192,00
10058;28.02.2025;R-4;-40,00;-12,00
"""


@pytest.fixture
def graded(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, command: Command
) -> Callable[..., tuple[pd.DataFrame, str]]:
    """Return a function that runs both commands on files, and returns the graded rows and the report."""
    monkeypatch.chdir(tmp_path)

    def run(*files: str | Path) -> tuple[pd.DataFrame, str]:
        status, out, err = command("init", *files)
        assert status == 0, out + err
        status, out, err = command("grade", "--config", "custgrade.toml", "--out", "graded.csv")
        assert status == 0, out + err
        return pd.read_csv("graded.csv", dtype={"customer_id": str}).set_index("customer_id"), out

    return run


def test_a_french_export(graded: Graded) -> None:
    """A file in Windows-1252 with title lines, blanks for thousands, costs and a total is graded by profit."""
    Path("ventes.csv").write_bytes(FRENCH.encode("cp1252"))
    rows, report = graded("ventes.csv")
    assert rows["revenue"].to_dict() == {"C001": 1284.5, "C002": 600.0}
    assert rows["profit"].to_dict() == {"C001": 385.35, "C002": 180.0}
    assert "graded by profit" in report
    assert "1 order line: a row of totals" in report


def test_a_german_export(graded: Graded) -> None:
    """A file of an accounting program with points for thousands and German dates is graded by profit."""
    Path("rechnungen.csv").write_text(GERMAN, encoding="utf-8")
    rows, _ = graded("rechnungen.csv")
    assert rows["profit"].to_dict() == {"10023": 361.35, "10058": 180.0}
    assert rows["recency"].to_dict() == {"10023": 17, "10058": 14}


def test_a_workbook_with_titles_and_a_total(graded: Graded) -> None:
    """A sheet with title lines and a row of totals is graded by its customers only."""
    rows, report = graded(ROOT / "examples" / "till.xlsx")
    assert len(rows) == 5
    assert "a row of totals, 'Total'" in report


def test_a_folder_of_daily_files(graded: Graded) -> None:
    """305 daily files of a till, with cancelled invoices and lines without a customer, give what NumPy adds up."""
    invoice_lines.write(Path("days"), 40_000)
    assert len(list(Path("days").iterdir())) == invoice_lines.OPEN_DAYS
    rows, report = graded("days")
    lines = pd.DataFrame(invoice_lines.columns(40_000))
    lines = lines[lines["customer"] > 0]
    cents = np.round(lines["price"] * 100).astype(int) * lines["quantity"]
    expected = cents.groupby(lines["customer"].astype(str)).sum() / 100
    assert rows["revenue"].round(2).to_dict() == expected.to_dict()
    sold = lines[~lines["cancelled"]].groupby(lines["customer"].astype(str))["number"].nunique()
    assert rows["orders"].astype(int).to_dict() == sold.reindex(expected.index, fill_value=0).to_dict()
    assert "without a customer id" in report


@pytest.mark.skipif(not SUPERSTORE.exists(), reason="../shared/data is absent")
def test_superstore(graded: Graded) -> None:
    """The Superstore data set gives the revenue and profit of its 793 customers."""
    rows, report = graded(SUPERSTORE)
    assert len(rows) == 793
    assert rows["revenue"].sum() == pytest.approx(2_297_200.8603, abs=1e-6)
    assert rows["profit"].sum() == pytest.approx(286_397.0217, abs=1e-6)
    assert "graded by profit" in report


def test_python_reads_the_same(graded: Graded) -> None:
    """What the command line recognised, Python recognises too."""
    Path("ventes.csv").write_bytes(FRENCH.encode("cp1252"))
    rows, _ = graded("ventes.csv")
    columns = {"customer_id": "Code client", "date": "Date facture", "revenue": "Montant HT", "cost": "Coût"}
    base = cg.read_orders("ventes.csv", {**columns, "order_id": "N° facture"})
    assert dict(zip(base.ids, base["profit"], strict=True)) == rows["profit"].to_dict()
