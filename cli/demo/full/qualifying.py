"""The prequalification (资格预审) of the full scenario: one for both lots; who fails a criterion may not bid."""

from typing import Any

from cli.demo.full.lot import Lot
from cli.demo.full.people import People

METHOD: dict[str, Any] = {
    "kind": "qualification",
    "criteria": [
        {"criterion": "grade", "title": "市政公用工程施工总承包二级以上资质"},
        {"criterion": "works", "title": "近三年完成一项同类工程"},
    ],
}


def play(lot: Lot, draft: dict[str, Any], people: People) -> None:
    """Let everyone apply, open the applications, and qualify all but one."""
    lot.announce({**draft, "kind": "prequalification"}, method=METHOD, consortia="admitted")
    for applicant in people.all:
        lot.bid(applicant)
    lot.close()
    lot.open(people.all)
    lacking = [{"criterion": "grade", "reason": "仅有三级资质"}]
    judgments = [
        {"bid": row["bid"], "failings": lacking if row["bid"] == lot.bid_of(people.unqualified) else []}
        for row in lot.rows().values()
    ]
    lot.agency("review_applications", judgments=judgments)
