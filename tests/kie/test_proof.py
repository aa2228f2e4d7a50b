"""What is accepted without a look, and what never is."""

from __future__ import annotations

import pytest

from kie import KieExtractor, page_of
from kie.types import FieldValue
from structure.core.analysis import TextLine
from structure.core.geometry import Box

Texts = list[tuple[str, float, float]]

TOTALS: Texts = [
    ("Net total", 600, 600),
    ("100.00 EUR", 820, 600),
    ("VAT 19%", 600, 630),
    ("19.00 EUR", 820, 630),
    ("Total", 600, 660),
    ("119.00 EUR", 820, 660),
]


@pytest.fixture(scope="module")
def rules() -> KieExtractor:
    return KieExtractor(rules_only=True)


def fields(
    rules: KieExtractor, texts: Texts, *, schema: str = "invoice", score: float = 0.99
) -> dict[str, FieldValue]:
    lines = [TextLine(text, Box(x, y, x + 9.0 * len(text), y + 18), score) for text, x, y in texts]
    return dict(rules.extract([page_of(lines, 1000, 1400)], schema).fields)


def test_a_sum_with_a_named_tax_is_accepted(rules: KieExtractor) -> None:
    found = fields(rules, TOTALS)
    assert all(found[n].accepted for n in ("total_net", "total_tax", "total_gross"))


def test_a_commission_that_makes_a_sum_is_no_proof(rules: KieExtractor) -> None:
    page = [*TOTALS]
    page[2] = ("Handled by our agency", 600, 630)
    found = fields(rules, page)
    assert not found["total_net"].accepted
    assert "total_tax" not in found or not found["total_tax"].accepted


def test_a_date_with_a_rival_is_not_accepted(rules: KieExtractor) -> None:
    page: Texts = [
        ("Invoice date", 600, 100),
        ("03.05.2024", 820, 100),
        ("Rechnungsdatum", 600, 160),
        ("04.06.2024", 820, 160),
    ]
    assert fields(rules, page[:2])["invoice_date"].accepted
    assert not fields(rules, page)["invoice_date"].accepted


def test_an_account_is_accepted_if_its_check_digits_are_right(rules: KieExtractor) -> None:
    right: Texts = [("IBAN: DE89 3704 0044 0532 0130 00", 80, 900)]
    wrong: Texts = [("IBAN: DE89 3704 0044 0532 0130 01", 80, 900)]
    assert fields(rules, right)["iban"].accepted
    assert not fields(rules, wrong)["iban"].accepted


def test_letters_for_digits_in_an_account_are_put_right(rules: KieExtractor) -> None:
    misread: Texts = [("IBAN: DE89 37O4 0044 0532 0I30 00", 80, 900)]
    assert fields(rules, misread)["iban"].value == "DE89370400440532013000"


def test_a_phone_number_is_accepted_if_it_is_printed_twice(rules: KieExtractor) -> None:
    page: Texts = [("Phone: 030 1234567", 80, 60), ("Tel. 030 1234567", 80, 1300)]
    assert fields(rules, page)["seller_phone"].accepted
    assert not fields(rules, page[:1])["seller_phone"].accepted


def test_a_number_that_may_go_on_is_not_accepted(rules: KieExtractor) -> None:
    assert fields(rules, [("Invoice number: 4711-22", 80, 60)])["invoice_number"].accepted
    assert not fields(rules, [("Invoice number: 4711-22 815", 80, 60)])["invoice_number"].accepted


def test_a_mail_address_needs_a_name_that_spells_it_alike(rules: KieExtractor) -> None:
    mail: Texts = [("E-mail: office@pekarna.cz", 80, 900)]
    named: Texts = [("Pekárna", 80, 40), *mail]
    assert fields(rules, named)["seller_email"].accepted
    assert not fields(rules, mail)["seller_email"].accepted


def test_what_was_read_badly_is_not_accepted(rules: KieExtractor) -> None:
    page: Texts = [("Invoice no.: 4711-22", 600, 100), ("Invoice date: 03.05.2024", 600, 130)]
    assert fields(rules, page)["invoice_date"].accepted
    assert not fields(rules, page, score=0.8)["invoice_date"].accepted


def test_one_of_two_times_is_not_accepted(rules: KieExtractor) -> None:
    page: Texts = [("Time: 12:30", 80, 200), ("Open till 22:00", 80, 900)]
    assert not fields(rules, page, schema="receipt")["time"].accepted


def test_what_is_as_large_as_the_total_is_no_tax(rules: KieExtractor) -> None:
    page: Texts = [("Tax", 600, 630), ("Total", 600, 660), ("77.20 EUR", 820, 660)]
    assert "total_tax" not in fields(rules, page)


@pytest.mark.parametrize(("key", "accepted"), [("Invoice number:", True), ("Number:", False)])
def test_a_vague_key_proves_no_number(rules: KieExtractor, key: str, accepted: bool) -> None:
    texts = [(f"{key} 2024-1755", 100, 30), *(("2024-1755", 300 + 100 * k, 18) for k in range(4))]
    lines = [TextLine(t, Box(80, y, 80 + 9.0 * len(t), y + high), 0.99) for t, y, high in texts]
    found = rules.extract([page_of(lines, 1000, 1400)]).fields["invoice_number"]
    assert (found.value, found.accepted) == ("2024-1755", accepted)
