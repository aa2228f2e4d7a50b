"""`structure layout`: the regions of a page."""

from __future__ import annotations

import argparse
import json
from pathlib import Path
from typing import Any

from structure.cli.options import add_limits, add_models, limits_of, share
from structure.core.errors import ConfigError, InputError


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "layout",
        help="regions of a page, as json or as a picture",
        description="Find the regions of each page. OUT ends in .json, or in .png for one page.",
    )
    command.add_argument("input", type=Path, metavar="IMAGE", help="PDF or picture")
    command.add_argument("-o", dest="output", required=True, type=Path, metavar="OUT")
    command.add_argument("--pages", metavar="LIST", help="which pages, for example 1-3,7")
    command.add_argument("--dpi", type=int, default=200, help="resolution for PDF pages")
    command.add_argument(
        "--min-score", type=share, default=0.5, metavar="S", help="lowest score (default: 0.5)"
    )
    add_models(command)
    command.add_argument(
        "--layout-weights", type=Path, metavar="FILE", help=".safetensors, .onnx or .pdparams"
    )
    add_limits(command)
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """Detect and write."""
    from layout import LayoutDetector
    from structure.core.images import PageFailure
    from structure.core.output import output_target, write_atomic
    from structure.isolation.opening import file_opener
    from structure.pipeline.overlay import draw_regions

    kind = options.output.suffix.lower()
    if kind not in (".json", ".png"):
        raise ConfigError(
            f"cannot write {kind or 'a file without extension'}", hint="use .json or .png"
        )
    output_target(options.output, forbidden=[options.input])
    opened = file_opener(limits_of(options), in_process=options.in_process, debug=options.debug)
    with opened(options.input, pages=options.pages, dpi=options.dpi, ocr="always") as source:
        if kind == ".png" and len(source) > 1:
            raise ConfigError("a picture shows one page", hint="choose it with --pages")
        detector = (
            LayoutDetector.from_pretrained(device=options.device, threads=options.threads)
            if options.layout_weights is None
            else LayoutDetector.from_file(options.layout_weights, device=options.device)
        )
        pages = []
        data = b""
        for page in source:
            if isinstance(page, PageFailure):
                raise InputError(page.reason, path=options.input, page=page.number)
            (regions,) = detector([page.pixels], min_score=options.min_score)
            pages.append(
                {
                    "page": page.number,
                    "width": page.width,
                    "height": page.height,
                    "regions": [
                        {
                            "label": region.label,
                            "box": [round(v, 2) for v in region.box.as_tuple()],
                            "score": round(region.score, 4),
                        }
                        for region in regions
                    ],
                }
            )
            if kind == ".png":
                data = draw_regions(page.pixels, regions)
    if kind == ".json":
        data = (json.dumps({"pages": pages}, indent=1) + "\n").encode()
    write_atomic(options.output, data, forbidden=[options.input])
    return 0
