"""A batch on Ray: the same outputs as elsewhere, also when a node dies in the middle."""

from __future__ import annotations

import json
import sys
import threading
from collections.abc import Iterator, Sequence
from pathlib import Path
from typing import TYPE_CHECKING, Any

import pikepdf
import pytest

from structure.batch import BatchOptions, Folder, Listener, Plan, run_batch
from structure.batch.buckets import Bucket
from structure.batch.cluster import RayEngine
from structure.core.errors import ConfigError, ExitCode
from structure.isolation import ModelOptions, TaskOptions

if TYPE_CHECKING:
    from structure.pipeline import Models

ray = pytest.importorskip("ray", reason="Ray is not installed (extra `cluster`)")

STORE = 100_000_000
pytestmark = [
    pytest.mark.timeout(280),
    # Ray leaves sockets and processes to its own ending.
    pytest.mark.filterwarnings("ignore::ResourceWarning", "ignore::FutureWarning"),
    pytest.mark.filterwarnings("ignore::DeprecationWarning"),
]


def stub_models(options: ModelOptions) -> Models:
    """Models that find nothing, in no time; text comes from the text layers."""
    from structure.orientation import Orientation
    from structure.pipeline import Models

    class Reader:
        def __call__(self, image: Any) -> list[Any]:
            return []

        def read_lines(self, lines: Sequence[Any]) -> list[tuple[str, float]]:
            return [("", 0.0) for _ in lines]

    def turn(pages: Sequence[Any]) -> list[Orientation]:
        return [Orientation(0, 0.93, True) for _ in pages]

    def nothing(pages: Sequence[Any], *_: Any) -> list[Any]:
        return [[] for _ in pages]

    return Models(turn, Reader(), nothing, nothing, {"ocr": "none"})


def write_pdf(path: Path, pages: int) -> None:
    """A PDF whose pages differ in their text and in their width."""
    path.parent.mkdir(parents=True, exist_ok=True)
    with pikepdf.new() as pdf:
        font = pikepdf.Dictionary(
            Type=pikepdf.Name.Font, Subtype=pikepdf.Name.Type1, BaseFont=pikepdf.Name.Helvetica
        )
        for number in range(1, pages + 1):
            page = pdf.add_blank_page(page_size=(300 + number, 200))
            page.Resources = pikepdf.Dictionary(Font=pikepdf.Dictionary(F1=font))
            text = f"BT /F1 14 Tf 30 100 Td (This is page {number} of this file) Tj ET"
            page.Contents = pdf.make_stream(text.encode())
        pdf.save(path, deterministic_id=True)


def widths(path: Path) -> list[float]:
    return [page["w"] for page in json.loads(path.read_bytes())["pages"]]


def expected(pages: int) -> list[float]:
    return [300.0 + number for number in range(1, pages + 1)]


@pytest.fixture(scope="module")
def cluster() -> Iterator[Any]:
    """A cluster of two nodes, each with one core; the driver's node has none."""
    from ray.cluster_utils import Cluster

    ray.cloudpickle.register_pickle_by_value(sys.modules[__name__])
    nodes = Cluster(
        initialize_head=True,
        head_node_args={"num_cpus": 0, "object_store_memory": STORE, "include_dashboard": False},
    )
    for _ in range(2):
        nodes.add_node(num_cpus=1, object_store_memory=STORE)
    nodes.wait_for_nodes()
    yield nodes
    ray.shutdown()
    nodes.shutdown()
    ray.cloudpickle.unregister_pickle_by_value(sys.modules[__name__])


def run(
    cluster: Any, source: Any, target: Any, state: Path, listener: Listener | None = None
) -> Any:
    return run_batch(
        source,
        target,
        state,
        lambda: RayEngine(
            source,
            target,
            TaskOptions(dpi=72, ocr="never"),
            address=cluster.address,
            load=stub_models,
        ),
        BatchOptions(Plan((".json", ".txt"), "one")),
        listener=listener,
    )


class Pages(Listener):
    """Counts pages, and does something after some of them."""

    def __init__(self, after: int, do: Any) -> None:
        self.pages, self._after, self._do = 0, after, do

    def page(self, key: str, done: int, total: int) -> None:
        self.pages += 1
        if self.pages == self._after:
            self._do()


def test_inputs_and_outputs_may_be_urls(cluster: Any, tmp_path: Path) -> None:
    import fsspec

    write_pdf(tmp_path / "a.pdf", 1)
    memory = fsspec.filesystem("memory")
    memory.pipe_file("/b2in/deep/a.pdf", (tmp_path / "a.pdf").read_bytes())
    memory.pipe_file("/b2in/note.txt", b"text")
    source, target = Bucket("memory://b2in"), Bucket("memory://b2out")
    result = run(cluster, source, target, tmp_path / "state")
    assert result.exit_code is ExitCode.OK
    assert sorted(memory.find("/b2out")) == ["/b2out/deep/a.json", "/b2out/deep/a.txt"]
    assert json.loads(memory.cat_file("/b2out/deep/a.json"))["source"]["name"] == "a.pdf"
    assert (tmp_path / "state" / "report.jsonl").read_text() == ""
    assert run(cluster, source, target, tmp_path / "state").done_now == 0
    memory.pipe_file("/b2out/deep/a.txt", b"edited")
    assert run(cluster, source, target, tmp_path / "state").done_now == 1


def test_a_node_that_dies_takes_nothing_with_it_and_nobody_talks_of_it(
    cluster: Any, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    write_pdf(tmp_path / "in" / "sub" / "long.pdf", 42)
    for number in range(3):
        write_pdf(tmp_path / "in" / f"short{number}.pdf", 2)
    (tmp_path / "in" / "bad.pdf").write_text("no PDF")
    (tmp_path / "out").mkdir()
    victim = cluster.list_all_nodes()[-1]

    def kill() -> None:
        # Not asked to go, but killed, and with it all that works or lies there.
        threading.Thread(target=cluster.remove_node, args=(victim, False), daemon=True).start()

    listener = Pages(10, kill)
    place = Folder(tmp_path / "out")
    result = run(cluster, Folder(tmp_path / "in"), place, tmp_path / "out/.structure", listener)
    assert victim not in cluster.list_all_nodes()
    assert capsys.readouterr().out == ""
    assert result.exit_code is ExitCode.PARTIAL
    assert (result.counts.pages, listener.pages) == (48, 48)
    assert widths(tmp_path / "out" / "sub" / "long.json") == expected(42)
    assert [widths(path) for path in (tmp_path / "out").glob("*.json")] == [expected(2)] * 3
    (failure,) = (tmp_path / "out" / "report.jsonl").read_text().splitlines()
    assert json.loads(failure)["code"] == "E_KIND"

    # One process that reads the file from beginning to end makes the same bytes.
    from structure.pipeline import convert

    convert(
        tmp_path / "in" / "sub" / "long.pdf",
        [tmp_path / "one.json", tmp_path / "one.txt"],
        dpi=72,
        ocr="never",
        models=stub_models(ModelOptions()),
    )
    for suffix in ("json", "txt"):
        split = (tmp_path / "out" / "sub" / f"long.{suffix}").read_bytes()
        assert split == (tmp_path / f"one.{suffix}").read_bytes()


def test_a_cluster_that_is_not_there_is_an_error_of_ours(tmp_path: Path) -> None:
    place = Folder(tmp_path)
    engine = RayEngine(place, place, TaskOptions(), address="127.0.0.1:1")
    with pytest.raises(ConfigError, match="no Ray cluster answers"):
        engine.__enter__()
