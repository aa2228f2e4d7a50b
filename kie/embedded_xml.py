# ruff: noqa: E501 (a path a line)
"""The invoice as data inside a PDF: Factur-X, ZUGFeRD 1 and 2, XRechnung, Order-X, and UBL."""

from __future__ import annotations

import os
from collections.abc import Iterator
from dataclasses import dataclass
from datetime import date
from decimal import Decimal, InvalidOperation
from pathlib import Path

from lxml import etree

from kie.schema import BY_NAME
from kie.types import FieldValue, KieResult, LineItem, Value
from structure.core.analysis import Notice
from structure.core.safe_xml import parse_xml

MAX_BYTES = 20_000_000
"""Larger attachments are no invoice."""

_ROOTS = (
    "CrossIndustryInvoice",
    "CrossIndustryDocument",
    "SCRDMCCBDACIOMessageStructure",
    "Invoice",
    "CreditNote",
)

_TYPES = {"380": "invoice", "384": "invoice", "389": "invoice", "381": "credit_note",
          "261": "credit_note", "220": "order", "230": "order", "231": "order"}  # fmt: skip


@dataclass(frozen=True, slots=True)
class _Place:
    """Where a field stands: alternatives of paths of local names, tried in order."""

    name: str
    paths: tuple[str, ...]


def _places(table: str) -> tuple[_Place, ...]:
    rows = (line.split() for line in table.strip().splitlines())
    return tuple(_Place(name, tuple(paths)) for name, *paths in rows)


# Paths of local names; "//" stands for any depth. ZUGFeRD 1 has other names than its successors.
_CII = _places("""
    invoice_number ExchangedDocument/ID HeaderExchangedDocument/ID
    invoice_date ExchangedDocument/IssueDateTime/DateTimeString HeaderExchangedDocument/IssueDateTime/DateTimeString
    document_type ExchangedDocument/TypeCode HeaderExchangedDocument/TypeCode
    currency //InvoiceCurrencyCode //OrderCurrencyCode
    due_date //SpecifiedTradePaymentTerms/DueDateDateTime/DateTimeString
    payment_terms //SpecifiedTradePaymentTerms/Description
    delivery_date //ActualDeliverySupplyChainEvent/OccurrenceDateTime/DateTimeString
    period_start //ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString //ApplicableSupplyChainTradeSettlement/BillingSpecifiedPeriod/StartDateTime/DateTimeString
    period_end //ApplicableHeaderTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString //ApplicableSupplyChainTradeSettlement/BillingSpecifiedPeriod/EndDateTime/DateTimeString
    buyer_reference //BuyerReference
    order_number //ApplicableHeaderTradeAgreement/BuyerOrderReferencedDocument/IssuerAssignedID //ApplicableSupplyChainTradeAgreement/BuyerOrderReferencedDocument/ID
    order_date //BuyerOrderReferencedDocument/FormattedIssueDateTime/DateTimeString //BuyerOrderReferencedDocument/IssueDateTime
    delivery_note_number //ApplicableHeaderTradeDelivery/DespatchAdviceReferencedDocument/IssuerAssignedID //DeliveryNoteReferencedDocument/IssuerAssignedID //DeliveryNoteReferencedDocument/ID
    customer_number //BuyerTradeParty/ID
    seller_name //SellerTradeParty/Name
    seller_phone //SellerTradeParty/DefinedTradeContact/TelephoneUniversalCommunication/CompleteNumber
    seller_email //SellerTradeParty/DefinedTradeContact/EmailURIUniversalCommunication/URIID
    buyer_name //BuyerTradeParty/Name
    total_net //TaxBasisTotalAmount
    total_tax //TaxTotalAmount
    total_gross //GrandTotalAmount
    prepaid //TotalPrepaidAmount
    amount_due //DuePayableAmount
    discount //AllowanceTotalAmount
    charge //ChargeTotalAmount
    iban //PayeePartyCreditorFinancialAccount/IBANID
    bic //PayeeSpecifiedCreditorFinancialInstitution/BICID
""")

_UBL = _places("""
    invoice_number ID
    invoice_date IssueDate
    document_type InvoiceTypeCode CreditNoteTypeCode
    currency DocumentCurrencyCode
    due_date DueDate //PaymentDueDate
    payment_terms PaymentTerms/Note
    delivery_date Delivery/ActualDeliveryDate
    period_start InvoicePeriod/StartDate
    period_end InvoicePeriod/EndDate
    buyer_reference BuyerReference
    order_number OrderReference/ID
    delivery_note_number DespatchDocumentReference/ID
    customer_number AccountingCustomerParty/Party/PartyIdentification/ID
    seller_name AccountingSupplierParty/Party/PartyLegalEntity/RegistrationName AccountingSupplierParty/Party/PartyName/Name
    seller_phone AccountingSupplierParty/Party/Contact/Telephone
    seller_email AccountingSupplierParty/Party/Contact/ElectronicMail
    buyer_name AccountingCustomerParty/Party/PartyLegalEntity/RegistrationName AccountingCustomerParty/Party/PartyName/Name
    total_net LegalMonetaryTotal/TaxExclusiveAmount
    total_tax TaxTotal/TaxAmount
    total_gross LegalMonetaryTotal/TaxInclusiveAmount
    prepaid LegalMonetaryTotal/PrepaidAmount
    amount_due LegalMonetaryTotal/PayableAmount
    discount LegalMonetaryTotal/AllowanceTotalAmount
    charge LegalMonetaryTotal/ChargeTotalAmount
    iban PaymentMeans/PayeeFinancialAccount/ID
    bic PaymentMeans/PayeeFinancialAccount/FinancialInstitutionBranch/ID
""")

_CII_LINE = _places("""
    line_position AssociatedDocumentLineDocument/LineID
    line_article_number SpecifiedTradeProduct/SellerAssignedID SpecifiedTradeProduct/GlobalID
    line_description SpecifiedTradeProduct/Name
    line_quantity //BilledQuantity //RequestedQuantity
    line_unit_price //NetPriceProductTradePrice/ChargeAmount
    line_tax_rate //ApplicableTradeTax/RateApplicablePercent //ApplicableTradeTax/ApplicablePercent
    line_amount //SpecifiedTradeSettlementLineMonetarySummation/LineTotalAmount //SpecifiedTradeSettlementMonetarySummation/LineTotalAmount
""")

_UBL_LINE = _places("""
    line_position ID
    line_article_number Item/SellersItemIdentification/ID Item/StandardItemIdentification/ID
    line_description Item/Name Item/Description
    line_quantity InvoicedQuantity CreditedQuantity
    line_unit_price Price/PriceAmount
    line_tax_rate Item/ClassifiedTaxCategory/Percent
    line_amount LineExtensionAmount
""")


def parse_invoice(data: bytes) -> KieResult | None:
    """An e-invoice; None where the XML is damaged or something else.

    Entities, external files and document types are refused: the file may come from anybody.
    """
    if len(data) > MAX_BYTES:
        return None
    try:
        root = parse_xml(data)
    except ValueError:
        return None
    if _local(root) not in _ROOTS:
        return None
    is_ubl = _local(root) in ("Invoice", "CreditNote")
    fields = dict(_fields(root, _UBL if is_ubl else _CII))
    if "invoice_number" not in fields and "total_gross" not in fields:
        return None
    fields |= dict(_party_codes(root, is_ubl))
    if "document_type" in fields:
        code = fields["document_type"].raw
        kind = _TYPES.get(code, "credit_note" if _local(root) == "CreditNote" else "invoice")
        fields["document_type"] = _value("document_type", kind)
    currency = fields["currency"].raw if "currency" in fields else None
    fields = {name: _with_currency(found, currency) for name, found in fields.items()}
    items = tuple(_items(root, is_ubl, currency))
    notice = Notice("W_XML", "the values come from the electronic invoice inside the file")
    return KieResult("invoice", fields, items, warnings=(notice,))


def embedded_invoice(path: str | os.PathLike[str], password: str | None = None) -> KieResult | None:
    """The e-invoice attached to a PDF; None where there is none, or the file is no PDF."""
    import pypdfium2 as pdfium

    with Path(path).open("rb") as file:
        if b"%PDF" not in file.read(1024):
            return None
    try:
        document = pdfium.PdfDocument(path, password=password)
    except pdfium.PdfiumError:
        return None  # whoever reads the pages says what is wrong
    try:
        for index in range(min(document.count_attachments(), 100)):
            try:
                attachment = document.get_attachment(index)
                if not attachment.get_name().lower().endswith(".xml"):
                    continue
                data = bytes(attachment.get_data())
            except pdfium.PdfiumError:
                continue
            found = parse_invoice(data)
            if found is not None:
                return found
    finally:
        document.close()
    return None


def _fields(root: etree._Element, places: tuple[_Place, ...]) -> Iterator[tuple[str, FieldValue]]:
    for place in places:
        for path in place.paths:
            text = _first(root, path)
            if text:
                yield place.name, _value(place.name, text)
                break


def _first(root: etree._Element, path: str) -> str:
    """Text of the first element on a path of local names."""
    for element in _walk(root, path):
        text = " ".join("".join(str(part) for part in element.itertext()).split())
        if text:
            return text
    return ""


def _walk(root: etree._Element, path: str) -> list[etree._Element]:
    deep = path.startswith("//")
    steps = path.removeprefix("//").split("/")
    level = [e for e in (root.iter() if deep else root) if _local(e) == steps[0]]
    for step in steps[1:]:
        level = [child for element in level for child in element if _local(child) == step]
    return level


def _local(element: etree._Element) -> str:
    tag = element.tag
    return tag.rpartition("}")[2] if isinstance(tag, str) else ""


def _party_codes(root: etree._Element, is_ubl: bool) -> Iterator[tuple[str, FieldValue]]:
    """Tax numbers and addresses of both parties."""
    parties = (
        ("seller", "AccountingSupplierParty/Party" if is_ubl else "//SellerTradeParty"),
        ("buyer", "AccountingCustomerParty/Party" if is_ubl else "//BuyerTradeParty"),
    )
    for who, path in parties:
        for party in _walk(root, path)[:1]:
            for name, text in _tax_codes(party, is_ubl):
                if f"{who}_{name}" in BY_NAME:
                    yield f"{who}_{name}", _value(f"{who}_{name}", text)
            address = _address(party, is_ubl)
            if address:
                yield f"{who}_address", _value(f"{who}_address", address)


def _tax_codes(party: etree._Element, is_ubl: bool) -> Iterator[tuple[str, str]]:
    if is_ubl:
        for scheme in _walk(party, "PartyTaxScheme"):
            kind = _first(scheme, "TaxScheme/ID")
            code = _first(scheme, "CompanyID")
            if code:
                yield ("tax_id" if kind == "VAT" else "tax_number"), code
        return
    for element in _walk(party, "SpecifiedTaxRegistration/ID"):
        text = (element.text or "").strip()
        if text:
            yield ("tax_id" if element.get("schemeID") == "VA" else "tax_number"), text


def _address(party: etree._Element, is_ubl: bool) -> str:
    path = "PostalAddress" if is_ubl else "PostalTradeAddress"
    streets = ("StreetName", "AdditionalStreetName") if is_ubl else ("LineOne", "LineTwo")
    code, city = ("PostalZone", "CityName") if is_ubl else ("PostcodeCode", "CityName")
    for address in _walk(party, path)[:1]:
        town = " ".join(filter(None, (_first(address, code), _first(address, city))))
        country = _first(address, "Country/IdentificationCode" if is_ubl else "CountryID")
        parts = [*(_first(address, street) for street in streets), town, country]
        return ", ".join(filter(None, parts))
    return ""


def _items(root: etree._Element, is_ubl: bool, currency: str | None) -> Iterator[LineItem]:
    names = ("InvoiceLine", "CreditNoteLine") if is_ubl else ("IncludedSupplyChainTradeLineItem",)
    for element in root.iter():
        if _local(element) not in names:
            continue
        cells = dict(_fields(element, _UBL_LINE if is_ubl else _CII_LINE))
        for quantity in element.iter():
            unit = quantity.get("unitCode")
            if unit and _local(quantity) in ("BilledQuantity", "InvoicedQuantity"):
                cells["line_unit"] = _value("line_unit", unit)
        if "line_description" in cells or "line_amount" in cells:
            yield {
                name.removeprefix("line_"): _with_currency(value, currency)
                for name, value in cells.items()
            }


def _with_currency(found: FieldValue, currency: str | None) -> FieldValue:
    from dataclasses import replace

    is_money = isinstance(found.value, Decimal) and BY_NAME[found.name].kind == "amount"
    return replace(found, currency=currency) if is_money else found


def _value(name: str, text: str) -> FieldValue:
    return FieldValue(name, text, _typed(name, text), source="xml")


def _typed(name: str, text: str) -> Value | None:
    kind = BY_NAME[name].kind if name in BY_NAME else "text"
    if kind in ("amount", "number", "percent"):
        try:
            number = Decimal(text)
        except InvalidOperation:
            return None
        return number if number.is_finite() else None
    if kind == "date":
        digits = text.replace("-", "")[:8]
        try:
            return date(int(digits[:4]), int(digits[4:6]), int(digits[6:8]))
        except ValueError:
            return None
    if kind == "code" and name != "seller_phone":
        return "".join(text.split())
    return text
