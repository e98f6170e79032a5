"""Reception of sealed prices: what arrives, and what stands at the deadline (T6, L4)."""

from collections.abc import Sequence
from datetime import timedelta

from shared.kernel.errors import NotYet
from shared.procedure.lot import ending
from shared.procedure.lot.asking import Events, Ground, LotRequest, hour, proxy_secret
from shared.procedure.lot.bidding import bidder_of, check_running
from shared.procedure.lot.judged.forming import is_judged
from shared.procedure.lot.registering import is_late
from shared.procedure.lot.sealed.checking import announced_keys
from shared.procedure.lot.sealed.commands import HandIn
from shared.procedure.lot.sealed.events import PriceHandedIn, TenderClosed
from shared.procedure.lot.sealed.values import StandingPrice
from shared.procedure.lot.state import Lot
from shared.procedure.reception import check_next, no_effect, received
from shared.seal.envelope import check_announced
from shared.seal.price import Offered, PriceMeaning, open_price_meaning
from shared.seal.sealed import sealed_bytes
from shared.seal.wire import SealError


def hand_in(request: LotRequest, command: HandIn, lot: Lot, ground: Ground) -> Sequence[PriceHandedIn]:
    """Take in a sealed message in time that takes effect; every other one is refused alike, whatever it was."""
    bidder = bidder_of(request, lot, ground)
    _check_time(request, lot, ground)
    secret, token = proxy_secret(request, lot), bidder.token
    try:
        meaning = _meaning(secret, lot, token, command.sealed)
    except SealError as error:
        raise no_effect() from error
    if isinstance(meaning, Offered) and (meaning.envelope.papers is not None) != is_judged(lot):
        raise no_effect()
    earlier = _meanings(secret, lot, token)
    if ground.rules.box is not None and any(isinstance(one, Offered) for one in earlier):
        raise ground.breaks("box", "您的报价已在标箱中。", "your price is in the box")
    check_next(earlier, meaning)
    at = hour(request, lot)
    return (PriceHandedIn(number=bidder.number, token=token, sealed=command.sealed, received_at=at),)


def close(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Close at the deadline: with fewer prices than the law asks for nothing is opened, and the sale ends (T6)."""
    secret, now = proxy_secret(request, lot), hour(request, lot)
    prices, withdrawn = _standing(secret, lot)
    least = ground.rules.least_bidders["tender"]
    enough = len(prices) >= ground.law.rulebook.figure(least, int)
    tender = lot.announced.terms.tender
    minutes = tender.opening_minutes if tender else 0
    closed = TenderClosed(
        prices=prices,
        withdrawn=withdrawn,
        reading=request.facts.reading,
        keys_due=now + timedelta(minutes=minutes) if enough else None,
        proxy_secret=secret,
        article=ground.clause("opening").article,
    )
    return (closed,) if enough else (closed, *ending.unsold("too_few", now, ground, least))


def _check_time(request: LotRequest, lot: Lot, ground: Ground) -> None:
    """Raise a refusal unless the last byte reached the platform between the start and the deadline."""
    at = request.received_at
    check_running(at, lot, ground)
    if lot.announced.draft.way == "tender" and lot.phase == "registration":
        if at >= lot.times.ends_at:
            raise NotYet("投标正在开始，请稍候", "the tender is about to begin; try again")
        raise ground.not_now("server_time", "投标尚未开始", "the tender has not begun")
    if lot.phase != "tendering" or is_late(at, lot.times.ends_at, lot):
        raise ground.not_now("server_time", "投标已经截止，或者本标的不是招标", "the tender is over, or it is none")


def _meaning(secret: str, lot: Lot, token: str, sealed: str) -> PriceMeaning:
    """Return what a message means. Raise SealError unless it is sealed as announced."""
    announced = lot.announced
    meaning = open_price_meaning(secret, announced.lot, token, sealed_bytes(sealed))
    if isinstance(meaning, Offered):
        check_announced(meaning.envelope, announced_keys(announced.lot, announced.proxy_key, announced.terms))
    return meaning


def _meanings(secret: str, lot: Lot, token: str) -> Sequence[PriceMeaning]:
    return [_meaning(secret, lot, token, item.sealed) for item in lot.tender.received if item.token == token]


def _standing(secret: str, lot: Lot) -> tuple[tuple[StandingPrice, ...], int]:
    """Return the prices that stand, in the order of their arrival, and how many withdrawals there were."""
    prices, withdrawn = [], 0
    for token in dict.fromkeys(item.token for item in lot.tender.received):
        mine = [(order, item) for order, item in enumerate(lot.tender.received, start=1) if item.token == token]
        outcome = received(_meanings(secret, lot, token))
        withdrawn += outcome.withdrawn
        if outcome.envelope is not None and outcome.place is not None:
            order, item = mine[outcome.place]
            envelope, at = outcome.envelope, item.received_at
            prices.append(StandingPrice(number=item.number, order=order, received_at=at, envelope=envelope))
    return tuple(sorted(prices, key=lambda price: price.order)), withdrawn
