"""From the pages of a document to its fields."""

from __future__ import annotations

import logging
import os
from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Literal, Unpack

from kie.assembly import assemble, assemble_custom
from kie.candidates import ReadPage, conventions_of, find_candidates
from kie.custom import CustomField, fields_of, find_custom
from kie.embedded_xml import embedded_invoice
from kie.evidence import anchors_of, weigh
from kie.options import Pool
from kie.pairs import find_pairs
from kie.parts import split_documents
from kie.schema import SCHEMAS
from kie.types import KiePage, KieResult, PagePrediction, Pair, Predictor
from kie.words import page_of
from structure.core.analysis import Notice
from structure.core.errors import ConfigError, InputError, one_line, public
from structure.core.images import PageFailure
from structure.reading import OpenFile, Reading, open_source
from structure.transcription import Readers, Transcript, load_readers, transcribe

logger = logging.getLogger(__name__)

Backend = Literal["embedded", "vi-layoutxlm", "lilt"]
SchemaLike = str | Mapping[Any, Any] | type
OnTranscript = Callable[[Transcript, int], None]
"""Called after each page was read, with how many there are."""


class KieExtractor:
    """Rules, and a network beside them; keep one for several documents.

    Args:
        backend: "embedded" is the network that is installed, and rules alone where none is.
            "vi-layoutxlm" and "lilt" are weights of the user's own.
        weights: Folder or file of such weights.
        device: "cpu" or a torch device.
        threads: CPU threads for reading text.
        rules_only: Without any network.

    Raises:
        ConfigError: the backend is unknown, or its weights are not named.
        ModelError: weights are missing, refused or wrong.
    """

    def __init__(
        self,
        backend: Backend = "embedded",
        weights: Path | None = None,
        *,
        device: str = "cpu",
        threads: int = 1,
        rules_only: bool = False,
    ) -> None:
        if backend not in ("embedded", "vi-layoutxlm", "lilt"):
            raise ConfigError(
                f"there is no backend {backend!r}", hint="use embedded, vi-layoutxlm or lilt"
            )
        if backend != "embedded" and weights is None:
            raise ConfigError(f"the weights of {backend} are not named", hint="give their path")
        self.device, self.threads = device, threads
        self._readers: Readers | None = None
        self.predictor = None if rules_only else _predictor(backend, weights, device)

    def extract_file(
        self,
        path: str | os.PathLike[str],
        schema: SchemaLike = "invoice",
        *,
        on_page: OnTranscript | None = None,
        open_file: OpenFile = open_source,
        **reading: Unpack[Reading],
    ) -> KieResult:
        """Read a PDF or picture and extract; `open_file` opens it.

        The data of an electronic invoice inside a PDF win over its pages, which are then not read;
        with `pages`, or `ocr="always"`, the pages count alone.

        Raises:
            StructureError: nothing could be read; its class tells why.
        """
        custom = _custom(schema)
        with open_file(path, **reading) as source:
            whole = reading.get("pages") is None and reading.get("ocr") != "always"
            if schema == "invoice" and whole:
                found = embedded_invoice(path, reading.get("password"))
                if found is not None:
                    return found
            readers = self._load_readers()
            pages: list[KiePage] = []
            notices: list[Notice] = list(source.notices)
            for page in source:
                try:
                    if isinstance(page, PageFailure):
                        raise InputError(page.reason)
                    text = transcribe(page, readers)
                except Exception as error:
                    # Border: whatever breaks on a page costs that page, never the document.
                    logger.debug("page %d failed", page.number, exc_info=True)
                    reason = one_line(str(error))
                    what = f"page {page.number} could not be processed ({reason})"
                    notices.append(Notice("W_PAGE", what, True, page.number))
                    continue
                if on_page is not None:
                    on_page(text, len(source))
                notices += text.notices
                pages.append(page_of(text.lines, text.width, text.height, text.number))
            if not pages:
                raise InputError(
                    f"no page could be processed ({notices[-1].message})",
                    hint="check the file in a viewer",
                    path=path,
                    code="E_NO_PAGE",
                )
        result = self._extract(pages, schema, custom)
        return replace(result, warnings=(*notices, *result.warnings))

    def extract(
        self, pages: Sequence[KiePage | Transcript], schema: SchemaLike = "invoice"
    ) -> KieResult:
        """Extract from pages whose text is known."""
        known = [
            page if isinstance(page, KiePage) else page_of(*_arguments(page)) for page in pages
        ]
        return self._extract(known, schema, _custom(schema))

    def _extract(
        self, pages: Sequence[KiePage], schema: SchemaLike, custom: list[CustomField] | None
    ) -> KieResult:
        read = [ReadPage(page) for page in pages]
        if custom is not None:
            # The network knows the fields of the schema and no others.
            return _part(read, (), "custom", custom)
        predictions = self._predict(pages)
        assert isinstance(schema, str)
        ranges = split_documents(read) if schema == "invoice" else [range(len(read))]
        parts = [
            _part([read[i] for i in part], [predictions[i] for i in part if predictions], schema)
            for part in ranges
        ]
        if len(parts) == 1:
            return parts[0]
        first = parts[0]
        notice = Notice("W_SEVERAL", f"the file holds {len(parts)} documents; see `parts`")
        pages_of_all = tuple(number for part in parts for number in part.pages)
        return replace(
            first, parts=tuple(parts), pages=pages_of_all, warnings=(notice, *first.warnings)
        )

    def _predict(self, pages: Sequence[KiePage]) -> list[PagePrediction]:
        if self.predictor is None:
            return []
        return [self.predictor.predict(page) for page in pages]

    def _load_readers(self) -> Readers:
        if self._readers is None:
            self._readers = load_readers(device=self.device, threads=self.threads)
        return self._readers


@public
def extract_fields(
    source: str | os.PathLike[str] | Sequence[KiePage | Transcript],
    schema: SchemaLike = "invoice",
    *,
    extractor: KieExtractor | None = None,
    **reading: Unpack[Reading],
) -> KieResult:
    """The fields of a document.

    Args:
        source: A PDF or picture, or pages whose text is known.
        schema: "invoice", "receipt", "generic" (pairs of keys and values only), a dict or a
            dataclass of the caller's own fields (see `kie.custom.fields_of`).
        extractor: Keep one for several documents; a new one where None.
        **reading: pages, dpi, ocr, password, limits for files.

    Raises:
        StructureError: nothing could be read, or the schema makes no sense.
    """
    _custom(schema)
    used = extractor or KieExtractor()
    if isinstance(source, str | os.PathLike):
        return used.extract_file(source, schema, **reading)
    return used.extract(source, schema)


def _part(
    pages: Sequence[ReadPage],
    predictions: Sequence[PagePrediction],
    schema: str,
    custom: list[CustomField] | None = None,
) -> KieResult:
    """One document."""
    conventions = conventions_of(pages)
    candidates = [find_candidates(page, conventions) for page in pages]
    numbers = tuple(page.page.number for page in pages)
    pool = Pool(pages, candidates, (), predictions)
    if custom is not None:
        found = find_custom(pool, custom, conventions)
        return KieResult(schema, assemble_custom(pool, custom, found), pages=numbers)
    pairs = _pairs(pages, predictions)
    if schema == "generic":
        return KieResult(schema, pairs=pairs, pages=numbers)
    pool.evidence = [
        weigh(page, found, anchors_of(page)) for page, found in zip(pages, candidates, strict=True)
    ]
    fields, items, warnings = assemble(pool, SCHEMAS[schema], conventions)
    entities = tuple(e for p in predictions for e in p.entities) if len(pages) == 1 else ()
    relations = tuple(r for p in predictions for r in p.relations) if len(pages) == 1 else ()
    return KieResult(schema, fields, items, pairs, entities, relations, warnings, numbers)


def _pairs(pages: Sequence[ReadPage], predictions: Sequence[PagePrediction]) -> tuple[Pair, ...]:
    return tuple(
        pair
        for index, page in enumerate(pages)
        for pair in find_pairs(page, predictions[index] if predictions else None)
    )


def _custom(schema: SchemaLike) -> list[CustomField] | None:
    if isinstance(schema, str):
        if schema not in SCHEMAS:
            raise ConfigError(
                f"there is no schema {schema!r}", hint="use invoice, receipt, generic or your own"
            )
        return None
    return fields_of(schema)


def _arguments(page: Transcript) -> tuple[Any, float, float, int]:
    return page.lines, page.width, page.height, page.number


def _predictor(backend: Backend, weights: Path | None, device: str) -> Predictor | None:
    # Imported here: torch takes seconds, and rules alone do not need it.
    if backend == "embedded":
        from kie.weights import RELEASED

        if weights is None and not RELEASED:
            return None
        from kie.predictor import NetworkPredictor

        if weights is not None:
            return NetworkPredictor.from_file(weights, device=device)
        return NetworkPredictor.from_pretrained(device=device)
    if backend == "vi-layoutxlm" and weights is not None:
        from kie.official import OfficialPredictor

        return OfficialPredictor.from_folder(weights, device=device)
    raise ConfigError(f"the backend {backend} is not part of this version", hint="use embedded")
