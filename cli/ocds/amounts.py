"""Amounts of a release: CNY becomes fen, anything else is quoted and never converted."""

from collections.abc import Iterator, Mapping
from decimal import Decimal
from typing import Any

from cli.ocds.findings import Findings, json_path, member, objects
from cli.ocds.reading import Release
from shared.kernel.canonical import MAX_INTEGER

QUOTED = 20
"""No more amounts than this are quoted in a note; the rest are counted."""

_LONGEST = 24


def to_fen(path: str, value: Mapping[str, Any], findings: Findings) -> int | None:
    """Return a CNY value's fen, or None where there is none; other currencies are noted and left as they are."""
    amount, currency = value.get("amount"), value.get("currency")
    if amount is None:
        return None
    if currency != "CNY":
        shown = quoted(value)
        findings.warn(
            path,
            "other_currency",
            f"金额 {shown} 不是人民币，不作换算，仅写入来源说明；如有人民币预算请在草稿中补填",
            f"{shown} is not CNY: not converted, only quoted in the source note; add a CNY estimate to the draft",
        )
        return None
    fen = exact_fen(amount)
    if fen is None:
        findings.error(
            f"{path}.amount",
            "bad_amount",
            f"金额 {quoted(value)} 不是非负、最多两位小数的人民币金额，请更正",
            f"{quoted(value)} is not a CNY amount from 0 with at most two decimals: correct it",
        )
    return fen


def exact_fen(amount: int | Decimal) -> int | None:
    """Return an amount in yuan as whole fen, or None if it is negative, too large or finer than a fen."""
    number = Decimal(amount)
    if not Decimal(0) <= number <= MAX_INTEGER // 100:
        return None
    with_fen = number.quantize(Decimal("0.01"))
    return int(with_fen * 100) if with_fen == number else None


def quoted(value: Mapping[str, Any]) -> str:
    """Return a value as it is written in the file, as `NOK 95000000.0`, cut if someone wrote a book of digits."""
    return f"{value.get('currency') or '?'} {str(value.get('amount'))[:_LONGEST]}"


def all_amounts(release: Release) -> Iterator[tuple[str, str]]:
    """Yield place and writing of every amount of tender, lots, bids and awards that is not in CNY."""
    for parts, value in _values(release.body):
        if value.get("amount") is not None and value.get("currency") != "CNY":
            yield json_path(parts), quoted(value)


def _values(body: Mapping[str, Any]) -> Iterator[tuple[list[str | int], Mapping[str, Any]]]:
    tender = member(body, "tender")
    yield ["tender", "value"], member(tender, "value")
    for at, lot in enumerate(objects(tender, "lots")):
        yield ["tender", "lots", at, "value"], member(lot, "value")
    for at, bid in enumerate(objects(member(body, "bids"), "details")):
        yield ["bids", "details", at, "value"], member(bid, "value")
    for at, award in enumerate(_unread(body.get("awards"))):
        yield ["awards", at, "value"], _unread_object(award)


def _unread(value: Any) -> list[Any]:
    """Return the items of a list that was reported, not required, to be valid."""
    return value if isinstance(value, list) else []


def _unread_object(award: Any) -> Mapping[str, Any]:
    value = award.get("value") if isinstance(award, dict) else None
    return value if isinstance(value, dict) else {}
