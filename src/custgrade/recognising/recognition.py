"""Recognising a file: what its rows are, and which of its columns holds which field."""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from custgrade.ingest.customer_files.customers import customer_fields
from custgrade.ingest.lines.order_lines import order_fields
from custgrade.ingest.source import Source
from custgrade.recognising.choosing import choose
from custgrade.recognising.column_facts import Sample, looked_at
from custgrade.recognising.line_doubts import LineDoubts
from custgrade.recognising.recognised import Finding, Kind, RecognisedFile
from custgrade.recognising.value_checks import DATES, doubt_of, evidence_of
from custgrade.recognising.vocabulary import Strength, Vocabulary

_OF_LINES = ("quantity", "unit_price", "unit_cost", "line_discount", "line_discount_share")
_OF_CUSTOMERS = ("cost", "last_order", "first_order")
_BESIDE = ("name", "currency", "status")
_ORDERS = ("customer_id", "date", "order_id", "revenue", *_OF_LINES)
_BY_VALUES = 3
"""The most columns without a telling name that are proposed for a field by their values."""


def recognise(source: Source, vocabulary: Vocabulary) -> RecognisedFile:
    """Return what a source holds: order lines or customers, and the columns of fields, certain or doubtful.

    Raises SourceError when the source can't be read.
    """
    named = {column: names_of(column, vocabulary) for column in source.columns}
    sample = looked_at(source, [column for column, fields in named.items() if {*DATES} & fields.keys()])
    kind, reason = _kind(named, sample)
    findings: list[Finding] = []
    if kind != "other":
        for field in fields_of(kind):
            hits = {column: fields[field] for column, fields in named.items() if field in fields}
            findings += choose(field, hits, sample, kind) if hits else []
    if kind == "orders":
        findings = _lines(findings, sample, vocabulary)
        findings += _by_values(findings, named, sample, vocabulary)
    findings = _one_field_each(findings)
    found = {one.column for one in findings}
    return RecognisedFile(
        path=source.label,
        kind=kind,
        reason=reason,
        rows=sample.rows,
        complete=sample.complete,
        findings=tuple(findings),
        off=tuple(_off(kind, findings, source.columns)) if kind != "other" else (),
        notes=source.notes,
        unread=tuple(name for name in source.columns if name not in found),
        facts=tuple(sample.columns.values()),
    )


def fields_of(kind: Kind) -> tuple[str, ...]:
    """Return the fields that are looked for in a file of this kind, the most important first."""
    accepted = order_fields() if kind == "orders" else customer_fields()
    more = (*_ORDERS, "profit", "cost") if kind == "orders" else ("customer_id", "revenue", "profit", *_OF_CUSTOMERS)
    return tuple(dict.fromkeys((*more, *accepted, *_BESIDE)))


def plain(name: str) -> str:
    """Return a name's letters and digits in small letters."""
    return "".join(letter for letter in name.casefold() if letter.isalnum())


def names_of(column: str, vocabulary: Vocabulary) -> dict[str, Strength]:
    """Return the fields that a column's name may mean, with their strengths; a field's own name is the strongest."""
    found = vocabulary.fields_named(column)
    own = {plain(field): field for kind in ("orders", "customers") for field in fields_of(kind)}
    if plain(column) in own and plain(column) != "name":
        found[own[plain(column)]] = "names"
    return found


def _kind(named: Mapping[str, Mapping[str, Strength]], sample: Sample) -> tuple[Kind, str]:
    """Return the kind of a file, and why."""

    def columns(field: str, *strengths: Strength) -> list[str]:
        hits = [column for column, fields in named.items() if fields.get(field) in strengths]
        return [column for column in hits if column in sample.columns and sample.columns[column].filled]

    ids = columns("customer_id", "names") or columns("customer_id", "alone") or columns("customer_id", "doubtful")
    unique = [name for name in ids if sample.columns[name].distinct == sample.rows]
    counts = [
        name
        for name in columns("orders", "names")
        if "order_id" not in named[name] or sample.columns[name].distinct < sample.columns[name].filled
    ]
    totals = counts + columns("last_order", "names") + columns("first_order", "names")
    if unique and totals:
        return "customers", f"{unique[0]!r} has another value in each row, and {totals[0]!r} is of all orders"
    dates = columns("date", "names", "alone")
    orders = columns("order_id", "names", "alone")
    orders = [name for name in orders if not sample.columns[name].are_dates and name not in counts]
    lines = columns("quantity", "names") + columns("unit_price", "names")
    entered = [name for name in dates if named[name].get("first_order")]
    if orders or lines or dates != entered or (entered and ids and not unique):
        signs = [repr(name) for name in (*orders[:1], *dates[:1], *lines[:1])]
        if not ids and not dates:
            return "other", f"it has {' and '.join(signs)}, but neither a customer nor a date"
        return "orders", f"it has {' and '.join(signs)}"
    if unique:
        return "customers", f"{unique[0]!r} has another value in each row"
    if ids:
        return "customers", f"it has {ids[0]!r}, and no date and no order number"
    return "other", "no column looks like customers, and none like orders"


def _lines(findings: list[Finding], sample: Sample, vocabulary: Vocabulary) -> list[Finding]:
    """Return the findings of order lines after all that columns say about each other."""
    products = [
        column
        for column in sample.columns
        if any("product" in meanings for meanings in vocabulary.meanings(column))
        and not vocabulary.fields_named(column)
    ]
    certain = {one.field: one for one in findings if one.certain}
    doubts = LineDoubts(sample, certain, products)
    doubts.check()
    kept = doubts.found
    rivals = [one for one in findings if not one.certain] + doubts.doubted
    if "revenue" in kept:
        _drop(kept, "quantity", "unit_price", "line_discount", "line_discount_share")
    elif any(one.field == "revenue" and "revenue" not in one.doubt for one in rivals):
        # a total that contradicts the product, or several totals: a person must choose between them
        for name in ("quantity", "unit_price"):
            if name in kept:
                rivals.append(_doubted(kept.pop(name), "there are totals as well, so it must be settled which counts"))
    if "unit_price" not in kept and "quantity" in kept:
        _drop(kept, "quantity")
    if "profit" in kept:
        _drop(kept, "cost", "unit_cost")
        rivals = [one for one in rivals if one.field not in ("cost", "unit_cost")]
    if "cost" in kept or "quantity" not in kept:
        _drop(kept, "unit_cost")
    if not {"due_date", "paid_date"} <= kept.keys():
        _drop(kept, "due_date", "paid_date")
        rivals = [one for one in rivals if one.field not in ("due_date", "paid_date")]
    settled = {*kept}
    if "revenue" in settled:
        settled |= {"quantity", "unit_price", "line_discount", "line_discount_share", "unit_cost"}
    rivals = [one for one in rivals if one.field not in settled]
    return [*kept.values(), *rivals]


def _doubted(one: Finding, doubt: str) -> Finding:
    return Finding(one.field, one.column, one.evidence, doubt)


def _drop(kept: dict[str, Finding], *fields: str) -> None:
    for field in fields:
        kept.pop(field, None)


def _by_values(
    findings: Iterable[Finding],
    named: Mapping[str, Mapping[str, Strength]],
    sample: Sample,
    vocabulary: Vocabulary,
) -> list[Finding]:
    """Return doubtful findings for needed fields that no name tells, by values alone."""
    found = {one.field for one in findings}
    used = {one.column for one in findings}
    proposed: list[Finding] = []
    needed = [field for field in ("customer_id", "date") if field not in found]
    if not {"revenue", "unit_price"} & found:
        needed.append("revenue")
    for field in needed:
        for column, facts in sample.columns.items():
            if column in used or named[column] or vocabulary.meanings(column) != {frozenset({"unknown"})}:
                continue
            fits = not doubt_of(field, facts, "orders")
            if field == "customer_id":
                fits = fits and 1 < facts.distinct < facts.filled and not facts.are_dates
            elif field == "revenue":
                fits = fits and facts.decimals > 0
            if fits and sum(one.field == field for one in proposed) < _BY_VALUES:
                doubt = "its values fit, but its name doesn't say so"
                proposed.append(Finding(field, column, evidence_of(field, facts, "orders"), doubt))
    return proposed


def _one_field_each(findings: list[Finding]) -> list[Finding]:
    """Return findings in which no column is certain for two fields."""
    certain = [one.column for one in findings if one.certain]
    twice = {column for column in certain if certain.count(column) > 1}
    return [
        _doubted(one, "its name may mean several fields") if one.certain and one.column in twice else one
        for one in findings
        if one.certain or one.column not in certain or one.column in twice
    ]


def _off(kind: Kind, findings: Iterable[Finding], columns: Iterable[str]) -> Iterable[tuple[str, str]]:
    """Yield the fields that would be read by their names but aren't certain, each with the reason."""
    accepted = {plain(field): field for field in (order_fields() if kind == "orders" else customer_fields())}
    known = list(findings)
    for column in columns:
        field = accepted.get(plain(column))
        if field is None or field in ("customer_id", "date") or any(o.certain and o.field == field for o in known):
            continue
        doubt = next((one.doubt for one in known if (one.field, one.column) == (field, column)), "")
        if field in ("due_date", "paid_date"):
            doubt = doubt or "days_late needs both the due date and the date of payment"
        yield field, f"{column!r}: {doubt or 'it is not needed beside the other columns'}"
