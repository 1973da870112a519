"""Print how many mutants of each module were killed in Cosmic Ray sessions, then the changes that survived."""

from __future__ import annotations

import argparse
import sqlite3
from collections import Counter
from contextlib import closing
from pathlib import Path


def main() -> None:
    """Read the sessions that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("sessions", type=Path, nargs="+")
    mutants: Counter[str] = Counter()
    killed: Counter[str] = Counter()
    unended: list[str] = []
    survivors: list[str] = []
    for path in parser.parse_args().sessions:
        with closing(sqlite3.connect(path)) as session:
            for module, row, column, operator, outcome, output, diff in session.execute(
                "SELECT module_path, start_pos_row, start_pos_col, operator_name, test_outcome, output, diff"
                " FROM mutation_specs JOIN work_results USING (job_id) ORDER BY 1, 2, 3, 4"
            ):
                name = module.removeprefix("src/custgrade/")
                place = f"{name}:{row}:{column} {operator}"
                mutants[name] += 1
                killed[name] += outcome == "KILLED"
                if output and "timeout" in output[:20]:
                    unended.append(place)
                if outcome != "KILLED":
                    lines = [line for line in diff.splitlines()[2:] if line.startswith(("-", "+"))]
                    survivors.append("\n".join([f"{place} ({outcome.lower()})", *lines]))
    for name in sorted(mutants):
        print(f"{name}: {killed[name]} of {mutants[name]}")
    print(f"together: {killed.total()} of {mutants.total()} ({killed.total() / mutants.total():.1%})")
    print(f"killed by never ending: {', '.join(unended) or 'none'}", *survivors, sep="\n\n")


if __name__ == "__main__":
    main()
