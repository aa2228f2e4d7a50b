"""Word documents: real styles, sections, columns, tables and page headers, not boxes on a page."""

from __future__ import annotations

from dataclasses import replace

from recovery.writers.cleaning import cleaned
from recovery.writers.content import title_of
from recovery.writers.docx_exact import ExactLayout
from recovery.writers.docx_flow import FlowLayout
from recovery.writers.docx_package import Package
from recovery.writers.docx_paper import fit_paper
from recovery.writers.docx_plain import plain_document
from recovery.writers.docx_styles import settings_part, styles_part
from recovery.writers.docx_template import Template
from recovery.writers.docx_text import Paragraphs
from recovery.writers.docx_variants import Variants
from recovery.writers.joined_tables import with_joined_tables
from recovery.writers.ooxml import Element, document_bytes, node, xml_bytes
from recovery.writers.options import WriteOptions
from recovery.writers.rendered import Rendered
from structure.core.document import Document, Warning
from structure.core.errors import ConfigError


def render_docx(document: Document, options: WriteOptions | None = None) -> Rendered:
    """The document as a docx file; equal documents give equal bytes.

    A block that cannot be written as what it is becomes plain paragraphs, with the warning
    `W_BLOCK_FALLBACK`.
    """
    options = options or WriteOptions()
    document = fit_paper(cleaned(document))
    if options.layout != "exact":
        document = with_joined_tables(document)
    title = title_of(document)
    warnings: list[Warning] = []
    if options.layout == "plain":
        document, warnings = plain_document(document)
    template = None if options.template is None else Template(options.template)
    if template is not None:
        document = replace(document, pages=(template.page,))
    package = Package()
    layout = _layout(document, package, options)
    variants = Variants()
    if template is None and isinstance(layout, FlowLayout):
        main, body = document_bytes(variants.document(layout.elements())), None
    elif template is None:
        main, body = document_bytes(layout.elements()), None
    else:
        main, body = b"", node("w:body", *layout.elements())
    sheet, notes = layout.sheet, layout.notes
    settings = settings_part(even_and_odd=layout.even_and_odd, sheet=sheet, notes=notes.settings())
    comments = layout.blocks.paragraphs.comments
    parts: dict[str, Element | None] = {
        "styles": styles_part(sheet, variants.styles),
        "settings": settings,
        "footnotes": notes.part(Paragraphs(sheet, package, part="footnotes")),
        "comments": None if comments is None else comments.part(),
        "numbering": layout.blocks.numbering.part(),
    }
    if template is not None and body is not None:
        parts = template.apply(package, body, parts)
        main = xml_bytes(node("w:document", body))
    for name, root in parts.items():
        if root is not None:
            package.add(name, name, root)
    data = package.to_bytes(
        main,
        title=title,
        language=document.lang[0] if document.lang else None,
        creator=f"{document.producer.name} {document.producer.version}".strip(),
    )
    return Rendered(data, warnings=(*warnings, *layout.blocks.warnings))


def _layout(
    document: Document, package: Package, options: WriteOptions
) -> FlowLayout | ExactLayout:
    threshold = options.mark_uncertain
    if options.template is not None:
        if options.layout == "exact":
            raise ConfigError(
                "a template has no say where everything keeps its place",
                hint="leave out the template, or choose another layout than exact",
            )
        return FlowLayout(document, package, paged=False, styled=True, threshold=threshold)
    if options.layout == "exact":
        return ExactLayout(document, package, threshold)
    paged = options.layout == "editable"
    return FlowLayout(document, package, paged=paged, threshold=threshold)
