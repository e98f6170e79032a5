"""The members' signatures under the report, written dissent, and silence, which agrees (E28)."""

from collections.abc import Sequence

from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.committee.commands import SignReport
from services.bidding.domain.committee.events import ReportSigned, SigningEnded
from services.bidding.domain.committee.sitting import own_seat, terms_of
from services.bidding.domain.evaluating import failure
from services.bidding.domain.events import TenderFailed
from services.bidding.domain.phases import PHASES
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import AnnouncedState, Evaluated
from shared.kernel.errors import NotEntitled, OutOfPhase
from shared.procedure.asking import breaks, needed
from shared.procedure.books import Books
from shared.seal.keys import BadSignature, verify
from shared.seal.report import DOMAIN, to_sign

Signed = ReportSigned | SigningEnded | TenderFailed


def sign(request: TenderRequest, command: SignReport, state: AnnouncedState, books: Books) -> Sequence[Signed]:
    """Take a member's signature, once; with the last one the report stands."""
    evaluated, seat = _unsigned(state), own_seat(request, state)
    report = needed(evaluated.report.contents_sha256, "contents_sha256")
    if seat.member in state.beside.committee.signed:
        raise OutOfPhase("您已签字", "you have signed")
    try:
        verify(seat.account_key, DOMAIN, to_sign(report, command.dissent), command.signature)
    except BadSignature as error:
        raise NotEntitled("签名无效", "the signature is not the member's over this report") from error
    signed = ReportSigned(
        member=seat.member,
        report=report,
        dissent=command.dissent,
        signature=command.signature,
        signed_at=request.received_at,
    )
    others = {one.member for one in state.beside.committee.seats} - {seat.member}
    if others <= state.beside.committee.signed.keys():
        return signed, *_ended(request, evaluated, (), books)
    return (signed,)


def end(request: TenderRequest, state: AnnouncedState, books: Books) -> Sequence[Signed]:
    """End the signing when its time is over; who has said nothing agrees, and that is written down.

    The time of a report that was set aside ends nothing of a later one.
    """
    if not isinstance(state, Evaluated) or state.beside.committee.ended:
        return ()
    if request.received_at < needed(state.report.minutes, "minutes").sign_until:
        return ()
    committee = state.beside.committee
    silent = tuple(seat.member for seat in committee.seats if seat.member not in committee.signed)
    return _ended(request, state, silent, books)


def check_signed(state: Evaluated, books: Books) -> None:
    """Raise BreaksClause while a committee's report is not signed: its candidates are not publicised before."""
    if state.tender.terms.committee and not state.beside.committee.ended:
        clause = law_of(state, books).rulebook.clause("E28-SIGNED")
        raise breaks(clause, "签字尚未完成。", "The members are still signing.")


def _ended(
    request: TenderRequest, state: Evaluated, silent: tuple[str, ...], books: Books
) -> Sequence[SigningEnded | TenderFailed]:
    law = law_of(state, books)
    clause = law.rulebook.clause("E28-SIGNED")
    ended = SigningEnded(silent=silent, ended_at=request.received_at, article=clause.article)
    if state.report.candidates:
        return (ended,)
    return ended, failure(request, law, no_competition=state.report.no_competition is not None)


def _unsigned(state: AnnouncedState) -> Evaluated:
    terms_of(state)
    if not isinstance(state, Evaluated) or state.beside.committee.ended:
        zh, en = PHASES[type(state)]
        raise OutOfPhase(f"项目现为“{zh}”，没有待签字的评标报告", f"no report is being signed: the tender is {en}")
    return state
