"""What secures a contract (履约保证金, 工程款支付担保), and the reference price (标底) that was promised."""

from decimal import Decimal

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.money.declared import declared, not_declared
from services.bidding.domain.money.messages import BondRecorded, OpenReference, RecordBond, ReferenceOpened
from services.bidding.domain.phases import not_now
from services.bidding.domain.state import AnnouncedState, Awarded, Opened, Unsealing
from shared.kernel.errors import OutOfPhase
from shared.kernel.money import format_yuan, share_of
from shared.procedure.asking import breaks
from shared.procedure.books import Law
from shared.seal import promise
from shared.seal.wire import raw


def decide(
    request: TenderRequest, command: RecordBond | OpenReference, state: AnnouncedState, law: Law
) -> BondRecorded | ReferenceOpened:
    """Return what a request about a bond or the reference price leads to."""
    if isinstance(command, RecordBond):
        return _bond(request, command, state, law)
    return _reference(request, command, state, law)


def check_bond(state: Awarded, law: Law) -> None:
    """Raise BreaksClause where a bond that the documents demand is missing (E34), or for works the guarantee (E47)."""
    terms, money, bid = state.tender.terms.money, state.beside.money, state.award.bid
    if terms is None or terms.bond is None:
        return
    if money.bond(bid, "performance") is None:
        raise breaks(law.rulebook.clause("E34"), "尚未提交，不得签约。", "It is not given yet.")
    guaranteed = state.tender.draft.category != "works" or money.bond(bid, "payment")
    if "PAYMENT-GUARANTEE" in law.rulebook.clauses and not guaranteed:
        raise breaks(law.rulebook.clause("E47"), "尚未提供，不得签约。", "It is not given yet.")


def _bond(request: TenderRequest, command: RecordBond, state: AnnouncedState, law: Law) -> BondRecorded:
    """Record the performance bond as demanded, or the payment guarantee that goes with it (E34, E47)."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    if not isinstance(state, Awarded):
        raise not_now(state)
    demanded = declared(state).bond
    if demanded is None:
        raise not_declared("履约保证金", "performance bond")
    clause = law.rulebook.clause("E34" if command.kind == "performance" else "E47")
    if command.kind == "performance":
        needed = share_of(state.award.price_fen, demanded.share)
        most = share_of(state.award.price_fen, law.rulebook.figure("E34", Decimal))
        if not needed <= command.amount_fen <= most:
            least_yuan, most_yuan = format_yuan(needed), format_yuan(most)
            raise breaks(
                clause,
                f"应为{least_yuan}元，至多{most_yuan}元。",
                f"It is {least_yuan} yuan, and {most_yuan} at most.",
            )
    if state.beside.money.bond(state.award.bid, command.kind):
        raise OutOfPhase("该项担保已记录", "it is recorded already")
    return BondRecorded(
        bid=state.award.bid,
        kind=command.kind,
        amount_fen=command.amount_fen,
        instrument=command.instrument,
        recorded_at=request.received_at,
        article=clause.article,
    )


def _reference(request: TenderRequest, command: OpenReference, state: AnnouncedState, law: Law) -> ReferenceOpened:
    """Open the 标底 at the opening, once no key can be held back for knowing it; it must be what was promised."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    commitment = declared(state).reference
    if commitment is None:
        raise not_declared("标底", "reference price")
    if not isinstance(state, Unsealing | Opened) or state.beside.money.reference:
        raise not_now(state)
    if not promise.opens(commitment, request.stream, command.amount_fen, raw(command.salt)):
        raise breaks(
            law.rulebook.clause("E10"), "所公布的标底与公告时封存的不符。", "It is not the price that was sealed."
        )
    return ReferenceOpened(
        amount_fen=command.amount_fen,
        salt=command.salt,
        opened_at=request.received_at,
        articles=articles(law, "E10", "R50-REFERENCE"),
    )
