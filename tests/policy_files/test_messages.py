"""Each mistake in a policy file has an error with file, line and table that says what to do."""

from __future__ import annotations

import re
from collections.abc import Callable
from pathlib import Path

import pytest

from custgrade import CustgradeError, read_policy
from custgrade.errors import ConfigurationError
from custgrade.planning.days_off import WEEKDAYS

START = 'name = "shop"\npurpose = "p"\n'
GRADE = '[treatment.A]\ngoal = "g"\n'
ONE = f"{START}{GRADE}"
OFFER = f'{ONE}[treatment.A.offer.price]\nwhat = "w"\n'


def test_a_stranger_is_led_from_an_empty_file_to_a_policy(tmp_path: Path) -> None:
    """What each error asks to add, added to the end of its table, gives a policy in a few steps."""
    path = tmp_path / "shop.toml"
    path.write_text("", encoding="utf-8")
    messages = []
    for _ in range(10):
        try:
            found = read_policy(path)
            break
        except CustgradeError as error:
            messages.append(str(error).replace(f"{tmp_path}/", ""))
        text = path.read_text(encoding="utf-8")
        # a reader copies the examples of the message, and the table that it names
        examples = re.findall(r'\b\w+ = (?:"[^"]*"|[\d.]+)', messages[-1])
        table = re.search(r"such as (\[treatment\.A\])", messages[-1])
        path.write_text(text + "\n".join([*examples, *([table[1]] if table else [])]) + "\n", encoding="utf-8")
    assert (found.name, found.grades.grades, len(messages)) == ("our-policy", ("A",), 2)
    assert messages[0].startswith("shop.toml, line 1: missing name, purpose, treatment. Add ")
    assert messages[1] == 'shop.toml, line 3: [treatment.A]: missing goal. Add goal = "delight them"'


def test_all_missing_keys_are_named_at_once(message: Callable[[str], str]) -> None:
    """One error lists what is missing in all tables, each with its line."""
    found = message(f"{START}[treatment.A]\n[treatment.B]\nlevel = {{desk = 'team'}}\noffer.price = {{}}\n")
    assert re.findall(r"line (\d+): \[(.*?)\]: missing ([a-z_, ]+)\.", found) == [
        ("3", "treatment.A", "goal"),
        ("4", "treatment.B", "goal"),
        ("5", "treatment.B.level", "response_hours, service_hours"),
        ("6", "treatment.B.offer.price", "what"),
    ]


def test_many_missing_keys_are_counted(message: Callable[[str], str]) -> None:
    """After ten tables the others are counted."""
    assert message(START + "".join(f"[treatment.{one}]\n" for one in "ABCDEFGHIJKL")).endswith("; and in 2 more tables")


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (f"purpos = 1\n{ONE}", "line 1: unknown key 'purpos'. Did you mean 'purpose'?"),
        (
            f"{ONE}budget_months = 3",
            "line 5: [treatment.A]: unknown key 'budget_months'. It is a key of the policy its",
        ),
        (
            f"{OFFER}name = 'x'",
            "line 7: [treatment.A.offer.price]: unknown key 'name'. The name of the table is the na",
        ),
        (
            f"{START}treatment = 5",
            "line 3: give each treatment a table with its own name, [treatment.NAME]; received 5",
        ),
        (f"{ONE}reward.gift = 3", "line 5: [treatment.A.reward]: gift must be a table"),
        (f"{ONE}[[treatment.A.offer]]\nname = 'x'", "line 5: [treatment.A]: give each offer a table with its own name"),
        (f"{ONE}level = 3", "line 5: [treatment.A]: level must be a table, [treatment.A.level]; received 3"),
        (f"{ONE}goal2 = 3", "line 5: [treatment.A]: unknown key 'goal2'. Did you mean 'goal'?"),
        (f"{ONE}budget = -1", "line 5: [treatment.A]: budget must be a number of money, 0 or more; received -1"),
        (f"{ONE}budget = {{}}", "line 5: [treatment.A]: budget must not be a table; received {}"),
        (f"{ONE}reward.gift.kind = 'gitf'", "received 'gitf'. Did you mean 'gift'?"),
        (
            f"{ONE}reward.gift.value = 'much'",
            '[treatment.A.reward.gift]: value must be a number, {share = 0.01, of = "r',
        ),
        (f"{ONE}reward.gift.value = {{shar = 1}}", "[treatment.A.reward.gift.value]: unknown key 'shar'. Did you mean"),
        (f"{ONE}reward.gift.value = {{share = 1}}", "[treatment.A.reward.gift.value]: missing of. An amount is"),
        (f"{ONE}reward.gift.value = {{share = true, of = 'x'}}", "share must be a number, or the name of a number th"),
        (
            f"{ONE}reward.gift.value = {{of = 'x', least = 3, most = 2}}",
            "least must not be above most; received 3 and 2",
        ),
        (f"{ONE}reward.gift.value = {{of = 'x', restores = {{}}}}", "restores stands alone; remove of"),
        (
            f"{OFFER}when = {{field = 'margin', below = '5%'}}",
            "such as 'margin_floor'; received '5%'. Write 0.05, without quotation marks",
        ),
        (f"{OFFER}when = {{field = 'margin', below = 'five per cent'}}", "line 7: [treatment.A.offer.price.when]: bel"),
        (f"{OFFER}rise = {{restores = {{average_sale = '150'}}}}", "received '150'. Write 150, without quotation"),
        (f"{ONE}[grade.B]\ngoal = 'g'", "line 5: unknown key 'grade'. Did you mean 'treatment'?"),
        (f"{ONE}reward.gift.value = inf", "value must be a number"),
        (f"{ONE}reward.gift.only = 'golden'", "only has 'golden', which isn't among the shortlists: none."),
        (f"{ONE}touchpoints.inqiry = 'x'", "[treatment.A]: touchpoints must be among inquiry"),
        (f"{ONE}incentive.v = {{value = 1, reaching = 'Q'}}", "reaching has 'Q', which isn't among the grades of the"),
        (
            f"{OFFER}package = 'basic'",
            "line 7: [treatment.A.offer.price]: package has 'basic', which isn't among the p",
        ),
        (
            f"{OFFER}remind_days = 0",
            'line 7: [treatment.A.offer.price]: remind_days must be a whole number of days, at least 1, or "none"; rec',
        ),
        (f"{OFFER}open_days = 'none'", "open_days must be a whole number of days, at least 0; received 'none'"),
        (f"{START}hold_days = -1\n{GRADE}", "line 3: hold_days must be a whole number of days, at least 0; rec"),
        (f"{START}pause_months = 0\n{GRADE}", "line 3: pause_months must be a whole number of months, at least 1; rec"),
        (
            f"{START}contact_limit = 0\n{GRADE}",
            "line 3: contact_limit must be a whole number of contacts, at least 1; r",
        ),
        (f"{START}contact_limit = 'none'\n{GRADE}", "contacts, at least 1; received 'none'"),
        (f"{START}contact_days = 0.5\n{GRADE}", "line 3: contact_days must be a whole number of days, at least 1; rec"),
        (
            f"{START}days_off = ['sundey']\n{GRADE}",
            "line 3: days_off must be a list of weekdays, such as 'sunday', and",
        ),
        (
            f"{START}days_off = ['sunday',\n7]\n{GRADE}",
            "line 3: days_off must be a list of weekdays, such as 'sunday', and",
        ),
        (
            f"{START}days_off = {{sunday = true}}\n{GRADE}",
            "line 3: days_off must not be a table; received {'sunday': Tr",
        ),
        (f"{START}days_off = [2026-12-25T08:00:00, 8]\n{GRADE}", "of dates, such as '2026-12-25'; received 8"),
        (
            f"{START}days_off = {list(WEEKDAYS)}\n{GRADE}",
            "line 3: days_off has all seven weekdays; leave out at least one of them",
        ),
        (
            f"{ONE}days_off = ['sunday']",
            "line 5: [treatment.A]: unknown key 'days_off'. It is a key of the policy itself",
        ),
        (f"{OFFER}mend_first = 'yes'", "line 7: [treatment.A.offer.price]: mend_first must be true or false; received"),
        (
            f"{OFFER}alternatives = {{}}",
            "line 7: [treatment.A.offer.price]: alternatives must be a list of texts; receiv",
        ),
        (
            f"{OFFER}open_days = 2.5",
            "line 7: [treatment.A.offer.price]: open_days must be a whole number of days, at le",
        ),
        (f"{OFFER}when = 3", "line 7: [treatment.A.offer.price]: when must be a table such as {field = "),
        (f"{OFFER}when = []", "line 7: [treatment.A.offer.price]: when must be a table such as {field = "),
        (f"{OFFER}when = {{field = 'margin'}}", "[treatment.A.offer.price.when]: a condition is a table such as"),
        (f"{OFFER}when = {{below = 1}}", "[treatment.A.offer.price.when]: a condition is a table such as"),
        (
            f"{OFFER}when = [\n{{field = 3, below = 1}}]",
            "line 7: [treatment.A.offer.price.when]: field must be the name",
        ),
        (
            f"{OFFER}rise = {{restores = {{margin = 2}}}}",
            "line 7: [treatment.A.offer.price.rise]: margin must be a num",
        ),
        (
            f"{OFFER}rise = {{restores = {{}}}}",
            "[treatment.A.offer.price.rise]: restoring needs at least one floor: margin",
        ),
        (
            f"{OFFER}rise = {{restores = {{sale = 1}}}}",
            "unknown key 'sale'. The keys are: margin, average_sale, revenue",
        ),
        (f"{OFFER}transition = {{days = 60}}", "missing to, referral, scope. Add to = "),
        (f"grades = 'AB'\n{ONE}", "line 1: there is no treatment for B; add a table for each, such as [treatment.B]"),
        (f"grades = 'B'\n{ONE}", "line 4: [treatment.A]: 'A' isn't among the grades: B."),
        (f"grades = 3\n{ONE}", "line 1: grades must be a list of texts, best first"),
        (f"grades = 'A'\naxes.a = 'A'\n{ONE}", "line 2: both axes and grades are given; remove one of them"),
        (f"axes.a = 3\n{ONE}", "line 1: [axes]: a must be a list of labels, best first"),
        (f"axes.a.label = 3\n{ONE}", "line 1: [axes.a]: an axis has labels, and may be within another one"),
        (f"axes.a = ['x', 'x']\n{ONE}", "line 1: axis 'a': labels are different, non-empty texts"),
        (
            f"{START}[treatment.'A/B']\ngoal = 'g'",
            'line 3: [treatment."A/B"]: a grade with a / is a combination of axes',
        ),
        (f"also.D = 'E'\n{ONE}", "line 1: [also]: D has 'E', which isn't among the grades of the policy: A."),
        (f"findings = 'pareto'\n{ONE}", "line 1: findings must be a list of names"),
        (
            f"findings = ['no such finding']\n{ONE}",
            "line 1: findings has 'no such finding', which isn't among the find",
        ),
        (
            f"{ONE}[shortlist.golden]\namong = 'A'\nshare = 0.05",
            "line 5: [shortlist.golden]: a shortlist has either ran",
        ),
        (f"{ONE}[shortlist.golden]\namong = 'A'\nrank_by = 'orders'", "[shortlist.golden]: missing share. Add share ="),
        (f"{ONE}shortlist.a = 3", "unknown key 'shortlist'. It is a key of the policy itself"),
        (
            f"{ONE}[shortlist.g]\namong = 'A'\nrank_by = 'orders'\nshare = 5",
            "line 8: [shortlist.g]: share: a share is abo",
        ),
        (
            f"{ONE}[shortlist.g]\namong = 'A'\nrank_by = 'orders'\nshare = 1",
            "line 8: [shortlist.g]: share must be below 1",
        ),
        (f"{ONE}[shortlist.g]\namong = 'A'\nrank_by = 3\nshare = 0.1", "rank_by must be a field, such as"),
        (
            f"{ONE}[shortlist.g]\namong = 'A'\nrank_by.orders = 'x'\nshare = 0.1",
            "[shortlist.g.rank_by]: the weight of or",
        ),
        (
            f"{ONE}[shortlist.g]\namong = 'A'\ncriteria.orders = {{}}\nshare = 0.1",
            "[shortlist.g.criteria.orders]: points",
        ),
        (
            f"{ONE}[shortlist.g]\namong = 'B'\nrank_by = 'orders'\nshare = 0.1",
            "line 6: [shortlist.g]: among has 'B', whic",
        ),
        (
            f"{ONE}[shortlist.'a b']\namong = 'A'\nrank_by = 'orders'\nshare = 0.1",
            "a shortlist's name is the name of a c",
        ),
    ],
)
def test_a_mistake_is_told_with_its_place(message: Callable[[str], str], text: str, expected: str) -> None:
    """The error has the place, what is wrong and what would be accepted."""
    found = message(text)
    assert expected in found
    # the words of Python aren't those of a file
    assert [word for word in ("lambda", "None", "True or False", "Entitlement(") if word in found] == []


def test_what_is_not_toml_has_its_line(tmp_path: Path) -> None:
    """A syntax error names the file and the line."""
    path = tmp_path / "shop.toml"
    path.write_text(f"{START}[treatment.A\n", encoding="utf-8")
    with pytest.raises(ConfigurationError, match=r"shop\.toml is not TOML: .*line 3"):
        read_policy(path)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    """A file that isn't there is named."""
    with pytest.raises(ConfigurationError, match=r"none\.toml"):
        read_policy(tmp_path / "none.toml")
