"""Pictures of a docx file: in the line of text, or anchored at their place on the page."""

from __future__ import annotations

from typing import Literal

from recovery.writers.ooxml import NAMESPACES, Element, emu, node
from structure.core.document import Asset
from structure.core.geometry import Box

Wrap = Literal["square", "top_and_bottom", "behind"]
MOST_OF_PAGE = 0.9  # share of the height between the margins that a picture in the flow may take


def picture_size(asset: Asset, box: Box, room: tuple[float, float]) -> tuple[float, float]:
    """Width and height in points: as in the source, at most `room`, in the picture's own shape."""
    width = min(box.width or room[0], room[0], room[1] * asset.width / asset.height)
    width = max(width, 1.0)
    return width, width * asset.height / asset.width


def inline_picture(relation: str, size: tuple[float, float], number: int, alt: str) -> Element:
    """`w:drawing` in the line; without the four distances LibreOffice adds its own."""
    extent, name = {"cx": emu(size[0]), "cy": emu(size[1])}, f"Picture {number}"
    content = _picture(relation, extent, number, name, alt)
    return node(
        "w:drawing",
        node(
            "wp:inline",
            *_common(extent, number, alt, name, content),
            **{f"dist{side}": 0 for side in "TBLR"},
        ),
    )


def anchored_picture(
    relation: str,
    box: Box,
    wrap: Wrap,
    number: int,
    alt: str,
    gaps: tuple[float, float] = (0.0, 0.0),
) -> Element:
    """`w:drawing` at `box` of the page, in points; text goes around it, or over it.

    Args:
        relation: Of the picture in the package.
        box: Its place.
        wrap: How text goes around it.
        number: Unique in the document.
        alt: What is in the picture.
        gaps: Points that text keeps away from its left and right edge.
    """
    name = f"Picture {number}"
    content = _picture(relation, _extent(box), number, name, alt)
    drawing = anchored(box, wrap, number, alt, name, content, behind=wrap == "behind")
    for side, gap in zip("LR", gaps, strict=True):
        drawing[0].set(f"dist{side}", str(emu(gap)))
    return drawing


def anchored(
    box: Box, wrap: Wrap, number: int, alt: str, name: str, content: Element, *, behind: bool
) -> Element:
    """`w:drawing` of any `a:graphicData` at `box` of the page; `behind`: under the text."""
    wraps = {
        "square": node("wp:wrapSquare", wrapText="bothSides"),
        "top_and_bottom": node("wp:wrapTopAndBottom"),
        "behind": node("wp:wrapNone"),
    }
    return node(
        "w:drawing",
        node(
            "wp:anchor",
            node("wp:simplePos", x=0, y=0),
            _position("H", box.x0),
            _position("V", box.y0),
            wraps[wrap],
            *_common(_extent(box), number, alt, name, content),
            **{f"dist{side}": 0 for side in "TBLR"},
            simplePos=0,
            relativeHeight=number,
            behindDoc=int(behind),
            locked=0,
            layoutInCell=1,
            allowOverlap=1,
        ),
    )


def _extent(box: Box) -> dict[str, int]:
    return {"cx": emu(max(box.width, 1.0)), "cy": emu(max(box.height, 1.0))}


def _position(axis: str, points: float) -> Element:
    offset = node("wp:posOffset")
    offset.text = str(emu(points))
    return node(f"wp:position{axis}", offset, relativeFrom="page")


def _common(
    extent: dict[str, int], number: int, alt: str, name: str, content: Element
) -> tuple[Element, Element, Element, Element]:
    picture = content.get("uri") == NAMESPACES["pic"]
    locks = node("a:graphicFrameLocks", noChangeAspect=1) if picture else None
    return (
        node("wp:extent", **extent),
        node("wp:docPr", id=number, name=name, descr=alt or None),
        node("wp:cNvGraphicFramePr", locks),
        node("a:graphic", content),
    )


def _picture(relation: str, extent: dict[str, int], number: int, name: str, alt: str) -> Element:
    picture = node(
        "pic:pic",
        node(
            "pic:nvPicPr",
            node("pic:cNvPr", id=number, name=name, descr=alt or None),
            node("pic:cNvPicPr"),
        ),
        node(
            "pic:blipFill",
            node("a:blip", r_embed=relation),
            node("a:stretch", node("a:fillRect")),
        ),
        node(
            "pic:spPr",
            node("a:xfrm", node("a:off", x=0, y=0), node("a:ext", **extent)),
            node("a:prstGeom", node("a:avLst"), prst="rect"),
        ),
    )
    return node("a:graphicData", picture, uri=NAMESPACES["pic"])
