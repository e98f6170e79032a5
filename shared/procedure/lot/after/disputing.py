"""Whose it is, disputed while the result is public (M7): the sale stands still until that is decided, or ends by it."""

from collections.abc import Sequence
from datetime import datetime
from typing import Annotated, ClassVar

from pydantic import Field

from shared.kernel.errors import BadInput, NotEntitled, NotFound
from shared.kernel.message import Instant, Sha256, Text
from shared.procedure.asking import is_own
from shared.procedure.lot.after.asking import due_without, winner_of
from shared.procedure.lot.asking import Events, Ground, LotRequest
from shared.procedure.lot.endings import LotTerminated
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.state import Lot
from shared.procedure.remedies import Pause

Place = Annotated[int, Field(ge=1, le=10_000)]
"""The place of a dispute among those of its lot, from 1."""


class RaiseDispute(LotCommand):
    """Dispute whose it is (权属争议), as a registered party other than the seller, or as the supervisor.

    The words are public: no personal data belongs in them. `evidence` are digests of what shows the claim.
    """

    NAME: ClassVar[str] = "raise_dispute"
    text: Text
    evidence: Annotated[tuple[Sha256, ...], Field(min_length=1, max_length=20)]


class DecideDispute(LotCommand):
    """Decide a dispute, as the supervisor, by the digest of what it was decided by; `upheld` ends the lot."""

    NAME: ClassVar[str] = "decide_dispute"
    number: Place
    upheld: bool
    decision: Sha256
    text: Text


class DisputeRaised(LotEvent):
    """Whose it is, is disputed by a party, or by the supervisor where `party` is empty: the sale stands still."""

    NAME: ClassVar[str] = "dispute_raised.v1"
    number: Place
    party: str
    text: Text
    evidence: tuple[Sha256, ...]
    at: Instant
    article: str


class DisputeDecided(LotEvent):
    """A dispute is decided. `result_ends` is until when the result is public now, null while the sale stands still."""

    NAME: ClassVar[str] = "dispute_decided.v1"
    number: Place
    upheld: bool
    decision: Sha256
    text: Text
    at: Instant
    result_ends: Instant | None
    article: str


def dispute(request: LotRequest, command: RaiseDispute, lot: Lot, ground: Ground) -> Sequence[DisputeRaised]:
    """Take in a dispute while the result is public: nothing of the sale is done until it is decided."""
    after, at, party = lot.after, request.received_at, request.actor.party
    winner_of(lot, ground)
    if ground.rules.disputed is None or after.result_ends is None:
        zh, en = "权属争议仅在矿业权成交结果公示期内提出", "it is disputed while the result of a mining right is public"
        raise ground.not_now("outcome", zh, en)
    if after.contract is not None or not (after.disputed or at < after.result_ends):
        zh, en = "公示期已满，权属争议请依法另行处理", "the result is not public any more: go to the office or a court"
        raise ground.not_now("disputed", zh, en)
    if request.actor.role != "supervisor":
        _check_third(request, lot, ground)
    if any(one.party == party and (party or one.open) for one in after.disputes):
        raise BadInput("已经提出过权属争议", "you have disputed it already")
    return (
        DisputeRaised(
            number=len(after.disputes) + 1,
            party="" if request.actor.role == "supervisor" else party,
            text=command.text,
            evidence=command.evidence,
            at=at,
            article=ground.clause("disputed").article,
        ),
    )


def decide(request: LotRequest, command: DecideDispute, lot: Lot, ground: Ground) -> Events:
    """Decide a dispute: upheld, it ends the lot; turned down, the sale goes on with the days that were left."""
    winner_of(lot, ground)
    found = next((one for one in lot.after.disputes if one.number == command.number), None)
    if found is None:
        raise NotFound("没有这一权属争议", "there is no such dispute")
    if not found.open:
        raise ground.not_now("disputed", "该权属争议已经处理", "this dispute is decided already")
    at = max(request.received_at, found.raised_at)
    decided = DisputeDecided(
        **command.model_dump(include={"number", "upheld", "decision", "text"}),
        at=at,
        result_ends=None if command.upheld else _result_ends((found.raised_at, at), lot, ground),
        article=ground.clause("disputed").article,
    )
    if not command.upheld:
        return (decided,)
    article = ground.clause("terminate").article
    return decided, LotTerminated(cause="ownership", notice=command.text, at=at, proxy_secret=None, article=article)


def _result_ends(pause: Pause, lot: Lot, ground: Ground) -> datetime | None:
    """Return until when the result is public: on no day on which whose it is was in dispute; None while it still is."""
    after, result = lot.after, lot.after.result
    if result is None or after.result_ends is None or sum(one.open for one in after.disputes) > 1:
        return None
    pauses = (*after.pauses, pause)
    return max(after.result_ends, due_without(ground, "publicity_lasts", result.at, pauses, result.days))


def _check_third(request: LotRequest, lot: Lot, ground: Ground) -> None:
    """Raise NotEntitled for the seller itself, and for who is no registered party."""
    actor, announced = request.actor, lot.announced
    if not actor.party or is_own(actor, announced.owner, announced.draft.seller):
        zh, en = "权属争议由出让方以外的已登记主体提出", "registered parties other than the seller dispute whose it is"
        raise NotEntitled(zh, en, ground.clause("disputed").article)
