"""What a supervisor is warned of about a tender's money."""

from collections.abc import Iterator, Mapping, Sequence
from datetime import datetime
from typing import Literal

from services.bidding.domain.ceremony_events import OpeningCompleted
from services.bidding.domain.money.backing import lasts
from services.bidding.domain.money.messages import DepositKept, RefundRecorded
from services.bidding.domain.money.returning import returned_by
from services.bidding.domain.result.validity import first_end
from services.bidding.domain.state import Accepting, Announced, Evaluated, Opened, Publicised
from shared.kernel.message import Event
from shared.procedure.books import Law

Code = Literal[
    "deposit_kept", "guarantee_short", "payment_guarantee_missing", "reference_not_opened",
    "refund_late", "refund_overdue",
]  # fmt: skip

WORDS: Mapping[str, tuple[str, str]] = {
    "deposit_kept": ("招标人决定不退还投标保证金", "the tenderer keeps a bid deposit"),
    "guarantee_short": (
        "投标人同意延长投标有效期而未相应延长保函",
        "a bidder agreed to be bound longer and has not extended its guarantee",
    ),
    "payment_guarantee_missing": (
        "招标人收取履约保证金而未同时提供工程款支付担保",
        "a performance bond was taken and no payment guarantee given",
    ),
    "reference_not_opened": ("设有标底而未在开标时公布", "the reference price was not shown at the opening"),
    "refund_late": ("款项逾期退还", "money was returned late"),
    "refund_overdue": ("应退款项逾期未退", "money is overdue to be returned"),
}

Found = tuple[Code, datetime, str]


def warnings(told: Sequence[tuple[datetime, Event]], state: Announced, law: Law, now: datetime) -> Iterator[Found]:
    """Yield what is wrong, since when, by which article; before the deadline nothing, for it would tell who paid."""
    terms = state.tender.terms.money
    if terms is None or isinstance(state, Accepting):
        return
    yield from _overdue(state, law, now)
    yield from _ending(state, law)
    for at, event in told:
        match event:
            case RefundRecorded(late=True, article=article):
                yield "refund_late", event.paid_at, article
            case DepositKept(articles=(article, *_)):
                yield "deposit_kept", event.decided_at, article
            case OpeningCompleted() if terms.reference and state.beside.money.reference is None:
                yield "reference_not_opened", at, law.rulebook.clause("R50-REFERENCE").article
            case _:
                pass


def _ending(state: Announced, law: Law) -> Iterator[Found]:
    """Yield who agreed to be bound longer and has not extended its guarantee: its bid cannot win so."""
    if not isinstance(state, Opened | Evaluated | Publicised):
        return
    for bid in state.bidders:
        if not lasts(bid, state, law):
            yield "guarantee_short", first_end(state, law), law.rulebook.clause("E41-DEPOSIT").article


def _overdue(state: Announced, law: Law, now: datetime) -> Iterator[Found]:
    money = state.beside.money
    for due in money.owed():
        if now >= (ends := returned_by(due, law)):
            yield "refund_overdue", ends, due.articles[0]
    if state.tender.draft.category != "works":
        return
    standing = (bond for bond in money.bonds if not state.beside.result.is_dropped(bond.bid))
    for bond in standing:
        if bond.kind == "performance" and money.bond(bond.bid, "payment") is None:
            yield "payment_guarantee_missing", bond.recorded_at, law.rulebook.clause("E47").article
