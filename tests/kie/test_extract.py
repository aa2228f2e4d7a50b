# ruff: noqa: RUF001 (digits of other scripts are meant)
"""Fields of whole pages, by rules alone."""

from __future__ import annotations

import json
import random
from collections.abc import Callable
from dataclasses import dataclass, field
from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie import KieExtractor, extract_fields, page_of
from kie.types import KiePage, KieResult
from structure.core.analysis import TextLine
from structure.core.errors import ConfigError
from structure.core.geometry import Box

Texts = list[tuple[str, float, float]]
PageFrom = Callable[..., KiePage]


@pytest.fixture(scope="module")
def rules() -> KieExtractor:
    return KieExtractor(rules_only=True)


def values(result: KieResult) -> dict[str, object]:
    return {name: found.value for name, found in result.fields.items()}


def test_an_invoice_is_read(rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts) -> None:
    found = extract_fields([page_from(invoice_texts)], extractor=rules)
    assert values(found) == {
        "currency": "EUR",
        "invoice_number": "RE-2024-0815",
        "invoice_date": date(2024, 3, 5),
        "due_date": date(2024, 3, 19),
        "seller_name": "Muster Bau GmbH",
        "seller_address": "Am Kai 3, 20457 Hamburg",
        "seller_tax_id": "DE136695976",
        "buyer_name": "Jansen & Co. KG",
        "buyer_address": "Ringweg 7, 28195 Bremen",
        "total_net": Decimal("100.00"),
        "total_tax": Decimal("19.00"),
        "total_gross": Decimal("119.00"),
        "iban": "DE89370400440532013000",
    }
    assert found.fields["total_gross"].currency == "EUR"
    assert found.fields["total_gross"].accepted
    assert found.warnings == ()


def test_line_items_have_typed_cells(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    items = extract_fields([page_from(invoice_texts)], extractor=rules).line_items
    assert [{name: cell.value for name, cell in item.items()} for item in items] == [
        {"position": "1", "description": "Zement 25 kg", "quantity": 10,
         "unit_price": Decimal("8.50"), "amount": Decimal("85.00")},
        {"position": "2", "description": "Lieferung", "quantity": 1,
         "unit_price": Decimal("15.00"), "amount": Decimal("15.00")},
    ]  # fmt: skip


def test_every_value_stands_on_the_page_where_its_boxes_say(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    places = {text: Box(x, y, x + 10 * len(text), y + 20) for text, x, y in invoice_texts}
    found = extract_fields([page_from(invoice_texts)], extractor=rules)
    for name, one in found.fields.items():
        if not one.boxes:
            continue
        for line in one.raw.split("\n"):
            homes = [box for text, box in places.items() if line in text]
            assert any(
                box.covered_by(home.padded(1)) == 1 for home in homes for box in one.boxes
            ), name


def test_neither_the_order_of_lines_nor_the_resolution_matters(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    expected = extract_fields([page_from(invoice_texts)], extractor=rules)
    shuffled = invoice_texts.copy()
    random.Random(3).shuffle(shuffled)
    assert extract_fields([page_from(shuffled)], extractor=rules) == expected
    finer = extract_fields([page_from(invoice_texts, 2.0)], extractor=rules)
    assert values(finer) == values(expected)
    assert {n: f.score for n, f in finer.fields.items()} == {
        n: f.score for n, f in expected.fields.items()
    }


def test_totals_that_do_not_add_up_are_doubted_and_reported(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    wrong = [("29,00" if text == "19,00" else text, x, y) for text, x, y in invoice_texts]
    found = extract_fields([page_from(wrong)], extractor=rules)
    assert [notice.code for notice in found.warnings] == ["W_TOTALS"]
    assert not found.fields["total_tax"].accepted
    assert found.fields["total_tax"].value == Decimal("29.00")


def test_an_invoice_that_is_due_before_it_was_written_is_reported(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    wrong = [("19.01.2024" if t == "19.03.2024" else t, x, y) for t, x, y in invoice_texts]
    found = extract_fields([page_from(wrong)], extractor=rules)
    assert "W_DATES" in [notice.code for notice in found.warnings]


def test_cash_and_change_are_no_totals(rules: KieExtractor) -> None:
    texts = [
        ("SUPER MART SDN BHD", 50, 20), ("Item 13.60", 50, 300), ("TOTAL", 50, 400),
        ("13.60", 300, 400), ("CASH", 50, 430), ("20.00", 300, 430), ("CHANGE", 50, 460),
        ("6.40", 310, 460),
    ]  # fmt: skip
    lines = [TextLine(t, Box(x, y, x + 10 * len(t), y + 20)) for t, x, y in texts]
    found = extract_fields([page_of(lines, 450, 900)], "receipt", extractor=rules)
    assert found.fields["total_gross"].value == Decimal("13.60")
    assert found.fields["tendered"].value == Decimal("20.00")
    assert found.fields["change"].value == Decimal("6.40")
    assert found.fields["seller_name"].value == "SUPER MART SDN BHD"


def test_an_empty_page_has_no_fields(rules: KieExtractor) -> None:
    found = extract_fields([page_of([], 1000, 1414)], extractor=rules)
    assert found.fields == {}
    assert json.loads(found.to_json())["fields"] == {}


def test_a_page_of_five_thousand_words_is_read(rules: KieExtractor) -> None:
    lines = [TextLine("a 1 b 2 c", Box(10, 3 * y, 300, 3 * y + 2)) for y in range(1000)]
    assert extract_fields([page_of(lines, 1000, 3200)], extractor=rules).pages == (1,)


def test_fields_of_two_pages_are_merged(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    first = page_from([t for t in invoice_texts if t[2] < 500])
    last = page_from([t for t in invoice_texts if t[2] >= 500], number=2)
    found = extract_fields([first, last], extractor=rules)
    assert found.fields["invoice_number"].page == 1
    assert found.fields["total_gross"].page == 2
    assert found.parts == ()


def test_a_file_with_two_invoices_gives_two_parts(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    other = [("RE-2024-0999" if t == "RE-2024-0815" else t, x, y) for t, x, y in invoice_texts]
    pages = [page_from(invoice_texts), page_from(other, number=2)]
    found = extract_fields(pages, extractor=rules)
    assert [part.fields["invoice_number"].value for part in found.parts] == [
        "RE-2024-0815",
        "RE-2024-0999",
    ]
    assert [notice.code for notice in found.warnings] == ["W_SEVERAL"]
    assert len(json.loads(found.to_json())["parts"]) == 2


def test_pairs_are_found_beside_and_below_their_keys(
    rules: KieExtractor, page_from: PageFrom
) -> None:
    page = page_from(
        [("Colour: blue", 100, 100), ("Size:", 100, 200), ("XL", 300, 200), ("Notes:", 100, 300)]
    )
    found = extract_fields([page], "generic", extractor=rules)
    assert [(p.key, p.value) for p in found.pairs] == [
        ("Colour", "blue"),
        ("Size", "XL"),
        ("Notes", ""),
    ]
    assert found.pairs[2].score is None


def test_custom_fields_are_found_by_what_they_are_called(
    rules: KieExtractor, page_from: PageFrom
) -> None:
    page = page_from(
        [
            ("Contract No.", 100, 100), ("C-77/12", 300, 100),
            ("Advertiser: Blue Sky Inc", 100, 150),
            ("Flight dates", 100, 200), ("01/15/20 - 01/28/20", 300, 200),
            ("Budget", 100, 250), ("$1,500.00", 300, 250),
        ]
    )  # fmt: skip
    found = extract_fields(
        [page],
        {
            "contract number": str,
            ("advertiser", "client"): str,
            "flight start": (date, "flight dates"),
            "flight end": date,
            "budget": Decimal,
            "nowhere": str,
        },
        extractor=rules,
    )
    assert values(found) == {
        "contract number": "C-77/12",
        "advertiser": "Blue Sky Inc",
        "flight start": date(2020, 1, 15),
        "flight end": date(2020, 1, 28),
        "budget": Decimal("1500.00"),
    }


@dataclass
class Order:
    purchase_order: str | None = field(metadata={"names": ("PO number",)})
    order_total: Decimal | None = None


def test_a_dataclass_is_a_schema(rules: KieExtractor, page_from: PageFrom) -> None:
    page = page_from(
        [("PO Number:", 100, 100), ("A-1", 300, 100), ("Order total", 100, 150), ("5.00", 300, 150)]
    )
    found = extract_fields([page], Order, extractor=rules)
    assert values(found) == {"purchase_order": "A-1", "order_total": Decimal("5.00")}


@pytest.mark.parametrize("schema", ["bill", {}, {"a": list}, {"": str}, 3])
def test_a_schema_that_makes_no_sense_is_refused(schema: object) -> None:
    with pytest.raises(ConfigError):
        extract_fields([], schema)  # type: ignore[arg-type]


def test_json_has_the_promised_keys(
    rules: KieExtractor, page_from: PageFrom, invoice_texts: Texts
) -> None:
    tree = json.loads(extract_fields([page_from(invoice_texts)], extractor=rules).to_json())
    assert set(tree) == {"schema", "pages", "fields", "line_items", "pairs", "warnings"}
    gross = tree["fields"]["total_gross"]
    assert gross["value"] == "119.00"
    assert gross["raw"] == "119,00 EUR"
    assert set(gross) == {
        "value", "raw", "currency", "score", "accepted", "page", "boxes", "source",
    }  # fmt: skip


hostile = st.lists(
    st.tuples(
        st.one_of(
            st.text(max_size=40),
            st.sampled_from(
                ["Total", "Rechnung Nr.", "Kunde:", "1.234,56 €", "31.12.2024", "IBAN:", "Pos",
                 "Menge", "Betrag", "DE89370400440532013000", "\ud800", "Qty", "Price", "-5,00-",
                 "12/31/99", "²³", "٣٫٥٠", "１２．００", "x" * 500],
            ),
        ),
        st.floats(-50, 2000),
        st.floats(-50, 2000),
        st.floats(0, 900),
        st.floats(0, 90),
    ),
    max_size=25,
)  # fmt: skip


@given(hostile, st.sampled_from(["invoice", "receipt", "generic"]))
def test_whatever_a_page_says_extraction_ends_with_strict_json(
    texts: list[tuple[str, float, float, float, float]], schema: str
) -> None:
    lines = [TextLine(t, Box(x, y, x + w, y + h)) for t, x, y, w, h in texts]
    found = KieExtractor(rules_only=True).extract([page_of(lines, 1000, 1414)], schema)
    json.loads(found.to_json())
    for value in found.fields.values():
        assert 0 <= value.score <= 1


def test_a_date_that_was_cut_into_pieces_is_one(rules: KieExtractor, page_from: PageFrom) -> None:
    page = page_from([("Invoice date", 600, 100), ("24", 760, 100), ("May", 800, 100),
                      ("2024", 850, 100)])  # fmt: skip
    assert values(rules.extract([page]))["invoice_date"] == date(2024, 5, 24)
