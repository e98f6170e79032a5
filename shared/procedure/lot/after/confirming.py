"""Confirmation, result and contract: what both sides sign, and what everybody is told (T22, T23, L6, L12, M6, S16)."""

from collections.abc import Sequence

from shared.kernel.canonical import digest, encode
from shared.kernel.errors import BadInput, NotYet
from shared.procedure.lot.after import paying, returning
from shared.procedure.lot.after.asking import confirmation_due, contract_due, due, over_at, result_since, side_of, sold
from shared.procedure.lot.after.commands import (
    CheckProof,
    DrawUpConfirmation,
    PublishResult,
    SignConfirmation,
    SignContract,
)
from shared.procedure.lot.after.events import (
    ConfirmationDrawnUp,
    ConfirmationSigned,
    ContractConcluded,
    ContractSigned,
    DepositTurned,
    PricePaid,
    ProofChecked,
    ProofSigned,
    ResultPublished,
)
from shared.procedure.lot.after.values import Confirmation, Right
from shared.procedure.lot.asking import Events, Ground, LotRequest, check_owner
from shared.procedure.lot.ending import unsold
from shared.procedure.lot.state import Bidder, Lot
from shared.seal.statement import Party


def sign_proof(request: LotRequest, lot: Lot, ground: Ground) -> Sequence[ProofSigned]:
    """Sign 竞得证明, where the notice chose that way (L12)."""
    if side_of(request, lot, ground) != "winner":
        raise BadInput("竞得证明由竞得人签署", "the winner signs the proof of having won")
    if lot.announced.terms.confirmation != "proof" or lot.after.proof is not None:
        raise ground.not_now("confirmation", "现在不签署竞得证明", "no proof of having won is signed now")
    at, ends = request.received_at, due(ground, "proof", over_at(lot))
    return (
        ProofSigned(
            number=sold(lot, ground).number,
            at=at,
            due=ends,
            late=at >= ends,
            check_due=due(ground, "proof_check", at),
            article=ground.clause("proof").article,
        ),
    )


def check_proof(request: LotRequest, command: CheckProof, lot: Lot, ground: Ground) -> Events:
    """Check the winner's originals; if they are not as it said, the lot is not sold (L12)."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    winner, proof = sold(lot, ground), lot.after.proof
    if proof is None or lot.after.checked:
        raise ground.not_now("confirmation", "现在没有待审核的竞得证明", "no proof of having won is to be checked now")
    checked = ProofChecked(
        number=winner.number,
        passed=command.passed,
        reason=command.reason,
        at=request.received_at,
        late=request.received_at >= due(ground, "proof_check", proof.at),
        article=ground.clause("proof_check").article,
    )
    return (checked,) if command.passed else (checked, *unsold("not_qualified", request.received_at, ground))


def draw_up(
    request: LotRequest, command: DrawUpConfirmation, lot: Lot, ground: Ground
) -> Sequence[ConfirmationDrawnUp]:
    """Draw up 成交确认书 with all that it must say (L6); until the winner has signed, it can be drawn up anew."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    winner = sold(lot, ground)
    if lot.after.confirmed_at is not None:
        raise ground.not_now("confirmation", "成交确认书已经签订", "the confirmation is signed already")
    if lot.announced.terms.confirmation == "proof" and not lot.after.checked:
        raise ground.breaks("proof_check", "竞得证明尚未签署或者审核。", "the proof is not signed or not checked yet")
    if command.contract_at < request.received_at:
        raise BadInput("签订合同的时间已过", "the contract would be signed in the past")
    said = Confirmation(
        lot=lot.announced.lot,
        title=lot.announced.draft.title,
        seller=lot.announced.draft.seller,
        winner=_party(winner, lot),
        number=winner.number,
        price_fen=_price(lot),
        units=lot.announced.terms.units,
        sold_at=over_at(lot),
        sold_where=command.sold_where,
        contract_at=command.contract_at,
        contract_where=command.contract_where,
    )
    rule = "confirmation" if ground.rules.confirmed is None else "confirmed"
    sha256 = digest(encode(said.model_dump(mode="json")))
    return (ConfirmationDrawnUp(confirmation=said, sha256=sha256, article=ground.clause(rule).article),)


def sign_confirmation(request: LotRequest, command: SignConfirmation, lot: Lot, ground: Ground) -> Events:
    """Sign 成交确认书 as the winner: it binds both from here on, and the deposit turns into earnest money (T21)."""
    if side_of(request, lot, ground) != "winner":
        raise BadInput(
            "出让方拟定即为签署，请由竞得人签署", "the seller has signed what it drew up: the winner signs now"
        )
    drawn_up, winner, at = lot.after.drawn_up, sold(lot, ground), request.received_at
    if drawn_up is None or lot.after.confirmed_at is not None:
        raise ground.not_now("confirmation", "现在没有待签署的成交确认书", "no confirmation is to be signed now")
    if command.confirmation != drawn_up.sha256:
        raise BadInput("所签与出让方拟定的成交确认书不一致", "this is not the confirmation that the seller drew up")
    ends = confirmation_due(lot, ground)
    signed = ConfirmationSigned(
        number=winner.number,
        sha256=drawn_up.sha256,
        at=at,
        due=ends,
        late=at >= ends,
        article=ground.clause("confirmation").article,
    )
    amount = min(lot.after.received.get(winner.token, 0), _total(lot))
    article = ground.clause("refund").article
    turned = DepositTurned(number=winner.number, token=winner.token, amount_fen=amount, article=article)
    return signed, turned, *returning.excess(winner, amount, at, lot, ground)


def publish(request: LotRequest, command: PublishResult, lot: Lot, ground: Ground) -> Sequence[ResultPublished]:
    """Publish the result, from the sale on or once the contract is concluded, as the line has it (T23, M6, S16)."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    winner, since, at = sold(lot, ground), result_since(lot, ground), request.received_at
    rule = "publicity_within" if ground.rules.publicity_within is not None else "publicity_lasts"
    if since is None or lot.after.result is not None:
        raise ground.not_now(rule, "现在不公布成交结果", "the result is not published now")
    ends, lasts = None, ground.rules.publicity_lasts
    if lasts is not None:
        if command.days is not None and command.days < ground.figure("publicity_lasts"):
            raise ground.breaks("publicity_lasts", "公示时间过短。", "it would be public for too short a time")
        ends = due(ground, "publicity_lasts", at, command.days)
    holders = lot.announced.terms.priority
    return (
        ResultPublished(
            title=lot.announced.draft.title,
            number=winner.number,
            winner=_party(winner, lot),
            appraised_fen=lot.announced.draft.appraised_fen,
            base_fen=lot.announced.terms.start_fen,
            price_fen=_price(lot),
            units=lot.announced.terms.units,
            by_priority=lot.offer is not None and lot.offer.priority,
            rights=tuple(Right(holder=one, exercises=lot.after.rights.get(one)) for one in holders),
            at=at,
            days=command.days,
            ends=ends,
            late=ground.rules.publicity_within is not None and at >= due(ground, "publicity_within", since),
            article=ground.clause(rule).article,
        ),
    )


def sign_contract(request: LotRequest, command: SignContract, lot: Lot, ground: Ground) -> Events:
    """Sign the contract, the seller first; both signatures conclude it, and set what is paid by when (T22, S15)."""
    side, at = side_of(request, lot, ground), request.received_at
    ends = contract_due(lot, ground)
    if lot.after.contract is not None:
        raise ground.not_now("contract", "合同已经签订", "the contract is signed already")
    if lot.after.confirmed_at is None:
        zh, en = "成交确认书尚未由双方签订，请先签订", "the confirmation comes first: both sides sign it"
        raise ground.not_now("contract", zh, en)
    if ends is None:
        zh, en = "成交结果尚未公示，公示期满后签订合同", "the result is published first; the contract follows"
        raise ground.not_now("contract", zh, en)
    waits = ground.rules.publicity_since == "sale" and lot.after.result_ends
    if waits and at < waits:
        raise ground.breaks("publicity_lasts", "公示尚未届满。", "the result is not public for long enough yet")
    if side == "seller":
        paying.check_security(command, lot, ground)
        return (ContractSigned(side=side, contract=command.contract, security=command.security, at=at),)
    first = lot.after.signed.get("seller")
    if first is None or (first.contract, first.security) != (command.contract, command.security):
        raise BadInput("所签与出让方签署的合同不一致", "this is not what the seller has signed")
    signed = ContractSigned(side=side, contract=command.contract, security=command.security, at=at)
    concluded = ContractConcluded(
        contract=command.contract,
        at=at,
        due=ends,
        late=at >= ends,
        schedule=paying.schedule(_total(lot), at, lot, ground),
        article=ground.clause("contract").article,
    )
    paid = lot.after.turned_fen == _total(lot)
    return (signed, concluded, PricePaid(at=at)) if paid else (signed, concluded)


def _party(winner: Bidder, lot: Lot) -> Party:
    party = lot.after.parties.get(winner.number)
    if party is None:
        raise NotYet("竞得人身份正在披露，请稍候", "who the winner is, is being disclosed; try again")
    return party


def _total(lot: Lot) -> int:
    return _price(lot) * lot.announced.terms.units


def _price(lot: Lot) -> int:
    if lot.offer is None:
        raise BadInput("没有报价", "there is no bid")
    return lot.offer.price_fen
