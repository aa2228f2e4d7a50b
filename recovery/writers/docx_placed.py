"""A page of a flowing document on which everything keeps its place.

Its section, with the page's header and footer, is like any other; in it stands one paragraph that
all boxes and pictures of the page are anchored to.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace
from statistics import median

from recovery.writers.docx_blocks import Blocks
from recovery.writers.docx_exact import ExactLayout, Text
from recovery.writers.docx_frames import anchor
from recovery.writers.docx_looks import StyleSheet
from recovery.writers.docx_notes import Notes
from recovery.writers.flow import usable_margins
from recovery.writers.irregular import placed_warning
from recovery.writers.ooxml import Element
from structure.core.document import Block, Document, Page, TableBlock

LARGEST_TYPE = 1.05  # size of type in heights of its lines


class PlacedPage(ExactLayout):
    """The content of one page, in its place.

    Args:
        document: The whole document; its page headers and footers stand in the section.
        number: Of the page.
        sheet: Styles of the flowing document.
        blocks: Makes its blocks, numbers its pictures and gathers its warnings.
    """

    def __init__(self, document: Document, number: int, sheet: StyleSheet, blocks: Blocks) -> None:
        own = tuple(block for block in document.body if block.page == number)
        self.document = replace(document, body=own, furniture=())
        self.package, self.notes = blocks.package, Notes(replace(document, body=()))
        self.sheet, self.blocks = sheet, blocks
        self.page = next(page for page in document.pages if page.n == number)

    def fill(self, paragraph: Element) -> list[Element]:
        """Anchor boxes and pictures to the paragraph; the tables, which come after it."""
        comments = self.blocks.paragraphs.comments
        self.blocks.paragraphs.comments = None  # Word takes none in text boxes
        known = {self.page.n}
        body = self.document.body
        runs = [run for block in body for run in self._pictures(block, self.page)]
        texts = [text for block in body for text in self._texts(block, self.page, known)]
        anchor(paragraph, [*runs, *(run for text in texts for run in self._boxes(text, self.page))])
        self.blocks.paragraphs.comments = comments
        self.blocks.warnings.append(placed_warning(self.page.n))
        tables = [block for block in body if isinstance(block, TableBlock)]
        return list(self._tables(tables, self.page)) if tables else []

    def _texts(self, block: Block, page: Page, known: set[int]) -> Iterator[Text]:
        """The text of a block in type no larger than its lines are high: others stand close by."""
        for text in super()._texts(block, page, known):
            heights = [line.box.height for line in text.lines if line.box.height > 0]
            if not text.measured or not heights:
                yield text
                continue
            largest = max(1.0, round(2 * LARGEST_TYPE * median(heights)) / 2)
            yield replace(text, look=replace(text.look, size=min(text.look.size, largest)))

    def _corner(self, page: Page) -> tuple[tuple[float, float], float]:
        margins = usable_margins(page)
        return (margins.left, page.w - margins.right), margins.top
