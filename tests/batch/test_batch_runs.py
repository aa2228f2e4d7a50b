"""What a run does, and what the next one leaves alone. The engine is a stub."""

from __future__ import annotations

import json
import os
import signal
import unicodedata
from dataclasses import replace
from pathlib import Path
from typing import Any

import pytest

from structure.batch import Ledger, State, Work
from structure.core.errors import ExitCode, ModelError, OutputError


def report(bench: Any) -> list[dict[str, Any]]:
    lines = (bench.outputs / "report.jsonl").read_text("utf-8").splitlines()
    return [json.loads(line) for line in lines]


def rows(bench: Any) -> dict[str, Any]:
    with Ledger(bench.state / "ledger.sqlite", read_only=True) as ledger:
        return {os.fsdecode(job.path): job for job in ledger.jobs(State)}


def test_every_file_gets_its_output_in_the_same_tree(bench: Any) -> None:
    bench.put(a="one", sub__b="two", sub__deep__c="three")
    result = bench.run(to=(".txt", ".json"))
    assert result.exit_code is ExitCode.OK
    assert bench.made() == [
        "a.json", "a.txt", "sub/b.json", "sub/b.txt", "sub/deep/c.json", "sub/deep/c.txt",
    ]  # fmt: skip
    assert result.counts.of(State.DONE) == 3
    assert (result.pages_now, result.counts.pages) == (9, 9)
    assert report(bench) == []


def test_the_second_run_touches_nothing(bench: Any) -> None:
    bench.put(a="one", sub__b="two")
    bench.run()
    before = bench.stamps()
    result = bench.run()
    assert result.exit_code is ExitCode.OK
    assert bench.worked == []
    assert bench.stamps() == before


def test_only_a_changed_input_is_done_again(bench: Any) -> None:
    bench.put(a="one", b="two", c="three")
    bench.run()
    before = bench.stamps()
    bench.put(b="two and more")
    bench.run()
    assert bench.worked == ["b.pdf"]
    changed = {name for name, stamp in bench.stamps().items() if stamp != before[name]}
    assert changed == {"b.txt"}
    assert (bench.outputs / "b.txt").read_text() == "b.txt|two and more"


def test_a_change_that_keeps_size_and_time_is_noticed(bench: Any) -> None:
    bench.put(a="one")
    bench.run()
    path = bench.inputs / "a.pdf"
    times = path.stat()
    path.write_text("two")
    os.utime(path, ns=(times.st_atime_ns, times.st_mtime_ns))
    bench.run()
    assert (bench.outputs / "a.txt").read_text() == "a.txt|two"


def test_an_input_that_was_only_touched_is_left_alone(bench: Any) -> None:
    bench.put(a="one")
    bench.run()
    os.utime(bench.inputs / "a.pdf")
    bench.run()
    assert bench.worked == []


def test_an_output_that_is_missing_or_was_changed_is_made_again(bench: Any) -> None:
    bench.put(a="one", b="two", c="three", d="four")
    bench.run()
    (bench.outputs / "a.txt").unlink()
    (bench.outputs / "b.txt").write_text("b.txt|xxx")
    os.utime(bench.outputs / "c.txt")
    bench.run()
    assert bench.worked == ["a.pdf", "b.pdf"]
    assert (bench.outputs / "b.txt").read_text() == "b.txt|two"


def test_a_changed_configuration_makes_all_again(bench: Any) -> None:
    bench.put(a="one", b="bad", c="gap")
    bench.run()
    bench.run(config="two")
    assert bench.worked == ["a.pdf", "b.pdf", "c.pdf"]


def test_another_format_is_added_without_touching_the_first(bench: Any) -> None:
    bench.put(a="one")
    bench.run(to=(".txt",))
    before = bench.stamps()
    bench.run(to=(".json",))
    assert bench.made() == ["a.json", "a.txt"]
    assert bench.stamps()["a.txt"] == before["a.txt"]
    bench.run(to=(".txt", ".json"))
    assert bench.worked == []


def test_pictures_beside_markdown_belong_to_it(bench: Any) -> None:
    bench.put(a="one")
    bench.run(to=(".md",))
    (bench.outputs / "a_assets" / "1.png").unlink()
    bench.run(to=(".md",))
    assert bench.made() == ["a.md", "a_assets/1.png"]


def test_bad_files_cost_only_themselves(bench: Any) -> None:
    bench.put(**{f"good{i}": "fine" for i in range(12)}, **{f"bad{i}": "bad" for i in range(10)})
    result = bench.run()
    assert result.exit_code is ExitCode.PARTIAL
    assert len(bench.made()) == 12
    lines = report(bench)
    assert [line["path"] for line in lines] == [f"bad{i}.pdf" for i in range(10)]
    assert {(line["state"], line["exit_code"], line["code"]) for line in lines} == {
        ("failed", 3, "E_DAMAGED")
    }


def test_failures_stay_failures_until_they_are_tried_again(bench: Any) -> None:
    bench.put(a="bad", b="gap")
    bench.run()
    assert bench.run().exit_code is ExitCode.PARTIAL
    assert bench.worked == []
    assert [line["state"] for line in report(bench)] == ["failed", "partial"]
    bench.run(retry_failed=True)
    assert bench.worked == ["a.pdf", "b.pdf"]


def test_a_failure_that_was_no_fault_of_the_file_is_tried_again(bench: Any) -> None:
    bench.put(a="no room")
    bench.run()
    bench.run()
    assert bench.worked == ["a.pdf"]


def test_a_gap_is_reported_with_its_pages(bench: Any) -> None:
    bench.put(a="gap")
    result = bench.run()
    (line,) = report(bench)
    assert (line["state"], line["failed_pages"], line["pages"]) == ("partial", [2], 2)
    assert "page 2" in line["message"]
    assert result.counts.failed_pages == 1
    assert bench.made() == ["a.txt"]


def test_a_file_that_went_bad_loses_its_old_output(bench: Any) -> None:
    bench.put(a="one")
    bench.run()
    bench.put(a="bad by now")
    bench.run()
    assert bench.made() == []


def test_an_old_output_that_somebody_edited_is_kept(bench: Any) -> None:
    bench.put(a="one")
    bench.run()
    (bench.outputs / "a.txt").write_text("my own words")
    bench.put(a="bad by now")
    bench.run()
    assert bench.made() == ["a.txt"]


def test_a_run_ends_after_too_many_failures(bench: Any) -> None:
    bench.put(a="bad", b="fine", c="bad", d="fine", e="bad", f="fine")
    result = bench.run(max_failures=1)
    assert result.exit_code is ExitCode.PARTIAL
    assert bench.worked == ["a.pdf", "b.pdf", "c.pdf"]
    assert result.counts.of(State.PENDING) == 3
    bench.run(max_failures=0)
    assert bench.worked == ["d.pdf", "e.pdf"]


def test_a_missing_model_ends_the_run_and_blames_no_file(bench: Any) -> None:
    bench.put(a="fine", b="no model", c="fine")
    with pytest.raises(ModelError, match="missing"):
        bench.run()
    assert {path: job.state for path, job in rows(bench).items()} == {
        "a.pdf": State.DONE,
        "b.pdf": State.PENDING,
        "c.pdf": State.PENDING,
    }


def test_fresh_forgets_what_was_done(bench: Any) -> None:
    bench.put(a="one", b="two")
    bench.run()
    bench.run(fresh=True)
    assert bench.worked == ["a.pdf", "b.pdf"]


def test_an_input_that_has_gone_is_no_longer_counted(bench: Any) -> None:
    bench.put(a="bad", b="two")
    bench.run()
    (bench.inputs / "a.pdf").unlink()
    result = bench.run()
    assert result.exit_code is ExitCode.OK
    assert result.counts.files == 1
    assert report(bench) == []


def test_a_file_that_vanishes_while_it_waits_fails_alone(bench: Any) -> None:
    bench.put(a="one", b="two")
    bench.before = lambda work: (bench.inputs / "b.pdf").unlink(missing_ok=True)
    result = bench.run()
    assert result.exit_code is ExitCode.PARTIAL
    (line,) = report(bench)
    assert (line["path"], line["code"]) == ("b.pdf", "E_UNREADABLE")


def test_a_file_of_another_kind_is_skipped_and_a_false_name_fails(bench: Any) -> None:
    bench.put(a="one")
    (bench.inputs / "notes.txt").write_text("just text")
    (bench.inputs / "empty").write_bytes(b"")
    (bench.inputs / "unnamed").write_bytes(b"%PDF-1.7 and so on")
    bench.run()
    assert sorted(bench.worked) == ["a.pdf", "unnamed"]
    states = {path: job.state for path, job in rows(bench).items()}
    assert states["notes.txt"] is states["empty"] is State.SKIPPED
    assert bench.run().exit_code is ExitCode.OK


def test_names_that_would_meet_are_kept_apart(bench: Any) -> None:
    composed = unicodedata.normalize("NFC", "é.pdf")
    names = ["a.pdf", "a.png", "A.pdf", composed, unicodedata.normalize("NFD", composed)]
    for name in names:
        (bench.inputs / name).write_text(f"%PDF {name}")
    bench.run()
    made = bench.made()
    assert len(made) == len(names)
    assert len({unicodedata.normalize("NFC", name).casefold() for name in made}) == len(names)
    contents = {(bench.outputs / name).read_text().partition("|")[2] for name in made}
    assert contents == {f"%PDF {name}" for name in names}
    bench.run()
    assert bench.made() == made


@pytest.mark.parametrize(
    "name",
    [b"with space.pdf", b"'q\"uote.pdf", b"-dash.pdf", b"=eq.pdf", b"new\nline.pdf",
     b"esc\x1b[31m.pdf", "emoji \U0001f600.pdf".encode(), b"not \xff\xfe utf.pdf",
     b"x" * 251 + b".pdf", b"con.pdf", b"..pdf", b"a:b*c?.pdf"],
)  # fmt: skip
def test_any_name_works(bench: Any, name: bytes) -> None:
    (bench.inputs / os.fsdecode(name)).write_text("fine")
    assert bench.run().exit_code is ExitCode.OK
    if name != b"..pdf":  # a hidden file
        (made,) = bench.made()
        made.encode()
        assert "\n" not in made
        assert len(made.encode()) <= 200
    assert bench.run().exit_code is ExitCode.OK
    assert bench.worked == []


def test_an_output_never_lands_among_the_inputs(bench: Any, tmp_path: Path) -> None:
    bench.outputs = tmp_path
    (bench.inputs / "in").mkdir()
    bench.put(a="one", in__b="two")
    result = bench.run()
    assert result.exit_code is ExitCode.PARTIAL
    assert not (bench.inputs / "b.txt").exists()
    assert (tmp_path / "a.txt").exists()


def test_hidden_files_of_dead_writers_are_removed_and_those_of_live_ones_kept(bench: Any) -> None:
    bench.put(a="one")
    bench.outputs.mkdir()
    dead = bench.outputs / ".structure-999999999-abcd1234.tmp"
    live = bench.outputs / f".structure-{os.getpid()}-abcd1234.tmp"
    folder = bench.outputs / ".structure-999999998-abcd1234.tmp"
    dead.write_text("half a file")
    live.write_text("half a file")
    folder.mkdir()
    (folder / "1.png").write_text("half a picture")
    bench.run()
    assert (dead.exists(), folder.exists(), live.exists()) == (False, False, True)


@pytest.mark.parametrize("number", [signal.SIGINT, signal.SIGTERM])
def test_a_signal_ends_the_run_and_the_next_one_goes_on(bench: Any, number: int) -> None:
    class Ended(BaseException):
        pass

    def end(*_: object) -> None:
        raise Ended

    def stop(work: Work) -> None:
        if work.path == b"b.pdf":
            os.kill(os.getpid(), number)

    bench.put(a="one", b="two", c="three")
    bench.before = stop
    previous = signal.signal(number, end)
    try:
        with pytest.raises(Ended):
            bench.run()
        assert signal.getsignal(number) is end
    finally:
        signal.signal(number, previous)
    states = {path: job.state for path, job in rows(bench).items()}
    assert states == {"a.pdf": State.DONE, "b.pdf": State.PENDING, "c.pdf": State.PENDING}
    bench.before = lambda work: None
    assert bench.run().exit_code is ExitCode.OK
    assert bench.worked == ["b.pdf", "c.pdf"]


def test_a_signal_in_the_middle_of_a_step_waits_for_its_end(
    bench: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    bench.put(a="one")
    finish = Ledger.finish

    def interrupted(self: Ledger, job: Any) -> None:
        os.kill(os.getpid(), signal.SIGINT)
        finish(self, job)

    monkeypatch.setattr(Ledger, "finish", interrupted)
    # Started in the background, the tests themselves would not hear the signal.
    previous = signal.signal(signal.SIGINT, signal.default_int_handler)
    try:
        with pytest.raises(KeyboardInterrupt):
            bench.run()
    finally:
        signal.signal(signal.SIGINT, previous)
    assert rows(bench)["a.pdf"].state is State.DONE


def test_a_file_that_ends_the_program_each_time_comes_last(bench: Any) -> None:
    bench.put(a="one", b="two")
    bench.run()
    with Ledger(bench.state / "ledger.sqlite") as ledger:
        run = ledger.last_run()
        assert run is not None
        for _ in range(2):
            with ledger.transaction():
                job = ledger.get(b"a.pdf")
                assert job is not None
                ledger.put(replace(job, state=State.PENDING))
            ledger.claim("1", run.id)  # and then it died
    bench.put(b="two and more")
    bench.run()
    assert bench.worked == ["b.pdf", "a.pdf"]


def test_an_output_that_a_killed_run_did_not_write_off_is_made_again(bench: Any) -> None:
    bench.put(a="one", b="two")
    bench.run()
    before = bench.stamps()
    with Ledger(bench.state / "ledger.sqlite") as ledger:
        run = ledger.last_run()
        assert run is not None
        with ledger.transaction():
            job = ledger.get(b"a.pdf")
            assert job is not None
            ledger.put(replace(job, state=State.PENDING, outputs=()))
        ledger.claim("1", run.id)  # the output has its name, and then it died
    assert bench.run().exit_code is ExitCode.OK
    assert bench.worked == ["a.pdf"]
    assert bench.made() == ["a.txt", "b.txt"]
    assert bench.stamps()["b.txt"] == before["b.txt"]


def test_a_damaged_ledger_is_explained(bench: Any) -> None:
    bench.put(a="one")
    bench.run()
    (bench.state / "ledger.sqlite").write_bytes(b"no database at all" * 100)
    with pytest.raises(OutputError, match="--fresh"):
        bench.run()
    assert bench.run(fresh=True).exit_code is ExitCode.OK


def test_an_output_folder_with_a_batch_in_it_is_no_input(bench: Any) -> None:
    bench.put(a="one")
    bench.outputs = bench.inputs / "first"
    bench.run()
    (bench.outputs / "x.pdf").write_text("an output")
    bench.outputs = bench.inputs / "second"
    bench.run()
    assert bench.worked == ["a.pdf"]
