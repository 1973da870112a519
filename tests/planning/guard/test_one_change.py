"""One random change at a time to the example policies: it is refused, breaches a rule, or the plan is decent."""

import re
from pathlib import Path
from random import Random

import numpy as np
import pytest
from hypothesis import HealthCheck, Phase, given, settings

import custgrade as cg
from custgrade.errors import RespectError
from custgrade.planning import check_policy
from custgrade.testing import graded_customers, policy_checks

FILES = sorted((Path(__file__).parents[3] / "examples" / "policies").glob("*.toml"))
VALUE = re.compile(r'"[^"\n]*"|\btrue\b|\bfalse\b|-?\d+(?:\.\d+)?')
CHANGES = 20


def changed(text, random):
    """Return the text of a policy file with one value changed, or one line left out, and the table of the change."""
    lines = text.split("\n")
    places = [(number, one) for number, line in enumerate(lines) for one in VALUE.finditer(line.split("#")[0])]
    number, found = random.choice([place for place in places if "=" in lines[place[0]][: place[1].start()]])
    tables = [line for line in lines[: number + 1] if line.startswith("[")]
    if random.random() < 0.15:
        lines[number] = ""
    else:
        line = lines[number]
        lines[number] = line[: found.start()] + other_value(found[0], random) + line[found.end() :]
    return "\n".join(lines), tables[-1].strip("[]") if tables else ""


def other_value(token, random):
    """Return another value of the same kind, in TOML."""
    if token in ("true", "false"):
        return "false" if token == "true" else "true"
    if token.startswith('"'):
        return random.choice(['""', '"partner"', '"team"', '"named person"', '"revenue"', '"keep"', '"gift"', '"B"'])
    number = float(token)
    return f"{random.choice([number * 10, number * 2, number / 2, number / 10, 0, -number, number + 1, 1000]):g}"


def faults_of(policy):
    """Yield what isn't decent in a policy as it is declared, by plain rules of this test's own."""
    comparable = policy.grades.comparable()
    for grade, treatment in policy.by_place:
        if not treatment.way_up and any(worse == grade for _, worse in comparable):
            yield f"{grade} has no way up"
        if treatment.terms.our_notice_days < max(14, treatment.terms.their_notice_days):
            yield f"{grade} has short notice"
        if any(reward.kind == "showcase" and not reward.consent for reward in treatment.rewards):
            yield f"{grade} is shown without consent"
        for incentive in treatment.incentives:
            if grade != "ungraded" and (incentive.reaching, grade) not in comparable:
                yield f"{grade}: an incentive for nothing better"
        for offer in treatment.offers:
            asks = offer.transition is not None or offer.rise.constant != 0.0
            end = offer.transition
            good = [
                bool(offer.explain.strip()),
                14 <= offer.open_days <= 28,
                offer.notice_days >= 14,
                offer.silence in ("keep", "transition"),
                bool(offer.alternatives) or not asks,
                offer.steepest <= 0.5 or offer.rise.constant == 0.0,
                end is None or (bool(end.to and end.referral and end.scope) and 14 <= end.days <= 180),
                end is not None or offer.silence != "transition",
            ]
            if not all(good):
                yield f"{grade}: offer {offer.name!r}: {good}"
    if policy.base.response_hours.constant is None or policy.base.response_hours.constant > 40:
        yield "the base is slow"
    if not any(action.kind == "ask" for action in policy.ungraded.actions):
        yield "nobody asks the ungraded"
    if any(offer.transition is not None or offer.rise.constant != 0.0 for offer in policy.ungraded.offers):
        yield "the ungraded are charged more or released"
    for better, worse in comparable:
        one, other = policy.treatments[better].terms, policy.treatments[worse].terms
        for name, sign in (("discount", 1), ("payment_days", 1), ("deposit", -1)):
            values = getattr(one, name).constant, getattr(other, name).constant
            if None not in values and sign * values[1] > sign * values[0]:
                yield f"{name} of {worse} is better than of {better}"


@pytest.mark.parametrize("path", FILES, ids=lambda path: path.stem)
def test_one_change_is_refused_named_or_harmless(path, tmp_path):
    """A changed file can't be read, breaches a rule that names its part, or still makes decent plans for anybody."""
    file, random = tmp_path / path.name, Random(path.stem)
    outcomes = {"refused": 0, "breach": 0, "decent": 0}
    for _ in range(CHANGES):
        text, table = changed(path.read_text(encoding="utf-8"), random)
        file.write_text(text, encoding="utf-8")
        try:
            policy = cg.read_policy(file)
        except cg.CustgradeError as error:
            assert path.name in str(error)
            outcomes["refused"] += 1
            continue
        breaches = check_policy(policy)
        if breaches:
            assert all(path.name in breach.place for breach in breaches)
            names = {name.strip('"') for name in re.findall(r'"[^"]+"|[^.]+', table)}
            if table.startswith("treatment."):
                assert any(name in str(breach) for breach in breaches for name in names - {"treatment"})
            outcomes["breach"] += 1
            continue
        assert [] == list(faults_of(policy)), text
        outcomes["decent"] += decent_for_customers(policy)
    assert outcomes["refused"] + outcomes["breach"] > 0


def decent_for_customers(policy):
    """Return 1 after looking at plans for a few sets of customers, each by checks that don't use the guard."""

    @settings(
        max_examples=2,
        deadline=None,
        database=None,
        derandomize=True,
        phases=(Phase.generate,),
        suppress_health_check=list(HealthCheck),
    )
    @given(graded_customers(policy))
    def run(graded):
        try:
            cg.plan(graded, policy, policy_checks.ON)
            policy_checks.nobody_below_the_base(policy, graded)
            policy_checks.never_more_in_a_worse_grade(policy, graded)
            policy_checks.unknown_is_not_bad(policy, graded)
            policy_checks.offers_are_bearable(policy, graded)
        except RespectError as error:
            assert error.breaches
        except AssertionError as error:
            # the plan for the same customers in another grade may breach a rule, which is named too
            assert "the guard refuses the plan" in str(error)

    with np.errstate(all="ignore"):
        run()
    return 1
