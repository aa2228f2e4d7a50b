from __future__ import annotations

import re
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parents[1]
GUIDE = ROOT / "docs" / "guides" / "errors.md"


def test_the_guide_explains_every_code() -> None:
    packages = ("structure", "layout", "table", "kie", "recovery")
    sources = [path for package in packages for path in (ROOT / package).rglob("*.py")]
    used = {
        code
        for path in sources
        for code in re.findall(r'"([EW]_[A-Z_]+)"', path.read_text(encoding="utf-8"))
    }
    explained = set(re.findall(r"`([EW]_[A-Z_]+)`", GUIDE.read_text(encoding="utf-8")))
    assert used
    assert used <= explained


def test_the_code_in_the_guide_runs(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text(encoding="utf-8"), re.DOTALL)
    monkeypatch.chdir(tmp_path)
    exec(compile(code, str(GUIDE), "exec"), {})
    assert capsys.readouterr().out == (
        "E_MISSING letter.pdf: there is no such file; check the path\n"
    )
