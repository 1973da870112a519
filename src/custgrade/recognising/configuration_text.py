"""The text of a configuration file for what was recognised, with the evidence for each line."""

from __future__ import annotations

import os
from collections.abc import Iterable, Iterator, Mapping
from pathlib import Path

from custgrade.ingest.mapping import CUSTOMER_ID
from custgrade.recognising.joint import JointFiles, stopped_values
from custgrade.recognising.recognised import Finding
from custgrade.recognising.toml_text import comment, toml_key, toml_string, toml_strings
from custgrade.text import counted, listed

DOUBTFUL = "# doubtful:"
_BESIDE = ("name", "currency", "status")
"""What is written under [source] instead of [columns]."""
_ADDS = {
    "order_id": "orders of several lines are counted once, so that orders and the average sale are right",
    "profit": "grades by profit, and margins",
    "category": "how many kinds of goods each customer buys",
    "due_date": "how late each customer pays, together with paid_date",
}
"""What a field of order lines adds, where the file lacks it."""
_DECIMALS = {"comma": "such as 1.234,50", "point": "such as 1,234.50"}


def configuration_text(files: JointFiles, folder: Path, reading: Mapping[str, str]) -> str:
    """Return the text of a configuration file.

    folder: the folder of the file, to which the paths in it are relative. reading: the options with which the files
    were read, by key of [source].
    """
    parts = [
        _head(files),
        ["[source]", *_source(files, folder), *_given(reading), *_reading(files), *_beside(files)],
        ["[columns]", *_columns(files)],
        ["[scorer]", *_scorer(files)],
    ]
    return "\n\n".join("\n".join(part) for part in parts) + "\n"


def _head(files: JointFiles) -> list[str]:
    lines = [
        "# Written by custgrade init from the files below. Check it, then run:",
        "#     custgrade grade --config THIS_FILE",
        f"# Lines that begin with {DOUBTFUL!r} are guesses: they have no effect until the mark is removed.",
        "# Paths are relative to this file. An option on the command line takes precedence over a line here.",
    ]
    return lines + [f"# TO FILL IN: {field}; without it nothing can be graded" for field in files.missing]


def _source(files: JointFiles, folder: Path) -> Iterator[str]:
    for kind in ("orders", "customers"):
        some = files.of_kind(kind)
        if some:
            paths = [_relative(file.path, folder) for file in some]
            yield f"{kind} = {toml_string(paths[0]) if len(paths) == 1 else toml_strings(paths)}"
            for file in some:
                looked = counted(file.rows, "rows") if file.complete else f"the first {file.rows:,} rows"
                yield f"# {comment(f'{Path(file.path).name}: {looked}; {file.reason}')}"
                yield from (f"# {comment(note)}" for note in file.notes)
    for file, reason in files.refused:
        name = "customers" if file.kind == "customers" else "orders"
        path = toml_string(_relative(file.path, folder))
        yield f"{DOUBTFUL} {name} = {path}  # {comment(reason)}"


def _given(reading: Mapping[str, str]) -> Iterator[str]:
    yield from (f"{name} = {toml_string(value)}  # as given to init" for name, value in reading.items())


def _relative(path: str, folder: Path) -> str:
    if path == "-":
        return path
    try:
        return Path(os.path.relpath(path, folder)).as_posix()
    except ValueError:
        # on another drive
        return Path(path).absolute().as_posix()


def _reading(files: JointFiles) -> Iterator[str]:
    signs = files.decimal_signs()
    if len(signs) == 1 and signs <= {"point", "comma"}:
        (sign,) = signs
        if sign == "comma":
            yield f'decimal = "comma"  # in all amounts, {_DECIMALS[sign]}'
    elif "?" in signs:
        yield "# amounts such as 1.234 or 1,234 may be read in two ways; choose one:"
        for sign, example in _DECIMALS.items():
            yield f'{DOUBTFUL} decimal = "{sign}"  # {example}'
    elif len(signs) > 1:
        yield "# some columns have a decimal point and some a decimal comma; each is read as it is written"
    formats = files.date_formats()
    possible = [set(forms) for forms in formats.values()]
    common = set.intersection(*possible) if possible else set()
    if len(common) == 1 and all(forms for forms in possible):
        (form,) = common
        example = next(iter(formats.values()))[form]
        yield f"date_format = {toml_string(form)}  # {comment(example)}"
    elif len(common) > 1:
        yield "# the dates may be read in several ways; choose one:"
        for form, example in next(iter(formats.values())).items():
            if form in common:
                yield f"{DOUBTFUL} date_format = {toml_string(form)}  # {comment(example)}"
    elif any(possible):
        yield "# the dates are written in several ways; write them alike, or leave out columns of dates:"
        for column, forms in formats.items():
            read = listed(forms.values()) if forms else "YYYY-MM-DD"
            yield f"# {comment(f'{column!r}: {read}')}"


def _beside(files: JointFiles) -> Iterator[str]:
    """Yield the lines for names, currencies and statuses."""
    for file, one in files.findings:
        fact = file.fact(one.column)
        if one.field == "name":
            line = f"name_column = {toml_string(one.column)}  # {comment(one.evidence)}"
            yield line if one.certain else f"{DOUBTFUL} {line}: {comment(one.doubt)}"
        elif one.field == "currency" and one.certain:
            values = fact.values
            if len(values) == 1:
                yield f"currency = {toml_string(values[0])}  # the only value of {comment(repr(one.column))}"
            else:
                which = f"{one.column!r} has several currencies: {listed(values)}; choose one, or convert:"
                yield f"# {comment(which)}"
                yield from (
                    f"{DOUBTFUL} only = {{ {toml_key(one.column)} = [{toml_string(value)}] }}" for value in values
                )
                yield f'{DOUBTFUL} rates = "rates.csv"  # what one unit of each currency is worth'
        elif one.field == "status" and one.certain:
            stopped = stopped_values(fact.values)
            if stopped:
                which = f"orders that may not count, by {one.column!r}"
                yield f"{DOUBTFUL} except = {{ {toml_key(one.column)} = {toml_strings(stopped)} }}  # {comment(which)}"
    if "name" not in files.certain and any(name.strip().casefold() == "name" for f in files.used for name in f.unread):
        yield 'name_column = ""  # the column of this name doesn\'t hold names of customers'


def _columns(files: JointFiles) -> Iterator[str]:
    for field in files.missing:
        if not any(one.field == field for _, one in files.findings):
            yield f'# TO FILL IN: {field} = "THE COLUMN THAT HOLDS IT"'
    findings = [(file, one) for file, one in files.findings if one.field not in _BESIDE]
    for _, one in findings:
        if one.certain:
            yield _line(one)
    currencies = [one for file, one in files.findings if one.field == "currency" and one.certain]
    yield from (_line(one) for one in currencies if one.column.casefold() != "currency")
    switched: set[str] = set()
    for field, reason in dict(pair for file in files.used for pair in file.off).items():
        if field not in files.certain:
            yield f'{toml_key(field)} = ""  # not read from {comment(reason)}'
            switched.add(field)
    for file, one in findings:
        if not one.certain and one.field not in switched:
            where = f" ({Path(file.path).name})" if len(files.used) > 1 else ""
            yield f"{DOUBTFUL} {_line(one)}: {comment(one.doubt)}{comment(where)}"
    for file in files.used:
        if file.unread:
            names = listed(map(toml_string, file.unread), 60)
            yield f"# not read{comment(f', {Path(file.path).name}') if len(files.used) > 1 else ''}: {names}"
    if files.of_kind("orders"):
        have = {*files.certain} | ({"profit"} if files.score == "profit" else set())
        for field, adds in _ADDS.items():
            if field not in have:
                yield f"# {field} would add: {adds}"


def _line(one: Finding) -> str:
    return f"{toml_key(one.field)} = {toml_string(one.column)}  # {comment(one.evidence)}"


def _scorer(files: JointFiles) -> Iterator[str]:
    score = files.score
    yield 'name = "abcde"'
    yield ""
    yield "[scorer.parameters]"
    reasons = {
        "profit": "customers are ranked by profit",
        "revenue": "customers are ranked by revenue, because no profit is known",
        "orders": "customers are ranked by their number of orders, because no revenue is certain",
    }
    if score:
        yield f"by = {toml_string(score)}  # {reasons.get(score, 'the only field that is known')}"
    else:
        yield '# TO FILL IN: by = "FIELD"'


def missing_words(files: JointFiles) -> Iterable[str]:
    """Yield in words what keeps `custgrade grade` from running."""
    for field in files.missing:
        guesses = [one.column for _, one in files.findings if one.field == field]
        what = "a column that identifies customers" if field == CUSTOMER_ID else "the day of the order"
        guess = f"; it may be {' or '.join(map(repr, guesses))}" if guesses else ""
        yield f"{field} ({what}){guess}"
    if not files.missing and not files.score:
        yield "by, the field to grade by"
    if not files.used:
        yield "a file of order lines or customers"
