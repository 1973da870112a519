"""Fields of a scorer's own are read on every path: frames, files, the command line, with a saved model."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import custgrade as cg
from custgrade.errors import FieldError

OWN = """
import custgrade.plugins as cg

VISITS = cg.Field("visits", "count", "visits to the shop", low=0, resolution=1, combine="sum")
FIELDS = [VISITS, cg.Field("per_visit", "money", derive=lambda c: c["visits"] * 2, parts=["visits"], rises=["visits"])]

def by_visits(field: str = "visits"):
    axis = cg.Axis("grade", "AB", lambda c: c[field], cg.Shares(["1/2", "1/2"]), rises=[field])
    return cg.Scorer(axes=[axis], fields=FIELDS)

def by_hours():
    field = cg.Field("visits", "hours", low=0)
    return cg.Scorer(axes=[cg.Axis("grade", "AB", lambda c: c["visits"], cg.Shares(["1/2", "1/2"]))], fields=[field])
"""
CUSTOMERS = "customer_id,Besuche\na,12\nb,3\nc,7\nd,1\n"
ORDERS = "customer_id,date,Besuche\na,2024-01-01,6\na,2024-01-02,6\nb,2024-01-01,3\nc,2024-01-01,7\nd,2024-01-01,1\n"
EXPECTED = {"a": "A", "b": "B", "c": "A", "d": "B"}


@pytest.fixture
def here(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder with a scheme and the files, where the command runs."""
    for name, text in (("visits_scheme.py", OWN), ("c.csv", CUSTOMERS), ("o.csv", ORDERS)):
        (tmp_path / name).write_text(text, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    monkeypatch.syspath_prepend(str(tmp_path))
    return tmp_path


def _grades(path: Path) -> dict[str, str]:
    with path.open(encoding="utf-8", newline="") as file:
        return {row["customer_id"]: row["grade"] for row in csv.DictReader(file)}


@pytest.mark.parametrize("by", ["visits", "per_visit"])
@pytest.mark.parametrize("source", [("--customers", "c.csv"), ("--orders", "o.csv")], ids=["customers", "orders"])
def test_the_command_line_maps_a_field_of_the_scorers_own(
    source: tuple[str, str], by: str, here: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """A column is mapped to an own field, graded, and read again for the saved model by every command."""
    read = (*source, "--column", "visits=Besuche")
    own = ("--scorer", "visits_scheme:by_visits")
    fitted = command("grade", *read, *own, "--param", f"field={by}", "--save-model", "m.json", "--out", "one.csv")
    assert (fitted[0], fitted[2]) == (0, "")
    assert _grades(here / "one.csv") == EXPECTED
    for call in (
        ("grade", "--model", "m.json", "--out", "two.csv", *own),
        ("explain", "--model", "m.json", "--id", "a", *own),
        ("way-up", "--model", "m.json", "--id", "b", "--on", "2024-02-01", *own),
        ("compare", "m.json", "m.json", *own),
    ):
        status, _, err = command(*call, *read)
        assert (status, err) == (0, ""), call
    assert _grades(here / "two.csv") == EXPECTED


def test_two_models_that_define_a_field_differently_are_refused(
    here: Path, command: Callable[..., tuple[int, str, str]]
) -> None:
    """Comparing models whose scorers mean different things by one name is an error."""
    read = ("--customers", "c.csv", "--column", "visits=Besuche")
    for name, model in (("by_visits", "one.json"), ("by_hours", "two.json")):
        assert command("grade", *read, "--scorer", f"visits_scheme:{name}", "--save-model", model)[0] == 0
    scorers = ("--scorer", "visits_scheme:by_visits", "--scorer", "visits_scheme:by_hours")
    status, _, err = command("compare", "one.json", "two.json", *scorers, *read)
    assert status == 2
    assert "'visits' is defined differently" in err


def test_python_reads_them_from_files_and_says_how(here: Path) -> None:
    """Readers take the scorer's definitions, grade_file knows them, and the errors for both mistakes name `fields`."""
    import visits_scheme  # type: ignore[import-not-found]

    scorer = visits_scheme.by_visits()
    with pytest.raises(FieldError, match=r'columns=\{"visits": "NAME"\}, fields=scorer\.fields'):
        scorer.fit(cg.CustomerBase(ids=["a"], columns={"profit": [1.0]}, unmapped=["Besuche"]))
    with pytest.raises(FieldError, match=r"fields=scorer\.fields"):
        cg.read_customers("c.csv", {"visits": "Besuche"})
    for base in (
        cg.read_customers("c.csv", {"visits": "Besuche"}, fields=scorer.fields),
        cg.read_orders("o.csv", {"visits": "Besuche"}, fields=scorer.fields),
        cg.read_customers(pd.read_csv("c.csv"), {"visits": "Besuche"}, fields=scorer.fields),
    ):
        graded = scorer.fit(base).grade(base)
        assert dict(zip(base.ids.tolist(), graded.grades.tolist(), strict=True)) == EXPECTED
    cg.grade_file("c.csv", scorer, "out.csv", columns={"visits": "Besuche"})
    assert _grades(here / "out.csv") == EXPECTED
    cg.grade_file("c.csv", scorer.fit(base), "model.csv", columns={"visits": "Besuche"})
    assert _grades(here / "model.csv") == EXPECTED


def test_any_number_of_a_customer_file_can_be_graded(here: Path, command: Callable[..., tuple[int, str, str]]) -> None:
    """A column that nobody defines is graded by its own name, mapped, by a scorecard, and by the saved model."""
    (here / "own.csv").write_text(CUSTOMERS.replace("Besuche", "visits"), encoding="utf-8")
    (here / "card.toml").write_text(
        '[scorecard]\nlabels = ["A", "B"]\nthresholds = [50]\n'
        '[criteria.visits]\nweight = 1\npoints = "linear"\nworst = 0\nbest = 10\n',
        encoding="utf-8",
    )
    halves = ("--scorer", "abcde", "--param", "by=visits", "--param", "letters=AB", "--param", 'shares=["1/2", "1/2"]')
    for read in (("--customers", "own.csv"), ("--customers", "c.csv", "--column", "visits=Besuche")):
        for how, own in ((halves, ()), (("--scorer", "card.toml"), ("--scorer", "card.toml"))):
            status, _, err = command("grade", *read, *how, "--save-model", "m.json", "--out", "out.csv")
            assert (status, err) == (0, "")
            assert _grades(here / "out.csv") == EXPECTED
            assert command("grade", *read, "--model", "m.json", *own, "--out", "again.csv")[0] == 0
            assert _grades(here / "again.csv") == EXPECTED
    cg.grade_file("own.csv", "abcde", "out.csv", by="visits", letters="AB", shares=["1/2", "1/2"])
    assert _grades(here / "out.csv") == EXPECTED
