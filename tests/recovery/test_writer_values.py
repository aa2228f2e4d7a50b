from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from recovery.writers.values import (
    FIRST_DATE,
    Value,
    column_values,
    decimal_mark,
    parse_date,
    parse_number,
)

MONTHS = (
    "January",
    "February",
    "March",
    "April",
    "May",
    "June",
    "July",
    "August",
    "September",
    "October",
    "November",
    "December",
)
MARKS = {".": (",", "'", " ", "\u202f", ""), ",": (".", " ", "\u00a0", "\u2019", "")}


def printed(value: Decimal, decimals: int, mark: str, group: str) -> str:
    """How a number is printed with these marks."""
    text = f"{value:,.{decimals}f}" if group else f"{value:.{decimals}f}"
    return text.translate(str.maketrans({",": group, ".": mark}))


@given(st.integers(-(10**12), 10**12), st.integers(0, 3), st.sampled_from(".,"), st.data())
def test_a_printed_number_comes_back(
    digits: int, decimals: int, mark: str, data: st.DataObject
) -> None:
    value = Decimal(digits).scaleb(-decimals)
    group = data.draw(st.sampled_from(MARKS[mark]))
    found = parse_number(printed(value, decimals, mark, group), mark)
    assert found is not None
    assert found.value == value
    assert found.decimals == decimals
    zeros = "." + "0" * decimals if decimals else ""
    assert found.number_format in (f"0{zeros}", f"#,##0{zeros}")


@given(st.text(max_size=20))
def test_any_text_has_a_meaning_or_none(text: str) -> None:
    for mark in (".", ",", None):
        found = parse_number(text, mark)
        assert found is None or any(char.isdigit() for char in text)
    assert column_values([text], header=text, lang=("en",)) is not None


@given(st.dates(FIRST_DATE, date(9999, 12, 31)))
def test_a_printed_date_comes_back(day: date) -> None:
    for text in (
        day.isoformat(),
        f"{day.day}.{day.month}.{day.year}",
        f"{day:%d/%m/%Y}",
        f"{day.year}\u5e74{day.month}\u6708{day.day}\u65e5",
        f"{day.day} {MONTHS[day.month - 1]} {day.year}",
    ):
        found = parse_date(text, "dmy")
        assert found is not None, text
        assert found.value == day


@pytest.mark.parametrize(
    ("text", "value", "number_format"),
    [
        ("-12.50", "-12.50", "0.00"),
        ("\u22123", "-3", "0"),
        ("5-", "-5", "0"),
        ("(1,234)", "-1234", "#,##0_);(#,##0)"),
        ("5.6 %", "0.056", "0.0 %"),
        ("\u20ac 12.00", "12", '"\u20ac "0.00'),
        ("12.00 CHF", "12", '0.00" CHF"'),
        ("US$1,000", "1000", '"US$"#,##0'),
        ("1,23,456.00", "123456", "#,##0.00"),
        ("+4.6", "4.6", "+0.0;-0.0"),
        (".05", "0.05", ".00"),
        ("\uff11\uff12\uff13", "123", "0"),
    ],
)
def test_numbers_keep_the_form_they_were_printed_in(
    text: str, value: str, number_format: str
) -> None:
    found = parse_number(text, ".")
    assert found is not None
    assert (found.value, found.number_format) == (Decimal(value), number_format)


@pytest.mark.parametrize(
    "text",
    [
        "",
        "-",
        "0012",
        "1E5",
        "3-2",
        "1/2",
        "38\u2013128",
        "+49 421",
        "+494212345678",
        "1234567890123456",
        "10\u00b2",
        "1.2.3",
        "1,23,45",
        "12 34",
        "5 %%",
        "$5 EUR",
        "(5",
        "--5",
        "-(5)",
        "v1.0",
        "\u0661\u0662",
        "1,2345",
        "0x1F",
        "nan",
        "inf",
    ],
)
def test_what_only_looks_like_a_number_stays_text(text: str) -> None:
    assert parse_number(text, ".") is None


def test_an_ambiguous_number_is_decided_by_its_column_then_the_table_then_the_language() -> None:
    def meaning(texts: list[str], **more: object) -> object:
        found = column_values(texts, **more)[0]  # type: ignore[arg-type]
        return found and found.value

    assert meaning(["1,234"]) is None
    assert meaning(["1,234", "0.5"]) == 1234
    assert meaning(["1,234", "0,5"]) == pytest.approx(1.234)
    assert meaning(["1,234"], mark=",") == pytest.approx(1.234)
    assert meaning(["1,234"], lang=("en",)) == 1234
    assert meaning(["1,234"], lang=("de",)) == pytest.approx(1.234)
    assert meaning(["1,234", "0.5"], lang=("de",)) == 1234


def test_quarrelling_marks_decide_nothing() -> None:
    assert decimal_mark(["1.5", "1,5"]) is None
    assert decimal_mark(["1.5", "2.5", "3.5", "1,5"]) == "."


@pytest.mark.parametrize(
    "header",
    ["ID", "Invoice No.", "Phone", "Tel", "ZIP code", "Konto-Nr", "\u53d1\u7968\u7f16\u53f7"],
)
def test_columns_of_codes_stay_text(header: str) -> None:
    assert column_values(["123", "456"], header=header) == [None, None]


@pytest.mark.parametrize("header", ["Casino", "Hotel", "Amount", "Notes", ""])
def test_columns_of_numbers_do_not(header: str) -> None:
    assert column_values(["123"], header=header) == [Value(123, "0")]


def test_codes_among_numbers_keep_the_column_text() -> None:
    assert column_values(["0012", "1034", "7"]) == [None, None, Value(7, "0")]
    assert column_values(["A-1023", "1024", "1.5"])[:2] == [None, None]


def test_labels_in_parentheses_are_no_debts() -> None:
    assert column_values(["(1)", "(2)"]) == [None, None]
    assert column_values(["(1)", "2"]) == [Value(-1, "0_);(0)"), Value(2, "0")]


def test_day_or_month_first_is_decided_by_the_column_then_the_language() -> None:
    def first(texts: list[str], *lang: str) -> object:
        found = column_values(texts, lang=lang)[0]
        return found and found.value

    assert first(["3/4/2026"]) is None
    assert first(["3/4/2026"], "en") is None
    assert first(["3/4/2026"], "en-US") == date(2026, 3, 4)
    assert first(["3/4/2026"], "fr") == date(2026, 4, 3)
    assert first(["3/4/2026", "13/4/2026"], "en-US") == date(2026, 4, 3)
    assert first(["3/4/2026", "13/4/2026", "4/13/2026"], "fr") is None


@pytest.mark.parametrize("text", ["1899-12-31", "2026-02-30", "1.1.26", "2026-01", "May 2026"])
def test_other_dates_stay_text(text: str) -> None:
    assert parse_date(text, "dmy") is None


def test_years_of_two_digits_are_dates_where_the_order_is_clear() -> None:
    values = column_values(["01/31/20", "2/3/99"])
    assert [value and value.value for value in values] == [date(2020, 1, 31), date(1999, 2, 3)]
    assert values[0] is not None
    assert values[0].number_format == "mm/dd/yy"
    assert column_values(["1/2/20"]) == [None]
