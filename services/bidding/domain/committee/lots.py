"""The draws that a committee's experts come from: one, or one for each speciality that the tender file asks for."""

from collections.abc import Collection, Sequence

from services.bidding.domain.access.values import name_of
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.committee.record import Committee
from services.bidding.domain.committee.sitting import terms_of
from services.bidding.domain.committee.values import Drawn, DrawnOf
from services.bidding.domain.state import Opened
from shared.kernel.canonical import digest
from shared.kernel.errors import BreaksClause, NotYet
from shared.procedure.asking import breaks
from shared.procedure.books import Law
from shared.procedure.drawn import DrawFile, verify_draw


def drawn(request: TenderRequest, state: Opened, law: Law) -> Sequence[DrawFile]:
    """Return the draws held for this tender, each made again and found good. Raise NotYet while one is missing."""
    wanted, held = terms_of(state).specialities, _held(request)
    if not wanted:
        return (_good(held, terms_of(state).experts, state, law),)
    of_each = [[file for file in held if _speciality(file) == one.speciality] for one in wanted]
    return [_good(files, one.experts, state, law) for one, files in zip(wanted, of_each, strict=True)]


def bidders(state: Opened) -> frozenset[str]:
    """Return every bidder, and every member of a consortium, as `scheme:id`."""
    return frozenset(name_of(party) for row in state.rows for party in (row.party, *row.members))


def groups(files: Sequence[DrawFile], state: Opened) -> tuple[DrawnOf, ...]:
    """Return what a committee keeps of several draws: for each speciality its draw, and who sits by it."""
    wanted = terms_of(state).specialities
    return tuple(
        DrawnOf(speciality=one.speciality, drawn=reference(file), members=file.chosen)
        for one, file in zip(wanted, files, strict=bool(wanted))
    )


def reference(file: DrawFile) -> Drawn:
    """Return a draw by its name and its digests."""
    return Drawn(draw=file.draw, pool=file.pool_digest, file=digest(file.canonical()))


def successor(request: TenderRequest, state: Opened, gone: str, law: Law) -> tuple[DrawFile, str]:
    """Return the draw that a member sits by, made again without it, and who is next there."""
    committee = state.beside.committee
    files = drawn(request, state, law)
    for file, (formed_by, sitting) in zip(files, _formed_by(committee), strict=True):
        if gone in sitting:
            return file, _next(file, formed_by, sitting, gone)
    raise NotYet("递补结果尚未送达", "the result of the draw does not name who is next yet")


def _formed_by(committee: Committee) -> Sequence[tuple[Drawn | None, Collection[str]]]:
    if committee.groups:
        return [(group.drawn, group.members) for group in committee.groups]
    return [(committee.draw, [seat.member for seat in committee.seats if seat.kind == "expert"])]


def _held(request: TenderRequest) -> Sequence[DrawFile]:
    """Return the draws that were held for the tender, in the order of their results."""
    return request.facts.draws or ([request.facts.draw] if request.facts.draw else [])


def _speciality(file: DrawFile) -> str | None:
    """Return the one speciality of all who could be drawn."""
    named = {expert.speciality for expert in file.library}
    return named.pop() if len(named) == 1 else None


def _good(files: Sequence[DrawFile], seats: int, state: Opened, law: Law) -> DrawFile:
    """Return the first draw that was asked for as it must be, made again and found good.

    What is wrong with the others was settled before anybody was drawn, so that nobody can choose among results.
    """
    if not files:
        raise NotYet("专家抽取结果尚未送达", "the result of the draw of experts has not come yet")
    file = next((one for one in files if _asked_rightly(one, seats, state)), files[0])
    if failed := verify_draw(file).failed:
        raise unlawful(law, f"抽取文件第{failed.number}步不成立：{failed.detail.zh}。", failed.detail.en)
    if not bidders(state) <= {*file.parties}:
        raise unlawful(
            law,
            "抽取时未对全部投标人（含联合体各方）核对回避，请列明全部投标人重新申请抽取。",
            "The draw did not name every bidder and consortium member: ask for another that does.",
        )
    if not _asked_rightly(file, seats, state):
        raise unlawful(
            law,
            f"抽取的人数与招标文件不符，应为{seats}人，请重新申请抽取。",
            f"It is not the draw that the tender documents ask for, of {seats}: ask for another.",
        )
    return file


def _asked_rightly(file: DrawFile, seats: int, state: Opened) -> bool:
    return bidders(state) <= {*file.parties} and (file.line, file.seats) == ("construction", seats)


def unlawful(law: Law, zh: str, en: str) -> BreaksClause:
    """Return the refusal by the clause that experts are drawn by lot, and supervisors do not sit (E20)."""
    return breaks(law.rulebook.clause("E20"), zh, en)


def _next(file: DrawFile, formed_by: Drawn | None, members: Collection[str], gone: str) -> str:
    """Return who was drawn next: the same draw, with the member who goes among those who sit there no more.

    Of several who go it seats the first of as many new names; those who go after it have the others.
    """
    sitting = {*members}
    missing, new = sitting - {*file.chosen}, [name for name in file.chosen if name not in sitting]
    same = formed_by is not None and (file.draw, file.pool_digest) == (formed_by.draw, formed_by.pool)
    if not same or gone not in missing or len(new) != len(missing):
        raise NotYet("递补结果尚未送达", "the result of the draw does not name who is next yet")
    return new[0]
