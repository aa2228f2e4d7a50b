"""Impossible arguments are errors of ours, told before any work is done."""

from __future__ import annotations

from pathlib import Path
from typing import Any

import docx
import pytest

from structure import Models, WeightFiles, WriteOptions, analyze, convert, load_models
from structure.core.errors import ConfigError, InputError, ModelError, OutputError, StructureError


def test_nothing_to_read_or_to_write_is_refused(examples: Path) -> None:
    with pytest.raises(ConfigError, match="no input"):
        analyze([])
    with pytest.raises(ConfigError, match="no output"):
        convert(examples / "form.pdf", [])


def test_an_option_that_is_not_there_is_wrong_usage(examples: Path) -> None:
    with pytest.raises(ConfigError, match="no option 'dip'"):
        analyze(examples / "form.pdf", dip=300)  # type: ignore[call-arg]


def test_what_a_callback_raises_is_the_cause_of_an_error_of_ours(examples: Path) -> None:
    def fail(*_: Any) -> None:
        raise KeyError("mine")

    with pytest.raises(StructureError) as caught:
        analyze(examples / "form.pdf", models=fail)
    assert caught.value.code == "E_INTERNAL"
    assert isinstance(caught.value.__cause__, KeyError)


@pytest.mark.parametrize("name", ["", "a\0b", "a\udc80b", "a" * 5000])
def test_a_strange_name_is_no_file(name: str) -> None:
    with pytest.raises(InputError):
        analyze(name)


@pytest.mark.parametrize("name", ["a\0.docx", "a\ud800.docx", "a" * 500 + ".docx", "no/a.docx"])
def test_a_strange_target_is_refused(examples: Path, tmp_path: Path, name: str) -> None:
    with pytest.raises(OutputError):
        convert(examples / "form.pdf", f"{tmp_path}/{name}")
    assert list(tmp_path.iterdir()) == []


@pytest.mark.parametrize("threads", [0, -1])
def test_less_than_one_thread_is_refused(threads: int) -> None:
    with pytest.raises(ConfigError, match="threads"):
        load_models(threads=threads)


@pytest.mark.parametrize("device", ["", "warp", "cuda:99", "a\nb"])
def test_a_device_that_is_not_there_is_refused_on_one_line(device: str) -> None:
    with pytest.raises(ModelError) as caught:
        load_models(device=device)
    assert "\n" not in str(caught.value)
    assert len(str(caught.value)) < 200


@pytest.mark.parametrize("name", ["none.onnx", "a\0.onnx", "folder.safetensors"])
def test_weights_that_are_no_file_are_refused(tmp_path: Path, name: str) -> None:
    (tmp_path / "folder.safetensors").mkdir()
    for weights in (WeightFiles(layout=tmp_path / name), WeightFiles(table=tmp_path / name)):
        with pytest.raises(ModelError):
            load_models(weights=weights)


def never() -> Models:
    raise AssertionError("models were loaded for nothing")


def test_models_are_loaded_only_for_a_file_that_can_be_read(tmp_path: Path) -> None:
    (tmp_path / "bad.pdf").write_text("I am no PDF.\n" * 20)
    with pytest.raises(InputError):
        convert(tmp_path / "bad.pdf", tmp_path / "out.docx", models=never)


@pytest.mark.parametrize(
    "options", [{"layout": "pretty"}, {"mark_uncertain": 1.5}, {"mark_uncertain": float("nan")}]
)
def test_an_impossible_way_of_writing_is_refused(options: dict[str, Any]) -> None:
    with pytest.raises(ConfigError):
        WriteOptions(**options)


@pytest.mark.parametrize("content", [None, b"", b"PK\x03\x04", b"plain text"])
def test_a_template_that_is_no_docx_is_refused(tmp_path: Path, content: bytes | None) -> None:
    template = tmp_path / "template.docx"
    if content is not None:
        template.write_bytes(content)
    with pytest.raises(ConfigError, match=r"template\.docx: the template"):
        WriteOptions(template=template)
    with pytest.raises(ConfigError):
        WriteOptions(template=tmp_path)


def test_a_template_is_never_overwritten(examples: Path, tmp_path: Path) -> None:
    template = tmp_path / "template.docx"
    docx.Document().save(str(template))
    before = template.read_bytes()
    with pytest.raises(OutputError, match="input itself"):
        convert(
            examples / "form.pdf",
            template,
            writing=WriteOptions(template=template),
            models=never,
        )
    assert template.read_bytes() == before
