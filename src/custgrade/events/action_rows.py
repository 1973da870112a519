"""A plan's file of actions that comes back filled in: the rows that were done as events, each with its line."""

from __future__ import annotations

import re
from collections.abc import Callable

import numpy as np
import numpy.typing as npt
from attrs import evolve

from custgrade.errors import LogError
from custgrade.events.cell_values import day_cell, money_cell, number_cell, revision_cell, unmarked
from custgrade.events.event_columns import days_of
from custgrade.events.event_rows import EventRows, columns_of, ids_of
from custgrade.events.kinds import REWARDS
from custgrade.events.steps import ANSWER, ANSWERS, DONE_AS, MOVE_OF, PAID, SHIFTED
from custgrade.events.text_table import LineErrors, TextTable, check_columns
from custgrade.text import counted, did_you_mean, listed, shown

MARKS = ("kind", "item", "done_on")
"""The columns by which a file of actions is known."""
NEEDED = (
    "customer_id",
    "kind",
    "item",
    "number",
    "due",
    "until",
    "state",
    "money",
    "treatment",
    "policy",
    "done_on",
    "answer",
    "note",
    "planned_on",
    "version",
)


def action_rows(table: TextTable, author: str = "") -> EventRows:
    """Return the rows of a file of actions that have a day or an answer, as events.

    author: who did them.

    Raises LogError with the lines of wrong rows.
    """
    check_columns(table, NEEDED)
    done, answers, notes = (table.column(name) for name in ("done_on", "answer", "note"))
    filled = [row for row, texts in enumerate(zip(done, answers, strict=True)) if any(one.strip() for one in texts)]
    said = []
    idle = sum(1 for text in notes if text.strip()) - sum(1 for row in filled if notes[row].strip())
    if idle:
        said.append(f"{counted(idle, 'rows')} with a note and no day weren't recorded; done_on is the day")
    table = table.take(filled)
    errors = LineErrors()
    days = {name: _days(table, name, errors) for name in ("done_on", "due", "until", "planned_on")}
    number = table.parsed("number", number_cell, errors, 0)
    cents = _cents(table, errors)
    revision = [one for one in table.parsed("revision", revision_cell, errors, None) if one is not None]
    texts = {name: table.parsed(name, _plain(table), errors, "") for name in ("kind", "item", "treatment", "policy")}
    texts |= {name: table.parsed(name, _plain(table), errors, "") for name in ("terms", "note")}
    texts["version"] = table.parsed("version", _version, errors, "")
    texts["answer"] = table.parsed("answer", _answer, errors, "")
    errors.refuse()
    _check_rows(table, texts, days, number, cents, errors)
    errors.refuse()
    kind = [MOVE_OF.get(one, texts["answer"][row] or one) for row, one in enumerate(texts["kind"])]
    until = _until(texts["kind"], days)
    ids, exact = ids_of(table)
    parts = [
        kind,
        texts["item"],
        days["done_on"],
        days["due"],
        until,
        *(texts[name] for name in ("treatment", "policy", "version", "terms")),
        [author] * len(ids),
        texts["note"],
    ]
    events = columns_of(table, ids, parts, number, cents)
    return EventRows(events, revision=min(revision, default=None), exact=exact, from_plan=True, notes=said)


def _days(table: TextTable, name: str, errors: LineErrors) -> list[str]:
    return table.parsed(name, lambda text: day_cell(name, text), errors, "")


def _cents(table: TextTable, errors: LineErrors) -> list[int]:
    """Return the money of actions whose money is recorded, and 0 for all others."""
    paid = set(PAID)
    money = [
        text if kind in paid else "" for kind, text in zip(table.column("kind"), table.column("money"), strict=True)
    ]
    only = evolve(table, columns={"money": money})
    return only.parsed("money", lambda text: money_cell(text, rounded=True), errors, 0)


def _plain(table: TextTable) -> Callable[[str], str]:
    return unmarked if table.marked else str


def _version(text: str) -> str:
    if not re.fullmatch("[0-9a-f]{12}", plain := unmarked(text.strip())):
        raise LogError(
            f"version is {shown(text)}; a spreadsheet may have changed it; it has 12 characters, 0-9 and a-f"
        )
    return plain


def _answer(text: str) -> str:
    answer = text.strip()
    if answer and answer not in ANSWERS:
        raise LogError(f"answer is {shown(text)}; an answer is {' or '.join(ANSWERS)}.{did_you_mean(answer, ANSWERS)}")
    return answer


def _check_rows(
    table: TextTable,
    texts: dict[str, list[str]],
    days: dict[str, list[str]],
    number: list[int],
    cents: list[int],
    errors: LineErrors,
) -> None:
    """Add what is wrong with rows whose cells are right one by one."""
    columns = (table.line.tolist(), texts["kind"], texts["answer"], days["done_on"], days["planned_on"])
    rest = (table.column("state"), number, texts["terms"], texts["treatment"], texts["policy"])
    money = zip(table.column("money"), cents, strict=True)
    known, answered = set(DONE_AS), f"the answer belongs in the row of kind {ANSWER!r}"
    for line, kind, answer, done, planned, state, which, terms, grade, policy, (paid, its_cents) in zip(
        *columns, *rest, money, strict=True
    ):
        why = ""
        if kind not in known:
            why = (
                f"there is no kind of action {shown(kind)}.{did_you_mean(kind, known)} There are: {listed(DONE_AS, 50)}"
            )
        elif not done:
            why = "it has an answer and no day; done_on is the day of the answer"
        elif (kind == ANSWER) != bool(answer):
            why = answered if answer else f"done_on is {done}, and the answer is missing: {' or '.join(ANSWERS)}"
        elif not planned:
            why = "planned_on, the day of the plan, is missing; is the row cut off?"
        elif done < planned and kind != ANSWER:
            why = (
                f"done_on is {done}, before the day of the plan, {planned}; record what was done before it by itself: "
                "custgrade events add --customer ID --kind KIND --name NAME --day DATE"
            )
        elif state == "waits":
            why = "it waits, so it can't have been done by this plan"
        elif not which:
            why = "number is missing"
        elif kind in REWARDS and not paid.strip():
            why = "money is missing, and budgets count it"
        elif its_cents < 0:
            why = f"money is {shown(paid)}; rewards and rises of offers aren't below 0"
        elif not grade or not policy:
            why = f"{'policy' if grade else 'treatment'} is missing"
        elif kind == "offer" and not terms:
            why = "terms are missing; is the row cut off?"
        if why:
            errors.add(line, why)


def _until(kinds: list[str], days: dict[str, list[str]]) -> list[str]:
    """Return the last days, which move with the day of an offer or of a transition."""
    moves = np.fromiter((kind in SHIFTED for kind in kinds), bool, len(kinds))
    until: npt.NDArray[np.datetime64] = days_of(days["until"])
    shift = days_of(days["done_on"]) - days_of(days["planned_on"])
    found = np.where(moves, until + shift, until)
    return ["" if text == "NaT" else text for text in np.datetime_as_string(found).tolist()]
