"""`structure models`: what is installed."""

from __future__ import annotations

import argparse
import json
from typing import Any


def register(commands: argparse._SubParsersAction[Any]) -> None:
    """Add the command."""
    command = commands.add_parser(
        "models",
        help="what is installed: origin, licence, scores",
        description="List the models that come with this installation; their digests are checked.",
    )
    command.add_argument("--json", action="store_true", help="as JSON")
    command.set_defaults(run=run)


def run(options: argparse.Namespace) -> int:
    """List and check."""
    import kie.weights
    import layout.weights
    import structure.orientation.weights
    import table.weights
    from structure.ocr.weights import INSTALLED

    released = [
        *structure.orientation.weights.RELEASED.values(),
        *layout.weights.RELEASED.values(),
        *table.weights.RELEASED.values(),
        *kie.weights.RELEASED.values(),
    ]
    rows: list[dict[str, Any]] = []
    for weights in released:
        weights.check()
        rows.append(
            {
                "name": weights.name,
                "task": weights.task,
                "licence": weights.licence,
                "origin": weights.source,
                "training data": weights.training_data,
                "sha256": weights.sha256,
                "megabytes": round(weights.path.stat().st_size / 1e6, 1),
                "scores": [
                    {"metric": s.metric, "value": s.value, "data": s.data, "command": s.command}
                    for s in weights.scores
                ],
            }
        )
    rows += INSTALLED
    if options.json:
        print(json.dumps(rows, indent=1))
        return 0
    for row in rows:
        print(f"{row['name']}: {row['task']}")
        for key in ("licence", "origin", "training data", "megabytes", "sha256"):
            if key in row:
                print(f"  {key}: {row[key]}")
        for score in row.get("scores", []):
            print(f"  {score['metric']}: {score['value']} on {score['data']} ({score['command']})")
    return 0
