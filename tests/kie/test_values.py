"""Dates, amounts and codes from all over the world."""

from __future__ import annotations

from datetime import date
from decimal import Decimal

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kie.values.amounts import decimal_mark, find_amounts, parse_number
from kie.values.codes import find_codes, iban_checks
from kie.values.currencies import main_currency
from kie.values.dates import date_order, find_dates


@pytest.mark.parametrize(
    ("text", "value", "currency"),
    [
        ("1.234,56 €", "1234.56", "€"),
        ("EUR 1.234,56", "1234.56", "EUR"),
        ("$1,234.56", "1234.56", "$"),
        ("RM12.00", "12.00", "RM"),
        ("1'234.50 CHF", "1234.50", "CHF"),
        ("1 234,56", "1234.56", ""),
        ("1,23,456.00", "123456.00", ""),
        ("14,73-", "-14.73", ""),
        ("(1,200.00)", "-1200.00", ""),
        ("12.00SR", "12.00", ""),
        (".50", "0.50", ""),
        ("EUR 1.234.67", "1234.67", "EUR"),
    ],
)
def test_an_amount_is_read_as_written(text: str, value: str, currency: str) -> None:
    (amount,) = find_amounts(text)
    assert (amount.value("."), amount.currency) == (Decimal(value), currency)
    assert amount.is_money


@pytest.mark.parametrize("text", ["12:30", "201/113/40209", "B2024x", "Nr"])
def test_times_and_codes_are_no_amounts(text: str) -> None:
    assert list(find_amounts(text)) == []


def test_a_number_of_a_register_is_no_money() -> None:
    (number,) = find_amounts("750.740.81")
    assert not number.is_money


def test_columns_that_a_line_runs_together_stay_two_numbers() -> None:
    assert [a.number for a in find_amounts("55,46 19")] == ["55,46", "19"]


def test_a_page_tells_its_decimal_mark() -> None:
    amounts = [a for text in ("1.234,56", "12,50", "3.000") for a in find_amounts(text)]
    assert decimal_mark(amounts) == ","
    assert parse_number("3.000", ",") == 3000
    assert parse_number("3.000", ".") == Decimal("3.000")


@given(st.decimals(0, 10**9, places=2), st.sampled_from([".", ","]))
def test_what_is_written_with_groups_is_read_back(number: Decimal, mark: str) -> None:
    text = f"{number:,.2f}"
    if mark == ",":
        text = text.translate(str.maketrans(",.", ".,"))
    (amount,) = find_amounts(text)
    assert amount.value("," if mark == "," else ".") == number


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("05.06.2013", (2013, 6, 5)),
        ("2018-03-05", (2018, 3, 5)),
        ("March 5, 2018", (2018, 3, 5)),
        ("3. Mai 2024", (2024, 5, 3)),
        ("1er août 2020", (2020, 8, 1)),
        ("12 de enero de 2020", (2020, 1, 12)),
        ("1 февраля 2020 г.", (2020, 2, 1)),  # noqa: RUF001
        ("2024年5月3日", (2024, 5, 3)),
        ("5 října 2021", (2021, 10, 5)),
        ("3-Mar-18", (2018, 3, 3)),
        ("this 5th day of June, 2012", (2012, 6, 5)),
        ("12/31/19", (2019, 12, 31)),
        ("09/02/201811:40", (2018, 2, 9)),
        ("Jul23'12 02:34PM", (2012, 7, 23)),
        ("Ju103'12", (2012, 7, 3)),
        ("05-05~18", (2018, 5, 5)),
        ("23 Sep 20O4", (2004, 9, 23)),
        ("Dec 23, 20Z1", (2021, 12, 23)),
        ("09/18/20l4", (2014, 9, 18)),
        ("15 -05-18", (2018, 5, 15)),
    ],
)
def test_a_date_is_read_as_written(text: str, expected: tuple[int, int, int]) -> None:
    (found,) = find_dates(text)
    assert found.value("dmy") == date(*expected)


def test_one_clear_date_decides_between_day_and_month_for_all() -> None:
    dates = [d for text in ("03/04/2019", "25/04/2019") for d in find_dates(text)]
    assert date_order(dates, american=True) == "dmy"
    assert date_order(find_dates("03/04/2019"), american=True) == "mdy"
    assert find_dates("03/04/2019")[0].value("mdy") == date(2019, 3, 4)


@pytest.mark.parametrize("text", ["31.02.2020", "12.50", "99/99/9999", "1 2 03", "3.14.15.92"])
def test_impossible_dates_are_none(text: str) -> None:
    assert find_dates(text) == []


@pytest.mark.parametrize(
    ("text", "kind", "value"),
    [
        ("DE08 7009 0100 1234 5678 90", "iban", "DE08700901001234567890"),
        ("IBAN: DE89370400440532013000 BIC", "iban", "DE89370400440532013000"),
        ("ATU13585627", "vat", "ATU13585627"),
        ("FR83 404 833 048", "vat", "FR83404833048"),
        ("IT00743110157 REA", "vat", "IT00743110157"),
        ("CHE-116.281.710 MWST", "vat", "CHE116281710"),
        ("NL004495445B01", "vat", "NL004495445B01"),
        ("SE556188840401", "vat", "SE556188840401"),
    ],
)
def test_a_code_with_a_right_check_digit_is_proven(text: str, kind: str, value: str) -> None:
    proven = [(c.kind, c.value) for c in find_codes(text) if c.proven]
    assert proven == [(kind, value)]


@given(st.integers(0, 9), st.integers(4, 21))
def test_one_wrong_digit_disproves_an_iban(digit: int, place: int) -> None:
    right = "DE89370400440532013000"
    wrong = right[:place] + str(digit) + right[place + 1 :]
    assert iban_checks(wrong) == (wrong == right)


def test_a_code_beside_a_dollar_sign_says_which_dollar() -> None:
    assert main_currency(["$", "$", "$", "CAD", "CAD"]) == "CAD"
    assert main_currency(["kr", "SEK"]) == "SEK"
    assert main_currency(["kr"]) is None
    assert main_currency([]) is None


@pytest.mark.parametrize(
    ("text", "dates"),
    [
        ("01/27/20-02/23/20", ["2020-01-27", "2020-02-23"]),
        ("01.02.2024 - 29.02.2024", ["2024-02-01", "2024-02-29"]),
        ("25. 0ktober 2014", ["2014-10-25"]),
        ("08. Novernber 2014", ["2014-11-08"]),
        ("3 Sepfember 2020", ["2020-09-03"]),
        ("12-05-06-07", []),
        ("05-05.18 of 1.5 / 3", []),
        ("31 Dec 20bz", ["2020-12-31"]),
    ],
)
def test_ranges_and_misread_months_are_dates(text: str, dates: list[str]) -> None:
    assert [found.value("dmy").isoformat() for found in find_dates(text)] == dates
