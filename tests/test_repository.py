"""Promises about the tree as a whole."""

from __future__ import annotations

import importlib
import re
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).resolve().parent.parent
PACKAGES = ("structure", "layout", "table", "kie", "recovery")

PUBLIC = {
    "kie": [
        "FieldValue",
        "KieExtractor",
        "KieResult",
        "LineItem",
        "Pair",
        "extract_fields",
        "page_of",
    ],
    "layout": ["LayoutDetector", "Settled", "settle", "with_checkboxes"],
    "recovery": [
        "Original",
        "Rendered",
        "RestoreOptions",
        "WriteOptions",
        "render",
        "restore",
        "write",
        "write_docx",
        "write_html",
        "write_json",
        "write_markdown",
        "write_text",
        "write_xlsx",
    ],
    "structure": [
        "Document",
        "ExitCode",
        "Models",
        "StructureError",
        "WeightFiles",
        "WriteOptions",
        "analyze",
        "convert",
        "load_models",
    ],
    "table": ["Recognition", "TableRecognizer", "read_form", "to_html"],
}
"""A change here is a decision: somebody's program uses the old name."""


@pytest.mark.parametrize("name", PUBLIC)
def test_public_names_are_those_agreed_on(name: str) -> None:
    module = importlib.import_module(name)
    assert sorted(module.__all__) == PUBLIC[name]
    assert all(hasattr(module, public) for public in PUBLIC[name])


def sources() -> list[Path]:
    return [path for package in PACKAGES for path in sorted((ROOT / package).rglob("*.py"))]


FORBIDDEN = {
    r"\btorch\.load\((?![^)]*weights_only=True)": "torch.load without weights_only=True",
    r"\bpickle\.loads?\(": "unrestricted unpickling",
    r"allow_pickle\s*=\s*True": "np.load with pickles",
    r"\byaml\.(unsafe_)?load\(": "yaml.load",
    r"(?<![\w.])eval\(": "eval",
    r"(?<![\w.])exec\(": "exec",
    r"shell\s*=\s*True": "a shell string",
    r"\.extractall\(": "unpacking without a look at the members",
    r"trust_remote_code": "code from a hub",
    r"cv2\.imread": "imread, which hides damage",
}


@pytest.mark.parametrize("pattern", FORBIDDEN, ids=list(FORBIDDEN.values()))
def test_dangerous_calls_do_not_occur(pattern: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in sources()
        for match in re.finditer(pattern, path.read_text("utf-8"))
    ]
    assert found == []


def test_the_pattern_for_eval_catches_the_function_and_not_the_method() -> None:
    pattern = next(p for p, name in FORBIDDEN.items() if name == "eval")
    assert re.search(pattern, "x = eval(text)")
    assert not re.search(pattern, "network.eval()")


@pytest.mark.parametrize(
    "module", ["recovery", "structure.core.document", "structure", "layout", "kie"]
)
def test_importing_does_not_load_torch(module: str) -> None:
    code = f"import {module}, sys; sys.exit('torch' in sys.modules)"
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_tests_are_no_packages() -> None:
    # A tests/layout/__init__.py would be imported as `layout`.
    assert list((ROOT / "tests").rglob("__init__.py")) == []


def test_every_package_is_typed_and_shipped() -> None:
    project = tomllib.loads((ROOT / "pyproject.toml").read_text("utf-8"))
    assert project["tool"]["hatch"]["build"]["targets"]["wheel"]["packages"] == list(PACKAGES)
    assert all((ROOT / package / "py.typed").is_file() for package in PACKAGES)


def test_weights_stay_small() -> None:
    weights = [
        path
        for package in PACKAGES
        for path in (ROOT / package).rglob("pretrained/*")
        if path.is_file()
    ]
    assert weights
    assert sum(path.stat().st_size for path in weights) < 60e6


def test_a_stray_package_is_named(tmp_path: Path) -> None:
    (tmp_path / "layout.py").write_text("")
    code = "from structure.core.install import check_packages; check_packages()"
    done = subprocess.run(
        [sys.executable, "-c", f"import sys; sys.path.insert(0, {str(tmp_path)!r}); {code}"],
        capture_output=True,
        text=True,
        check=False,
    )
    assert done.returncode != 0
    assert str(tmp_path / "layout.py") in done.stderr
