"""The correctness contract, promise by promise, as tests to inherit."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any, ClassVar

import pytest
from hypothesis import HealthCheck, Phase, given, settings, strategies as st
from hypothesis.errors import Flaky

from custgrade.model.scorer import Scorer
from custgrade.testing.broken import broken
from custgrade.testing.checks import (
    boundaries,
    clock,
    contributions,
    dropped,
    elsewhere,
    making,
    monotone,
    one_is_many,
    optional,
    order,
    scores,
    ties,
    unknown,
    ways_up,
)
from custgrade.testing.other_process import home
from custgrade.testing.subject import Draw, Subject


class ScorerContract:
    """Inherit this, say which scorer, and pytest checks the nine promises one by one.

        class TestLoyal(ScorerContract):
            def scorer(self):
                return loyal(minimum=3)

    examples: how many bases each promise is tried on.
    exact: False accepts that a score with traceable=False uses functions whose bits depend on the machine.
    zero_if_unknown: fields for which not known means none, so that an unknown value may count like the worst one.
    """

    examples: ClassVar[int] = 40
    exact: ClassVar[bool] = True
    zero_if_unknown: ClassVar[tuple[str, ...]] = ()

    def scorer(self) -> Scorer:
        """Return the scorer under test; it is called often and makes a new one each time."""
        raise NotImplementedError(f"{type(self).__name__} doesn't say which scorer: write def scorer(self): return …")

    def test_0_a_scorer_can_be_made(self) -> None:
        """Making it gives a Scorer."""
        self._subject("0, a scorer can be made")

    def test_0_it_runs(self) -> None:
        """It fits and grades an ordinary base, and refuses those of no or one customer in words if at all."""
        making.refuses_in_words(self._subject("0, it runs"))

    def test_0_scores_are_row_local_and_exact(self) -> None:
        """Scores look at one customer at a time and use exactly rounded operations only."""
        subject = self._subject("0, exact arithmetic")
        if self.exact:
            scores.exact_arithmetic(subject)

    def test_0_reads_only_declared_fields(self) -> None:
        """Scores and derived fields read what they declare, by the front door."""
        scores.declared_fields(self._subject("0, declared fields"))

    def test_0_one_number_per_customer(self) -> None:
        """Scores are float64 numbers, one per customer."""
        scores.one_number_per_customer(self._subject("0, one number per customer"))

    def test_0_contributions_add_up(self) -> None:
        """What each field adds to a score comes to the score."""
        contributions.contributions_add_up(self._subject("0, contributions add up"))

    def test_0_the_input_stays(self) -> None:
        """Nothing changes the base."""
        scores.the_input_stays(self._subject("0, the input stays"))

    def test_1_ties_equal_customers_get_equal_grades(self) -> None:
        """Customers alike in every field get the same grade."""
        self._search(ties.equal_grades)

    def test_1_ties_shares_are_exact(self) -> None:
        """Cuts by shares place everybody as sorting and counting does."""
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
        """Asked again, the answer is the same: no state, no random numbers."""
        self._search(order.only_the_data, order.made_alike, promise="2, only the data")

    def test_2_order_another_process(self) -> None:
        """Another process gives the same grades."""
        elsewhere.same_in_another_process(self._subject(), home(type(self)))

    def test_3_better_is_not_worse(self) -> None:
        """An axis rises and falls with the fields that it declares."""
        self._search(monotone.better_is_not_worse, monotone.better_is_not_worse_in_samples)

    def test_3_a_way_up_leads_up(self) -> None:
        """The smallest change that is told to reach the next class does, and one step less doesn't."""
        self._search(ways_up.a_way_up_leads_up, ways_up.a_way_up_leads_up_in_samples)

    def test_4_units(self) -> None:
        """Powers of ten change no grade by shares of one field."""
        self._search(monotone.powers_of_ten)

    def test_5_boundaries_decide_the_labels(self) -> None:
        """Labels follow from scores and stored boundaries; on an inclusive one is in the better class."""
        self._search(boundaries.labels_follow)

    def test_5_boundaries_are_not_off_by_one_float(self) -> None:
        """A learned boundary is not the float beside a customer's score."""
        self._search(boundaries.no_neighbours)

    def test_6_one_is_many(self) -> None:
        """Alone and among all, a customer gets the same."""
        self._search(one_is_many.one_is_many)

    def test_6_saved_is_loaded(self) -> None:
        """A saved and loaded model grades as it did."""
        self._search(one_is_many.saved_is_loaded)

    def test_7_no_clock(self) -> None:
        """Nothing reads a clock."""
        clock.no_clock(self._subject())

    def test_7_another_day(self) -> None:
        """Another process, on another day, gives the same grades."""
        elsewhere.same_on_another_day(self._subject(), home(type(self)))

    def test_8_unknown_is_ungraded(self) -> None:
        """Customers of whom nothing is known are ungraded, with the reason."""
        self._search(unknown.unknown_is_ungraded)

    def test_8_unknown_is_not_the_worst(self) -> None:
        """Not knowing a field is not as bad as its worst value."""
        subject = self._subject()
        unknown.unknown_is_not_the_worst(subject)
        unknown.unknown_is_no_evidence(subject)

    def test_9_everybody_comes_out(self) -> None:
        """Every customer comes out once, graded or ungraded with a reason."""
        self._search(dropped.everybody_comes_out, promise="9, nothing is dropped")

    def test_9_what_is_left_out_is_named(self) -> None:
        """Fields that a scorer did without are named."""
        optional.what_is_left_out_is_named(self._subject())

    def _subject(self, promise: str = "") -> Subject:
        """The scorer, if it runs at all: else raise why if that breaks this promise, and skip the check otherwise."""
        __tracebackhide__ = True
        subject = Subject(self.scorer, self.zero_if_unknown)
        found = making.trouble(subject)
        if found is not None and found[0] == promise:
            raise found[1]
        if found is not None:
            pytest.skip(f"the scorer breaks promise {found[0]}, see there")
        return subject

    def _search(
        self, check: Callable[[Subject, Draw], None], *first: Callable[[Subject], None], promise: str = ""
    ) -> None:
        """Run checks that need no search first; then one on many bases, and raise what breaks it for the smallest."""
        __tracebackhide__ = True
        subject = self._subject(promise)
        for simple in first:
            simple(subject)

        @settings(
            max_examples=self.examples,
            deadline=None,
            database=None,
            report_multiple_bugs=False,
            print_blob=False,
            phases=(Phase.generate, Phase.shrink),
            suppress_health_check=list(HealthCheck),
        )
        @given(st.data())
        def run(data: Any) -> None:
            __tracebackhide__ = True
            check(subject, data.draw)

        try:
            run()
        except Flaky as error:
            raise broken(
                "2, only the data", f"asked again with the same data, it answered differently: {error}"
            ) from error
