"""WordprocessingML: elements with children in the order of the standard, and the zip around them.

Word refuses files whose elements stand in another order; other programs read them without a word.
So every element is made by `node`, which sorts children by `ORDER`; `docx_check` looks over files
that are finished.

Source: ECMA-376 Part 1 (transitional), complex types CT_PPr, CT_RPr, CT_TblPr, CT_TrPr, CT_TcPr,
CT_SectPr, CT_Lvl, CT_Settings, CT_Style.
"""

from __future__ import annotations

import io
import os
import zipfile
from collections.abc import Iterable, Iterator, Mapping
from datetime import UTC, datetime
from typing import Any

from lxml import etree

from structure.core.text import clean

NAMESPACES = {
    "w": "http://schemas.openxmlformats.org/wordprocessingml/2006/main",
    "r": "http://schemas.openxmlformats.org/officeDocument/2006/relationships",
    "wp": "http://schemas.openxmlformats.org/drawingml/2006/wordprocessingDrawing",
    "a": "http://schemas.openxmlformats.org/drawingml/2006/main",
    "pic": "http://schemas.openxmlformats.org/drawingml/2006/picture",
    "m": "http://schemas.openxmlformats.org/officeDocument/2006/math",
    "mc": "http://schemas.openxmlformats.org/markup-compatibility/2006",
    "wps": "http://schemas.microsoft.com/office/word/2010/wordprocessingShape",
    "xml": "http://www.w3.org/XML/1998/namespace",
}
_NSMAP = {key: url for key, url in NAMESPACES.items() if key != "xml"}
_DECLARED = [f' xmlns:{prefix}="{url}"'.encode() for prefix, url in _NSMAP.items()]

ORDER: dict[str, tuple[str, ...]] = {
    f"w:{name}": tuple(f"w:{child}" for child in children.split())
    for name, children in {
        "pBdr": "top left bottom right between bar",
        "pPr": "pStyle keepNext keepLines pageBreakBefore framePr widowControl numPr"
        " suppressLineNumbers pBdr shd tabs suppressAutoHyphens kinsoku wordWrap overflowPunct"
        " topLinePunct autoSpaceDE autoSpaceDN bidi adjustRightInd snapToGrid spacing ind"
        " contextualSpacing mirrorIndents suppressOverlap jc textDirection textAlignment"
        " textboxTightWrap outlineLvl divId cnfStyle rPr sectPr pPrChange",
        "rPr": "rStyle rFonts b bCs i iCs caps smallCaps strike dstrike outline shadow emboss"
        " imprint noProof snapToGrid vanish webHidden color spacing w kern position sz szCs"
        " highlight u effect bdr shd fitText vertAlign rtl cs em lang eastAsianLayout"
        " specVanish oMath rPrChange",
        "tblPr": "tblStyle tblpPr tblOverlap bidiVisual tblStyleRowBandSize tblStyleColBandSize"
        " tblW jc tblCellSpacing tblInd tblBorders shd tblLayout tblCellMar tblLook"
        " tblCaption tblDescription tblPrChange",
        "tblBorders": "top left start bottom right end insideH insideV",
        "tblCellMar": "top left start bottom right end",
        "tcPr": "cnfStyle tcW gridSpan hMerge vMerge tcBorders shd noWrap tcMar textDirection"
        " tcFitText vAlign hideMark cellIns cellDel cellMerge tcPrChange",
        "tcBorders": "top left start bottom right end insideH insideV tl2br tr2bl",
        "sectPr": "headerReference footerReference footnotePr endnotePr type pgSz pgMar paperSrc"
        " pgBorders lnNumType pgNumType cols formProt vAlign noEndnote titlePg textDirection"
        " bidi rtlGutter docGrid printerSettings sectPrChange",
        "lvl": "start numFmt lvlRestart pStyle isLgl suff lvlText lvlPicBulletId lvlJc pPr rPr",
        "abstractNum": "nsid multiLevelType tmpl name styleLink numStyleLink lvl",
        "num": "abstractNumId lvlOverride",
        "numbering": "numPicBullet abstractNum num numIdMacAtCleanup",
        "numPr": "ilvl numId numberingChange ins",
        "style": "name aliases basedOn next link autoRedefine hidden uiPriority semiHidden"
        " unhideWhenUsed qFormat locked personal personalCompose personalReply rsid pPr rPr"
        " tblPr trPr tcPr tblStylePr",
        "styles": "docDefaults latentStyles style",
        "docDefaults": "rPrDefault pPrDefault",
        "settings": "writeProtection view zoom removePersonalInformation removeDateAndTime"
        " doNotDisplayPageBoundaries displayBackgroundShape printPostScriptOverText"
        " printFractionalCharacterWidth printFormsData embedTrueTypeFonts"
        " embedSystemFonts saveSubsetFonts saveFormsData mirrorMargins"
        " alignBordersAndEdges bordersDoNotSurroundHeader bordersDoNotSurroundFooter"
        " gutterAtTop hideSpellingErrors hideGrammaticalErrors activeWritingStyle"
        " proofState formsDesign attachedTemplate linkStyles stylePaneFormatFilter"
        " stylePaneSortMethod documentType mailMerge revisionView trackRevisions"
        " doNotTrackMoves doNotTrackFormatting documentProtection autoFormatOverride"
        " styleLockTheme styleLockQFSet defaultTabStop autoHyphenation"
        " consecutiveHyphenLimit hyphenationZone doNotHyphenateCaps showEnvelope"
        " summaryLength clickAndTypeStyle defaultTableStyle evenAndOddHeaders"
        " bookFoldRevPrinting bookFoldPrinting bookFoldPrintingSheets"
        " drawingGridHorizontalSpacing drawingGridVerticalSpacing"
        " displayHorizontalDrawingGridEvery displayVerticalDrawingGridEvery"
        " doNotUseMarginsForDrawingGridOrigin drawingGridHorizontalOrigin"
        " drawingGridVerticalOrigin doNotShadeFormData noPunctuationKerning"
        " characterSpacingControl printTwoOnOne strictFirstAndLastChars"
        " noLineBreaksAfter noLineBreaksBefore savePreviewPicture"
        " doNotValidateAgainstSchema saveInvalidXml ignoreMixedContent"
        " alwaysShowPlaceholderText doNotDemarcateInvalidXml saveXmlDataOnly"
        " useXSLTWhenSaving saveThroughXslt showXMLTags alwaysMergeEmptyNamespace"
        " updateFields hdrShapeDefaults footnotePr endnotePr compat docVars rsids"
        " attachedSchema themeFontLang clrSchemeMapping doNotIncludeSubdocsInStats"
        " doNotAutoCompressPictures forceUpgrade captions readModeInkLockDown"
        " smartTagType shapeDefaults doNotEmbedSmartTags decimalSymbol listSeparator",
        "footnotePr": "pos numFmt numStart numRestart footnote",
        "footnotes": "footnote",
        "comments": "comment",
    }.items()
}
ORDER |= {
    f"wp:{name}": tuple(child if ":" in child else f"wp:{child}" for child in children.split())
    for name, children in {
        "inline": "extent effectExtent docPr cNvGraphicFramePr a:graphic",
        "anchor": "simplePos positionH positionV extent effectExtent wrapNone wrapSquare wrapTight"
        " wrapThrough wrapTopAndBottom docPr cNvGraphicFramePr a:graphic",
    }.items()
}
# What may stand between blocks as well as inside paragraphs: EG_RunLevelElements of the standard.
_ANYWHERE = (
    "proofErr permStart permEnd bookmarkStart bookmarkEnd moveFromRangeStart moveFromRangeEnd"
    " moveToRangeStart moveToRangeEnd commentRangeStart commentRangeEnd customXmlInsRangeStart"
    " customXmlInsRangeEnd customXmlDelRangeStart customXmlDelRangeEnd customXmlMoveFromRangeStart"
    " customXmlMoveFromRangeEnd customXmlMoveToRangeStart customXmlMoveToRangeEnd ins del moveFrom"
    " moveTo m:oMathPara m:oMath"
)
_RUN_CONTENT = (
    "t br tab drawing mc:AlternateContent fldChar instrText footnoteReference footnoteRef"
    " annotationRef commentReference separator continuationSeparator contentPart delText"
    " delInstrText noBreakHyphen softHyphen dayShort monthShort yearShort dayLong monthLong"
    " yearLong endnoteReference endnoteRef sym pgNum cr object pict ruby ptab lastRenderedPageBreak"
)
ORDER |= {
    f"w:{name}": tuple(child if ":" in child else f"w:{child}" for child in children.split())
    for name, children in {
        "p": f"pPr r hyperlink customXml smartTag sdt dir bdo fldSimple subDoc {_ANYWHERE}",
        "r": f"rPr {_RUN_CONTENT}",
        "tc": f"tcPr p tbl customXml sdt altChunk {_ANYWHERE}",
        "tr": f"tblPrEx trPr tc customXml sdt {_ANYWHERE}",
        "tbl": f"tblPr tblGrid tr customXml sdt {_ANYWHERE}",
    }.items()
}
ORDER["m:r"] = ("m:rPr", "w:rPr", "m:t")
ORDER["wps:wsp"] = ("wps:cNvSpPr", "wps:spPr", "wps:txbx", "wps:bodyPr")
for _parent, _children in {
    "f": "fPr num den",
    "rad": "radPr deg e",
    "sSup": "sSupPr e sup",
    "sSub": "sSubPr e sub",
    "sSubSup": "sSubSupPr e sub sup",
    "nary": "naryPr sub sup e",
    "naryPr": "chr limLoc grow subHide supHide ctrlPr",
    "acc": "accPr e",
    "bar": "barPr e",
    "d": "dPr e",
    "dPr": "begChr sepChr endChr grow shp ctrlPr",
    "m": "mPr mr",
    "limLow": "limLowPr e lim",
    "limUpp": "limUppPr e lim",
    "groupChr": "groupChrPr e",
    "func": "funcPr fName e",
}.items():
    ORDER[f"m:{_parent}"] = tuple(f"m:{child}" for child in _children.split())
_RANKS = {tag: {child: n for n, child in enumerate(names)} for tag, names in ORDER.items()}
# Children that repeat in the order of reading, after the properties.
_MIXED = {"w:p": 1, "w:r": 1, "w:tc": 1, "w:tr": 2, "w:tbl": 2}
_RANKS["w:sectPr"]["w:footerReference"] = 0  # they take turns with those of headers

Element = etree._Element


def node(tag: str, *children: Element | None, **attributes: object) -> Element:
    """An element `prefix:name`; None among the children is left out, the others are put in order.

    Attributes of `w` and `m` elements belong to their namespace; a prefix is written with an
    underscore (`r_id`, `xml_space`). Attributes that are None are left out.

    Raises:
        ValueError: a child is not allowed there.
    """
    element = etree.Element(_name(tag), nsmap=_NSMAP)
    prefix = tag.partition(":")[0]
    for key, value in attributes.items():
        if value is not None:
            element.set(_attribute(prefix, key), clean(str(value)))
    kept = [child for child in children if child is not None]
    ranks = _RANKS.get(tag)
    if ranks is not None:
        kept.sort(key=lambda child: _rank(tag, ranks, child))
    element.extend(kept)
    return element


def _name(tag: str) -> str:
    prefix, _, local = tag.partition(":")
    return f"{{{NAMESPACES[prefix]}}}{local}"


def _attribute(prefix: str, key: str) -> str:
    first, _, rest = key.partition("_")
    if rest:
        return f"{{{NAMESPACES[first]}}}{rest}"
    return _name(f"{prefix}:{key}") if prefix in ("w", "m") else key


def tag_of(element: Element) -> str:
    """`prefix:name` of an element, `?:name` where its namespace is none of ours."""
    name = etree.QName(element)
    prefix = next((p for p, url in NAMESPACES.items() if url == name.namespace), "?")
    return f"{prefix}:{name.localname}"


def child_rank(parent: str, child: Element) -> int | None:
    """Place of a child among those of its parent; None where any order will do.

    Raises:
        ValueError: it is not allowed there.
    """
    ranks = _RANKS.get(parent)
    return None if ranks is None else _rank(parent, ranks, child)


def _rank(parent: str, ranks: Mapping[str, int], child: Element) -> int:
    tag = tag_of(child)
    if tag not in ranks:
        raise ValueError(f"<{tag}> is not allowed in <{parent}>")
    return min(ranks[tag], _MIXED.get(parent, len(ranks)))


def flag(tag: str, on: bool) -> Element | None:
    """An empty element where `on`, else None."""
    return node(tag) if on else None


def val(tag: str, value: object | None) -> Element | None:
    """`<tag w:val="value"/>`, or None where the value is None."""
    return None if value is None else node(tag, val=value)


def twips(points: float) -> int:
    """Points as twentieths of a point."""
    return round(points * 20)


def emu(points: float) -> int:
    """Points as English metric units (12700 each)."""
    return round(points * 12700)


def text_nodes(text: str) -> Iterator[Element]:
    """`w:t`, `w:tab` and `w:br` for text; a line feed inside `w:t` would break the file."""
    for n, line in enumerate(clean(text).split("\n")):
        if n:
            yield node("w:br")
        for m, part in enumerate(line.split("\t")):
            if m:
                yield node("w:tab")
            if part:
                element = node("w:t", xml_space="preserve")
                element.text = part
                yield element


def field_runs(code: str, shown: str, properties: Element | None = None) -> Iterator[Element]:
    """The five runs of a complex field such as PAGE; `code` never comes from a document's text."""

    def run(*content: Element) -> Element:
        copied = None if properties is None else etree.fromstring(etree.tostring(properties))
        return node("w:r", copied, *content)

    instruction = node("w:instrText", xml_space="preserve")
    instruction.text = f" {code} "
    yield run(node("w:fldChar", fldCharType="begin"))
    yield run(instruction)
    yield run(node("w:fldChar", fldCharType="separate"))
    yield run(*text_nodes(shown))
    yield run(node("w:fldChar", fldCharType="end"))


def xml_bytes(root: Element) -> bytes:
    """A standalone XML part; equal trees give equal bytes."""
    etree.cleanup_namespaces(root, keep_ns_prefixes=["w", "r"])
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data


def document_bytes(parts: Iterable[Element | bytes]) -> bytes:
    """The main part of a docx file with elements, or what `serialized` made of them, in its body.

    An element is let go once it is written: the tree of a long document takes many times its bytes.
    """
    spaces = "".join(f' xmlns:{prefix}="{url}"' for prefix, url in _NSMAP.items())
    head = f"<?xml version='1.0' encoding='UTF-8' standalone='yes'?>\n<w:document{spaces}>"
    out = io.BytesIO()
    out.write(head.encode() + b"<w:body>")
    for part in parts:
        out.write(part if isinstance(part, bytes) else serialized(part))
    out.write(b"</w:body></w:document>")
    return out.getvalue()


def serialized(element: Element) -> bytes:
    """An element of the main part, without the namespaces that its root declares."""
    etree.cleanup_namespaces(element, top_nsmap=_NSMAP)
    tag, end, rest = etree.tostring(element).partition(b">")
    for declaration in _DECLARED:
        tag = tag.replace(declaration, b"")
    return tag + end + rest


def zip_bytes(parts: Mapping[str, bytes]) -> bytes:
    """A zip file of `parts` in their order, with fixed time stamps and attributes."""
    out = io.BytesIO()
    with zipfile.ZipFile(out, "w") as archive:
        for name, data in parts.items():
            entry = zipfile.ZipInfo(name, date_time=(1980, 1, 1, 0, 0, 0))
            entry.create_system = 0
            entry.compress_type = (
                zipfile.ZIP_STORED if name.endswith((".png", ".jpeg")) else zipfile.ZIP_DEFLATED
            )
            archive.writestr(entry, data)
    return out.getvalue()


_CORE = {
    "cp": "http://schemas.openxmlformats.org/package/2006/metadata/core-properties",
    "dc": "http://purl.org/dc/elements/1.1/",
    "dcterms": "http://purl.org/dc/terms/",
    "xsi": "http://www.w3.org/2001/XMLSchema-instance",
}


def core_properties(title: str, language: str | None, creator: str) -> bytes:
    """`docProps/core.xml`: only what we know ourselves, never what the input says about its author.

    A date is written only where SOURCE_DATE_EPOCH names one: the time of day would make equal
    documents differ.
    """
    root = etree.Element(f"{{{_CORE['cp']}}}coreProperties", nsmap=_CORE)

    def add(prefix: str, name: str, text: str | None) -> Any:
        if not text:
            return None
        child = etree.SubElement(root, f"{{{_CORE[prefix]}}}{name}")
        child.text = clean(text)
        return child

    add("dc", "title", title)
    add("dc", "creator", creator)
    add("dc", "language", language)
    epoch = os.environ.get("SOURCE_DATE_EPOCH", "")
    if epoch.isascii() and epoch.isdigit() and int(epoch) < 2**35:
        moment = datetime.fromtimestamp(int(epoch), UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
        for name in ("created", "modified"):
            add("dcterms", name, moment).set(f"{{{_CORE['xsi']}}}type", "dcterms:W3CDTF")
    data: bytes = etree.tostring(root, xml_declaration=True, encoding="UTF-8", standalone=True)
    return data
