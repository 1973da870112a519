"""The orders and order lines of made-up customers, with amounts in whole cents."""

from __future__ import annotations

import numpy as np
from attrs import frozen

from custgrade.synth.draws import Draws, Truths, Whole
from custgrade.synth.habits import DAYS, Habits

CATEGORIES = ("Consumables", "Hand tools", "Safety", "Power tools", "Machines", "Training", "Starter kit")
PRICES = np.array([1_900, 4_500, 3_200, 18_900, 89_000, 24_000, 4_900], dtype=np.int64)
COSTS = np.array([55, 60, 50, 68, 74, 35, 58], dtype=np.int64)
"""The list price of a unit in cents (`PRICES`), and the cost of the goods in per cent of it (`COSTS`), by category."""
_STARTER = 6
_COST_OF_AN_ORDER = 600
_COST_OF_AN_HOUR = 3_800


@frozen(eq=False)
class Orders:
    """Orders in ascending order of customer and day, each column an array of shape (n,).

    customer: the customer's position. place: the order's number for its customer, from 1. day, due, paid: days since
    the first day of the period; due is −1 without an invoice, paid is −1 without a payment. sales, service: half hours.
    serving: the cost of serving in cents.
    """

    customer: Whole
    place: Whole
    day: Whole
    due: Whole
    paid: Whole
    sales: Whole
    service: Whole
    serving: Whole


@frozen(eq=False)
class Lines:
    """Order lines in the order of their orders, each column an array of shape (n,). Returns have negative amounts.

    order: the position of the order. first: whether the line is the first of its order, which bears the cost of
    serving. category: its number in `CATEGORIES`. revenue, profit, discount: cents.
    """

    order: Whole
    first: Truths
    category: Whole
    revenue: Whole
    profit: Whole
    discount: Whole


def orders(draws: Draws, who: Habits) -> Orders:
    """Draw the orders of customers."""
    customer = np.repeat(np.arange(len(who), dtype=np.int64), who.orders)
    count = len(customer)
    span = DAYS - 1 - who.first
    span = np.where(who.left, span // 3, span)[customer]
    begins = np.r_[0, np.cumsum(who.orders)[:-1]]
    later = draws.whole("day", count, 0, span)
    later[begins] = 0
    # sorts the days of each customer: the customer is the higher part of the key
    day = who.first[customer] + np.sort(customer * 1024 + later) % 1024
    starter, demanding = who.starter[customer], who.demanding[customer]
    sales = draws.whole("sales", count, 0, 2) + demanding * draws.whole("more sales", count, 0, 4)
    service = draws.whole("service", count, 0, 1) + demanding * draws.whole("more service", count, 2, 10)
    sales, service = np.where(starter, 0, sales), np.where(starter, 0, service)
    terms = who.terms[customer]
    due = np.where(terms > 0, day + terms, -1)
    paid = due + draws.whole("early", count, -10, 2) + draws.whole("late", count, 0, who.slow[customer])
    unpaid = (terms == 0) | (paid >= DAYS) | draws.happens("never paid", count, 0.01)
    return Orders(
        customer=customer,
        place=np.arange(count) - begins[customer] + 1,
        day=day,
        due=due,
        paid=np.where(unpaid, -1, paid),
        sales=sales,
        service=service,
        serving=_COST_OF_AN_ORDER + (sales + service) * (_COST_OF_AN_HOUR // 2),
    )


def lines(draws: Draws, who: Habits, ordered: Orders) -> Lines:
    """Draw the lines of orders."""
    starter = who.starter[ordered.customer]
    goods = np.where(starter, 1, draws.pick("goods", len(starter), (1, 1, 2, 3)))
    order = np.repeat(np.arange(len(goods), dtype=np.int64), goods)
    count = len(order)
    customer, starter = ordered.customer[order], starter[order]
    first = np.zeros(count, dtype=bool)
    first[np.r_[0, np.cumsum(goods)[:-1]]] = True
    taste = who.taste[customer] + draws.whole("category", count, 0, who.favourites[customer] - 1)
    category = np.where(starter, _STARTER, taste % _STARTER)
    many = 1 + np.floor(2.0 * np.sqrt(who.size[customer]) * draws.share("units", count)).astype(np.int64)
    units = np.where(starter, 1, many)
    full = units * PRICES[category]
    discount = full * who.discount[customer] // 100
    revenue = full - discount
    profit = revenue - full * COSTS[category] // 100
    # returned goods can be sold again, so a return takes back the profit and not the cost
    back = draws.happens("comes back", count, 0.04) & ~starter
    returned = 1 + np.floor(units * draws.share("returned", count)).astype(np.int64)
    kept = np.arange(count).repeat(1 + back)
    is_return = np.r_[False, kept[1:] == kept[:-1]]

    def with_returns(sold: Whole) -> Whole:
        amounts = sold[kept]
        result: Whole = np.where(is_return, -(amounts * returned[kept] // units[kept]), amounts)
        return result

    first = first[kept] & ~is_return
    return Lines(
        order=order[kept],
        first=first,
        category=category[kept],
        revenue=with_returns(revenue),
        profit=with_returns(profit) - np.where(first, ordered.serving[order[kept]], 0),
        discount=np.where(is_return, 0, discount[kept]),
    )
