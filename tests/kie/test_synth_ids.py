"""Register numbers of the generator pass the checks of those who read them."""

from random import Random

import pytest

from kie.synth import ids


def luhn(number: str) -> bool:
    total = 0
    for index, sign in enumerate(reversed(number)):
        value = int(sign) * (index % 2 + 1)
        total += value // 10 + value % 10
    return total % 10 == 0


def weighted(number: str, *weights: int) -> int:
    return sum(int(sign) * weight for sign, weight in zip(number, weights, strict=True))


def iso_7064(number: str) -> bool:
    product = 10
    for sign in number[:-1]:
        total = (int(sign) + product) % 10 or 10
        product = total * 2 % 11
    return (product + int(number[-1])) % 10 == 1


CHECKS = {
    "DE": lambda text: iso_7064(text[2:]),
    "FR": lambda text: luhn(text[4:]) and int(text[2:4]) == (12 + 3 * int(text[4:])) % 97,
    "IT": lambda text: luhn(text[2:]),
    "GB": lambda text: weighted(text[2:9], 8, 7, 6, 5, 4, 3, 2) % 97 + int(text[9:]) == 97,
    "BE": lambda text: (int(text[2:10]) + int(text[10:])) % 97 == 0,
    "NL": lambda text: weighted(text[2:11], 9, 8, 7, 6, 5, 4, 3, 2, -1) % 11 == 0,
    "PL": lambda text: weighted(text[2:], 6, 5, 7, 2, 3, 4, 5, 6, 7, -1) % 11 == 0,
    "DK": lambda text: weighted(text[2:], 2, 7, 6, 5, 4, 3, 2, 1) % 11 == 0,
    "FI": lambda text: weighted(text[2:], 7, 9, 10, 5, 8, 4, 2, 1) % 11 == 0,
    "HU": lambda text: weighted(text[2:], 9, 7, 3, 1, 9, 7, 3, 1) % 10 == 0,
    "PT": lambda text: weighted(text[2:], 9, 8, 7, 6, 5, 4, 3, 2, 1) % 11 in (0, 1),
    "SE": lambda text: luhn(text[2:12]) and text.endswith("01"),
    "KR": lambda text: len(text) == 12,
    "ES": lambda text: luhn(text[3:]),
}


@pytest.mark.parametrize("country", sorted(CHECKS))
def test_tax_ids_have_the_right_check_digit(country: str) -> None:
    rng = Random(country)
    for _ in range(200):
        text = ids.tax_id(rng, country)
        assert CHECKS[country](text), text


def test_a_changed_digit_is_found_out() -> None:
    text = ids.tax_id(Random(1), "DE")
    other = text[:5] + str((int(text[5]) + 1) % 10) + text[6:]
    assert not CHECKS["DE"](other)


@pytest.mark.parametrize("country", sorted(ids.IBAN_PATTERNS))
def test_ibans_leave_the_remainder_one(country: str) -> None:
    rng = Random(country)
    for _ in range(50):
        text = ids.iban(rng, country)
        turned = text[4:] + text[:4]
        assert int("".join(str(int(sign, 36)) for sign in turned)) % 97 == 1


def test_lengths_of_ibans_are_those_of_the_register() -> None:
    lengths = {"DE": 22, "FR": 27, "GB": 22, "NL": 18, "IT": 27, "CH": 21, "NO": 15, "PL": 28}
    for country, length in lengths.items():
        assert len(ids.iban(Random(1), country)) == length


def test_countries_without_ibans_have_none() -> None:
    assert ids.iban(Random(1), "US") == ""


def test_every_country_of_a_locale_has_a_tax_id() -> None:
    from kie.synth import load_locales

    for locale in load_locales().values():
        assert ids.tax_id(Random(1), locale.country)
