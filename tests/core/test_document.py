from __future__ import annotations

import json
from dataclasses import fields
from pathlib import Path
from typing import Any, get_args

import jsonschema
import pytest

from structure.core import document as model
from structure.core.document import (
    Asset,
    Document,
    FigureBlock,
    ListBlock,
    ListItem,
    Page,
    Place,
    Producer,
    Source,
    Span,
    Style,
    TableBlock,
    TableCell,
    TextBlock,
)
from structure.core.geometry import Affine, Box

SCHEMA = json.loads(Path(model.__file__).with_name("document.schema.json").read_text("utf-8"))
BOX = Box(1.25, 2.0, 30.5, 40.75)


@pytest.fixture
def small() -> Document:
    return Document(
        Producer("docstructure", "0.1.0", {"layout": "abc"}),
        Source("a.png", "image/png", "0" * 64, 1),
        pages=(Page(1, 595.0, 842.0, to_source=Affine(2.0, 0.0, 0.0, 2.0, 1.5, 0.0)),),
        body=(
            TextBlock(
                "p1.b1",
                "heading",
                1,
                BOX,
                "One",
                level=1,
                style=Style(size=14.0, bold=True),
                spans=(Span(0, 1, italic=True),),
                at=(Place(1, BOX),),
                extra={"x_source": [1, {"a": None}]},
            ),
            ListBlock("p1.b2", 1, BOX, (ListItem("p1.b2.i1", "\u2022", "two", 0, 1, BOX),)),
            TableBlock("p1.b3", 1, BOX, 1, 1, (TableCell("p1.b3.r0c0", 0, 0, text="x", box=BOX),)),
            FigureBlock("p1.b4", 1, BOX, "p1.b4.img"),
        ),
        assets={"p1.b4.img": Asset(b"\x00\xff", "image/png", 1, 1, "0" * 64)},
        fields=({"key": "total", "value": 1.5},),
        extra={"x_more": "kept"},
    )


def test_a_document_comes_back_from_its_dictionary(small: Document) -> None:
    text = json.dumps(small.to_dict(), allow_nan=False)
    assert Document.from_dict(json.loads(text)) == small


def test_defaults_are_left_out(small: Document) -> None:
    heading = small.to_dict()["body"][0]
    assert "order_conf" not in heading
    assert heading["style"] == {"size": 14.0, "bold": True}


def test_fields_that_this_version_does_not_know_are_written_back(small: Document) -> None:
    data = small.to_dict()
    data["body"][3]["rating"] = 5
    data["later"] = {"a": 1}
    again = Document.from_dict(data)
    assert again.body[3].extra == {"rating": 5}
    assert again.to_dict() == data


@pytest.mark.parametrize(
    ("change", "words"),
    [
        ({"schema": "other"}, "schema"),
        ({"version": "2.0"}, "version"),
        ({"version": None}, "version"),
        ({"body": {}}, "not a list"),
        ({"pages": [{"n": 1}]}, "Page"),
        ({"body": [{"type": "dance"}]}, "unknown block type"),
        ({"body": [{"text": "no type"}]}, "block"),
        ({"body": ["text"]}, "block"),
        ({"assets": {"a": 1}}, "Asset"),
        ({"producer": None}, "Producer"),
        ({"lang": [1]}, "not a str"),
        ({"style": {"align": "middle"}}, "middle"),
        ({"style": {"bold": "yes"}}, "bool"),
        ({"pages": [{"n": 1, "w": "wide", "h": 1}]}, "wide"),
        ({"pages": [{"n": 1, "w": 1, "h": 1, "to_source": [1, 2]}]}, "Affine"),
    ],
)
def test_what_is_no_document_is_a_value_error(
    small: Document, change: dict[str, Any], words: str
) -> None:
    with pytest.raises(ValueError, match=words):
        Document.from_dict({**small.to_dict(), **change})


def test_a_later_minor_version_is_read(small: Document) -> None:
    assert Document.from_dict({**small.to_dict(), "version": "1.7"}) == small


def test_the_schema_is_sound_and_takes_a_document(small: Document) -> None:
    jsonschema.Draft202012Validator.check_schema(SCHEMA)
    jsonschema.Draft202012Validator(SCHEMA).validate(small.to_dict())


@pytest.mark.parametrize(
    "change",
    [
        {"version": "2.0"},
        {"body": [{"id": "p1.b1", "type": "paragraph", "page": 1, "box": [0, 0, 1], "text": ""}]},
        {"body": [{"id": "p1.b1", "type": "dance", "page": 1, "box": [0, 0, 1, 1]}]},
        {"pages": [{"n": 0, "w": 1, "h": 1}]},
        {"warnings": [{"code": "W", "message": "m", "severity": "fatal"}]},
    ],
)
def test_the_schema_refuses_what_is_no_document(small: Document, change: dict[str, Any]) -> None:
    with pytest.raises(jsonschema.ValidationError):
        jsonschema.Draft202012Validator(SCHEMA).validate({**small.to_dict(), **change})


BY_DEFINITION = {
    "word": model.WordBox,
    "line": model.Line,
    "place": model.Place,
    "style": model.Style,
    "span": model.Span,
    "text_block": model.TextBlock,
    "list_item": model.ListItem,
    "list_block": model.ListBlock,
    "cell": model.TableCell,
    "table_block": model.TableBlock,
    "figure_block": model.FigureBlock,
    "formula_block": model.FormulaBlock,
    "furniture": model.Furniture,
    "band": model.Band,
    "page": model.Page,
    "asset": model.Asset,
    "warning": model.Warning,
}


@pytest.mark.parametrize("name", sorted(BY_DEFINITION))
def test_the_schema_names_the_fields_of_the_model(name: str) -> None:
    expected = {item.name for item in fields(BY_DEFINITION[name])} - {"extra"}
    assert set(SCHEMA["$defs"][name]["properties"]) == expected


def test_the_schema_names_the_fields_and_types_of_the_document() -> None:
    expected = {item.name for item in fields(Document)} - {"extra"} | {"schema", "version"}
    assert set(SCHEMA["properties"]) == expected
    definitions = SCHEMA["$defs"]
    assert definitions["text_block"]["properties"]["type"]["enum"] == [*get_args(model.TextType)]
    assert definitions["figure_block"]["properties"]["type"]["enum"] == [
        *get_args(model.PictureType)
    ]
    assert definitions["furniture"]["properties"]["type"]["enum"] == [
        *get_args(model.FurnitureType)
    ]
