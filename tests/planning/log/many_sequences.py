"""Run many random sequences of plans on SQLite: python tests/planning/log/many_sequences.py COUNT [FIRST SEED]."""

from __future__ import annotations

import collections
import sys
import time
import traceback

import sqlalchemy as sa
from sequences import Sequence


def main() -> int:
    """Run the sequences, print what failed, and return the exit status."""
    count, first = int(sys.argv[1]), int(sys.argv[2]) if len(sys.argv) > 2 else 0
    begun, failed = time.perf_counter(), collections.Counter[str]()
    refused, told = collections.Counter[str](), collections.Counter[str]()
    # the database in memory is new after each sequence, and the statements are compiled once
    engine = sa.create_engine("sqlite://", poolclass=sa.StaticPool)
    for seed in range(first, first + count):
        try:
            one = Sequence(seed, engine)
            one.run()
            refused.update(text[:60] for text in one.refused)
            told.update(text[:60] for text in one.told)
        except Exception as error:
            what = (
                str(error.args[0] if error.args else error)[:60] if isinstance(error, AssertionError) else repr(error)
            )
            failed[what.split(",")[0]] += 1
            print(f"seed {seed}: {what}\n{''.join(traceback.format_exc(limit=-2, chain=False))[-1500:]}", flush=True)
        finally:
            engine.dispose()
        if (seed + 1 - first) % 250 == 0:
            print(f"{seed + 1 - first} sequences in {time.perf_counter() - begun:.0f} s", flush=True)
    print(f"{count} sequences in {time.perf_counter() - begun:.0f} s; failed: {dict(failed)}")
    print(dict(refused), dict(told.most_common(12)), sep="\n")
    return 1 if failed else 0


if __name__ == "__main__":
    sys.exit(main())
