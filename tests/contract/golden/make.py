"""Writes golden models: what a release saved, which every later one has to load and grade with to the last bit.

    python tests/contract/golden/make.py [SCHEME ...]

writes `<scheme>.json`, a model of each built-in scheme or of those named, and `<scheme>.grades.json`, what it gives to
the customers of `customers.csv`, into the folder of the present format. A file that exists is never written again: a
golden model that no longer grades as it did is a bug, or calls for another format number and a folder of its own.
"""

from __future__ import annotations

import csv
import json
import sys
from pathlib import Path
from typing import Any

from attrs import evolve

import custgrade as cg
from custgrade.model.file_schema import FORMAT
from custgrade.model.model_file import as_text

HERE = Path(__file__).parent
SCHEMES: dict[str, dict[str, Any]] = {
    "abcd": {"criteria": {"referrals": {"weight": 1, "worst": 0, "best": 2}}},
    "abcde": {"by": "profit", "minimum_orders": 2},
    "matrix3x3": {"profitability": "margin"},
    "floors": {"ceilings": {"days_late": "proposed"}},
    "top10": {"by": "revenue", "share": "0.10", "minimum_tenure": 100},
}
CUSTOMERS, SEED, UNKNOWN = 40, 17, 11
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")


def write_customers(path: Path) -> None:
    """Write made-up customers: every eleventh value is unknown; the first ten occur twice, which makes ties."""
    cg.synthetic(path.with_suffix(".all.csv"), CUSTOMERS, SEED)
    with path.with_suffix(".all.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    path.with_suffix(".all.csv").unlink()
    names = [name for name in rows[0] if name == "customer_id" or name in cg.STANDARD_FIELDS]
    twins = [{**row, "customer_id": f"{row['customer_id']}-twin"} for row in rows[:10]]
    cells = [[row[name] for name in names] for row in [*rows, *twins]]
    for place in range(UNKNOWN, len(cells) * len(names), UNKNOWN):
        if place % len(names):
            cells[place // len(names)][place % len(names)] = ""
    with path.open("x", encoding="utf-8", newline="") as file:
        csv.writer(file, lineterminator="\n").writerows([names, *cells])


def grades(model: cg.GradingModel, base: cg.CustomerBase) -> dict[str, Any]:
    """Return what a model gives to each customer, numbers as `float.hex` writes them."""
    graded = model.grade(base)
    given = {}
    for row, identity in enumerate(base.ids.tolist()):
        given[identity] = {
            "grade": graded.grades.tolist()[row],
            "codes": {name: int(codes[row]) for name, codes in graded.codes.items()},
            "scores": {name: float(scores[row]).hex() for name, scores in graded.scores.items()},
            "details": {name: float(values[row]).hex() for name, values in graded.details.items()},
            "reason": graded.reasons[int(graded.reason_codes[row])],
        }
    return given


def as_lines(given: dict[str, Any]) -> str:
    """Return grades as JSON with a line for each customer."""
    lines = (f"{json.dumps(identity)}: {json.dumps(grade)}" for identity, grade in given.items())
    return "{\n" + ",\n".join(lines) + "\n}\n"


def main(schemes: list[str], folder: Path = HERE / f"format-{FORMAT}") -> str:
    """Write the golden files of these schemes; return why not, an empty text when they are written."""
    files = [folder / f"{scheme}{ending}" for scheme in schemes for ending in (".json", ".grades.json")]
    existing = [file.name for file in files if file.exists()]
    if existing:
        return f"{', '.join(existing)} exist in {folder.name}; golden files are never written again. Name others."
    folder.mkdir(exist_ok=True)
    customers = folder / "customers.csv"
    if not customers.exists():
        write_customers(customers)
    base = cg.read_customers(customers)
    for scheme in schemes:
        model = cg.scorer(scheme, **SCHEMES[scheme]).fit(evolve(base, period=PERIOD, currency="EUR"))
        for ending, text in ((".json", as_text(model)), (".grades.json", as_lines(grades(model, base)))):
            with (folder / f"{scheme}{ending}").open("x", encoding="utf-8", newline="\n") as file:
                file.write(text)
    return ""


if __name__ == "__main__":
    sys.exit(main(sys.argv[1:] or [*SCHEMES]) or 0)
