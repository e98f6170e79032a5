"""Notices for the import: the real ones, and a small one that can be changed field by field."""

import copy
import json
from pathlib import Path
from typing import Any

from cli.ocds import Defaults, Plan, plan
from shared.kernel.codes import load_regions

DATA = Path(__file__).parents[1] / "data"
SCHEMA = json.loads((Path(__file__).parents[2] / "cli" / "data" / "ocds-release-schema-1.1.json").read_text())
REGIONS = load_regions()
SOCIAL = (DATA / "ocds-social-services-2024.json").read_bytes()
DEFENCE = (DATA / "ocds-defence-framework-2024.json").read_bytes()

_NOTICE: dict[str, Any] = {
    "ocid": "ocds-213czf-1",
    "id": "1",
    "date": "2026-11-22T09:00:00+08:00",
    "tag": ["tender"],
    "initiationType": "tender",
    "parties": [
        {
            "id": "B",
            "name": "东营区教育局",
            "identifier": {"scheme": "CN-USCC", "id": "91350000MA347WHE48"},
            "address": {"region": "370502"},
            "roles": ["buyer"],
        }
    ],
    "buyer": {"id": "B", "name": "东营区教育局"},
    "tender": {
        "id": "T",
        "title": "第一中学教学楼工程",
        "description": "新建教学楼一栋",
        "mainProcurementCategory": "works",
        "value": {"amount": 12000000.5, "currency": "CNY"},
        "tenderPeriod": {"startDate": "2026-12-01T00:00:00+08:00", "endDate": "2026-12-23T09:00:00+08:00"},
    },
}


def notice(**changes: Any) -> dict[str, Any]:
    """Return the small notice with changes by dotted path (`tender__value`); None takes a field away."""
    made = copy.deepcopy(_NOTICE)
    for path, value in changes.items():
        *parents, last = path.split("__")
        place: Any = made
        for parent in parents:
            place = place[int(parent)] if isinstance(place, list) else place[parent]
        key = int(last) if isinstance(place, list) else last
        if value is None:
            del place[key]
        else:
            place[key] = value
    return made


def read(data: bytes | Any, category: str | None = None) -> Plan:
    """Return the plan for bytes, or for a value as JSON."""
    encoded = data if isinstance(data, bytes) else json.dumps(data, ensure_ascii=False).encode()
    return plan(encoded, SCHEMA, REGIONS, Defaults("370500", category))


def codes(made: Plan) -> set[str]:
    """Return the codes of all that was found."""
    return {finding.code for finding in made.findings}


def faults(made: Plan) -> list[tuple[str, str]]:
    """Return path and code of what blocks."""
    return [(finding.path, finding.code) for finding in made.findings if finding.blocking]
