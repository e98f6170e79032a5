"""Every state of a small timed phase, by search with the real decisions: what may never be, and that all of it ends.

Two bidders, five prices, half countdowns as the ticks of the clock, a proxy, a fault, a sealed reserve.
"""

from collections import deque
from collections.abc import Iterator
from dataclasses import dataclass, replace
from datetime import datetime, timedelta
from functools import cache
from typing import Any

from services.land import LINE
from shared.kernel.errors import Refusal
from shared.kernel.request import SYSTEM, Actor
from shared.procedure.lot import commands
from shared.procedure.lot.asking import Facts, LotRequest, Secrets
from shared.procedure.lot.endings import BiddingEnded, LotSold
from shared.procedure.lot.events import BidPlaced
from shared.procedure.lot.messages import LotCommand
from shared.procedure.lot.state import OVER, Lot
from shared.procedure.lot.values import Timing
from tests.lot import factories as make
from tests.lot.play import HEALTHY, Play, play
from tests.lot.test_prices import reserve, share

TICK, COUNTDOWN = timedelta(seconds=30), timedelta(minutes=1)
PRICES = tuple(make.START_FEN + n * make.STEP_FEN for n in range(5))
RESERVE = PRICES[2]
IN_TIME = frozenset({"tick", "keep", "thaw", "agency", "platform"})
"""What happens where nobody bids on: time passes, faults are mended, authorities do their part."""


@dataclass(frozen=True)
class At:
    """A lot and the time of the clock."""

    lot: Lot
    now: datetime

    @property
    def key(self) -> tuple[object, ...]:
        """What tells states apart: times only by how far they are away."""
        lot, now, count, frozen = self.lot, self.now, self.lot.countdown, self.lot.frozen
        return (
            lot.phase,
            lot.offer and (lot.offer.number, lot.offer.price_fen),
            count and (count.since - now, count.calls, count.call_at - now),
            max(lot.times.ends_at - now, -TICK) if lot.phase not in OVER else None,
            frozen and (frozen.phase, frozen.cause, frozen.left_seconds, now - frozen.at),
            frozenset(lot.proxies),
            frozenset(lot.shares),
        )


@cache
def begun() -> Play:
    """Return a lot at the beginning of its timed phase."""
    timing = Timing(countdown_minutes=1, calls=2, prepare_minutes=1)
    terms: dict[str, Any] = {
        "trigger": "always",
        "timing": timing,
        "reserve": reserve(RESERVE // 100),
        "reserve_minutes": 1,
    }
    lot = play(LINE).announce(**terms, most_fen=PRICES[-1], review="before").admit(1, 2)
    lot.tick()
    lot.tick()
    return lot


@cache
def moves() -> tuple[tuple[str, LotCommand, Actor, Facts], ...]:
    """Return what may be asked at any time."""
    lot, first, second, well = begun(), make.bidder(1), make.bidder(2), Facts(reading=HEALTHY)
    asked: list[tuple[str, LotCommand, Actor, Facts]] = [
        ("keep", commands.KeepTime(), SYSTEM, well),
        ("keep while down", commands.KeepTime(), SYSTEM, Facts()),
        ("proxy", lot.sealed(1, PRICES[3]), first, Facts()),
        ("freeze", commands.Freeze(cause="outage", notice="中止"), make.OPERATOR, Facts()),
        ("end", commands.Terminate(cause="policy", notice="终止"), make.AGENCY, Facts()),
    ]
    asked += [("bid", commands.PlaceBid(price_fen=fen), who, Facts()) for fen in PRICES for who in (first, second)]
    return tuple((name, lot.speech.own(type(said)).model_validate(dict(said)), *rest) for name, said, *rest in asked)


@cache
def given(name: Any) -> LotCommand:
    """Return an authority's share of the reserve."""
    ended = begun().copy()
    ended.bid(1, PRICES[0] // 100)
    ended.run_out()
    said: LotCommand = ended.speech.own(commands.GiveReserveShare).model_validate(dict(share(ended, name)))
    return said


def following(at: At) -> Iterator[tuple[str, At]]:
    """Give what may come next, each seen to keep what no lot may break."""
    lot, waited = at.lot, at.now - at.lot.frozen.at if at.lot.frozen else at.now - at.lot.times.ends_at
    if lot.phase not in OVER and waited < TICK:
        yield "tick", replace(at, now=at.now + TICK)
    asked = list(moves())
    if lot.frozen:
        command = begun().speech.own(commands.Thaw)(resumes_at=at.now, notice="恢复")
        asked.append(("thaw", command, make.AGENCY, Facts()))
    if lot.phase == "reserve":
        asked += [(name, given(name), make.authority(name), Facts()) for name in ("agency", "platform")]
    for name, command, actor, facts in asked:
        request = LotRequest(
            id="c", stream=make.STREAM, actor=actor, received_at=at.now, command=command, facts=facts,
            secrets=Secrets(make.PROXY_KEY),
        )  # fmt: skip
        try:
            events = LINE.decide(request, lot)
        except Refusal:
            continue
        after = LINE.decider.replay(events, lot)
        check(at, after, events, request)
        yield name, At(after, at.now)


def check(at: At, after: Lot, events: Any, request: LotRequest) -> None:
    """See that a decision keeps what no lot may break."""
    before = at.lot
    assert after.clock >= before.clock
    assert before.phase not in OVER or not events
    price, who = (before.offer.price_fen, before.offer.number) if before.offer else (0, "")
    for bid in (event for event in events if isinstance(event, BidPlaced)):
        assert bid.price_fen > price
        assert before.phase == "timed"
        assert not before.frozen
        assert at.now < before.times.ends_at <= bid.ends_at == at.now + COUNTDOWN
        assert bid.automatic or bid.number == before.bidders[request.actor.account].number
        price = bid.price_fen
        who = bid.number
    assert (after.offer.price_fen if after.offer else 0) == price
    assert (after.offer.number if after.offer else "") == who
    for event in events:
        if isinstance(event, BiddingEnded):
            assert before.countdown is not None
            assert request.facts.reading == HEALTHY
            assert at.now >= before.countdown.since + COUNTDOWN
            assert before.offer is None or at.now >= before.offer.at + COUNTDOWN
        if isinstance(event, LotSold):
            assert event.price_fen == price >= RESERVE == after.reserve_fen


def test_every_state_keeps_the_rules_and_comes_to_one_end_without_another_bid() -> None:
    first = At(begun().lot, begun().now)
    seen: dict[object, At] = {first.key: first}
    back: dict[object, set[object]] = {}
    todo = deque([first])
    while todo:
        at = todo.popleft()
        for name, then in following(at):
            if then.key not in seen:
                seen[then.key] = then
                todo.append(then)
            if name in IN_TIME:
                back.setdefault(then.key, set()).add(at.key)

    ends = {key for key, at in seen.items() if at.lot.phase in OVER}
    reach, todo_keys = set(ends), deque(ends)
    while todo_keys:
        for key in back.get(todo_keys.popleft(), set()) - reach:
            reach.add(key)
            todo_keys.append(key)

    assert reach == set(seen)
    assert {seen[key].lot.phase for key in ends} == {"sold", "unsold", "ended"}
    assert {at.lot.phase for at in seen.values()} == {"preparing", "timed", "reserve", *OVER} - {"defaulted"}
    assert len(seen) > 2_000
