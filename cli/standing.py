"""What becomes of each rule of law today: enforced, recorded, or not built yet; data that the command ships with."""

import tomllib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from pathlib import Path
from typing import Any

from shared.kernel import canonical

DATA = Path(__file__).parent / "data"


class Status(StrEnum):
    """How far the platform stands behind a row of the law."""

    ENFORCED = "enforced"
    IN_PART = "in_part"
    RECORDED = "recorded"
    NOT_OURS = "not_ours"
    NOT_BUILT = "not_built"


STATUS_ZH = {
    Status.ENFORCED: "已执行 enforced",
    Status.IN_PART: "部分执行 enforced in part",
    Status.RECORDED: "仅记录 recorded only",
    Status.NOT_OURS: "非平台所管 not the platform's",
    Status.NOT_BUILT: "尚未建成 not built yet",
}

MARKS = {"read": "已核对 read", "partly": "部分核对 partly read", "unverified": "未核实 unverified"}
"""How far the articles behind a row were read."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Row:
    """A row of the law: what it says, its figure, its articles, how far those were read, and what becomes of it.

    `tests` are `file::function` from the root of the project; `left` says what is not enforced, and why, or of what
    is enforced how far it reaches.
    """

    id: str
    zh: str
    en: str
    figure: str | None
    articles: tuple[str, ...]
    mark: str
    status: Status = Status.NOT_BUILT
    tests: tuple[str, ...] = ()
    left: str | None = None

    def __post_init__(self) -> None:
        if self.mark not in MARKS or not self.articles:
            raise ValueError(f"{self.id}: no such mark as {self.mark!r}, or no article")
        if self.status is Status.NOT_BUILT and self.tests:
            raise ValueError(f"{self.id}: what is not built is not tested")
        if self.status in {Status.ENFORCED, Status.IN_PART} and not self.tests:
            raise ValueError(f"{self.id}: what is enforced has a test that shows it")
        if self.left is None and self.status in {Status.IN_PART, Status.RECORDED, Status.NOT_OURS}:
            raise ValueError(f"{self.id}: it is said what is left")

    def to_json(self) -> dict[str, Any]:
        """Return the row as it is printed."""
        names = ("id", "zh", "en", "figure", "mark", "left")
        lists = {"articles": list(self.articles), "tests": list(self.tests)}
        return {**{name: getattr(self, name) for name in names}, **lists, "status": self.status.value}


@cache
def rows_of(line: str) -> Mapping[str, Row]:
    """Return a line's rows by id, in their order; none for a line of which none are kept. They are read once.

    Raise ValueError for a status of a row that there is not, or one that contradicts itself.
    """
    path = DATA / f"{line}-rows.json"
    if not path.is_file():
        return {}
    table = canonical.decode(path.read_bytes())
    found = tomllib.loads((DATA / f"{line}-status.toml").read_text("utf-8"))
    rows = {row["id"]: _row(row, found.pop(row["id"], {})) for row in table["rows"]}
    if found:
        raise ValueError(f"a status of no row: {', '.join(found)}")
    return rows


def origin_of(line: str) -> str:
    """Return what a line's rows were taken from."""
    return str(canonical.decode((DATA / f"{line}-rows.json").read_bytes())["origin"])


def row_behind(clause: str, rows: Mapping[str, Row]) -> Row | None:
    """Return the row that a clause of the rulebook is part of, as E16 is for E16-OPENING."""
    return rows.get(clause.partition("-")[0])


def counts(rows: Sequence[Row]) -> dict[Status, int]:
    """Return how many rows there are of each status."""
    return {status: sum(row.status is status for row in rows) for status in Status}


def _row(law: Mapping[str, Any], found: Mapping[str, Any]) -> Row:
    if unknown := found.keys() - {"status", "tests", "left"}:
        raise ValueError(f"{law['id']}: {', '.join(sorted(unknown))} says nothing of a row's status")
    return Row(
        id=law["id"],
        zh=law["zh"],
        en=law["en"],
        figure=law["figure"],
        articles=tuple(law["articles"]),
        mark=law["mark"],
        status=Status(found.get("status", Status.NOT_BUILT)),
        tests=tuple(found.get("tests", ())),
        left=found.get("left"),
    )
