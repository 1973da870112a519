"""What other projects got wrong with files that come back from a spreadsheet: report 37."""

from __future__ import annotations

import csv
import sys
from pathlib import Path

import pytest

sys.path.insert(0, str(Path(__file__).parent))
try:
    from research_shop import Shop, customers, gift, shop_policy
finally:
    sys.path.pop(0)

ODD = ["007", "1e5", "3-4", "=A1"]


@pytest.fixture
def sent(tmp_path):
    """A plan's file of actions for customers with odd ids, its rows, and the log it was made from."""
    shop = Shop(tmp_path, shop_policy(a=[gift()]), "AAAA")
    shop.graded = customers("AAAA", ODD)
    plan = shop.plan("2026-01-31")
    shop.log.enter(plan)
    plan.write_actions(tmp_path / "actions.csv")
    with (tmp_path / "actions.csv").open(encoding="utf-8", newline="") as file:
        return shop, tmp_path / "actions.csv", [row for row in csv.DictReader(file) if row["state"] == "due"]


def write(path, given):
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.DictWriter(file, list(given[0]))
        writer.writeheader()
        writer.writerows(given)


def test_37_odd_ids_come_back_from_a_spreadsheet(sent, command):
    """Ids that a spreadsheet would change come back as they were, and then nothing is due."""
    shop, path, given = sent
    write(path, [{**row, "done_on": "2026-01-31"} for row in given])
    status, _, err = command("events", "add", path, "--log", path.parent / "log.db")
    assert (status, err) == (0, "")
    assert {event.customer_id for event in shop.known("gift")} == set(ODD)
    assert shop.due("2026-01-31") == []


@pytest.mark.parametrize(
    ("column", "changed"),
    [("done_on", "31/01/2026"), ("done_on", "31.01.2026"), ("customer_id", "7"), ("customer_id", "100000")],
)
def test_37_what_a_spreadsheet_changed_is_refused(sent, refused, column, changed):
    """A date in another form, and an id that became a number, are refused with their line, and nothing is recorded."""
    shop, path, given = sent
    place = {"7": "007", "100000": "1e5"}.get(changed, "3-4")
    filled = [{**row, "done_on": "2026-01-31"} for row in given]
    (row,) = [one for one in filled if one["customer_id"].lstrip("'") == place]
    row[column] = changed
    write(path, filled)
    error = refused("events", "add", path, "--log", path.parent / "log.db")
    assert f"line {filled.index(row) + 2}" in error
    assert changed in error
    assert shop.known("gift") == []
