"""What every decision after the hammer asks of the lot: sold, to whom, by when."""

from collections.abc import Sequence
from datetime import datetime

from shared.kernel.errors import NotEntitled, OutOfPhase
from shared.law.clause import Unit
from shared.law.periods import period
from shared.procedure.lot.after.values import Side
from shared.procedure.lot.asking import Ground, LotRequest, check_owner
from shared.procedure.lot.state import Bidder, Lot
from shared.procedure.remedies import Pause, limit_without


def side_of(request: LotRequest, lot: Lot, ground: Ground) -> Side:
    """Return which side of a sale asks. Raise OutOfPhase while there is none, NotEntitled for anybody else."""
    winner = sold(lot, ground)
    if request.actor.role != "token":
        check_owner(request, lot.announced.owner, lot.announced.draft.seller)
        return "seller"
    if request.actor.account != winner.token:
        raise NotEntitled("只有竞得人可以办理", "only the winner may do this", ground.clause("confirmation").article)
    return "winner"


def sold(lot: Lot, ground: Ground) -> Bidder:
    """Return the winner of a lot whose sale goes on. Raise OutOfPhase unless it is sold, and not in dispute (M7)."""
    winner = winner_of(lot, ground)
    if lot.after.disputed:
        zh, en = "权属争议尚未处理，成交手续中止", "whose it is, is in dispute: the sale stands still"
        raise ground.not_now("disputed", zh, en)
    return winner


def winner_of(lot: Lot, ground: Ground) -> Bidder:
    """Return the winner of a lot that is sold, whether its sale stands still or not. Raise OutOfPhase unless it is."""
    winner = lot.winner
    if lot.phase != "sold" or winner is None:
        raise ground.not_now("outcome", "标的尚未成交，或者成交已经失效", "the lot is not sold, or not any more")
    return winner


def due(ground: Ground, rule: str, since: datetime, n: int | None = None) -> datetime:
    """Return the first instant that is late by one of the line's rules; `n` days where others were declared."""
    clause = ground.clause(rule)
    return ends(ground, since, ground.figure(rule) if n is None else n, clause.unit)


def ends(ground: Ground, since: datetime, n: int, unit: Unit) -> datetime:
    """Return the first instant that is late by a limit, in no calendar that was published since earlier than before."""
    laws = (ground.law, *ground.earlier)
    return max(period(since, n, unit, law.calendar, reading=law.rulebook.reading).ends_at for law in laws)


def due_without(ground: Ground, rule: str, since: datetime, pauses: Sequence[Pause], n: int | None = None) -> datetime:
    """Return the first instant that is late by one of the line's rules, in days that no pause touches."""
    clause_id = str(getattr(ground.rules, rule))
    return max(limit_without(since, clause_id, law, pauses, n).ends_at for law in (ground.law, *ground.earlier))


def over_at(lot: Lot) -> datetime:
    """Return when a lot was sold, or ended. Raise OutOfPhase while it is neither."""
    if lot.after.over_at is None:
        raise OutOfPhase("标的尚未结束", "the lot is not over yet")
    return lot.after.over_at


def confirmation_due(lot: Lot, ground: Ground) -> datetime:
    """Return the first instant at which 成交确认书 is late: from the sale, or from the end of the seller's check."""
    if lot.announced.terms.confirmation == "proof":
        return due(ground, "proof_check", lot.after.proof.at if lot.after.proof else over_at(lot))
    return due_without(ground, "confirmation", over_at(lot), lot.after.pauses)


def result_since(lot: Lot, ground: Ground) -> datetime | None:
    """Return since when the result is to be published; null where its cause has not come."""
    if ground.rules.publicity_since == "sale":
        return lot.after.over_at
    return lot.after.contract.at if lot.after.contract else None


def contract_since(lot: Lot, ground: Ground) -> datetime | None:
    """Return since when the contract is due; null while a result is public whose end is waited for."""
    if ground.rules.publicity_since == "contract" or ground.rules.publicity_lasts is None:
        return lot.after.over_at
    return lot.after.result_ends


def contract_due(lot: Lot, ground: Ground) -> datetime | None:
    """Return the first instant at which the contract is late, null while nothing is waited for yet."""
    since = contract_since(lot, ground)
    return None if since is None else due(ground, "contract", since, lot.announced.terms.contract_days)
