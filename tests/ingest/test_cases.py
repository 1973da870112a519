"""The public bug reports of the field, by folder of `../shared/cases`: what is right is what custgrade does.

The folders are kept beside the project; where they are absent, the tests are skipped. Each kind has tests of its own,
with inputs made there.
"""

from __future__ import annotations

import io
from collections.abc import Callable
from pathlib import Path

import pytest

CASES = Path(__file__).parents[3] / "shared" / "cases"
HALVES = ["--scorer", "abcde", "--param", "letters=AB", "--param", 'shares=["0.5","0.5"]']
GERMAN = [f"--column={pair}" for pair in ("customer_id=Nr", "date=Datum", "order_id=Beleg", "revenue=Umsatz")]
TIMES = [f"--column={pair}" for pair in ("customer_id=CustomerID", "date=InvoiceDate", "order_id=Invoice")]
TIMES += ["--column=quantity=Quantity", "--column=unit_price=UnitPrice", "--date-format=%m/%d/%Y %H:%M"]
STOPS, GRADES = 2, 0

TABLE: dict[str, list[tuple[list[str], int, list[str]]]] = {
    "amount-signs": [
        (["--orders", "orders.csv"], GRADES, ["52.80", "710.00"]),
        (["--orders", "trailing-minus.csv"], GRADES, ["52.80"]),
        (["--orders", "true-minus.csv"], GRADES, ["52.80"]),
        (["--orders", "apostrophe.csv"], GRADES, ["2,310.75"]),
    ],
    "any-column": [(["--customers", "leads.csv", "--param", "by=lead_score"], GRADES, ["lead score"])],
    "cancelled-order": [(["--orders", "orders.csv", "--param", "by=orders"], GRADES, ["is a return", "at least 1"])],
    "compressed": [
        (["--orders", "orders.csv.zst"], GRADES, ["120.00"]),
        (["--orders", "orders.csv.bz2"], GRADES, ["120.00"]),
    ],
    "credit-note-cost": [
        (["--orders", "orders.csv"], GRADES, ["--cost-sign 'of revenue'", "-900.00"]),
        (["--orders", "orders.csv", "--cost-sign", "of revenue"], GRADES, ["0.00"]),
    ],
    "decimal-comma": [
        (["--orders", "german.csv", *GERMAN, "--column=profit=Rohertrag"], GRADES, ["2,310.75", "551.20"]),
        (["--orders", "french.csv"], GRADES, ["2,310.75", "560.20"]),
        (
            [
                "--orders",
                "german-cp1252.csv",
                "--column=customer_id=Kundenschlüssel",
                *GERMAN[1:],
                "--column=profit=Rohertrag",
            ],
            GRADES,
            ["cp1252", "2,310.75"],
        ),
    ],
    "dot-thousands": [
        (["--orders", "orders.csv", "--param", "by=revenue"], STOPS, ["3000", "3.000", "--decimal comma"]),
        (["--orders", "orders.csv", "--param", "by=revenue", "--decimal", "comma"], GRADES, ["4,800.00", "640.00"]),
    ],
    "excel-serial-dates": [
        (["--orders", "orders.csv"], STOPS, ["45699", "2025-02-11", "--date-format 'excel'"]),
        (["--orders", "orders.csv", "--date-format", "excel"], GRADES, ["2025-02-11 to 2025-02-14"]),
    ],
    "float-ids": [
        (["--orders", "orders.csv", "--customers", "survey.csv", "--param", "by=potential"], GRADES, ["7101.0"])
    ],
    "header-blanks": [(["--orders", "orders.csv"], GRADES, ["customer_id"])],
    "last-visit-date": [
        (
            ["--customers", "customers.csv", "--column=recency=last_visit", "--param", "by=recency"],
            STOPS,
            ["--column 'last_order=last_visit'"],
        ),
        (
            ["--customers", "customers.csv", "--column=last_order=last_visit", "--param", "by=recency"],
            GRADES,
            ["the newest last_order"],
        ),
    ],
    "many-files": [
        (["--orders", "."], GRADES, ["2025-01.csv, 2025-02.csv", "125.00"]),
        (["--orders", "2025-*.csv"], GRADES, ["125.00"]),
        (["--orders", "2025-01.csv", "--orders", "2025-02.csv"], GRADES, ["125.00"]),
    ],
    "merged-customers": [
        (["--orders", "orders.csv"], GRADES, ["140.00"]),
        (["--orders", "orders.csv", "--aliases", "same.csv"], GRADES, ["1 of 1 old ids"]),
        (["--orders", "emails.csv"], GRADES, ["capitals", "--aliases"]),
    ],
    "missing-codes": [
        (["--customers", "customers.csv"], GRADES, ["-99999", "--missing"]),
        (["--customers", "customers.csv", "--missing", "-99999,99999999"], GRADES, ["ungraded: 1 customer"]),
    ],
    "optional-header": [
        (["--orders", "orders.csv", "--param", "by=orders"], GRADES, ["order_id from 'Order_ID'"]),
    ],
    "order-status": [
        (["--orders", "orders.csv"], GRADES, ["--except status=cancelled"]),
        (["--orders", "orders.csv", "--only", "status=completed"], GRADES, ["status is 'cancelled'"]),
    ],
    "placeholder-ids": [(["--orders", "orders.csv"], GRADES, ["without a customer id", "'NULL'", "'N/A'"])],
    "quantity-times-price": [(["--orders", "orders.csv", *TIMES, "--param", "by=revenue"], GRADES, ["28.70", "30.00"])],
    "recency-direction": [(["--orders", "orders.csv", "--param", "by=recency"], GRADES, ["lowest first"])],
    "repeated-order-total": [
        (["--orders", "orders.csv"], GRADES, ["--order-total", "420", "340"]),
        (["--orders", "orders.csv", "--order-total"], GRADES, ["200.00", "140.00"]),
    ],
    "scientific-ids": [(["--orders", "orders.csv"], STOPS, ["8.71200E+12", "text"])],
    "skip-drops-sale": [(["--orders", "orders.csv", "--on-bad-rows", "skip"], GRADES, ["4,570.00"])],
    "stdin": [(["--orders", "-"], GRADES, ["standard input", "120.00"])],
    "total-row": [(["--customers", "customers.csv"], GRADES, ["Grand Total", "220.00"])],
    "two-currencies": [
        (["--orders", "orders.csv", "--currency", "EUR"], STOPS, ["'JPY'", "--only 'currency=EUR'", "--rates"]),
        (["--orders", "orders.csv", "--only", "currency=EUR"], GRADES, ["money in EUR"]),
    ],
    "two-digit-year": [
        (["--orders", "orders.csv", "--date-format", "%d.%m.%Y"], STOPS, ["'11.02.25'", "two digits"]),
    ],
}
ELSEWHERE = {
    "abc-by-value": "a scheme by cumulated value, not a way to read files",
    "rfm-score": "a scheme for recency, frequency and money, not a way to read files",
    "frame-types": "tests/ingest/test_frame_types.py",
}


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases is absent")
def test_each_folder_is_in_the_table() -> None:
    """Each folder has rows here, or is named with the place of its tests."""
    assert {path.name for path in CASES.iterdir() if path.is_dir()} == {*TABLE, *ELSEWHERE}


@pytest.mark.skipif(not CASES.exists(), reason="../shared/cases is absent")
@pytest.mark.parametrize("case", TABLE)
def test_a_case_is_read_right(
    case: str, command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """The commands of a case end as they should, and say what they must."""
    monkeypatch.chdir(CASES / case)
    for arguments, status, says in TABLE[case]:
        if "-" in arguments:
            content = (CASES / case / "orders.csv").read_bytes()
            monkeypatch.setattr("sys.stdin", io.TextIOWrapper(io.BytesIO(content), encoding="utf-8"))
        ended, out, err = command("grade", *arguments, *HALVES)
        told = out + err
        assert ended == status, told
        assert [part for part in says if part not in told] == [], told
