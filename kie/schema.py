"""The fields of invoices and receipts, named after the business terms of EN 16931."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Literal

Kind = Literal["id", "date", "amount", "number", "percent", "text", "code", "time"]


@dataclass(frozen=True, slots=True)
class FieldType:
    """A field that words of a page can be labelled with.

    Attributes:
        name: As in results.
        kind: What its values are made of.
        term: Number of the business term in EN 16931 ("BT-1"), empty where there is none.
    """

    name: str
    kind: Kind
    term: str = ""


FIELDS = (
    FieldType("invoice_number", "id", "BT-1"),
    FieldType("invoice_date", "date", "BT-2"),
    FieldType("due_date", "date", "BT-9"),
    FieldType("delivery_date", "date", "BT-72"),
    FieldType("period_start", "date", "BT-73"),
    FieldType("period_end", "date", "BT-74"),
    FieldType("order_number", "id", "BT-13"),
    FieldType("order_date", "date"),
    FieldType("delivery_note_number", "id", "BT-16"),
    FieldType("customer_number", "id", "BT-46"),
    FieldType("buyer_reference", "id", "BT-10"),
    FieldType("seller_name", "text", "BT-27"),
    FieldType("seller_address", "text", "BG-5"),
    FieldType("seller_tax_id", "code", "BT-31"),
    FieldType("seller_tax_number", "code", "BT-32"),
    FieldType("seller_phone", "code", "BT-42"),
    FieldType("seller_email", "code", "BT-43"),
    FieldType("seller_web", "code"),
    FieldType("buyer_name", "text", "BT-44"),
    FieldType("buyer_address", "text", "BG-8"),
    FieldType("buyer_tax_id", "code", "BT-48"),
    FieldType("total_net", "amount", "BT-109"),
    FieldType("total_tax", "amount", "BT-110"),
    FieldType("total_gross", "amount", "BT-112"),
    FieldType("prepaid", "amount", "BT-113"),
    FieldType("amount_due", "amount", "BT-115"),
    FieldType("tax_rate", "percent", "BT-119"),
    FieldType("tax_base", "amount", "BT-116"),
    FieldType("tax_amount", "amount", "BT-117"),
    FieldType("discount", "amount", "BT-107"),
    FieldType("charge", "amount", "BT-108"),
    FieldType("shipping", "amount"),
    FieldType("iban", "code", "BT-84"),
    FieldType("bic", "code", "BT-86"),
    FieldType("payment_terms", "text", "BT-20"),
    FieldType("line_position", "id", "BT-126"),
    FieldType("line_article_number", "id", "BT-155"),
    FieldType("line_description", "text", "BT-153"),
    FieldType("line_quantity", "number", "BT-129"),
    FieldType("line_unit", "text", "BT-130"),
    FieldType("line_unit_price", "amount", "BT-146"),
    FieldType("line_tax_rate", "percent", "BT-152"),
    FieldType("line_amount", "amount", "BT-131"),
    FieldType("time", "time"),
    FieldType("payment_method", "text"),
    FieldType("tendered", "amount"),
    FieldType("change", "amount"),
    FieldType("card_tail", "id"),
    FieldType("tip", "amount"),
)
"""All labels of the field head, in the order of its columns (B and I of each; O comes first).

`total_tax` is the tax of the whole document, also where only one rate occurs; `tax_rate`,
`tax_base` and `tax_amount` are the rows of a table of several rates. The appended order is part of
every weight file: add at the end only.
"""

BY_NAME = {field.name: field for field in FIELDS}

LINE_PREFIX = "line_"
LINE_FIELDS = tuple(field for field in FIELDS if field.name.startswith(LINE_PREFIX))
"""The cells of one row."""

DERIVED = ("document_type", "currency")
"""Fields that no word alone is labelled with: told by titles and by all amounts together."""

TAX_ROW = ("tax_rate", "tax_base", "tax_amount")

RECEIPT_ONLY = ("time", "payment_method", "tendered", "change", "card_tail", "tip")

_HEAD = tuple(field.name for field in FIELDS if not field.name.startswith(LINE_PREFIX))

SCHEMAS: dict[str, tuple[str, ...]] = {
    "invoice": (*DERIVED, *(name for name in _HEAD if name not in RECEIPT_ONLY)),
    "receipt": (
        *DERIVED,
        "seller_name",
        "seller_address",
        "seller_tax_id",
        "seller_phone",
        "invoice_number",
        "invoice_date",
        "total_net",
        "total_tax",
        "total_gross",
        "discount",
        *RECEIPT_ONLY,
    ),
    "generic": (),
}
"""The scalar fields of each schema; "generic" has only pairs of keys and values."""

PAGE_TYPES = (
    "invoice",
    "credit_note",
    "receipt",
    "order",
    "delivery_note",
    "form",
    "letter",
    "statement",
    "other",
)
"""Classes of the page-type head."""

GENERIC_LABELS = ("QUESTION", "ANSWER", "HEADER")
"""Classes of the generic head."""


def bio_labels(names: tuple[str, ...]) -> tuple[str, ...]:
    """O, then B-name and I-name of each name."""
    return ("O", *(f"{mark}-{name}" for name in names for mark in "BI"))


FIELD_BIO = bio_labels(tuple(field.name for field in FIELDS))
"""Columns of `PagePrediction.fields`."""

GENERIC_BIO = bio_labels(GENERIC_LABELS)
"""Columns of `PagePrediction.generic`."""
