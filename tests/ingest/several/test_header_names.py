"""Names of columns in other spellings."""

from __future__ import annotations

import pytest

from custgrade.ingest.sources.header_names import plain_name


@pytest.mark.parametrize("name", ["order_id", "Order ID", " ORDER-ID ", "orderId", "Order.Id", "order\u00a0id"])
def test_capitals_blanks_and_signs_do_not_count(name: str) -> None:
    """Spellings of a name have the same plain name."""
    assert plain_name(name) == "orderid"


@pytest.mark.parametrize(("one", "other"), [("#", "€"), ("order", "orders"), ("Größe", "Grosze"), ("a1", "a2")])
def test_other_names_stay_apart(one: str, other: str) -> None:
    """Names that differ in letters or digits, or that have none, have different plain names."""
    assert plain_name(one) != plain_name(other)


def test_sharp_s_is_casefolded() -> None:
    """`GRÖSSE` is the capital spelling of `Größe`."""
    assert plain_name("GRÖSSE") == plain_name("Größe")
