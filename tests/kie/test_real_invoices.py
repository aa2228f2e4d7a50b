"""Real invoices: what their pages say agrees with the data inside them."""

from __future__ import annotations

import json
from pathlib import Path

import pytest

from kie import KieExtractor
from kie.embedded_xml import embedded_invoice

FIELDS = ("invoice_number", "invoice_date", "total_net", "total_gross")


@pytest.mark.data
@pytest.mark.slow
def test_pages_of_electronic_invoices_say_what_their_data_say(shared_data: Path) -> None:
    folder = shared_data / "kie-zugferd"
    entries = [json.loads(line) for line in (folder / "manifest.jsonl").read_text().splitlines()]
    rules = KieExtractor(rules_only=True)
    right = total = 0
    # One of each case: they have siblings that say the same.
    for entry in {e["group"]: e for e in entries}.values():
        path = folder / entry["file"]
        truth = embedded_invoice(path)
        assert truth is not None
        # A selection of pages makes the pages count, not the data.
        found = rules.extract_file(path, pages="1-9").fields
        for name in [name for name in FIELDS if name in truth.fields]:
            total += 1
            right += name in found and found[name].value == truth.fields[name].value
        assert all(value.source != "xml" for value in found.values())
    assert right >= 0.8 * total
