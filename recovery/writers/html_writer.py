"""One self-contained HTML page: semantic elements, pictures inside, no script, no remote part."""

from __future__ import annotations

import re
from base64 import b64encode
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import replace
from html import escape

from recovery.direction import document_rtl, table_rtl
from recovery.writers.cleaning import cleaned
from recovery.writers.content import (
    alt_text,
    figure_text,
    header_rows,
    pages_of,
    pieces,
    raw_text,
    title_of,
)
from recovery.writers.joined_tables import with_joined_tables
from recovery.writers.labels import countable, format_of, value_of
from recovery.writers.rendered import Rendered
from structure.core.document import (
    Asset,
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    Furniture,
    ListBlock,
    ListItem,
    Page,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.text import is_rtl, safe_link

POLICY = "default-src 'none'; img-src data:; style-src 'unsafe-inline'"
PICTURE_TYPES = ("image/png", "image/jpeg", "image/gif", "image/webp")
_LIST_TYPES = {"lower_alpha": "a", "upper_alpha": "A", "lower_roman": "i", "upper_roman": "I"}
_SIDES = {"t": "top", "r": "right", "b": "bottom", "l": "left"}
_COLOUR = re.compile("[0-9A-Fa-f]{6}")
_STYLE = """
:root { color-scheme: light; }
body { margin: 0; background: #f3f3f1; color: #1c1c1c; line-height: 1.5; }
main { max-width: 46rem; margin: 0 auto; }
section { background: #fff; margin: 1.5rem 0; padding: 3rem 3.5rem; box-shadow: 0 1px 4px #0003; }
h1, h2, h3, h4, h5, h6 { line-height: 1.25; margin: 1.4em 0 0.5em; }
p, ul, ol, pre, blockquote { margin: 0.6em 0; }
.sans { font-family: "Helvetica Neue", Arial, sans-serif; }
.serif { font-family: "Times New Roman", Times, serif; }
.mono { font-family: "Courier New", monospace; }
.center { text-align: center; } .justify { text-align: justify; }
.left { text-align: left; } .right { text-align: right; }
.caption, caption, figcaption { font-size: 0.9em; color: #444; margin: 0.4em 0; }
caption { padding: 0.3em 0; } .footnote { font-size: 0.85em; }
figure { margin: 1.2em 0; text-align: center; }
img { max-width: 100%; height: auto; }
pre { background: #f6f6f4; padding: 0.8em 1em; overflow-x: auto; }
blockquote { margin-inline-start: 2em; }
.scroll { overflow-x: auto; margin: 1.2em 0; }
table { border-collapse: collapse; margin: 0 auto; font-size: 0.95em; }
th, td { padding: 0.25em 0.7em; text-align: start; vertical-align: top; }
th { font-weight: bold; }
th.center, td.center { text-align: center; } th.right, td.right { text-align: right; }
th.left, td.left { text-align: left; }
table.grid th, table.grid td { border: 1px solid #888; }
table.horizontal tr { border-top: 1px solid #888; border-bottom: 1px solid #888; }
table.three-line { border-top: 2px solid #333; border-bottom: 2px solid #333; }
table.three-line thead { border-bottom: 1px solid #333; }
.formula { text-align: center; margin: 1em 0; }
.number { float: inline-end; }
.labelled { list-style: none; padding-inline-start: 1.2em; }
.furniture { font-size: 0.8em; color: #777; }
.failure { color: #a00; }
@media print { body { background: #fff; } section { box-shadow: none; margin: 0; padding: 0;
 break-before: page; } }
"""


def render_html(document: Document) -> Rendered:
    """The document as one HTML file; all text is escaped, links are http, https or mailto."""
    return Rendered(_HtmlWriter(with_joined_tables(cleaned(document))).render().encode("utf-8"))


def table_html(
    block: TableBlock, *, caption: str = "", attributes: str = "", rtl: bool = False
) -> str:
    """`<table>` with thead and tbody, scopes and integer spans, one row per line.

    Args:
        block: The table.
        caption: HTML of its caption.
        attributes: Further attributes of the table element, with a leading space.
        rtl: Whether its first column is the right one.
    """
    head = header_rows(block)
    rows: list[list[TableCell]] = [[] for _ in range(block.rows)]
    for cell in block.cells:
        if 0 <= cell.row < block.rows:
            rows[cell.row].append(cell)
    lines = [f"<table{attributes}>"]
    if caption:
        lines.append(f"<caption>{caption}</caption>")
    for tag, part in (("thead", rows[:head]), ("tbody", rows[head:])):
        if part:
            lines.append(f"<{tag}>")
            for row in part:
                cells = "".join(_cell(cell, tag == "thead", rtl) for cell in row)
                lines.append(f"<tr>{cells}</tr>")
            lines.append(f"</{tag}>")
    lines.append("</table>")
    return "\n".join(lines)


def _cell(cell: TableCell, head: bool, rtl: bool) -> str:
    tag = "th" if head or cell.header else "td"
    attributes = ""
    if tag == "th":
        side = "col" if head else "row"
        wide = cell.colspan > 1 if head else cell.rowspan > 1
        attributes += f' scope="{side}group"' if wide else f' scope="{side}"'
    for name, value in (("rowspan", cell.rowspan), ("colspan", cell.colspan)):
        if value > 1:
            attributes += f' {name}="{int(value)}"'
    if cell.align in ("center", "left" if rtl else "right"):
        attributes += f' class="{cell.align}"'
    if style := _cell_style(cell):
        attributes += f' style="{style}"'
    text = _text(cell.text)
    return f"<{tag}{attributes}>{f'<b>{text}</b>' if cell.bold and tag == 'td' else text}</{tag}>"


def _cell_style(cell: TableCell) -> str:
    """CSS of what a cell has of its own: rules, fill, place of the text."""
    rules = [
        f"border-{name}: 1px solid #888"
        for side, name in _SIDES.items()
        if side in (cell.borders or "")
    ]
    fill = cell.fill if cell.fill and _COLOUR.fullmatch(cell.fill) else None
    rules += [f"background: #{fill}"] if fill else []
    rules += [f"vertical-align: {cell.valign}"] if cell.valign else []
    return "; ".join(rules)


def _border_style(style: Style) -> str:
    """CSS of the lines above and below a block."""
    sides = (("top", style.border_above), ("bottom", style.border_below))
    return "; ".join(
        f"border-{side}: {border.width:g}pt solid #{border.color}; "
        f"padding-{side}: {border.space:g}pt"
        for side, border in sides
        if border is not None and _COLOUR.fullmatch(border.color)
    )


class _HtmlWriter:
    """State of writing one document."""

    def __init__(self, document: Document) -> None:
        self.document = document
        self.owners = {block.id for block in document.body if not isinstance(block, TextBlock)}
        self.captions: dict[str, list[TextBlock]] = {}
        for block in document.body:
            if isinstance(block, TextBlock) and self._is_bound(block):
                self.captions.setdefault(str(block.caption_of), []).append(block)
        self.title_above = any(block.type == "title" for block in document.body)
        self.rtl = document_rtl(document)

    def render(self) -> str:
        document = self.document
        lang = document.lang[0] if document.lang else ""
        attributes = f' lang="{escape(lang)}"' if lang else ""
        attributes += ' dir="rtl"' if self.rtl else ""
        generator = escape(f"{document.producer.name} {document.producer.version}".strip())
        family = document.style.family or "serif"
        lines = [
            "<!DOCTYPE html>",
            f"<html{attributes}>",
            "<head>",
            '<meta charset="utf-8">',
            f'<meta http-equiv="Content-Security-Policy" content="{POLICY}">',
            '<meta name="viewport" content="width=device-width, initial-scale=1">',
            f'<meta name="generator" content="{generator}">',
            f"<title>{escape(title_of(document))}</title>",
            f"<style>{_STYLE}</style>",
            "</head>",
            f'<body class="{family}">',
            "<main>",
            *self._pages(),
            "</main>",
            "</body>",
            "</html>",
        ]
        return "\n".join(lines) + "\n"

    def _pages(self) -> Iterator[str]:
        for number, page, blocks in pages_of(self.document):
            label = f"Page {number}"
            yield f'<section data-page="{number}" aria-label="{label}">'
            furniture = [item for item in self.document.furniture if item.page == number]
            yield from self._furniture(furniture, top=True, page=page)
            if page is not None and page.failure is not None:
                reason = escape(page.failure)
                yield f'<p class="failure">Page {number} could not be read: {reason}</p>'
            for block in blocks:
                yield from self._block(block)
            yield from self._furniture(furniture, top=False, page=page)
            yield "</section>"

    def _furniture(
        self, items: Iterable[Furniture], *, top: bool, page: Page | None
    ) -> Iterator[str]:
        for item in items:
            upper = item.type == "header" or (
                item.type == "page_number" and page is not None and item.box.y1 < page.h / 2
            )
            if upper != top:
                continue
            tag = {"header": "header", "footer": "footer"}.get(item.type, "aside")
            tag = ("header" if top else "footer") if item.type == "page_number" else tag
            align = f" {item.align}" if item.align != self._start(item.text) else ""
            drawn = Style(
                border_above=None if top else item.border,
                border_below=item.border if top else None,
            )
            border = f' style="{css}"' if (css := _border_style(drawn)) else ""
            yield (
                f'<{tag} class="furniture{align}" data-type="{item.type}"{border}{_where(item)}>'
                f"{_text(item.text)}</{tag}>"
            )

    def _block(self, block: Block) -> Iterator[str]:
        if isinstance(block, TextBlock):
            if not self._is_bound(block):
                yield self._paragraph(block)
        elif isinstance(block, ListBlock):
            direction = self._against(" ".join(i.text for i in block.items))
            borders = _border_style(block.style)
            yield from _list_lines(block, direction + (f' style="{borders}"' if borders else ""))
        elif isinstance(block, TableBlock):
            yield from self._table(block)
        elif isinstance(block, FigureBlock):
            yield from self._figure(block)
        else:
            yield self._formula(block)

    def _is_bound(self, block: TextBlock) -> bool:
        return block.type == "caption" and block.caption_of in self.owners

    def _paragraph(self, block: TextBlock) -> str:
        heading = block.type in ("title", "heading")
        # Headings are bold anyway; a word of them that is not would be no more readable.
        spans = [replace(span, bold=False) if heading else span for span in block.spans]
        content = inline_html(block.text, spans)
        usual = (None, self._start(block.text), self.document.style.family)
        own = (block.style.family, block.style.align)
        classes: list[str] = [name for name in own if name and name not in usual]
        tag = {"title": "h1", "quote": "blockquote", "code": "pre"}.get(block.type, "p")
        if block.type == "heading":
            tag = f"h{min((block.level or 1) + self.title_above, 6)}"
        elif tag == "p" and block.type != "paragraph":
            classes.insert(0, block.type)
        if tag == "pre":
            return f"<pre{_where(block)}><code>{escape(block.text)}</code></pre>"
        attributes = f' class="{" ".join(classes)}"' if classes else ""
        if block.type == "footnote":
            attributes += f' id="{escape(block.id)}"'
        attributes += ' dir="rtl"' if is_rtl(block.text) else self._against(block.text)
        if borders := _border_style(block.style):
            attributes += f' style="{borders}"'
        return f"<{tag}{attributes}{_where(block)}>{content}</{tag}>"

    def _start(self, text: str) -> str:
        """The side on which the lines of a text begin."""
        return "right" if is_rtl(text, default=self.rtl) else "left"

    def _against(self, text: str) -> str:
        """The attribute that a text needs which runs against its document."""
        rtl = is_rtl(text, default=self.rtl)
        return "" if rtl == self.rtl else f' dir="{"rtl" if rtl else "ltr"}"'

    def _table(self, block: TableBlock) -> Iterator[str]:
        captions = self.captions.get(block.id, [])
        caption = "<br>".join(inline_html(c.text, c.spans) for c in captions)
        if not block.cells:
            yield from self._picture_or_text(block, block.picture or "", caption)
            return
        # Cells that say which of their sides are ruled leave nothing to the table.
        drawn = any(cell.borders is not None for cell in block.cells)
        attributes = f' class="{"drawn" if drawn else block.rules}"{_where(block)}'
        rtl = table_rtl(block, self.rtl)
        if rtl != self.rtl:
            attributes += f' dir="{"rtl" if rtl else "ltr"}"'
        table = table_html(block, caption=caption, attributes=attributes, rtl=rtl)
        yield f'<div class="scroll">\n{table}\n</div>'

    def _figure(self, block: FigureBlock) -> Iterator[str]:
        captions = self.captions.get(block.id, [])
        caption = "<br>".join(inline_html(c.text, c.spans) for c in captions)
        yield from self._picture_or_text(block, block.asset, caption)

    def _picture_or_text(self, block: Block, asset: str, caption: str) -> Iterator[str]:
        alt = figure_text(block) if isinstance(block, FigureBlock) else raw_text(block)
        shown = alt_text(block) if isinstance(block, FigureBlock) else alt
        picture = self._image(asset, shown, block.box.width)
        yield f'<figure data-type="{block.type}"{_where(block)}>'
        yield picture or f"<p>{_text(alt)}</p>"
        if caption:
            yield f"<figcaption>{caption}</figcaption>"
        yield "</figure>"

    def _formula(self, block: FormulaBlock) -> str:
        latex = f' data-latex="{escape(block.latex)}"' if block.latex else ""
        text = block.text or block.latex or ""
        number = f'<span class="number">{escape(block.number)}</span>' if block.number else ""
        shown = self._image(block.asset or "", text, block.box.width) or _text(text)
        return f'<div class="formula"{latex}{_where(block)}>{number}{shown}</div>'

    def _image(self, asset_id: str, alt: str, width_pt: float) -> str:
        asset = self.document.assets.get(asset_id)
        if asset is None or asset.media_type not in PICTURE_TYPES:
            return ""
        width = f' width="{round(width_pt * 96 / 72)}"' if width_pt >= 1 else ""
        return f'<img src="{_data_uri(asset)}" alt="{escape(alt)}"{width}>'


def inline_html(text: str, spans: Sequence[Span] = ()) -> str:
    """Escaped text with strong, em, sup, sub and safe links; line feeds become `<br>`."""
    return "".join(_marked(_text(part), span) for part, span in pieces(text, spans))


def _marked(html: str, span: Span) -> str:
    for on, tag in (
        (span.sup, "sup"),
        (span.sub, "sub"),
        (span.italic, "em"),
        (span.bold, "strong"),
    ):
        if on:
            html = f"<{tag}>{html}</{tag}>"
    if span.note:
        return f'<a href="#{escape(span.note)}" role="doc-noteref">{html}</a>'
    link = safe_link(span.link)
    return f'<a href="{escape(link)}" rel="noopener noreferrer">{html}</a>' if link else html


def _list_lines(block: ListBlock, attributes: str) -> Iterator[str]:
    """Nested list elements; deeper items lie inside the item before them.

    The outer ones have the `attributes`.
    """
    counted = countable(block)
    stack: list[tuple[int, str]] = []
    for item in block.items:
        while stack and stack[-1][0] > item.level:
            yield f"</li>{stack.pop()[1]}"
        if stack and stack[-1][0] == item.level:
            yield "</li>"
        else:
            start, end = _list_open(block, item, counted)
            yield start if stack else start.replace(">", f"{attributes}>")
            stack.append((item.level, end))
        yield f"<li{_where(item)}>{_item_html(item, counted)}"
    while stack:
        yield f"</li>{stack.pop()[1]}"


def _list_open(block: ListBlock, item: ListItem, counted: bool) -> tuple[str, str]:
    format_ = format_of(block, item.level)
    number = value_of(item.label, format_)
    if not counted:
        return '<ul class="labelled">', "</ul>"
    if not block.ordered or number is None:
        return "<ul>", "</ul>"
    kind = _LIST_TYPES.get(format_, "")
    attributes = f' type="{kind}"' if kind else ""
    attributes += f' start="{number}"' if number != 1 else ""
    return f"<ol{attributes}>", "</ol>"


def _item_html(item: ListItem, counted: bool) -> str:
    text = inline_html(item.text, item.spans)
    if counted:
        return text
    label = item.label or {True: "\u2611", False: "\u2610", None: ""}[item.checked]
    return f"{_text(label)} {text}".strip()


def _text(text: str) -> str:
    return escape(text).replace("\n", "<br>")


def _where(item: Block | ListItem | Furniture) -> str:
    """`data-id`, `data-box` (points), `data-conf`: where it stands on the page, how sure it is."""
    box = " ".join(f"{value:g}" for value in (round(v, 2) for v in item.box.as_tuple()))
    conf = getattr(item, "conf", None)
    sure = f' data-conf="{conf:.2f}"' if conf is not None else ""
    return f' data-id="{escape(item.id)}" data-box="{box}"{sure}'


def _data_uri(asset: Asset) -> str:
    return f"data:{asset.media_type};base64,{b64encode(asset.data).decode('ascii')}"
