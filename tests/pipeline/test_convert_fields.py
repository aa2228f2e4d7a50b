"""Facts in converted documents."""

from __future__ import annotations

from dataclasses import replace

from kie import FieldValue, KieResult, Pair
from structure.core.document import Document, Page, Producer, Source, TableBlock
from structure.core.geometry import Box
from structure.pipeline.fields import facts, with_table


def document(**more: object) -> Document:
    page = Page(1, 595.0, 842.0)
    source = Source("a.pdf", "application/pdf", "0" * 64, 1)
    return replace(Document(Producer("structure", "0", {}), source, (page,)), **more)


def test_facts_are_plain_values_in_the_order_of_the_schema() -> None:
    found = KieResult("invoice", {"iban": FieldValue("iban", "DE 1", "DE1", score=0.5, page=2)})
    (fact,) = facts(found)
    assert fact["field"] == "iban"
    assert (fact["value"], fact["raw"], fact["score"], fact["page"]) == ("DE1", "DE 1", 0.5, 2)


def test_without_fields_the_pairs_are_the_facts() -> None:
    pair = Pair("Colour", "blue", 0.9, 1, Box(0, 0, 1, 1))
    assert facts(KieResult("generic", pairs=(pair,))) == (
        {"field": "Colour", "value": "blue", "score": 0.9, "page": 1},
    )


def test_the_table_of_facts_stands_at_the_end() -> None:
    fact = {"field": "total_gross", "value": "1.00", "currency": "EUR", "score": 0.98}
    heading, table = with_table(document(fields=(fact,))).body
    assert heading.text == "Fields"  # type: ignore[union-attr]
    assert isinstance(table, TableBlock)
    assert [cell.text for cell in table.cells[3:]] == ["total gross", "1.00 EUR", "98%"]


def test_a_document_without_facts_stays_as_it_is() -> None:
    plain = document()
    assert with_table(plain) is plain
