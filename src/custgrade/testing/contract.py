"""The correctness contract, promise by promise, as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable
from typing import ClassVar

import pytest
from hypothesis.errors import Flaky

from custgrade.model.scorer import Scorer
from custgrade.testing.checks import (
    another_process,
    basic_run,
    boundaries,
    clock,
    contributions,
    monotone,
    nothing_dropped,
    one_is_many,
    optional,
    order,
    scores,
    ties,
    unknown,
    ways_up,
)
from custgrade.testing.other_process import location_of
from custgrade.testing.promises import broken_promise
from custgrade.testing.search import Draw, smallest_counterexample
from custgrade.testing.subject import Subject


class ScorerContract:
    """A test class that checks the promises of the correctness contract for the scorer of a subclass.

        class TestLoyal(ScorerContract):
            def scorer(self):
                return loyal(minimum=3)

    examples: the number of bases that each promise is tried on.
    exact: False allows a score with traceable=False to use functions whose bits depend on the machine.
    zero_if_unknown: fields for which unknown means none, so that an unknown value may count like the worst value.
    """

    examples: ClassVar[int] = 40
    exact: ClassVar[bool] = True
    zero_if_unknown: ClassVar[tuple[str, ...]] = ()

    def scorer(self) -> Scorer:
        """Return the scorer under test, a new one at each of many calls."""
        raise NotImplementedError(f"{type(self).__name__} has no scorer; write def scorer(self): return …")

    def test_0_a_scorer_can_be_made(self) -> None:
        """`scorer` returns a Scorer."""
        self._subject("0, a scorer can be made")

    def test_0_it_runs(self) -> None:
        """The scorer fits and grades an ordinary base, and refuses bases only with a CustgradeError."""
        basic_run.refuses_in_words(self._subject("0, it runs"))

    def test_0_scores_are_row_local_and_exact(self) -> None:
        """Scores depend on one customer at a time and use exactly rounded operations only."""
        subject = self._subject("0, exact arithmetic")
        if self.exact:
            scores.exact_arithmetic(subject)

    def test_0_reads_only_declared_fields(self) -> None:
        """Scores and derived fields read only the columns that they declare."""
        scores.declared_fields(self._subject("0, declared fields"))

    def test_0_one_number_per_customer(self) -> None:
        """Scores are float64 numbers, one per customer."""
        scores.one_number_per_customer(self._subject("0, one number per customer"))

    def test_0_contributions_add_up(self) -> None:
        """The contributions of fields add up to the score."""
        contributions.contributions_add_up(self._subject("0, contributions add up"))

    def test_0_the_input_stays(self) -> None:
        """Fitting and grading don't change the base."""
        scores.the_input_stays(self._subject("0, the input stays"))

    def test_1_ties_equal_customers_get_equal_grades(self) -> None:
        """Customers with equal fields get the same grade."""
        self._search(ties.equal_grades)

    def test_1_ties_shares_are_exact(self) -> None:
        """Cuts by shares place every customer as sorting and counting does."""
        self._search(ties.exact_shares)

    def test_2_order_of_rows(self) -> None:
        """Row order never changes a grade."""
        self._search(order.order_of_rows)

    def test_2_order_ids(self) -> None:
        """Ids never change a grade."""
        self._search(order.names_of_customers)

    def test_2_order_batches(self) -> None:
        """Batches never change a grade."""
        self._search(order.batches, order.batches_of_samples)

    def test_2_order_only_the_data(self) -> None:
        """The same data gives the same grades again: scorers have no state and use no random numbers."""
        self._search(order.only_the_data, order.made_alike, promise="2, only the data")

    def test_2_order_another_process(self) -> None:
        """Another process gives the same grades."""
        another_process.same_in_another_process(self._subject(), location_of(type(self)))

    def test_3_better_is_not_worse(self) -> None:
        """An axis rises and falls with the fields that it declares."""
        self._search(monotone.better_is_not_worse, monotone.better_is_not_worse_in_samples)

    def test_3_a_way_up_leads_up(self) -> None:
        """A way up reaches a better grade, and one step less doesn't."""
        self._search(ways_up.a_way_up_leads_up, ways_up.a_way_up_leads_up_in_samples)

    def test_4_units(self) -> None:
        """Multiplying a field by a power of ten changes no grade by shares of that field."""
        self._search(monotone.powers_of_ten)

    def test_5_boundaries_decide_the_labels(self) -> None:
        """Labels follow from scores and stored boundaries; a score on an inclusive boundary gets the better label."""
        self._search(boundaries.labels_follow)

    def test_5_boundaries_are_not_off_by_one_float(self) -> None:
        """A learned boundary is not the float beside a customer's score."""
        self._search(boundaries.no_neighbours)

    def test_6_one_is_many(self) -> None:
        """A customer gets the same grade alone and among all."""
        self._search(one_is_many.one_is_many)

    def test_6_saved_is_loaded(self) -> None:
        """A model that is saved and loaded gives the same grades."""
        self._search(one_is_many.saved_is_loaded)

    def test_7_no_clock(self) -> None:
        """Making the scorer, fitting and grading don't read a clock."""
        clock.no_clock(self._subject())

    def test_7_another_day(self) -> None:
        """Another process on another day gives the same grades."""
        another_process.same_on_another_day(self._subject(), location_of(type(self)))

    def test_8_unknown_is_ungraded(self) -> None:
        """Customers without any known field are ungraded, with the reason."""
        self._search(unknown.unknown_is_ungraded)

    def test_8_unknown_is_not_the_worst(self) -> None:
        """An unknown field isn't as bad as its worst value."""
        subject = self._subject()
        unknown.unknown_is_not_the_worst(subject)
        unknown.unknown_is_no_evidence(subject)

    def test_9_everybody_comes_out(self) -> None:
        """Every customer appears once in the result, graded or ungraded with a reason."""
        self._search(nothing_dropped.everybody_comes_out, promise="9, nothing is dropped")

    def test_9_what_is_left_out_is_named(self) -> None:
        """Fields that a scorer left out are named."""
        optional.what_is_left_out_is_named(self._subject())

    def _subject(self, promise: str = "") -> Subject:
        """Return the scorer under test; if its basic run fails, raise the error of this promise or skip the check."""
        __tracebackhide__ = True
        subject = Subject(self.scorer, self.zero_if_unknown)
        found = basic_run.first_failure(subject)
        if found is not None and found[0] == promise:
            raise found[1]
        if found is not None:
            pytest.skip(f"the scorer breaks promise {found[0]}; see the failed test of that promise")
        return subject

    def _search(
        self, check: Callable[[Subject, Draw], None], *first: Callable[[Subject], None], promise: str = ""
    ) -> None:
        """Run `first`, then `check` on many bases; raise the error for the smallest base that breaks the promise."""
        __tracebackhide__ = True
        subject = self._subject(promise)
        for simple in first:
            simple(subject)

        def run(draw: Draw) -> None:
            __tracebackhide__ = True
            check(subject, draw)

        try:
            smallest_counterexample(run, self.examples)
        except Flaky as error:
            raise broken_promise("2, only the data", f"the same data gave different results: {error}") from error
