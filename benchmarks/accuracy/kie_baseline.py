"""What regular expressions alone find: the yardstick that extraction has to beat on every field."""

from __future__ import annotations

import re
from collections.abc import Sequence
from decimal import Decimal

from kie.values.amounts import decimal_mark, find_amounts
from kie.values.codes import find_codes
from kie.values.dates import date_order, find_dates
from structure.transcription import Transcript

_ID = r"\s*(?:no|nr|number|nummer|numero|num|#|n°)?[.:#\s]*([A-Z0-9][\w/.-]*\d[\w/-]*)"
KEYS = {
    "invoice_number": rf"(?:invoice|rechnungs?|facture|factuur|fattura|bill|receipt)[\s-]*{_ID}",
    "order_number": rf"(?:order|bestell|commande|po)[\s-]*{_ID}",
    "customer_number": rf"(?:customer|kunden|client|account)[\s-]*{_ID}",
    "contract_number": rf"(?:contract|order)[\s-]*{_ID}",
}
AMOUNTS = {
    "total_net": r"net(?:to|t)?|sub\s?-?total|total ht|imponibile|excl",
    "total_tax": r"tax|vat|mwst|ust|umsatzsteuer|tva|gst|btw|iva",
}
TEXTS = {
    "advertiser": r"(?:advertiser|client)(?:\s+name)?\s*:?\s+(.+)",
    "registrant": r"(?:name of )?registrant\s*:?\s+(.+)",
    "signer": r"(?:name and title|signature)\s*:?\s+(.+)",
    "jurisdiction": r"laws of (?:the )?(?:state of )?([A-Z]\w+(?: [A-Z]\w+)?)",
    "buyer_name": r"(?:bill to|sold to|buyer|kunde|client|rechnungsempf\S+)\s*:?\s+(.+)",
}


def baseline(pages: Sequence[Transcript], names: Sequence[str]) -> dict[str, str]:
    """A value for each field that the regular expressions find something for.

    Numbers: the first token with a digit after a key. Dates: the first of the page. Totals: the
    largest amount; net and tax: the last amount of a line with a key. Names: the first line, or the
    rest of a line after a key.
    """
    lines = [
        line.text
        for page in pages
        for line in sorted(page.lines, key=lambda x: (x.box.y0, x.box.x0))
    ]
    text = "\n".join(lines)
    found: dict[str, str] = {}
    dates = [d for line in lines for d in find_dates(line)]
    order = date_order(dates, american=False)
    shown = [d.value(order).isoformat() for d in dates]
    amounts = [a for line in lines for a in find_amounts(line)]
    mark = decimal_mark(amounts)
    money = [v for a in amounts if a.is_money and (v := a.value(mark)) is not None]
    for name in names:
        if name in KEYS:
            match = re.search(KEYS[name], text, re.IGNORECASE)
            if match:
                found[name] = match[1]
        elif name in ("invoice_date", "flight_start", "effective_date") and shown:
            found[name] = shown[0]
        elif name in ("due_date", "flight_end") and len(shown) > 1:
            found[name] = shown[1]
        elif name in ("total_gross", "gross_amount") and money:
            found[name] = f"{max(money)}"
        elif name in AMOUNTS:
            value = _keyed(lines, AMOUNTS[name], mark)
            if value is not None:
                found[name] = f"{value}"
        elif name in TEXTS:
            match = re.search(TEXTS[name], text, re.IGNORECASE)
            if match:
                found[name] = match[1]
        elif name == "seller_name" and lines:
            found[name] = lines[0]
        elif name == "seller_address" and len(lines) > 1:
            found[name] = " ".join(lines[1:4])
        elif name == "time":
            match = re.search(r"\b(\d{1,2}:\d\d)(?::\d\d)?\s*([AP]M)?", text)
            if match:
                found[name] = match[1]
        elif name in ("iban", "seller_phone", "seller_tax_id"):
            kind = {"iban": "iban", "seller_phone": "phone", "seller_tax_id": "vat"}[name]
            codes = [c.value for line in lines for c in find_codes(line) if c.kind == kind]
            if codes:
                found[name] = codes[0]
        elif name == "currency":
            signs = [a.currency_code for a in amounts if a.currency_code]
            if signs:
                found[name] = signs[0]
    return found


def _keyed(lines: Sequence[str], pattern: str, mark: str) -> Decimal | None:
    for line in reversed(lines):
        if re.search(rf"\b(?:{pattern})\b", line, re.IGNORECASE):
            for amount in reversed(list(find_amounts(line))):
                if amount.is_money:
                    return amount.value("," if mark == "," else ".")
    return None
