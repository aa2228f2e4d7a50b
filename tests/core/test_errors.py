from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from structure.core import errors
from structure.core.errors import (
    ConfigError,
    ExitCode,
    StructureError,
    display_name,
    one_line,
    public,
)


@pytest.mark.parametrize(
    ("kind", "exit_code", "code"),
    [
        (errors.StructureError, 1, "E_INTERNAL"),
        (errors.ConfigError, 2, "E_USAGE"),
        (errors.InputError, 3, "E_INPUT"),
        (errors.LockedError, 5, "E_LOCKED"),
        (errors.OutputError, 6, "E_OUTPUT"),
        (errors.LimitError, 7, "E_LIMIT"),
        (errors.ModelError, 8, "E_MODEL"),
        (errors.BusyError, 10, "E_BUSY"),
    ],
)
def test_every_error_has_its_exit_code(
    kind: type[StructureError], exit_code: int, code: str
) -> None:
    error = kind("what is wrong")
    assert (error.exit_code, error.code) == (exit_code, code)
    assert isinstance(error, StructureError)


def test_exit_codes_are_the_published_ones() -> None:
    assert {code.name: int(code) for code in ExitCode} == {
        "OK": 0,
        "INTERNAL": 1,
        "USAGE": 2,
        "INPUT": 3,
        "PARTIAL": 4,
        "LOCKED": 5,
        "OUTPUT": 6,
        "LIMIT": 7,
        "MODEL": 8,
        "BUSY": 10,
        "INTERRUPTED": 130,
        "TERMINATED": 143,
    }


def test_the_text_names_the_file_the_fault_and_the_remedy() -> None:
    error = errors.InputError(
        "the file is empty", hint="scan it again", path="a/b/c.pdf", code="E_EMPTY", page=3
    )
    assert str(error) == "c.pdf: the file is empty; scan it again"
    assert (error.code, error.page) == ("E_EMPTY", 3)


def test_a_name_cannot_forge_output() -> None:
    assert display_name("a/evil\n\x1b[31m\u202efdp.exe") == "evil\\n\\x1b[31m\\u202efdp.exe"


@given(st.text(min_size=1))
def test_names_are_short_and_printable(name: str) -> None:
    shown = display_name(name)
    assert len(shown) <= 80
    assert not any(ord(char) < 32 or char in "\u202e\u2066" for char in shown)


@given(st.text())
def test_one_line_is_one_short_line(text: str) -> None:
    shown = one_line(text, 50)
    assert len(shown) <= 50
    assert len(shown.splitlines()) <= 1


def test_what_nobody_foresaw_becomes_an_error_of_ours_with_its_cause() -> None:
    @public
    def work(value: object) -> object:
        if isinstance(value, BaseException):
            raise value
        return value

    assert work(3) == 3
    with pytest.raises(StructureError, match="KeyError: 'x'; this is a bug") as caught:
        work(KeyError("x"))
    assert (caught.value.code, caught.value.exit_code) == ("E_INTERNAL", ExitCode.INTERNAL)
    assert isinstance(caught.value.__cause__, KeyError)
    for kept in (ConfigError("no"), MemoryError(), KeyboardInterrupt()):
        with pytest.raises(type(kept)) as same:
            work(kept)
        assert same.value is kept
    with pytest.raises(TypeError):
        work(1, 2)  # type: ignore[call-arg]
