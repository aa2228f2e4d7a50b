"""The guide's code runs, and what it names exists."""

from __future__ import annotations

import json
import re
from pathlib import Path

import pytest

from kie.schema import SCHEMAS

ROOT = Path(__file__).resolve().parents[2]
GUIDE = (ROOT / "docs" / "guides" / "invoices.md").read_text("utf-8")


@pytest.mark.parametrize("code", re.findall(r"```python\n(.*?)```", GUIDE, re.DOTALL))
def test_the_python_of_the_guide_runs(code: str, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(ROOT)
    names: dict[str, object] = {}
    setup = "from kie import extract_fields\n" if "import extract_fields" not in code else ""
    exec(compile(setup + code, "invoices.md", "exec"), names)
    assert "found" in names


def test_the_json_of_the_guide_is_json() -> None:
    (code,) = re.findall(r"```json\n(.*?)```", GUIDE, re.DOTALL)
    assert json.loads(code)["fields"]["total_gross"]["value"] == "119.00"


def test_every_field_of_the_invoice_schema_is_named_in_the_guide() -> None:
    table = GUIDE.split("## Electronic invoices")[0]
    named = set(re.findall(r"`([a-z_]+)`", table))
    rows = {"tax_rate", "tax_base", "tax_amount"}  # parts of the tax breakdown
    assert set(SCHEMAS["invoice"]) - rows <= named
