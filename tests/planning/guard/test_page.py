"""The page of the guard has a section for each rule, which says what the rule says."""

import re
import tomllib
from pathlib import Path

import pytest

from custgrade.planning import RULES
from custgrade.planning.guard.effects import LEAST_GROUP
from custgrade.planning.guard.entitlements import SLOWEST
from custgrade.planning.guard.gifts import CEILING, CEILING_YEAR
from custgrade.planning.guard.lists import LEAST_SHUT_OUT
from custgrade.planning.guard.offers import LONGEST, SHORTEST, STEEPEST, TRANSITION
from custgrade.planning.guard.terms import LEAST_NOTICE
from custgrade.planning.guard.words import BELITTLING

ROOT = Path(__file__).parents[3]
PAGE = (ROOT / "docs/guard.md").read_text(encoding="utf-8")
PARTS = ("What", "Avoid", "Prefer", "Why", "Source")


def section(rule):
    """Return the parts of a rule's section by name, with blanks instead of line breaks outside of blocks."""
    (text,) = re.findall(rf"^### {re.escape(str(rule))}\n(.*?)(?=^### |\Z)", PAGE, re.MULTILINE | re.DOTALL)
    found = re.split(r"^\*\*(\w+)\.\*\*", text, flags=re.MULTILINE)[1:]
    assert found[::2] == list(PARTS)
    return dict(zip(PARTS, found[1::2], strict=True))


def plain(text):
    return " ".join(text.split())


@pytest.mark.parametrize("rule", RULES.values(), ids=str)
def test_each_rule_has_its_section(rule):
    """Why and source are those of the rule; to avoid and to prefer are two different pieces of TOML."""
    parts = section(rule)
    assert plain(parts["Why"]) == rule.why
    assert plain(parts["Source"]).casefold() == f"{rule.source}.".casefold()
    assert ("can't be waived" in plain(parts["What"])) != rule.waivable
    assert parts["What"].strip().startswith("A warning") == rule.warns
    blocks = [re.fullmatch(r"\s*```toml\n(.*?)```\s*", parts[name], re.DOTALL).group(1) for name in ("Avoid", "Prefer")]
    assert blocks[0] != blocks[1]
    assert all(tomllib.loads(block) for block in blocks)


def test_the_page_has_no_other_rules():
    """The sections are the rules, in their order."""
    assert re.findall(r"^### (.+)$", PAGE, re.MULTILINE) == [str(rule) for rule in RULES.values()]


@pytest.mark.parametrize(
    ("rule", "words"),
    [
        ("R02", f"within {SLOWEST:g} working hours"),
        ("R08", f"{SHORTEST} to {LONGEST} days"),
        ("R09", f"at least {LEAST_NOTICE} days"),
        ("R10", f"{TRANSITION[0]} to {TRANSITION[1]} days"),
        ("R18", f"at most {STEEPEST:g}"),
        ("R15", f"at least {LEAST_SHUT_OUT} customers"),
        ("R21", f"Limits above {CEILING:,.0f} for one gift and {CEILING_YEAR:,.0f} a year"),
        ("R26", f"at least {LEAST_GROUP} customers"),
        ("R23", f"fewer than {LEAST_GROUP} customers"),
        ("R25", f"none of these words: {', '.join(BELITTLING)}."),
    ],
)
def test_the_page_states_the_limits(rule, words):
    """The limits on the page are those of the code."""
    assert words in plain(section(RULES[rule])["What"])
