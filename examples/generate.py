"""Write the example data: `orders.csv` and `survey.csv`, the same bytes every time.

    python examples/generate.py

A business that supplies workshops, made up: 500 customers, two years of order lines, and a survey with what order lines
can't hold. Only the standard library is used. Every choice comes from `random.Random(SEED).random()`, whose numbers are
the same in every version of Python, and from arithmetic that is exactly rounded or on whole numbers.

What is in it on purpose: a few customers bring most of the revenue; some cost more than they bring; many small ones
bought the same starter kit and nothing else, so they tie; some pay late or not at all; some goods come back (lines with
a negative amount); answers are missing in the survey.
"""

from __future__ import annotations

import csv
import datetime as dt
import math
import random
from collections.abc import Sequence
from pathlib import Path
from typing import TypeVar

T = TypeVar("T")

SEED = 2025
CUSTOMERS = 500
FIRST_DAY = dt.date(2024, 1, 1)
LAST_DAY = dt.date(2025, 12, 31)

CATEGORIES = (
    # name, list price of one unit in cents, cost of the goods in per cent of it
    ("Consumables", 1_900, 55),
    ("Hand tools", 4_500, 60),
    ("Safety", 3_200, 50),
    ("Power tools", 18_900, 68),
    ("Machines", 89_000, 74),
    ("Training", 24_000, 35),
)
STARTER_KIT = ("Starter kit", 4_900, 58)
COST_OF_AN_ORDER = 600
COST_OF_AN_HOUR = 3_800

ORDER_COLUMNS = (
    "customer_id",
    "order_id",
    "date",
    "category",
    "revenue",
    "profit",
    "cost_to_serve",
    "discount",
    "sales_hours",
    "service_hours",
    "due_date",
    "paid_date",
)
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
SURVEY_COLUMNS = (
    "customer_id",
    *RATINGS,
    "referrals",
    "testimonials",
    "complaints",
    "potential",
    "share_of_wallet",
    "consent",
)


class Chance:
    """Seeded chance, made of nothing but `random()`."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)

    def share(self) -> float:
        """A number from 0 up to, but not including, 1."""
        return self._random.random()

    def happens(self, share: float) -> bool:
        """True in this share of the cases."""
        return self.share() < share

    def whole(self, low: int, high: int) -> int:
        """A whole number, both ends included."""
        return low + math.floor(self.share() * (high - low + 1))

    def pick(self, items: Sequence[T]) -> T:
        """One of the items."""
        return items[self.whole(0, len(items) - 1)]

    def size(self) -> float:
        """How big a customer is: at least 1, usually below 3, now and then 40. (u to the power of −3/4.)"""
        root = math.sqrt(1.0 - self.share())
        return min(1.0 / (root * math.sqrt(root)), 40.0)


class Customer:
    """One customer's habits."""

    def __init__(self, number: int, chance: Chance) -> None:
        self.id = f"C-{number:04d}"
        self.only_kit = chance.happens(0.12)
        self.size = 1.0 if self.only_kit else chance.size()
        self.orders = 1 if self.only_kit else min(1 + math.floor(self.size * 1.6 * (0.4 + chance.share())), 30)
        self.first = FIRST_DAY + dt.timedelta(days=chance.whole(0, 560))
        self.discount = 0 if self.only_kit else chance.pick((0, 0, 0, 0, 5, 10, 15, 25))
        self.demanding = not self.only_kit and chance.happens(0.15)
        self.terms = None if self.only_kit else chance.pick((14, 30, 30, 30, 60))
        self.slow = chance.pick((0, 0, 0, 0, 5, 10, 25, 60))
        self.favourites = [chance.pick(CATEGORIES) for _ in range(chance.whole(1, 4))]


def money(cents: int) -> str:
    """Cents as an amount with two decimals."""
    return f"{'-' if cents < 0 else ''}{abs(cents) // 100}.{abs(cents) % 100:02d}"


def halves(count: int) -> str:
    """A number of halves as a number: 3 is 1.5."""
    return f"{count // 2}.5" if count % 2 else f"{count // 2}"


def order_days(customer: Customer, chance: Chance) -> list[dt.date]:
    """The days a customer orders on, none after the last day."""
    span = (LAST_DAY - customer.first).days
    if chance.happens(0.25):
        span = span // 3  # one who has left
    later = sorted(chance.whole(0, span) for _ in range(customer.orders - 1))
    return [customer.first, *(customer.first + dt.timedelta(days=days) for days in later)]


def order_lines(customer: Customer, day: dt.date, chance: Chance) -> list[list[str]]:
    """The lines of one order, without its number: hours and the cost of serving stand on its first line."""
    sales, service = 0, 0  # in half hours
    if not customer.only_kit:
        sales = chance.whole(0, 2) + (chance.whole(0, 4) if customer.demanding else 0)
        service = chance.whole(0, 1) + (chance.whole(2, 10) if customer.demanding else 0)
    serving = COST_OF_AN_ORDER + (sales + service) * COST_OF_AN_HOUR // 2
    due, paid = "", ""
    if customer.terms is not None:  # the others pay at once, without an invoice
        due_day = day + dt.timedelta(days=customer.terms)
        paid_day = due_day + dt.timedelta(days=chance.whole(-10, 2) + chance.whole(0, customer.slow))
        due = due_day.isoformat()
        paid = paid_day.isoformat() if paid_day <= LAST_DAY and not chance.happens(0.01) else ""
    lines: list[tuple[str, int, int, int, int, int, int]] = []
    goods = (
        [STARTER_KIT]
        if customer.only_kit
        else [chance.pick(customer.favourites) for _ in range(chance.pick((1, 1, 2, 3)))]
    )
    for name, price, cost in goods:
        units = 1 if customer.only_kit else 1 + math.floor(2.0 * math.sqrt(customer.size) * chance.share())
        full = units * price
        discount = full * customer.discount // 100
        revenue, profit = full - discount, full - discount - full * cost // 100
        lines.append((name, revenue, profit - serving, serving, discount, sales, service))
        if not customer.only_kit and chance.happens(0.04):  # part of it comes back; the goods can be sold again
            back = 1 + math.floor(units * chance.share())
            part = revenue * back // units
            lines.append((name, -part, -(profit * back // units), 0, 0, 0, 0))
        serving, sales, service = 0, 0, 0
    return [
        [
            day.isoformat(),
            name,
            money(revenue),
            money(profit),
            money(serving),
            money(discount),
            halves(s),
            halves(v),
            due,
            paid,
        ]
        for name, revenue, profit, serving, discount, s, v in lines
    ]


def survey_row(customer: Customer, chance: Chance) -> list[str]:
    """A customer's row of the survey; one in six answered nothing, and single answers are missing."""
    silent = chance.happens(1 / 6)
    liked = chance.whole(2, 5) - (1 if customer.demanding else 0)
    ratings = []
    for name in RATINGS:
        halves_of_it = 2 * liked + chance.whole(-3, 3)
        if name == "promptness":
            halves_of_it = 10 - customer.slow // 8 - chance.whole(0, 2)
        if name == "price_level":
            halves_of_it = 9 - customer.discount // 4 + chance.whole(-1, 1)
        if name == "effort":
            halves_of_it = (4 if customer.demanding else 8) + chance.whole(-2, 2)
        missing = silent or chance.happens(0.08)
        ratings.append("" if missing else halves(min(max(halves_of_it, 2), 10)))
    referrals = chance.whole(1, 3) if liked >= 4 and chance.happens(0.25) else 0
    testimonials = 1 if liked >= 4 and chance.happens(0.12) else 0
    complaints = chance.whole(1, 4) if chance.happens(0.4 if customer.demanding else 0.06) else 0
    potential = "" if silent else str(100 * chance.whole(0, math.floor(30 * customer.size)))
    wallet = "" if silent or chance.happens(0.1) else f"0.{chance.whole(5, 95):02d}"
    consent = "" if silent else str(int(chance.happens(0.35)))
    return [customer.id, *ratings, str(referrals), str(testimonials), str(complaints), potential, wallet, consent]


def write(path: Path, header: Sequence[str], rows: Sequence[Sequence[str]]) -> None:
    """Write a CSV file in UTF-8 with `\\n` at the end of each line, whatever the system."""
    with path.open("w", encoding="utf-8", newline="") as file:
        writer = csv.writer(file, lineterminator="\n")
        writer.writerow(header)
        writer.writerows(rows)


def main(folder: Path) -> None:
    """Write both files into `folder`."""
    chance = Chance(SEED)
    customers = [Customer(number, chance) for number in range(1, CUSTOMERS + 1)]
    placed = [(day, customer) for customer in customers for day in order_days(customer, chance)]
    placed.sort(key=lambda item: (item[0], item[1].id))
    rows = [
        [customer.id, f"O-{number:05d}", *line]
        for number, (day, customer) in enumerate(placed, 1)
        for line in order_lines(customer, day, chance)
    ]
    write(folder / "orders.csv", ORDER_COLUMNS, rows)
    write(folder / "survey.csv", SURVEY_COLUMNS, [survey_row(customer, chance) for customer in customers])


if __name__ == "__main__":
    main(Path(__file__).resolve().parent)
