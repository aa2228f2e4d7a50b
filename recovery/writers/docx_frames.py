"""What keeps its place on the page of a docx file, and the small paragraphs that hold it."""

from __future__ import annotations

from collections.abc import Sequence

from recovery.writers.docx_looks import Look, StyleSheet
from recovery.writers.docx_pictures import anchored
from recovery.writers.docx_spacing import bottom_slack
from recovery.writers.flow import Section, usable_margins
from recovery.writers.ooxml import NAMESPACES, Element, emu, node, text_nodes, twips, val
from structure.core.geometry import Box, union

CAPITAL = 0.66  # height of a capital letter in em


def takes_section_end(element: Element) -> bool:
    """Whether a section can end with this element: a paragraph that is no frame."""
    if not str(element.tag).endswith("}p"):
        return False
    return all(not str(child.tag).endswith("}framePr") for child in element[0])


def tiny_paragraph(
    section_end: Element | None = None,
    *,
    column_break: bool = False,
    before: float = 0.0,
    after: float = 0.0,
) -> Element:
    """A paragraph of one point, where Word needs one and the reader must not see it."""
    return node(
        "w:p",
        node(
            "w:pPr",
            node(
                "w:spacing",
                before=max(0, twips(before)),
                after=twips(after),
                line=20,
                lineRule="exact",
            ),
            node("w:rPr", val("w:sz", 2)),
            section_end,
        ),
        node("w:r", node("w:br", type="column")) if column_break else None,
    )


def drop_cap(letter: str, lines: int, look: Look, style: str, sheet: StyleSheet) -> Element:
    """A paragraph with the first letter of the next one, as high as some of its lines."""
    pitch = sheet.height_of(look)
    size = ((lines - 1) * pitch + CAPITAL * look.size) / CAPITAL
    half_points = max(2, min(3276, round(2 * size)))
    return node(
        "w:p",
        node(
            "w:pPr",
            val("w:pStyle", style),
            node("w:keepNext"),
            node(
                "w:framePr",
                dropCap="drop",
                lines=lines,
                wrap="around",
                vAnchor="text",
                hAnchor="text",
            ),
            node("w:spacing", before=0, after=0, line=twips(lines * pitch), lineRule="exact"),
            node("w:ind", left=0, firstLine=0),
            val("w:textAlignment", "baseline"),
        ),
        node(
            "w:r",
            node("w:rPr", val("w:sz", half_points), val("w:szCs", half_points)),
            *text_nodes(letter),
        ),
    )


def text_box(
    paragraphs: Sequence[Element], box: Box, number: int, vertical: str | None = None
) -> Element:
    """`mc:AlternateContent` with a box without margins, lines or fill, at its place on the page.

    `vertical` is the direction of text on its side, as `a:bodyPr` names it.
    """
    extent = {"cx": emu(max(box.width, 1.0)), "cy": emu(max(box.height, 1.0))}
    shape = node(
        "wps:wsp",
        node("wps:cNvSpPr", txBox=1),
        node(
            "wps:spPr",
            node("a:xfrm", node("a:off", x=0, y=0), node("a:ext", **extent)),
            node("a:prstGeom", node("a:avLst"), prst="rect"),
            node("a:noFill"),
            node("a:ln", node("a:noFill")),
        ),
        node("wps:txbx", node("w:txbxContent", *paragraphs)),
        node(
            "wps:bodyPr",
            node("a:noAutofit"),
            vert=vertical,
            **{f"{side}Ins": 0 for side in "ltrb"},
            wrap="square",
        ),
    )
    content = node("a:graphicData", shape, uri=NAMESPACES["wps"])
    drawing = anchored(box, "behind", number, "", f"Text {number}", content, behind=False)
    return node("mc:AlternateContent", node("mc:Choice", drawing, Requires="wps"))


def anchor(paragraph: Element, runs: Sequence[Element]) -> None:
    """Put anchored pictures at the beginning of a paragraph on their page."""
    for n, run in enumerate(runs, start=1):
        paragraph.insert(n, run)


def frames(section: Section) -> dict[int, Box]:
    """The frame of each framed piece, by its place in the section; neighbours share one.

    A frame reaches to the end of the page: the paragraph around it goes on in the next column, and
    must not have a line below it.
    """
    found: dict[int, Box] = {}
    floor = section.page.h - usable_margins(section.page).bottom + bottom_slack(section.page)
    numbers = [n for n, piece in enumerate(section.pieces) if piece.framed]
    for n in numbers:
        run = [n]
        while run[-1] + 1 in numbers:
            run.append(run[-1] + 1)
        if n not in found:
            frame = union(section.pieces[k].block.box for k in run)
            frame = Box(frame.x0, frame.y0, frame.x1, max(frame.y1, floor))
            found.update(dict.fromkeys(run, frame))
    return found


def put_under_picture(paragraph: Element, place: Box) -> None:
    """Give the caption of a picture that text runs around a frame at `place`, centred in it."""
    properties = paragraph[0]
    for name in ("w:ind", "w:spacing", "w:jc", "w:keepNext"):
        for child in properties.findall(name, NAMESPACES):
            properties.remove(child)
    kept = list(properties)
    frame = node(
        "w:framePr",
        w=twips(place.width),
        wrap="around",
        vAnchor="page",
        hAnchor="page",
        x=max(1, twips(place.x0)),
        y=max(1, twips(place.y0)),
    )
    spacing = node("w:spacing", before=0, after=0)
    look = [node("w:ind", left=0, firstLine=0), val("w:jc", "center")]
    paragraph.replace(properties, node("w:pPr", *kept, frame, spacing, *look))


def put_in_frame(paragraph: Element, box: Box, frame: Box) -> None:
    """Give a paragraph a place of its own on the page, with text above and below only."""
    properties = paragraph[0]
    for child in properties.findall("w:ind", NAMESPACES):
        properties.remove(child)
    kept = list(properties)
    place = node(
        "w:framePr",
        w=twips(frame.width),
        h=twips(frame.height),
        hRule="atLeast",
        wrap="notBeside",
        vAnchor="page",
        hAnchor="page",
        x=max(1, twips(frame.x0)),
        y=max(1, twips(frame.y0)),
    )
    indent = node("w:ind", left=max(0, twips(box.x0 - frame.x0)), firstLine=0)
    paragraph.replace(properties, node("w:pPr", *kept, place, indent))
