"""What the tests of the days after the hammer share: a lot that is sold, and each step of its sale."""

from collections.abc import Sequence
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any

from services.land import LINE
from shared.kernel.request import SYSTEM, Actor
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import ContractConcluded
from shared.procedure.lot.commands import ReviewWinner
from shared.procedure.lot.messages import LotEvent
from tests.lot import factories as make
from tests.lot.play import Play, play

CONTRACT = sha256(b"contract").hexdigest()
LETTER = sha256(b"letter").hexdigest()


def mining() -> Play:
    """Return mining rights whose listing lasts its 10 working days."""
    said = make.particulars("位置", "面积", "矿种", "年限", "资源储量", "竞买资格")
    drafted = {"kind": "mining", "term_years": 20, "particulars": said}
    starts, ends = datetime(2026, 3, 31, 1, tzinfo=UTC), datetime(2026, 4, 17, 1, tzinfo=UTC)
    return play(LINE, drafted, {"bidding_starts": starts, "bidding_ends": ends})


def struck(lot: Play | None = None, draft: dict[str, Any] | None = None, **terms: Any) -> Play:
    """Return a lot, of land if no other is given, for which bidder 2 bid 102,000 yuan and bidder 1 less."""
    lot = lot or play(LINE)
    lot.announce(draft, **terms).admit(1, 2, 3)
    return hammered(lot)


def hammered(lot: Play) -> Play:
    """Let bidders 1 and 2 bid until the hammer falls."""
    lot.tick()
    lot.bid(1, 100_000)
    lot.bid(2, 102_000)
    lot.tick()
    lot.run_out()
    return lot


def sold(lot: Play | None = None, **terms: Any) -> Play:
    """Return a lot that is sold to bidder 2 for 102,000 yuan, whose names are known."""
    return named(struck(lot, **terms))


def named(lot: Play) -> Play:
    """Let the winner be reviewed where that comes after, and the names be known."""
    if lot.lot.phase == "review":
        lot.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    lot.ask(commands.NoteIdentities(), SYSTEM)
    return lot


def drawn_up(lot: Play, at: datetime | None = None) -> Play:
    """Let the seller draw up the confirmation."""
    lot.now = at or lot.now
    when = lot.later(days=2)
    lot.ask(commands.DrawUpConfirmation(sold_where="网上交易系统", contract_at=when, contract_where="交易大厅"))
    return lot


def confirmed(lot: Play, at: datetime | None = None) -> Sequence[Any]:
    """Let both sign the confirmation; return the winner's events."""
    drawn_up(lot, at)
    made = lot.lot.after.drawn_up
    assert made is not None
    return lot.ask(commands.SignConfirmation(confirmation=made.sha256), winner(lot))


def contracted(lot: Play, at: datetime | None = None, **more: Any) -> ContractConcluded:
    """Let both sign the contract; return how it was concluded."""
    command = commands.SignContract(contract=CONTRACT, **more)
    lot.ask(command, at=at)
    events = lot.ask(command, winner(lot))
    return next(event for event in events if isinstance(event, ContractConcluded))


def paid(lot: Play, yuan: int, at: datetime | None = None, purpose: Any = "price") -> Sequence[Any]:
    """Record a payment at the hour at which it came in."""
    lot.now = at or lot.now
    return lot.ask(commands.RecordPayment(purpose=purpose, amount_fen=yuan * 100, paid_at=lot.now))


def winner(lot: Play) -> Actor:
    """Return who won."""
    found = lot.lot.winner
    assert found is not None
    return Actor(account=found.token, role="token")


def last(lot: Play, kind: type[LotEvent]) -> Any:
    """Return the last fact of a kind."""
    return [event for event in lot.events if isinstance(event, kind)][-1]


def just_before(moment: datetime) -> datetime:
    """Return the last instant in time."""
    return moment - timedelta(microseconds=1)
