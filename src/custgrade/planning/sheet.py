"""The explanation sheet: what to say in a conversation with a customer, without grades, ranks and goals."""

from __future__ import annotations

import math
from collections.abc import Iterator

import numpy as np

from custgrade.data.field import Field
from custgrade.model.wording import amount, number, percent, words
from custgrade.planning.amount import Amount
from custgrade.planning.assigned import Assigned
from custgrade.planning.effort import Terms
from custgrade.planning.offer import Offer, Transition
from custgrade.planning.package import Package
from custgrade.planning.service_level import DESKS, ServiceLevel
from custgrade.planning.sheet_offer import offer_said
from custgrade.planning.sheet_words import as_sentence, count_text
from custgrade.planning.treatment import Treatment

_MONEY = Field("money", "money", resolution=0.01)


def sheet(plan: Assigned, customer: str | int) -> list[str]:
    """Return what to say in a conversation with a customer: headings, which end in a colon, and sentences.

    customer: the id, or the position in the base.

    Raises FieldError if there is no such customer.
    """
    base = plan.graded.base
    row = base.position_of(customer) if isinstance(customer, str) else base.position(customer)
    return list(_Sheet(plan, row).lines())


class _Sheet:
    """The sentences for one customer."""

    def __init__(self, plan: Assigned, row: int) -> None:
        self._plan, self._row = plan, row
        self._treatment: Treatment = plan.policy.by_place[int(plan.treatment[row])][1]
        # what a customer had before a fall is kept until the notice has passed
        self._served: Treatment = plan.policy.by_place[int(plan.standing.served[row])][1]
        self._package: Package | None = plan.package_of(row)

    def lines(self) -> Iterator[str]:
        """Yield headings and sentences."""
        base = self._plan.graded.base
        yield f"For {base.label(self._row)}, on {self._plan.on}:"
        parts = {
            "What we do for you": self._service(),
            "What you bought": self._bought(),
            "What serving you costs": self._costs(),
            "Packages": self._packages(),
            "Our offer": self._offered(),
            "What you can do": self._way_up(),
        }
        for heading, sentences in parts.items():
            found = list(sentences)
            if found:
                yield f"{heading}:"
                yield from found

    def _service(self) -> Iterator[str]:
        yield from self._serves(self._served)
        stays = self._plan.standing.stays
        ends, begins = stays.served_until[self._row], stays.until[self._row]
        if self._served is not self._treatment and not np.isnat(begins):
            told = f", if we talk on {self._plan.on}" if stays.untold[self._row] else ""
            last = ends - np.timedelta64(1, "D")
            if ends == begins:
                yield f"All of this holds until {last}{told}. From then on, this holds."
            else:
                later = f"Then it becomes less in steps; from {begins} on{told}, this holds."
                yield f"All of this holds until {last}. {later}"
            yield from self._serves(self._treatment)

    def _serves(self, treatment: Treatment) -> Iterator[str]:
        level = self._plan.policy.level_of(treatment)
        yield from self._level(level, self._package.level if self._package else None)
        for stage, text in treatment.touchpoints.items():
            yield as_sentence(f"{stage}: {text}")
        yield from self._terms(treatment.terms)

    def _terms(self, terms: Terms) -> Iterator[str]:
        days, discount, deposit = (self._value(one) for one in (terms.payment_days, terms.discount, terms.deposit))
        if not math.isnan(days):
            yield f"You have {count_text(days, 'days')} to pay."
        if discount > 0.0:
            yield f"You get a discount of {percent(discount)}."
        if deposit > 0.0:
            yield f"We ask for a deposit of {percent(deposit)} of an order."
        yield (
            f"We give you notice of a change {count_text(terms.our_notice_days, 'days')} before, and you give us "
            f"notice {count_text(terms.their_notice_days, 'days')} before."
        )
        for name, price in terms.extras.items():
            yield f"Beyond this, {words(name)} costs {self._money(self._value(price))} an hour."

    def _level(self, level: ServiceLevel, other: ServiceLevel | None = None) -> Iterator[str]:
        """Yield what a level gives, or the better of it and another one."""
        response, service = (self._entitled(name, level, other) for name in ("response_hours", "service_hours"))
        yield f"We answer you within {count_text(response, 'working hours')}."
        yield f"We set aside {count_text(service, 'hours')} of service for you each quarter."
        desk = other if other is not None and DESKS.index(other.desk) < DESKS.index(level.desk) else level
        served = {"named person": "You have one person who looks after you", "team": "A team of ours looks after you"}
        yield f"{served.get(desk.desk, 'Our service desk is there for you')}{f': {desk.who}' if desk.who else ''}."
        further = {**level.further, **(other.further if other is not None else {}), **level.further}
        for name, one in further.items():
            value = f"{number(self._entitled(name, level, other))} {one.unit}".rstrip()
            yield as_sentence(f"{words(name)}: {value}")

    def _entitled(self, name: str, level: ServiceLevel, other: ServiceLevel | None) -> float:
        rows = np.array([self._row])
        one, two = (None if some is None else some.entitlements().get(name) for some in (level, other))
        found = self._plan.entitled_by(one, name, rows)
        if two is not None:
            found = (one or two).better_of(found, self._plan.entitled_by(two, name, rows))
        return float(found[0])

    def _bought(self) -> Iterator[str]:
        period = self._plan.graded.base.period
        when = f"from {period.start} to {period.end} " if period else ""
        revenue = self._field("revenue")
        if math.isnan(revenue):
            yield "We don't know yet what you bought."
            return
        orders, average = self._field("orders"), self._field("average_sale")
        if revenue < 0.0:
            yield as_sentence(f"{when}you returned more than you bought, by {self._money(-revenue)}")
            return
        in_orders = "" if math.isnan(orders) else f" in {count_text(orders, 'orders')}"
        yield as_sentence(f"{when}you bought for {self._money(revenue)}{in_orders}")
        if not math.isnan(average):
            yield f"That is {self._money(average)} an order."

    def _costs(self) -> Iterator[str]:
        offer = self._plan.offer_of(self._row)
        if offer is None or not (offer.raises or offer.transition is not None):
            return
        cost = self._field("cost_to_serve")
        if cost > 0.0:
            yield f"Serving you cost us {self._money(cost)}."
        hours = {"sales": self._field("sales_hours"), "service": self._field("service_hours")}
        known = [f"{count_text(value, 'hours')} of {name}" for name, value in hours.items() if value > 0.0]
        if known:
            yield f"We spent {' and '.join(known)} on you."

    def _packages(self) -> Iterator[str]:
        packages = self._plan.policy.packages
        if not packages:
            return
        own = self._package
        yield f"Your package is {_described(own)}." if own else "You have none of our packages yet."
        for package in packages:
            if package is not own:
                needs = [f"{words(name)} of at least {self._floor(name, one)}" for name, one in package.minimum.items()]
                who = f"for customers with {' and '.join(needs)}" if needs else "open to everybody"
                also = "also " if own else ""
                yield as_sentence(f"there is {also}{package.name}, {who}{f': {package.what}' if package.what else ''}")

    def _floor(self, name: str, floor: Amount) -> str:
        value = self._value(floor)
        return amount(self._plan.graded.base.fields.get(name, Field(name, "")), value, self._currency)

    def _offered(self) -> Iterator[str]:
        offer = self._plan.offer_of(self._row)
        begun = offer_said(self._plan, self._row, self._money) if offer is None else []
        if self._plan.held[self._row]:
            yield "We first put right what we did wrong. Until then, we ask nothing of you."
        elif begun:
            yield from begun
        elif offer is None:
            package = " and your package" if self._plan.policy.packages else ""
            yield f"Your prices{package} stay as they are."
        else:
            yield from self._offer(offer)
        if self._treatment.sheet:
            yield as_sentence(self._treatment.sheet)

    def _offer(self, offer: Offer) -> Iterator[str]:
        if offer.after_tries:
            yield f"First we try together what helps, {count_text(offer.after_tries, 'times')}. Then we offer you this."
        yield as_sentence(f"we offer you this: {offer.what}")
        if offer.explain:
            yield as_sentence(offer.explain)
        if offer.package:
            package = next(one for one in self._plan.policy.packages if one.name == offer.package)
            yield f"It is {_described(package)}."
            if package.terms is not None:
                yield "With it, this holds."
                yield from self._terms(package.terms)
        rise, revenue = float(self._plan.rise[self._row]), self._field("revenue")
        if rise > 0.0:
            share = f", which is {percent(rise / revenue)} of what you bought" if revenue > 0.0 else ""
            yield f"Over the same time, you would pay {self._money(rise)} more{share}."
        else:
            yield "You wouldn't pay more."
        explained = max(self._plan.explained_on()[self._row], self._plan.dates.on)
        until = self._plan.policy.days_off.working(self._plan.answer_by()[self._row])
        yield f"You have {count_text(offer.open_days, 'days')} to answer, until {until} if we talk on {explained}."
        yield f"If you agree, the change starts {count_text(offer.notice_days, 'days')} after your answer."
        for text in offer.alternatives:
            yield as_sentence(f"you can also choose this: {text}")
        quiet = offer.silence == "transition"
        if offer.transition is None:
            yield "If you decline, or if we hear nothing from you, nothing changes."
            return
        yield from self._transition(offer.transition, "or if we hear nothing from you, " if quiet else "")
        if not quiet:
            yield "If we hear nothing from you, nothing changes."

    def _transition(self, transition: Transition, silence: str) -> Iterator[str]:
        whom = transition.referral or "a partner"
        what = f"{whom} takes over" if transition.to == "partner" else f"{whom} helps you to do this yourselves"
        yield f"If you decline, {silence}{what} within {count_text(transition.days, 'days')}."
        if transition.scope:
            yield as_sentence(f"until then, {transition.scope}")
        if transition.level is None:
            yield "Until then, we serve you as before."
        else:
            yield "Until then, this holds."
            yield from self._level(transition.level)

    def _way_up(self) -> Iterator[str]:
        if self._treatment.way_up:
            yield as_sentence(f"to get more from us, you can do this: {self._treatment.way_up}")
            for incentive in self._treatment.incentives:
                value = self._value(incentive.value)
                worth = f", worth {self._money(value)}" if value > 0.0 else ""
                yield as_sentence(f"when you get there, this is for you: {incentive.what or incentive.name}{worth}")

    @property
    def _currency(self) -> str:
        return self._plan.graded.base.currency or ""

    def _money(self, value: float) -> str:
        return amount(_MONEY, value, self._currency)

    def _value(self, one: Amount) -> float:
        return float(self._plan.customer_columns.values(one, np.array([self._row]))[0])

    def _field(self, name: str) -> float:
        columns = self._plan.customer_columns
        return float(columns[name][self._row]) if name in columns else math.nan


def _described(package: Package) -> str:
    return f"{package.name}: {package.what.rstrip('.')}" if package.what else package.name
