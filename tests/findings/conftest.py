"""What the tests of findings share: graded customers of a few lines, a policy, synthetic data and Superstore."""

from __future__ import annotations

from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

import custgrade as cg
from custgrade.planning import Effort, Package, Policy, ServiceLevel, Treatment
from custgrade.plugins import Axis, Thresholds

SUPERSTORE = Path(__file__).parents[2].parent / "shared" / "data" / "superstore" / "superstore.csv"
PERIOD = cg.Period("2025-12-31", "2025-01-01", "2025-12-31")


@pytest.fixture(scope="session")
def model() -> cg.GradingModel:
    """A model that grades by product_mix alone: A from 3, B from 2, else C; unknown is ungraded."""
    scorer = cg.Scorer([Axis("grade", "ABC", lambda c: c["product_mix"], Thresholds([3, 2]), rises=["product_mix"])])
    return scorer.fit(cg.CustomerBase(["x", "y"], {"product_mix": [1.0, 3.0]}))


@pytest.fixture(scope="session")
def graded(model: cg.GradingModel) -> Callable[..., cg.Graded]:
    """Return a function that grades customers given as columns."""

    def make(product_mix: Any, ids: Any = None, period: Any = PERIOD, currency: str = "EUR", **columns: Any) -> Any:
        names = [f"c{k:03}" for k in range(len(product_mix))] if ids is None else ids
        return model.grade(cg.CustomerBase(names, {"product_mix": product_mix, **columns}, period, currency))

    return make


@pytest.fixture(scope="session")
def policy() -> Policy:
    """A policy for A, B and C with hours, other rates than by default, and two packages."""
    return Policy(
        "shop",
        "serve the best first",
        "ABC",
        {
            "A": Treatment("delight", level=ServiceLevel(4, 6, "named person"), effort=Effort(sales_hours=1)),
            "B": Treatment("lift", level=ServiceLevel(8, 2, "team"), effort=Effort(sales_hours=3), way_up="more"),
            "C": Treatment("serve", effort=Effort(sales_hours=0.25), way_up="more"),
        },
        also={"D": "C", "E": "C"},
        sales_rate=59.99,
        service_rate=33.3,
        packages=[Package("project", {"revenue": 100.0, "orders": 3.0}), Package("trial", {"revenue": 20.0})],
    )


@pytest.fixture(scope="session")
def synthetic(tmp_path_factory: pytest.TempPathFactory) -> cg.CustomerBase:
    """Four hundred customers of a made-up business, with missing answers."""
    path = tmp_path_factory.mktemp("synthetic") / "customers.csv"
    cg.synthetic(path, 400, seed=5)
    return cg.read_customers(path, currency="EUR")


@pytest.fixture(scope="session")
def superstore_file() -> Path:
    """The order lines of Superstore."""
    if not SUPERSTORE.exists():
        pytest.skip("needs shared data")
    return SUPERSTORE


@pytest.fixture(scope="session")
def superstore(superstore_file: Path) -> cg.CustomerBase:
    """The 793 customers of Superstore."""
    columns = {"customer_id": "Customer ID", "date": "Order Date", "order_id": "Order ID", "revenue": "Sales"}
    columns |= {"profit": "Profit", "category": "Category", "discount": ""}
    return cg.read_orders(superstore_file, columns=columns, as_of="2017-12-31", currency="USD")
