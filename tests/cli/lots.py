"""Lots as the small door shows them: pages of a drafted and of an announced listing, and the keys of its seats."""

from collections.abc import Mapping
from typing import Any

from shared.kernel.canonical import decode, encode
from shared.procedure.lot.judged.terms import Judging
from shared.procedure.lot.values import Tendering
from shared.seal.keys import hpke_public
from shared.seal.reserve import SealedReserve, seal_reserve
from tests.lot import factories
from tests.seal.world import dice

LOT = "L1"
PATH = f"/api/procedures/{LOT}"


def draft(**changes: Any) -> dict[str, Any]:
    """Return what a lot's page says of its draft."""
    body = factories.draft(**changes).model_dump(mode="json")
    return {name: value for name, value in body.items() if name != "type"}


def drafted(line: str = "land", **changes: Any) -> dict[str, Any]:
    """Return the page of a draft, as its owner is shown it."""
    return {"procedure": LOT, "line": line, "phase": "drafted", "draft": draft(**changes)}


def reserve(amount_fen: int) -> SealedReserve:
    """Return a reserve sealed to the seats of the factories."""
    return seal_reserve(LOT, amount_fen, factories.AUTHORITIES, dice(7))[0]


def tendered(phase: str, judging: Judging | None = None) -> dict[str, Any]:
    """Return the page of an announced tender; one whose offers are judged, where it is said by what."""
    tender = Tendering(award="conditions" if judging else "price", judging=judging)
    terms = {"trigger": "never", "proxies": False, "tender": tender}
    return announced(phase=phase, way="tender", terms=terms)


def announced(
    line: str = "land", phase: str = "timed", way: str = "listing", terms: Mapping[str, Any] | None = None, **now: Any
) -> dict[str, Any]:
    """Return the page of an announced listing, or of a lot that is sold in another way on other terms."""
    terms = factories.announce(reserve=reserve(103_000_00), **terms or {}).model_dump(mode="json")
    body = {"lot": LOT, "draft": draft(way=way), "terms": terms, "proxy_key": hpke_public(factories.PROXY_KEY)}
    standing = {"phase": phase, "price_fen": 101_000_00, "number": "100002", "next_fen": 102_000_00}
    standing |= {"ends_at": "2026-11-22T01:05:00.000000Z", "extensions": 0, "step_fen": 1_000_00}
    page = {"procedure": LOT, "line": line, "phase": phase, "announcement": body, "now": standing | now}
    due = {"applications_due": terms["applications_due"], "deposits_due": terms["deposits_due"]}
    page["times"] = {**due, "starts_at": terms["bidding_starts"], "free_ends": terms["bidding_ends"]}
    made: dict[str, Any] = decode(encode(page))
    return made
