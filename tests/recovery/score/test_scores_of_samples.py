"""What the scores say of generated documents whose truth is known; needs LibreOffice."""

from __future__ import annotations

import io
from pathlib import Path

import docx
import pytest
from docx.shared import Pt
from PIL import Image

from recovery.score.raster import rasterize
from recovery.score.rendering import find_office, to_pdf
from recovery.score.sample import FAMILIES, Sample, make_sample
from recovery.score.scores import FIDELITY, MORE, STRUCTURE, Scores, score

pytestmark = pytest.mark.skipif(find_office() is None, reason="LibreOffice is not installed")


@pytest.fixture(scope="module")
def cache(tmp_path_factory: pytest.TempPathFactory) -> Path:
    return tmp_path_factory.mktemp("renderings")


def scored(sample: Sample, data: bytes) -> Scores:
    pdf = to_pdf({"out.docx": data}).get("out.docx")
    return score(sample.document, sample.pdf, data, pdf)


@pytest.mark.parametrize("family", FAMILIES)
def test_the_source_itself_is_worth_one_on_every_score(family: str, cache: Path) -> None:
    sample = make_sample(family, 1, cache=cache)
    found = score(sample.document, sample.pdf, sample.docx, sample.pdf)
    known = {
        name: value
        for name in (*STRUCTURE, *FIDELITY, *MORE)
        if (value := found.values[name]) is not None
    }
    assert known == dict.fromkeys(known, pytest.approx(1.0, abs=2e-3))
    assert {"text", "order", "type_f1", "page", "placed", "box_iou", "ssim"} <= known.keys()
    assert found.lost == ()
    assert found.values["converts"] == found.values["opens"] == 1.0


def test_letter_paper_costs_page_places_and_looks(cache: Path) -> None:
    sample = make_sample("report", 2, cache=cache)
    document = docx.Document(io.BytesIO(sample.docx))
    wide, high = sample.document.pages[0].w, sample.document.pages[0].h
    other = (595.3, 841.9) if abs(wide - 612) < 1 else (612, 792)
    assert abs(high - other[1]) > 10
    for section in document.sections:
        section.page_width, section.page_height = Pt(other[0]), Pt(other[1])
    buffer = io.BytesIO()
    document.save(buffer)
    found = scored(sample, buffer.getvalue())
    assert found.values["page"] == 0.0
    assert (found.values["placed"] or 0) < 0.95
    assert (found.values["ssim"] or 0) < 0.95
    assert found.structure == pytest.approx(1.0)


def test_an_empty_file_loses_everything(cache: Path) -> None:
    sample = make_sample("report", 1, cache=cache)
    buffer = io.BytesIO()
    docx.Document().save(buffer)
    found = scored(sample, buffer.getvalue())
    assert (found.structure or 0) < 0.1
    assert found.values["placed"] == found.values["box_iou"] == 0.0
    assert found.values["lost"] == 1.0


def test_pictures_of_the_pages_look_right_and_hold_nothing(cache: Path) -> None:
    sample = make_sample("report", 1, cache=cache)
    document = docx.Document()
    section = document.sections[0]
    page = sample.document.pages[0]
    section.page_width, section.page_height = Pt(page.w), Pt(page.h)
    section.left_margin = section.right_margin = Pt(0)
    section.top_margin = section.bottom_margin = Pt(0)
    for pixels in rasterize(sample.pdf, 100):
        buffer = io.BytesIO()
        Image.fromarray(pixels).save(buffer, "PNG")
        # A little less than the page, which must hold the end of the line as well.
        document.add_picture(io.BytesIO(buffer.getvalue()), height=Pt(page.h - 12))
        document.paragraphs[-1].paragraph_format.line_spacing = 1.0
        document.paragraphs[-1].paragraph_format.space_after = Pt(0)
    buffer = io.BytesIO()
    document.save(buffer)
    found = scored(sample, buffer.getvalue())
    assert (found.structure or 0) < 0.1
    assert (found.values["ssim"] or 0) > 0.6
    assert (found.fidelity or 1) < 0.5


def test_a_file_without_a_rendering_has_no_scores_of_looks(cache: Path) -> None:
    sample = make_sample("report", 1, cache=cache)
    found = score(sample.document, sample.pdf, sample.docx, None)
    looks = ("pages", "placed", "box_iou", "ssim")
    assert [found.values[name] for name in looks] == [None] * 4
    assert found.values["converts"] == 0.0
    assert found.structure == pytest.approx(1.0)


def test_a_damaged_file_is_scored_as_an_empty_one(cache: Path) -> None:
    sample = make_sample("report", 1, cache=cache)
    found = score(sample.document, sample.pdf, sample.docx[:500], None)
    assert found.values["opens"] == found.values["valid"] == 0.0
    assert found.values["text"] == 0.0
