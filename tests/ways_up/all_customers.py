"""Brute force against the ways up of all customers, by every scorer; prints what is missed or leads elsewhere.

python tests/ways_up/all_customers.py [--customers 100]
"""

from __future__ import annotations

import argparse
import sys
from pathlib import Path

sys.path.insert(0, str(Path(__file__).parent))
from brute_force import faults
from schemes import SCORERS, SUPERSTORE, example, made_up, superstore


def main() -> int:
    """Run it; return 1 where anything is wrong."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--customers", type=int, help="how many of each base; all by default")
    options = parser.parse_args()
    bases = {"examples": example(), "made up": made_up(500, 1), "tied": made_up(500, 2, few=True)}
    if SUPERSTORE.exists():
        bases |= {"superstore": superstore(), "a year of it": superstore(as_of="2017-12-31", window="365d")}
    else:
        print(f"{SUPERSTORE} isn't there, so it is left out")
    wrong = 0
    for what, base in bases.items():
        for name, scorer in SCORERS.items():
            model = scorer().fit(base)
            near = [one.value for some in model.boundaries.values() for per_class in some for one in per_class or ()]
            rows = range(min(options.customers or len(base), len(base)))
            found = faults(model, base, [*near, *model.quantiles.values()], rows=rows)
            print(f"{what}, {name}: {', '.join(f'{len(lines)} {kind}' for kind, lines in found.items())}", flush=True)
            wrong += sum(map(len, found.values()))
            for line in [line for lines in found.values() for line in lines][:5]:
                print(f"    {line}")
    return min(wrong, 1)


if __name__ == "__main__":
    sys.exit(main())
