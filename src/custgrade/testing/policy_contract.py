"""The promises of policies as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

from hypothesis import strategies as st

from custgrade.errors import PolicyError
from custgrade.model.graded import Graded
from custgrade.planning.guard.checks import check_policy
from custgrade.planning.policy import Policy
from custgrade.registry.registry import default_registry
from custgrade.testing import policy_checks, policy_log_checks
from custgrade.testing.graded_customers import graded_customers, taken
from custgrade.testing.policy_promises import broken
from custgrade.testing.recorded_calls import recorded_calls
from custgrade.testing.search import Draw, smallest_counterexample
from custgrade.text import listed, shown


class PolicyContract:
    """A test class that checks the promises of policies for the policy of a subclass.

        class TestLoyal(PolicyContract):
            def policy(self):
                return loyal(floor=0.1)

    examples: the number of sets of customers that each promise is tried on.
    """

    examples: ClassVar[int] = 40

    def policy(self) -> Policy:
        """Return the policy under test, a new one at each of many calls."""
        raise NotImplementedError(f"{type(self).__name__} has no policy; write def policy(self): return …")

    def test_0_a_policy_can_be_made(self) -> None:
        """`policy` returns a Policy, an equal one each time."""
        one, other = self.policy(), self.policy()
        if type(one) is not Policy:
            raise broken("a policy can be made", f"policy() returned {shown(one)}")
        differences = listed(policy_checks.parts_that_differ(one, other))
        if one != other:
            raise broken("a policy can be made", f"two policies that were made alike differ in: {differences}")

    def test_1_the_guard_passes_it(self) -> None:
        """The guard finds no breach in the policy as it is declared."""
        breaches = check_policy(self.policy())
        if breaches:
            raise broken("respect", "\n".join(map(str, breaches)))

    def test_1_the_guard_passes_it_on_other_scales(self) -> None:
        """The guard finds no breach on the scale of any installed scorer that the policy has treatments for."""
        policy, registry = self.policy(), default_registry()
        for name in registry.summaries("scorers"):
            if any(parameter.required for parameter in registry.scheme(name).parameters):
                continue
            scale = registry.scorer(name).scale
            try:
                policy.places(scale)
            except PolicyError:
                continue
            breaches = check_policy(policy, scale)
            if breaches:
                raise broken("respect", "\n".join([f"with the scorer {name!r}:", *map(str, breaches)]))

    def test_1_the_guard_passes_every_plan(self) -> None:
        """The guard finds no breach in plans for any customers."""
        self._search(lambda policy, graded, draw: policy_checks.planned(policy, graded))

    def test_2_nobody_is_below_the_base(self) -> None:
        """No customer is entitled to less than the base level."""
        self._search(lambda policy, graded, draw: policy_checks.nobody_below_the_base(policy, graded))

    def test_2_never_more_in_a_worse_grade(self) -> None:
        """In a worse grade, the same customer is never entitled to more."""
        self._search(lambda policy, graded, draw: policy_checks.never_more_in_a_worse_grade(policy, graded))

    def test_3_equal_customers_are_planned_alike(self) -> None:
        """Customers with equal values and grades get equal treatment."""

        def check(policy: Policy, graded: Graded, draw: Draw) -> None:
            rows = draw(st.lists(st.integers(0, len(graded) - 1), min_size=1, max_size=12))
            repeated = taken(graded, rows, [f"R{number}" for number in range(len(rows))])
            policy_checks.equal_customers_are_planned_alike(policy, repeated)

        self._search(check)

    def test_3_the_order_of_rows_has_no_effect(self) -> None:
        """The order of the rows never changes a plan."""

        def check(policy: Policy, graded: Graded, draw: Draw) -> None:
            order = draw(st.permutations(range(len(graded))))
            policy_checks.the_order_of_rows_has_no_effect(policy, graded, taken(graded, order))

        self._search(check)

    def test_4_offers_are_bearable(self) -> None:
        """A rise is in whole cents, not negative, and not steeper than its offer allows."""
        self._search(lambda policy, graded, draw: policy_checks.offers_are_bearable(policy, graded))

    def test_5_unknown_is_not_bad(self) -> None:
        """Ungraded customers are never charged more or released."""
        self._search(lambda policy, graded, draw: policy_checks.unknown_is_not_bad(policy, graded))

    def test_7_with_a_log_nothing_comes_twice(self) -> None:
        """What was done isn't due again, over several plans that are carried out and recorded in a log."""
        policy_log_checks.skip_without_log()
        self._search(lambda policy, graded, draw: policy_log_checks.nothing_twice(policy, graded), self._with_log)

    def test_7_with_a_log_the_order_of_rows_has_no_effect(self) -> None:
        """The order of the rows never changes the actions of a plan with a log."""
        policy_log_checks.skip_without_log()

        def check(policy: Policy, graded: Graded, draw: Draw) -> None:
            order = draw(st.permutations(range(len(graded))))
            shuffled = taken(graded, order)
            policy_log_checks.the_order_of_rows_has_no_effect_on_actions(policy, graded, shuffled)

        self._search(check, self._with_log)

    def test_6_no_clock(self) -> None:
        """Making the policy doesn't read a clock."""
        with recorded_calls() as calls:
            self.policy()
        if calls.clocks:
            raise broken("no clock", f"a clock was read: {listed(calls.clocks)}")

    @property
    def _with_log(self) -> int:
        """The number of examples with a log, each of which takes several plans and a database."""
        return max(1, self.examples // 8)

    def _search(self, check: Callable[[Policy, Graded, Draw], object], examples: int | None = None) -> None:
        """Run a check on many sets of customers; raise the error for the smallest set that breaks the promise.

        examples: how many sets; by default those of the class.
        """
        __tracebackhide__ = True
        policy = self.policy()

        def run(draw: Draw) -> None:
            __tracebackhide__ = True
            check(policy, draw(graded_customers(policy)), draw)

        smallest_counterexample(run, self.examples if examples is None else examples)
