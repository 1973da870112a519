"""Promise 2: row order, ids and batches never change a grade, and the same data gives the same grades."""

from __future__ import annotations

from attrs import evolve
from hypothesis import strategies as st

from custgrade.data.base import CustomerBase
from custgrade.model.grading_model import GradingModel
from custgrade.testing.promises import broken_promise
from custgrade.testing.subject import Draw, Subject, first_difference, in_words, outcomes

_MAKES = 8
_ORDER, _DATA = "2, order", "2, only the data"


def order_of_rows(subject: Subject, draw: Draw) -> None:
    """Raise an error if shuffling rows changes a customer's grade."""
    base = draw(subject.bases(min_size=1))
    order = draw(st.permutations(range(len(base))))
    _compare(subject, base, base.take(order), list(order), "after its rows were shuffled")


def names_of_customers(subject: Subject, draw: Draw) -> None:
    """Raise an error if other ids change a customer's grade."""
    base = draw(subject.bases(min_size=1))
    kind = draw(st.sampled_from(["z{}", "{}", "é {}", "'{}\""]))
    renamed = evolve(base, ids=[kind.format(len(base) - row) for row in range(len(base))])
    _compare(subject, base, renamed, list(range(len(base))), "after the customers got other ids")


def batches_of_samples(subject: Subject) -> None:
    """Raise an error if batches change a grade in ordinary bases, one of them large."""
    model = subject.scorer.fit(subject.sample())
    for size, unknown, pieces in ((60, 0.04, (1, 7)), (60, 0.0, (1, 7)), (3000, 0.02, (1000,))):
        base = subject.sample(size, seed=1, unknown=unknown)
        for piece in pieces:
            _in_batches(subject, model, base, piece)


def batches(subject: Subject, draw: Draw) -> None:
    """Raise an error if batches change a grade."""
    base, others = draw(subject.bases(min_size=1)), draw(subject.bases(min_size=1))
    model = subject.fitted(base)
    if model is None:
        return
    _in_batches(subject, model, others, draw(st.integers(1, 5)))


def _in_batches(subject: Subject, model: GradingModel, others: CustomerBase, size: int) -> None:
    together = outcomes(subject.graded(model, others))
    if together != outcomes(subject.graded(model, others)):
        raise broken_promise(_DATA, "the same model graded the same customers differently at a second call", others)
    pieces = [others.take(slice(at, at + size)) for at in range(0, len(others), size)]
    apart = [outcome for piece in pieces for outcome in outcomes(subject.graded(model, piece))]
    row = first_difference(together, apart)
    if row is not None:
        alone = pieces[row // size]
        one, two = in_words(subject.graded(model, others), row), in_words(subject.graded(model, alone), row % size)
        what = (
            f"{others.ids[row]} got {one} among {len(others)} customers, and {two} in batches of {size}; a score may "
            "not depend on other customers"
        )
        raise broken_promise(_ORDER, what, others)


def made_alike(subject: Subject) -> None:
    """Raise an error unless every new scorer has the same fingerprint."""
    if len({subject.make().fingerprint for _ in range(_MAKES)}) > 1:
        raise broken_promise(
            _DATA,
            "made again, the scorer computes other scores: it depends on a clock, on random numbers, or on earlier "
            "scorers; or a cut's repr holds an address in memory, which defining __repr__ mends",
        )


def only_the_data(subject: Subject, draw: Draw) -> None:
    """Raise an error unless grades are the same at a second call, after other data, and with a new scorer."""
    scorer, again = subject.make(), subject.make()
    base, others = draw(subject.bases(min_size=1)), draw(subject.bases(min_size=1))
    model = subject.fitted(base, scorer)
    if model is None:
        return
    first = outcomes(subject.graded(model, base))
    between = subject.fitted(others, scorer)
    unused = subject.fitted(others, subject.make())
    if between is not None and unused is not None:
        used, new = (outcomes(subject.graded(one, others)) for one in (between, unused))
        if (between.boundaries, used) != (unused.boundaries, new):
            what = "a scorer that was fitted on other data before gives these customers other grades than a new scorer"
            raise broken_promise(_DATA, what, others)
    refitted, remade = subject.fitted(base, scorer), subject.fitted(base, again)
    for which, other in (("the same model", model), ("a refitted model", refitted), ("a new scorer", remade)):
        if other is None:
            raise broken_promise(_DATA, f"{which} could no longer grade the base at a second call", base)
        graded = subject.graded(other, base)
        if (other.boundaries, other.learned) != (model.boundaries, model.learned):
            what = f"{which} learned {dict(other.boundaries)}, and the first model {dict(model.boundaries)}"
            raise broken_promise(_DATA, what, base)
        row = first_difference(first, outcomes(graded))
        if row is not None:
            got = in_words(graded, row)
            what = f"{base.ids[row]} got {got} from {which} at a second call, after other data was graded"
            raise broken_promise(_DATA, what, base)


def _compare(subject: Subject, base: CustomerBase, changed: CustomerBase, order: list[int], when: str) -> None:
    model, other = subject.fitted(base), subject.fitted(changed)
    if model is None and other is None:
        return
    if model is None or other is None:
        raise broken_promise(_ORDER, f"the base can be graded {'only' if model is None else 'no longer'} {when}", base)
    before, after = outcomes(subject.graded(model, base)), outcomes(subject.graded(other, changed))
    row = first_difference([before[row] for row in order], after)
    if row is not None:
        one, two = in_words(subject.graded(model, base), order[row]), in_words(subject.graded(other, changed), row)
        raise broken_promise(_ORDER, f"{base.ids[order[row]]} got {one}, and {two} {when}", base)
