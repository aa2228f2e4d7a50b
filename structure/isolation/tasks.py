"""What a worker is asked to do, and what came of it; values without any heavy import."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path
from typing import Literal

from structure.core.document import Warning
from structure.core.errors import ExitCode

Progress = Callable[[str, int, int], None]
"""Called after each page with the key of the task, how many pages are done, and of how many."""

SCHEMAS = ("invoice", "receipt", "generic")
"""Fields that need no file to say what they are."""


@dataclass(frozen=True, slots=True)
class ModelOptions:
    """Which models a worker loads (see `structure.pipeline.load_models`).

    Attributes:
        device: "cpu", or a torch device for our own networks.
        threads: CPU threads of one worker.
        layout: A layout weight file of the user's own; None for the installed one.
        table: Likewise for tables.
        fields: Likewise for fields.
    """

    device: str = "cpu"
    threads: int = 1
    layout: Path | None = None
    table: Path | None = None
    fields: Path | None = None


@dataclass(frozen=True, slots=True)
class TaskOptions:
    """How a file is read and written (see `structure.pipeline.convert`).

    Attributes:
        pages: Which pages, for example "1-3,7"; None for all.
        dpi: Resolution at which PDF pages are drawn.
        ocr: Whether to read text from pixels where a PDF has a text layer.
        password: For an encrypted PDF.
        layout: How a docx keeps the look of the page.
        template: A docx whose styles are used.
        mark_uncertain: Words read with a confidence below this are marked; None for none.
        visualize: Folder for a picture of each page with what was found on it; None for none.
        replace: Whether outputs that exist already are replaced; otherwise they are refused.
        fields: The schema of the fields that an output named `*.fields.json` holds; for the errand
            "fields" also a file with a schema.
        with_fields: The schema of the fields that the documents themselves hold.
        rules_only: Fields without the network.
        min_score: Lowest score of a region, for the errand "layout".
    """

    pages: str | None = None
    dpi: int = 200
    ocr: Literal["auto", "always", "never"] = "auto"
    password: str | None = field(default=None, repr=False)
    layout: Literal["editable", "formatted", "exact", "plain"] = "editable"
    template: Path | None = None
    mark_uncertain: float | None = None
    visualize: Path | None = None
    replace: bool = True
    fields: str | None = None
    with_fields: Literal["invoice", "receipt", "generic"] | None = None
    rules_only: bool = False
    min_score: float = 0.5


@dataclass(frozen=True, slots=True)
class Task:
    """One document to make, or another errand for a file.

    Attributes:
        key: The caller's name for it; comes back in the outcome.
        source: The file to read.
        outputs: The files to write; formats by their suffixes.
        options: How.
        more: Further files, whose pages follow those of `source` in the same document.
        errand: What to do: the whole document, or (see `structure.isolation.errands`) a picture of
            one table, the regions of each page as JSON or PNG, the fields as JSON.
    """

    key: str
    source: Path
    outputs: tuple[Path, ...]
    options: TaskOptions = TaskOptions()
    more: tuple[Path, ...] = ()
    errand: Literal["document", "table", "layout", "fields"] = "document"


@dataclass(frozen=True, slots=True)
class Outcome:
    """What came of a task.

    Attributes:
        key: Of the task.
        exit_code: OK, PARTIAL (outputs written, with named gaps), or why there is no output.
        error_code: `E_...`; None where outputs were written.
        message: What went wrong and what to do, on one line; None likewise.
        pages_done: How many pages are in the outputs with their content.
        pages_failed: The numbers of those that are there empty.
        warnings: What else the user should know.
        outputs: The files that were written, in the order of the task.
        seconds: How long it took, waiting not counted.
    """

    key: str
    exit_code: ExitCode
    error_code: str | None = None
    message: str | None = None
    pages_done: int = 0
    pages_failed: tuple[int, ...] = ()
    warnings: tuple[Warning, ...] = ()
    outputs: tuple[Path, ...] = ()
    seconds: float = 0.0
