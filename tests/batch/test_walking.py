"""Which files below a folder are inputs."""

from __future__ import annotations

import os
import socket
from pathlib import Path

import pytest

from structure.batch import Folder


def paths(folder: Folder) -> list[str]:
    return [os.fsdecode(found.path) for found in folder.walk()]


def make(root: Path, *names: str) -> None:
    for name in names:
        path = root / name
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_text(name)


def test_the_order_is_that_of_the_names_and_the_same_each_time(tmp_path: Path) -> None:
    make(tmp_path, "b.pdf", "a/z.pdf", "a/c/1.pdf", "c.pdf", "a/c.pdf", "B.pdf")
    expected = ["B.pdf", "a/c/1.pdf", "a/c.pdf", "a/z.pdf", "b.pdf", "c.pdf"]
    assert paths(Folder(tmp_path)) == paths(Folder(tmp_path)) == expected


def test_hidden_files_and_folders_are_passed_over(tmp_path: Path) -> None:
    make(tmp_path, ".a.pdf", ".git/b.pdf", "c.pdf")
    assert paths(Folder(tmp_path)) == ["c.pdf"]


def test_only_regular_files_are_met(tmp_path: Path) -> None:
    make(tmp_path, "a.pdf")
    os.mkfifo(tmp_path / "pipe.pdf")
    with socket.socket(socket.AF_UNIX) as listener:
        here = Path.cwd()
        os.chdir(tmp_path)  # the name of a socket must be short
        try:
            listener.bind("socket.pdf")
        finally:
            os.chdir(here)
        assert paths(Folder(tmp_path)) == ["a.pdf"]


def test_links_are_followed_only_when_asked_for(tmp_path: Path) -> None:
    make(tmp_path, "in/a.pdf", "elsewhere/b.pdf", "c.pdf")
    (tmp_path / "in" / "folder").symlink_to(tmp_path / "elsewhere")
    (tmp_path / "in" / "file.pdf").symlink_to(tmp_path / "c.pdf")
    (tmp_path / "in" / "broken.pdf").symlink_to(tmp_path / "nothing")
    assert paths(Folder(tmp_path / "in")) == ["a.pdf"]
    followed = paths(Folder(tmp_path / "in", follow_links=True))
    assert followed == ["a.pdf", "file.pdf", "folder/b.pdf"]


@pytest.mark.timeout(20)
def test_links_in_a_circle_end(tmp_path: Path) -> None:
    make(tmp_path, "a/b.pdf")
    (tmp_path / "a" / "up").symlink_to(tmp_path)
    (tmp_path / "a" / "self").symlink_to(tmp_path / "a")
    assert paths(Folder(tmp_path, follow_links=True)) == ["a/b.pdf"]


def test_the_output_folder_is_not_entered(tmp_path: Path) -> None:
    make(tmp_path, "a.pdf", "out/b.pdf")
    (tmp_path / "again").symlink_to(tmp_path / "out")
    folder = Folder(tmp_path, skip=[tmp_path / "out"], follow_links=True)
    assert paths(folder) == ["a.pdf"]


@pytest.mark.skipif(os.geteuid() == 0, reason="root may list any folder")
def test_a_folder_that_cannot_be_listed_is_found_as_such(tmp_path: Path) -> None:
    make(tmp_path, "a/b.pdf", "c.pdf")
    (tmp_path / "a").chmod(0)
    try:
        found = list(Folder(tmp_path).walk())
    finally:
        (tmp_path / "a").chmod(0o700)
    assert [(f.path, f.problem is None) for f in found] == [(b"a", False), (b"c.pdf", True)]


def test_a_very_deep_tree_is_walked(tmp_path: Path) -> None:
    make(tmp_path, "a/" * 100 + "x.pdf")
    assert paths(Folder(tmp_path)) == ["a/" * 100 + "x.pdf"]
