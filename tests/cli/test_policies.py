"""`custgrade policies`: the policies that there are, what each grade gets, and whether the guard passes."""

from __future__ import annotations

import re
from collections.abc import Callable
from importlib.metadata import EntryPoint
from pathlib import Path

import pytest

import custgrade.cli.policies as command_module
from custgrade.cli.configuration import from_file
from custgrade.cli.policy_matrix import WIDTH, matrix
from custgrade.planning import Breach, Effort, Package, Policy, ServiceLevel, Terms, Treatment
from custgrade.plugins import GradeScale, Registry, ScaleAxis
from custgrade.registry.find import FoundPlugin

CODE = '''
"""Policies for tests."""

from typing import Annotated

import custgrade.plugins as cg
from custgrade.planning import Policy, Reward, ServiceLevel, Treatment


def halves(
    budget: Annotated[float, cg.Setting("for gifts a year", "money")] = 500.0,
    base: float = 24,
    name: str | None = None,
) -> Policy:
    """Thank the better half."""
    gift = Reward("gift", value=lambda c: 0.01 * c["revenue"], every=3)
    level = ServiceLevel(4, 6, "named person")
    better = Treatment("thank them", level=level, rewards=gift, budget=budget)
    return Policy(
        "halves", "thank the better half", ["top", "rest"],
        {"top": better, "rest": Treatment("help them", way_up="buy")},
        base=ServiceLevel(base, 0.5),
    )


def needs_more(budget: float) -> Policy:
    """Needs a parameter."""
    return halves(budget)


def fails() -> Policy:
    """Fails."""
    return halves(budget=-1)


def number() -> int:
    """Returns a number."""
    return 3


ready = halves()


@cg.hookimpl
def custgrade_policies():
    return {"halves": halves, "needs-more": needs_more, "fails": fails}
'''
FILE = """
name = "shop"
purpose = "thank the best"
[treatment.A]
goal = "delight them"
reward.gift = {value = {share = 0.01, of = "revenue", least = 10}, every = 3}
[treatment.B]
goal = "bring them to A"
way_up = "a broader range"
"""


@pytest.fixture
def own(here: Path, monkeypatch: pytest.MonkeyPatch) -> str:
    """Put a module of policies into the current folder, and return its name, which no other test uses."""
    name = f"own_{re.sub(r'[^a-z0-9]', '_', here.name.lower())}"
    (here / f"{name}.py").write_text(CODE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(here))
    return name


def cells(text: str, row: str) -> list[str]:
    """Return the cells of a row of the table of grades."""
    table = text[re.search(r"^grade  ", text, re.MULTILINE).start() :]
    (line,) = [line for line in table.splitlines() if re.match(rf"{row}(\s\s|$)", line)]
    return re.split(r"\s{2,}", line)[1:]


def breached(monkeypatch: pytest.MonkeyPatch, *breaches: Breach) -> None:
    monkeypatch.setattr(command_module, "check_policy", lambda policy: breaches)


def test_a_policy_is_shown_with_parameters_and_grades(own: str, succeeds: Callable[..., str]) -> None:
    """A function's policy shows its parameters, the scorers that it fits, the guard and what each grade gets."""
    text = succeeds("policies", f"{own}:halves")
    assert text.startswith(f"{own}:halves: Thank the better half.\n\nparameter ")
    assert re.search(r"^budget +number +500\.0 +money +for gifts a year$", text, re.MULTILINE)
    assert "\nfits the scorers: top10\n" in text
    assert "\ndoesn't fit abcd: it has no treatment for A, B, C, D\n" in text
    assert re.search(r"^custgrade plan maps such grades: --grade A=top$", text, re.MULTILINE)
    assert "\nthe guard passes this policy" in text
    assert cells(text, "grade") == ["top", "rest", "ungraded"]
    assert cells(text, "answer within") == ["4 working hours", "24 working hours", "24 working hours"]
    assert cells(text, "hours a customer") == ["6", "0.5", "0.5"]
    assert cells(text, "rewards")[0].startswith("gift (by customer)")
    assert cells(text, "budget") == ["500.00 a year"]
    assert f"--policy {own}:halves --param budget=500.0 --param base=24" in text
    assert '\n  [policy]\n  name = "' in text


def test_parameters_change_what_is_shown(own: str, succeeds: Callable[..., str]) -> None:
    """--param sets the parameters of the policy that is shown."""
    text = succeeds("policies", f"{own}:halves", "--param", "budget=70", "--param", "base=30")
    assert cells(text, "budget") == ["70.00 a year"]
    assert cells(text, "answer within")[1] == "30 working hours"


def test_a_ready_policy_is_shown(own: str, succeeds: Callable[..., str]) -> None:
    """`module:name` may be a Policy itself."""
    assert cells(succeeds("policies", f"{own}:ready"), "grade") == ["top", "rest", "ungraded"]


def test_a_required_parameter_is_asked_for(own: str, succeeds: Callable[..., str]) -> None:
    """A policy with a required parameter shows its parameters, and what to give to see more."""
    text = succeeds("policies", f"{own}:needs_more")
    assert "give --param budget=… to see what each grade gets" in text
    assert re.search(r"^budget +number +\(required\)", text, re.MULTILINE)
    assert cells(succeeds("policies", f"{own}:needs_more", "--param", "budget=9"), "budget") == ["9.00 a year"]


def test_a_policy_file_is_shown_with_its_functions_in_words(here: Path, succeeds: Callable[..., str]) -> None:
    """A file's amounts are shown as text, and its purpose in place of a docstring."""
    (here / "shop.toml").write_text(FILE, encoding="utf-8")
    text = succeeds("policies", "shop.toml")
    assert text.startswith("shop.toml: thank the best\n\nname: shop\ngrades, best first: A, B\n")
    assert "gift of 1 % of revenue," in text
    assert "every 3 months" in text
    assert "by customer" not in text


def test_what_decides_about_days_is_shown(here: Path, succeeds: Callable[..., str]) -> None:
    """The hold time, the pause, the limit of contacts, days off and the reminder of an offer are shown."""
    offer = "[treatment.B.offer.price]\nwhat = 'a price'\nexplain = 'the costs'\nalternatives = ['larger orders']\n"
    (here / "shop.toml").write_text(FILE + offer, encoding="utf-8")
    text = succeeds("policies", "shop.toml")
    assert "\nafter a fall, the service and the rewards of the better grade are kept for at least 90 days\n" in text
    assert "who comes back to a grade 12 months after a reward or an action\n" in text
    assert "over all policies" not in text
    assert "days off" not in text
    assert "open 21 days; reminder 7 days before the last one" in " ".join(text.split())
    keys = (
        "hold_days = 0\npause_months = 6\ncontact_limit = 3\ncontact_days = 14\n"
        "days_off = ['saturday', 'sunday', '2026-12-25']\n"
    )
    (here / "shop.toml").write_text(keys + FILE + offer + "remind_days = 3\n", encoding="utf-8")
    text = succeeds("policies", "shop.toml")
    assert "\nafter a fall, the service and the rewards of the better grade are not kept\n" in text
    assert "who comes back to a grade 6 months after a reward or an action\n" in text
    assert "\nat most 3 contacts with a customer within 14 days, over all policies\n" in text
    assert "\ndays off: saturday, sunday, 2026-12-25\n" in text
    assert "reminder 3 days before the last one" in " ".join(text.split())


def test_fields_that_are_not_standard_are_named(here: Path, succeeds: Callable[..., str]) -> None:
    """A field that nobody defines is allowed, and named, with the field that may be meant."""
    text = FILE.replace('of = "revenue"', 'of = "revenu"') + (
        "[treatment.B.action.call]\nkind = 'ask'\nwhat = 'call'\nwhen = {field = 'margn', below = 'margin_floor'}\n"
        "[package.small]\nminimum = {order = 3, margin = 0.1}\n"
    )
    (here / "shop.toml").write_text(text, encoding="utf-8")
    lines = [line for line in succeeds("policies", "shop.toml").splitlines() if line.startswith("reads ")]
    assert lines == [
        "reads revenu, which isn't a standard field. Did you mean 'revenue'?",
        "reads margn, which isn't a standard field. Did you mean 'margin'?",
        "reads margin_floor, which isn't a standard field.",
        "reads order, which isn't a standard field. Did you mean 'orders'?",
    ]


def test_numbers_of_the_table_have_no_noise() -> None:
    """4.800000000000001 is 4.8."""
    text = matrix(Policy("p", "p", "A", {"A": Treatment("g", level=ServiceLevel(3 * 1.6, 0.1 + 0.5 + 0.1))}))
    assert cells(text, "answer within")[0] == "4.8 working hours"
    assert cells(text, "service hours")[0] == "0.7"


def test_a_faulty_file_is_one_line(here: Path, refused: Callable[..., str]) -> None:
    """An error in a file names the file and line."""
    (here / "shop.toml").write_text(FILE.replace("goal", "gaol", 1), encoding="utf-8")
    assert "shop.toml, line 5: [treatment.A]: unknown key 'gaol'. Did you mean 'goal'?" in refused(
        "policies", "shop.toml"
    )


def test_errors_name_the_option_for_policies(here: Path, own: str, refused: Callable[..., str]) -> None:
    """Errors of names speak of policies and of --policy, not of scorers."""
    assert "there is no policy 'nosuch'" in refused("policies", "nosuch")
    assert "module 'no_such_module' of --policy no_such_module:f can't be imported" in refused(
        "policies", "no_such_module:f"
    )
    assert "has no function 'halvs'. Did you mean 'halves'?" in refused("policies", f"{own}:halvs")
    assert "Give the module and its function: shop:mine." in refused("policies", "shop.py:mine")
    assert "must return a Policy; it returned" in refused("policies", f"{own}:number")
    assert "has no parameter 'budgt'. Did you mean 'budget'?" in refused(
        "policies", f"{own}:halves", "--param", "budgt=1"
    )


def test_a_breach_is_said_and_gives_status_1(
    own: str, command: Callable[..., tuple[int, str, str]], monkeypatch: pytest.MonkeyPatch
) -> None:
    """A policy that the guard refuses is shown with the rule and what to do, and the status is 1."""
    breached(monkeypatch, Breach("R12", "rest", "there is no way up", "Say what they can do"))
    status, out, err = command("policies", f"{own}:halves")
    assert (status, err) == (1, "")
    assert "THE GUARD REFUSES THIS POLICY, because of 1 fault:\n  R12 way-up, rest: there is no way up. Say what" in out
    assert "the guard passes" not in out


def test_a_warning_is_not_a_breach(own: str, succeeds: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """A rule that only warns is shown, and the policy passes."""
    breached(monkeypatch, Breach("R22", "rest", "more hours are promised than there are", "Promise less"))
    text = succeeds("policies", f"{own}:halves")
    assert "the guard passes" in text
    assert "  warning: R22 promises-kept, rest: more hours" in text


def test_the_list_says_what_is_wrong(own: str, succeeds: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """The list has a line for each policy of plug-ins, and says which rules one breaches, or why it fails."""
    point = EntryPoint("own", own, "custgrade")
    registry = Registry(finder=lambda: (FoundPlugin("mine", "own", own, "1", point),))
    monkeypatch.setattr("custgrade.cli.scheme_text.default_registry", lambda: registry)
    rows = {line.split()[0]: line for line in succeeds("policies").splitlines() if line}
    assert re.fullmatch(r"halves +mine +Thank the better half\.", rows["halves"])
    assert re.fullmatch(r"needs-more +mine +Needs a parameter\.", rows["needs-more"])
    assert re.search(r"mine +FAULT: .*budget must be a number of money", rows["fails"])
    breached(monkeypatch, Breach("R12", "rest", "w", "m"), Breach("R22", "rest", "w", "m"))
    rows = {line.split()[0]: line for line in succeeds("policies").splitlines() if line}
    assert re.search(r"mine +BREACHES R12 way-up: Thank the better half\.", rows["halves"])


def test_without_policies_the_list_says_so(succeeds: Callable[..., str], monkeypatch: pytest.MonkeyPatch) -> None:
    """Without a plug-in the list has a sentence."""
    monkeypatch.setattr("custgrade.cli.scheme_text.default_registry", lambda: Registry(finder=lambda: ()))
    assert succeeds("policies") == "no plug-in provides a policy; see custgrade plugins\n"


@pytest.mark.parametrize("size", [1, 2, 3, 5, 9, 26])
def test_every_grade_is_in_one_readable_table(size: int) -> None:
    """However many grades and words there are, each grade has one column, and no line is wider than the width."""
    words = "a sentence of many words, and oneveryveryveryverylongwordthatneedsmorethanoneline, that is wrapped"
    scale = GradeScale([ScaleAxis("size", [f"label-{k}-of-many-with-a-long-name" for k in range(size)])])
    treatment = Treatment(words, way_up=words, effort=Effort(1, 30), terms=Terms(0.05, extras={"rush": 80}))
    policy = Policy("p", "p", scale, dict.fromkeys(scale.grades, treatment), packages=[Package("basic", {"orders": 3})])
    text = matrix(policy)
    assert max(map(len, text.splitlines()[:-1])) <= WIDTH
    heads = re.findall(r"^grade .*\n(?:  .*\n)*", text, re.MULTILINE)
    columns = [len(re.findall("-+", line)) - 1 for line in re.findall(r"^-+  .*$", text, re.MULTILINE)]
    # the last rule is that of the packages
    assert (sum(columns), columns[-1], len(heads)) == (size + 1 + 1, 1, len(columns) - 1)
    assert "orders at least 3" in text


def test_rows_without_content_are_left_out() -> None:
    """A row stands in the table only if some grade has it."""
    level = ServiceLevel(lambda c: c["orders"], 2)
    text = matrix(Policy("p", "p", "A", {"A": Treatment("g", level=level)}))
    names = [line.split("  ")[0] for line in text.splitlines()]
    assert [row for row in ("discount", "rewards", "offers", "silence", "package") if row in names] == []
    assert cells(text, "answer within") == ["by customer", "24 working hours"]
    assert cells(text, "hours a customer") == ["2", "0.5"]


def test_a_configuration_may_have_a_policy(here: Path) -> None:
    """The table [policy] gives the name and the parameters; a file is relative to the configuration's folder."""
    folder = here / "sub"
    folder.mkdir()
    (folder / "a.toml").write_text('[policy]\nname = "shop.toml"\n', encoding="utf-8")
    (folder / "b.toml").write_text('[policy]\nname = "halves"\nparameters = {budget = 7}\n', encoding="utf-8")
    assert from_file(folder / "a.toml")["policy"] == str(folder / "shop.toml")
    found = from_file(folder / "b.toml")
    assert (found["policy"], found["policy_parameters"], found["parameters"]) == ("halves", {"budget": 7}, {})


def test_grading_ignores_the_policy_of_a_configuration(here: Path, succeeds: Callable[..., str]) -> None:
    """One configuration file may serve grading and planning."""
    (here / "customers.csv").write_text("customer_id,profit\nA,2\nB,1\n", encoding="utf-8")
    text = (
        '[source]\ncustomers = "customers.csv"\n[scorer]\nname = "abcde"\n[policy]\nname = "x"\nparameters = {a = 1}\n'
    )
    (here / "custgrade.toml").write_text(text, encoding="utf-8")
    assert "total" in succeeds("grade", "--config", "custgrade.toml")


def test_a_policy_file_is_no_configuration(here: Path, refused: Callable[..., str]) -> None:
    """A policy file that is given as configuration is recognised, and the right option is named."""
    (here / "shop.toml").write_text(FILE, encoding="utf-8")
    assert "If it is a policy, give it as the policy: --policy FILE.toml." in refused("grade", "--config", "shop.toml")


def test_hours_in_all_are_those_of_the_customers_that_are_counted(succeeds: Callable[..., str]) -> None:
    """--count multiplies the hours of one customer, and adds up the grades that are counted."""
    told = succeeds("policies", "golden-list", "--count", "A=40", "--count", "B=119")
    rows = {re.split(r" {2,}", line)[0]: re.split(r" {2,}", line)[1:] for line in told.splitlines()}
    assert (rows["customers"][:2], rows["hours in all"][:2]) == (["40", "119"], ["280.0", "595.0"])
    assert "hours in all: 875.0 for 159 customers" in told


@pytest.mark.parametrize(
    ("count", "says"),
    [
        ("Z=4", "--count names the grade 'Z'; the grades are: A, B, C, D, E, ungraded"),
        ("A=-4", "--count takes GRADE=NUMBER, a whole number of customers; received A=-4"),
        ("A=many", "received A=many"),
        ("A", "--count takes GRADE=NUMBER; received 'A'"),
    ],
)
def test_wrong_counts_are_refused(count: str, says: str, refused: Callable[..., str]) -> None:
    """A grade that the policy lacks, and a number that isn't whole, are errors."""
    assert says in refused("policies", "golden-list", "--count", count)
