"""Digests of policies: equal for equal policies, and for no others."""

import datetime as dt
import itertools
import os
import subprocess
import sys
from collections.abc import Iterator, Mapping
from decimal import Decimal
from fractions import Fraction
from pathlib import Path
from typing import Any

import attrs
import numpy as np
import pytest
from attrs import evolve
from small_policy import policy

import custgrade as cg
from custgrade.errors import CustgradeError, PolicyError
from custgrade.planning import Amount, Condition, Policy, Reward, Treatment
from custgrade.planning.amount import as_amount, as_condition
from custgrade.planning.digest import policy_digest
from custgrade.planning.part import Part

ROOT = Path(__file__).parents[2]
FILES = [ROOT / "tests/policy_files/every_key.toml", *sorted((ROOT / "examples/policies").glob("*.toml"))]
CHANGES: dict[str, list[dict[str, Any]]] = {
    "ideal-mix": [{}, {"broad": 4}, {"thanks": 51.0}, {"sales_rate": 61.0}, {"service_hours": 5.5}],
    "golden-list": [{}, {"every": 6}, {"event": 41.0}, {"budgets": {"A": 4000.0}}, {"gifts": {"most": 90.0}}],
    "packages": [{}, {"notice_days": 31}, {"after_decline": "keep"}, {"partner": "Smith & Co."}, {"deposit": 0.4}],
    "sales-service-mix": [{}, {"advise_every": 7}, {"potential": 1001.0}, {"full_price": 0.9}, {"service_rate": 41.0}],
    "fair-treatment": [{}, {"tell_every": 11}, {"refer_after_decline": True}, {"response_hours": 3.5}],
}


def changed(value: Any) -> Iterator[Any]:
    """Yield values that differ from a value in one place, at any depth; some of them equal it in another form."""
    if isinstance(value, bool):
        yield not value
    elif isinstance(value, str):
        yield from (f"{value} too", "more", "less", "gift", "keep", "lift", "team", "ask", "")
    elif isinstance(value, (int, float)):
        yield from (value + 1, value * 0.5, float(value), Decimal(value), np.float64(value))
    elif isinstance(value, dt.date):
        yield value + dt.timedelta(days=1)
    elif isinstance(value, tuple):
        yield from (value[:-1], value[::-1], (*value, *value))
        for k, one in enumerate(value):
            yield from ((*value[:k], other, *value[k + 1 :]) for other in changed(one))
    elif isinstance(value, Mapping):
        yield dict(reversed(value.items()))
        yield dict(list(value.items())[:-1])
        for key, one in value.items():
            yield from ({**value, key: other} for other in changed(one))
    elif isinstance(value, Amount):
        yield from (Amount(0.125), Amount(value.constant, value.traced, "in words"))
        yield as_amount(lambda c: 0.125 * c["revenue"])
    elif isinstance(value, Condition):
        yield from (Condition(value.traced, "in words"), as_condition(lambda c: c["revenue"] > 0.125))
    elif isinstance(value, Part):
        yield from changed_parts(value)


def changed_parts(part: Any) -> Iterator[Any]:
    for attribute in attrs.fields(type(part)):
        for other in (None, *changed(getattr(part, attribute.name))):
            try:
                yield evolve(part, **{attribute.name: other})
            except CustgradeError:
                continue


def check_all_pairs(policies: list[Policy]) -> tuple[int, int]:
    """Check that policies are equal exactly where their digests are; return how many pairs are equal and different."""
    digests = [policy_digest(one) for one in policies]
    assert all(len(one) == 64 and int(one, 16) >= 0 for one in digests)
    equal = total = 0
    for (one, mine), (other, its) in itertools.combinations(zip(policies, digests, strict=True), 2):
        assert (one == other) == (mine == its), attrs.asdict(one, recurse=False)
        equal, total = equal + (mine == its), total + 1
    return equal, total - equal


def test_policies_of_plugins_and_files_are_told_apart():
    """The five policies of the plug-ins, each with one parameter changed, and the files: each equals only itself."""
    made = [cg.policy(name, **change) for _ in range(2) for name, changes in CHANGES.items() for change in changes]
    read = [cg.read_policy(path) for _ in range(2) for path in FILES]
    assert set(CHANGES) == set(cg.policies())
    equal, _ = check_all_pairs([*made, *read])
    assert equal == (len(made) + len(read)) // 2


@pytest.mark.parametrize("path", [FILES[0], ROOT / "examples/policies/garage.toml"], ids=lambda path: path.stem)
def test_one_change_of_any_attribute_changes_the_digest_if_it_changes_the_policy(path):
    """Each attribute of each part is changed in turn: the digest is another one exactly if the policy is."""
    original = cg.read_policy(path)
    digest = policy_digest(original)
    seen = {True: 0, False: 0}
    for other in changed(original):
        same = other == original
        assert same == (policy_digest(other) == digest), other
        seen[same] += 1
    assert min(seen.values()) > 50


def test_equal_numbers_and_orders_of_mappings_give_equal_digests():
    """60 is 60.0 in a policy, and the order of treatments, as of other mappings, doesn't count."""
    one = policy(sales_rate=60, gift_limit=0.5, also={"D": "C", "E": "C"})
    treatments = dict(reversed(one.treatments.items()))
    for other in (60.0, Decimal(60), Fraction(60), np.float32(60), np.int16(60)):
        again = evolve(one, sales_rate=other, treatments=treatments, also={"E": "C", "D": "C"})
        assert again == one
        assert policy_digest(again) == policy_digest(one)
    assert policy_digest(evolve(one, gift_limit=0.1)) != policy_digest(evolve(one, gift_limit=Decimal("0.1")))


def test_functions_count_by_their_graphs():
    """Another function with the same graph gives the same digest, another graph another one; findings don't count."""
    one, same, other = (
        policy(at_stake=function, findings=findings)
        for function, findings in (
            (lambda c: c["profit"] * 2.0, ()),
            (lambda columns: columns["profit"] * 2.0, [cg.findings.pareto]),
            (lambda c: c["profit"] * 2.5, ()),
        )
    )
    assert policy_digest(one) == policy_digest(same) != policy_digest(other)


def test_parts_are_not_confused():
    """Texts that look like other parts, and parts at another place, give other digests."""
    plain = policy()
    some = [
        plain,
        policy(purpose="60"),
        policy(purpose='", "grades'),
        policy(treatments={**plain.treatments, "A": Treatment("keep", rewards=Reward("gift"))}),
        policy(treatments={**plain.treatments, "A": Treatment("keep", rewards=[Reward("gift"), Reward("more")])}),
        policy(treatments={**plain.treatments, "B": Treatment("keep", rewards=Reward("gift"))}),
        policy(days_off=["2026-12-25"]),
        policy(days_off=["sunday"]),
        policy(contact_limit=1),
        policy(contact_days=1),
    ]
    assert check_all_pairs(some)[0] == 0


@pytest.mark.parametrize("seed", ["0", "1", "77"])
def test_another_process_gives_the_same_digest(seed):
    """The digest doesn't depend on the process, nor on the seed of Python's hashes."""
    code = (
        "import sys, custgrade as cg\n"
        "from custgrade.planning.digest import policy_digest\n"
        "policies = [*map(cg.read_policy, sys.argv[1:]), cg.policy('golden-list')]\n"
        "print(*map(policy_digest, policies))"
    )
    environment = {**os.environ, "PYTHONHASHSEED": seed}
    command = [sys.executable, "-c", code, *map(str, FILES)]
    found = subprocess.run(command, env=environment, capture_output=True, text=True, check=True).stdout.split()
    assert found == [*map(policy_digest, [*map(cg.read_policy, FILES), cg.policy("golden-list")])]


def test_a_value_behind_the_back_of_a_policy_is_refused():
    """A value that no part accepts is an error that names it."""
    bad = policy()
    object.__setattr__(bad, "purpose", {"a", "set"} - {"set"})
    with pytest.raises(PolicyError, match=r"received \{'a'\}"):
        policy_digest(bad)
