"""The terms of a tender as a clerk gives them, and what the law finds wanting in them before anything is sent. Pure."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path
from typing import Any

from cli.moments import moment
from cli.output import Misused
from shared.kernel.canonical import parse_instant
from shared.kernel.errors import BadInput
from shared.kernel.line import Line
from shared.kernel.money import yuan_to_fen
from shared.law.calendar import Calendar
from shared.law.findings import day_of
from shared.law.periods import earliest_target_day, interval
from shared.law.rulebook import Rulebook

DEFAULTS: Mapping[str, Any] = {
    "opening_minutes": 60,
    "witness_minutes": 5,
    "method": {"kind": "lowest_evaluated_price"},
    "instant_counts": False,
    "below_three_unsealed": "fail",
    "publicity_days": 3,
    "validity_days": 90,
    "state_funded": True,
}
"""What stands in the terms where the clerk says nothing else; all of it is announced."""

_MOMENTS = ("sale_starts", "sale_ends", "bids_due")


@dataclass(frozen=True, slots=True)
class Shortfall:
    """A period that is too short: by which clause, counted how, and the first day that would keep it."""

    field: str
    rule: str
    article: str
    zh: str
    en: str
    earliest: date | None

    def to_json(self) -> dict[str, Any]:
        """Return the shortfall as it is printed."""
        earliest = self.earliest.isoformat() if self.earliest else None
        names = ("field", "rule", "article", "zh", "en")
        return {**{name: getattr(self, name) for name in names}, "earliest_day": earliest}


def fen(yuan: str) -> int:
    """Return an amount given in yuan as fen. Raise Misused, saying how to write it."""
    try:
        return yuan_to_fen(yuan)
    except BadInput as error:
        raise Misused(error.zh, error.en) from error


def compose(given: Mapping[str, Any], documents: Sequence[Mapping[str, Any]]) -> dict[str, Any]:
    """Return the body of publish_tender from what the clerk gave, in a file or by options, and the documents."""
    whole = {**DEFAULTS, **given, "type": "bidding.publish_tender"}
    for name in _MOMENTS:
        if isinstance(whole.get(name), str):
            whole[name] = moment(whole[name])
    whole["documents"] = [*given.get("documents", ()), *documents]
    names = [item.get("name") for item in whole["documents"]]
    if len(set(names)) != len(names):
        raise Misused("两份招标文件同名", "two documents have the same name")
    return whole


def document_of(path: Path, sha256: str) -> dict[str, Any]:
    """Return what the terms say of a file."""
    return {"name": path.name, "size": path.stat().st_size, "sha256": sha256}


def readable(line: Line, body: Mapping[str, Any]) -> dict[str, Any]:
    """Return a command's body as the line reads it, in its canonical fields. Raise Misused that names each fault."""
    try:
        return line.command(body).model_dump(mode="json")
    except BadInput as error:
        raise Misused(error.zh, error.en) from error


def shortfalls(body: Mapping[str, Any], now: datetime, rulebook: Rulebook, calendar: Calendar) -> list[Shortfall]:
    """Return every legal period that the terms fall short of, were they announced at `now`.

    发售期 (E3), 发出至投标截止 (E6) and 公示期 (E29), with the figures of the day's rulebook; of a 资格预审 in the
    place of E6 停止发售至申请截止 (E4).
    """
    starts, ends, due = (parse_instant(body[name]) for name in _MOMENTS)
    applying = body["method"]["kind"] == "qualification"
    to_the_deadline = ("bids_due", "E4", ends, due) if applying else ("bids_due", "E6", starts, due)
    found = [*_past(starts, now, rulebook), *_publicity(body["publicity_days"], rulebook)]
    for field, rule, start, end in (("sale_ends", "E3", starts, ends), to_the_deadline):
        clause, n = rulebook.clause(rule), rulebook.figure(rule, int)
        kept = interval(start, end, n, clause.unit, calendar, reading=rulebook.reading)
        if not kept.holds:
            earliest = earliest_target_day(start, n, clause.unit, calendar, reading=rulebook.reading)
            zh = f"{clause.note_zh}{kept.zh}最早可为 {earliest}。"
            en = f"{clause.note_en} {kept.en} {earliest} would do."
            found.append(Shortfall(field, rule, clause.article, zh, en, earliest))
    return found


def _past(starts: datetime, now: datetime, rulebook: Rulebook) -> list[Shortfall]:
    if day_of(starts) >= day_of(now):
        return []
    zh, en = "发售开始早于公告当日。", "The sale would start before the day of the announcement."
    return [Shortfall("sale_starts", "E3", rulebook.clause("E3").article, zh, en, day_of(now))]


def _publicity(days: int, rulebook: Rulebook) -> list[Shortfall]:
    clause, least = rulebook.clause("E29"), rulebook.figure("E29", int)
    if days >= least:
        return []
    zh, en = (
        f"{clause.note_zh}现为 {days} 日，尚缺 {least - days} 日。",
        f"{clause.note_en} {least - days} day(s) short.",
    )
    return [Shortfall("publicity_days", "E29", clause.article, zh, en, None)]
