"""The opening (开标): halves and shares are collected first, then every price is opened and read out together (L4)."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from shared.kernel.errors import BadInput, NotEntitled, OutOfPhase
from shared.procedure.asking import needed
from shared.procedure.lot import ending, freezing
from shared.procedure.lot.after.events import IdentitiesDue
from shared.procedure.lot.asking import Events, Ground, LotRequest, hour
from shared.procedure.lot.endings import ReserveOpened, ReserveShareGiven, ReserveShareRefused
from shared.procedure.lot.judged.events import JudgingOpened
from shared.procedure.lot.judged.forming import is_judged
from shared.procedure.lot.registering import is_late
from shared.procedure.lot.sealed.checking import announced_keys
from shared.procedure.lot.sealed.commands import GivePriceKey, GivePriceShares
from shared.procedure.lot.sealed.events import (
    PriceKeyGiven,
    PriceKeyRefused,
    PriceSharesGiven,
    PriceSharesRefused,
    PricesRead,
)
from shared.procedure.lot.sealed.evolving import TENDERED
from shared.procedure.lot.sealed.papers import digest_of
from shared.procedure.lot.sealed.values import PriceFault, PriceShare, ReadPrice, StandingPrice
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Offer
from shared.procedure.opening import Blame, handed_in, is_announced_key, key_fault, not_unsealed, share_fault
from shared.seal.envelope import check_key
from shared.seal.faults import Code, Fault, NotOpenable, Whose
from shared.seal.price import open_price, papers_hold
from shared.seal.recovery import HandedIn, recover_key
from shared.seal.reserve import open_reserve, share_holds
from shared.seal.wire import AUTHORITIES, SealError, raw, text


def give_key(request: LotRequest, command: GivePriceKey, lot: Lot, ground: Ground) -> Events:
    """Take a bidder's half if it is the one committed to; name it as wrong if not."""
    _check_minutes(request, lot, ground)
    bidder = lot.bidders.get(request.actor.account)
    price = next((one for one in lot.tender.prices if bidder and one.number == bidder.number), None)
    if bidder is None or price is None:
        raise NotEntitled("您没有有效的报价", "no price of yours stands", ground.clause("opening").article)
    if bidder.number in lot.tender.keys:
        return ()
    said = {"number": bidder.number, "token": bidder.token}
    if bool(command.documents) != is_judged(lot):
        zh, en = (
            "综合评审的，须随密钥提交投标文件；其他的不提交",
            "documents come with the key where offers are judged, else none",
        )
        raise BadInput(zh, en)
    missing = needed(request.facts.missing, "missing") if command.documents else ()
    if missing:
        raise BadInput(
            "投标文件尚未完整上传，请上传后再提交", "not every document is uploaded in full: upload them first"
        )
    fault = _key_fault(price, command)
    if fault is not None:
        return (PriceKeyRefused(**said, fault=Blame.of(Fault(fault))),)
    given = PriceKeyGiven(**said, k_b=command.k_b, documents=command.documents)
    return given, *_if_complete(request, TENDERED[PriceKeyGiven](lot, given), ground)


def give_shares(request: LotRequest, command: GivePriceShares, lot: Lot, ground: Ground) -> Events:
    """Take one authority's shares; the bidder's rubbish counts as given only where it is proven."""
    _check_minutes(request, lot, ground)
    if sorted(share.number for share in command.shares) != sorted(price.number for price in lot.tender.prices):
        raise BadInput("须为每个有效报价各提交一份分片", "give exactly one share for each price that stands")
    reserve = _reserve_share(command, lot)
    if isinstance(reserve, ReserveShareRefused):
        return (reserve,)
    if command.authority in lot.tender.shares:
        return (reserve, *_if_complete(request, _with(lot, reserve), ground)) if reserve else ()
    faults = _faults(command, lot)
    own = tuple(item for item in faults.values() if item.fault.whose is not Whose.BIDDER)
    if own:
        return (PriceSharesRefused(authority=command.authority, faults=own),)
    given = PriceSharesGiven(
        authority=command.authority,
        shares=tuple(
            PriceShare(number=one.number, share=None if one.number in faults else one.share) for one in command.shares
        ),
        rubbish=tuple(faults.values()),
        private_key=command.private_key,
    )
    after = _with(TENDERED[PriceSharesGiven](lot, given), reserve)
    return given, *([reserve] if reserve else []), *_if_complete(request, after, ground)


def end(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Read out what can be opened when the minutes are over.

    Where fewer than two authorities came, or the reserve does not open, the lot stands still: no bidder answers for it.
    """
    if len(lot.tender.shares) < ending.ENOUGH or (lot.announced.terms.reserve and _reserve(lot) is None):
        return freezing.not_opened(request, lot, ground)
    return _read(request, lot, ground)


def _key_fault(price: StandingPrice, command: GivePriceKey) -> Code | None:
    """Return what is wrong with a half, or with the documents that came with it."""
    k_b = raw(command.k_b)
    if not check_key(price.envelope, k_b):
        return Code.BIDDER_KEY_WRONG
    wrong = command.documents and not papers_hold(price.envelope, k_b, digest_of(command.documents))
    return Code.PAPERS_WRONG if wrong else None


def _check_minutes(request: LotRequest, lot: Lot, ground: Ground) -> None:
    if lot.phase != "opening" or lot.frozen is not None:
        raise ground.not_now("opening", "现在不开标", "nothing is opened now")
    if is_late(request.received_at, lot.times.ends_at, lot):
        raise OutOfPhase("提交密钥的时间已过", "the minutes for keys are over", ground.clause("opening").article)


def _reserve_share(command: GivePriceShares, lot: Lot) -> ReserveShareGiven | ReserveShareRefused | None:
    """Return what becomes of an authority's share of the reserve, or None where it gives none, or none anew."""
    sealed, name, share = lot.announced.terms.reserve, command.authority, command.reserve
    if sealed is None or share is None or name in lot.shares:
        return None
    holds = share_holds(lot.announced.lot, sealed, name, share)
    return ReserveShareGiven(authority=name, share=share) if holds else ReserveShareRefused(authority=name)


def _with(lot: Lot, reserve: ReserveShareGiven | None) -> Lot:
    return lot if reserve is None else replace(lot, shares={**lot.shares, reserve.authority: reserve.share})


def _faults(command: GivePriceShares, lot: Lot) -> dict[str, PriceFault]:
    """Return what is wrong with each share, by number."""
    announced = announced_keys(lot.announced.lot, lot.announced.proxy_key, lot.announced.terms)
    name, private_key = command.authority, command.private_key
    shares = {share.number: share.share for share in command.shares}
    foreign = private_key is not None and not is_announced_key(private_key, name, announced)
    found = {
        price.number: Fault(Code.AUTHORITY_KEY_WRONG, name)
        if foreign
        else share_fault(price.envelope, name, shares[price.number], private_key, announced)
        for price in lot.tender.prices
    }
    return {number: PriceFault(number=number, fault=Blame.of(fault)) for number, fault in found.items() if fault}


def _if_complete(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Read everything out if nothing that may still come could open more than what is in."""
    tender = lot.tender
    if len(tender.keys) < len(tender.prices) or len(tender.shares) < ending.ENOUGH:
        return ()
    if lot.announced.terms.reserve and _reserve(lot) is None:
        return ()
    openable = all(_fault(price, lot) is None for price in tender.prices)
    return _read(request, lot, ground) if openable or len(tender.shares) == len(AUTHORITIES) else ()


def _read(request: LotRequest, lot: Lot, ground: Ground) -> Events:
    """Open and read out every price, and the reserve with them; then the highest decides, or a committee judges."""
    rows, opened = tuple(_row(price, lot) for price in lot.tender.prices), _reserve(lot)
    if is_judged(lot):
        rows = tuple(_against(row, opened) for row in rows)
    valid = [row for row in rows if row.outcome == "valid"]
    best = None if is_judged(lot) else max(valid, key=lambda row: (row.price_fen or 0, -row.order), default=None)
    offer = Offer(number=best.number, price_fen=best.price_fen or 0, at=best.received_at) if best else None
    read = PricesRead(rows=rows, offer=offer, article=ground.clause("opening").article)
    told = (read, opened) if opened else (read,)
    if is_judged(lot):
        return *told, *_to_judge(request, rows, lot, ground)
    return *told, *_outcome(request, replace(lot, offer=offer), opened, ground)


def _to_judge(request: LotRequest, rows: Sequence[ReadPrice], lot: Lot, ground: Ground) -> Events:
    """Hand what counts to the committee, with the names behind all that was opened; without any there is no sale."""
    numbers, at = tuple(row.number for row in rows if row.outcome == "valid"), hour(request, lot)
    if not numbers:
        below = any(row.outcome == "below_reserve" for row in rows)
        return ending.unsold("below_reserve" if below else "no_bid", at, ground, ground.rules.opening)
    tokens = tuple(bidder.token for row in rows if (bidder := lot.by_number(row.number)))
    article = ground.clause("judged").article
    return JudgingOpened(numbers=numbers, at=at, article=article), IdentitiesDue(tokens=tokens, at=at)


def _against(row: ReadPrice, reserve: ReserveOpened | None) -> ReadPrice:
    """Return a row as it stands against the reserve."""
    below = reserve is not None and row.outcome == "valid" and (row.price_fen or 0) < reserve.reserve_fen
    return row.model_copy(update={"outcome": "below_reserve"}) if below else row


def _outcome(request: LotRequest, lot: Lot, reserve: ReserveOpened | None, ground: Ground) -> Events:
    if lot.offer is None:
        return ending.unsold("no_bid", request.received_at, ground, ground.rules.opening)
    if reserve is not None and lot.offer.price_fen < reserve.reserve_fen:
        return ending.unsold("below_reserve", request.received_at, ground, ground.rules.opening)
    return ending.sold(request, lot, ground, ground.rules.opening)


def _row(price: StandingPrice, lot: Lot) -> ReadPrice:
    amount = _opened(price, lot)
    said: dict[str, Any] = {"number": price.number, "order": price.order, "received_at": price.received_at}
    if isinstance(amount, Fault):
        return ReadPrice(**said, outcome=not_unsealed(amount.whose), price_fen=None, reason=Blame.of(amount))
    most = lot.announced.terms.most_fen
    if amount < lot.announced.terms.start_fen:
        return ReadPrice(**said, outcome="below_start", price_fen=amount, reason=None)
    above = most is not None and amount > most
    return ReadPrice(**said, outcome="above_most" if above else "valid", price_fen=amount, reason=None)


def _opened(price: StandingPrice, lot: Lot) -> int | Fault:
    k_b = lot.tender.keys.get(price.number)
    if (fault := _fault(price, lot)) is not None or k_b is None:
        return fault or Fault(Code.BIDDER_KEY_MISSING)
    try:
        return open_price(price.envelope, recover_key(price.envelope, raw(k_b), _shares(price, lot)).key)
    except NotOpenable as broken:
        return broken.fault


def _fault(price: StandingPrice, lot: Lot) -> Fault | None:
    return key_fault(price.envelope, lot.tender.keys.get(price.number), _shares(price, lot))


def _shares(price: StandingPrice, lot: Lot) -> HandedIn:
    given = lot.tender.shares.items()
    return handed_in({name: _of(price.number, event.shares) for name, event in given})


def _of(number: str, shares: Sequence[PriceShare]) -> str | None:
    return next(share.share for share in shares if share.number == number)


def _reserve(lot: Lot) -> ReserveOpened | None:
    """Return the opened reserve, or None where there is none or it does not open with what is in."""
    reserve: Any = lot.announced.terms.reserve
    shares: Mapping[Any, str] = lot.shares
    if reserve is None or len(shares) < ending.ENOUGH:
        return None
    try:
        amount, salt = open_reserve(lot.announced.lot, reserve, shares)
    except SealError:
        return None  # what was sealed is not what was promised: the lot stands still, and the seller answers for it
    return ReserveOpened(reserve_fen=amount, salt=text(salt))
