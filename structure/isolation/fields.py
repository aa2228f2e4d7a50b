"""Fields of a document from the pages that are analysed anyway: its text is read once."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from functools import cache
from pathlib import Path
from typing import TYPE_CHECKING

from structure.core.output import write_atomic

if TYPE_CHECKING:
    from kie import KieExtractor
    from structure.core.analysis import PageAnalysis, TextLine
    from structure.core.document import Warning
    from structure.core.images import PageFailure, PageImage
    from structure.pipeline import Models, Steps

SUFFIX = ".fields.json"
"""Of a file with the fields of a document, as JSON."""


class FieldCollector:
    """Keeps the text of the pages that pass by, and extracts fields at the end.

    Args:
        schema: "invoice", "receipt" or "generic".
    """

    def __init__(self, schema: str) -> None:
        self._schema = schema
        self._pages: dict[int, tuple[tuple[TextLine, ...], float, float]] = {}

    def watch(self, steps: Steps) -> Steps:
        """The same steps, with a look at each page."""
        recall: Callable[[int], PageAnalysis | None] = steps.recall
        analyze = steps.analyze

        def recalled(number: int) -> PageAnalysis | None:
            return None if (found := recall(number)) is None else self._keep(found)

        def analyzed(page: PageImage | PageFailure, models: Models) -> PageAnalysis:
            return self._keep(analyze(page, models))

        return replace(steps, recall=recalled, analyze=analyzed)

    def _keep(self, page: PageAnalysis) -> PageAnalysis:
        inside = [line for table in page.tables for line in table.lines]
        inside += [line for picture in page.pictures for line in picture.lines]
        if page.failure is None:
            self._pages[page.number] = (*page.lines, *inside), page.width, page.height
        return page

    def write(self, source: Path, target: Path, password: str | None) -> tuple[Warning, ...]:
        """Extract, and write what was found.

        Args:
            source: The file; a PDF may hold the data of an electronic invoice, which win.
            target: The JSON file.
            password: Of the file.

        Returns:
            What the user should know.

        Raises:
            StructureError: it cannot be written.
        """
        # Imported here: a batch without fields needs none of it.
        from kie import page_of
        from kie.embedded_xml import embedded_invoice
        from kie.serializing import to_json
        from structure.core.document import Warning

        found = embedded_invoice(source, password) if self._schema == "invoice" else None
        if found is None:
            pages = [
                page_of(lines, width, height, number)
                for number, (lines, width, height) in sorted(self._pages.items())
            ]
            found = _extractor().extract(pages, self._schema)
        write_atomic(target, to_json(found).encode())
        return tuple(
            Warning(notice.code, notice.message, "loss" if notice.loss else "info", notice.page)
            for notice in found.warnings
        )


@cache
def _extractor() -> KieExtractor:
    from kie import KieExtractor

    return KieExtractor()
