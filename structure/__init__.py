"""Scans, photos and PDFs to editable documents.

    from structure import convert, analyze

`convert("scan.pdf", "out.docx")` writes files, `analyze("scan.pdf")` returns the `Document`.
"""

from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from recovery.writers.options import WriteOptions
    from structure.core.document import Document
    from structure.core.errors import ExitCode, StructureError
    from structure.pipeline import Models, WeightFiles, analyze, convert, load_models

__all__ = [
    "Document",
    "ExitCode",
    "Models",
    "StructureError",
    "WeightFiles",
    "WriteOptions",
    "analyze",
    "convert",
    "load_models",
]

_HOMES = {
    "Document": "structure.core.document",
    "ExitCode": "structure.core.errors",
    "StructureError": "structure.core.errors",
    "WriteOptions": "recovery.writers.options",
}


def __getattr__(name: str) -> Any:
    # Loaded when asked for: `structure` is the roof of this project and its ground floor at once,
    # and `import layout` must not load the writers.
    if name not in __all__:
        raise AttributeError(f"module 'structure' has no attribute {name!r}")
    from importlib import import_module

    from structure.core.install import check_packages

    check_packages()
    return getattr(import_module(_HOMES.get(name, "structure.pipeline")), name)
