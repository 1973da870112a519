"""What tracing refuses is said without symbols, and what it says to write works as it stands."""

from __future__ import annotations

import re
from typing import Any

import numpy as np
import pytest

import custgrade as cg
import custgrade.functions
from custgrade.errors import TracingError
from custgrade.plugins import Axis, Thresholds


def scorer_of(score: Any) -> cg.Scorer:
    return cg.Scorer(Axis("grade", "AB", score, Thresholds((0.5,))))


def refused(score: Any) -> str:
    with pytest.raises(TracingError) as caught:
        scorer_of(score)
    return str(caught.value)


STRANGE: dict[str, Any] = {
    "a power of a constant": lambda c: 0.5 ** (c["recency"] / 180),
    "a power of a column": lambda c: c["revenue"] ** c["recency"],
    "a sum of a list": lambda c: np.sum([c["revenue"], c["profit"]]),
    "a mean of a list": lambda c: np.mean([c["revenue"], c["profit"]], axis=0),
    "a stack": lambda c: np.stack([c["revenue"], c["profit"]]),
    "a minimum with a list": lambda c: np.minimum(c["revenue"], [c["profit"]]),
    "a table": lambda c: np.add({"x": c["revenue"]}, c["profit"]),
    "a list added": lambda c: c["revenue"] + [c["profit"] / 2],
    "a nested list": lambda c: c["revenue"] * [[c["profit"] > 1]],
    "an object": lambda c: c["revenue"] + object(),
    "a function": lambda c: c["revenue"] + (lambda x: x),
    "a class": lambda c: c["revenue"] + cg.Scorer,
    "texts": lambda c: np.where(c["revenue"] > 1, "x", "y"),
    "choices that don't fit": lambda c: np.select([c["revenue"] > 1], [1, 2]),
    "an option nobody knows": lambda c: np.clip(c["revenue"], out=c["profit"]),
    "a column as a key": lambda c: c[c["revenue"]],
    "a column looked up": lambda c: {}[c["revenue"] / 2],
    "a list returned": lambda c: [c["revenue"]],
    "nothing returned": lambda c: None,
    "a column in a message": lambda c: int(f"{c['revenue'] * 2}"),
    "an address in a message": lambda c: int(f"{object()}"),
    "a complex number": lambda c: 1j * c["revenue"],
    "the table itself": lambda c: c["revenue"] + c,
}


@pytest.mark.parametrize("score", STRANGE.values(), ids=STRANGE.keys())
def test_no_symbol_and_no_address_is_shown(score: Any) -> None:
    """Errors show columns as the author wrote them, and never a repr with an address or a name of a class of ours."""
    said = refused(score)
    assert re.search(r"0x[0-9a-f]{6}|symbolic\.|<custgrade|<lambda>\(\)|_Columns object", said) is None
    assert len(said) < 500


MENDED: dict[str, tuple[Any, str]] = {
    "a constant to the power of a column": (lambda c: 0.5 ** c["recency"], "custgrade.functions.power(0.5, x)"),
    "two to the power of a column": (lambda c: 2 ** c["recency"], "custgrade.functions.power(2, x)"),
    "np.power": (lambda c: np.power(1.5, c["recency"]), "custgrade.functions.power(1.5, x)"),
    "a power": (lambda c: c["recency"] ** 2.5, "custgrade.functions.power(x, 2.5)"),
    "np.exp": (lambda c: np.exp(c["recency"]), "custgrade.functions.exp(x)"),
    "np.exp2": (lambda c: np.exp2(c["recency"]), "custgrade.functions.power(2.0, x)"),
    "np.log": (lambda c: np.log(c["recency"]), "custgrade.functions.log(x)"),
    "np.log2": (lambda c: np.log2(c["recency"]), "custgrade.functions.log(x) / custgrade.functions.log(2.0)"),
    "np.log10": (lambda c: np.log10(c["recency"]), "custgrade.functions.log(x) / custgrade.functions.log(10.0)"),
    "np.log1p": (lambda c: np.log1p(c["recency"]), "custgrade.functions.log(1.0 + x)"),
    "np.expm1": (lambda c: np.expm1(c["recency"]), "custgrade.functions.exp(x) - 1.0"),
    "np.cbrt": (lambda c: np.cbrt(c["recency"]), "custgrade.functions.power(x, 1 / 3)"),
}


@pytest.mark.parametrize(("score", "mend"), MENDED.values(), ids=MENDED.keys())
def test_the_mend_works_as_it_stands(score: Any, mend: str) -> None:
    """What the error says to write can be pasted, is traced, and gives what numpy gives."""
    assert f"Write {mend}" in refused(score)
    values = np.array([0.25, 0.5, 1.0, 2.0, 7.5])
    base = cg.CustomerBase([str(k) for k in range(5)], {"recency": values})
    mended = scorer_of(lambda c: eval(mend, {"custgrade": custgrade, "x": c["recency"]}))  # the text of the error
    scores = mended.fit(base).grade(base).scores["grade"]
    np.testing.assert_allclose(scores, score({"recency": values}), rtol=1e-13)


def test_powers_of_a_constant() -> None:
    """Half for every 180 days: 1, ½ and ¼ after none, 180 and 360; unknown where recency is; 0 and below as defined."""
    power = custgrade.functions.power
    days = np.array([0.0, 180.0, 360.0, np.nan])
    np.testing.assert_allclose(power(0.5, days / 180.0), [1.0, 0.5, 0.25, np.nan], rtol=1e-15)
    np.testing.assert_array_equal(power(0.0, np.array([2.0, 0.0, -1.0, np.nan])), [0.0, 1.0, np.inf, np.nan])
    assert np.isnan(power(-2.0, np.array([1.0]))).all()
    both = power(np.array([4.0, 0.0, 0.0, 9.0]), np.array([0.5, 0.0, 3.0, np.nan]))
    np.testing.assert_allclose(both, [2.0, 1.0, 0.0, np.nan], rtol=1e-15)
