"""A clause of the law as a dated value: what it says, where it says so, since when, and how far that was checked."""

from collections.abc import Mapping, Sequence
from dataclasses import KW_ONLY, dataclass
from datetime import date
from decimal import Decimal
from enum import StrEnum
from fractions import Fraction
from typing import Any, Generic, TypeVar

Figure = int | bool | str | Decimal | Fraction

T_co = TypeVar("T_co", bound=Figure, covariant=True)


class Unit(StrEnum):
    """What a clause's figure counts. RULE is a clause that fixes words or a choice, not an amount."""

    DAY = "日"
    WORKING_DAY = "工作日"
    MONTH = "个月"
    YEAR = "年"
    HOUR = "小时"
    MINUTE = "分钟"
    COUNT = "count"
    SHARE = "share"
    FEN = "fen"
    RULE = "rule"


_KINDS: Mapping[Unit, tuple[type, ...]] = {Unit.SHARE: (Decimal, Fraction), Unit.RULE: (str, bool)}
_NAMES: Mapping[type, str] = {int: "integer", bool: "boolean", str: "text", Decimal: "decimal", Fraction: "fraction"}


class NoSuchLaw(LookupError):
    """No single version of a clause can be said to be in force on the day; the text says why."""


class NotInForce(NoSuchLaw):
    """Every version of the clause has a known start, and none is in force on the day."""


@dataclass(frozen=True, slots=True)
class Clause(Generic[T_co]):
    """One version of one rule.

    `article` is cited as 招标投标法 第二十四条. `since` is the first day in force, None if not known; `until` is the
    first day no longer in force. `verified` says whether the article's text was read. The notes say what it says.
    """

    value: T_co
    article: str
    _: KW_ONLY
    unit: Unit
    since: date | None = None
    until: date | None = None
    verified: bool = False
    note_zh: str = ""
    note_en: str = ""

    def __post_init__(self) -> None:
        if type(self.value) not in _KINDS.get(self.unit, (int,)):
            raise ValueError(f"{self.article}: {self.value!r} is not a figure in {self.unit.value}")
        if not isinstance(self.value, str) and self.value < 0:
            raise ValueError(f"{self.article}: a figure is not negative")
        if isinstance(self.value, Decimal) and not self.value.is_finite():
            raise ValueError(f"{self.article}: a figure is finite")
        if not self.article:
            raise ValueError("a clause cites its article")
        if self.since and self.until and self.since >= self.until:
            raise ValueError(f"{self.article}: ends before it begins")

    @property
    def certain(self) -> bool:
        """Whether both the text and its first day are known; otherwise it is shown as unverified."""
        return self.verified and self.since is not None

    def may_be_in_force(self, day: date) -> bool:
        """Return whether nothing known excludes that this version is in force on `day`."""
        return (self.since is None or self.since <= day) and (self.until is None or day < self.until)

    def to_json(self) -> dict[str, Any]:
        """Return the clause in the closed profile of canonical JSON: decimals and fractions as text, ISO dates."""
        return {
            "value": _to_json(self.value),
            "kind": _NAMES[type(self.value)],
            "unit": self.unit.value,
            "article": self.article,
            "since": self.since.isoformat() if self.since else None,
            "until": self.until.isoformat() if self.until else None,
            "verified": self.verified,
            "note_zh": self.note_zh,
            "note_en": self.note_en,
        }


Table = Mapping[str, Sequence[Clause[Any]]]
"""A line's law: the dated versions of each clause, by its id, as `E6`."""


def on(versions: Sequence[Clause[T_co]], day: date) -> Clause[T_co]:
    """Return the version in force on `day`, the day the procedure was announced.

    A version whose start is not known is used only when it is the only one. Raise NotInForce when none is in force,
    NoSuchLaw when it cannot be told; nothing is guessed.
    """
    possible = [version for version in versions if version.may_be_in_force(day)]
    cited = "、".join(version.article for version in versions)
    if not possible:
        raise NotInForce(f"no version in force on {day}: {cited}")
    if len(possible) > 1:
        raise NoSuchLaw(f"more than one version may be in force on {day}: {cited}")
    if possible[0].since is None and len(versions) > 1:
        raise NoSuchLaw(f"the version that may be in force on {day} has no known start: {cited}")
    return possible[0]


def from_json(body: Mapping[str, Any]) -> Clause[Figure]:
    """Return the clause that `to_json` wrote. Raise ValueError or KeyError for anything else."""
    since, until = body["since"], body["until"]
    return Clause(
        _from_json(body["kind"], body["value"]),
        body["article"],
        unit=Unit(body["unit"]),
        since=date.fromisoformat(since) if since else None,
        until=date.fromisoformat(until) if until else None,
        verified=body["verified"],
        note_zh=body["note_zh"],
        note_en=body["note_en"],
    )


def _to_json(value: Figure) -> int | str:
    if isinstance(value, Decimal):
        # One writing for one figure: 0.020 and 0.02 are the same law.
        plain = f"{value:f}"
        return plain.rstrip("0").rstrip(".") if "." in plain else plain
    if isinstance(value, Fraction):
        return f"{value.numerator}/{value.denominator}"
    return value


def _from_json(kind: str, value: Any) -> Figure:
    if kind == "decimal":
        return Decimal(value)
    if kind == "fraction":
        return Fraction(value)
    if _NAMES.get(type(value)) != kind:
        raise ValueError(f"{value!r} is not of kind {kind!r}")
    figure: Figure = value
    return figure
