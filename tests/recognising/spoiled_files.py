"""Files in the layouts of known systems, spoiled at random: what each column means is known."""

from __future__ import annotations

import datetime as dt
import random
from collections.abc import Callable, Sequence

from attrs import frozen

Row = dict[str, object]
Layout = Sequence[tuple[str, str, str]]
"""Columns: the headers that may be used, separated by `|`; the value; and the field that it holds, or `-`."""

_WORDS = ["Anna", "Bruno", "Claire", "Diego", "Emil", "Fatima", "Gül", "Hugo", "Inés", "Jörg", "Kim", "Léa"]
_ID = (
    "Customer ID|CustomerID|customer_id|Customer No.|CUSTOMER NUMBER|Kundennummer|"
    "Kunden-Nr.|KdNr|Code client|N° client|id_customer|Código de cliente|Client ID"
)
_ORDER = (
    "Order ID|OrderID|order_id|Order Number|Order #|Bestellnummer|Auftragsnr.|Numéro de commande|Nº de pedido|id_order"
)
_INVOICE = (
    "Invoice No|InvoiceNo|Invoice|invoice_number|"
    "Rechnungsnummer|Rechnungs-Nr|Numéro de facture|N° facture|Número de factura"
)
_DATE = "Order Date|OrderDate|order_date|Bestelldatum|Date de commande|Fecha de pedido|Date commande|Order date"
_INVOICED = "Invoice Date|InvoiceDate|Rechnungsdatum|Date de facturation|Fecha de factura|Datum|Date|Fecha"
_SHIPPED = "Ship Date|ShipDate|Versanddatum|Lieferdatum|Date de livraison|Fecha de envío|shipped_at"
_DUE = "Due Date|DueDate|Fällig am|Fälligkeitsdatum|Date d'échéance|Fecha de vencimiento"
_PAID = "Paid Date|Paid on|Bezahlt am|Zahlungsdatum|Date de paiement|Fecha de pago"
_NAME = "Customer Name|CustomerName|Kundenname|Nom du client|Nombre del cliente|customer_name"
_TOTAL = (
    "Line Total|LineTotal|Sales|Sales Amount|Revenue|Umsatz|Erlös|"
    "Chiffre d'affaires|Montant HT|Nettobetrag|Ingresos|Line Amount|Net sales|Umsatz (EUR)"
)
_NET = "Net Amount|Betrag netto|Nettobetrag|Montant HT|Importe neto|amount_untaxed|Umsatz netto"
_GROSS = "Gross Amount|Betrag brutto|Bruttobetrag|Montant TTC|Importe bruto|Total incl. VAT"
_PRICE = "Unit Price|UnitPrice|unit_price|Einzelpreis|Prix unitaire|Precio unitario|Price per unit"
_QUANTITY = "Quantity|Qty|OrderQty|Menge|Stückzahl|Quantité|Cantidad|quantity"
_PROFIT = "Profit|Gross Profit|Rohertrag|Deckungsbeitrag|Gewinn|Bénéfice|Ganancia|Beneficio"
_MARGIN = "Profit Margin|Margin %|Marge %|Gewinnspanne %|Margen %"
_TAX = "Tax|TaxAmt|MwSt|VAT|TVA|IVA|Tax Amount"
_FREIGHT = "Freight|Shipping|Versandkosten|Frais de port|Gastos de envío|Shipping Cost"
_DISCOUNT = "Discount Amount|Rabattbetrag|Montant remise|Importe descuento"
_CATEGORY = "Category|Product Category|Kategorie|Warengruppe|Catégorie|Categoría"
_PRODUCT = "Product ID|ProductID|SKU|Artikelnummer|Code article|Código de producto|StockCode"
_ROW = "Row ID|Line No|Position|LineNumber|Zeile|Order Line ID"
_POSTAL = "Postal Code|PLZ|Zip|Code postal|Código postal|Phone|Telefon"
_REP = "Sales Rep ID|Salesperson|Vertreter|Employee ID|Store ID|Filiale|Vendeur"
_YEAR = "Year|Jahr|Année|Año"
_STATUS = "Order Status|Status|Statut"
_CURRENCY = "Currency|Währung|Devise|Moneda|Currency Code"
_PRODUCT_NAME = "Product Name|Description|Artikelbezeichnung|Désignation|Product"

LAYOUTS: dict[str, Layout] = {
    "superstore": [
        (_ROW, "row", "-"), (_ORDER, "order", "order_id"), (_DATE, "date", "date"), (_SHIPPED, "shipped", "-"),
        (_ID, "customer", "customer_id"), (_NAME, "name", "name"), (_POSTAL, "postal", "-"), (_PRODUCT, "product", "-"),
        (_CATEGORY, "category", "category"), (_TOTAL, "total", "revenue"), (_QUANTITY, "quantity", "?quantity"),
        (_PROFIT, "profit", "profit"),
    ],
    "online retail": [
        (_INVOICE, "order", "order_id"), (_PRODUCT, "product", "-"), (_PRODUCT_NAME, "product name", "-"),
        (_QUANTITY, "quantity", "quantity"), (_INVOICED, "date", "date"), (_PRICE, "price", "unit_price"),
        (_ID, "customer", "customer_id"), ("Country|Land|Pays|País", "country", "-"),
    ],
    "adventure works": [
        (_PRODUCT, "product", "-"), (_ID, "customer", "customer_id"), (_ORDER, "order", "order_id"),
        (_ROW, "line", "-"),
        (_QUANTITY, "quantity", "?quantity"), (_PRICE, "price", "?unit_price"),
        ("Total Product Cost|Total Cost", "cost", "cost"),
        ("Sales Amount|Line Total", "total", "revenue"), (_TAX, "tax", "-"), (_FREIGHT, "freight", "-"),
        (_DATE, "date", "date"), (_DUE, "due", "-"), (_SHIPPED, "shipped", "-"),
    ],
    "accounting": [
        (_INVOICE, "order", "order_id"), (_INVOICED, "date", "date"), (_DUE, "due", "due_date"),
        (_PAID, "paid", "paid_date"), (_ID, "customer", "customer_id"), (_NAME, "name", "name"),
        (_NET, "total", "revenue"), (_TAX, "tax", "-"), (_GROSS, "gross", "-"), (_REP, "rep", "-"),
    ],
    "shop": [
        (_ORDER, "order", "order_id"), (_DATE, "date", "date"), (_STATUS, "status", "status"),
        (_ID, "customer", "customer_id"), ("Email|Customer Email|E-Mail|Courriel", "mail", "-"),
        ("Order Total|Gesamtbetrag|Total commande|Total", "order total", "?revenue"), (_FREIGHT, "freight", "-"),
        (_CURRENCY, "currency", "currency"), (_PRODUCT_NAME, "product name", "-"),
    ],
    "northwind": [
        (_ORDER, "order", "order_id"), (_ID, "customer", "customer_id"), (_REP, "rep", "-"), (_DATE, "date", "date"),
        ("Required Date|Wunschtermin", "due", "-"), (_SHIPPED, "shipped", "-"), (_PRICE, "price", "unit_price"),
        (_QUANTITY, "quantity", "quantity"), ("Discount|Rabatt|Remise|Descuento", "share", "?line_discount_share"),
        (_FREIGHT, "freight", "-"), (_YEAR, "year", "-"),
    ],
    "pos": [
        ("Receipt No|Bonnummer|Ticket Number|Numéro de ticket", "order", "order_id"), (_INVOICED, "date", "date"),
        ("Member ID|Loyalty Card|Card Number", "customer", "?customer_id"),
        ("Item Price|Article price", "price", "?unit_price"), (_QUANTITY, "quantity", "quantity"),
        (_MARGIN, "margin", "-"),
        ("Store|Filiale|Magasin", "rep", "-"),
    ],
    "olist": [
        (_ORDER, "order", "order_id"), ("customer_id", "per order", "-"),
        ("customer_unique_id", "customer", "?customer_id"), ("order_purchase_timestamp", "date", "date"),
        ("order_delivered_customer_date", "shipped", "-"), ("price", "total", "?revenue"),
        ("freight_value", "freight", "-"), ("order_status", "status", "status"),
    ],
    "hubspot": [
        ("Record ID|Company ID|Account ID", "customer", "?customer_id"), ("Company name|Account Name", "name", "name"),
        ("Annual Revenue", "annual", "-"), ("Total Revenue|Umsatz gesamt", "total", "revenue"),
        ("Number of orders|Anzahl Bestellungen|Nombre de commandes", "count", "orders"),
        ("Last Order Date|Letzte Bestellung|Date de dernière commande", "date", "last_order"),
        ("Create Date|Erstellt am", "shipped", "?first_order"), (_POSTAL, "postal", "-"),
    ],
    "customers": [
        (_ID, "customer", "customer_id"), (_NAME, "name", "name"), (_TOTAL, "total", "revenue"),
        (_PROFIT, "profit", "profit"), ("Orders Count|Anzahl Aufträge|Nb de commandes", "count", "orders"),
        (_MARGIN, "margin", "-"), (_POSTAL, "postal", "-"), ("Customer Type|Kundengruppe|Segment", "category", "-"),
    ],
}  # fmt: skip
"""Layouts by name. `?field` means that a person may map it, but could be wrong."""
OF_CUSTOMERS = ("hubspot", "customers")


@frozen
class SpoiledFile:
    """A spoiled file: its bytes, the field that each of its columns holds, and whether the kind is of customers."""

    layout: str
    content: bytes
    truth: dict[str, str]


def spoiled_file(seed: int) -> SpoiledFile:
    """Return a file of a random layout with random headers, order, signs, formats of dates and further columns."""
    chance = random.Random(seed)
    layout = chance.choice(sorted(LAYOUTS))
    columns = [
        (_spoiled(chance, chance.choice(headers.split("|"))), value, field) for headers, value, field in LAYOUTS[layout]
    ]
    needed = ("customer_id", "date", "?customer_id")
    columns = [one for one in columns if one[2] in needed or chance.random() > 0.12]
    extra = [(_REP, "rep"), (_POSTAL, "postal"), (_SHIPPED, "shipped"), (_YEAR, "year"), (_FREIGHT, "freight")]
    for headers, value in chance.sample(extra, chance.randint(0, 2)):
        columns.append((chance.choice(headers.split("|")), value, "-"))
    chance.shuffle(columns)
    seen: dict[str, tuple[str, str]] = {}
    for header, value, field in columns:
        seen.setdefault(header, (value, field))
    rows = _customers(chance) if layout in OF_CUSTOMERS else _lines(chance)
    comma = chance.random() < 0.5
    delimiter = chance.choice(";\t|") if comma else chance.choice(",;\t")
    form = chance.choice(["%Y-%m-%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y %H:%M", "%Y-%m-%d %H:%M:%S", "%Y%m%d"])
    thousands = chance.random() < 0.5
    write: Callable[[object], str] = lambda value: _written(value, comma, thousands, form)
    lines = [delimiter.join(_quoted(header, delimiter) for header in seen)]
    lines += [delimiter.join(_quoted(write(row[value]), delimiter) for value, _ in seen.values()) for row in rows]
    text = "\n".join(lines) + "\n"
    return SpoiledFile(layout, text.encode(), {header: field for header, (_, field) in seen.items()})


def _spoiled(chance: random.Random, header: str) -> str:
    return chance.choice(
        [header, header, header, header.upper(), header.lower(), header.replace(" ", "_"), f" {header}", f"{header} "]
    )


def _quoted(cell: str, delimiter: str) -> str:
    return '"' + cell.replace('"', '""') + '"' if delimiter in cell or '"' in cell else cell


def _written(value: object, comma: bool, thousands: bool, form: str) -> str:
    if isinstance(value, dt.datetime):
        return value.strftime(form)
    if not isinstance(value, float):
        return str(value)
    text = f"{value:,.2f}" if thousands else f"{value:.2f}"
    return text.translate(str.maketrans(",.", ".,")) if comma else text


def _lines(chance: random.Random) -> list[Row]:
    start = dt.datetime(2024, 1, 1)
    people = [
        (f"{chance.choice('CK')}{n}" if n % 2 else f"C-{n:04}", f"{chance.choice(_WORDS)} {chance.choice(_WORDS)}")
        for n in range(101, 101 + chance.randint(12, 25))
    ]
    products = {
        f"P-{n}": (f"Lamp {n}", chance.choice("XYZ") + "-goods", round(chance.uniform(3, 1800), 2)) for n in range(15)
    }
    found: list[Row] = []
    for number in range(chance.randint(30, 50)):
        customer, name = chance.choice(people)
        day = start + dt.timedelta(days=chance.randint(0, 500), minutes=chance.randint(400, 1100))
        lines: list[Row] = []
        for line in range(1, chance.randint(1, 4) + 1):
            product, (title, category, price) = chance.choice(sorted(products.items()))
            quantity = chance.randint(1, 9)
            total = round(quantity * price, 2)
            lines.append(
                {
                    "row": len(found) + line, "line": line, "order": f"{4000 + number}", "customer": customer,
                    "per order": f"x{number:05}", "name": name, "date": day, "shipped": day + dt.timedelta(days=4),
                    "due": day + dt.timedelta(days=30), "paid": day + dt.timedelta(days=chance.randint(5, 50)),
                    "postal": 10000 + chance.randint(0, 79999), "product": product, "product name": title,
                    "category": category, "price": price, "quantity": quantity, "total": total,
                    "gross": round(total * 1.19, 2), "tax": round(total * 0.19, 2), "cost": round(total * 0.6, 2),
                    "profit": round(total * chance.uniform(-0.2, 0.5), 2), "margin": round(chance.uniform(5, 60), 2),
                    "freight": round(chance.uniform(3, 15), 2), "rep": f"R{chance.randint(1, 5)}", "year": day.year,
                    "status": chance.choice(["paid", "paid", "cancelled"]), "currency": "EUR",
                    "country": chance.choice(["France", "Spain"]), "mail": f"{customer.lower()}@example.org",
                    "share": chance.choice([0.0, 0.0, 0.05, 0.1]),
                }
            )  # fmt: skip
        together = round(sum(float(str(one["total"])) for one in lines), 2)
        found += [{**one, "order total": together} for one in lines]
    return found


def _customers(chance: random.Random) -> list[Row]:
    return [
        {
            "customer": f"{7000 + n}", "name": f"{chance.choice(_WORDS)} {chance.choice(_WORDS)}",
            "total": round(chance.uniform(50, 9000), 2), "annual": round(chance.uniform(1e5, 9e6), 2),
            "profit": round(chance.uniform(-50, 900), 2), "count": chance.randint(1, 12),
            "date": dt.datetime(2025, chance.randint(1, 12), chance.randint(1, 28)),
            "shipped": dt.datetime(2022, chance.randint(1, 12), chance.randint(1, 28)),
            "postal": 10000 + chance.randint(0, 79999), "margin": round(chance.uniform(5, 60), 2),
            "category": chance.choice(["A-type", "B-type"]), "rep": f"R{chance.randint(1, 5)}", "year": 2025,
            "freight": round(chance.uniform(3, 15), 2),
        }
        for n in range(chance.randint(25, 40))
    ]  # fmt: skip
