from __future__ import annotations

import re
from pathlib import Path
from typing import Any

import pytest

GUIDE = Path(__file__).resolve().parents[2] / "docs" / "guides" / "archives.md"


def test_the_code_in_the_guide_runs(
    bench: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    bench.outputs = bench.outputs.with_name("documents")
    bench.put(a="bad", b="gap", c="fine")
    bench.run()
    (code,) = re.findall(r"```python\n(.*?)```", GUIDE.read_text("utf-8"), re.DOTALL)
    monkeypatch.chdir(bench.outputs.parent)
    exec(compile(code, str(GUIDE), "exec"), {})
    assert capsys.readouterr().out == "a.pdf failed E_DAMAGED []\nb.pdf partial None [2]\n"


def test_the_options_in_the_guide_exist() -> None:
    from structure.cli.main import parser

    (commands,) = (a for a in parser()._actions if a.dest == "command")
    known = set(commands.choices["batch"]._option_string_actions)  # type: ignore[index,call-overload,union-attr]
    named = set(re.findall(r"(?<![\w-])--[a-z][a-z-]+", GUIDE.read_text("utf-8")))
    assert named
    assert named <= known
