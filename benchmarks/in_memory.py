"""Fitting and grading columns in memory, against the best that users would write by hand.

    python benchmarks/in_memory.py [SCHEME …] [--customers 1e7] [--repeats 5] [--without PEER] [--json FILE]

Each of the five schemes, on continuous values and on hard ones (a third ties at 0, amounts rounded to 100, 5 %
unknown). `benchmarks/schemes/` has a module for each, with the idioms of Polars, DuckDB, NumPy, pandas and
openretailscience.

A child process holds the customers, in the form that each contestant takes, and everybody takes turns in it, so that a
change of the machine's speed meets all. Before the turns, every idiom runs twice. Its first answer is compared with a
sort: a faster answer that is another one counts for nothing. The second run decides which of a peer's idioms takes
part, so that each has its best for these data. A row of the table is a median, in nanoseconds a customer; ratios are
taken turn by turn. Peak memory is that of one more run in a child of its own, beyond the customers in memory.

Who takes too long, or more memory than the machine has, is left out with a word about it, and the others go on.
"""

from __future__ import annotations

import argparse
import json
import math
import statistics
import subprocess
import sys
from collections.abc import Callable, Iterable, Sequence
from importlib.util import find_spec
from pathlib import Path
from typing import Any

from processes import Child, FailedError
from reporting import amount, circumstances, machine, median_ratio, table, versions, write_json, yes_or_no
from schemes import SCHEMES
from schemes.scheme import READING

HERE = Path(__file__).parent
KINDS = ("continuous", "hard")
PEERS = ("Polars", "DuckDB", "NumPy", "pandas", "openretailscience")
LIBRARIES = ("custgrade", "polars", "duckdb", "numpy", "pandas", "openretailscience")
PREPARING = 600.0
"""Seconds that making the customers and sorting them may take, besides the limit of a run."""
FORMS = 6
"""How many times the customers are in memory, in the forms of all contestants and while one of them runs."""

Say = Callable[[str], None]


class Contest:
    """One scheme, one size, one kind of values.

    Everybody runs in one child, unless the customers in everybody's form are too many for the memory; then each run has
    a child of its own. python: the interpreter for openretailscience, which can't share one with today's pandas.
    """

    def __init__(self, scheme: str, customers: int, kind: str, limit: float, python: str | None, say: Say) -> None:
        self._arguments = [str(HERE / "worker.py"), scheme, str(customers), kind]
        self._python, self._limit, self._say = python, limit, say
        self._children: dict[str, tuple[Child, set[str]]] = {}
        held = customers * len(SCHEMES[scheme].columns) * 8 * FORMS
        self._apart = held > (machine()["memory bytes"] or math.inf)

    def ask(self, question: str, who: str, idiom: str, alone: bool = False) -> dict[str, Any]:
        """Return the answer of a child, one of its own if `alone`; raise FailedError if there is none in time."""
        python = (who == "openretailscience" and self._python) or sys.executable
        if python not in self._children:
            self._children[python] = Child(self._arguments, python), set()
        child, ready = self._children.pop(python)
        asked = {"who": who, "idiom": idiom}
        try:
            if who not in ready:
                child.ask({"ask": "prepare", **asked}, PREPARING)
                ready.add(who)
            if question == "compare":
                child.ask({"ask": "judge", **asked}, PREPARING)
            elif question == "time" and f"{who} {idiom}" not in ready and not self._apart:
                # the first run of a child takes longer
                child.ask({"ask": "time", **asked}, self._limit)
            answer = child.ask({"ask": question, **asked}, self._limit)
            ready.add(f"{who} {idiom}")
        except FailedError:
            alone = True
            raise
        finally:
            if alone or self._apart:
                child.close()
            else:
                self._children[python] = child, ready
        return answer

    def begin(self, who: str, idioms: Iterable[str]) -> dict[str, Any]:
        """Return a contestant's fastest idiom that gives its grades, and what was found on the way."""
        found: dict[str, Any] = {"idioms": {}, "seconds": []}
        same: dict[str, bool | None] = {}
        for idiom in idioms:
            try:
                same[idiom] = self.ask("compare", who, idiom)["same"]
                found["idioms"][idiom] = self.ask("time", who, idiom)["seconds"]
            except FailedError as error:
                found["failed"] = str(error)
                self._say(f"  {who}, {idiom}: {error}")
        if found["idioms"]:
            found.pop("failed", None)
            found["idiom"] = min(found["idioms"], key=found["idioms"].get)
            found["same grades"] = same[found["idiom"]]
        return found

    def turn(self, who: str, found: dict[str, Any]) -> None:
        """Add the seconds of one more run."""
        try:
            found["seconds"].append(self.ask("time", who, found["idiom"])["seconds"])
        except FailedError as error:
            found["failed"] = str(error)
            self._say(f"  {who}, {found['idiom']}: {error}")

    def close(self) -> None:
        """End all children."""
        while self._children:
            self._children.popitem()[1][0].close()


def measure(
    scheme: str,
    customers: int,
    kind: str,
    repeats: int = 5,
    limit: float = 300.0,
    without: Sequence[str] = (),
    python: str | None = None,
    say: Say = print,
) -> dict[str, Any]:
    """Return what each contestant took for one scheme, size and kind of values; peak memory for continuous ones."""
    left_out = {*without, *(() if python else ("openretailscience",))}
    contestants = {who: idioms for who, idioms in SCHEMES[scheme].contestants.items() if who not in left_out}
    contest = Contest(scheme, customers, kind, limit, python, say)
    try:
        found = {who: contest.begin(who, idioms) for who, idioms in contestants.items()}
        for _ in range(repeats):
            for who, one in found.items():
                if "failed" not in one:
                    contest.turn(who, one)
    finally:
        contest.close()
    for who, one in found.items() if kind == "continuous" else ():
        if "failed" not in one and who != READING:
            try:
                one |= contest.ask("peak", who, one["idiom"], alone=True)
            except FailedError as error:
                say(f"  the peak memory of {who}: {error}")
    ours = found["custgrade"]["seconds"]
    for one in found.values():
        if "failed" not in one:
            one["median"] = statistics.median(one["seconds"])
            if len(ours) == repeats:
                one["times custgrade"] = median_ratio(one["seconds"], ours)
    return {"scheme": scheme, "customers": customers, "kind": kind, "contestants": found}


HEAD = ("who", "by", "ns a customer", "times custgrade", "peak MB", "same grades")


def rows(result: dict[str, Any]) -> list[list[str]]:
    """Return the rows of a table for one scheme, size and kind of values."""
    lines = []
    for who, one in result["contestants"].items():
        if "failed" in one:
            lines.append([who, one.get("idiom", ""), one["failed"], "", "", ""])
            continue
        ratio = f"{one['times custgrade']:.2f}" if "times custgrade" in one else ""
        peak = f"{one['peak bytes'] / 1e6:,.0f}" if "peak bytes" in one else ""
        each = f"{1e9 * one['median'] / result['customers']:.1f}"
        lines.append([who, one["idiom"], each, ratio, peak, yes_or_no(one["same grades"])])
    return lines


def openretailscience(given: str | None) -> str | None:
    """Return the interpreter that has openretailscience: the one that is given, or this one, or none."""
    return given or (sys.executable if find_spec("openretailscience") else None)


def versions_of(python: str | None) -> dict[str, str]:
    """Return the version of openretailscience, and of what it runs on, in its interpreter."""
    if python is None:
        return {}
    names = ("openretailscience", "ibis-framework", "duckdb", "pandas")
    code = f"import json, reporting; print(json.dumps(reporting.versions({names})))"
    done = subprocess.run([python, "-c", code], cwd=HERE, capture_output=True, text=True, check=True)
    found: dict[str, str] = json.loads(done.stdout)
    return found


def about_openretailscience(found: dict[str, str]) -> str:
    """Return in a sentence what openretailscience ran on."""
    if not found:
        return "openretailscience isn't installed, and was left out."
    return f"openretailscience ran on {', '.join(f'{name} {number}' for name, number in found.items())}."


def main() -> None:
    """Run the schemes that are asked for on both kinds of values, and print a table."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("scheme", nargs="*", choices=[*SCHEMES, []], default=[], metavar="SCHEME")
    parser.add_argument("--customers", type=amount, default=10_000_000)
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds that a single run may take")
    parser.add_argument("--without", action="append", default=[], choices=PEERS)
    parser.add_argument("--openretailscience", metavar="PYTHON", help="the interpreter that has it, if it isn't this")
    parser.add_argument("--json", type=Path)
    options = parser.parse_args()
    print(f"{options.customers:,} customers, {circumstances(LIBRARIES)}\n")
    python = openretailscience(options.openretailscience)
    lines, results = [], []
    for scheme in options.scheme or SCHEMES:
        for kind in KINDS:
            told(f"{scheme}, {kind}")
            found = measure(
                scheme, options.customers, kind, options.repeats, options.limit, options.without, python, told
            )
            results.append(found)
            lines += [[scheme, kind, *row] for row in rows(found)]
    print(table(["scheme", "values", *HEAD], lines, texts=4))
    print(f"\n{about_openretailscience(versions_of(python))}")
    if options.json:
        write_json(options.json, {"machine": machine(), "versions": versions(LIBRARIES), "runs": results})


def told(text: str) -> None:
    """Say how far a run is, where it doesn't get into a table."""
    print(text, file=sys.stderr, flush=True)


if __name__ == "__main__":
    main()
