"""Who sells and who buys, on small pages."""

from __future__ import annotations

import pytest

from kie import KieExtractor, page_of
from kie.party_names import completed, is_form_alone, is_name, is_street
from structure.core.analysis import TextLine
from structure.core.geometry import Box

Texts = list[tuple[str, float, float]]


def found(texts: Texts, *names: str, schema: str = "invoice") -> list[object]:
    lines = [TextLine(text, Box(x, y, x + 9.0 * len(text), y + 18), 0.99) for text, x, y in texts]
    fields = KieExtractor(rules_only=True).extract([page_of(lines, 1000, 1400)], schema).fields
    return [fields[name].value if name in fields else None for name in names]


def test_an_address_in_one_line_is_the_sellers_and_the_window_below_the_buyers() -> None:
    page: Texts = [
        ("Fenois AG \u00b7 Hauptstr. 18 \u00b7 10115 Berlin", 80, 180),
        ("Galalux Elektro", 80, 210),
        ("Gartenweg 8", 80, 234),
        ("50667 Köln", 80, 258),
        ("Rechnung 2024-17", 80, 420),
    ]
    assert found(page, "seller_name", "buyer_name") == ["Fenois AG", "Galalux Elektro"]


def test_values_in_a_column_belong_to_the_keys_in_theirs() -> None:
    page: Texts = [
        ("Vendor", 80, 100),
        ("Parker Strategies LLP", 400, 100),
        ("Bill to", 80, 124),
        ("Susan Young", 400, 124),
        ("Contact", 80, 148),
        ("Harry Hill", 400, 148),
    ]
    assert found(page, "seller_name", "buyer_name") == ["Parker Strategies LLP", "Susan Young"]


def test_a_legal_form_that_was_cut_off_belongs_to_the_name() -> None:
    page: Texts = [
        ("Boracor Hausverwaltung", 80, 60),
        ("eG", 330, 60),
        ("Kirchplatz 4", 80, 84),
        ("28299 Bremen", 80, 108),
    ]
    assert found(page, "seller_name") == ["Boracor Hausverwaltung eG"]


def test_the_name_of_a_receipt_goes_on_below_with_its_legal_form() -> None:
    page: Texts = [
        ("PASARAYA BORONG PINTAR", 300, 60),
        ("SDN BHD", 368, 82),
        ("NO 19 JALAN TASIK UTAMA 4", 290, 110),
        ("TOTAL 8.20", 80, 400),
    ]
    names = ("seller_name", "seller_address")
    assert found(page, *names, schema="receipt") == [
        "PASARAYA BORONG PINTAR SDN BHD",
        "NO 19 JALAN TASIK UTAMA 4",
    ]


@pytest.mark.parametrize("text", ["Hauptstr. 18", "21 High Street", "Postbus 2463", "P.O. Box 5"])
def test_a_street_is_no_name(text: str) -> None:
    assert is_street(text)


@pytest.mark.parametrize("text", ["Galalux Elektro", "99 Speed Mart Ltd", "Müller & Söhne"])
def test_a_name_is_no_street(text: str) -> None:
    assert is_name(text)
    assert not is_street(text)


@pytest.mark.parametrize("text", ["KOPIE", "Faktura VAT", "Invoice No.", "info@acme.de"])
def test_what_heads_a_paper_is_no_name(text: str) -> None:
    assert not is_name(text)


def test_legal_forms_are_known_alone() -> None:
    assert all(map(is_form_alone, ("GmbH & Co. KG", "Sdn. Bhd.", "s.r.o.", "Ltd.")))
    assert not any(map(is_form_alone, ("Mitte", "Kunden AG", "")))


def test_a_short_name_is_completed_by_its_full_form_elsewhere() -> None:
    assert completed("Öztürk & Demir", ["Öztürk", "Öztürk & Demir Tic. A.Ş."]) == 1
    assert completed("Acme GmbH", ["Acme GmbH & Co. KG"]) is None
