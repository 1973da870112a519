"""The SQL of what a customer's lines add up to."""

from __future__ import annotations

from custgrade.ingest.cells import values
from custgrade.ingest.lines.order_lines import ALL, ONCE, OrderLines

_COUNTED_ONCE = {"days_late": "due_date", "product_mix": "category"}


def aggregates_of(lines: OrderLines, inside: str) -> dict[str, str]:
    """Return SQL of the aggregates over a customer's lines, by field.

    Values that are counted once per order or category are left out; see `counted_once`.

    inside: the SQL condition of lines in the period.
    """
    counts = {} if "order_id" in lines.columns else {"orders": f"count(*) {_only(inside, lines.amounts.sale)}"}
    once = ONCE if lines.order_total else ALL
    result = {}
    for name in lines.combined:
        if lines.how[name] == "sum":
            result[name] = f"sum({_amount(lines, name)}) {_only(inside, once if name in lines.money else ALL)}"
        else:
            # summed in whole millionths and divided once, so that the order of lines doesn't change the mean
            known = f"FILTER (WHERE {inside} AND v_{name} IS NOT NULL)"
            total = f"CAST(sum({values.millionths_of(f'v_{name}')}) {known} AS DOUBLE)"
            result[name] = f"{total} / (1000000.0::DOUBLE * count(*) {known})"
    if lines.amounts.has_revenue:
        revenue = lines.amounts.of("revenue")
        result["revenue"] = f"sum({revenue}) {_only(inside, once)}"
        result["returns"] = f"-coalesce(sum({revenue}) {_only(inside, once, f'{revenue} < 0')}, 0)"
    if lines.amounts.has_cost:
        result["profit"] = f"sum({lines.amounts.of('profit')}) {_only(inside, once)}"
    return result | counts


def _amount(lines: OrderLines, name: str) -> str:
    """Return SQL of a value that is summed, in the currency of the base if it is money."""
    return lines.amounts.of(name) if name in lines.money else f"v_{name}"


def observed(lines: OrderLines, inside: str) -> dict[str, str]:
    """Return SQL of further aggregates over a customer's lines, for checks and for days, by name.

    inside: the SQL condition of lines in the period.
    """
    sale = lines.amounts.sale
    found = {
        "first_sale": f"min(v_date) {_only(sale)}",
        "last_sale": f"max(v_date) {_only(inside, sale)}",
    }
    if "paid_date" in lines.columns:
        found["last_paid_date"] = "max(v_paid_date)"
    for name in [name for name in ("discount", "line_discount") if name in lines.columns]:
        found |= {f"least_{name}": f"min(v_{name})", f"most_{name}": f"max(v_{name})"}
    if lines.amounts.has_revenue:
        found["returned"] = f"count(*) {_only(inside, f'NOT {sale}')}"
    if lines.amounts.has_cost:
        cost = lines.amounts.of("cost")
        once = ONCE if lines.order_total else ALL
        unsigned = _only(inside, once, f"NOT {sale}", f"{cost} > 0")
        found |= {"unsigned": f"count(*) {unsigned}", "unsigned_cost": f"sum({cost}) {unsigned}"}
        found["signed"] = f"count(*) {_only(inside, f'NOT {sale}', f'{cost} <= 0')}"
    return found


def measures(lines: OrderLines) -> list[str]:
    """Return the fields that these lines yield, in the order of the standard fields."""
    given = {*aggregates_of(lines, ALL), "recency", "tenure", "orders"}
    given |= {name for name, column in _COUNTED_ONCE.items() if column in lines.columns}
    given |= {"profit"} if lines.assumed_profit else set()
    return [name for name in lines.fields if name in given]


def _only(*conditions: str) -> str:
    """Return the FILTER of an aggregate over lines that meet all conditions, an empty text where all lines do."""
    some = [condition for condition in conditions if condition != ALL]
    return f"FILTER (WHERE {' AND '.join(some)})" if some else ""
