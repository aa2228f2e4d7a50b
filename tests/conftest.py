from __future__ import annotations

import socket
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest
from hypothesis import settings

ROOT = Path(__file__).resolve().parent.parent


def _stay_at_home(event: str, arguments: tuple[Any, ...]) -> None:
    """Let no test, and nothing that it calls, reach another machine."""
    if event != "socket.connect":
        return
    end, address = arguments
    # A datagram socket sends nothing when it is connected; that is how one asks for one's own name.
    if isinstance(address, tuple) and end.type != socket.SOCK_DGRAM and not _is_own(address[0]):
        raise AssertionError(f"a connection to {address}")


def _is_own(host: str) -> bool:
    """Whether an address is one of this machine."""
    family = socket.AF_INET6 if ":" in host else socket.AF_INET
    with socket.socket(family, socket.SOCK_DGRAM) as own:
        try:
            own.bind((host, 0))
        except OSError:
            return False
    return True


# Not to be taken back, so here and not in a fixture: it also holds while tests are collected.
sys.addaudithook(_stay_at_home)

settings.register_profile("project", deadline=None, max_examples=50, derandomize=True)
settings.load_profile("project")


@pytest.fixture(scope="session")
def shared_data() -> Path:
    """The folder with real pages and ground truth that lies beside a development checkout."""
    folder = ROOT.parent / "shared" / "data"
    if not folder.is_dir():
        pytest.skip("the real pages with ground truth are not beside this checkout")
    return folder


@pytest.fixture(scope="session")
def examples() -> Path:
    """The small documents that ship with the repository."""
    return ROOT / "examples"


@pytest.fixture(scope="session", autouse=True)
def checked_docx() -> Iterator[None]:
    """Look over every docx file that any test writes in this process."""
    from recovery.writers.docx_check import check_bytes
    from recovery.writers.docx_package import Package

    write = Package.to_bytes

    def checked(self: Package, *args: Any, **more: Any) -> bytes:
        data = write(self, *args, **more)
        assert check_bytes(data) == []
        return data

    with pytest.MonkeyPatch.context() as patch:
        patch.setattr(Package, "to_bytes", checked)
        yield
