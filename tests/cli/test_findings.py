"""`custgrade findings`: what it lists and prints, by its twins in Python, and what it refuses."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

import custgrade as cg
from custgrade.cli.findings_text import finding_text
from custgrade.findings import FINDINGS, Finding, contrast, pareto, servicing, slipped, target_mix
from custgrade.planning import Policy, ServiceLevel, Treatment
from custgrade.plugins import Scheme

EXAMPLES = Path(__file__).parents[2] / "examples"
SOURCE = ("--orders", EXAMPLES / "orders.csv", "--customers", EXAMPLES / "survey.csv", "--as-of", "2025-12-31")
BY_LOG = ("out-of-sight", "recognition", "showcase", "mix-over-time", "answers")
OF_PLANS = ("servicing", "capacity", "package-fit", *BY_LOG)
Succeeds = Callable[..., str]


@pytest.fixture(scope="module")
def base() -> cg.CustomerBase:
    """The example's customers."""
    orders = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-12-31", currency="EUR")
    return orders.join(cg.read_customers(EXAMPLES / "survey.csv"))


@pytest.fixture(scope="module")
def model(base: cg.CustomerBase, tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A saved model of the example, in EUR."""
    path = tmp_path_factory.mktemp("model") / "abcd.json"
    cg.scorer("abcd").fit(base).save(path)
    return path


def test_all_are_listed(succeeds: Succeeds) -> None:
    """Without a name each finding is a line that says what it answers and needs; no file is read."""
    told = succeeds("findings").splitlines()
    for name in FINDINGS:
        assert sum(line.startswith(f"{name} ") for line in told) == 1
    assert next(line for line in told if line.startswith("capacity ")).split()[-3:] == ["--policy", "sales,", "service"]
    assert next(line for line in told if line.startswith("slipped ")).endswith("--before or --before-as-of")
    assert next(line for line in told if line.startswith("servicing ")).split()[-2:] == ["--policy", "tolerance"]


def test_an_answer_is_that_of_its_twin(model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds) -> None:
    """The table and sentences are those of the function in Python, in the model's currency; then what was read."""
    graded = cg.load_model(model).grade(base)
    told = succeeds("findings", "pareto", "--model", model, *SOURCE, "--set", "by=revenue", "--set", "share=0.1")
    assert told.startswith(finding_text(pareto(graded, by="revenue", share=0.1), "EUR") + "\n\nread from ")
    told = succeeds("findings", "target-mix", "--model", model, *SOURCE, "--set", "target={A = 0.5, B = 0.5}")
    assert told.startswith(finding_text(target_mix(graded, {"A": 0.5, "B": 0.5}), "EUR"))
    told = succeeds("findings", "target-mix", "--model", model, *SOURCE, "--set", 'target=["A", "B"]')
    assert told.startswith(finding_text(target_mix(graded, ["A", "B"]), "EUR"))


@pytest.mark.parametrize("name", [name for name in FINDINGS if name not in OF_PLANS])
def test_grades_are_enough_for_most(name: str, model: Path, here: Path, succeeds: Succeeds) -> None:
    """Findings that need no policy are answered without one."""
    assert "read from" in succeeds("findings", name, "--model", model, *SOURCE)


def test_earlier_customers_have_slipped(model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds) -> None:
    """The earlier customers come from the same order lines, or from another file."""
    told = succeeds("findings", "slipped", "--model", model, *SOURCE, "--before-as-of", "2025-06-30", "--any-period")
    earlier = cg.read_orders(EXAMPLES / "orders.csv", as_of="2025-06-30", currency="EUR")
    earlier = earlier.join(cg.read_customers(EXAMPLES / "survey.csv"))
    fitted = cg.load_model(model)
    expected = slipped(fitted.grade(base), fitted.grade(earlier, any_period=True))
    assert told.startswith(finding_text(expected, "EUR") + "\n")
    same = succeeds("findings", "slipped", "--model", model, *SOURCE, "--before", EXAMPLES / "orders.csv")
    assert "0 customers of 480 with a grade then and now have slipped" in same


def test_a_policy_makes_a_plan(
    model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds, monkeypatch: pytest.MonkeyPatch
) -> None:
    """With a policy, findings of plans are answered; the day is the as-of date unless it is given."""
    from custgrade.cli import findings

    level = ServiceLevel(4, 2, "team")
    treatments = {grade: Treatment("serve", level=level, way_up="more") for grade in "ABCD"}
    policy = Policy("even", "serve all alike", "ABCD", treatments)
    monkeypatch.setattr(findings, "scheme", lambda name, kind: Scheme(name, lambda: policy))
    told = succeeds("findings", "servicing", "--model", model, *SOURCE, "--policy", "even", "--set", "tolerance=0.5")
    plan = cg.plan(cg.load_model(model).grade(base), policy, "2025-12-31")
    assert told.startswith(finding_text(servicing(plan, 0.5), "EUR") + "\n")
    told = succeeds("findings", "capacity", "--model", model, *SOURCE, "--policy", "even", "--on", "2026-02-01")
    # 480 customers with a grade and 2 hours, 20 without one and half an hour
    assert "Service: the plan needs 970.0 hours a quarter" in told


def test_findings_from_a_log(
    model: Path, base: cg.CustomerBase, here: Path, succeeds: Succeeds, refused: Callable[..., str]
) -> None:
    """`--log` gives the plan its log; without a policy, or with a file that isn't there, it is refused."""
    log = cg.EventLog(here / "log.db")
    graded = cg.load_model(model).grade(base)
    for day in ("2026-01-05", "2026-02-04", "2026-02-05"):
        made = cg.plan(graded, cg.policy("ideal-mix"), day, log=log)
        log.enter(made)
        log.add(made.actions().done(day))
    common = ("--model", model, *SOURCE, "--on", "2026-03-02")
    made = cg.plan(graded, cg.policy("ideal-mix"), "2026-03-02", log=log)
    for name in BY_LOG:
        told = succeeds("findings", name, *common, "--policy", "ideal-mix", "--log", "log.db")
        assert told.startswith(finding_text(FINDINGS[name](made), "EUR"))
        assert "without a log" not in told
    assert "Give --log FILE." in succeeds("findings", "answers", *common, "--policy", "ideal-mix")
    assert "--log is for a plan" in refused("findings", "answers", "--model", model, *SOURCE, "--log", "log.db")
    said = refused("findings", "answers", *common, "--policy", "ideal-mix", "--log", "lag.db")
    assert "there is no log 'lag.db'" in said
    assert not (here / "lag.db").exists()


def test_grades_that_the_policy_lacks_are_mapped(
    model: Path,
    here: Path,
    succeeds: Succeeds,
    command: Callable[..., tuple[int, str, str]],
    monkeypatch: pytest.MonkeyPatch,
) -> None:
    """The error for a grade without treatment names an option that the command has."""
    from custgrade.cli import findings

    treatments = {grade: Treatment("serve", way_up="more") for grade in "ABC"}
    policy = Policy("three", "serve", "ABC", treatments)
    monkeypatch.setattr(findings, "scheme", lambda name, kind: Scheme(name, lambda: policy))
    arguments = ("findings", "capacity", "--model", model, *SOURCE, "--policy", "three")
    status, _, said = command(*arguments)
    assert (status, "--grade D=C" in said) == (2, True)
    assert "250.0 hours a quarter" in succeeds(*arguments, "--grade", "D=C")


@pytest.mark.parametrize(
    ("arguments", "says"),
    [
        (["paretto"], "there is no finding 'paretto'. Did you mean 'pareto'? There are: spend, "),
        (["pareto"], "no file to read"),
        (["pareto", *SOURCE], "no model is given: give --model FILE"),
        (
            ["pareto", "--set", "buy=profit"],
            "--set has 'buy', which the finding doesn't take; it takes: by, share. Did you mean 'by'?",
        ),
        (["pareto", "--set", "by"], "--set takes NAME=VALUE"),
        (["pareto", "--set", "by=a", "--set", "by=b"], "--set gives 'by' twice"),
        (["slipped", "--set", "before=x"], "--set has 'before', which the finding doesn't take; it takes: none"),
        (["pareto", "--model", "MODEL", *SOURCE, "--before", "x.csv"], "are for the finding slipped, not for pareto"),
        (
            ["pareto", "--model", "MODEL", *SOURCE, "--on", "2026-01-01"],
            "--on is for a plan: give --policy NAME",
        ),
        (["pareto", "--model", "MODEL", *SOURCE, "--grade", "D=C"], "--grade is for a plan: give --policy NAME"),
        (
            ["capacity", "--model", "MODEL", *SOURCE],
            "capacity needs a plan, because the policy says how many hours are promised. Give --policy NAME.",
        ),
        (["pareto", "--model", "MODEL", *SOURCE, "--set", "by=profitt"], "the data has no 'profitt'"),
        (["pareto", "--model", "MODEL", *SOURCE, "--policy", "nobodys"], "there is no policy 'nobodys'"),
    ],
)
def test_what_is_refused(arguments: list[str], says: str, model: Path, here: Path, refused: Callable[..., str]) -> None:
    """One message says what was received and what to do."""
    given = [model if argument == "MODEL" else argument for argument in arguments]
    assert says in refused("findings", *given)


def test_hints_are_in_words_of_the_command_line(model: Path, here: Path, succeeds: Succeeds) -> None:
    """What to give for a fuller answer is an option, not an argument of a function."""
    told = succeeds("findings", "target-mix", "--model", model, *SOURCE)
    assert "--set 'target={A = 0.5, B = 0.5}'" in told
    assert "would have to change" not in told


def test_medians_of_a_table_are_those_of_the_sentences(base: cg.CustomerBase) -> None:
    """Each median that a sentence of contrast names stands in the table with the same digits."""
    found = contrast(cg.scorer("abcd").fit(base).grade(base))
    table = finding_text(found, "EUR").split("\n\n")[1]
    medians = [re.findall(r"a median of (\S+).* against (\S+)", sentence) for sentence in found.says]
    named = [one for pairs in medians for pair in pairs for one in pair]
    assert named and all(re.search(rf"(?<=\s){re.escape(one)}\s", table) for one in named)


def test_a_heading_says_the_period_of_hours() -> None:
    """A unit whose first word is in the name adds the rest only."""
    text = finding_text(Finding("f", "?", [("hours too many", "hours in 728 days")], [(2.5,)]))
    assert text.splitlines()[2] == "hours too many in 728 days"


def test_a_table_is_for_a_manager() -> None:
    """Money has two decimals and its currency, shares are per cent, unknown is a dash, and no text moves the cursor."""
    columns = [
        ("who", ""),
        ("money", "money"),
        ("share", "share"),
        ("n", "customers"),
        ("time", "hours"),
        ("x", "days"),
    ]
    rows = [("a\x1b[2J", 1234.5, 0.25, 1200, 2.0, 3.14159), ("b", None, None, None, None, None)]
    text = finding_text(Finding("f", "Who?", columns, rows, ["It is so."], ["not \x07known"]), "EUR")
    assert text.splitlines() == [
        "Who?",
        "",
        "who         money, EUR    share      n  time, hours  x, days",
        "----------  ----------  -------  -----  -----------  -------",
        "'a\\x1b[2J'    1,234.50  25.00 %  1,200          2.0    3.142",
        "b                    –        –      –            –        –",
        "",
        "It is so.",
        "note: 'not \\x07known'",
    ]
    assert finding_text(Finding("f", "Who?", columns, notes=["unknown"])) == "Who?\n\nnote: unknown"
