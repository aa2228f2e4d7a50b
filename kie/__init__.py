"""Key information extraction: fields of invoices and receipts, and pairs of keys and values.

    from kie import extract_fields

`extract_fields("invoice.pdf").fields["total_gross"].value` is a `Decimal`.
"""

from kie.extractor import KieExtractor, extract_fields
from kie.types import FieldValue, KieResult, LineItem, Pair
from kie.words import page_of

__all__ = [
    "FieldValue",
    "KieExtractor",
    "KieResult",
    "LineItem",
    "Pair",
    "extract_fields",
    "page_of",
]
