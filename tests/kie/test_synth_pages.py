"""Pages of the generator: the same for the same seed, legal, and true to what they print."""

import subprocess
import sys
from collections import Counter

import pytest

from kie.labelled import LabelledPage
from kie.schema import FIELDS, PAGE_TYPES
from kie.synth import FAMILIES, load_locales, make_page
from kie.synth.generator import draw_page

NAMES = {field.name for field in FIELDS}


@pytest.fixture(scope="module")
def noisy() -> list[LabelledPage]:
    return [make_page(11, index) for index in range(400)]


@pytest.fixture(scope="module")
def clean() -> list[LabelledPage]:
    return [make_page(12, index, clean=True) for index in range(400)]


def test_the_same_seed_and_index_give_the_same_page() -> None:
    assert all(make_page(5, index) == make_page(5, index) for index in range(20))
    assert make_page(5, 0) != make_page(6, 0)
    assert make_page(5, 0) != make_page(5, 1)


def test_another_process_makes_the_same_pages() -> None:
    code = "from kie.synth import make_page; print(ascii([make_page(5, k) for k in range(8)]))"
    there = subprocess.run(
        [sys.executable, "-c", code],
        capture_output=True,
        text=True,
        check=True,
        env={"PYTHONHASHSEED": "77", "PYTHONPATH": "."},
    )
    assert there.stdout.strip() == ascii([make_page(5, k) for k in range(8)])


def test_boxes_lie_on_the_page_and_are_not_turned_inside_out(noisy: list[LabelledPage]) -> None:
    for page in noisy:
        for word in page.words:
            x0, y0, x1, y1 = word.box
            assert 0 <= x0 <= x1 <= 1000
            assert 0 <= y0 <= y1 <= 1000


def test_words_have_text_without_blanks(noisy: list[LabelledPage]) -> None:
    assert all(word.text and " " not in word.text for page in noisy for word in page.words)


def test_words_of_a_line_follow_one_another(noisy: list[LabelledPage]) -> None:
    for page in noisy:
        lines = [word.line for word in page.words]
        assert lines == sorted(lines)


def test_entities_are_numbered_and_name_words_of_the_page(noisy: list[LabelledPage]) -> None:
    for page in noisy:
        assert [entity.id for entity in page.entities] == list(range(len(page.entities)))
        used = [index for entity in page.entities for index in entity.words]
        assert len(used) == len(set(used))
        assert all(0 <= index < len(page.words) for index in used)
        assert all(entity.words for entity in page.entities)


def test_fields_are_those_of_the_schema(noisy: list[LabelledPage]) -> None:
    for page in noisy:
        assert page.page_type in PAGE_TYPES
        for entity in page.entities:
            assert entity.field is None or entity.field.replace(".", "_") in NAMES
            assert entity.field is None or entity.kind == "answer"


def test_links_lead_from_questions_to_answers_or_along_a_row(noisy: list[LabelledPage]) -> None:
    seen: Counter[str] = Counter()
    for page in noisy:
        for link in page.links:
            head, tail = page.entities[link.head], page.entities[link.tail]
            seen[link.kind] += 1
            if link.kind == "key_value":
                assert (head.kind, tail.kind) == ("question", "answer")
            else:
                assert head.row is not None
                assert head.row == tail.row
                assert head.id != tail.id
    assert min(seen["key_value"], seen["same_row"]) > 500


def test_an_entity_spells_the_truth_of_each_field(clean: list[LabelledPage]) -> None:
    for page in clean:
        spelt = {
            (entity.field, " ".join(page.words[index].text for index in entity.words))
            for entity in page.entities
        }
        for name, text in page.truth.items():
            # Lines side by side are read across, so an address may be spelt in another order.
            words = sorted(text.split())
            assert any(
                field == name and sorted(other.split()) == words for field, other in spelt
            ), (page.skeleton, name, text)


def test_what_is_printed_is_what_the_document_says() -> None:
    for index in range(150):
        draft, _, _ = draw_page(13, index)
        page = make_page(13, index, clean=True)
        numbers = draft.content.numbers
        for name in ("invoice_number", "order_number", "customer_number"):
            if name in page.truth:
                assert page.truth[name] == " ".join(numbers[name].split())
        for name in ("total_net", "total_tax", "total_gross"):
            if name in page.truth:
                digits = "".join(sign for sign in page.truth[name] if sign.isdigit())
                assert int(digits) == abs(draft.content.amounts[name]), (page.skeleton, name)


def test_net_and_tax_make_gross_but_for_a_few_faults() -> None:
    right = wrong = 0
    for index in range(400):
        content = draw_page(14, index, families=["letter"])[0].content
        amounts = content.amounts
        fits = amounts["total_net"] + amounts["total_tax"] == amounts["total_gross"]
        assert fits != content.faulty
        right, wrong = right + fits, wrong + (not fits)
        assert sum(row.base for row in content.taxes) == amounts["total_net"]
        if "prepaid" in amounts and not content.faulty:
            assert amounts["prepaid"] + amounts["amount_due"] == amounts["total_gross"]
    assert 0 < wrong < 0.07 * right


@pytest.mark.parametrize("family", FAMILIES, ids=lambda family: family.name)
def test_a_family_has_eight_layouts_that_all_come_up(family) -> None:  # type: ignore[no-untyped-def]
    names = {skeleton.name for skeleton in family.skeletons}
    assert len(names) >= 8
    seen = {make_page(15, index, families=[family.name]).skeleton for index in range(160)}
    assert seen == names


def test_every_locale_serves_every_family() -> None:
    for locale in load_locales():
        for family in FAMILIES:
            for index in range(3):
                page = make_page(16, index, families=[family.name], locales=[locale])
                assert page.locale == locale
                assert page.words


def test_pages_come_from_all_locales_without_being_asked() -> None:
    assert {make_page(17, index).locale for index in range(1500)} == set(load_locales())


def test_nothing_reaches_over_the_edge_of_a_clean_page(clean: list[LabelledPage]) -> None:
    at_edge = sum(word.box[2] >= 999 for page in clean for word in page.words)
    assert at_edge < 0.002 * sum(len(page.words) for page in clean)


def test_lines_of_a_clean_page_seldom_overlap(clean: list[LabelledPage]) -> None:
    overlaps = words = 0
    for page in clean:
        boxes = [word.box for word in page.words]
        words += len(boxes)
        for index, (a, b, c, d) in enumerate(boxes):
            for e, f, g, h in boxes[index + 1 : index + 30]:
                across = min(c, g) - max(a, e)
                down = min(d, h) - max(b, f)
                overlaps += across > 3 and down > 0.45 * min(d - b, h - f)
    assert overlaps < 0.015 * words


def test_unknown_families_and_locales_are_named() -> None:
    with pytest.raises(ValueError, match="postcard"):
        make_page(1, 1, families=["postcard"])
    with pytest.raises(ValueError, match="xx-XX"):
        make_page(1, 1, locales=["xx-XX"])
