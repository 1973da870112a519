"""Names of columns are read by a table of words in four languages."""

from __future__ import annotations

import tomllib
from importlib.resources import files

import pytest

from custgrade.recognising.vocabulary import read_vocabulary

VOCABULARY = read_vocabulary()
KINDS = {
    "customer_id": ["Customer ID", "CUSTOMERID", "Kunden-Nr.", "KdNr", "Kundenschlüssel", "code client", "N° client"],
    "date": ["Order Date", "OrderDate", "Bestelldatum", "Bestellt am", "date de commande", "Fecha de pedido"],
    "order_id": ["Order ID", "SalesOrderNumber", "id_order", "Auftragsnr.", "Numéro de commande", "Nº de pedido"],
    "revenue": ["Revenue", "Umsatz in €", "Erloes", "Erlös (EUR)", "Chiffre d'affaires", "Montant HT", "Importe neto"],
    "profit": ["Gross Profit", "Rohertrag", "Bénéfice", "Ganancia"],
    "unit_price": ["UnitPrice", "Einzelpreis", "Prix unitaire", "Precio unitario", "price_unit"],
    "quantity": ["Quantity", "OrderQty", "Menge", "Quantité", "Cantidad", "Units Sold"],
}
OTHERS = [
    *("Ship Date", "Versanddatum", "Row ID", "Product ID", "Artikelnummer", "Sales Rep ID", "Store ID", "Kundentyp"),
    *(
        "Profit Margin %",
        "Annual Revenue",
        "Sales Tax",
        "Umsatzsteuer",
        "Sales Target",
        "Discount Code",
        "Credit Limit",
    ),
    *("Billing Name", "Postal Code", "Order Priority", "Customer PO Number", "List Price", "Order Date Key", "Year"),
]


@pytest.mark.parametrize(("field", "name"), [(field, name) for field, names in KINDS.items() for name in names])
def test_a_name_means_its_field(field: str, name: str) -> None:
    """The name in any language, case and spelling names the field whatever else there is."""
    assert VOCABULARY.fields_named(name).get(field) == "names"


@pytest.mark.parametrize("name", OTHERS)
def test_a_name_of_another_thing_names_no_field(name: str) -> None:
    """Not even a doubtful field is found for names that have a word of something else."""
    assert VOCABULARY.fields_named(name) == {}


@pytest.mark.parametrize(
    "name", ["Total incl. VAT", "Bruttobetrag", "Montant TTC", "Customer Lifetime Value", "item-price"]
)
def test_a_name_of_two_readings_is_doubtful(name: str) -> None:
    """Gross amounts, predicted values and prices of lines are never certain by name."""
    assert set(VOCABULARY.fields_named(name).values()) <= {"doubtful"}


def test_names_consist_of_known_meanings() -> None:
    """Each set of meanings that names a field uses meanings that some word has."""
    content = tomllib.loads(files("custgrade.recognising").joinpath("words.toml").read_text(encoding="utf-8"))
    used = {
        meaning
        for named in content["fields"].values()
        for sets in named.values()
        for s in sets
        for meaning in s.split()
    }
    assert used <= content["words"].keys()
