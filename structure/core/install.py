"""Whether the five packages of this distribution are the ones that Python finds."""

from __future__ import annotations

from importlib.util import find_spec
from pathlib import Path

from structure.core.errors import ModelError

PACKAGES = ("structure", "layout", "table", "kie", "recovery")


def check_packages() -> None:
    """Make sure that no stray `table.py` or foreign `layout` package hides one of ours.

    Raises:
        ModelError: a package lies elsewhere than beside this one, or is missing.
    """
    home = Path(__file__).resolve().parents[2]
    for name in PACKAGES:
        spec = find_spec(name)
        origin = Path(spec.origin).resolve() if spec is not None and spec.origin else None
        if origin is None:
            raise ModelError(
                f"the package {name!r} is missing",
                hint="reinstall docstructure into a fresh environment",
                code="E_INSTALL",
            )
        if origin != home / name / "__init__.py":
            raise ModelError(
                f"{origin} hides the package {name!r} of docstructure",
                hint="rename that file, or install docstructure into a fresh environment",
                code="E_INSTALL",
            )
