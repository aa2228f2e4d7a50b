"""The document as strict JSON, as its schema says."""

from __future__ import annotations

import json

from recovery.writers.cleaning import cleaned
from recovery.writers.rendered import Rendered
from structure.core.document import Document


def render_json(document: Document) -> Rendered:
    """UTF-8 JSON, one value per line, pictures inside; `Document.from_dict` reads it back."""
    text = json.dumps(cleaned(document).to_dict(), ensure_ascii=False, allow_nan=False, indent=1)
    return Rendered((text + "\n").encode("utf-8"))
