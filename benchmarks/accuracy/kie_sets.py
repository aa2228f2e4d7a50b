"""Sets of real pages with known fields: what is to be found, and under which schema."""

from __future__ import annotations

import csv
import json
import re
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from typing import Any, Literal

from benchmarks.report import DATA, half, manifest
from kie.embedded_xml import parse_invoice
from kie.folding import squeeze
from kie.ordering import rows_of
from kie.party_names import is_form_alone

Ocr = Literal["auto", "always"]


@dataclass(frozen=True)
class Item:
    """One document.

    Attributes:
        truth: Field to its value as text (ISO dates, decimals with a point).
        group: What macro averages are taken over.
        part: Half of the set, "a" or "b".
    """

    name: str
    file: Path
    truth: Mapping[str, str]
    group: str
    part: str


@dataclass(frozen=True)
class Set:
    """A set and how its fields are asked for.

    Attributes:
        schema: Of `extract_fields`.
        names: Field of the truth to the name in the result, where they differ.
        pages: Which pages are read; None for all.
    """

    load: Callable[[], Iterator[Item]]
    schema: Any
    ocr: Ocr = "auto"
    names: Mapping[str, str] = field(default_factory=dict)
    pages: str | None = None


def _zugferd() -> Iterator[Item]:
    fields = ("invoice_number", "invoice_date", "total_net", "total_tax", "total_gross",
              "seller_name", "buyer_name", "iban", "due_date", "order_number",
              "customer_number")  # fmt: skip
    for entry in manifest("kie-zugferd"):
        folder = DATA / "kie-zugferd"
        found = parse_invoice((folder / entry["label"]).read_bytes())
        if found is None:
            continue
        truth = {n: _shown(found.fields[n].value) for n in fields if n in found.fields}
        group = f"{truth.get('seller_name')} {truth.get('invoice_number')}"
        # Two thirds of the cases have siblings with the same numbers: halves are made by case.
        part = half(entry["group"])
        yield Item(entry["id"], folder / entry["file"], truth, group, part)


def _deepform() -> Iterator[Item]:
    folder = DATA / "kie-fcc-deepform"
    files = {entry["id"]: entry for entry in manifest("kie-fcc-deepform")}
    with (folder / "labels.csv").open(encoding="utf-8", newline="") as table:
        for row in csv.DictReader(table):
            entry = files.get(row["file_id"])
            if entry is None:
                continue
            truth = {
                "contract_number": row["contract_num"],
                "advertiser": row["advertiser"],
                "gross_amount": _amount(row["gross_amount"]),
                "flight_start": _american(row["flight_from"]),
                "flight_end": _american(row["flight_to"]),
            }
            known = {name: value for name, value in truth.items() if value}
            name = row["file_id"]
            yield Item(name, folder / entry["file"], known, name, half(name))


def _invoice2data() -> Iterator[Item]:
    names = {"amount": "total_gross", "amount_untaxed": "total_net", "amount_tax": "total_tax",
             "date": "invoice_date", "invoice_number": "invoice_number", "date_due": "due_date",
             "currency": "currency", "partner_name": "seller_name", "vat": "seller_tax_id",
             "iban": "iban"}  # fmt: skip
    folder = DATA / "kie-invoice2data"
    for entry in manifest("kie-invoice2data"):
        (expected,) = json.loads((folder / entry["label"]).read_text("utf-8"))[:1]
        truth = {}
        for key, name in names.items():
            value = expected.get(key)
            if value is None:
                continue
            is_amount = name.startswith("total_")
            truth[name] = _amount(str(value)) if is_amount else str(value)[:40]
        yield Item(entry["id"], folder / entry["file"], truth, entry["id"], half(entry["id"]))


def _sroie() -> Iterator[Item]:
    folder = DATA / "kie-sroie"
    for entry in manifest("kie-sroie"):
        key = json.loads((folder / entry["label"][0]).read_text("utf-8"))
        truth = {
            "seller_name": key.get("company", ""),
            "invoice_date": _malaysian(key.get("date", "")),
            "total_gross": _amount(key.get("total", "")),
            "seller_address": key.get("address", ""),
        }
        known = {name: value for name, value in truth.items() if value}
        group = squeeze(key.get("company", ""))
        yield Item(entry["id"], folder / entry["file"], known, group, half(group))


def _wildreceipt() -> Iterator[Item]:
    folder = DATA / "kie-wildreceipt"
    lines = (folder / "class_list.txt").read_text("utf-8").splitlines()
    classes = [line.split()[-1] for line in lines if line.strip()]
    wanted = {"Store_name_value": "seller_name", "Date_value": "invoice_date",
              "Total_value": "total_gross", "Subtotal_value": "total_net", "Tax_value": "total_tax",
              "Time_value": "time", "Tel_value": "seller_phone"}  # fmt: skip
    labels = {}
    for line in (folder / "labels.jsonl").read_text("utf-8").splitlines():
        entry = json.loads(line)
        labels[Path(entry["file_name"]).name] = entry["annotations"]
    for entry in manifest("kie-wildreceipt"):
        texts: dict[str, list[str]] = {}
        address = []
        for one in labels.get(Path(entry["file"]).name, []):
            kind = classes[int(one["label"])]
            address += [one] if kind == "Store_addr_value" else []
            name = wanted.get(kind)
            if name is not None:
                texts.setdefault(name, []).append(one["text"])
        # A field with several boxes of different text has no one truth.
        truth = {name: several[0] for name, several in texts.items() if len(set(several)) == 1}
        if address:
            truth["seller_address"] = _in_rows(address)
        yield Item(entry["id"], folder / entry["file"], truth, entry["id"], half(entry["id"]))


def _in_rows(pieces: list[Any]) -> str:
    """The text of boxes of eight numbers, row by row."""
    boxes = [
        (min(b[::2]), min(b[1::2]), max(b[::2]), max(b[1::2])) for b in (p["box"] for p in pieces)
    ]
    return " ".join(pieces[i]["text"] for row in rows_of(boxes) for i in row)


def _fara() -> Iterator[Item]:
    for entry in manifest("form-fara"):
        truth = {"registrant": entry["registrant"] or "", "signer": entry["signer"] or ""}
        known = {name: value for name, value in truth.items() if len(value) > 3}
        file = DATA / "form-fara" / entry["file"]
        yield Item(entry["id"], file, known, entry["registrant"], half(entry["registrant"]))


def _nda() -> Iterator[Item]:
    folder = DATA / "kie-kleister-nda"
    rows = (folder / "expected.tsv").read_text("utf-8").splitlines()
    expected = dict(row.split("\t", 1) for row in rows if "\t" in row)
    for entry in manifest("kie-kleister-nda"):
        pairs = [
            p.split("=", 1) for p in expected.get(Path(entry["file"]).name, "").split(" ") if p
        ]
        truth = {
            name: value.replace("_", " ")
            for name, value in pairs
            if name in ("effective_date", "jurisdiction")
        }
        yield Item(entry["id"], folder / entry["file"], truth, entry["id"], half(entry["id"]))


SETS: dict[str, Set] = {
    "zugferd": Set(_zugferd, "invoice", "always"),
    "zugferd-digital": Set(_zugferd, "invoice"),
    "invoice2data": Set(_invoice2data, "invoice"),
    "sroie": Set(_sroie, "receipt"),
    "wildreceipt": Set(_wildreceipt, "receipt"),
    "deepform": Set(
        _deepform,
        {
            "contract_number": (str, "invoice number", "contract number", "order / rev",
                                "contract / revision", "order number"),
            "advertiser": (str, "advertiser name", "client"),
            "gross_amount": (Decimal, "total", "grand total", "contract total", "total gross",
                             "gross total", "totals", "gross amt"),
            "flight_start": (date, "flight dates", "flight start date", "contract dates",
                             "start date", "flight", "schedule dates"),
            "flight_end": (date, "flight end date", "end date"),
        },
    ),
    "fara": Set(
        _fara,
        {
            "registrant": (str, "name of registrant", "registrant name"),
            "signer": (str, "name and title", "signature", "typed name"),
        },
        "always",
    ),
    "nda": Set(
        _nda,
        {
            "effective_date": (date, "entered into this", "entered into as of", "effective as of",
                               "made as of", "dated as of", "as of", "dated"),
            "jurisdiction": (str, "laws of the state of", "laws of", "the state of"),
        },
    ),
}  # fmt: skip
"""By name; custom fields are called what such documents call them, as seen on half "a"."""


def same(name: str, found: str | None, truth: str) -> bool:
    """Exact match after normalisation: dates and amounts by value, the rest by its characters."""
    if found is None:
        return False
    if name in ("total_gross", "total_net", "total_tax", "gross_amount"):
        a, b = _amount(found), _amount(truth)
        return bool(a) and a == b
    if name.endswith("_date") or name.startswith("flight_"):
        return found == truth or (found in _readings(truth))
    if name == "time":
        return re.sub(r"\D", "", found)[:4] in _times(truth)
    if name == "seller_phone":
        return re.sub(r"\D", "", found) == re.sub(r"\D", "", truth)
    if name in ("advertiser", "registrant", "jurisdiction"):
        return _loose(found, truth)
    if name in ("seller_name", "buyer_name") and _without_form(found) == squeeze(truth):
        return True  # the data of several e-invoices leave out the legal form that is printed
    return squeeze(found) == squeeze(truth)


def _without_form(name: str) -> str:
    """The letters of a name without the legal form at its end."""
    words = name.split()
    while len(words) > 1 and is_form_alone(words[-1]):
        words.pop()
    return squeeze(" ".join(words))


def _loose(found: str, truth: str) -> bool:
    """Labels that were shortened or normalised by those who made them."""
    a, b = squeeze(found), squeeze(truth)
    return bool(a) and bool(b) and (a == b or (len(b) > 4 and b in a) or (len(a) > 4 and a in b))


def _readings(text: str) -> set[str]:
    """ISO dates that a date on a receipt may mean, whichever comes first."""
    found = set()
    clean = re.sub(r"[^\w/.\-: ]", "", text).strip()
    match = re.search(r"\d{1,4}[/.\- ]\s?(?:\d{1,2}|[A-Za-z]{3,9})[/.\- ,]\s?\d{1,4}", clean)
    parts = re.split(r"[/.\- ,]+", match[0]) if match else []
    for order in ("%d %m %Y", "%m %d %Y", "%Y %m %d", "%d %m %y", "%m %d %y", "%y %m %d",
                  "%d %b %Y", "%d %b %y", "%d %B %Y"):  # fmt: skip
        try:
            found.add(datetime.strptime(" ".join(parts), order).date().isoformat())
        except ValueError:
            continue
    named = " ".join(re.findall(r"[A-Za-z]+|\d+", text))
    for order in ("%b %d %Y", "%B %d %Y", "%b %d %y"):
        try:
            found.add(datetime.strptime(named, order).date().isoformat())
        except ValueError:
            continue
    return found


def _times(text: str) -> set[str]:
    match = re.search(r"(\d{1,2})\D(\d{2})", text)
    if match is None:
        return {re.sub(r"\D", "", text)[:4]}
    hour, minute = int(match[1]), match[2]
    late = "p" in text.lower() and hour < 12
    early = "a" in text.lower() and hour == 12
    return {f"{hour + 12 * late - 12 * early:02}{minute}"}


def _amount(text: str) -> str:
    digits = re.sub(r"[^\d.,-]", "", text).rstrip(".,-")
    if re.search(r",\d{1,2}$", digits):
        digits = digits.replace(".", "").replace(",", ".")
    digits = digits.replace(",", "")
    try:
        return f"{Decimal(digits).normalize():f}"
    except InvalidOperation:
        return ""


def _american(text: str) -> str:
    try:
        return datetime.strptime(text, "%m/%d/%y").date().isoformat()
    except ValueError:
        return ""


def _malaysian(text: str) -> str:
    return text.strip()


def _shown(value: object) -> str:
    return value.isoformat() if isinstance(value, date) else str(value)
