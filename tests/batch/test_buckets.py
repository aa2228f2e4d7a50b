"""Trees of objects by URL behave as folders do."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import fsspec
import pytest

from structure.batch import Folder, Place
from structure.batch.buckets import Bucket, is_url, open_place
from structure.core.errors import ConfigError, OutputError

NAMES = [b"B.pdf", b"a/c/1.pdf", b"a/c.pdf", b"b.pdf", b".hidden.pdf", b".git/x.pdf"]


@pytest.fixture(params=["memory", "file", "folder"])
def place(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Place]:
    if request.param == "folder":
        yield Folder(tmp_path)
    elif request.param == "file":
        # A file system where writing takes a moment, and half a file can be seen.
        yield Bucket(f"file://{tmp_path}")
    else:
        memory: Any = fsspec.filesystem("memory")
        yield Bucket("memory://bucket/deep")
        memory.rm("/bucket", recursive=True) if memory.exists("/bucket") else None


def test_walking_meets_all_but_hidden_files_in_order(place: Place) -> None:
    for name in NAMES:
        place.make_folder(name)
        place.write(name, b"content")
    assert [found.path for found in place.walk()] == NAMES[:2] + NAMES[2:4]
    assert all(found.size == 7 for found in place.walk())


def test_what_is_written_can_be_read(place: Place) -> None:
    place.make_folder(b"a/b.txt")
    place.write(b"a/b.txt", b"0123456789")
    assert place.read(b"a/b.txt") == b"0123456789"
    assert place.head(b"a/b.txt", 4) == b"0123"
    assert place.digest(b"a/b.txt").startswith("84d89877")
    assert place.look(b"a/none.txt") is None
    assert place.look(b"a") is None
    place.write_side(b"a/b_assets", {"2.png": b"2", "1.png": b"1"})
    assert place.list_folder(b"a/b_assets") == [b"a/b_assets/1.png", b"a/b_assets/2.png"]
    assert place.list_folder(b"nothing") == []
    place.remove(b"a/b.txt")
    place.remove(b"a/b.txt")
    assert place.look(b"a/b.txt") is None


def test_a_change_shows_in_the_stamp(place: Place) -> None:
    place.write(b"a.txt", b"one")
    before = place.look(b"a.txt")
    place.write(b"a.txt", b"two")
    after = place.look(b"a.txt")
    assert before is not None
    assert after is not None
    assert before.stamp != after.stamp


def test_nothing_hidden_is_left_by_writing(place: Place, tmp_path: Path) -> None:
    place.write(b"a.txt", b"one")
    place.write(b"a.txt", b"two")
    assert [path.name for path in tmp_path.iterdir()] in (["a.txt"], [])


def test_the_output_folder_of_another_batch_is_not_entered(place: Place) -> None:
    for name in (b"a.pdf", b"out/b.pdf", b"out/.structure/ledger.sqlite"):
        place.make_folder(name)
        place.write(name, b"content")
    assert [found.path for found in place.walk()] == [b"a.pdf"]


def test_a_url_that_nobody_knows_is_a_wrong_option() -> None:
    with pytest.raises(ConfigError, match=r"nosuch:// cannot be used"):
        open_place("nosuch://bucket/x")


def test_a_store_that_fails_is_an_error_of_output(monkeypatch: pytest.MonkeyPatch) -> None:
    bucket = Bucket("memory://bucket")

    def fail(*_: Any, **__: Any) -> None:
        raise RuntimeError("the token has expired")

    monkeypatch.setattr(type(bucket._files), "pipe_file", fail)
    with pytest.raises(OutputError, match="token has expired"):
        bucket.write(b"a.txt", b"one")


@pytest.mark.parametrize(
    ("name", "expected"),
    [("s3://b/x", True), ("memory://x", True), ("file:///x", False), ("/x", False), ("x", False)],
)
def test_files_of_this_machine_are_no_urls(name: str, expected: bool) -> None:
    assert is_url(name) is expected
    if not expected:
        assert isinstance(open_place(name), Folder)
