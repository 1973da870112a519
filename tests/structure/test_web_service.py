"""The web service that the documentation shows answers as the model does."""

import importlib.util
import json
import re
from pathlib import Path

import pytest

import custgrade as cg

ROOT = Path(__file__).parents[2]
PAGE = (ROOT / "docs/web-service.md").read_text(encoding="utf-8")
SERVICE = re.search(r'^```python title="service.py"\n(.*?)^```$', PAGE, re.MULTILINE | re.DOTALL)[1]


def refuse_constant(name):
    raise AssertionError(f"the body holds {name}, which is not JSON")


def body_of(answer):
    """The body of an answer, read by the rules of JSON, which has no NaN."""
    return json.loads(answer.text, parse_constant=refuse_constant)


@pytest.fixture(scope="module")
def model():
    base = cg.read_orders(ROOT / "examples/orders.csv", currency="EUR")
    return cg.scorer("abcde", by="profit", minimum_orders=2).fit(base)


@pytest.fixture
def client(model, tmp_path, monkeypatch):
    """A client of the service on the page, which runs in a folder with a saved model."""
    testclient = pytest.importorskip("fastapi.testclient")
    model.save(tmp_path / "model.json")
    (tmp_path / "service.py").write_text(SERVICE, encoding="utf-8")
    monkeypatch.chdir(tmp_path)
    spec = importlib.util.spec_from_file_location("service_of_the_page", tmp_path / "service.py")
    service = importlib.util.module_from_spec(spec)
    spec.loader.exec_module(service)
    return testclient.TestClient(service.app)


def test_the_service_is_short():
    """The page promises a service of about 20 lines."""
    assert len(SERVICE.splitlines()) <= 22


@pytest.mark.parametrize("profit", [-250.5, 0, 2.49, 1000, 1e9])
def test_a_customer_gets_the_grade_of_the_model(client, model, profit):
    """A customer with all fields gets the grade, label and score that the model gives."""
    customer = {"customer_id": "C-17", "profit": profit, "orders": 4}
    answer = client.post("/grade", json=customer)
    expected = model.grade_one(customer)
    assert answer.status_code == 200
    assert body_of(answer) == {
        "id": "C-17",
        "grade": expected.grade,
        "labels": {"grade": expected.grade},
        "scores": {"grade": profit},
        "details": {},
        "status": "graded",
        "reason": "",
    }


@pytest.mark.parametrize("customer", [{}, {"profit": None, "orders": 4}, {"profit": 1000, "orders": 1}])
def test_an_ungraded_customer_is_told_why_without_nan(client, model, customer):
    """A customer without a grade is no error: the answer holds the reason, and null for an unknown score."""
    answer = client.post("/grade", json=customer)
    body = body_of(answer)
    expected = model.grade_one(customer)
    assert answer.status_code == 200
    assert (body["grade"], body["status"], body["reason"]) == ("", "ungraded", expected.reason)
    assert expected.reason
    assert body["scores"] == {"grade": None}


@pytest.mark.parametrize(
    "customer",
    [
        {"proft": 1000, "orders": 4},
        {"profit": "much", "orders": 4},
        {"profit": True, "orders": 4},
        {"profit": [1000], "orders": 4},
        {"profit": 10**400, "orders": 4},
        {"margin": 0.3, "orders": 4},
    ],
    ids=["unknown field", "text", "truth value", "list", "too large", "derived field"],
)
def test_a_refused_value_is_a_422_with_the_message(client, model, customer):
    """An unknown field and a value of a wrong type give status 422 and the message of the model's error."""
    with pytest.raises(cg.CustgradeError) as refused:
        model.grade_one(customer)
    answer = client.post("/grade", json=customer)
    assert answer.status_code == 422
    assert body_of(answer) == {"detail": str(refused.value)}


@pytest.mark.parametrize("text", ["[1, 2]", '"C-17"', "{", ""])
def test_a_body_that_is_no_object_is_a_422(client, text):
    """A body that isn't a JSON object is refused before it reaches the model."""
    answer = client.post("/grade", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code == 422
    assert body_of(answer)["detail"]


@pytest.mark.parametrize("number", ["NaN", "1e999"])
def test_a_number_outside_json_is_unknown_or_refused(client, number):
    """A body with a number that JSON or float64 doesn't hold still gets an answer in JSON."""
    text = f'{{"profit": {number}, "orders": 4}}'
    answer = client.post("/grade", content=text, headers={"Content-Type": "application/json"})
    assert answer.status_code in (200, 422)
    assert body_of(answer).get("grade", "") == ""
