"""Electronic invoices: read, and hostile ones refused."""

from __future__ import annotations

from datetime import date
from decimal import Decimal
from pathlib import Path

import pytest

from kie.embedded_xml import embedded_invoice, parse_invoice

CII = """<?xml version="1.0"?>
<rsm:CrossIndustryInvoice xmlns:rsm="urn:a" xmlns:ram="urn:b" xmlns:udt="urn:c">
 <rsm:ExchangedDocument><ram:ID>R-1</ram:ID><ram:TypeCode>381</ram:TypeCode>
  <ram:IssueDateTime><udt:DateTimeString format="102">20240305</udt:DateTimeString>
  </ram:IssueDateTime>
 </rsm:ExchangedDocument>
 <rsm:SupplyChainTradeTransaction>
  <ram:IncludedSupplyChainTradeLineItem>
   <ram:AssociatedDocumentLineDocument><ram:LineID>1</ram:LineID></ram:AssociatedDocumentLineDocument>
   <ram:SpecifiedTradeProduct><ram:Name>Bolt</ram:Name></ram:SpecifiedTradeProduct>
   <ram:SpecifiedLineTradeDelivery><ram:BilledQuantity unitCode="H87">4</ram:BilledQuantity>
   </ram:SpecifiedLineTradeDelivery>
  </ram:IncludedSupplyChainTradeLineItem>
  <ram:ApplicableHeaderTradeAgreement><ram:SellerTradeParty><ram:Name>A &amp; B</ram:Name>
   <ram:SpecifiedTaxRegistration><ram:ID schemeID="VA">DE136695976</ram:ID>
   </ram:SpecifiedTaxRegistration>
  </ram:SellerTradeParty></ram:ApplicableHeaderTradeAgreement>
  <ram:ApplicableHeaderTradeSettlement><ram:InvoiceCurrencyCode>EUR</ram:InvoiceCurrencyCode>
   <ram:SpecifiedTradeSettlementHeaderMonetarySummation>
    <ram:GrandTotalAmount>119.00</ram:GrandTotalAmount>
   </ram:SpecifiedTradeSettlementHeaderMonetarySummation></ram:ApplicableHeaderTradeSettlement>
 </rsm:SupplyChainTradeTransaction>
</rsm:CrossIndustryInvoice>"""

UBL = """<Invoice xmlns="urn:oasis:names:specification:ubl:schema:xsd:Invoice-2">
 <ID>U-9</ID><IssueDate>2024-01-02</IssueDate><DocumentCurrencyCode>EUR</DocumentCurrencyCode>
 <LegalMonetaryTotal><TaxInclusiveAmount currencyID="EUR">10.00</TaxInclusiveAmount>
 </LegalMonetaryTotal>
 <InvoiceLine><ID>1</ID><LineExtensionAmount>8.40</LineExtensionAmount><Item><Name>Nut</Name></Item>
 </InvoiceLine></Invoice>"""


def test_a_cross_industry_invoice_is_read() -> None:
    found = parse_invoice(CII.encode())
    assert found is not None
    values = {name: one.value for name, one in found.fields.items()}
    assert values == {
        "invoice_number": "R-1",
        "invoice_date": date(2024, 3, 5),
        "document_type": "credit_note",
        "currency": "EUR",
        "seller_name": "A & B",
        "seller_tax_id": "DE136695976",
        "total_gross": Decimal("119.00"),
    }
    assert {one.source for one in found.fields.values()} == {"xml"}
    assert all(one.accepted and one.score == 1.0 for one in found.fields.values())
    (item,) = found.line_items
    assert {name: cell.value for name, cell in item.items()} == {
        "position": "1", "description": "Bolt", "quantity": 4, "unit": "H87",
    }  # fmt: skip


def test_a_ubl_invoice_is_read() -> None:
    found = parse_invoice(UBL.encode())
    assert found is not None
    assert found.fields["invoice_number"].value == "U-9"
    assert found.fields["total_gross"].value == Decimal("10.00")
    assert found.line_items[0]["amount"].value == Decimal("8.40")


def test_entities_and_document_types_are_refused(tmp_path: Path) -> None:
    secret = tmp_path / "secret"
    secret.write_text("secret")
    hostile = f'<!DOCTYPE x [<!ENTITY e SYSTEM "file://{secret}">]>' + UBL.replace("U-9", "&e;")
    assert parse_invoice(hostile.encode()) is None


@pytest.mark.parametrize("data", [b"", b"<a", b"<a/>", b"\x00\xff", b"<Invoice/>"])
def test_what_is_no_invoice_gives_nothing(data: bytes) -> None:
    assert parse_invoice(data) is None


def test_a_file_that_is_no_pdf_has_no_invoice(tmp_path: Path) -> None:
    path = tmp_path / "a.pdf"
    path.write_bytes(b"hello")
    assert embedded_invoice(path) is None
