"""Workers that hang, die, swell or chatter: each costs a page or the file, never the run."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest

from structure.core.errors import ExitCode

Command = Callable[..., Any]


def failed_pages(path: Path) -> list[int]:
    pages = json.loads(path.read_text("utf-8"))["pages"]
    assert [page["n"] for page in pages] == [1, 2, 3]
    return [page["n"] for page in pages if page.get("failure")]


def slow(*values: object) -> Any:
    """A case that says little new; see `pytest_collection_modifyitems` in conftest.py."""
    return pytest.param(*values, marks=pytest.mark.slow)


QUICK = ("--page-timeout", "3", "--max-memory", "600MB")


@pytest.mark.parametrize(
    ("fault", "words"),
    [
        slow("read:hang:2", "took longer than 3 s"),
        ("read:spin:2", "took longer than 3 s"),
        slow("read:exit:2", "crashed"),
        ("read:crash:2", "crashed"),
        ("read:huge:2", "crashed"),
        slow("analyze:hang:2", "took longer than 3 s"),
        slow("analyze:spin:2", "took longer than 3 s"),
        ("analyze:crash:2", "crashed"),
        slow("analyze:swell:2", "memory"),
    ],
)
def test_a_bad_page_in_the_middle_costs_only_itself(
    fault: str, words: str, command: Command, good: dict[str, Path], out: Path
) -> None:
    done = command("convert", good["pdf"], "-o", out / "a.json", *QUICK, fault=fault)
    assert done.code == ExitCode.PARTIAL, done.err
    done.keeps_its_word()
    assert failed_pages(out / "a.json") == [2]
    (warning,) = [line for line in done.err.splitlines() if "warning[W_PAGE]" in line]
    assert "page 2" in warning
    assert words in warning


@pytest.mark.parametrize(
    "fault",
    ["read:crash:2", slow("open:crash"), "analyze:crash:2", slow("write:crash"), "rename:crash"],
)
def test_a_death_that_does_not_happen_again_costs_nothing(
    fault: str, command: Command, good: dict[str, Path], out: Path
) -> None:
    done = command("convert", good["pdf"], "-o", out / "a.json", *QUICK, fault=fault, once=True)
    assert done.code == ExitCode.OK, done.err
    done.keeps_its_word()
    assert failed_pages(out / "a.json") == []


@pytest.mark.parametrize(
    ("fault", "code", "error"),
    [
        ("open:crash", ExitCode.INPUT, "E_CRASH"),
        slow("open:exit", ExitCode.INPUT, "E_CRASH"),
        slow("open:hang", ExitCode.LIMIT, "E_TIME"),
        ("open:swell", ExitCode.LIMIT, "E_MEMORY"),
        ("read:crash", ExitCode.INPUT, "E_CRASH"),
        slow("read:hang", ExitCode.LIMIT, "E_TIME"),
        slow("load:crash", ExitCode.INPUT, "E_CRASH"),
        slow("analyze:crash", ExitCode.INPUT, "E_CRASH"),
        slow("analyze:hang", ExitCode.LIMIT, "E_TIME"),
        ("analyze:swell", ExitCode.LIMIT, "E_MEMORY"),
        ("write:crash", ExitCode.INPUT, "E_CRASH"),
        slow("write:exit", ExitCode.INPUT, "E_CRASH"),
        slow("write:swell", ExitCode.LIMIT, "E_MEMORY"),
    ],
)
def test_a_file_that_is_fatal_as_a_whole_ends_with_one_line(
    fault: str, code: ExitCode, error: str, command: Command, good: dict[str, Path], out: Path
) -> None:
    done = command("convert", good["png"], "-o", out / "a.docx", *QUICK, fault=fault)
    assert (done.code, done.error) == (code, error)
    done.keeps_its_word()
    assert list(out.iterdir()) == []


@pytest.mark.parametrize("stage", ["open", slow("read"), slow("load"), "analyze", slow("write")])
def test_what_libraries_print_reaches_nobody(
    stage: str, command: Command, good: dict[str, Path]
) -> None:
    arguments = ("convert", good["png"], "-o", "-", "--to", "txt")
    done = command(*arguments, fault=f"{stage}:chatter")
    assert (done.code, done.err) == (ExitCode.OK, "")
    assert done.out.decode().strip() == "read by a stub"


def test_a_file_that_runs_out_of_time_keeps_the_pages_that_are_done(
    command: Command, good: dict[str, Path], out: Path
) -> None:
    limits = ("--file-timeout", "6", "--page-timeout", "60")
    done = command("convert", good["tiff"], "-o", out / "a.json", *limits, fault="read:hang:3")
    assert done.code == ExitCode.PARTIAL, done.err
    assert failed_pages(out / "a.json") == [3]
    assert "the time for the file was used up" in done.err


@pytest.mark.parametrize(
    ("suffix", "fault", "code", "error"),
    [
        ("pdf", "crash", ExitCode.INPUT, "E_CRASH"),
        slow("pdf", "swell", ExitCode.LIMIT, "E_MEMORY"),
        slow("pdf", "exit", ExitCode.INPUT, "E_CRASH"),
        slow("alto.xml", "crash", ExitCode.INPUT, "E_CRASH"),
        slow("hocr.html", "swell", ExitCode.LIMIT, "E_MEMORY"),
    ],
)
def test_an_original_that_is_fatal_when_it_is_opened_again_costs_itself(
    suffix: str,
    fault: str,
    code: ExitCode,
    error: str,
    command: Command,
    good: dict[str, Path],
    out: Path,
) -> None:
    target = out / f"a.{suffix}"
    done = command("convert", good["pdf"], "-o", target, *QUICK, fault=f"original:{fault}")
    assert (done.code, done.error) == (code, error)
    done.keeps_its_word()
    assert list(out.iterdir()) == []


SMALL = ("--page-timeout", "4", "--max-memory", "2GB")


@pytest.mark.parametrize(
    ("name", "suffix"), [("table", "html"), slow("layout", "json"), slow("extract", "json")]
)
@pytest.mark.parametrize(
    ("fault", "code", "error"),
    [
        ("hang", ExitCode.LIMIT, "E_TIME"),
        slow("swell", ExitCode.LIMIT, "E_MEMORY"),
        slow("crash", ExitCode.INPUT, "E_CRASH"),
    ],
)
def test_a_model_of_a_smaller_command_is_watched_over_too(
    name: str,
    suffix: str,
    fault: str,
    code: ExitCode,
    error: str,
    command: Command,
    good: dict[str, Path],
    out: Path,
) -> None:
    arguments = (name, good["png"], "-o", out / f"a.{suffix}", *SMALL)
    done = command(*arguments, fault=f"analyze:{fault}")
    assert (done.code, done.error) == (code, error)
    done.keeps_its_word()
    assert list(out.iterdir()) == []


def test_a_page_that_hangs_costs_an_extraction_only_that_page(
    command: Command, good: dict[str, Path], out: Path
) -> None:
    arguments = ("extract", good["pdf"], "--schema", "generic", "-o", out / "a.json", *SMALL)
    done = command(*arguments, fault="analyze:hang:2")
    assert done.code == ExitCode.PARTIAL, done.err
    done.keeps_its_word()
    tree = json.loads((out / "a.json").read_text("utf-8"))
    assert tree["pages"] == [1, 3]
    lost = [warning["page"] for warning in tree["warnings"] if warning["code"] == "W_PAGE"]
    assert lost == [2]
    assert "took longer than 4 s" in done.err


def test_a_page_that_cannot_be_read_is_named_among_the_regions_of_the_others(
    command: Command, good: dict[str, Path], out: Path
) -> None:
    done = command("layout", good["pdf"], "-o", out / "a.json", *SMALL, fault="read:exit:2")
    assert done.code == ExitCode.PARTIAL, done.err
    done.keeps_its_word()
    pages = json.loads((out / "a.json").read_text("utf-8"))["pages"]
    assert [page["page"] for page in pages if "failure" in page] == [2]
    assert [page["page"] for page in pages] == [1, 2, 3]
    assert "warning[W_PAGE]: page 2" in done.err
