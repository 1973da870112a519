"""Columns of made-up customers: totals of their orders, survey answers, and results of the next year."""

from __future__ import annotations

from typing import Any

import numpy as np
import numpy.typing as npt

from custgrade.synth.draws import Draws, Floats, Truths, Whole
from custgrade.synth.habits import DAYS, Habits
from custgrade.synth.order_lines import COSTS, PRICES, Lines, Orders

RATINGS = (
    "enjoyable",
    "challenges_us",
    "cares_about_us",
    "ease_of_buying",
    "needs_met",
    "price_level",
    "effort",
    "promptness",
)
_LAST = DAYS - 1


def sums(who: Habits, ordered: Orders, sold: Lines) -> dict[str, npt.NDArray[Any]]:
    """Return the totals of each customer's order lines by field, arrays of shape (n,); money in cents, half hours."""
    per_line = ordered.customer[sold.order]
    starts = np.r_[0, np.cumsum(np.bincount(per_line, minlength=len(who)))[:-1]]
    per_order = np.r_[0, np.cumsum(who.orders)[:-1]]

    def of_lines(values: Whole) -> Whole:
        return np.add.reduceat(values, starts)

    def of_orders(values: Whole) -> Whole:
        return np.add.reduceat(values, per_order)

    invoiced = ordered.due >= 0
    late = np.maximum(np.where(ordered.paid >= 0, ordered.paid, _LAST) - ordered.due, 0)
    bills = of_orders(invoiced.astype(np.int64))
    days_late = np.where(bills > 0, of_orders(np.where(invoiced, late, 0)) / np.maximum(bills, 1), np.nan)
    kinds = np.bitwise_or.reduceat(np.int64(1) << sold.category, starts)
    last = ordered.day[np.r_[per_order[1:] - 1, len(ordered.day) - 1]]
    return {
        "revenue": of_lines(sold.revenue),
        "profit": of_lines(sold.profit),
        "cost_to_serve": of_orders(ordered.serving),
        "discount": of_lines(sold.discount),
        "returns": of_lines(np.where(sold.revenue < 0, -sold.revenue, 0)),
        "orders": who.orders,
        "product_mix": np.bitwise_count(kinds).astype(np.int64),
        "recency": _LAST - last,
        "tenure": _LAST - who.first,
        "days_late": days_late,
        "sales_hours": of_orders(ordered.sales),
        "service_hours": of_orders(ordered.service),
    }


def _gaps(values: Any, missing: Truths) -> Floats:
    result: Floats = np.where(missing, np.nan, values)
    return result


def answers(draws: Draws, who: Habits) -> dict[str, npt.NDArray[Any]]:
    """Draw the survey answers by field, arrays of shape (n,), NaN where missing; one customer in six gives none."""
    count = len(who)
    silent = draws.happens("silent", count, 1 / 6)
    halves = {name: 2 * who.liked + draws.whole(name, count, -3, 3) for name in RATINGS}
    halves["promptness"] = 10 - who.slow // 8 - draws.whole("prompt", count, 0, 2)
    halves["price_level"] = 9 - who.discount // 4 + draws.whole("price", count, -1, 1)
    halves["effort"] = np.where(who.demanding, 4, 8) + draws.whole("ease", count, -2, 2)
    found: dict[str, npt.NDArray[Any]] = {}
    for name in RATINGS:
        missing = silent | draws.happens(f"{name} missing", count, 0.08)
        found[name] = _gaps(np.clip(halves[name], 2, 10) / 2, missing)
    fond = who.liked >= 4
    complains = draws.happens("complains", count, np.where(who.demanding, 0.4, 0.06))
    wallet = draws.whole("wallet", count, 5, 95) / 100
    return found | {
        "referrals": np.where(fond & draws.happens("refers", count, 0.25), draws.whole("referrals", count, 1, 3), 0),
        "testimonials": (fond & draws.happens("testimonial", count, 0.12)).astype(np.int64),
        "complaints": np.where(complains, draws.whole("complaints", count, 1, 4), 0),
        "potential": _gaps(100 * draws.whole("potential", count, 0, np.floor(30 * who.size).astype(np.int64)), silent),
        "share_of_wallet": _gaps(wallet, silent | draws.happens("wallet missing", count, 0.1)),
        "consent": _gaps(draws.happens("consent", count, 0.35), silent),
        "no_gifts": draws.happens("no_gifts", count, 0.03),
    }


def outcome(draws: Draws, who: Habits) -> dict[str, npt.NDArray[Any]]:
    """Draw the results of the next year by name, arrays of shape (n,), in cents.

    true_value: the expected profit, given the customer's habits. next_revenue, next_profit: the drawn results.
    """
    count = len(who)
    stays = np.where(who.starter, 0.1, np.where(who.left, 0.05, 0.9))
    rate = np.where(who.starter, 1.0, np.minimum(1.0 + 1.44 * np.minimum(who.size, 40.0), 30.0))
    yearly = rate * 365.0 / (DAYS - who.first)
    units = np.where(who.starter, 1.0, 0.5 + np.sqrt(who.size))
    revenue, profit = np.zeros(count), np.zeros(count)
    for step in range(4):
        chosen = np.where(who.starter, 6, (who.taste + step) % 6)
        wanted = np.where(step < who.favourites, 1.75 / who.favourites, 0.0)
        full = wanted * units * PRICES[chosen]
        revenue += full * (100 - who.discount) / 100
        profit += full * (100 - who.discount - COSTS[chosen]) / 100
    profit -= np.where(who.starter, 600.0, 600.0 + 1900.0 * np.where(who.demanding, 9.5, 1.5))
    orders = np.floor(yearly * (0.4 + 1.2 * draws.share("next orders", count)) + 0.5)
    orders = np.where(draws.happens("stays", count, stays), orders, 0.0)
    luck = 0.7 + 0.6 * draws.share("luck", count)
    return {
        "true_value": np.floor(stays * yearly * profit + 0.5),
        "next_revenue": np.floor(orders * revenue * luck + 0.5),
        "next_profit": np.floor(orders * profit * luck + 0.5),
    }
