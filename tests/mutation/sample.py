"""Keep a random sample of the mutants in a Cosmic Ray session, the same one each time, and delete the others."""

from __future__ import annotations

import argparse
import ast
import random
import sqlite3
from collections import defaultdict
from contextlib import closing
from pathlib import Path

SEED = 2026
SIZE = 30

Place = tuple[int, int]
Area = tuple[Place, Place]


def types(module: Path) -> list[Area]:
    """Return where a module states types: annotations, and aliases such as `Key = int | str`."""
    nodes: list[ast.expr | None] = []
    tree = ast.parse(module.read_text(encoding="utf-8"))
    for node in ast.walk(tree):
        if isinstance(node, ast.arg | ast.AnnAssign):
            nodes.append(node.annotation)
        elif isinstance(node, ast.FunctionDef):
            nodes.append(node.returns)
    for statement in tree.body:
        match statement:
            case ast.Assign(value=ast.BinOp(op=ast.BitOr()) | ast.Subscript() as alias):
                nodes.append(alias)
    return [
        ((node.lineno, node.col_offset), (node.end_lineno or 0, node.end_col_offset or 0))
        for node in nodes
        if node is not None
    ]


def main() -> None:
    """Sample the session that the command line names."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("session", type=Path)
    parser.add_argument("--size", type=int, default=SIZE, help="mutants to keep in each package (default: %(default)s)")
    parser.add_argument("--seed", type=int, default=SEED, help="seed of the sample (default: %(default)s)")
    arguments = parser.parse_args()
    with closing(sqlite3.connect(arguments.session)) as session:
        rows = session.execute(
            "SELECT module_path, start_pos_row, start_pos_col, operator_name, occurrence, job_id FROM mutation_specs"
            " ORDER BY 1, 2, 3, 4, 5"
        ).fetchall()
        areas = {path: types(Path(path)) for path in {row[0] for row in rows}}
        packages: dict[str, list[str]] = defaultdict(list)
        for path, row, column, _, _, job in rows:
            if not any(start <= (row, column) < end for start, end in areas[path]):
                packages[Path(path).parent.name].append(job)
        kept: list[str] = []
        for package, jobs in sorted(packages.items()):
            random.Random(f"{arguments.seed} {package}").shuffle(jobs)
            kept.extend(jobs[: arguments.size])
            print(f"{package}: {len(jobs[: arguments.size])} of {len(jobs)} mutants")
        left_out = [(row[-1],) for row in rows if row[-1] not in set(kept)]
        for table in ("mutation_specs", "work_results", "work_items"):
            session.executemany(f"DELETE FROM {table} WHERE job_id = ?", left_out)
        session.commit()


if __name__ == "__main__":
    main()
