"""The SQL of what an order line amounts to: its revenue, cost and profit, over the columns of its readings."""

from __future__ import annotations

from collections.abc import Collection

from attrs import frozen

from custgrade.errors import FieldError, Hint

TOO_MUCH = 1_000_000_000_000
"""The amount that no line may reach."""
_WIDE_QUANTITY = "CAST(v_quantity AS DECIMAL(20,6))"
"""Two decimals of at most 18 digits would give a product of 18 digits, too few for large amounts."""


@frozen
class LineAmounts:
    """SQL of the amounts of a line; each is exact, a decimal that nothing has rounded.

    names: the fields and parts of amounts that are read. cost_sign: "of revenue" gives each cost the sign of the line's
    revenue. per_cent: whether `line_discount_share` is in per cent. rate: SQL of what one unit of the line's money is
    worth in that of the base, an empty text where all lines have the same currency.
    """

    names: frozenset[str]
    cost_sign: str | None = None
    per_cent: bool = False
    rate: str = ""

    @property
    def multiplied(self) -> list[str]:
        """The amounts that are products of a quantity and a price."""
        parts = {"revenue": "unit_price", "cost": "unit_cost"}
        return [amount for amount, part in parts.items() if part in self.names]

    @property
    def has_revenue(self) -> bool:
        """Whether lines have a revenue."""
        return bool(self.names & {"revenue", "unit_price"})

    @property
    def has_cost(self) -> bool:
        """Whether lines have a cost."""
        return bool(self.names & {"cost", "unit_cost"})

    @property
    def sale(self) -> str:
        """The SQL condition of lines that are no returns: those whose revenue isn't negative."""
        return f"({self.given('revenue')} >= 0)" if self.has_revenue else "true"

    def given(self, name: str) -> str:
        """Return SQL of an amount in the line's own currency; name: revenue, cost, or a field that is read."""
        if name == "revenue" and "unit_price" in self.names:
            return self._revenue
        if name == "cost":
            cost = f"({_WIDE_QUANTITY} * v_unit_cost)" if "unit_cost" in self.names else "v_cost"
            if self.cost_sign != "of revenue":
                return cost
            revenue = self.given("revenue")
            return f"(CASE WHEN {revenue} < 0 THEN -abs({cost}) WHEN {revenue} > 0 THEN abs({cost}) ELSE {cost} END)"
        return f"v_{name}"

    @property
    def _revenue(self) -> str:
        full = f"{_WIDE_QUANTITY} * v_unit_price"
        if "line_discount" in self.names:
            return f"({full} - coalesce(v_line_discount, 0))"
        if "line_discount_share" in self.names:
            # the quotient by 100 is exact, because the cast adds the digits for it
            share = "coalesce(v_line_discount_share, 0)"
            left = f"CAST(100 - {share} AS DECIMAL(9,6)) * CAST(0.01 AS DECIMAL(3,2))"
            return f"({full} * ({left if self.per_cent else f'CAST(1 - {share} AS DECIMAL(7,6))'}))"
        return f"({full})"

    def of(self, name: str) -> str:
        """Return SQL of an amount in the currency of the base; name: revenue, cost, profit, or a field that is read."""
        if name == "profit" and self.has_cost:
            return self._converted(f"({self.given('revenue')} - {self.given('cost')})")
        return self._converted(self.given(name))

    def _converted(self, amount: str) -> str:
        return f"({amount} * {self.rate})" if self.rate else amount

    def check(self, mapped: Collection[str], margin: float | None) -> None:
        """Raise FieldError for amounts that need or exclude each other.

        mapped: the names that are read. margin: the share of revenue that profit is assumed to be, None without.
        """
        cost = "unit_cost" if "unit_cost" in self.names else "cost"
        if self.has_cost and "profit" in mapped:
            raise FieldError(f"both `profit` and `{cost}` are mapped; map one of them")
        if self.has_cost and not self.has_revenue:
            raise FieldError(f"`{cost}` is mapped without `revenue`; profit is revenue − cost: map `revenue` too")
        if self.cost_sign == "of revenue" and not self.has_cost:
            raise FieldError(
                "the sign of costs is given, but the order lines hold no costs.",
                Hint("Leave out cost_sign, or map `cost`.", "Leave out --cost-sign, or map `cost`."),
            )
        if margin is not None and (self.has_cost or "profit" in mapped):
            raise FieldError(
                f"a margin of {margin} is assumed, but the order lines hold profits or costs.",
                Hint("Leave out assume_margin.", "Leave out --assume-margin."),
            )
        if margin is not None and not self.has_revenue:
            raise FieldError(f"a margin of {margin} is assumed without `revenue`; map `revenue` too")
