"""What the tests of judged tenders share: criteria, offers with documents, a committee and what its members give."""

from collections.abc import Mapping, Sequence
from decimal import Decimal
from hashlib import sha256
from typing import Any

from shared.kernel.request import SYSTEM, Actor
from shared.procedure.lot.after.commands import NoteIdentities
from shared.procedure.lot.asking import Facts
from shared.procedure.lot.judged import commands
from shared.procedure.lot.judged.terms import Criterion, Judging
from shared.procedure.lot.judged.values import OfferScore, Unfit
from shared.procedure.lot.sealed.commands import GivePriceKey
from shared.procedure.lot.sealed.papers import digest_of
from shared.procedure.lot.values import Document, Tendering
from shared.procedure.recusal import Ground, Tie
from shared.procedure.seating import Known, Replacing
from shared.seal.price import Offered, price_ids, seal_price
from shared.seal.wire import text
from tests.lot import factories as make
from tests.lot import tendering
from tests.lot.play import Play
from tests.seal.world import dice

CRITERIA = (
    Criterion(factor="plan", title="开发方案", points=40),
    Criterion(factor="green", title="环境保护", points=20),
)
EXPERTS = ("expert-1", "expert-2", "expert-3", "expert-4")
CLERK = "clerk"
MEMBERS = (*EXPERTS, CLERK)
REPORT = sha256(b"report").hexdigest()
KEPT: dict[int, str] = {}
"""The bidders' own halves, by bidder."""


def judging(**changes: Any) -> Judging:
    """Return what is declared of judging: the price for 40 points, two criteria, four experts of five members."""
    fields: dict[str, Any] = {"price_points": 40, "criteria": CRITERIA, "members": 5, "experts": 4}
    return Judging(**fields | changes)


def terms(**changes: Any) -> dict[str, Any]:
    """Return the terms of a tender for the best conditions."""
    tender = Tendering(award="conditions", opening_minutes=60, judging=judging(**changes))
    return {"trigger": "never", "proxies": False, "tender": tender}


def papers(bidder: int) -> tuple[Document, ...]:
    """Return the documents of a bidder's offer."""
    return (Document(name="投标文件.pdf", size=1, sha256=sha256(f"offer {bidder}".encode()).hexdigest()),)


def hand_in(lot: Play, bidder: int, yuan: int, *, bound: bool = True) -> Sequence[Any]:
    """Hand in an offer of whole yuan, with its documents bound to it or not."""
    ids = price_ids(make.STREAM, "first", make.bidder(bidder).account)
    given = digest_of(papers(bidder)) if bound else None
    price, file = seal_price(ids, yuan * 100, tendering.announced(lot), dice(bidder), given)
    KEPT[bidder] = file.k_b
    return lot.ask(tendering.message(lot, bidder, Offered(envelope=price, replaces=None)), make.bidder(bidder))


def give_key(
    lot: Play, bidder: int, documents: tuple[Document, ...] | None = None, missing: tuple[str, ...] = ()
) -> Sequence[Any]:
    """Let a bidder give its half and its documents, uploaded but for those that are missing."""
    given = papers(bidder) if documents is None else documents
    command = GivePriceKey(k_b=KEPT[bidder], documents=given)
    return lot.ask(command, make.bidder(bidder), facts=Facts(missing=missing))


def closed(*yuan: int, line: Mapping[str, Any] | None = None, **changes: Any) -> Play:
    """Return a tender after the deadline, with an offer of each of bidders 1, 2, and so on."""
    lot = tendering.tender(*range(1, len(yuan) + 1), draft=dict(line or {}), **{**terms(), **changes})
    for bidder, amount in enumerate(yuan, start=1):
        hand_in(lot, bidder, amount)
    lot.tick()
    return lot


def opened(*yuan: int, **changes: Any) -> tuple[Play, list[Any]]:
    """Return a tender that was opened by all, and what its opening led to."""
    lot = closed(*yuan, **changes)
    tendering.give_shares(lot, "agency", "supervisor")
    return lot, list([give_key(lot, bidder) for bidder in range(1, len(yuan) + 1)][-1])


def read_out(*yuan: int, **changes: Any) -> Play:
    """Return a tender whose prices and names were read out."""
    lot, _ = opened(*yuan, **changes)
    lot.ask(NoteIdentities(), SYSTEM)
    return lot


def known(member: str, *, enrolled: bool | None = None, **said: Any) -> Known:
    """Return what the registry knows of a member; experts are of the library."""
    of_library = member.startswith("expert") if enrolled is None else enrolled
    standing = {"years": 8, "senior": True} if of_library else {}
    key = text(sha256(member.encode()).digest())
    return Known(member=member, account=member, account_key=key, enrolled=of_library, **{**standing, **said})


def tied(member: str, bidder: int, **said: Any) -> Known:
    """Return what is known of a member who has an employer among the bidders."""
    party = make.held(make.bidder(bidder).account).party
    tie = Tie(expert=member, party=f"{party.scheme}:{party.id}", ground=Ground.EMPLOYMENT, **said)
    return known(member, ties=(tie,))


def knowing(*members: Known, names: Sequence[str] = MEMBERS) -> Facts:
    """Return what the handler finds of members: of those given, and of others nothing in particular."""
    others = [known(name) for name in names if name not in {one.member for one in members}]
    return Facts(members=(*members, *others))


def seat(lot: Play, *members: Known, experts: Sequence[str] = EXPERTS, clerks: Sequence[str] = (CLERK,)) -> Any:
    """Let the seller seat a committee, to be done within a day."""
    command = commands.SeatCommittee(experts=tuple(experts), representatives=tuple(clerks), until=lot.later(days=1))
    return lot.ask(command, facts=knowing(*members, names=(*experts, *clerks)))


def member(name: str) -> Actor:
    """Return a member by its account."""
    return Actor(account=name, role="expert")


def sheet(
    numbers: Mapping[int, str], points: Mapping[int, tuple[str, str]], unfit: Sequence[int] = ()
) -> commands.ScoreOffers:
    """Return a member's points by bidder: for the plan and for what is green."""
    scores = [
        OfferScore(number=numbers[bidder], factor=one.factor, points=Decimal(mark))
        for bidder, marks in points.items()
        for one, mark in zip(CRITERIA, marks, strict=True)
    ]
    said = tuple(Unfit(number=numbers[bidder], reason="未响应出让条件") for bidder in unfit)
    return commands.ScoreOffers(scores=tuple(scores), unfit=said)


def numbers_of(lot: Play) -> dict[int, str]:
    """Return the bidders' numbers."""
    return {bidder: lot.number(bidder) for bidder in range(1, len(lot.lot.bidders) + 1)}


def score(lot: Play, name: str, points: Mapping[int, tuple[str, str]], unfit: Sequence[int] = ()) -> Any:
    """Let a member give its points."""
    return lot.ask(sheet(numbers_of(lot), points, unfit), member(name), facts=knowing(known(name), names=()))


def score_all(lot: Play, points: Mapping[int, tuple[str, str]], names: Sequence[str] = MEMBERS) -> None:
    """Let all members, or these, give the same points."""
    for name in names:
        score(lot, name, points)


def replace(lot: Play, gone: str, successor: Known, ground: Replacing = "absence") -> Any:
    """Seat a successor for a member."""
    command = commands.ReplaceMember(member=gone, successor=successor.member, ground=ground, explanation="未到场")
    return lot.ask(command, facts=Facts(members=(successor,)))


def report(lot: Play) -> Sequence[Any]:
    """Draw up the result."""
    return lot.ask(commands.ReportJudging(document=REPORT))


POINTS = {1: ("40", "20"), 2: ("20", "10"), 3: ("30", "15")}
"""Points by which bidder 1 has the best plan."""


def sold() -> Play:
    """Return a tender whose best offer, not the highest, won."""
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    score_all(lot, POINTS)
    report(lot)
    return lot
