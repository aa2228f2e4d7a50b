"""Coined names: new words in the letters of a locale, and nothing else changed."""

from random import Random

import pytest

from kie.synth import load_locales
from kie.synth.coined import coined

LOCALES = load_locales()


def many(locale: str, name: str) -> list[str]:
    rng = Random(7)
    return [coined(rng, LOCALES[locale], name) for _ in range(300)]


def test_a_third_of_the_names_is_new_and_of_one_word_more() -> None:
    found = many("de-DE", "Alte Poststraße 5")
    new = [name for name in found if name != "Alte Poststraße 5"]
    assert 60 < len(new) < 150
    assert len(set(new)) > 50
    for name in new:
        words = name.split()
        assert len(words) == 3
        assert words[2] == "5"
        assert (words[0] == "Alte") != (words[1] == "Poststraße")


def test_capitals_stay_capitals() -> None:
    assert all(name.isupper() for name in many("en-MY", "JALAN BESAR"))


@pytest.mark.parametrize(("locale", "name"), [("zh-CN", "北京贸易"), ("de-DE", "Ulm 12")])
def test_what_has_no_word_of_four_letters_or_no_blanks_stays(locale: str, name: str) -> None:
    assert set(many(locale, name)) == {name}


def test_letters_are_those_of_the_locale() -> None:
    letters = {c for entry in ("surnames", "places", "streets")
               for text in LOCALES["el-GR"].list(entry) for c in text.lower()}  # fmt: skip
    assert {c for name in many("el-GR", "Παπαδόπουλος") for c in name.lower()} <= letters | {" "}
