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
    assert all(map(is_form_alone, ("GmbH & Co. KG", "Sdn. Bhd.", "Sdn bhd", "s.r.o.", "Ltd.")))
    assert not any(map(is_form_alone, ("Mitte", "Kunden AG", "")))


def test_a_short_name_is_completed_by_its_full_form_elsewhere() -> None:
    assert completed("Öztürk & Demir", ["Öztürk", "Öztürk & Demir Tic. A.Ş."]) == 1
    assert completed("Acme GmbH", ["Acme GmbH & Co. KG"]) is None


def test_a_company_is_the_buyer_also_where_a_person_stands_above_it() -> None:
    page: Texts = [
        ("Fenois AG \u00b7 Hauptstr. 18 \u00b7 10115 Berlin", 80, 180),
        ("Abteilung Einkauf", 80, 210),
        ("Galalux Elektro", 80, 234),
        ("Gartenweg 8", 80, 258),
        ("50667 Köln", 80, 282),
    ]
    assert found(page, "buyer_name") == ["Galalux Elektro"]


def test_a_seller_that_is_named_only_in_the_footer_is_found_there() -> None:
    page: Texts = [
        ("Weber & Söhne KG", 80, 210),
        ("Gartenweg 8", 80, 234),
        ("50667 Köln", 80, 258),
        ("Montagearbeiten", 80, 500),
        ("119,00 €", 800, 500),
        ("Studio Nordwind | Hafenstr. 4 | 20095 Hamburg", 300, 1320),
    ]
    assert found(page, "seller_name", "buyer_name") == ["Studio Nordwind", "Weber & Söhne KG"]


@pytest.mark.parametrize("left", ["Ship to", "Lieferanschrift", "Luogo di consegna"])
def test_where_goods_are_sent_is_not_who_buys(left: str) -> None:
    page: Texts = [
        ("Harper & Sons", 80, 60),
        ("27 Kings Road", 80, 84),
        ("Leeds LS1 4DY", 80, 108),
        (left, 80, 220),
        ("Bill to", 520, 220),
        ("Warehouse Partners Ltd", 80, 244),
        ("Oakwood School", 520, 244),
        ("12 Main Street", 80, 268),
        ("90 Elm Avenue", 520, 268),
        ("London SW1A 1AA", 80, 292),
        ("Manchester M1 4BT", 520, 292),
    ]
    assert found(page, "seller_name", "buyer_name") == ["Harper & Sons", "Oakwood School"]


def test_a_name_that_ends_with_a_number_is_no_street() -> None:
    page: Texts = [
        ("Fenois AG", 600, 60),
        ("Rechnung an", 80, 186),
        ("Fotostudio Blende 8", 80, 210),
        ("Gartenweg 8", 80, 234),
        ("50667 Köln", 80, 258),
    ]
    assert found(page, "buyer_name") == ["Fotostudio Blende 8"]


def test_pieces_of_a_name_are_joined_from_the_left() -> None:
    page: Texts = [
        ("Pasticceria Dolce", 500, 60),
        ("Vita", 656, 60),
        ("Via Roma, 4", 500, 84),
        ("20121 Milano", 500, 108),
        ("Spett.le", 80, 186),
        ("Arredamenti Moderni", 80, 210),
        ("Corso Italia 9", 80, 234),
        ("40121 Bologna", 80, 258),
    ]
    names = found(page, "seller_name", "buyer_name")
    assert names == ["Pasticceria Dolce Vita", "Arredamenti Moderni"]


def test_the_key_beside_a_heading_is_no_name() -> None:
    page: Texts = [
        ("Fenois AG", 80, 60),
        ("Odbiorca", 80, 186),
        ("Nr zamówienia: PO-4012", 500, 186),
        ("Piekarnia Zielona", 80, 210),
        ("Nr klienta: 7788", 500, 210),
        ("ul. Polna 12", 80, 234),
        ("30-001 Kraków", 80, 258),
    ]
    assert found(page, "buyer_name") == ["Piekarnia Zielona"]


@pytest.mark.parametrize(
    ("own", "other"),
    [
        ("Rechnungskorrektur Nr.: GS-77", "zu Rechnung Nr.: RE-2041"),
        ("Credit note no: GS-77", "Original invoice: RE-2041"),
        ("Avoir n°: GS-77", "Facture d'origine: RE-2041"),
    ],
)
def test_a_credit_note_has_its_own_number_and_not_that_of_the_invoice(own: str, other: str) -> None:
    assert found([(other, 80, 200), (own, 80, 224)], "invoice_number") == ["GS-77"]


def test_a_date_behind_a_place_dates_the_letter() -> None:
    page: Texts = [
        ("Zahlbar bis: 30.06.2024", 80, 100),
        ("Strasbourg, 17.05.2024", 600, 160),
        ("Rechnung Nr. 2024-17", 80, 220),
    ]
    assert [str(v) for v in found(page, "invoice_date", "due_date")] == ["2024-05-17", "2024-06-30"]


def test_a_vague_key_inside_a_longer_one_says_little() -> None:
    page: Texts = [
        ("Embarkation date: 01.08.2024", 80, 100),
        ("Date: 17.05.2024", 80, 124),
        ("Gangway no: 4471", 80, 148),
        ("Number: 2024-17", 80, 172),
    ]
    values = [str(value) for value in found(page, "invoice_date", "invoice_number")]
    assert values == ["2024-05-17", "2024-17"]


def test_the_balance_of_last_month_is_not_the_total() -> None:
    page: Texts = [
        ("Previous balance", 80, 500),
        ("585.24", 800, 500),
        ("Net amount", 80, 524),
        ("100.00", 800, 524),
        ("VAT 20%", 80, 548),
        ("20.00", 800, 548),
        ("Total", 80, 572),
        ("120.00", 800, 572),
    ]
    assert [str(v) for v in found(page, "total_net", "total_gross")] == ["100.00", "120.00"]
