"""Parts that aren't exactly custgrade's classes, or whose values were set behind them, are refused."""

import sys
from pathlib import Path

import pytest
from attrs import evolve

import custgrade as cg
from custgrade.errors import PolicyError
from custgrade.planning import Amount, Offer, Policy, Reward, ServiceLevel, Treatment, check_policy

sys.path.insert(0, str(Path(__file__).parent))
try:
    from faulty_policies import GOOD, OFFER, ON, A, B, graded, with_b
finally:
    sys.path.pop(0)


def bent(part, **values):
    """Return a copy of a part whose values are set without its checks."""
    copy = evolve(part)
    for name, value in values.items():
        object.__setattr__(copy, name, value)
    return copy


def subclass(kind):
    """Return a subclass that the guard of `Part` doesn't see, as `type` makes it with a second base."""
    from custgrade.planning.part import Part

    original = Part.__init_subclass__
    try:
        del Part.__init_subclass__
        return type(kind.__name__, (kind,), {"__module__": kind.__module__})
    finally:
        Part.__init_subclass__ = original


def remade(kind, part):
    copy = object.__new__(kind)
    for name in (one.name for one in part.__attrs_attrs__):
        object.__setattr__(copy, name, getattr(part, name))
    return copy


class Late(str):
    """A text that says it is longer than it is."""

    __slots__ = ()

    def strip(self, *_):
        return "explained"


class Patient(int):
    """A number of days that compares as 21."""

    def __le__(self, other):
        return 21 <= other

    def __ge__(self, other):
        return 21 >= other


BENT = [
    bent(GOOD, treatments={"A": A, "B": B}),
    with_b(offers=[bent(OFFER, explain=Late(""))]),
    with_b(offers=[bent(OFFER, open_days=Patient(3))]),
    with_b(offers=[bent(OFFER, open_days=-3)]),
    with_b(offers=[bent(OFFER, rise=-5.0)]),
    with_b(offers=[bent(OFFER, rise=bent(Amount(0.0), constant="0"))]),
    with_b(offers=[bent(OFFER, silence="yes")]),
    with_b(level=bent(ServiceLevel(24, 1), desk="nobody")),
    with_b(level=bent(ServiceLevel(24, 1), response_hours=Amount(-1.0))),
    bent(GOOD, base=None),
    with_b(offers=[bent(OFFER, rise=bent(Amount(0.0), constant=None))]),
    bent(GOOD, treatments=type(GOOD.treatments)({"A": A, "B": bent(B, offers=A.rewards)})),
    bent(GOOD, ungraded="nobody"),
    bent(GOOD, treatments=evolve(GOOD, treatments=GOOD.treatments).also),
]


@pytest.mark.parametrize("policy", BENT)
def test_values_set_behind_a_class_are_refused(policy):
    """Both the check and a plan refuse them, and say what isn't right."""
    with pytest.raises(PolicyError):
        check_policy(policy)
    with pytest.raises(PolicyError):
        cg.plan(graded(), policy, ON)


@pytest.mark.parametrize("kind", [Policy, Treatment, Offer, Amount, Reward])
def test_a_subclass_cannot_be_made(kind):
    """Neither a class statement nor `type` makes one."""
    with pytest.raises(TypeError, match="can't be subclassed"):
        type("Bent", (kind,), {"__module__": "plugin"})


def test_a_smuggled_subclass_is_refused():
    """A subclass that somebody made all the same is no part of a policy, whatever it calls itself."""
    liar = remade(subclass(Offer), OFFER)
    policy = with_b(offers=[OFFER])
    policy = bent(policy, treatments=type(policy.treatments)({"A": A, "B": bent(B, offers=(liar,))}))
    with pytest.raises(PolicyError, match=r"a subclass of custgrade\.planning\.offer\.Offer"):
        check_policy(policy)
    with pytest.raises(PolicyError, match="must be exactly"):
        check_policy(remade(subclass(Policy), GOOD))


def test_numbers_of_other_libraries_are_taken():
    """Numbers of numpy and exact numbers are numbers."""
    import decimal
    import fractions

    import numpy as np

    treatment = evolve(A, budget=decimal.Decimal(5))
    policy = evolve(
        GOOD, treatments={"A": treatment, "B": B}, gift_limit=np.float64(150), sales_rate=fractions.Fraction(60)
    )
    assert check_policy(policy) == ()
