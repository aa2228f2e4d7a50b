"""The command as a user meets it: exit codes, one line per error, whole outputs or none."""

from __future__ import annotations

import json
import os
import stat
import subprocess
import sys
from pathlib import Path

import docx
import openpyxl
import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageDraw, ImageFont

from structure.cli import main
from structure.core.errors import ExitCode


@pytest.fixture(scope="module")
def letter(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A short letter as a picture."""
    picture = Image.new("RGB", (900, 700), "white")
    draw = ImageDraw.Draw(picture)
    font = ImageFont.load_default(28)
    texts = [
        "Dear reader,",
        "this is a letter of two lines,",
        "and it ends here.",
        "Yours, A. Writer",
    ]
    for i, text in enumerate(texts):
        draw.text((90, 90 + 60 * i), text, fill="black", font=font)
    path = tmp_path_factory.mktemp("letter") / "letter.png"
    picture.save(path)
    return path


def run(capsys: pytest.CaptureFixture[str], *arguments: str | Path) -> tuple[int, str, str]:
    code = main([str(a) for a in arguments])
    out, err = capsys.readouterr()
    return code, out, err


def picture_size(path: Path) -> tuple[int, int]:
    with Image.open(path) as picture:
        return picture.size


def assert_one_error(err: str, code: str) -> None:
    lines = [line for line in err.splitlines() if "error" in line]
    assert len(lines) == 1
    assert lines[0].startswith(f"structure: error[{code}]: ")
    assert len(lines[0]) <= 300
    assert "Traceback" not in err


def test_a_letter_becomes_all_formats_from_one_analysis(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["out.docx", "out.html", "out.md", "out.json", "out.txt", "out.xlsx"]
    outputs = [x for name in names for x in ("-o", tmp_path / name)]
    code, out, _ = run(capsys, "convert", letter, *outputs, "--visualize", tmp_path / "pages")
    assert code == ExitCode.OK
    assert out == ""
    text = "\n".join(p.text for p in docx.Document(str(tmp_path / "out.docx")).paragraphs)
    for name in ("out.html", "out.md", "out.json", "out.txt"):
        assert "this is a letter of two lines" in (tmp_path / name).read_text("utf-8")
    assert "this is a letter of two lines" in text
    assert picture_size(tmp_path / "pages" / "page-001.png") == (900, 700)
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted([*names, "pages"])


def test_a_letter_becomes_a_searchable_pdf_alto_and_hocr(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["out.searchable.pdf", "out.alto.xml", "out.hocr.html", "out.html"]
    outputs = [x for name in names for x in ("-o", tmp_path / name)]
    code, _, err = run(capsys, "convert", letter, letter, *outputs)
    assert code == ExitCode.OK, err
    assert sorted(p.name for p in tmp_path.iterdir()) == sorted(names)
    with pdfium.PdfDocument(tmp_path / "out.searchable.pdf") as pdf:
        assert len(pdf) == 2
        for page in pdf:
            assert "this is a letter of two lines" in page.get_textpage().get_text_range()
    assert 'CONTENT="letter"' in (tmp_path / "out.alto.xml").read_text("utf-8")
    assert "ocrx_word" in (tmp_path / "out.hocr.html").read_text("utf-8")
    assert "ocrx_word" not in (tmp_path / "out.html").read_text("utf-8")


def test_selected_pages_of_a_scan_become_searchable(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    scan, output = examples / "rotated-scan.pdf", tmp_path / "x.pdf"
    assert run(capsys, "convert", scan, "-o", output, "--pages", "2")[0] == ExitCode.OK
    with pdfium.PdfDocument(output) as pdf, pdfium.PdfDocument(scan) as before:
        assert len(pdf) == 1
        assert "Recording a Sequence" in pdf[0].get_textpage().get_text_range()
        assert (pdf[0].render().to_numpy() == before[1].render().to_numpy()).all()


def test_a_pdf_whose_owner_forbids_changes_is_told_before_any_work(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        allow = pikepdf.Permissions(modify_other=False)
        pdf.save(tmp_path / "in.pdf", encryption=pikepdf.Encryption(owner="o", allow=allow))
    code, _, err = run(capsys, "convert", tmp_path / "in.pdf", "-o", tmp_path / "x.pdf")
    assert code == ExitCode.LOCKED
    assert_one_error(err, "E_LOCKED")
    assert not (tmp_path / "x.pdf").exists()
    assert run(capsys, "convert", tmp_path / "in.pdf", "-o", tmp_path / "x.txt")[0] == ExitCode.OK


def test_two_pictures_become_one_document(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, _ = run(capsys, "convert", letter, letter, "-o", tmp_path / "out.json")
    data = json.loads((tmp_path / "out.json").read_text("utf-8"))
    assert code == ExitCode.OK
    assert [page["n"] for page in data["pages"]] == [1, 2]


@pytest.fixture
def bad_inputs(tmp_path: Path, letter: Path) -> dict[str, Path]:
    folder = tmp_path / "bad"
    folder.mkdir()
    (folder / "empty.pdf").touch()
    (folder / "text.pdf").write_text("I am no PDF.\n" * 20)
    (folder / "cut.png").write_bytes(letter.read_bytes()[:60])
    with pikepdf.new() as pdf:
        pdf.add_blank_page()
        pdf.save(folder / "locked.pdf", encryption=pikepdf.Encryption(owner="o", user="u"))
    return {p.name: p for p in folder.iterdir()} | {"missing.pdf": folder / "missing.pdf"}


@pytest.mark.parametrize(
    ("name", "expected"),
    [
        ("missing.pdf", ExitCode.INPUT),
        ("empty.pdf", ExitCode.INPUT),
        ("text.pdf", ExitCode.INPUT),
        ("cut.png", ExitCode.INPUT),
        ("locked.pdf", ExitCode.LOCKED),
    ],
)
def test_a_bad_input_gives_one_line_and_no_output(
    name: str,
    expected: ExitCode,
    bad_inputs: dict[str, Path],
    tmp_path: Path,
    capsys: pytest.CaptureFixture[str],
) -> None:
    output = tmp_path / "out" / "x.docx"
    output.parent.mkdir()
    code, _, err = run(capsys, "convert", bad_inputs[name], "-o", output)
    assert code == expected
    assert_one_error(err, err.split("[", 1)[1].split("]", 1)[0])
    assert name in err
    assert list(output.parent.iterdir()) == []


def test_a_picture_that_is_cut_short_is_partial_and_one_that_is_hardly_there_an_error(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    data = (examples / "two-column-scan.png").read_bytes()
    for share, expected in ((0.2, ExitCode.INPUT), (0.7, ExitCode.PARTIAL)):
        picture, output = tmp_path / f"{share}.png", tmp_path / f"{share}.txt"
        picture.write_bytes(data[: int(share * len(data))])
        code, _, err = run(capsys, "convert", picture, "-o", output)
        assert code == expected
        assert output.exists() == (expected is ExitCode.PARTIAL)
        if expected is ExitCode.INPUT:
            assert_one_error(err, "E_DAMAGED")
        else:
            assert "warning[W_TRUNCATED]" in err
            assert "error" not in err


def test_a_password_file_opens_a_locked_pdf(
    bad_inputs: dict[str, Path], tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "password").write_text("u\n")
    arguments = ["-o", tmp_path / "x.json", "--password-file", tmp_path / "password"]
    code, _, err = run(capsys, "convert", bad_inputs["locked.pdf"], *arguments)
    assert code == ExitCode.OK, err


@pytest.mark.parametrize("target", ["folder", "none/x.docx", "pipe.docx", "letter.png"])
def test_an_impossible_output_is_refused_and_left_alone(
    target: str, letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    (tmp_path / "folder.docx").mkdir()
    os.mkfifo(tmp_path / "pipe.docx")
    path = {"folder": tmp_path / "folder.docx"}.get(target, tmp_path / target)
    source = letter
    if target == "letter.png":
        # The input under the name of a format that we write.
        source = tmp_path / "letter.docx"
        source.write_bytes(letter.read_bytes())
        path = source
    before = source.read_bytes()
    code, _, err = run(capsys, "convert", source, "-o", path)
    assert code == ExitCode.OUTPUT
    assert_one_error(err, "E_OUTPUT")
    assert source.read_bytes() == before
    assert stat.S_ISFIFO((tmp_path / "pipe.docx").stat().st_mode)


@pytest.mark.parametrize(
    "arguments",
    [
        ["convert"],
        ["nonsense"],
        ["convert", "x.png", "-o", "x.odt"],
        ["convert", "x.png", "-o", "x.xml"],
        ["convert", "x.png", "-o", "x.docx", "--ocr", "perhaps"],
        ["convert", "x.png", "-o", "x.docx", "-o", "x.docx"],
        ["convert", "x.png", "-o", "x.docx", "--threads", "0"],
        ["convert", "x.png", "-o", "x.docx", "--layout", "pretty"],
        ["convert", "x.png", "-o", "x.docx", "--template", "none.docx"],
        ["convert", "x.png", "-o", "x.docx", "--mark-uncertain", "2"],
        ["table", "x.png", "-o", "x.docx"],
    ],
)
def test_wrong_usage_is_exit_code_2(
    arguments: list[str], capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, *arguments)
    assert code == ExitCode.USAGE
    assert_one_error(err, "E_USAGE")


def test_pages_that_make_no_sense_are_wrong_usage(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    code, _, err = run(capsys, "convert", letter, "-o", tmp_path / "x.json", "--pages", "3-1-2")
    assert code == ExitCode.USAGE
    assert err.count("error") == 1


def test_refused_weights_are_exit_code_8(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    weights = tmp_path / "w.pdparams"
    weights.write_bytes(b"\x80\x04cos\nsystem\n.")
    output = tmp_path / "x.docx"
    code, _, err = run(capsys, "convert", letter, "-o", output, "--layout-weights", weights)
    assert code == ExitCode.MODEL
    assert_one_error(err, "E_WEIGHTS")
    assert not output.exists()


def test_a_file_name_that_looks_like_an_option_or_holds_controls_works(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    odd = tmp_path / "-o =\x1b[31m\n\u202e.png"
    odd.write_bytes(letter.read_bytes())
    code, _, err = run(capsys, "convert", odd, "-o", tmp_path / "x.txt")
    assert code == ExitCode.OK, err
    code, _, err = run(capsys, "convert", odd.with_name("\x1b\u202e.pdf"), "-o", tmp_path / "y.txt")
    assert code == ExitCode.INPUT
    assert "\x1b" not in err
    assert "\u202e" not in err


def test_layout_writes_regions_and_pictures(
    examples: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    page = examples / "two-column-page.pdf"
    assert run(capsys, "layout", page, "-o", tmp_path / "r.json")[0] == ExitCode.OK
    assert run(capsys, "layout", page, "-o", tmp_path / "r.png")[0] == ExitCode.OK
    (found,) = json.loads((tmp_path / "r.json").read_text())["pages"]
    assert {region["label"] for region in found["regions"]} >= {"text", "figure"}
    assert picture_size(tmp_path / "r.png") == (found["width"], found["height"])


def test_models_lists_what_is_installed(capsys: pytest.CaptureFixture[str]) -> None:
    code, out, _ = run(capsys, "models", "--json")
    assert code == ExitCode.OK
    rows = json.loads(out)
    assert {row["licence"] for row in rows} == {"Apache-2.0"}
    assert len(rows) >= 4


def test_help_loads_no_model_and_no_torch() -> None:
    code = (
        "import sys; from structure.cli import main; main(['convert', '--help']);"
        "heavy = {'torch', 'cv2', 'numpy', 'openvino', 'rapidocr', 'docx'} & set(sys.modules);"
        "sys.exit(str(heavy) if heavy else 0)"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


def test_converting_on_a_cpu_never_loads_torch(letter: Path, tmp_path: Path) -> None:
    code = (
        "import sys; from structure.cli import main;"
        f"out = {str(tmp_path / 'x.docx')!r};"
        f"code = main(['convert', {str(letter)!r}, '-o', out, '--in-process']);"
        "sys.exit(code or ('torch was loaded' if 'torch' in sys.modules else 0))"
    )
    done = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert done.returncode == 0, done.stderr


@pytest.fixture(scope="module")
def table_picture(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A ruled table of three rows and three columns."""
    rows = [["Item", "Count", "Price"], ["Bolts", "12", "3.50"], ["Nuts", "40", "1.25"]]
    picture = Image.new("RGB", (640, 200), "white")
    draw = ImageDraw.Draw(picture)
    for r, row in enumerate(rows):
        for c, text in enumerate(row):
            draw.text(
                (30 + 200 * c, 22 + 60 * r), text, fill="black", font=ImageFont.load_default(26)
            )
    for r in range(4):
        draw.line((10, 10 + 60 * r, 610, 10 + 60 * r), fill="black", width=2)
    for c in range(4):
        draw.line((10 + 200 * c, 10, 10 + 200 * c, 190), fill="black", width=2)
    path = tmp_path_factory.mktemp("table") / "table.png"
    picture.save(path)
    return path


def test_a_table_picture_becomes_html_xlsx_and_json(
    table_picture: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    names = ["t.html", "t.xlsx", "t.json"]
    code, _, err = run(
        capsys, "table", table_picture, *(x for name in names for x in ("-o", tmp_path / name))
    )
    assert code == ExitCode.OK, err
    html = (tmp_path / "t.html").read_text("utf-8")
    assert all(f">{text}<" in html for text in ("Item", "Bolts", "12", "1.25"))
    sheet = openpyxl.load_workbook(tmp_path / "t.xlsx").worksheets[0]
    assert [cell.value for cell in sheet[2]] == ["Bolts", 12, 3.5]
    (table,) = [
        b
        for b in json.loads((tmp_path / "t.json").read_text("utf-8"))["body"]
        if b["type"] == "table"
    ]
    assert (table["rows"], table["cols"]) == (3, 3)


def test_a_picture_without_a_table_is_an_input_error(
    tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    Image.new("RGB", (300, 200), "white").save(tmp_path / "blank.png")
    code, _, err = run(capsys, "table", tmp_path / "blank.png", "-o", tmp_path / "t.html")
    assert code == ExitCode.INPUT
    assert_one_error(err, "E_NO_TABLE")
    assert not (tmp_path / "t.html").exists()


def test_turn_and_angle_are_in_the_json(
    letter: Path, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    with Image.open(letter) as upright:
        turned = upright.rotate(-3, expand=True, fillcolor="white").transpose(
            Image.Transpose.ROTATE_270
        )
    turned.save(tmp_path / "turned.png")
    code, _, err = run(capsys, "convert", tmp_path / "turned.png", "-o", tmp_path / "x.json")
    assert code == ExitCode.OK, err
    (page,) = json.loads((tmp_path / "x.json").read_text("utf-8"))["pages"]
    assert page["rotation_applied"] == 90
    assert page["skew_deg"] == pytest.approx(-3, abs=0.3)
