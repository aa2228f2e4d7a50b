"""How synthetic pages print numbers and dates, and what noise does to words."""

from datetime import date
from random import Random

import pytest

from kie.synth import load_locales, noise
from kie.synth.canvas import Mark
from kie.synth.formats import Formats, choose_formats


def formats(**other: object) -> Formats:
    choices: dict[str, object] = {
        "locale": load_locales()["de-DE"],
        "decimal": ",",
        "grouping": ".",
        "indian": False,
        "decimals": 2,
        "date_style": "{dd}.{mm}.{yyyy}",
        "place": "after",
        "all_amounts": False,
        "negative": "-{}",
    }
    return Formats(**{**choices, **other})  # type: ignore[arg-type]


@pytest.mark.parametrize(
    ("value", "other", "text"),
    [
        (123456, {}, "1.234,56"),
        (5, {}, "0,05"),
        (-123456, {"negative": "({})"}, "(1.234,56)"),
        (123456, {"decimal": ".", "grouping": "'"}, "1'234.56"),
        (12345600, {"decimal": ".", "grouping": ",", "indian": True}, "1,23,456.00"),
        (1234567, {"decimals": 0, "grouping": ","}, "1,234,567"),
        (123456, {"grouping": ""}, "1234,56"),
    ],
)
def test_numbers_are_grouped_as_the_page_groups_them(
    value: int, other: dict[str, object], text: str
) -> None:
    assert formats(**other).number(value) == text


def test_the_currency_stands_beside_totals_and_not_beside_every_amount() -> None:
    assert formats().currency_words("1,00", total=True) == ("", "1,00", "€")
    assert formats().currency_words("1,00", total=False) == ("", "1,00", "")
    glued = formats(place="before_glued", all_amounts=True)
    assert glued.currency_words("1,00", total=False) == ("", "€1,00", "")


def test_dates_follow_the_style_with_names_of_the_locale() -> None:
    day = date(2018, 3, 5)
    assert formats().date(day) == "05.03.2018"
    assert formats().date(day, "{d}. {month} {yyyy}") == "5. März 2018"
    assert formats().date(date(2018, 3, 22), "{ord} {mm}") == "22nd 03"


def test_rates_lose_decimals_they_do_not_need() -> None:
    assert formats().percent(1900) == "19%"
    assert formats().percent(550, " %") == "5,5 %"
    assert formats().percent(825) == "8,25%"


@pytest.mark.parametrize("name", sorted(load_locales()))
def test_each_locale_offers_what_all_others_offer(name: str) -> None:
    locale = load_locales()[name]
    needed = set(load_locales()["en-US"].lists) - {"key.fax", "currency_places", "until"}
    optional = {key for key in needed if key.startswith("key.")}
    optional |= {"tax_numbers", "registers", "item_details"}
    assert needed - optional <= set(locale.lists)
    assert len(locale.list("months")) == len(locale.list("months_short")) == 12
    assert len(locale.list("key.invoice_number")) >= 3
    choose_formats(Random(1), locale)


def line(text: str, x: float = 10, y: float = 10) -> noise.ReadLine:
    words = []
    for token in text.split():
        words.append(noise.ReadWord(token, x, y, x + 6 * len(token), y + 10, None))
        x += 6 * (len(token) + 1)
    return noise.ReadLine(words)


def test_neighbours_in_a_row_are_joined_and_lines_are_cut_at_blanks() -> None:
    lines = [line("Invoice no."), line("4711", x=85), line("far", x=400)]
    joined = noise.resegment(Random(1), lines, merge=1.0, split=0.0)
    assert [len(found.words) for found in joined] == [3, 1]
    cut = noise.resegment(Random(1), joined, merge=0.0, split=1.0)
    assert [found.words[0].text for found in cut] == ["Invoice", "no.", "4711", "far"]


def test_rows_are_read_from_left_to_right_and_then_downwards() -> None:
    lines = [line("c", 10, 40), line("b", 90, 11), line("a", 10, 10)]
    assert [found.words[0].text for found in noise.in_reading_order(lines)] == ["a", "b", "c"]


def test_shares_of_a_line_go_by_the_number_of_characters() -> None:
    found = line("ab abcd")
    found.words[0].x1 = 80.0
    noise.proportional_boxes([found])
    first, second = found.words
    assert second.x1 - second.x0 == pytest.approx(2 * (first.x1 - first.x0))
    assert second.x1 == pytest.approx(10 + 6 * 7)


def test_misreading_changes_about_the_share_it_is_told_to() -> None:
    rng = Random(3)
    changed = sum(noise.misread_word(rng, "Rechnung", 0.03) != "Rechnung" for _ in range(2000))
    assert 0.1 < changed / 2000 < 0.26
    assert all(noise.misread_word(rng, "a", 1.0) for _ in range(200))


def test_a_key_with_a_colon_is_read_together_with_its_value_and_belongs_to_it() -> None:
    key, value = Mark("question"), Mark("answer", "invoice_date")
    found = line("Invoice Date: 05/03/18 10:15")
    for word, mark in zip(found.words, (key, key, value, None), strict=True):
        word.mark = mark
    noise.glue_keys(Random(1), [found], 1.0)
    assert [word.text for word in found.words] == ["Invoice", "Date:05/03/18", "10:15"]
    assert found.words[1].mark is value


def test_dirt_is_of_no_entity_and_lies_on_the_page() -> None:
    found = noise.specks(Random(1), 595, 842, 6)
    assert len(found) == 6
    for speck in found:
        assert speck.words[0].mark is None
        assert 0 < speck.x0 < speck.x1 < 595
