"""Phrases about fields for customers: the customer's value, the usual value of the best, and what would help."""

from __future__ import annotations

import re
from collections.abc import Mapping
from types import MappingProxyType

from attrs import frozen

from custgrade.data.field import Field
from custgrade.model.wording import words

_PLURAL = re.compile(r"[aeiouy].*(?<![sui])s$", re.IGNORECASE)
"""The end of a name that is plural: not that of `class`, `status`, `basis`, or an abbreviation such as `nps`."""


@frozen
class Phrase:
    """Phrases about one field; `{}` stands for a value with its unit.

    yours: the customer's value. best: the usual value of the best customers. raising, lowering: what the customer can
    do, as the subject of `would help most`; empty if the customer can't do anything. one, many: the noun after a count,
    singular and plural. yours_none, best_none: replace `yours` and `best` for a value of 0. yours_loss, best_loss:
    replace them for a value below 0; `{}` then stands for the value without its sign.
    """

    yours: str
    best: str
    raising: str = ""
    lowering: str = ""
    one: str = ""
    many: str = ""
    yours_none: str = ""
    best_none: str = ""
    yours_loss: str = ""
    best_loss: str = ""


def _money(yours: str, best: str, raising: str = "", lowering: str = "") -> Phrase:
    return Phrase(f"{yours} {{}}", f"{best} {{}}", raising, lowering)


def _rated(what: str, action: str, by_us: bool = True) -> Phrase:
    if by_us:
        return Phrase(f"We rate {what} at {{}}", "with our best customers, {} is usual", action)
    return Phrase(f"You rate {what} at {{}}", "our best customers usually say {}", action)


def _counted(yours: str, best: str, one: str, many: str, raising: str = "", lowering: str = "") -> Phrase:
    return Phrase(f"{yours} {{}}", f"{best} {{}}", raising, lowering, one, many)


PHRASES: Mapping[str, Phrase] = MappingProxyType(
    {
        "revenue": Phrase(
            "Your revenue with us is {}",
            "that of our best customers is usually {}",
            "Buying more from us",
            yours_loss="Your revenue with us, net of returns, is minus {}",
        ),
        "profit": Phrase(
            "Our profit on your orders is {}",
            "with our best customers our profit is usually {}",
            "Ordering more from us",
            yours_loss="Our loss on your orders is {}",
            best_loss="with our best customers our loss is usually {}",
        ),
        "cost_to_serve": _money(
            "The cost to serve you is", "for our best customers it is usually", "", "Bundling orders and requests"
        ),
        "margin": Phrase(
            "Our margin on your orders is {}",
            "with our best customers our margin is usually {}",
            "Ordering with smaller discounts and less extra service",
            yours_loss="Our loss on your orders is {} of your revenue with us",
            best_loss="with our best customers our loss is usually {} of their revenue",
        ),
        "average_sale": _money(
            "Your average sale is", "that of our best customers is usually", "Placing larger orders"
        ),
        "orders": _counted(
            "You placed", "our best customers usually placed", "order", "orders", "Ordering more often"
        ),
        "recency": Phrase(
            "Your last order was {} ago",
            "our best customers usually ordered {} ago",
            lowering="Ordering again",
            yours_none="You ordered on the last day that we looked at",
            best_none="our best customers usually ordered on the same day",
        ),
        "tenure": Phrase("You have been our customer for {}", "our best customers usually for {}"),
        "days_late": Phrase(
            "Your invoices are paid {} late on average",
            "our best customers pay within {}",
            lowering="Paying sooner",
            yours_none="Your invoices are paid on time, 0 days late on average",
            best_none="our best customers pay on time",
        ),
        "product_mix": _counted(
            "You bought from", "our best customers usually bought from", "category", "categories",
            "Trying further categories",
        ),
        "returns": _money("Your returns come to", "those of our best customers usually to", "", "Returning less"),
        "discount": _money(
            "The discount that you got comes to", "that of our best customers usually to", "",
            "Ordering with smaller discounts",
        ),
        "sales_hours": Phrase(
            "Our sales team spent {} on your orders",
            "on those of our best customers usually {}",
            "Talking with our sales team more",
            "Ordering with less time of our sales team",
        ),
        "service_hours": Phrase(
            "Our service team spent {} on your requests",
            "on those of our best customers usually {}",
            "Talking with our service team more",
            "Bundling requests to our service team",
        ),
        "referrals": _counted(
            "You sent us", "our best customers usually sent us", "referral", "referrals", "Recommending us to others"
        ),
        "testimonials": _counted(
            "You gave us", "our best customers usually gave us", "testimonial", "testimonials",
            "Giving us a testimonial",
        ),
        "complaints": _counted(
            "You made", "our best customers usually made", "complaint", "complaints",
            lowering="Telling us early when something goes wrong",
        ),
        "enjoyable": _rated("how enjoyable our work with you is", "Talking about how we can work together better"),
        "challenges_us": _rated("how much working with you challenges us", "Telling us what we could do better"),
        "cares_about_us": _rated("how much you care about us as a vendor", "Planning ahead together"),
        "ease_of_buying": _rated("the ease of buying from us", "Telling us what we should make easier", by_us=False),
        "needs_met": _rated("how well your needs are met", "Telling us what you need", by_us=False),
        "price_level": _rated("your price level", "Ordering at list prices"),
        "effort": _rated("how little effort our work with you takes", "Simplifying orders and requests together"),
        "promptness": _rated("the promptness of your payments", "Paying sooner"),
        "potential": _money(
            "The potential that we see with you is", "with our best customers it is usually",
            "Planning further purchases with us",
        ),
        "share_of_wallet": _money(
            "Our share of your purchases of our kind of products (share of wallet) is",
            "with our best customers it is usually",
            "Buying more of these products from us",
        ),
        "consent": Phrase(
            "Your consent to be named in public: {}", "of our best customers usually: {}", "Agreeing to be named"
        ),
    }
)  # fmt: skip
"""The standard fields' phrases."""


def phrase_of(field: Field) -> Phrase:
    """Return the phrases about a field; a field without its own phrases is called by its name and description."""
    if field.name in PHRASES:
        return PHRASES[field.name]
    name = words(field.name)
    described = f" ({field.description})" if field.description and len(field.description) <= 80 else ""
    verb = "are" if _PLURAL.search(name) else "is"
    actions = (f"Higher {name}", f"Lower {name}") if field.actionable else ("", "")
    return Phrase(f"Your {name}{described} {verb} {{}}", "among our best customers, {} is usual", *actions)
