"""Word documents: real styles, sections, columns, tables and page headers, not boxes on a page."""

from __future__ import annotations

from recovery.writers.cleaning import cleaned
from recovery.writers.content import title_of
from recovery.writers.docx_flow import FlowLayout
from recovery.writers.docx_package import Package
from recovery.writers.docx_paper import fit_paper
from recovery.writers.docx_styles import settings_part, styles_part
from recovery.writers.docx_text import Paragraphs
from recovery.writers.ooxml import node
from recovery.writers.options import WriteOptions
from recovery.writers.rendered import Rendered
from structure.core.document import Document


def render_docx(document: Document, options: WriteOptions | None = None) -> Rendered:
    """The document as a docx file; equal documents give equal bytes.

    A block that cannot be written as what it is becomes plain paragraphs, with the warning
    `W_BLOCK_FALLBACK`.
    """
    document = fit_paper(cleaned(document))
    package = Package()
    layout = FlowLayout(document, package)
    body = node("w:body", *layout.elements())
    package.add("styles", "styles", styles_part(layout.sheet))
    package.add(
        "settings",
        "settings",
        settings_part(
            even_and_odd=layout.even_and_odd, sheet=layout.sheet, notes=layout.notes.settings()
        ),
    )
    footnotes = layout.notes.part(Paragraphs(layout.sheet, package, part="footnotes"))
    if footnotes is not None:
        package.add("footnotes", "footnotes", footnotes)
    comments = layout.blocks.paragraphs.comments.part()
    if comments is not None:
        package.add("comments", "comments", comments)
    numbering = layout.blocks.numbering.part()
    if numbering is not None:
        package.add("numbering", "numbering", numbering)
    data = package.to_bytes(
        node("w:document", body),
        title=title_of(document),
        language=document.lang[0] if document.lang else None,
        creator=f"{document.producer.name} {document.producer.version}".strip(),
    )
    return Rendered(data, warnings=tuple(layout.blocks.warnings))
