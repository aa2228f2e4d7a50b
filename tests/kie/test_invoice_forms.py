"""Forms of numbers, dates, accounts and addresses on invoices, by rules alone."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest

from kie import KieExtractor, page_of
from kie.types import FieldValue
from structure.core.analysis import TextLine
from structure.core.geometry import Box

Texts = list[tuple[str, float, float]]

EURO: Texts = [("Gesamtbetrag 119,00 EUR", 600, 900)]


@pytest.fixture(scope="module")
def rules() -> KieExtractor:
    return KieExtractor(rules_only=True)


def fields(rules: KieExtractor, texts: Texts) -> dict[str, FieldValue]:
    lines = [TextLine(text, Box(x, y, x + 9.0 * len(text), y + 18), 0.99) for text, x, y in texts]
    return dict(rules.extract([page_of(lines, 1000, 1400)]).fields)


@pytest.mark.parametrize(
    ("line", "number"),
    [
        ("Proforma-Rechnung - 448940765 vom 29. Okt. 2020", "448940765"),
        ("Rechnung Nr. - 4711", "4711"),
        ("Fatura proforma (380) nº 47901594 em 11/05/12", "47901594"),
        ("Invoice no: CI 30495", "CI30495"),
        ("Faktura nr: 7/03/2024", "7/03/2024"),
    ],
)
def test_the_number_of_an_invoice_is_found(rules: KieExtractor, line: str, number: str) -> None:
    assert fields(rules, [(line, 80, 100), *EURO])["invoice_number"].value == number


def test_a_date_with_a_key_of_its_own_is_no_number(rules: KieExtractor) -> None:
    page: Texts = [("Rechnung", 80, 100), ("Datum: 7/03/2024", 80, 130), *EURO]
    found = fields(rules, page)
    assert found["invoice_date"].value == date(2024, 3, 7)
    assert "invoice_number" not in found


def test_an_account_goes_on_in_the_line_below(rules: KieExtractor) -> None:
    page: Texts = [("IBAN", 700, 200), ("DE89 3704 0044 0532", 700, 222), ("0130 00", 700, 244)]
    found = fields(rules, page)["iban"]
    assert found.value == "DE89370400440532013000"
    assert found.accepted
    other: Texts = [*page[:2], ("0130 01", 700, 244)]
    assert "iban" not in fields(rules, other) or not fields(rules, other)["iban"].accepted


def test_a_german_tax_number_may_have_blanks(rules: KieExtractor) -> None:
    page: Texts = [("Steuernummer", 80, 100), ("058 171 15971", 300, 100), *EURO]
    assert fields(rules, page)["seller_tax_number"].value == "05817115971"


def test_an_american_tax_number_is_the_sellers_tax_id(rules: KieExtractor) -> None:
    page: Texts = [("Federal Tax ID: 63-7787958", 80, 100), ("Total $119.00", 600, 900)]
    assert fields(rules, page)["seller_tax_id"].value == "63-7787958"


@pytest.mark.parametrize(
    ("total", "day", "accepted"),
    [
        ("Total $119.00", "03/05/2024", False),
        ("Total $119.00", "03/25/2024", True),
        ("Total 119.00 EUR", "03/05/2024", True),
        ("Denver, CO 80202", "03/05/2024", True),
        ("Document FA 97446", "03/05/2024", False),
    ],
    ids=["nothing tells", "the date tells", "the currency tells", "the state tells", "no state"],
)
def test_a_date_whose_day_may_be_its_month_is_not_accepted(
    rules: KieExtractor, total: str, day: str, accepted: bool
) -> None:
    page: Texts = [("Invoice date", 600, 100), (day, 820, 100), (total, 600, 900)]
    assert fields(rules, page)["invoice_date"].accepted is accepted


def test_a_date_that_stands_there_twice_may_be_two_dates(rules: KieExtractor) -> None:
    page: Texts = [
        ("Date", 600, 100),
        ("09.02.2026", 820, 100),
        ("Leveret den 09.02.2026", 80, 400),
    ]
    found = fields(rules, page)
    assert found["invoice_date"].value == found["delivery_date"].value == date(2026, 2, 9)


def test_a_total_without_tax_that_is_printed_once_proves_nothing(rules: KieExtractor) -> None:
    page: Texts = [
        ("Delsumma", 368, 316), ("3 739 816,64 kr", 620, 316),
        ("Rabatt", 368, 340), ("-373 981,66 kr", 620, 340),
        ("Varav moms", 368, 364), ("0,00 kr", 620, 364),
        ("Summa inkl. moms:", 368, 388), ("3 365 834,98 kr", 620, 388),
    ]  # fmt: skip
    assert fields(rules, page)["total_gross"].value == Decimal("3365834.98")


@pytest.mark.parametrize(
    ("below", "kept"),
    [("Deutschland", True), ("GUTSCHRIFT", False), ("Telefon", False), ("CVR-nr. kunde", False),
     ("info@muster.de", False)],
)  # fmt: skip
def test_an_address_ends_before_labels_and_titles(
    rules: KieExtractor, below: str, kept: bool
) -> None:
    page: Texts = [("Muster Bau GmbH", 80, 60), ("Am Kai 3", 80, 84), ("20457 Hamburg", 80, 108),
                   (below, 80, 132), *EURO]  # fmt: skip
    address = fields(rules, page)["seller_address"].value
    assert address == "Am Kai 3, 20457 Hamburg" + kept * f", {below}"
