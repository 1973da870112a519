"""What all benchmarks share in telling results: numbers, tables, versions, files."""

from __future__ import annotations

import json
import os
import platform
import re
import statistics
from collections.abc import Iterable, Mapping, Sequence
from importlib.metadata import PackageNotFoundError, version
from pathlib import Path
from typing import Any


def amount(text: str) -> int:
    """Return a number that may be written as 1e7, or 10_000_000."""
    return int(float(text))


def median_ratio(others: Sequence[float], ours: Sequence[float]) -> float:
    """Return the median of the ratios turn by turn."""
    return statistics.median(other / one for other, one in zip(others, ours, strict=True))


def summed_up(contestants: Mapping[str, dict[str, Any]], against: str, name: str, repeats: int) -> None:
    """Put medians of seconds and peak memory in place of the runs, and ratios to one of the contestants.

    name: what the ratios are called; there are none if that contestant failed.
    """
    base = [run["seconds"] for run in contestants[against]["runs"]]
    for one in contestants.values():
        runs = one.pop("runs")
        if "failed" not in one:
            seconds = [run["seconds"] for run in runs]
            one |= {"seconds": seconds, "median": statistics.median(seconds)}
            one["peak bytes"] = statistics.median(run["peak bytes"] for run in runs)
            if len(base) == repeats:
                one[name] = median_ratio(seconds, base)


def run_row(who: str, one: Mapping[str, Any], name: str, same: bool | None) -> list[str]:
    """Return the row of a contestant that `summed_up` has dealt with: seconds, peak memory, ratio, whether the same."""
    if "failed" in one:
        return [who, one["failed"], "", "", ""]
    ratio = f"{one[name]:.2f}" if name in one else ""
    return [who, f"{one['median']:.2f}", f"{one['peak bytes'] / 1e6:,.0f}", ratio, yes_or_no(same)]


def versions(names: Iterable[str]) -> dict[str, str]:
    """Return the versions of those of the distributions that are installed."""
    found = {}
    for name in names:
        try:
            found[name] = version(name)
        except PackageNotFoundError:
            continue
    return found


def machine() -> dict[str, Any]:
    """Return what a reader must know of the machine and the interpreter."""
    processor, memory = platform.processor() or platform.machine(), 0
    if Path("/proc/cpuinfo").exists():
        named = re.search(r"model name\s*:\s*(.+)", Path("/proc/cpuinfo").read_text(encoding="utf-8"))
        processor = named[1] if named else processor
        memory = os.sysconf("SC_PAGE_SIZE") * os.sysconf("SC_PHYS_PAGES")
    return {
        "processor": processor,
        "cores": os.cpu_count(),
        "memory bytes": memory,
        "system": platform.system(),
        "Python": platform.python_version(),
    }


def circumstances(names: Iterable[str]) -> str:
    """Return the machine and the versions in a line."""
    about = machine()
    memory = f", {about['memory bytes'] / 2**30:.0f} GB" if about["memory bytes"] else ""
    shown = ", ".join(f"{name} {number}" for name, number in versions(names).items())
    return f"{about['cores']} cores of {about['processor']}{memory}, Python {about['Python']}, {shown}"


def table(head: Sequence[str], rows: Iterable[Sequence[str]], texts: int = 1) -> str:
    """Return a table in Markdown; the first `texts` columns stand left, and numbers right."""
    marks = ["---" if place < texts else "---:" for place in range(len(head))]
    lines = [f"| {' | '.join(head)} |", f"|{'|'.join(marks)}|", *(f"| {' | '.join(row)} |" for row in rows)]
    return "\n".join(lines)


def yes_or_no(same: bool | None) -> str:
    """Return a verdict for a table; nothing where there was none to reach."""
    return {True: "yes", False: "NO", None: ""}[same]


def write_json(path: Path, result: Any) -> None:
    """Write a result so that the file is whole at any time."""
    draft = path.with_suffix(".part")
    draft.write_text(json.dumps(result, indent=2) + "\n", encoding="utf-8")
    draft.replace(path)
