"""The end of the opening: what came of every body, who stands behind it, and the record that is read out."""

from collections.abc import Sequence
from datetime import datetime

from services.bidding.domain.access.admission import Entry, grounds
from services.bidding.domain.access.values import name_of
from services.bidding.domain.asking import INSTANT, TenderRequest, articles
from services.bidding.domain.ceremony_events import BiddersDisclosed, BidsUnsealed, OpeningCompleted
from services.bidding.domain.events import TenderEvent, TenderFailed
from services.bidding.domain.facts import Disclosure
from services.bidding.domain.receiving import law_of
from services.bidding.domain.rows import Holder, OpenedRow, StandingBid, UnsealedBid
from services.bidding.domain.state import Unsealing
from shared.kernel.errors import PLATFORM_RULE, BadInput
from shared.procedure.asking import needed
from shared.procedure.books import Books, Law
from shared.procedure.opening import Blame, not_unsealed
from shared.seal.credential import token_of
from shared.seal.faults import FAULTS, Code, Fault
from shared.seal.statement import Statement, signature_holds
from shared.seal.wire import BidIds, raw


def record_unsealing(request: TenderRequest, state: Unsealing, books: Books) -> Sequence[TenderEvent]:
    """Record what came of every body whose key is complete."""
    if state.unsealed:
        return ()
    results = needed(request.facts.unsealed, "unsealed")
    openable = [bid.bid for bid in state.collected.bids if bid.openable]
    if sorted(result.bid for result in results) != sorted(openable):
        raise BadInput("开启结果须与可解密的投标文件一一对应", "give one result for each bid whose key is complete")
    for result in results:
        _check_result(result, state)
    unsealed = BidsUnsealed(bids=results)
    if state.disclosed is None:
        return (unsealed,)
    return unsealed, *_complete(request, state, unsealed, state.disclosed, books)


def note_disclosure(request: TenderRequest, state: Unsealing, books: Books) -> Sequence[TenderEvent]:
    """Note who stands behind the tokens of the bids, each token computed again from the disclosed key."""
    if state.disclosed:
        return ()
    disclosed = _checked(needed(request.facts.disclosure, "disclosure"), state)
    if state.unsealed is None:
        return (disclosed,)
    return disclosed, *_complete(request, state, state.unsealed, disclosed, books)


def _check_result(result: UnsealedBid, state: Unsealing) -> None:
    """Raise BadInput for a result that contradicts itself: exactly one of a genuine statement and a known fault."""
    statement, fault = result.statement, result.fault
    bid = needed(state.bid(result.bid), result.bid)
    if statement is None:
        holds = fault is not None and fault.whose is FAULTS[fault.code][0]
    else:
        same = all(getattr(statement, name) == getattr(bid.envelope, name) for name in BidIds.model_fields)
        digest_agrees = result.statement_sha256 == statement.digest()
        holds = fault is None and same and digest_agrees and signature_holds(statement)
    if not holds:
        raise BadInput(f"投标文件{result.bid}的开启结果自相矛盾", f"the result for bid {result.bid} contradicts itself")


def _checked(disclosure: Disclosure, state: Unsealing) -> BiddersDisclosed:
    """Return the disclosure of the standing bids' tokens, and of no others."""
    k_t, tokens = raw(disclosure.tender_key), {bid.token for bid in state.bids}
    holders = tuple(holder for holder in disclosure.holders if holder.token in tokens)
    if {holder.token for holder in holders} != tokens or len(holders) != len(tokens):
        raise BadInput(
            "须披露每个有效投标文件的投标人，且仅披露一次", "disclose the holder of each standing bid's token, once"
        )
    for holder in holders:
        if token_of(k_t, holder.party) != holder.token:
            raise BadInput(
                "披露的投标人与其代号不符", "a disclosed party does not have that token under the disclosed key"
            )
    return BiddersDisclosed(tender_key=disclosure.tender_key, holders=holders)


def _complete(
    request: TenderRequest, state: Unsealing, unsealed: BidsUnsealed, disclosed: BiddersDisclosed, books: Books
) -> Sequence[OpeningCompleted | TenderFailed]:
    """Read out every bid (E17), all together (D17), and apply the declared rule if fewer than three unsealed.

    A bid that was unsealed and may not take part (E14, E15) counts among them: its bidder did open it.
    """
    law = law_of(state, books)
    rows = _judged(_rows(state, unsealed, disclosed, law), state, unsealed, disclosed, law)
    opened = OpeningCompleted(at=request.received_at, rows=rows, articles=articles(law, "E17", "D17", "D18"))
    count = sum(row.outcome == "unsealed" or bool(row.grounds) for row in rows)
    least = law.rulebook.figure("E16", int)
    if not count or (count < least and state.tender.terms.below_three_unsealed == "fail"):
        return opened, _too_few_unsealed(request, count)
    if not any(row.outcome == "unsealed" for row in rows):
        return opened, _none_valid(request, law)
    return (opened,)


def _rows(state: Unsealing, unsealed: BidsUnsealed, disclosed: BiddersDisclosed, law: Law) -> tuple[OpenedRow, ...]:
    keys = {bid.bid: bid.fault for bid in state.collected.bids}
    results = {bid.bid: bid for bid in unsealed.bids}
    holders = {holder.token: holder for holder in disclosed.holders}
    priced = state.tender.draft.kind == "tender"
    return tuple(
        _row(bid, keys[bid.bid], results.get(bid.bid), holders[bid.token], law, priced=priced) for bid in state.bids
    )


def _judged(
    rows: tuple[OpenedRow, ...], state: Unsealing, unsealed: BidsUnsealed, disclosed: BiddersDisclosed, law: Law
) -> tuple[OpenedRow, ...]:
    """Return the rows with those invalid whose bidder may not take part."""
    statements = {bid.bid: bid.statement for bid in unsealed.bids}
    holders = {name_of(holder.party): holder for holder in disclosed.holders}
    entries = [
        Entry(row.bid, holders[name_of(row.party)], needed(statements[row.bid], "statement"))
        for row in rows
        if row.outcome == "unsealed"
    ]
    against = grounds(entries, state.tender, state.beside.entrants.admitted, law)
    return tuple(
        row.model_copy(
            update={"outcome": "invalid", "grounds": against[row.bid], "article": against[row.bid][0].article}
        )
        if row.bid in against
        else row
        for row in rows
    )


def _row(
    bid: StandingBid, key: Blame | None, result: UnsealedBid | None, holder: Holder, law: Law, *, priced: bool
) -> OpenedRow:
    """Return one line of the record; of what is no tender no price is read out."""
    common = {"bid": bid.bid, "party": holder.party, "received_at": bid.received_at, "order": bid.order}
    statement = result.statement if result else None
    if statement is None:
        reason = key or needed(result.fault if result else None, "fault")
        return OpenedRow.model_validate(
            {**common, "outcome": not_unsealed(reason.whose), "reason": reason, "article": articles(law, "E18")[0]}
        )
    mismatch = _mismatch(statement, holder, bid.received_at)
    return OpenedRow.model_validate(
        {
            **common,
            "outcome": "invalid" if mismatch else "unsealed",
            "price_fen": statement.price_fen if priced else None,
            "days": statement.days,
            "quality": statement.quality,
            "statement_sha256": statement.digest(),
            "reason": mismatch,
            "article": PLATFORM_RULE if mismatch else None,
            "members": statement.consortium.members if statement.consortium else (),
            "agreement": statement.consortium.agreement if statement.consortium else None,
        }
    )


def _mismatch(statement: Statement, holder: Holder, received_at: datetime) -> Blame | None:
    """Return what is wrong if the statement's signer is not the party behind the token.

    A key that was lost afterwards signed well before; a renewed one does not undo what the old one signed.
    """
    named, disclosed = statement.party, holder.party
    if (named.scheme, named.id) != (disclosed.scheme, disclosed.id):
        return Blame.of(Fault(Code.STATEMENT_OF_ANOTHER, detail="party"))
    if holder.account_keys and statement.party_signature.public_key not in holder.account_keys:
        return Blame.of(Fault(Code.PARTY_SIGNATURE_BAD, detail="public_key"))
    lost = {key.public_key: key.since for key in holder.revoked}
    if lost.get(statement.party_signature.public_key, received_at + INSTANT) <= received_at:
        return Blame.of(Fault(Code.PARTY_SIGNATURE_BAD, detail="revoked"))
    return None


def _too_few_unsealed(request: TenderRequest, count: int) -> TenderFailed:
    return TenderFailed(
        cause="fewer_than_three_unsealed",
        failed_at=request.received_at,
        article="招标文件",
        zh=f"成功解密的投标文件为{count}份，按招标文件事先声明的规则，本次招标失败。",
        en=f"{count} bids were unsealed; by the rule that the tender documents declare, the tender fails.",
    )


def _none_valid(request: TenderRequest, law: Law) -> TenderFailed:
    return TenderFailed(
        cause="all_rejected",
        failed_at=request.received_at,
        article="、".join(articles(law, "E27")),
        zh="所有投标均无效，应当重新招标。",
        en="Every bid is invalid; the tender is held again.",
    )
