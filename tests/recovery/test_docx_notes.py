"""Footnotes: bound to their marks in restoration, real footnotes in a docx file."""

from __future__ import annotations

import io
import subprocess
import zipfile
from collections.abc import Callable
from pathlib import Path

import docx
import pytest
from docx.oxml.ns import qn
from lxml import etree

from recovery.restore.footnotes import bind_footnotes
from recovery.writers import render
from recovery.writers.ooxml import NAMESPACES
from structure.core.document import (
    Block,
    Document,
    ListBlock,
    ListItem,
    Page,
    Span,
    Style,
    TextBlock,
)
from structure.core.geometry import Box

Make = Callable[..., Document]
SMALL = Style(size=8, family="serif", pitch=9.5)


def para(n: int, text: str, *, page: int = 1, spans: tuple[Span, ...] = ()) -> TextBlock:
    box = Box(72, 60 + 20 * n, 523, 72 + 20 * n)
    return TextBlock(f"p{page}.b{n}", "paragraph", page, box, text, spans=spans)


def note(n: int, text: str, *, page: int = 1) -> TextBlock:
    box = Box(72, 700 + 10 * n, 523, 709 + 10 * n)
    return TextBlock(f"p{page}.n{n}", "footnote", page, box, text, style=SMALL)


def marked(n: int, text: str, *marks: str, page: int = 1) -> TextBlock:
    """A paragraph in which each of `marks`, found one after the other, refers to note 1, 2, ..."""
    spans, at = [], 0
    for k, mark in enumerate(marks, start=1):
        at = text.index(mark, at)
        spans.append(Span(at, at + len(mark), sup=True, note=f"p{page}.n{k}"))
        at += len(mark)
    return para(n, text, page=page, spans=tuple(spans))


def parts(document: Document) -> dict[str, etree._Element]:
    with zipfile.ZipFile(io.BytesIO(render(document, ".docx").data)) as archive:
        return {
            name: etree.fromstring(archive.read(name))
            for name in archive.namelist()
            if name.startswith("word/") and name.endswith(".xml")
        }


def find(element: etree._Element, path: str) -> list[etree._Element]:
    return element.findall(path, NAMESPACES)


def text_of(element: etree._Element) -> str:
    return "".join(t.text or "" for t in find(element, ".//w:t"))


def test_a_mark_refers_to_a_footnote_of_words_own(document_of: Make) -> None:
    body = marked(1, "Heat1 is dear, light2 is not.", "1", "2")
    found = parts(document_of(body, note(1, "1 In winter."), note(2, "2. In summer.")))
    main, notes = found["word/document.xml"], found["word/footnotes.xml"]
    references = find(main, ".//w:footnoteReference")
    assert [r.get(qn("w:id")) for r in references] == ["1", "2"]
    assert not any(r.get(qn("w:customMarkFollows")) for r in references)
    assert text_of(main) == "Heat is dear, light is not."
    kinds = [(f.get(qn("w:id")), f.get(qn("w:type"))) for f in notes]
    assert kinds == [
        ("-1", "separator"),
        ("0", "continuationSeparator"),
        ("1", None),
        ("2", None),
    ]
    assert [text_of(f).strip() for f in notes[2:]] == ["In winter.", "In summer."]
    assert len(find(notes, ".//w:footnoteRef")) == 2
    styles = {s.get(qn("w:val")) for s in find(notes, "w:footnote/w:p/w:pPr/w:pStyle")}
    assert styles == {"FootnoteText"}


def test_marks_that_word_would_not_count_are_kept_as_printed(document_of: Make) -> None:
    body = marked(1, "Heat* is dear, light1 is not, air3 is.", "*", "1", "3")
    found = parts(
        document_of(body, note(1, "* In winter."), note(2, "1 In summer."), note(3, "3 Now."))
    )
    references = find(found["word/document.xml"], ".//w:footnoteReference")
    custom = [r.get(qn("w:customMarkFollows")) for r in references]
    assert custom == ["1", None, "1"]
    assert text_of(found["word/document.xml"]) == "Heat* is dear, light is not, air3 is."
    assert [text_of(f).strip() for f in found["word/footnotes.xml"][2:]] == [
        "* In winter.",
        "In summer.",
        "3 Now.",
    ]


def test_numbers_go_on_from_the_first_that_was_printed(document_of: Make) -> None:
    found = parts(document_of(marked(1, "Heat7 is dear.", "7"), note(1, "7 In winter.")))
    (start,) = find(found["word/settings.xml"], "w:footnotePr/w:numStart")
    assert start.get(qn("w:val")) == "7"


def test_numbers_that_begin_anew_on_every_page_do_so_in_word(document_of: Make) -> None:
    blocks: list[Block] = []
    for page in (1, 2):
        blocks += [
            marked(1, "Heat1 is dear, light2 is not.", "1", "2", page=page),
            note(1, "1 In winter.", page=page),
            note(2, "2 In summer.", page=page),
        ]
    pages = (Page(1, 595.0, 842.0), Page(2, 595.0, 842.0))
    found = parts(document_of(*blocks, pages=pages))
    (restart,) = find(found["word/settings.xml"], "w:footnotePr/w:numRestart")
    assert restart.get(qn("w:val")) == "eachPage"
    references = find(found["word/document.xml"], ".//w:footnoteReference")
    assert [r.get(qn("w:customMarkFollows")) for r in references] == [None] * 4


def test_a_note_without_a_mark_stays_a_small_paragraph(document_of: Make) -> None:
    document = document_of(para(1, "Heat is dear."), note(1, "1 In winter."))
    assert "word/footnotes.xml" not in parts(document)
    opened = docx.Document(io.BytesIO(render(document, ".docx").data))
    assert opened.paragraphs[-1].text == "1 In winter."
    assert opened.paragraphs[-1].style is not None
    assert opened.paragraphs[-1].style.name == "footnote text"


def test_a_note_goes_on_in_its_next_paragraph(document_of: Make) -> None:
    body = marked(1, "Heat1 is dear.", "1")
    found = parts(document_of(body, note(1, "1 In winter."), note(2, "And in spring.")))
    (own,) = find(found["word/footnotes.xml"], "w:footnote[@w:id='1']")
    assert [text_of(p).strip() for p in find(own, "w:p")] == ["In winter.", "And in spring."]


def test_notes_without_a_printed_mark_are_each_written_once(document_of: Make) -> None:
    body = marked(1, "Heat1 is dear, light2 is not.", "1", "2")
    found = parts(document_of(body, note(1, "In winter."), note(2, "Nor is water.")))
    notes = find(found["word/footnotes.xml"], "w:footnote")[2:]
    assert [text_of(one).strip() for one in notes] == ["In winter.", "Nor is water."]


def test_a_link_in_a_note_belongs_to_the_part_of_the_notes(document_of: Make) -> None:
    target = note(1, "1 See here.")
    linked = TextBlock(
        **{
            **{name: getattr(target, name) for name in target.__dataclass_fields__},
            "spans": (Span(6, 10, link="https://example.org/"),),
        }
    )
    data = render(document_of(marked(1, "Heat1 is dear.", "1"), linked), ".docx").data
    with zipfile.ZipFile(io.BytesIO(data)) as archive:
        assert b"https://example.org/" in archive.read("word/_rels/footnotes.xml.rels")
        assert b"https://example.org/" not in archive.read("word/_rels/document.xml.rels")


def bound(*blocks: Block) -> list[tuple[str, str]]:
    """(text of the mark, id of the note) of everything that `bind_footnotes` binds."""
    found = []
    for block in bind_footnotes(blocks):
        items = block.items if isinstance(block, ListBlock) else (block,)
        for item in items:
            if isinstance(item, TextBlock | ListItem):
                found += [(item.text[s.start : s.end], s.note) for s in item.spans if s.note]
    return found


def test_raised_marks_are_bound_in_order() -> None:
    text = para(1, "Heat1 is dear.2", spans=(Span(4, 5, sup=True), Span(14, 15, sup=True)))
    notes = (note(1, "1 In winter."), note(2, "2 In summer."))
    assert bound(text, *notes) == [("1", "p1.n1"), ("2", "p1.n2")]


def test_digits_that_were_read_as_part_of_a_word_are_bound_where_all_fit() -> None:
    item = ListItem("p1.b2.i1", "-", "light2 is not", 0, 1, Box(72, 100, 523, 112))
    listed = ListBlock("p1.b2", 1, item.box, (item,))
    notes = (note(1, "1 In winter."), note(2, "2 In summer."))
    assert bound(para(1, "Heat1 is dear"), listed, *notes) == [("1", "p1.n1"), ("2", "p1.n2")]


def test_raised_digits_that_are_characters_are_bound_and_square_metres_are_not() -> None:
    text = "It is 90 m\u00b2 large.\u00b2 Then it rained.\u00b9\u00b2"
    assert bound(para(1, text), note(1, "2 It was.")) == [("2", "p1.n1")]


def test_numbers_behind_sentences_are_bound_where_most_notes_find_theirs() -> None:
    notes = [note(n, f"{n} Words of note {n}.") for n in (1, 2, 3)]
    assert bound(para(1, "One day.1 Then it rained.2 It ended."), *notes) == [
        ("1", "p1.n1"),
        ("2", "p1.n2"),
    ]
    assert bound(para(1, "One day.1 Then it rained. It ended."), *notes) == []


def test_symbols_are_bound() -> None:
    notes = (note(1, "* In winter."), note(2, "† In summer."))
    assert bound(para(1, "Heat* is dear, light† is not."), *notes) == [
        ("*", "p1.n1"),
        ("†", "p1.n2"),
    ]


@pytest.mark.parametrize(
    "text",
    [
        "Heat1 is dear.",  # where is 2?
        "Light2 is not dear, heat1 is.",  # the wrong way round
        "Heat1 is dear, light1 too, air2 is not.",  # which of the two?
        "In 1 of 2 years, 11 and 22 of 100.",  # numbers
        "C1H4 and H2O.",
    ],
)
def test_digits_that_do_not_fit_are_left_alone(text: str) -> None:
    assert bound(para(1, text), note(1, "1 In winter."), note(2, "2 In summer.")) == []


def test_marks_are_bound_on_their_own_page() -> None:
    notes = (note(1, "1 In winter."), note(1, "1 In summer.", page=2))
    body = (para(1, "Heat1 is dear."), notes[0], para(1, "Light1 is not.", page=2), notes[1])
    assert bound(*body) == [("1", "p1.n1"), ("1", "p2.n1")]


def test_libreoffice_shows_the_notes_at_the_foot_with_their_numbers(
    document_of: Make, office: Callable[[Path, str], Path], tmp_path: Path
) -> None:
    body = marked(1, "Heat7 is dear, light8 is not.", "7", "8")
    path = tmp_path / "notes.docx"
    made = document_of(body, note(1, "7 In winter."), note(2, "8 In summer."))
    path.write_bytes(render(made, ".docx").data)
    shown = subprocess.run(
        ["pdftotext", "-raw", str(office(path, "pdf")), "-"],
        check=True,
        capture_output=True,
        text=True,
    ).stdout
    words = "Heat7 is dear, light8 is not. 7 In winter. 8 In summer."
    assert " ".join(shown.split()) == words
