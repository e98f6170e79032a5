"""The opening ceremony up to its keys: start, witnesses, signing in, keys and shares. Nothing is opened here."""

from collections.abc import Mapping, Sequence
from datetime import timedelta

from services.bidding.domain.asking import TenderRequest, announced_keys, articles, check_owner
from services.bidding.domain.ceremony_events import (
    BidderSignedIn,
    KeyCollectionExtended,
    KeyCollectionStarted,
    KeyGiven,
    KeyRefused,
    KeysCollected,
    OpeningStarted,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.commands import ExtendKeyCollection, GiveKey, GiveShares
from services.bidding.domain.outages.messages import Silence
from services.bidding.domain.outages.silence import KEYS_NOTICE, fell
from services.bidding.domain.receiving import law_of
from services.bidding.domain.rows import Checkpoint, CollectedBid, Share, ShareFault, StandingBid
from services.bidding.domain.state import Ceremony, Closed, Collecting, Convened
from shared.kernel.errors import BadInput, NotEntitled, NotYet, OutOfPhase
from shared.procedure.asking import needed
from shared.procedure.books import Books, Law
from shared.procedure.opening import Blame, handed_in, is_announced_key, key_fault, share_fault
from shared.seal.envelope import check_key
from shared.seal.faults import Code, Fault, Whose
from shared.seal.handin import BidderHandIn
from shared.seal.keys import BadSignature
from shared.seal.wire import AUTHORITIES, Authority, BidIds, raw

Shares = Mapping[Authority, SharesGiven]


def start(request: TenderRequest, state: Closed) -> Sequence[OpeningStarted]:
    """Start the opening (招标投标法 第三十四条); witnesses are waited for first."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    wait = timedelta(minutes=state.tender.terms.witness_minutes)
    return (OpeningStarted(started_at=request.received_at, witness_until=request.received_at + wait),)


def note_witness(request: TenderRequest, state: Convened) -> Sequence[KeyCollectionStarted]:
    """Go on to the keys with a witnessed checkpoint."""
    return (_collection(request, state, needed(request.facts.witness, "witness")),)


def proceed_unwitnessed(request: TenderRequest, state: Convened) -> Sequence[KeyCollectionStarted]:
    """Go on to the keys without witnesses, on record, once their minutes are over."""
    if request.received_at < state.opening.witness_until:
        raise OutOfPhase("等待见证的时间未到", "witnesses are still waited for")
    return (_collection(request, state, None),)


def sign_in(request: TenderRequest, state: Ceremony) -> Sequence[BidderSignedIn]:
    """Sign a bidder in, once."""
    token = _own_bid(request, state).token
    return () if token in state.signed_in else (BidderSignedIn(token=token, at=request.received_at),)


def give_key(
    request: TenderRequest, command: GiveKey, state: Collecting
) -> Sequence[KeyGiven | KeyRefused | KeysCollected]:
    """Take a bidder's half if it is the one committed to; name it as wrong if not."""
    _check_minutes(request, state)
    bid = _own_bid(request, state)
    if command.bid not in {bid.bid, bid.envelope.bid}:
        raise NotEntitled("该投标文件不是您的有效投标文件", "this is not your standing bid")
    _check_signature(command, bid)
    if bid.bid in state.keys:
        return ()
    if not check_key(bid.envelope, raw(command.k_b)):
        return (KeyRefused(bid=bid.bid, token=bid.token, fault=Blame.of(Fault(Code.BIDDER_KEY_WRONG))),)
    given = KeyGiven(bid=bid.bid, token=bid.token, k_b=command.k_b)
    return given, *_if_complete(request, state, {**state.keys, bid.bid: command.k_b}, state.shares)


def give_shares(
    request: TenderRequest, command: GiveShares, state: Collecting
) -> Sequence[SharesGiven | SharesRefused | KeysCollected]:
    """Take one authority's shares of every bid; the bidder's rubbish counts as given only where proven."""
    _check_minutes(request, state)
    if sorted(share.bid for share in command.shares) != sorted(bid.bid for bid in state.bids):
        raise BadInput("须为每份有效投标文件各提交一份密钥分片", "give exactly one share for each standing bid")
    if command.authority in state.shares:
        return ()
    found = _faults(command, state)
    faults = {bid: ShareFault(bid=bid, fault=Blame.of(fault)) for bid, fault in found.items()}
    own = tuple(item for item in faults.values() if item.fault.whose is not Whose.BIDDER)
    if own:
        return (SharesRefused(authority=command.authority, faults=own),)
    given = SharesGiven(
        authority=command.authority,
        shares=tuple(Share(bid=item.bid, share=None if item.bid in faults else item.share) for item in command.shares),
        rubbish=tuple(faults.values()),
        private_key=command.private_key,
    )
    return given, *_if_complete(request, state, state.keys, {**state.shares, command.authority: given})


def end(
    request: TenderRequest, state: Collecting, books: Books
) -> Sequence[KeysCollected] | Sequence[KeyCollectionExtended]:
    """End the collection when its minutes are over; what is missing is named with whose fault it is.

    Where the platform did not run when they were over they begin anew: that no key came then is nobody's own fault.
    """
    if request.received_at < state.collection.keys_due:
        if state.extended:
            return ()  # the timer of minutes that were made longer since
        raise OutOfPhase("提交密钥的时间未到", "keys are still being collected")
    if silence := fell(request, state.collection.keys_due, law_of(state, books)):
        return (_begun_anew(request, state, silence, law_of(state, books)),)
    if request.facts.pending_arrivals:
        raise NotYet("到时前收到的密钥尚未处理完毕", "keys that arrived in time are still being decided")
    return (_collected(request, state.bids, state.keys, state.shares),)


def _begun_anew(request: TenderRequest, state: Collecting, silence: Silence, law: Law) -> KeyCollectionExtended:
    return KeyCollectionExtended(
        explanation=KEYS_NOTICE,
        keys_due=silence.until + timedelta(minutes=state.tender.terms.opening_minutes),
        extended_at=request.received_at,
        article=law.rulebook.clause("SILENCE").article,
        cause="silence",
    )


def _collection(request: TenderRequest, state: Convened, checkpoint: Checkpoint | None) -> KeyCollectionStarted:
    return KeyCollectionStarted(
        witnessed=checkpoint is not None,
        checkpoint=checkpoint,
        started_at=request.received_at,
        keys_due=request.received_at + timedelta(minutes=state.tender.terms.opening_minutes),
    )


def _own_bid(request: TenderRequest, state: Ceremony) -> StandingBid:
    for bid in state.bids:
        if bid.token == request.actor.account:
            return bid
    raise NotEntitled("您在本项目没有有效投标文件", "you have no standing bid in this tender")


def extend(
    request: TenderRequest, command: ExtendKeyCollection, state: Collecting, books: Books
) -> Sequence[KeyCollectionExtended]:
    """Give the declared further minutes once (补救方案, 电子招标投标办法 第三十一条)."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    minutes = state.tender.terms.remedy_minutes
    (article,) = articles(law_of(state, books), "E18")
    if minutes is None:
        raise OutOfPhase("招标文件未规定补救方案", "the tender documents set no remedy", article)
    if state.remedied:
        raise OutOfPhase("补救时间只能给予一次", "the further minutes are given once", article)
    _check_minutes(request, state)
    until = state.collection.keys_due + timedelta(minutes=minutes)
    return (
        KeyCollectionExtended(
            explanation=command.explanation, keys_due=until, extended_at=request.received_at, article=article
        ),
    )


def _check_minutes(request: TenderRequest, state: Collecting) -> None:
    if request.received_at >= state.collection.keys_due:
        raise OutOfPhase("提交密钥的时间已过", "the minutes for keys are over")


def _check_signature(command: GiveKey, bid: StandingBid) -> None:
    ids = bid.envelope.model_dump(include=set(BidIds.model_fields))
    try:
        BidderHandIn(**ids, k_b=command.k_b, signature=command.signature).check(bid.one_time_key)
    except BadSignature as error:
        raise NotEntitled("密钥的签名无效", "the key's signature is not valid") from error


def _faults(command: GiveShares, state: Collecting) -> dict[str, Fault]:
    """Return what is wrong with each share, by bid."""
    announced = announced_keys(state.tender)
    if command.private_key is not None and not is_announced_key(command.private_key, command.authority, announced):
        return {bid.bid: Fault(Code.AUTHORITY_KEY_WRONG, command.authority) for bid in state.bids}
    shares = {item.bid: item.share for item in command.shares}
    judged = {
        bid.bid: share_fault(bid.envelope, command.authority, shares[bid.bid], command.private_key, announced)
        for bid in state.bids
    }
    return {bid: fault for bid, fault in judged.items() if fault}


def _if_complete(
    request: TenderRequest, state: Collecting, keys: Mapping[str, str], shares: Shares
) -> Sequence[KeysCollected]:
    """Return the end of the collection if nothing that may still come could open more than what is in."""
    if len(keys) < len(state.bids) or len(shares) < 2:  # noqa: PLR2004 - any two of the three shares are enough
        return ()
    collected = _collected(request, state.bids, keys, shares)
    if len(shares) < len(AUTHORITIES) and not all(bid.openable for bid in collected.bids):
        return ()
    return (collected,)


def _collected(
    request: TenderRequest, bids: Sequence[StandingBid], keys: Mapping[str, str], shares: Shares
) -> KeysCollected:
    return KeysCollected(at=request.received_at, bids=tuple(_collected_bid(bid, keys, shares) for bid in bids))


def _collected_bid(bid: StandingBid, keys: Mapping[str, str], shares: Shares) -> CollectedBid:
    given: dict[Authority, str | None] = {
        name: next(share.share for share in event.shares if share.bid == bid.bid) for name, event in shares.items()
    }
    fault = key_fault(bid.envelope, keys.get(bid.bid), handed_in(given))
    return CollectedBid(bid=bid.bid, token=bid.token, fault=Blame.of(fault) if fault else None)
