"""`custgrade plan`: what it prints and writes, by its twin in Python, and what it refuses."""

from __future__ import annotations

import csv
from collections.abc import Callable
from pathlib import Path

import pandas as pd
import pytest

import custgrade as cg
from custgrade.planning.guard.rules import Breach
from custgrade.planning.guard.waivers import Waiver

EXAMPLES = Path(__file__).parents[2] / "examples"
FILES = ("--orders", EXAMPLES / "orders.csv", "--customers", EXAMPLES / "survey.csv", "--as-of", "2025-12-31")
ON = ("--on", "2026-01-15")
Succeeds = Callable[..., str]
Refused = Callable[..., str]
Command = Callable[..., tuple[int, str, str]]

SHOP = '''
import numpy as np
from custgrade.planning import Action, Incentive, Offer, Policy, Reward, ServiceLevel, Treatment, money, restoring

def loyal(floor: float = 0.05, budget: float = 2000) -> Policy:
    """Thank the best, and restore the floor."""
    gift = Reward("gift", value=lambda c: money(np.clip(0.01 * c["revenue"], 0.0, 100.0)), every=3)
    price = Offer(
        "price", "the price that restores the floor", explain="what serving you takes", alternatives="more volume",
        when=lambda c: c["margin"] < floor, rise=restoring(margin=floor),
    )
    return Policy(
        "loyal", "keep the best, help the rest to grow", "ABC",
        {
            "A": Treatment("delight them", level=ServiceLevel(4, 6, "named person"), rewards=gift, budget=budget),
            "B": Treatment("bring them up", level=ServiceLevel(8, 3, "team"), way_up="buy a broader range"),
            "C": Treatment(
                "terms that carry", offers=price, way_up="reach the floor", actions=Action("talk", "tell", "what helps")
            ),
        },
        also={"D": "C"}, at_stake=lambda c: c["profit"], at_stake_means="the profit of the period",
    )
'''


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The example's customers."""
    orders = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31")
    return orders.join(cg.read_customers(EXAMPLES / "survey.csv"))


@pytest.fixture(scope="module")
def model(base: cg.CustomerBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of the example."""
    path = tmp_path_factory.mktemp("model") / "abcde.json"
    cg.scorer("abcde").fit(base).save(path)
    return path


@pytest.fixture
def shop(here: Path) -> Path:
    """A module with a policy, in the current folder."""
    (here / "policy_of_test_plan.py").write_text(SHOP, encoding="utf-8")
    return here


@pytest.fixture
def arguments(model: Path, shop: Path) -> tuple[str | Path, ...]:
    """The arguments of a plan that succeeds."""
    return ("plan", "--model", model, *FILES, "--policy", "policy_of_test_plan:loyal", "--grade", "E=C", *ON)


def twin(model: Path, base: cg.CustomerBase, **rest: object) -> cg.Plan:
    """Return the plan that Python makes from the same module."""
    names: dict[str, object] = {}
    exec(SHOP, names)
    made = names["loyal"]
    assert callable(made)
    return cg.plan(cg.load_model(model).grade(base), made(**rest), "2026-01-15", grades={"E": "C"})


def test_the_plan_on_the_terminal(
    arguments: tuple[str, ...], model: Path, base: cg.CustomerBase, succeeds: Succeeds
) -> None:
    """Hours and money by grade, the ten largest sums, and the notes, as the twin in Python gives them."""
    told = succeeds(*arguments, "--currency", "EUR", "--param", "budget=500")
    made = twin(model, base, budget=500)
    lines = told.splitlines()
    assert "loyal on 2026-01-15: keep the best, help the rest to grow" == lines[0]
    a, total = made.summary()[0], made.summary()[-1]
    assert f"{a.service_hours:,.1f}" in lines[4]
    assert lines[4].split()[:3] == ["A", "delight", "them"]
    assert f"{total.at_stake:,.2f}" == lines[8].split()[-1]
    assert "money at stake: the profit of the period" in lines
    start = lines.index("the largest sums at stake") + 3
    shown = [(line.split()[0], line.split()[-1]) for line in lines[start : start + 10]]
    assert [(one.customer_id, f"{one.money:,.2f}") for one in made.largest(10)] == shown
    assert all(f"note: {note}" in lines for note in made.notes)
    assert any("wait" in note for note in made.notes)


@pytest.mark.parametrize("suffix", ["csv", "parquet"])
def test_files_are_those_of_the_twin(
    suffix: str, arguments: tuple[str, ...], model: Path, base: cg.CustomerBase, succeeds: Succeeds
) -> None:
    """The files of customers and of actions have the same bytes as those that Python writes."""
    told = succeeds(*arguments, "--out", f"plan.{suffix}", "--actions", f"actions.{suffix}")
    assert [f"wrote plan.{suffix}", f"wrote actions.{suffix}"] == [
        line for line in told.splitlines() if line.startswith("wrote ")
    ]
    made = twin(model, base)
    made.write(f"twin.{suffix}")
    made.write_actions(f"twin_actions.{suffix}")
    assert Path(f"plan.{suffix}").read_bytes() == Path(f"twin.{suffix}").read_bytes()
    assert Path(f"actions.{suffix}").read_bytes() == Path(f"twin_actions.{suffix}").read_bytes()


def test_sheets_and_ways(arguments: tuple[str, ...], model: Path, base: cg.CustomerBase, succeeds: Succeeds) -> None:
    """Sheets of two customers come first; the file has the ways up after the plan's columns."""
    told = succeeds(*arguments, "--sheet", "C-0002", "--sheet", "C-0007", "--ways", "--out", "plan.csv")
    made = twin(model, base)
    assert "\n".join([*made.sheet("C-0002"), "", *made.sheet("C-0007"), "", "loyal on"]) in told
    found = pd.read_csv("plan.csv")
    ways = cg.way_up(cg.load_model(model), base, on="2026-01-15", valid=92)
    assert [*made.to_pandas(), "reason", *ways.columns(), "ways_until"] == list(found)
    assert ways.columns()["profit_to"].tolist() == pytest.approx(found.profit_to.tolist(), nan_ok=True)
    assert {"2026-04-17"} == set(found.ways_until)


def test_manual_grades_hold_on_the_day(arguments: tuple[str, ...], here: Path, succeeds: Succeeds) -> None:
    """A manual grade decides the treatment, and is listed."""
    lines = "customer_id,grade,reason,author,date,expires\nC-0002,A,a pilot,Ann,2026-01-01,2026-12-31\n"
    (here / "manual.csv").write_text(lines, encoding="utf-8")
    told = succeeds(*arguments, "--overrides", "manual.csv", "--out", "plan.csv")
    found = pd.read_csv("plan.csv", index_col="customer_id")
    assert ("A", "A") == (found.grade["C-0002"], found.treatment["C-0002"])
    assert "override: C-0002 is A instead of E" in told


def test_customers_without_dates(model: Path, shop: Path, base: cg.CustomerBase, succeeds: Succeeds) -> None:
    """A customer file has no period; hostile names and ids are shown and written safely."""
    frame = pd.DataFrame(
        {
            "customer_id": ["=1+1", "007", "C\n3", "1e5"],
            "name": ["@SUM(A1)", "Ünï", "two\nlines", "'x"],
            "profit": [9000.0, 500.0, 20.0, -5.0],
            "revenue": [20000.0, 900.0, 800.0, 100.0],
        }
    )
    frame.to_csv("customers.csv", index=False)
    policy = ("--policy", "policy_of_test_plan:loyal", "--grade", "E=C", *ON)
    told = succeeds(
        "plan", "--model", model, "--customers", "customers.csv", *policy, "--out", "plan.csv", "--any-period"
    )
    assert "@SUM(A1) (=1+1)" in told
    assert "'two\\nlines (C\\n3)'" in told
    with Path("plan.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file))
    assert ["'=1+1", "'007", "C\n3", "'1e5"] == [row["customer_id"] for row in rows]
    assert ["'@SUM(A1)", "Ünï", "two\nlines", "''x"] == [row["name"] for row in rows]


def test_groups_are_matched_by_id(arguments: tuple[str, ...], here: Path, succeeds: Succeeds, refused: Refused) -> None:
    """Customers without a group, and groups of unknown customers, are counted; a customer twice is refused."""
    (here / "groups.csv").write_text("customer_id,group\nC-0002,north\nC-9999,south\n", encoding="utf-8")
    told = succeeds(*arguments, "--groups", "groups.csv")
    assert "note: groups: groups.csv has no group for 499 customers" in told
    assert "note: groups: the data lacks 1 customer of groups.csv" in told
    (here / "twice.csv").write_text("customer_id,group\nC-0002,north\nC-0002,south\n", encoding="utf-8")
    assert "more than once: C-0002" in refused(*arguments, "--groups", "twice.csv")
    (here / "odd.csv").write_text("customer_id,grup\nC-0002,north\n", encoding="utf-8")
    assert "no column 'group'. Is 'grup' meant?" in refused(*arguments, "--groups", "odd.csv")
    assert "there is no file none.csv" in refused(*arguments, "--groups", "none.csv")


@pytest.mark.parametrize(
    ("more", "message"),
    [
        (("--hours", "support=3"), "--hours takes sales=HOURS or service=HOURS; received support=3"),
        (("--hours", "service=many"), "--hours service takes a number of hours; received 'many'"),
        (("--hours", "service=-1"), "service hours must be a number of hours a quarter, 0 or more; received -1"),
        (("--grade", "F"), "--grade takes GRADE=GRADE; received 'F'"),
        (("--grade", "D=Z"), "grade 'D' can't be mapped to 'Z', which isn't among the policy's grades: A, B, C"),
        (("--grade", "D="), "--grade takes GRADE=GRADE, such as E=D; received 'D='"),
        (("--grade", "Q=A"), "grade 'Q' can't be mapped, because the customers' scale doesn't have it"),
        (("--start", "2026-02-01"), "--start must be on or before --on, 2026-01-15; received 2026-02-01"),
        (("--start", "yesterday"), "--start: received 'yesterday'; write a date as YYYY-MM-DD"),
        (("--horizon", "0"), "horizon: received '0'; write a whole number of days"),
        (("--ways",), "--ways adds columns to the file of --out"),
        (("--param", "floors=1"), "Did you mean 'floor'?"),
        (("--out", "plan.xlsx"), "ends in .csv or .parquet"),
        (("--actions", "plan.xlsx"), "ends in .csv or .parquet"),
        (("--out", "a.csv", "--actions", "a.csv"), "--out and --actions both name a.csv; name two files"),
        (("--actions", ""), "--actions has an empty file name"),
        (("--actions", EXAMPLES / "survey.csv"), "is an input file; name another file"),
        (("--sheet", "C-9999"), "C-9999"),
    ],
)
def test_wrong_arguments(
    more: tuple[str, ...], message: str, arguments: tuple[str, ...], here: Path, refused: Refused
) -> None:
    """Each wrong option is refused with its name, and nothing is written."""
    before = sorted(here.iterdir())
    assert message in refused(*arguments, *more)
    assert before == sorted(here.iterdir())


def test_what_must_be_given(model: Path, shop: Path, refused: Refused) -> None:
    """Policy, day and model are needed, and the messages say how to give them; a grade without treatment is named."""
    policy = ("--policy", "policy_of_test_plan:loyal")
    assert "give the day of the plan, for example --on" in refused("plan", "--model", model, *FILES, *policy)
    assert "give --policy NAME" in refused("plan", "--model", model, *FILES, *ON)
    assert "give --model FILE" in refused("plan", *FILES, *policy, *ON)
    assert "no treatment for E" in (told := refused("plan", "--model", model, *FILES, *policy, *ON))
    assert "--grade E=C" in told
    unknown = refused("plan", "--model", model, *FILES, "--policy", "gold", *ON)
    assert "gold" in unknown
    early = refused("plan", "--model", model, *FILES, *policy, "--grade", "E=C", "--on", "2025-06-01")
    assert "on or after the data's as-of date, 2025-12-31" in early


BREACHES = [
    Breach("R03", "B", "service_hours 9 against 6 in A", "Give B at most what A has"),
    Breach("R01", "C", "service_hours 0.1 below 0.5", "Give the base level", customers=3),
]


def test_each_breach_has_its_line(
    arguments: tuple[str, ...], command: Command, monkeypatch: pytest.MonkeyPatch
) -> None:
    """A plan that the guard refuses ends with 2, a line for each breach, and no file."""
    monkeypatch.setattr("custgrade.planning.making.policy_breaches", lambda *_: tuple(BREACHES))
    status, out, err = command(*arguments, "--out", "plan.csv")
    assert (2, "") == (status, out)
    lines = err.splitlines()
    assert "custgrade: there is no plan, because policy 'loyal' breaches 2 rules:" == lines[0]
    assert [f"  {breach}" for breach in BREACHES] == lines[1:3]
    assert "Change the policy, or allow a breach for a time with --waivers FILE, except for R01." == lines[3]
    assert not Path("plan.csv").exists()


def test_waivers_are_listed(arguments: tuple[str, ...], succeeds: Succeeds, monkeypatch: pytest.MonkeyPatch) -> None:
    """A waived breach, and what each waiver did, are on the terminal, as are warnings and what wasn't checked."""
    given = [
        Waiver("R03", grade="B", reason="a pilot", author="Ann", date="2026-01-01", expires="2026-06-30"),
        Waiver("R04", grade="A", reason="a jubilee", author="Bob", date="2025-01-01", expires="2025-06-30"),
    ]
    warning = Breach("R22", "base", "575 hours are promised and there are 400", "Promise less")
    monkeypatch.setattr("custgrade.planning.making.policy_breaches", lambda *_: (BREACHES[0],))
    monkeypatch.setattr(
        "custgrade.planning.making.plan_breaches", lambda *_: ((warning,), ("R23 not checked: no groups are given",))
    )
    monkeypatch.setattr("custgrade.cli.plan.read_waivers", lambda path: given)
    lines = succeeds(*arguments, "--waivers", "waivers.csv").splitlines()
    assert f"waived breach: {BREACHES[0]}" in lines
    assert "waiver used: R03 service-never-rises for grade B from 2026-01-01 to 2026-06-30: a pilot (Ann)" in lines
    assert "waiver expired: R04 rewards-never-rise for grade A from 2025-01-01 to 2025-06-30: a jubilee (Bob)" in lines
    assert f"warning: {warning}" in lines
    assert "R23 not checked: no groups are given" in " ".join(lines)


def test_a_file_that_changes_while_it_is_read_leaves_no_plan(
    arguments: tuple[str, ...], here: Path, refused: Refused, monkeypatch: pytest.MonkeyPatch
) -> None:
    """If an input file changes before the plan is written, nothing is written."""
    (here / "orders.csv").write_bytes((EXAMPLES / "orders.csv").read_bytes())
    (here / "plan.csv").write_text("old", encoding="utf-8")
    changed = [argument if argument != FILES[1] else here / "orders.csv" for argument in arguments]
    from custgrade.cli import plan

    made = plan.plan

    def late(*given: object, **rest: object) -> cg.Plan:
        with (here / "orders.csv").open("a", encoding="utf-8") as file:
            file.write("\n")
        return made(*given, **rest)  # type: ignore[arg-type]

    monkeypatch.setattr(plan, "plan", late)
    assert "changed while it was read" in refused(*changed, "--out", "plan.csv")
    assert "old" == (here / "plan.csv").read_text(encoding="utf-8")


def test_the_findings_of_a_policy_are_printed_on_request(model: Path, succeeds: Succeeds) -> None:
    """With --findings, the findings that the policy names follow the plan."""
    arguments = ("plan", "--model", model, *FILES, "--policy", "golden-list", *ON)
    assert "Is it 80/20" not in succeeds(*arguments)
    assert "Is it 80/20" in succeeds(*arguments, "--findings")


def test_manual_grades_of_a_configuration_hold(
    arguments: tuple[str | Path, ...], here: Path, succeeds: Succeeds
) -> None:
    """The file of manual grades that a configuration names counts as that of --overrides does."""
    rows = "customer_id,grade,reason,author,date,expires\nC-0002,A,a friend,Kim,2026-01-01,2026-12-31\n"
    (here / "manual.csv").write_text(rows, encoding="utf-8")
    (here / "c.toml").write_text('[source]\noverrides = "manual.csv"\n', encoding="utf-8")
    by_option = succeeds(*arguments, "--overrides", "manual.csv")
    assert by_option == succeeds(*arguments, "--config", "c.toml")
    assert by_option != succeeds(*arguments)
