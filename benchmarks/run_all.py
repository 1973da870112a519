"""All benchmarks, in one command.

    python benchmarks/run_all.py [--customers 1e6 1e7 1e8] [--repeats 5] [--only NAME …] [--out FOLDER] [--quick]

Writes `results.md`, `results.json` and `chart.svg` into the folder, anew after each part, so that a run that is
interrupted keeps what was measured. Parts are `abcd`, `abcde`, `matrix3x3`, `floors` and `top10` (`in_memory` names
the five), `whole_job`, `orders`, `one_customer` and `startup`; each script says how it measures. `--quick` tries them
all at small sizes, whose figures mean little. It ends with 1 where grades aren't the same that should be.
"""

from __future__ import annotations

import argparse
import sys
import time
from collections.abc import Callable, Iterator
from functools import partial
from pathlib import Path
from typing import Any

import in_memory
import one_customer
import orders
import startup
import whole_job
from chart import draw
from reporting import amount, circumstances, machine, table, versions, write_json
from schemes import SCHEMES

LIBRARIES = (*in_memory.LIBRARIES, "pyarrow", "scikit-learn")
OTHERS = ("whole_job", "orders", "one_customer", "startup")
QUICK = 100_000

Part = tuple[str, str, Callable[[], dict[str, Any]]]


def parts(options: argparse.Namespace, say: Callable[[str], None]) -> Iterator[Part]:
    """Yield each part: what it is a part of, its title, and what measures it."""
    limit, repeats = options.limit, options.repeats
    python = in_memory.openretailscience(options.openretailscience)
    for customers in options.customers:
        for scheme in SCHEMES:
            for kind in in_memory.KINDS:
                run = partial(in_memory.measure, scheme, customers, kind, repeats, limit, (), python, say)
                yield scheme, f"{scheme}, {customers:,} customers, {kind}", run
    for customers in options.files:
        for scorer in whole_job.SCORERS:
            run = partial(whole_job.measure, customers, repeats, scorer, limit)
            yield "whole_job", f"the whole job, {scorer}, {customers:,} customers", run
    yield "orders", f"orders, {options.lines:,} lines", partial(orders.measure, options.lines, repeats, limit)
    yield "one_customer", "one customer", partial(one_customer.measure, 3 if options.quick else 15)
    yield "startup", "start-up", partial(startup.measure, 3 if options.quick else 15)


def markdown(results: dict[str, Any]) -> str:
    """Return all that was measured as a page."""
    made = results["parts"]
    text = ["# Results", f"{results['about']}. Medians of {results['repeats']}; ratios are medians turn by turn."]
    lines = [
        [f"{one['customers']:,}", one["scheme"], one["kind"], *row]
        for one in made
        if one["part"] in SCHEMES
        for row in in_memory.rows(one)
    ]
    if lines:
        text += ["## In memory", table(["customers", "scheme", "values", *in_memory.HEAD], lines, texts=5)]
        text.append(in_memory.about_openretailscience(results["openretailscience"]))
    for one in made:
        title = f"## {one['title'][0].upper()}{one['title'][1:]}"
        if one["part"] == "whole_job":
            text += [title, f"{one['bytes']:,} bytes, {one['codec']}.", table(whole_job.HEAD, whole_job.rows(one))]
        elif one["part"] == "orders":
            text += [title, table(orders.HEAD, orders.rows(one))]
        elif one["part"] == "one_customer":
            text += [title, one_customer.shown(one)]
        elif one["part"] == "startup":
            text += [title, table(startup.HEAD, startup.rows(one), texts=2)]
    failed = [f"- {title}: {why}" for title, why in results["failed"].items()]
    return "\n\n".join([*text, *(["## Failed", "\n".join(failed)] if failed else [])]) + "\n"


def write(results: dict[str, Any], folder: Path) -> None:
    """Write what was measured so far."""
    write_json(folder / "results.json", results)
    (folder / "results.md").write_text(markdown(results), encoding="utf-8")
    in_charts = [one for one in results["parts"] if one["part"] in SCHEMES]
    if in_charts:
        draw(in_charts, folder / "chart.svg")


def differing(results: dict[str, Any]) -> list[str]:
    """Return who gave other grades than custgrade where they should be the same."""
    found = []
    for one in results["parts"]:
        for who, about in one.get("contestants", {}).items():
            # openretailscience splits ties, and ranks what is unknown; it is only timed there
            excused = who == "openretailscience" and one.get("kind") == "hard"
            if not excused and False in (about.get("same grades"), about.get("same file")):
                found.append(f"{one['title']}: {who}")
        if one.get("same fields") is False or one.get("alone as together") is False:
            found.append(one["title"])
    return found


def main() -> int:
    """Run what is asked for; return 1 if something failed or differs."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=amount, nargs="+", default=[10**6, 10**7, 10**8], help="in memory")
    parser.add_argument("--files", type=amount, nargs="+", default=[10**7], help="customers of the whole job")
    parser.add_argument("--lines", type=amount, default=50_000_000, help="order lines")
    parser.add_argument("--repeats", type=int, default=5)
    parser.add_argument("--limit", type=float, default=300.0, help="seconds that a single run may take")
    parser.add_argument("--only", nargs="+", choices=[*SCHEMES, "in_memory", *OTHERS], default=["in_memory", *OTHERS])
    parser.add_argument("--openretailscience", metavar="PYTHON", help="the interpreter that has it, if it isn't this")
    parser.add_argument("--out", type=Path, default=Path(__file__).parent / "results")
    parser.add_argument("--quick", action="store_true", help="small sizes, to try that everything works")
    options = parser.parse_args()
    if options.quick:
        options.customers, options.files, options.lines, options.repeats = [QUICK], [QUICK], 200_000, 2
    options.out.mkdir(parents=True, exist_ok=True)
    wanted = {*options.only, *(SCHEMES if "in_memory" in options.only else ())}
    results: dict[str, Any] = {
        "about": circumstances(LIBRARIES),
        "machine": machine(),
        "versions": versions(LIBRARIES),
        "repeats": options.repeats,
        "openretailscience": in_memory.versions_of(in_memory.openretailscience(options.openretailscience)),
        "parts": [],
        "failed": {},
    }
    begun = time.monotonic()

    def say(text: str) -> None:
        print(f"{time.monotonic() - begun:7,.0f} s  {text}", flush=True)

    for part, title, run in parts(options, say):
        if part not in wanted:
            continue
        say(title)
        try:
            results["parts"].append({"part": part, "title": title, **run()})
        except Exception as error:
            # one part that fails doesn't take the others along
            results["failed"][title] = f"{type(error).__name__}: {error}"
            say(f"failed: {results['failed'][title]}")
        write(results, options.out)
    for differs in differing(results):
        say(f"OTHER GRADES: {differs}")
    say(f"wrote {options.out}")
    return 1 if results["failed"] or differing(results) else 0


if __name__ == "__main__":
    sys.exit(main())
