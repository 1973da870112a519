"""Which columns the amounts of order lines are made of: amounts as they stand, or quantities and prices."""

from __future__ import annotations

from collections.abc import Mapping, Sequence

from custgrade.errors import FieldError, Hint
from custgrade.ingest.mapping import not_read
from custgrade.ingest.source import Source, SourceColumn
from custgrade.text import listed

AMOUNT_PARTS = ("quantity", "unit_price", "unit_cost", "line_discount", "line_discount_share")
"""The columns of order lines that amounts are made of."""
_DISCOUNTS = ("line_discount", "line_discount_share")
_UNIT_PRICES = (
    *("unitprice", "price", "priceeach", "itemprice", "priceperunit", "unitcost", "preis", "einzelpreis", "stückpreis"),
    *("stueckpreis", "preisproeinheit", "prixunitaire", "prix", "preciounitario", "precio", "prezzounitario"),
)
_QUANTITIES = (
    *("quantity", "qty", "quantityordered", "orderquantity", "units", "pieces", "pcs", "menge", "anzahl", "stück"),
    *("stueck", "stückzahl", "quantité", "quantite", "qté", "qte", "cantidad", "unidades", "quantità", "aantal"),
)


def amount_columns(
    mapped: Mapping[str, SourceColumn], given: Mapping[str, str] | None
) -> tuple[dict[str, SourceColumn], list[str]]:
    """Return the columns to read, by field, and notes on columns that aren't needed.

    A mapping that was given counts more than a column that was found by its name. Of columns that were all found by
    name, amounts count more than the quantities and prices that would give them.

    mapped: the columns by field. given: those of them that were given by name.

    Raises FieldError for given columns that exclude each other, and for parts of an amount whose other part is missing.
    """
    chosen = {name for name, column in (given or {}).items() if column}
    kept = dict(mapped)
    for part, wholes in (("unit_price", ("revenue",)), ("unit_cost", ("cost", "profit"))):
        _one_way(kept, chosen, part, wholes)
    for part, amount in (("unit_price", "revenue"), ("unit_cost", "cost")):
        if part in kept and "quantity" not in kept:
            raise FieldError(
                f"`{part}` is mapped to {kept[part].name!r} without `quantity`; {amount} is quantity × {part}: "
                "map `quantity` too.",
                not_read(part),
            )
    if "unit_price" not in kept:
        for name in _DISCOUNTS:
            _unneeded(kept, chosen, name, "it is subtracted from quantity × unit_price: map `unit_price` too")
    if "unit_price" not in kept and "unit_cost" not in kept:
        _unneeded(kept, chosen, "quantity", "it is multiplied by `unit_price` or `unit_cost`: map one of them too")
    if all(name in kept for name in _DISCOUNTS):
        raise FieldError("both `line_discount` and `line_discount_share` are mapped; map one of them")
    gone = [f"{name} ({mapped[name].name!r})" for name in mapped if name not in kept]
    read = [name for name in ("revenue", "unit_price", "profit", "cost", "unit_cost") if name in kept]
    return kept, [f"not read, because {listed(read)} is: {listed(gone)}"] if gone and read else []


def _one_way(kept: dict[str, SourceColumn], chosen: set[str], part: str, wholes: Sequence[str]) -> None:
    """Keep either the price of one unit, or the amounts of lines."""
    there = [name for name in wholes if name in kept]
    if part not in kept or not there:
        return
    if part in chosen:
        both = [name for name in there if name in chosen]
        if both:
            raise FieldError(
                f"both `{both[0]}` and `{part}` are mapped, and {wholes[0]} would be quantity × {part}; map one of them"
            )
        for name in there:
            del kept[name]
    else:
        del kept[part]


def _unneeded(kept: dict[str, SourceColumn], chosen: set[str], name: str, why: str) -> None:
    """Take away a column that was found by name.

    Raises FieldError when it was given.
    """
    if name in kept and name in chosen:
        raise FieldError(f"`{name}` is mapped to {kept[name].name!r}, but {why}.", not_read(name))
    kept.pop(name, None)


def price_alone(source: Source, columns: Mapping[str, SourceColumn]) -> list[str]:
    """Return a note where revenue is read from what looks like the price of one unit, beside a quantity."""
    revenue, read = columns.get("revenue"), {column.name for column in columns.values()}
    if revenue is None or plain(revenue.name) not in _UNIT_PRICES:
        return []
    beside = [name for name in source.columns if name not in read and plain(name) in _QUANTITIES]
    if not beside:
        return []
    return [
        f"revenue is read from {revenue.name!r}, which looks like the price of one unit, and {beside[0]!r} isn't read: "
        f"for quantity × price, read quantity from {beside[0]!r} and unit_price from {revenue.name!r} in place of "
        "revenue"
    ]


def plain(name: str) -> str:
    """Return a column's name in lower case, without blanks and signs."""
    return "".join(sign for sign in name.casefold() if sign.isalnum())


def share_or_money(column: str, low: str, high: str) -> FieldError:
    """Return the error for line discounts that may be shares or amounts of money; low, high: their bounds, as text."""
    share, money = {"line_discount_share": column, "line_discount": ""}, {"line_discount": column}
    money["line_discount_share"] = ""
    flags = [" ".join(f"--column '{name}={of}'" for name, of in mapping.items()) for mapping in (share, money)]
    return FieldError(
        f"the line discounts in column {column!r} lie between {low} and {high}: they may be shares of the line "
        f"({high} is {_percent(high)} %) or amounts of money ({high} off the line).",
        Hint(
            f"If they are shares: columns={share}. If they are money: columns={money}.",
            f"If they are shares: {flags[0]}. If they are money: {flags[1]}.",
        ),
    )


def _percent(share: str) -> str:
    from decimal import Decimal

    value = Decimal(share)
    return f"{(value * 100 if value <= 1 else value).normalize():f}"
