"""How a clause is written down: one maker for each unit that its figures count in."""

from collections.abc import Sequence
from datetime import date
from decimal import Decimal

from shared.law.clause import Clause, Figure, Unit

Versions = Sequence[Clause[Figure]]


def days(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts 日."""
    return _one(Unit.DAY, value, article, since, zh, en, verified=verified)


def working_days(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts 工作日."""
    return _one(Unit.WORKING_DAY, value, article, since, zh, en, verified=verified)


def months(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts 个月."""
    return _one(Unit.MONTH, value, article, since, zh, en, verified=verified)


def years(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts 年."""
    return _one(Unit.YEAR, value, article, since, zh, en, verified=verified)


def hours(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts 小时."""
    return _one(Unit.HOUR, value, article, since, zh, en, verified=verified)


def minutes(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts 分钟."""
    return _one(Unit.MINUTE, value, article, since, zh, en, verified=verified)


def count(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that counts people or things."""
    return _one(Unit.COUNT, value, article, since, zh, en, verified=verified)


def fen(value: int, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that sets an amount of money, in fen."""
    return _one(Unit.FEN, value, article, since, zh, en, verified=verified)


def share(value: str, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that sets a share of something, written as decimal text."""
    return _one(Unit.SHARE, Decimal(value), article, since, zh, en, verified=verified)


def rule(value: str, article: str, since: date | None, zh: str, en: str, *, verified: bool = True) -> Versions:
    """Return a clause that fixes words or a choice."""
    return _one(Unit.RULE, value, article, since, zh, en, verified=verified)


def _one(unit: Unit, value: Figure, article: str, since: date | None, /, *notes: str, verified: bool) -> Versions:
    zh, en = notes
    return (Clause(value, article, unit=unit, since=since, verified=verified, note_zh=zh, note_en=en),)
