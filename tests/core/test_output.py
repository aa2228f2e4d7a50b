from __future__ import annotations

import os
import resource
import socket
import stat
from collections.abc import Iterator
from pathlib import Path
from typing import BinaryIO

import pytest

from structure.core.errors import OutputError
from structure.core.output import output_target, write_atomic, write_folder


def leftovers(folder: Path) -> list[str]:
    return [path.name for path in folder.iterdir() if path.name.endswith(".tmp")]


def test_a_new_file_holds_the_bytes_and_nothing_is_left_behind(tmp_path: Path) -> None:
    write_atomic(tmp_path / "out.bin", b"abc")
    assert (tmp_path / "out.bin").read_bytes() == b"abc"
    assert [path.name for path in tmp_path.iterdir()] == ["out.bin"]


def test_content_may_come_from_a_function(tmp_path: Path) -> None:
    def pour(file: BinaryIO) -> None:
        file.write(b"x" * 3)

    write_atomic(tmp_path / "out", pour)
    assert (tmp_path / "out").read_bytes() == b"xxx"


def test_the_mode_of_a_new_file_follows_the_umask(tmp_path: Path) -> None:
    before = os.umask(0o027)
    try:
        write_atomic(tmp_path / "out", b"")
    finally:
        os.umask(before)
    assert stat.S_IMODE((tmp_path / "out").stat().st_mode) == 0o640


def test_a_link_stays_a_link_and_its_target_is_replaced(tmp_path: Path) -> None:
    (tmp_path / "real").write_bytes(b"old")
    (tmp_path / "link").symlink_to("real")
    write_atomic(tmp_path / "link", b"new")
    assert (tmp_path / "link").is_symlink()
    assert (tmp_path / "real").read_bytes() == b"new"


@pytest.mark.parametrize("fault", [ValueError("bad"), KeyboardInterrupt()])
def test_a_failed_check_leaves_the_old_file_and_no_trace(
    tmp_path: Path, fault: BaseException
) -> None:
    target = tmp_path / "out"
    target.write_bytes(b"old")
    seen: list[bytes] = []

    def check(path: Path) -> None:
        seen.append(path.read_bytes())
        raise fault

    with pytest.raises(type(fault)):
        write_atomic(target, b"new", check=check)
    assert seen == [b"new"]
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


@pytest.fixture
def nodes(tmp_path: Path) -> Iterator[dict[str, Path]]:
    os.mkfifo(tmp_path / "pipe")
    (tmp_path / "folder").mkdir()
    server = socket.socket(socket.AF_UNIX)
    here = Path.cwd()
    os.chdir(tmp_path)  # names of sockets are short
    try:
        server.bind("socket")
    finally:
        os.chdir(here)
    yield {name: tmp_path / name for name in ("pipe", "folder", "socket")}
    server.close()


@pytest.mark.parametrize("kind", ["pipe", "folder", "socket"])
def test_what_is_no_regular_file_is_refused_and_untouched(
    nodes: dict[str, Path], kind: str
) -> None:
    before = nodes[kind].lstat()
    with pytest.raises(OutputError, match=r"folder|regular"):
        write_atomic(nodes[kind], b"x")
    after = nodes[kind].lstat()
    assert (before.st_ino, before.st_mode) == (after.st_ino, after.st_mode)


def test_a_device_is_refused_and_untouched() -> None:
    with pytest.raises(OutputError, match="not a regular file"):
        write_atomic("/dev/null", b"x")
    assert stat.S_ISCHR(Path("/dev/null").lstat().st_mode)


@pytest.mark.parametrize("way", ["itself", "symbolic", "hard"])
def test_the_input_is_never_overwritten_by_any_way(tmp_path: Path, way: str) -> None:
    source = tmp_path / "scan.png"
    source.write_bytes(b"pixels")
    target = source if way == "itself" else tmp_path / "out"
    if way == "symbolic":
        target.symlink_to(source)
    elif way == "hard":
        target.hardlink_to(source)
    with pytest.raises(OutputError, match="input itself"):
        write_atomic(target, b"x", forbidden=[tmp_path / "gone", source])
    assert source.read_bytes() == b"pixels"


@pytest.mark.parametrize(
    ("name", "words"),
    [
        ("missing/out", "folder does not exist"),
        ("file/out", "not a folder"),
        ("n" * 300, "too long"),
        ("circle", "circle"),
        ("a\0b", "null"),
        ("", "is a folder"),
    ],
)
def test_an_impossible_target_is_told_on_one_line(tmp_path: Path, name: str, words: str) -> None:
    (tmp_path / "file").write_bytes(b"")
    (tmp_path / "circle").symlink_to("circle")
    with pytest.raises(OutputError, match=words) as caught:
        write_atomic(tmp_path / name if name else tmp_path, b"x")
    assert "\n" not in str(caught.value)
    assert caught.value.exit_code == 6
    assert leftovers(tmp_path) == []


@pytest.mark.skipif(os.geteuid() == 0, reason="root may write everywhere")
def test_a_read_only_folder_is_told(tmp_path: Path) -> None:
    tmp_path.chmod(0o500)
    try:
        with pytest.raises(OutputError, match="cannot be written here"):
            write_atomic(tmp_path / "out", b"x")
    finally:
        tmp_path.chmod(0o700)


def test_a_full_disk_leaves_the_old_file(tmp_path: Path) -> None:
    import signal

    target = tmp_path / "out"
    target.write_bytes(b"old")
    soft, hard = resource.getrlimit(resource.RLIMIT_FSIZE)
    handler = signal.signal(signal.SIGXFSZ, signal.SIG_IGN)
    resource.setrlimit(resource.RLIMIT_FSIZE, (4096, hard))
    try:
        with pytest.raises(OutputError, match="larger than"):
            write_atomic(target, b"x" * 10000)
    finally:
        resource.setrlimit(resource.RLIMIT_FSIZE, (soft, hard))
        signal.signal(signal.SIGXFSZ, handler)
    assert target.read_bytes() == b"old"
    assert leftovers(tmp_path) == []


def test_a_target_can_be_asked_for_before_the_work(tmp_path: Path) -> None:
    (tmp_path / "link").symlink_to(tmp_path / "later")
    assert output_target(tmp_path / "link") == tmp_path.resolve() / "later"


def test_a_folder_of_side_files_appears_whole(tmp_path: Path) -> None:
    write_folder(tmp_path / "a_assets", {"1.png": b"1", "2.png": b"2"})
    assert {p.name: p.read_bytes() for p in (tmp_path / "a_assets").iterdir()} == {
        "1.png": b"1",
        "2.png": b"2",
    }
    assert leftovers(tmp_path) == []


def test_other_files_in_an_existing_folder_stay(tmp_path: Path) -> None:
    folder = tmp_path / "a_assets"
    folder.mkdir()
    (folder / "mine.txt").write_text("mine")
    (folder / "1.png").write_bytes(b"old")
    write_folder(folder, {"1.png": b"new"})
    assert (folder / "mine.txt").read_text() == "mine"
    assert (folder / "1.png").read_bytes() == b"new"


@pytest.mark.parametrize("name", ["", ".", "..", "a/b", "..\\x", "a\0"])
def test_a_side_file_cannot_leave_its_folder(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match="plain file name"):
        write_folder(tmp_path / "a", {name: b""})
    assert list(tmp_path.iterdir()) == []


def test_a_file_in_the_place_of_the_folder_is_refused(tmp_path: Path) -> None:
    (tmp_path / "a").write_bytes(b"mine")
    with pytest.raises(OutputError, match="not a folder"):
        write_folder(tmp_path / "a", {"1": b""})
    assert (tmp_path / "a").read_bytes() == b"mine"


@pytest.mark.parametrize("name", ["a\0.txt", "a\ud800.txt"])
def test_a_name_that_no_system_takes_is_refused(tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError, match="the name holds"):
        write_atomic(tmp_path / name, b"new")
