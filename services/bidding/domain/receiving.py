"""Reception of sealed bids: what arrives, what is turned away, and what stands at the deadline."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from services.bidding.domain.asking import INSTANT, TenderRequest, announced_keys, articles, meaning_key
from services.bidding.domain.commands import DeliverSealed
from services.bidding.domain.events import (
    BidRefused,
    CoversRevealed,
    ReceptionClosed,
    SealedReceived,
    TenderAnnounced,
    TenderFailed,
)
from services.bidding.domain.facts import Secrets, hidden_upload
from services.bidding.domain.outages.messages import OutageNoted
from services.bidding.domain.outages.silence import check_moved, extend, fell
from services.bidding.domain.rows import StandingBid
from services.bidding.domain.state import Accepting, Announced
from services.bidding.domain.timetable.messages import DeadlineMoved
from services.bidding.domain.values import Kind
from shared.kernel.canonical import digest
from shared.kernel.errors import BadInput, NotEntitled, NotYet, OutOfPhase
from shared.procedure.asking import FactMissing, needed
from shared.procedure.books import Books, Law
from shared.procedure.reception import Reception, check_next, no_effect, received
from shared.seal.covers import commitment, later, number
from shared.seal.credential import Delivery, verify_credential, verify_delivery
from shared.seal.envelope import Envelope, check_announced
from shared.seal.faults import Code, NotOpenable
from shared.seal.sealed import Meaning, Submit, open_meaning, sealed_bytes
from shared.seal.wire import SealError, Unreadable, raw


def cutoff(tender: TenderAnnounced) -> datetime:
    """Return the first instant that is too late: the deadline, or just after it where its own instant counts."""
    return tender.terms.bids_due + INSTANT * tender.terms.instant_counts


def is_open(at: datetime, state: Accepting) -> bool:
    """Return whether bids are in time at an instant: before the deadline, and as long as it stands still."""
    return state.beside.timetable.suspended or at < cutoff(state.tender)


def law_of(state: Announced, books: Books) -> Law:
    """Return the law that a tender was announced under, with the calendars published since."""
    return books.law(state.tender.rulebook, state.tender.calendar, state.published)


def deliver(
    request: TenderRequest, command: DeliverSealed, state: Announced, books: Books
) -> Sequence[SealedReceived | BidRefused]:
    """Take in one sealed message, or turn it away on record (E13, 电子招标投标办法 第二十六条, 第二十七条)."""
    if not isinstance(state, Accepting):
        if request.received_at < cutoff(state.tender):
            raise OutOfPhase("接收已经结束", "reception is over")
        return (_late(request, command, law_of(state, books)),)
    if not is_open(request.received_at, state):
        law = law_of(state, books)
        check_moved(request, state, law)
        return (_late(request, command, law),)
    sealed = _checked_delivery(request, command)
    try:
        _check_meaning(request, state, sealed)
    except NotOpenable:
        return (_not_sealed(request, command, law_of(state, books)),)
    return (
        SealedReceived(
            token=command.credential.token,
            one_time_key=command.credential.public_key,
            sealed=command.sealed,
            digest=digest(sealed),
            received_at=request.received_at,
        ),
    )


Closing = ReceptionClosed | CoversRevealed | TenderFailed | OutageNoted | DeadlineMoved


def close(request: TenderRequest, state: Accepting, books: Books) -> Sequence[Closing]:
    """Close at the deadline, once nothing that arrived in time waits; with fewer than three bids it fails (E16)."""
    if request.received_at < cutoff(state.tender):
        if request.actor.role == "system" and state.beside.timetable.moved:
            return ()  # the timer of a deadline that was moved since
        raise OutOfPhase("投标截止时间未到", "the deadline has not come")
    law = law_of(state, books)
    if silence := fell(request, state.tender.terms.bids_due, law):
        return extend(request, state, silence, law)
    if request.facts.pending_arrivals:
        raise NotYet("截止前到达的递交尚未处理完毕", "what arrived in time is still being decided")
    key = meaning_key(request, state.tender)
    places: dict[str, list[int]] = {}
    for place, item in enumerate(state.received):
        places.setdefault(item.token, []).append(place)
    outcomes = {token: received([_opened(key, state, place) for place in mine]) for token, mine in places.items()}
    closed = ReceptionClosed(
        closed_at=request.received_at,
        meaning_key=key,
        bids=_standing(state, places, outcomes),
        withdrawn=sum(outcome.withdrawn for outcome in outcomes.values()),
        covers=sum(outcome.covers for outcome in outcomes.values()),
    )
    told: tuple[Closing, ...] = (closed, *_covers(request, state, closed.covers))
    if len(closed.bids) >= law.rulebook.figure("E16", int):
        return told
    return *told, _too_few(request, len(closed.bids), state.tender.draft.kind, law)


def _covers(request: TenderRequest, state: Accepting, received: int) -> Sequence[CoversRevealed]:
    """Reveal the seed that the announcement committed to, where the tender has covers."""
    tender = state.tender
    if tender.covers is None:
        return ()
    secrets = request.secrets
    seed = needed(secrets.cover_seed if isinstance(secrets, Secrets) else None, "cover_seed")
    if commitment(tender.tender, raw(seed)) != tender.covers.commitment:
        raise FactMissing("the seed of this tender's covers is needed for this decision")
    planned = number(tender.tender, raw(seed), tender.covers.most)
    announced = state.beside.timetable.announced_due
    if announced and tender.covers.per_day:
        planned += len(later(tender.tender, raw(seed), tender.covers.per_day, announced, tender.terms.bids_due))
    return (CoversRevealed(seed=seed, number=planned, received=received),)


def _checked_delivery(request: TenderRequest, command: DeliverSealed) -> bytes:
    """Return the sealed bytes of a genuine delivery: vouched for, not suspended, this token's own."""
    credential, facts = command.credential, request.facts
    try:
        sealed = sealed_bytes(command.sealed)
    except Unreadable as error:
        raise BadInput("密封消息不是规范的 base64url", "the sealed message is not base64url") from error
    delivery = Delivery(
        tender=request.stream,
        token=credential.token,
        sealed_digest=digest(sealed),
        signature=command.signature,
    )
    try:
        verify_credential(credential, needed(facts.registry_key, "registry_key"), request.stream, request.received_at)
        verify_delivery(delivery, credential, sealed)
    except SealError as error:
        raise NotEntitled(
            f"投标凭证或签名无效：{error.zh}", f"the credential or its signature is not valid: {error}"
        ) from error
    if credential.token != request.actor.account:
        raise NotEntitled("投标凭证不属于该投标人代号", "the credential is of another token")
    if not (facts.not_suspended and credential.facts.not_suspended):
        raise NotEntitled("该投标人已被暂停投标资格", "the bidder is suspended")
    return sealed


def _check_meaning(request: TenderRequest, state: Accepting, sealed: bytes) -> None:
    """Raise NotOpenable for what is not sealed as announced, BadInput for what would take no effect."""
    key, token = meaning_key(request, state.tender), request.actor.account
    meaning = _meaning(key, state, token, sealed)
    uploaded = needed(request.facts.uploaded, "uploaded")
    if uploaded != hidden_upload(key, request.id, complete=True):
        raise no_effect()
    check_next([_opened(key, state, place) for place in state.received.places(token)], meaning)


def _meaning(key: str, state: Accepting, token: str, sealed: bytes) -> Meaning:
    """Return what a message means. Raise NotOpenable unless it is sealed as announced, for this lot."""
    tender = state.tender
    meaning = open_meaning(key, tender.tender, token, sealed)
    if isinstance(meaning, Submit):
        check_announced(meaning.envelope, announced_keys(tender))
        if meaning.envelope.lot != tender.draft.lot.id:
            raise NotOpenable(Code.MEANING_OF_ANOTHER, detail="lot")
    return meaning


def _opened(key: str, state: Accepting, place: int) -> Meaning:
    item = state.received[place]
    return open_meaning(key, state.tender.tender, item.token, sealed_bytes(item.sealed))


def _standing(
    state: Accepting, places: Mapping[str, Sequence[int]], outcomes: Mapping[str, Reception[Envelope]]
) -> tuple[StandingBid, ...]:
    """Return the standing bids in the order of their arrival.

    Their names are the bidders' own; should two have chosen the same, all are named by their order instead.
    """
    bids = [
        _standing_bid(state, places[token][outcome.place], outcome.envelope)
        for token, outcome in outcomes.items()
        if outcome.envelope and outcome.place is not None
    ]
    if len({bid.bid for bid in bids}) < len(bids):
        bids = [bid.model_copy(update={"bid": f"bid-{bid.order}"}) for bid in bids]
    return tuple(sorted(bids, key=lambda bid: bid.order))


def _standing_bid(state: Accepting, place: int, envelope: Envelope) -> StandingBid:
    item = state.received[place]
    return StandingBid(
        bid=envelope.bid,
        token=item.token,
        one_time_key=item.one_time_key,
        received_at=item.received_at,
        order=place + 1,
        envelope=envelope,
    )


def _late(request: TenderRequest, command: DeliverSealed, law: Law) -> BidRefused:
    return BidRefused(
        token=request.actor.account,
        ground="late",
        digest=digest(command.sealed.encode()),
        received_at=request.received_at,
        article="、".join(articles(law, "E13", "D12")),
        zh="投标文件在投标截止时间后送达，依法拒收。",
        en="The bid arrived after the deadline and is refused.",
    )


def _not_sealed(request: TenderRequest, command: DeliverSealed, law: Law) -> BidRefused:
    """Return the refusal of what is not sealed as announced. In what way is not said, for it would tell what it was."""
    return BidRefused(
        token=request.actor.account,
        ground="not_sealed",
        digest=digest(command.sealed.encode()),
        received_at=request.received_at,
        article="、".join(articles(law, "D11", "E13")),
        zh="未按要求加密（密封消息、信封公钥、标段须与公告一致），依法拒收。请使用公告的公钥重新加密并在截止前递交。",
        en="Not sealed as announced (message, keys, lot), refused. Seal it with the announced keys, in time.",
    )


def _too_few(request: TenderRequest, count: int, kind: Kind, law: Law) -> TenderFailed:
    applied = kind == "prequalification"
    who_zh, who_en = ("申请人", "applicants") if applied else ("投标人", "bidders")
    return TenderFailed(
        cause="fewer_than_three",
        failed_at=request.received_at,
        article="、".join(articles(law, "E5") if applied else articles(law, "E16", "E16-OPENING")),
        zh=f"投标截止时{who_zh}为{count}个，少于三个，不得开标，应当重新招标。",
        en=f"{count} {who_en} at the deadline, fewer than three: nothing is opened and the tender is held again.",
    )
