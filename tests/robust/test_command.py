"""The command line under hostile circumstances: codes, limits, targets, names, messages."""

from __future__ import annotations

import json
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pikepdf
import pytest
from PIL import Image

from recovery.writers import FORMATS
from structure.cli import main
from structure.cli.main import parser
from structure.cli.options import FORMATS as NAMES
from structure.cli.options import limits_of
from structure.core.errors import ExitCode
from structure.core.limits import Limits

HOOKS = Path(__file__).parent / "hooks"
Run = Callable[..., tuple[int, str, str]]


@pytest.fixture
def run(monkeypatch: pytest.MonkeyPatch, capfd: pytest.CaptureFixture[str], tmp_path: Path) -> Run:
    """The command in this process, its workers with stub models; temporary files in `tmp_path`."""
    (tmp_path / "temporary").mkdir()
    monkeypatch.setenv("PYTHONPATH", str(HOOKS))
    monkeypatch.setenv("STRUCTURE_TEST_MODELS", "stub")
    monkeypatch.setattr("tempfile.tempdir", str(tmp_path / "temporary"))

    def run(*arguments: object) -> tuple[int, str, str]:
        code = main([str(argument) for argument in arguments])
        out, err = capfd.readouterr()
        assert list((tmp_path / "temporary").iterdir()) == []
        return code, out, err

    return run


def error_of(err: str) -> str:
    lines = [line for line in err.splitlines() if "error" in line.lower()]
    assert len(lines) == 1, err
    assert lines[0].startswith("structure: error[")
    assert len(lines[0]) <= 300
    assert "Traceback" not in err
    return lines[0].split("[", 1)[1].split("]", 1)[0]


def locked(path: Path) -> Path:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(path, encryption=pikepdf.Encryption(owner="o", user="u"))
    return path


@pytest.mark.parametrize(
    ("case", "code", "error"),
    [
        ("usage", ExitCode.USAGE, "E_USAGE"),
        ("missing", ExitCode.INPUT, "E_MISSING"),
        ("pipe", ExitCode.INPUT, "E_NOT_A_FILE"),
        ("locked", ExitCode.LOCKED, "E_LOCKED"),
        ("folder", ExitCode.OUTPUT, "E_OUTPUT"),
        ("itself", ExitCode.OUTPUT, "E_OUTPUT"),
        ("exists", ExitCode.OUTPUT, "E_EXISTS"),
        ("disk", ExitCode.OUTPUT, "E_SPACE"),
        ("size", ExitCode.LIMIT, "E_FILE_SIZE"),
        ("pages", ExitCode.LIMIT, "E_PAGE_COUNT"),
        ("output", ExitCode.LIMIT, "E_OUTPUT_SIZE"),
    ],
)
def test_every_failure_has_its_code_one_line_and_no_output(
    case: str,
    code: ExitCode,
    error: str,
    run: Run,
    good: dict[str, Path],
    tmp_path: Path,
    out: Path,
) -> None:
    source, target, more = good["tiff"], out / "a.txt", []
    if case == "usage":
        more = ["--max-pages", "some"]
    elif case == "missing":
        source = tmp_path / "none.pdf"
    elif case == "pipe":
        source = tmp_path / "pipe.pdf"
        os.mkfifo(source)
    elif case == "locked":
        source = locked(tmp_path / "locked.pdf")
    elif case == "folder":
        target = out / "none" / "a.txt"
    elif case == "itself":
        source = tmp_path / "in.txt"
        source.write_bytes(good["png"].read_bytes())
        target.hardlink_to(source)
    elif case == "exists":
        target.write_text("mine")
        more = ["--no-clobber"]
    else:
        more = {
            "disk": ["--min-free", "900000G"],
            "size": ["--max-file-size", "100"],
            "pages": ["--max-pages", "2"],
            "output": ["--max-output", "10"],
        }[case]
    before = sorted((path.name, path.read_bytes()) for path in out.iterdir())
    got, printed, err = run("convert", source, "-o", target, *more)
    assert (got, error_of(err), printed) == (code, error, "")
    assert sorted((path.name, path.read_bytes()) for path in out.iterdir()) == before


def test_limits_just_wide_enough_let_a_file_pass(
    run: Run, good: dict[str, Path], out: Path
) -> None:
    limits = ["--max-pages", "3", "--max-pixels", 200 * 260, "--max-output", "100"]
    limits += ["--max-file-size", good["tiff"].stat().st_size, "--min-free", "1"]
    code, _, err = run("convert", good["tiff"], "-o", out / "a.txt", *limits, "--no-clobber")
    assert (code, err) == (ExitCode.OK, "")
    assert (out / "a.txt").read_text().count("read by a stub") == 3


def test_every_limit_has_an_option() -> None:
    defaults = parser().parse_args(["convert", "a.pdf", "-o", "b.txt"])
    assert limits_of(defaults) == Limits()
    flags = {
        "--max-file-size": "2kB", "--max-pages": "3", "--max-pixels": "4M", "--max-raster": "5k",
        "--max-boxes": "6", "--max-memory": "7GiB", "--max-output": "1.5MiB", "--min-free": "0",
        "--page-timeout": "9.5", "--file-timeout": "10",
    }  # fmt: skip
    arguments = [part for flag in flags.items() for part in flag]
    changed = parser().parse_args(["batch", "a", "-o", "b", *arguments])
    assert limits_of(changed) == Limits(
        file_size=2000, pages=3, pixels=4_000_000, raster=5000, boxes=6, memory=7 << 30,
        output=3 << 19, free=0, page_seconds=9.5, file_seconds=10,
    )  # fmt: skip


@pytest.mark.parametrize("value", ["-1", "nan", "inf", "5 apples", "", "0x10"])
@pytest.mark.parametrize("flag", ["--max-pages", "--page-timeout"])
def test_a_limit_that_is_no_limit_is_wrong_usage(flag: str, value: str, run: Run) -> None:
    code, _, err = run("convert", "a.pdf", "-o", "b.txt", f"{flag}={value}")
    assert (code, error_of(err)) == (ExitCode.USAGE, "E_USAGE")


def test_the_formats_of_the_command_are_those_of_the_writers() -> None:
    assert {f".{name}" for name in NAMES} == set(FORMATS)


def test_standard_output_carries_the_document_and_nothing_else(
    run: Run, good: dict[str, Path]
) -> None:
    code, printed, err = run("convert", good["png"], "-o", "-", "--to", "json")
    assert (code, err) == (ExitCode.OK, "")
    assert json.loads(printed)["pages"]
    for arguments in (["-o", "-"], ["-o", "a.txt", "--to", "txt"], ["-o", "-", "--to", "odt"]):
        code, printed, err = run("convert", good["png"], *arguments)
        assert (code, printed) == (ExitCode.USAGE, "")
        assert error_of(err) == "E_USAGE"


def test_messages_can_be_json(run: Run, good: dict[str, Path], out: Path) -> None:
    code, _, err = run("convert", "none\n.pdf", "-o", out / "a.txt", "--log-format", "json")
    assert code == ExitCode.INPUT
    found = json.loads(err)
    assert found.pop("message").startswith("none\\n.pdf: there is no such file")
    assert found == {"level": "error", "code": "E_MISSING", "exit_code": 3}
    code, _, err = run("convert", "--log-format=json", "--nonsense")
    assert (code, json.loads(err)["code"]) == (ExitCode.USAGE, "E_USAGE")
    cut = out.parent / "cut.png"
    Image.effect_noise((300, 300), 90).save(cut)
    cut.write_bytes(cut.read_bytes()[:-20_000])
    code, _, err = run("convert", cut, "-o", out / "a.txt", "--log-format", "json")
    found = json.loads(err)
    assert (code, found["level"], found["code"]) == (ExitCode.PARTIAL, "warning", "W_TRUNCATED")


@pytest.mark.parametrize(
    ("name", "text"),
    [
        ("a.toml", 'max-pages = 2\nlog_format = "json"\nquiet = true\n'),
        ("a.json", '{"max-pages": 2, "log-format": "json", "quiet": true}'),
    ],
)
def test_options_may_come_from_a_file(
    name: str, text: str, run: Run, good: dict[str, Path], tmp_path: Path, out: Path
) -> None:
    (tmp_path / name).write_text(text)
    arguments = ("convert", good["tiff"], "-o", out / "a.txt", "--config", tmp_path / name)
    code, _, err = run(*arguments)
    assert (code, json.loads(err)["code"]) == (ExitCode.LIMIT, "E_PAGE_COUNT")
    assert run(*arguments, "--max-pages", "3")[0] == ExitCode.OK


@pytest.mark.parametrize(
    "text",
    [
        "nonsense = 1",
        "max-pages = -2",
        "page-timeout = nan",
        "page-timeout = inf",
        "max-pages = [1, [2]]",
        "dpi = 2026-01-01",
        "config = 'a.toml'",
        "ocr = 'perhaps'",
        "quiet = 'yes'",
        "[convert]\ndpi = 3",
        "dpi = ",
        "'-o' = 'x.docx'",
    ],
)
def test_a_configuration_with_anything_unknown_is_refused(
    text: str, run: Run, good: dict[str, Path], tmp_path: Path, out: Path
) -> None:
    (tmp_path / "a.toml").write_text(text)
    arguments = ("-o", out / "a.txt", "--config", tmp_path / "a.toml")
    code, _, err = run("convert", good["png"], *arguments)
    assert (code, error_of(err)) == (ExitCode.USAGE, "E_USAGE")
    assert list(out.iterdir()) == []


def test_json_that_is_too_deep_or_not_there_is_refused(run: Run, tmp_path: Path) -> None:
    (tmp_path / "deep.json").write_text("[" * 100_000)
    for name in ("deep.json", "none.toml", "/dev/zero"):
        code, _, err = run("convert", "a.pdf", "-o", "b.txt", "--config", tmp_path / name)
        assert (code, error_of(err)) == (ExitCode.USAGE, "E_USAGE")


def test_tracebacks_are_for_those_who_ask(run: Run, tmp_path: Path, out: Path) -> None:
    code, _, err = run("convert", tmp_path / "none.pdf", "-o", out / "a.txt", "--debug")
    assert code == ExitCode.INPUT
    assert "Traceback" in err


def test_any_name_of_the_system_is_a_name(
    run: Run, good: dict[str, Path], tmp_path: Path, out: Path
) -> None:
    names = [
        b" 'a'\".png", b"-o=x.png", b"a\nb\x1b[31m.png", "\U0001f600.png".encode(),
        b"\xff\xfe.png", b"n" * 251 + b".png", b"=cmd.png", b"%s{0}$HOME`id`.png",
    ]  # fmt: skip
    sources = [tmp_path / os.fsdecode(name) for name in names]
    for source in sources:
        source.write_bytes(good["png"].read_bytes())
    code, _, err = run("convert", *sources, "-o", out / "a.json")
    assert (code, err) == (ExitCode.OK, "")
    text = (out / "a.json").read_text("utf-8")
    assert len(json.loads(text)["pages"]) == len(names)
    assert "\x1b" not in text


def test_the_input_keeps_its_bytes_and_times(run: Run, good: dict[str, Path], out: Path) -> None:
    before = good["pdf"].read_bytes(), good["pdf"].stat().st_mtime_ns
    assert run("convert", good["pdf"], "-o", out / "a.pdf", "-o", out / "a.md")[0] == ExitCode.OK
    assert (good["pdf"].read_bytes(), good["pdf"].stat().st_mtime_ns) == before


def test_a_full_disk_ends_with_one_line_and_no_trace(
    command: Any, good: dict[str, Path], tmp_path: Path
) -> None:
    # A limit for the size of a file stands for the disk: the system refuses to write on.
    import resource

    target = tmp_path / "small"
    target.mkdir()
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    resource.setrlimit(resource.RLIMIT_FSIZE, (3000, hard))
    try:
        done = command("convert", good["png"], "-o", target / "a.docx")
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
    assert (done.code, done.error) == (ExitCode.OUTPUT, "E_OUTPUT")
    done.keeps_its_word()
    assert list(target.iterdir()) == []
