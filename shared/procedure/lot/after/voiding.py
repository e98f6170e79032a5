"""A sale that is void (L8): false documents, bribery or collusion came out before what was sold was handed over."""

from collections.abc import Sequence
from typing import ClassVar, Literal

from shared.kernel.message import Instant, Text
from shared.procedure.lot.after.asking import winner_of
from shared.procedure.lot.asking import Ground, LotRequest, check_owner
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Number

VoidCause = Literal["false_documents", "bribery", "collusion"]
"""隐瞒事实、提供虚假文件; 行贿; 恶意串通."""


class VoidSale(LotCommand):
    """Say that the sale is void, as its seller or the supervisor, with the cause and a public notice."""

    NAME: ClassVar[str] = "void_sale"
    cause: VoidCause
    notice: Text


class SaleVoided(LotEvent):
    """成交无效: the sale counts for nothing, and what was sold may be put up again."""

    NAME: ClassVar[str] = "sale_voided.v1"
    number: Number
    cause: VoidCause
    notice: Text
    at: Instant
    article: str


def void(request: LotRequest, command: VoidSale, lot: Lot, ground: Ground) -> Sequence[SaleVoided]:
    """Undo a sale whose winner did what the law says makes it void. What it paid, and damages, are for the parties."""
    if request.actor.role != "supervisor":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    winner = winner_of(lot, ground)
    if lot.after.handed_over:
        raise ground.not_now(
            "voided", "标的已经交付，无效由有权机关处理", "it is handed over: a void sale is the court's"
        )
    return (
        SaleVoided(
            number=winner.number,
            cause=command.cause,
            notice=command.notice,
            at=request.received_at,
            article=ground.clause("voided").article,
        ),
    )
