"""The real notices that ship with the program, imported and played as tenders."""

import json
from collections.abc import Callable
from pathlib import Path

from cli.demo.cast import Cast
from cli.demo.play import Ended, Play
from cli.demo.stage import Stage
from cli.ocds import Defaults, Plan, plan
from cli.output import Refused
from shared.kernel.codes import load_regions

NOTICES = Path(__file__).parents[1] / "data"
FILES = ("ocds-social-services-2024.json", "ocds-defence-framework-2024.json")

Tell = Callable[[str], None]


def play(stage: Stage, cast: Cast, told: Tell) -> list[Ended]:
    """Play every notice and return how each ended."""
    return [_play(stage, cast, NOTICES / name, told) for name in FILES]


def _play(stage: Stage, cast: Cast, file: Path, told: Tell) -> Ended:
    told(f"导入 / importing {file.name}")
    found = plan_of(file)
    bidders = cast.bidders([party for party in found.parties if party.kind == "enterprise"])
    return Play(stage, cast, found.tenders[0], told).run(bidders)


def plan_of(file: Path) -> Plan:
    """Return the plan of a notice; what it lacks, the play makes up and marks as made."""
    schema = json.loads((NOTICES / "ocds-release-schema-1.1.json").read_text())
    found = plan(file.read_bytes(), schema, load_regions(), Defaults(region="370500", category="works"))
    if found.blocked:
        raise Refused(f"{file.name} 无法导入", f"{file.name} cannot be imported", findings=found.findings)
    return found
