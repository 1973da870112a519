"""What only another process shows: hashes, the order of sets, and dates that were read at import."""

import importlib
import sys

import pytest

from custgrade.testing import ContractBrokenError

MODULE = """
import datetime
import custgrade.plugins as cg
from custgrade.testing import ScorerContract

YEAR = datetime.date.today().year


def one(score, **rest):
    return cg.Scorer([cg.Axis("grade", "ABC", score, cg.Shares(("1/3", "1/3", "1/3")), **rest)])


class Right(ScorerContract):
    def scorer(self):
        return one(lambda c: c["profit"])


class ByHash(ScorerContract):
    def scorer(self):
        return one(lambda c: c["profit"] * float(hash("a") % 1000 + 1), traceable=False, needs=["profit"])


class BySet(ScorerContract):
    def scorer(self):
        letters = "".join(set("abcdefghijklmnopqrstuvwxyz"))
        return one(lambda c: c["profit"] + c["orders"] * float(int(letters, 36)))


class ByYear(ScorerContract):
    def scorer(self):
        return one(lambda c: c["profit"] - c["orders"] * float(YEAR - 2000))


class ByDefault(ScorerContract):
    def scorer(self, today=datetime.date.today()):
        return one(lambda c: c["profit"] - c["recency"] * float(today.toordinal()))


class Outer:
    class Inner(Right):
        pass


class NeedsSetup(ScorerContract):
    def scorer(self):
        return one(lambda c: c["profit"] * self.rate)


def local():
    class Local(Right):
        pass

    return Local
"""


@pytest.fixture
def module(tmp_path, monkeypatch):
    (tmp_path / "contracts_elsewhere.py").write_text(MODULE, encoding="utf-8")
    monkeypatch.syspath_prepend(str(tmp_path))
    yield importlib.import_module("contracts_elsewhere")
    del sys.modules["contracts_elsewhere"]


CHECKS = ("test_2_order_another_process", "test_7_another_day")


@pytest.mark.parametrize("name", ["Right", "Outer.Inner"])
def test_what_is_the_same_everywhere_passes(module, name):
    """A scorer that only looks at the data passes, also in a class within a class."""
    contract = module
    for part in name.split("."):
        contract = getattr(contract, part)
    for check in CHECKS:
        getattr(contract(), check)()


@pytest.mark.parametrize(
    ("name", "check", "words"),
    [
        ("ByHash", CHECKS[0], "in another process"),
        ("BySet", CHECKS[0], "the scorer computes something else"),
        ("ByYear", CHECKS[1], "days later the scorer computes something else"),
        ("ByDefault", CHECKS[1], "days later the scorer computes something else"),
    ],
)
def test_what_differs_elsewhere_is_caught(module, name, check, words):
    """The check that the fault is about fails, and the other one passes."""
    contract = getattr(module, name)()
    with pytest.raises(ContractBrokenError, match=words):
        getattr(contract, check)()
    if check == CHECKS[1]:
        getattr(contract, CHECKS[0])()


def test_a_class_inside_a_function_cant_be_asked(module):
    """Another process can't import it, and the check says so instead of passing."""
    for check in CHECKS:
        with pytest.raises(pytest.skip.Exception, match="its class is defined inside a function"):
            getattr(module.local()(), check)()


def test_a_scorer_that_needs_a_setup_cant_be_asked(module):
    """Another process doesn't run fixtures, and the check says what failed there."""
    contract = module.NeedsSetup()
    contract.rate = 2.0
    with pytest.raises(pytest.skip.Exception, match="has no attribute 'rate'"):
        contract.test_7_another_day()
