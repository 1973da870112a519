"""Doubts about columns of order lines that show only beside other columns."""

from __future__ import annotations

from collections.abc import Mapping

from attrs import evolve

from custgrade.recognising.column_facts import NEARLY_ALL, ColumnFacts, Sample
from custgrade.recognising.recognised import Finding
from custgrade.recognising.relations import each_has_one, equivalent, first_line_only, repeats_per_order, share_equal
from custgrade.recognising.value_checks import ENOUGH

_MOST_MARGINS_ABOVE_1 = 0.2


class LineDoubts:
    """The findings of order lines by field, and the doubts that columns raise about each other.

    found: the certain findings by field. doubted: those that became doubtful.
    """

    def __init__(self, sample: Sample, certain: Mapping[str, Finding], products: list[str]) -> None:
        self._sample, self._products = sample, [sample.columns[name] for name in products]
        self.found = dict(certain)
        self.doubted: list[Finding] = []

    def check(self) -> None:
        """Turn findings that contradict others into doubtful ones, and confirm those that others support."""
        self._check_orders()
        self._check_unit_price()
        self._check_revenue()
        self._check_cost()
        self._check_profit()

    def _facts(self, field: str) -> ColumnFacts | None:
        return self._sample.columns[self.found[field].column] if field in self.found else None

    def _numbers(self, *fields: str) -> list[ColumnFacts | None]:
        """Return the facts of fields, None where a field isn't found or its decimal sign isn't known."""
        found = map(self._facts, fields)
        return [None if facts is None or facts.decimal in ("?", "mixed") else facts for facts in found]

    def _doubt(self, field: str, reason: str) -> None:
        self.doubted.append(evolve(self.found.pop(field), doubt=reason))

    def _confirm(self, field: str, words: str) -> None:
        one = self.found[field]
        self.found[field] = evolve(one, evidence=f"{one.evidence}; {words}")

    def _check_orders(self) -> None:
        customer, order, date = self._facts("customer_id"), self._facts("order_id"), self._facts("date")
        if customer is not None and date is not None and ENOUGH <= customer.distinct < 0.9 * customer.filled:
            (days,) = self._sample.query(
                f"SELECT max(n) FROM (SELECT count(DISTINCT {date.sql}) AS n FROM {{table}} GROUP BY {customer.sql})"
            )
            if days == 1:
                self._doubt("customer_id", f"each value has one {date.name!r} only, as if it stood for an order")
                return
        if customer is None or order is None:
            return
        many = min(customer.distinct, order.distinct) >= ENOUGH
        if many and order.distinct < order.filled and equivalent(self._sample, customer, order):
            self._doubt("customer_id", "each order has a customer of its own, so no customer comes back")
        elif not each_has_one(self._sample, order, customer):
            self._doubt("order_id", f"lines with the same value have several customers in {customer.name!r}")
        else:
            self._confirm("order_id", "each of one customer")

    def _check_unit_price(self) -> None:
        price, quantity = self._facts("unit_price"), self._facts("quantity")
        if price is None:
            return
        if quantity is None:
            self._doubt("unit_price", "there is no certain column of quantities to multiply it by")
            return
        for product in self._products:
            rated = f"round({price.number} / nullif({quantity.number}, 0), 2)"
            products, fixed, per_unit = self._sample.query(
                f"SELECT count(*), count(*) FILTER (p = 1), count(*) FILTER (r = 1) FROM "
                f"(SELECT count(DISTINCT {price.number}) AS p, count(DISTINCT {rated}) AS r FROM {{table}} "
                f"WHERE trim({product.sql}) <> '' GROUP BY {product.sql} HAVING count(DISTINCT {quantity.number}) > 1)"
            )
            if products >= 5 and per_unit > fixed + 0.2 * products:
                self._doubt("unit_price", "it grows with the quantity, so it seems to be the price of the line")
                return

    def _check_revenue(self) -> None:
        revenue, (price, quantity) = self._facts("revenue"), self._numbers("unit_price", "quantity")
        order = self._facts("order_id")
        if revenue is None:
            return
        if order is not None and first_line_only(self._sample, order, revenue) and revenue.filled < revenue.rows:
            self._doubt("revenue", "only one line of each order has it, so it seems to be the total of the order")
            return
        if order is not None and repeats_per_order(self._sample, order, revenue):
            reason = (
                "all lines of an order have the same amount: if it is the total of the order, set order_total = true"
            )
            self._doubt("revenue", reason)
            return
        if quantity is not None and price is not None and revenue.decimal != "?":
            several = f"{quantity.number} <> 1"
            if (share_equal(self._sample, revenue.number, price.number, several) or 0.0) >= NEARLY_ALL:
                self._doubt("revenue", f"it is the same as the unit price in {price.name!r}")
                return
            product = f"({quantity.number} * {price.number})"
            same = share_equal(self._sample, revenue.number, product)
            if same is not None and same >= NEARLY_ALL:
                self._confirm("revenue", f"it is {quantity.name!r} × {price.name!r}")
                return
            # discounts and taxes move totals a little
            ratio = f"{revenue.number} / nullif({product}, 0)"
            near, every = self._sample.query(
                f"SELECT count(*) FILTER (r BETWEEN 0.2 AND 1.35), count(r) FROM (SELECT {ratio} AS r FROM {{table}})"
            )
            if every >= 3 and near < 0.9 * every:
                self._doubt("revenue", f"it isn't near {quantity.name!r} × {price.name!r}")

    def _check_cost(self) -> None:
        cost, revenue, profit = self._numbers("cost", "revenue", "profit")
        if cost is None:
            return
        if revenue is not None and profit is not None:
            rest = f"({revenue.number} - {cost.number})"
            if (share_equal(self._sample, profit.number, rest) or 0.0) >= NEARLY_ALL:
                self._confirm("profit", f"it is {revenue.name!r} − {cost.name!r}")
                return
        quantity = self._facts("quantity")
        if quantity is not None and quantity.most > 1 and "total" not in cost.name.casefold():
            self._doubt("cost", "beside quantities, it may be the cost of one unit")
        elif "revenue" not in self.found:
            self._doubt("cost", "without a certain column of revenue, it makes no profit")

    def _check_profit(self) -> None:
        profit, revenue = self._numbers("profit", "revenue")
        if profit is None or revenue is None:
            return
        above, every = self._sample.query(
            f"SELECT count(*) FILTER (p > r + 0.01), count(*) FROM "
            f"(SELECT {profit.number} AS p, {revenue.number} AS r FROM {{table}}) WHERE r > 0"
        )
        if every and above > _MOST_MARGINS_ABOVE_1 * every:
            self._doubt("profit", f"it is above the revenue in {revenue.name!r} on {above:,} of {every:,} lines")
