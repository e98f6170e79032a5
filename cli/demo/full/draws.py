"""The draws of the full scenario, as everyone is given them once the winner is decided, and made again here."""

from collections.abc import Mapping
from pathlib import Path
from typing import Any

from cli.demo.full.step import Evidence, full
from cli.demo.stage import Stage
from shared.kernel.canonical import digest
from shared.procedure.drawn import DrawFile, verify_draw


def shown(stage: Stage, bundles: Mapping[str, Path]) -> list[dict[str, Any]]:
    """Return what came of making the draw of each committee again: `agrees` if it is the one that the tender names."""
    return [
        _shown(stage, procedure, record.data["draw"]["file"])
        for procedure, path in bundles.items()
        for record in Evidence.of(path.read_bytes()).records
        if record.type == full("committee_formed")
    ]


def _shown(stage: Stage, procedure: str, named: str) -> dict[str, Any]:
    body = stage.wait("the draw's file", lambda: stage.client.fetch(f"/api/draws/{procedure}/file"))
    file = DrawFile.model_validate_json(body)
    report = verify_draw(file)
    return {
        "draw": file.draw,
        "procedure": procedure,
        "chosen": list(file.chosen),
        "left_out": [one.model_dump(mode="json") for one in file.exclusions],
        "result": report.overall,
        "agrees": report.failed is None and digest(file.canonical()) == named,
    }
