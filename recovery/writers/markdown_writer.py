"""GitHub-flavoured markdown: real headings and lists, page marks, pictures as files beside it."""

from __future__ import annotations

import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from urllib.parse import quote

from recovery.direction import table_rtl, with_mark
from recovery.writers.cleaning import cleaned
from recovery.writers.content import (
    alt_text,
    figure_text,
    header_rows,
    note_numbers,
    pages_of,
    pieces,
    raw_text,
    without_mark,
)
from recovery.writers.html_writer import table_html
from recovery.writers.joined_tables import with_joined_tables
from recovery.writers.labels import countable, format_of, value_of
from recovery.writers.rendered import Rendered
from structure.core.document import (
    Block,
    Document,
    FigureBlock,
    FormulaBlock,
    ListBlock,
    Span,
    TableBlock,
    TextBlock,
)
from structure.core.text import safe_link

EXTENSIONS = {
    "image/png": "png",
    "image/jpeg": "jpg",
    "image/gif": "gif",
    "image/webp": "webp",
}
_ACTIVE = re.compile(r"[\\`*_\[\]<>$~|]|&(?=#?\w+;)")
_AT_START = re.compile(r"^(?:(?=[#+=:-])|(?P<number>\d{1,9})(?=[.)](?:\s|$)))")
_WORDS = re.compile(r"[^\W_](?:.*[^\W_])?", re.DOTALL)
"""From the first letter or digit to the last."""
_PLAIN_LINK = re.compile(r"^[^()<>\\\s]+$")
_ANGLES = {ord("<"): "%3C", ord(">"): "%3E"}
_PLAIN_ID = re.compile(r"^p\d+\.b\d+(\.[a-z]+)?$")


def render_markdown(document: Document, name: str = "document") -> Rendered:
    """The document as markdown, with its pictures as side files.

    Args:
        document: The document.
        name: Name of the file without suffix; pictures are looked for in `<name>_assets`.
    """
    writer = _MarkdownWriter(with_joined_tables(cleaned(document)), name)
    text = writer.render()
    return Rendered(text.encode("utf-8"), side_files=writer.files)


def escape_markdown(text: str) -> str:
    """`text` so that markdown shows it as it is; line feeds become hard line breaks."""
    lines = [_AT_START.sub(_escape_start, line) for line in map(_escape_line, text.split("\n"))]
    return "\\\n".join(lines) if all(lines) else " ".join(line for line in lines if line)


def _escape_line(line: str) -> str:
    return _escaped(line.strip())


def _escape_start(match: re.Match[str]) -> str:
    return f"{match['number']}\\" if match["number"] else "\\"


class _MarkdownWriter:
    """State of writing one document."""

    def __init__(self, document: Document, name: str) -> None:
        self.document = document
        self.folder = f"{name}_assets"
        self.files: dict[str, bytes] = {}
        self.notes = note_numbers(document)
        self.title_above = any(block.type == "title" for block in document.body)

    def render(self) -> str:
        parts: list[str] = []
        for number, page, blocks in pages_of(self.document):
            parts.append(f"<!-- page {number} -->")
            if page is not None and page.failure is not None:
                reason = escape_markdown(page.failure)
                parts.append(f"*Page {number} could not be read: {reason}*")
            parts += [part for block in blocks for part in self._block(block) if part]
            for item in self.document.furniture:
                if item.page == number and item.type in ("margin_note", "stamp"):
                    parts.append(f"> {_inline(item.text.replace(chr(10), ' '))}")
        return "\n\n".join(parts) + "\n" if parts else ""

    def _block(self, block: Block) -> Iterator[str]:
        if isinstance(block, TextBlock):
            yield self._text(block)
        elif isinstance(block, ListBlock):
            yield "\n".join(_list_lines(block, self.notes))
        elif isinstance(block, TableBlock):
            if block.cells:
                yield _table(block)
            else:
                yield self._picture(block.picture or "", "") or escape_markdown(raw_text(block))
        elif isinstance(block, FigureBlock):
            picture = self._picture(block.asset, alt_text(block))
            yield picture or escape_markdown(figure_text(block))
        else:
            yield self._formula(block)

    def _text(self, block: TextBlock) -> str:
        if block.type == "code":
            fence = "`" * max(3, 1 + max(map(len, re.findall("`+", block.text)), default=0))
            return f"{fence}\n{block.text}\n{fence}"
        if block.type in ("title", "heading"):
            level = 1 if block.type == "title" else (block.level or 1) + self.title_above
            plain = [replace(span, bold=False) for span in block.spans]
            text = _inline(block.text.replace("\n", " "), plain, self.notes).rstrip()
            # Hashes at the end would be taken for closing ones.
            text = re.sub(r"(#+)$", r"\\\1", text)
            return f"{'#' * min(level, 6)} {text}" if text else ""
        if block.id in self.notes:
            return self._note(block)
        text = _inline(block.text, block.spans, self.notes)
        if block.type == "caption" and text and not block.spans:
            return f"*{text}*" if "\\\n" not in text else text
        if block.type == "quote":
            return "\n".join(f"> {line}" for line in text.split("\n"))
        return with_mark(text)

    def _note(self, block: TextBlock) -> str:
        text = without_mark(block.text)
        cut = len(block.text) - len(text)
        spans = [
            replace(span, start=max(0, span.start - cut), end=span.end - cut)
            for span in block.spans
            if span.end > cut
        ]
        return f"[^{self.notes[block.id]}]: {_inline(text.replace(chr(10), ' '), spans)}"

    def _formula(self, block: FormulaBlock) -> str:
        if block.latex and "$" not in block.latex and "\n\n" not in block.latex:
            plain = re.sub(r"[^\w.*-]", "", block.number or "")
            tag = f" \\tag{{{plain}}}" if plain else ""
            return f"$$\n{block.latex.strip()}{tag}\n$$"
        number = f" {escape_markdown(block.number)}" if block.number else ""
        picture = self._picture(block.asset or "", block.text)
        return f"{picture or escape_markdown(raw_text(block))}{number if picture else ''}"

    def _picture(self, asset_id: str, alt: str) -> str:
        asset = self.document.assets.get(asset_id)
        if asset is None or asset.media_type not in EXTENSIONS:
            return ""
        # Ids may come from a foreign file; only our own kind of id becomes a file name.
        plain = _PLAIN_ID.match(asset_id) is not None
        stem = asset_id.removesuffix(".img") if plain else f"picture-{len(self.files) + 1}"
        file = f"{stem}.{EXTENSIONS[asset.media_type]}"
        self.files[file] = asset.data
        described = escape_markdown(alt.replace("\n", " "))
        return f"![{described}]({quote(f'{self.folder}/{file}')})"


def _inline(text: str, spans: Sequence[Span] = (), notes: Mapping[str, int] | None = None) -> str:
    """Escaped text with its spans marked; `notes` numbers the footnotes that marks refer to."""
    if not spans:
        return escape_markdown(text)
    out = ""
    for part, span in pieces(text.replace("\n", " "), spans):
        if notes and span.note is not None and span.note in notes:
            out = f"{out.rstrip()}[^{notes[span.note]}]"
        else:
            out += _marked(part, span)
    return _AT_START.sub(_escape_start, out.strip())


def _marked(part: str, span: Span) -> str:
    """A part of a text with its emphasis; spaces and punctuation at its ends stay outside."""
    core = part.strip()
    if not (core and (span.bold or span.italic or span.sup or span.sub or span.link)):
        return _escaped(part)
    # Beside punctuation the asterisks would not be taken for emphasis.
    words = _WORDS.search(part) if span.bold or span.italic else None
    inner = words[0] if words else core
    start = part.index(inner)
    before, after = part[:start], part[start + len(inner) :]
    shown = _escaped(inner)
    if words:
        for on, mark in ((span.italic, "*"), (span.bold, "**")):
            shown = f"{mark}{shown}{mark}" if on else shown
    shown = f"{_escaped(before)}{shown}{_escaped(after)}"
    lead, tail = shown[: len(shown) - len(shown.lstrip())], shown[len(shown.rstrip()) :]
    shown = shown.strip()
    for on, tag in ((span.sup, "sup"), (span.sub, "sub")):
        if on:
            shown = f"<{tag}>{shown}</{tag}>"
    link = safe_link(span.link)
    if link:
        target = link if _PLAIN_LINK.match(link) else f"<{link.translate(_ANGLES)}>"
        shown = f"[{shown}]({target})"
    return f"{lead}{shown}{tail}"


def _escaped(text: str) -> str:
    return _ACTIVE.sub(lambda match: "\\" + match[0], text)


def _list_lines(block: ListBlock, notes: Mapping[str, int]) -> Iterator[str]:
    counted = countable(block)
    indents: list[tuple[int, int]] = []
    for item in block.items:
        while indents and indents[-1][0] >= item.level:
            indents.pop()
        number = value_of(item.label, format_of(block, item.level))
        marker = f"{number}. " if counted and block.ordered and number is not None else "- "
        text = _inline(item.text.replace("\n", " "), item.spans, notes)
        if item.checked is not None:
            text = f"[{'x' if item.checked else ' '}] {text}"
        elif not counted and item.label:
            text = f"{escape_markdown(item.label)} {text}"
        indent = indents[-1][1] if indents else 0
        yield f"{' ' * indent}{marker}{text}".rstrip()
        indents.append((item.level, indent + len(marker)))


def _table(block: TableBlock) -> str:
    """A pipe table where one can say it all, else an HTML table."""
    spans = any(cell.rowspan > 1 or cell.colspan > 1 for cell in block.cells)
    breaks = any("\n" in cell.text for cell in block.cells)
    head = header_rows(block)
    if spans or breaks or head > 1 or len(block.cells) != block.rows * block.cols:
        rtl = table_rtl(block, document=False)
        return table_html(block, attributes=' dir="rtl"' if rtl else "", rtl=rtl)
    rows = [[""] * block.cols for _ in range(block.rows)]
    aligns = [""] * block.cols
    for cell in block.cells:
        rows[cell.row][cell.col] = escape_markdown(cell.text)
        aligns[cell.col] = aligns[cell.col] or cell.align or ""
    rules = [{"center": ":-:", "right": "--:"}.get(align, "---") for align in aligns]
    top = rows[0] if head else [""] * block.cols
    return "\n".join(
        f"| {' | '.join(row)} |" for row in (top, rules, *(rows[1:] if head else rows))
    )
