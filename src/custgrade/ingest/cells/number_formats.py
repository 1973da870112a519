"""How numbers are written in text: the decimal sign, separators of thousands, signs of currencies, minus signs."""

from __future__ import annotations

import re
from collections.abc import Iterable, Mapping

from attrs import field, frozen

MARKS = {"point": ".", "comma": ",", "space": " ", "apostrophe": "'"}
"""Decimal signs and separators of thousands by name."""
BLANKS = "\u00a0\u2007\u2009\u202f"
"""The blanks that separate thousands, besides the ordinary one."""
MINUSES = "\u2212\u2010\u2011\u2012\u2013\u2014\ufe63\uff0d"
"""Typographic characters for a minus."""
APOSTROPHES = "\u2019\u02bc`\u00b4"
_SYMBOL = "(?:[A-Z]{0,3}[$€£¥₹₽₺₩₴₫₱฿₦₪₿₡₲₵₸₼₾]|K[čc]s?|zł|Ft|lei|kr\\.?|Fr\\.?|Rs\\.?|R)"
_CODES = tuple(
    re.findall(
        "...",
        "AEDAUDBGNBRLCADCHFCLPCNYCOPCZKDKKEGPEURGBPHKDHUFIDRILSINRISKJPYKRWMADMXNMYRNOKNZDPENPHPPLNRONRSDRUBSARSEKSGD"
        "THBTNDTRYTWDUAHUSDVNDZAR",
    )
)
_CURRENCY = f"{_SYMBOL}|{'|'.join(_CODES)}"
_LABELS = dict(
    pair.split()
    for pair in (
        *("€ EUR", "£ GBP", "₹ INR", "₺ TRY", "₩ KRW", "₽ RUB", "₪ ILS", "zł PLN", "Kč CZK", "Ft HUF"),
        *("US$ USD", "CA$ CAD", "AU$ AUD", "NZ$ NZD", "HK$ HKD", "R$ BRL"),
    )
)
_SEVERAL = {
    "$": ("USD", "CAD", "AUD", "NZD", "HKD", "SGD", "TWD", "MXN", "COP", "CLP", "ARS"),
    "¥": ("JPY", "CNY"),
    "kr": ("SEK", "NOK", "DKK", "ISK"),
    "Fr": ("CHF",),
    "Rs": ("INR", "PKR", "LKR", "NPR", "MUR"),
}
"""The codes of currencies that have a sign in common; a point after it has no meaning."""
_GROUPED = r"\d{1,3}(?:,\d{3})+|\d{1,3}(?:\.\d{3})+|\d{1,3}(?: \d{3})+|\d{1,3}(?:'\d{3})+|\d{1,2}(?:,\d{2})+,\d{3}"
_NUMBER = rf"(?:{_GROUPED}|\d+)?(?:[.,]\d*)?"
_AMOUNT = re.compile(
    rf"(?P<before>{_CURRENCY})?\s*(?P<open>\()?\s*[-+]?\s*(?P<inner>{_CURRENCY})?\s*[-+]?\s*(?P<number>{_NUMBER})"
    rf"(?:(?<=[.,])--?|\s*%)?\s*(?P<after>{_CURRENCY})?\s*(?P<close>\))?\s*[-+]?\s*(?P<last>{_CURRENCY})?"
)
_ORDINARY = re.compile(r"\s*[-+]?\d*\.?\d*([eE][-+]?\d+)?\s*")
_SIGNS = re.compile(r"(?<=0)[.,](?=0)")
_NO_CENTS = re.compile(r"([.,])--?")
_SHOWN = 3
_ALIKE = {**dict.fromkeys(BLANKS, " "), **dict.fromkeys(MINUSES, "-"), **dict.fromkeys(APOSTROPHES, "'")}
_LIKE_BLANK = str.maketrans(_ALIKE)


@frozen
class NumberFormat:
    """How the numbers of a text column are written.

    decimal: the decimal sign, "." or ",". thousands: the separators of thousands that are accepted, a text of
    characters. currencies: the signs and codes of the one currency in the cells, such as € and EUR; empty where they
    have none. certain: whether a decimal sign was seen; if not, a number such as 1.234, with three digits after its
    only sign, isn't read.
    """

    decimal: str = "."
    thousands: str = ", '"
    currencies: tuple[str, ...] = ()
    certain: bool = True


PLAIN = NumberFormat()


def code_of(currency: str) -> str | None:
    """Return the code of a currency's sign or code, None where its sign stands for several currencies."""
    return currency if currency in _CODES else _LABELS.get(currency)


def same_currency(currencies: Iterable[str]) -> bool:
    """Return whether signs and codes are those of one currency; signs of several are one if they are the same."""
    return len({code_of(one) or one.rstrip(".") for one in currencies}) <= 1


def may_be(currency: str, code: str) -> bool:
    """Return whether a sign or code can stand for the currency with a code, or with another name."""
    known = code_of(currency)
    if known is not None:
        return known == code
    codes = _SEVERAL.get(currency.rstrip("."))
    return codes is None or code not in _CODES or code in codes


@frozen
class Evidence:
    """What the cells of one column say about their numbers.

    point, comma: the first cell that can only have a decimal point, or comma. either: the first cell with one sign and
    three digits after it, such as 1.234. currencies: the signs and codes of currencies, each with its first cell.
    odd: the first cells with separators of thousands, with signs of currencies, and with a minus that isn't an ordinary
    one in front.
    """

    point: str = ""
    comma: str = ""
    either: str = ""
    currencies: Mapping[str, str] = field(factory=dict)
    odd: tuple[str, ...] = ()


def evidence_of(cells: Iterable[str]) -> Evidence:
    """Return what the cells of a column say about how its numbers are written; cells without a number say nothing."""
    point = comma = either = ""
    currencies: dict[str, str] = {}
    odd: dict[str, str] = {}
    for cell in cells:
        match = _AMOUNT.fullmatch(cell.translate(_LIKE_BLANK).strip())
        if match is None or not any(sign.isdigit() for sign in match["number"]):
            continue
        for part in ("before", "inner", "after", "last"):
            if match[part]:
                currencies.setdefault(match[part], cell)
        if not _ORDINARY.fullmatch(cell) and "%" not in cell:
            odd.setdefault(_SIGNS.sub("", re.sub(r"\d+", "0", cell)), cell)
        sign = decimal_sign(match["number"])
        point = point or (cell if sign == "." else "")
        comma = comma or (cell if sign == "," else "")
        either = either or (cell if sign == "?" else "")
    return Evidence(point, comma, either, currencies, tuple(odd.values())[:_SHOWN])


def decimal_sign(number: str) -> str:
    """Return the decimal sign that a number can only have; "?" where a sign may be either, empty without a sign.

    number: digits with points, commas, blanks and apostrophes.
    """
    points, commas = number.count("."), number.count(",")
    if points and commas:
        return "." if number.rindex(".") > number.rindex(",") else ","
    if not points and not commas:
        return ""
    sign, other = (".", ",") if points else (",", ".")
    if points + commas > 1:
        return other
    whole, _, rest = number.partition(sign)
    grouped = len(rest) == 3 and 1 <= len(whole) <= 3 and whole.isdigit() and not whole.startswith("0")
    return "?" if grouped else sign


def readings_of(number: str) -> tuple[str, str]:
    """Return a number such as 1.234 with its sign as a decimal sign, and as a separator of thousands."""
    digits = "".join(sign for sign in number if sign.isdigit() or sign in ".,")
    return digits.replace(",", "."), re.sub("[.,]", "", digits)


def pattern(form: NumberFormat, per_cent: bool = False) -> str:
    """Return the RE2 pattern of amounts in this format, after blanks, minuses and apostrophes were made alike.

    A minus or plus stands before or after the number or the currency, or the amount is in brackets. A dash right after
    the decimal sign means no cents. A currency with a dash is 0, as accounting formats show it.

    per_cent: whether a number may end in a per cent sign.
    """
    signs = "|".join(re.escape(one) for one in sorted(form.currencies, key=len, reverse=True))
    money = f"(?:{signs})?" if signs else ""
    number, bare = _number_pattern(form, r"\d*|--?"), _number_pattern(form, r"\d+")
    forms = [
        rf"{money} ?[-+]? ?{money} ?{number} ?{money}",
        rf"{money} ?{bare} ?[-+] ?{money}",
        rf"{money} ?{bare} ?{money} ?[-+]",
        rf"{money} ?\( ?{money} ?{number} ?{money} ?\) ?{money}",
    ]
    if signs:
        forms += [rf"(?:{signs}) ?-", rf"- ?(?:{signs})"]
    if per_cent:
        forms.append(rf"[-+]?{number} ?%")
    return rf"^(?:{'|'.join(forms)})$"


def _number_pattern(form: NumberFormat, decimals: str) -> str:
    """Return the pattern of a number; decimals: the pattern of what may stand after the decimal sign."""
    thousands = form.thousands if form.certain else form.thousands.replace(",", "").replace(".", "")
    groups = [rf"\d{{1,3}}(?:{re.escape(sign)}\d{{3}})+" for sign in thousands]
    groups += [r"\d{1,2}(?:,\d{2})+,\d{3}"] if "," in thousands else []
    whole, decimal = "|".join([*groups, r"\d+"]), re.escape(form.decimal)
    if not form.certain:
        # where no decimal sign was seen, 1.234 may be either
        decimals = decimals.replace(r"\d*", r"\d{0,2}|\d{4,}").replace(r"\d+", r"\d{1,2}|\d{4,}")
    return rf"(?:(?:{whole})(?:{decimal}(?:{decimals}))?|0?{decimal}\d+)"


def shown_number(cell: str, form: NumberFormat) -> str:
    """Return the number in a cell with a decimal point and nothing but a minus."""
    bare = cell.translate(_LIKE_BLANK)
    for one in form.currencies:
        bare = bare.replace(one, "")
    bare = _NO_CENTS.sub(r"\1", bare)
    digits = "".join(sign for sign in bare if sign.isdigit() or sign == form.decimal).replace(",", ".").rstrip(".")
    return ("-" if any(sign in bare for sign in "-(") else "") + (digits or "0")
