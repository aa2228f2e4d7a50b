"""Receipts: who issued them and where, and amounts as bad printers leave them; by rules alone."""

from __future__ import annotations

from collections.abc import Sequence
from decimal import Decimal

import pytest

from kie import KieExtractor, extract_fields, page_of
from kie.keys import find_keys
from structure.core.analysis import TextLine
from structure.core.geometry import Box

SALE = ("Bread", "4.50"), ("Milk", "3.20"), ("TOTAL", "7.70")


@pytest.fixture(scope="module")
def rules() -> KieExtractor:
    return KieExtractor(rules_only=True)


def read(
    rules: KieExtractor, head: Sequence[str], sale: Sequence[tuple[str, str]] = SALE
) -> dict[str, object]:
    """Fields of a receipt: centred lines, then rows of a text and an amount."""
    lines = []
    for row, text in enumerate(head):
        x = 225 - 5 * len(text)
        lines.append(TextLine(text, Box(x, 30 * row, x + 10 * len(text), 30 * row + 20)))
    for row, (text, amount) in enumerate(sale, len(head) + 1):
        lines.append(TextLine(text, Box(10, 30 * row, 10 + 10 * len(text), 30 * row + 20)))
        x = 440 - 10 * len(amount)
        lines.append(TextLine(amount, Box(x, 30 * row, 440, 30 * row + 20)))
    page = page_of(lines, 450, 30 * (len(head) + len(sale) + 2))
    found = extract_fields([page], "receipt", extractor=rules)
    return {name: value.value for name, value in found.fields.items()}


@pytest.mark.parametrize(
    ("head", "address"),
    [
        (
            ("TIP TOP MEATS", "6118 PASEO DEL NORTE", "CARLSBAD, CA 92011", "(760) 438-2620"),
            "6118 PASEO DEL NORTE, CARLSBAD, CA 92011",
        ),
        (
            ("Gerbang Alaf Sdn Bhd", "Roc: 1026984-X", "Level 6, Bangunan TH",
             "No.3, Jalan SS21/39", "47400 Petaling Jaya", "(GST ID No: 000504664064)",
             "Tel No. 03-4162-2318"),
            "Level 6, Bangunan TH, No.3, Jalan SS21/39, 47400 Petaling Jaya",
        ),
        (
            ("PRINT EXPERT SDN BHD", "NO 18, 20, 22, JALAN BUNGA 2/16.", "2",
             "40000 SHAH ALAM, SELANGOR", "TEL.03-55250588"),
            "NO 18, 20, 22, JALAN BUNGA 2/16., 40000 SHAH ALAM, SELANGOR",
        ),
        (
            ("Petra Konditorei GmbH", "HRB 44146 Amtsgericht Mainz", "Postfach 70 78 60",
             "13415 Berlin", "Telefon : +49 30 852600"),
            "Postfach 70 78 60, 13415 Berlin",
        ),
        (
            ("NUM PANG SANDWICH SHOP", "21 E. 12 ST. NEW YORK NY 10003", "TEL:(212)255-3271",
             "DATE 09/18/2012 TUE", "TIME 10:24"),
            "21 E. 12 ST. NEW YORK NY 10003",
        ),
    ],
    ids=["no vocabulary", "register before", "speck between", "register of companies", "one line"],
)  # fmt: skip
def test_the_address_is_the_run_of_lines_that_looks_like_one(
    rules: KieExtractor, head: Sequence[str], address: str
) -> None:
    found = read(rules, head)
    assert found["seller_name"] == head[0]
    assert found["seller_address"] == address


def test_a_receipt_without_an_address_has_none(rules: KieExtractor) -> None:
    found = read(rules, ["FISH", "Tel: (212) 727-2879", "Server: Anna", "03/04/2019 02:34PM"])
    assert found["seller_name"] == "FISH"
    assert "seller_address" not in found


def test_lines_that_name_other_fields_are_no_seller(rules: KieExtractor) -> None:
    head = ["Customer Mary Baker", "Document # 44 1200", "ADAMS BAKERY", "36 Mill Lane"]
    assert read(rules, head)["seller_name"] == "ADAMS BAKERY"


def test_an_amount_that_lost_its_point_is_read_among_others_like_it(rules: KieExtractor) -> None:
    sale = [("Oil", "21.20"), ("Sales (Excluding GST)", "20 00"), ("Total GST", "1 20"),
            ("Total Sales", "21.20"), ("Cash", "100.00"), ("Change", "78.80")]  # fmt: skip
    found = read(rules, ["SLF CASH & CARRY", "NO.15 JLN TSJ2", "40000 SHAH ALAM"], sale)
    assert (found["total_net"], found["total_tax"], found["total_gross"]) == (
        Decimal("20.00"),
        Decimal("1.20"),
        Decimal("21.20"),
    )


def test_numbers_with_a_blank_are_no_money_where_there_is_no_other_money(
    rules: KieExtractor,
) -> None:
    found = read(rules, ["CLUB CARD", "36 Mill Lane"], [("Total", "20 00"), ("Points", "1 20")])
    assert found.get("total_gross") != Decimal("20.00")


def test_a_rounded_total_stands_under_the_exact_one_wherever_that_is_repeated(
    rules: KieExtractor,
) -> None:
    sale = [("Bags", "80.91"), ("Rounding", "-0.01"), ("Total Sales", "80.90"), ("Cash", "100.00"),
            ("Change", "19.10"), ("Total", "80.91")]  # fmt: skip
    found = read(rules, ["YONGFATT ENTERPRISE", "81100 JOHOR BAHRU"], sale)
    assert found["total_gross"] == Decimal("80.90")


def test_a_tax_of_nothing_over_another_tax_is_not_the_tax(rules: KieExtractor) -> None:
    sale = [("Lamps", "789.12"), ("Service Tax 0 %", "0.00"), ("Service Tax:", "29.87"),
            ("Total:", "822.05"), ("Credit Card", "822.05")]  # fmt: skip
    found = read(rules, ["LAMPS AND MORE", "36 Mill Lane"], sale)
    assert found["total_gross"] == Decimal("822.05")
    assert found.get("total_tax") != 0


@pytest.mark.parametrize(
    ("text", "name"),
    [("Totel Amt Peyable :", "total_gross"), ("Grend Total Amounf", "total_gross")],
)
def test_each_word_of_a_key_may_have_a_wrong_letter(text: str, name: str) -> None:
    words = page_of([TextLine(text, Box(0, 0, 200, 20))], 450, 900).words
    (key,) = find_keys(words, wide=True)
    assert name in key.names
    assert (key.start, key.end) == (0, 3)


def test_two_letters_more_are_no_misread_key() -> None:
    words = page_of([TextLine("Your order CI 30495", Box(0, 0, 200, 20))], 450, 900).words
    (key,) = find_keys(words, wide=True)
    assert [word.text for word in words[key.start : key.end]] == ["Your", "order"]
