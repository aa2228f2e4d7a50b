"""Named Word styles in XML, and what a single block adds to them as direct formatting."""

from __future__ import annotations

from collections.abc import Sequence
from dataclasses import replace

from recovery.metrics import family_of
from recovery.writers.docx_direction import is_rtl_tag, language_tag
from recovery.writers.docx_looks import (
    DIVIDED,
    INDENT_STEP,
    KEEPS_NEXT,
    LATIN,
    LINE_STEP,
    SIZE_STEP,
    SPACE_STEP,
    STYLE_NAMES,
    TRACKING_STEP,
    Look,
    StyleSheet,
    is_cjk_tag,
)
from recovery.writers.ooxml import Element, flag, node, twips, val
from structure.core.document import Face

EXACT_STEP = 0.3
_CUSTOM = {"Code", "Figure", "TableText", "TableHeading", "MarginNote"}


def fonts(face: Face, sheet: StyleSheet) -> Element:
    """`w:rFonts` with a face for every script, so that no theme decides."""
    latin, family = LATIN[face][0], family_of(face)
    return node(
        "w:rFonts",
        hint="eastAsia" if sheet.cjk else None,
        ascii=latin,
        hAnsi=latin,
        eastAsia=sheet.faces[family],
        cs="Arial" if family == "sans" else latin,
    )


def paragraph_properties(look: Look, base: Look | None, sheet: StyleSheet) -> list[Element]:
    """Children of `w:pPr`; with `base` only what differs from it enough to be seen."""

    def differs(name: str, step: float) -> bool:
        return base is None or abs(getattr(look, name) - getattr(base, name)) > step

    found: list[Element | None] = []
    before, after = differs("before", SPACE_STEP), differs("after", SPACE_STEP)
    line = differs("line", LINE_STEP)
    if base is not None and "exact" in _line_spacing(look, sheet).values():
        # Points do not follow the size of the type as multiples do.
        line = line or abs(sheet.height_of(look) - sheet.height_of(base)) > EXACT_STEP
    if before or after or line:
        found.append(
            node(
                "w:spacing",
                before=twips(look.before) if before else None,
                after=twips(look.after) if after else None,
                **(_line_spacing(look, sheet) if line else {}),
            )
        )
    if any(differs(name, INDENT_STEP) for name in ("first", "left", "right")):
        found.append(indent(look))
    if base is None or look.align != base.align:
        found.append(val("w:jc", {"justify": "both"}.get(look.align, look.align)))
    return [element for element in found if element is not None]


def _line_spacing(look: Look, sheet: StyleSheet) -> dict[str, object]:
    """Distance of lines: a multiple of the face's own, but points where faces differ too much.

    The same Chinese text is half as high again in one face as in another, and which one a reader
    has is unknown.
    """
    if sheet.cjk and not look.grows:
        return {"line": twips(sheet.height_of(look)), "lineRule": "exact"}
    return {"line": round(look.line * 240), "lineRule": "auto"}


def indent(look: Look) -> Element:
    """`w:ind` of a look; a hanging first line pushes the others in."""
    hanging = max(0.0, -look.first)
    return node(
        "w:ind",
        left=twips(look.left),
        right=twips(look.right) if look.right else None,
        firstLine=twips(look.first) if look.first > 0 else None,
        hanging=twips(hanging) if hanging else None,
    )


def run_properties(look: Look, base: Look | None, sheet: StyleSheet) -> list[Element]:
    """Children of `w:rPr`; with `base` only what differs from it enough to be seen."""
    found: list[Element | None] = []
    if base is None or look.face != base.face:
        found.append(fonts(look.face, sheet))
        stretch = sheet.stretch_of(look.face)
        if stretch != (1.0 if base is None else sheet.stretch_of(base.face)):
            found.append(val("w:w", round(100 * stretch)))
    if base is None or abs(look.size - base.size) >= SIZE_STEP:
        half_points = max(2, min(3276, round(look.size * 2)))
        found += [val("w:sz", half_points), val("w:szCs", half_points)]
    for name, tags in (("bold", ("w:b", "w:bCs")), ("italic", ("w:i", "w:iCs"))):
        on = getattr(look, name)
        if base is None:
            found += [flag(tag, on) for tag in tags]
        elif on != getattr(base, name):
            found += [node(tag) if on else node(tag, val=0) for tag in tags]
    if abs(look.tracking - (base.tracking if base else 0.0)) > TRACKING_STEP:
        found.append(val("w:spacing", twips(look.tracking)))
    if look.color != (base.color if base else None):
        found.append(val("w:color", look.color or "auto"))
    return [element for element in found if element is not None]


def styles_part(sheet: StyleSheet, variants: Sequence[Element] = ()) -> Element:
    """`word/styles.xml`; `variants` are styles that build on the others."""
    plain = [tag for tag in sheet.lang if not is_cjk_tag([tag])]
    latin = next((tag for tag in plain if not is_rtl_tag(tag)), "en-US")
    complex_ = next((tag for tag in plain if is_rtl_tag(tag)), "ar-SA")
    east = next((tag for tag in sheet.lang if is_cjk_tag([tag])), "zh-CN")
    defaults = node(
        "w:docDefaults",
        node(
            "w:rPrDefault",
            node(
                "w:rPr",
                *run_properties(Look(sheet.body.size, face=sheet.body.face), None, sheet),
                node(
                    "w:lang",
                    val=_word_tag(latin),
                    eastAsia=_word_tag(east),
                    bidi=language_tag(complex_),
                ),
            ),
        ),
        node("w:pPrDefault", node("w:pPr", node("w:widowControl"))),
    )
    return node(
        "w:styles",
        defaults,
        *(_style(name, sheet) for name in STYLE_NAMES),
        *variants,
        node(
            "w:style",
            val("w:name", "Default Paragraph Font"),
            val("w:uiPriority", 1),
            node("w:semiHidden"),
            type="character",
            default=1,
            styleId="DefaultParagraphFont",
        ),
        node(
            "w:style",
            val("w:name", "Hyperlink"),
            val("w:basedOn", "DefaultParagraphFont"),
            node("w:rPr", val("w:color", "0563C1"), val("w:u", "single")),
            type="character",
            styleId="Hyperlink",
        ),
        node(
            "w:style",
            val("w:name", "footnote reference"),
            val("w:basedOn", "DefaultParagraphFont"),
            node("w:rPr", val("w:vertAlign", "superscript")),
            type="character",
            styleId="FootnoteReference",
        ),
        *_table_styles(),
    )


def _word_tag(tag: str) -> str:
    """Word divides and checks the words of a country; written Chinese too it names by country."""
    return {
        "en": "en-US",
        "de": "de-DE",
        "fr": "fr-FR",
        "es": "es-ES",
        "it": "it-IT",
        "nl": "nl-NL",
        "pt": "pt-PT",
        "pl": "pl-PL",
        "sv": "sv-SE",
        "da": "da-DK",
        "cs": "cs-CZ",
        "ru": "ru-RU",
        "zh": "zh-CN",
        "zh-Hans": "zh-CN",
        "zh-Hant": "zh-TW",
        "ja": "ja-JP",
        "ko": "ko-KR",
    }.get(tag, tag)


def _style(name: str, sheet: StyleSheet) -> Element:
    look = sheet.named[name]
    heading = int(name[-1]) if name.startswith("Heading") else None
    normal = name == "Normal"
    extra: list[Element | None] = [
        flag("w:keepNext", name in KEEPS_NEXT),
        flag("w:keepLines", heading is not None or name == "Title"),
        flag("w:suppressAutoHyphens", sheet.hyphenates and not normal and name not in DIVIDED),
        val("w:outlineLvl", heading - 1) if heading else None,
    ]
    if name in ("Header", "Footer"):
        look = replace(look, first=0.0, left=0.0)
    if normal:
        look = Look(sheet.body.size, face=sheet.body.face)
    return node(
        "w:style",
        val("w:name", STYLE_NAMES[name]),
        None if normal else val("w:basedOn", "Normal"),
        val("w:next", "BodyText") if heading or name == "Title" else None,
        node("w:qFormat"),
        node(
            "w:pPr",
            *extra,
            flag("w:bidi", normal and sheet.mirrored),
            *([] if normal else paragraph_properties(look, None, sheet)),
        ),
        node("w:rPr", *run_properties(look, None, sheet)),
        type="paragraph",
        default=1 if normal else None,
        customStyle=1 if name in _CUSTOM else None,
        styleId=name,
    )


def _table_styles() -> list[Element]:
    margins = node(
        "w:tblCellMar",
        node("w:top", w=0, type="dxa"),
        node("w:left", w=100, type="dxa"),
        node("w:bottom", w=0, type="dxa"),
        node("w:right", w=100, type="dxa"),
    )
    base = node(
        "w:style",
        val("w:name", "Normal Table"),
        val("w:uiPriority", 99),
        node("w:semiHidden"),
        node("w:tblPr", node("w:tblInd", w=0, type="dxa"), margins),
        type="table",
        default=1,
        styleId="TableNormal",
    )
    sides = ("top", "left", "bottom", "right", "insideH", "insideV")
    grid = node(
        "w:style",
        val("w:name", "Table Grid"),
        val("w:basedOn", "TableNormal"),
        node(
            "w:tblPr",
            node(
                "w:tblBorders",
                *(node(f"w:{side}", val="single", sz=4, space=0, color="auto") for side in sides),
            ),
        ),
        type="table",
        styleId="TableGrid",
    )
    return [base, grid]


def settings_part(
    *, even_and_odd: bool, sheet: StyleSheet, notes: Element | None = None
) -> Element:
    """`word/settings.xml`: the layout rules of current Word (mode 15), and no theme."""
    return node(
        "w:settings",
        node("w:zoom", percent=100),
        val("w:defaultTabStop", 720),
        flag("w:autoHyphenation", sheet.hyphenates),
        flag("w:evenAndOddHeaders", even_and_odd),
        val("w:characterSpacingControl", "compressPunctuation" if sheet.cjk else "doNotCompress"),
        notes,
        node(
            "w:compat",
            *(
                node(
                    "w:compatSetting",
                    name=name,
                    uri="http://schemas.microsoft.com/office/word",
                    val=value,
                )
                for name, value in (
                    ("compatibilityMode", 15),
                    ("overrideTableStyleFontSizeAndJustification", 1),
                    ("enableOpenTypeFeatures", 1),
                    ("doNotFlipMirrorIndents", 1),
                )
            ),
        ),
    )
