"""The child that holds customers in memory and runs one contestant after the other, as it is asked to.

    python benchmarks/worker.py SCHEME CUSTOMERS continuous|hard

It reads questions from its input and answers on its output, in lines of JSON; `in_memory.py` asks.
"""

from __future__ import annotations

import json
import sys
import time
from functools import cached_property
from typing import Any

import numpy as np
from customers import UNKNOWN, Codes, Customers, Idiom, as_codes
from processes import give_way, peak_of
from schemes import SCHEMES
from schemes.scheme import READING


class Worker:
    """Answers questions about one scheme and one set of customers."""

    def __init__(self, scheme: str, customers: str, kind: str) -> None:
        self.scheme = SCHEMES[scheme]
        self.contestants = self.scheme.contestants
        self.customers = Customers(self.scheme.columns, int(customers), kind == "hard")

    @cached_property
    def expected(self) -> Codes:
        """The codes by sorting."""
        return self.scheme.expected(self.customers)

    def prepare(self, who: str, run: Idiom) -> dict[str, Any]:
        """Make the contestant's form of the data."""
        self.customers.prepare(who)
        return {}

    def judge(self, who: str, run: Idiom) -> dict[str, Any]:
        """Make the expected codes; how many customers have a grade."""
        return {"graded": int(np.count_nonzero(self.expected != UNKNOWN))}

    def compare(self, who: str, run: Idiom) -> dict[str, Any]:
        """Whether the grades are the expected ones."""
        answer = run(self.customers)
        if who == READING:
            return {"same": None}
        return {"same": bool(np.array_equal(as_codes(answer, len(self.customers)), self.expected))}

    def time(self, who: str, run: Idiom) -> dict[str, Any]:
        """The seconds of a run."""
        begun = time.perf_counter()
        run(self.customers)
        return {"seconds": time.perf_counter() - begun}

    def peak(self, who: str, run: Idiom) -> dict[str, Any]:
        """The bytes that a run takes beyond the customers, in the contestant's own form."""
        return {"peak bytes": peak_of(lambda: run(self.customers))}

    def serve(self) -> None:
        """Answer until there are no more questions."""
        for line in sys.stdin:
            question = json.loads(line)
            who = question["who"]
            run = self.contestants[who][question["idiom"]]
            print(json.dumps(getattr(self, question["ask"])(who, run)), flush=True)


if __name__ == "__main__":
    give_way()
    Worker(*sys.argv[1:]).serve()
