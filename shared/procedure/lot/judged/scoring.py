"""What members give, each alone, and the result that it comes to: the ranking, and who wins (T6, L4, S13)."""

from collections.abc import Mapping, Sequence
from fractions import Fraction
from typing import Any

from shared.kernel.errors import BadInput
from shared.procedure.asking import needed
from shared.procedure.committee import check_sheet, combined, decided
from shared.procedure.evaluation import FULL_MARKS, SALES, as_decimal, half_up, ranked
from shared.procedure.lot import ending
from shared.procedure.lot.asking import Events, Ground, LotRequest, check_owner, hour
from shared.procedure.lot.judged.commands import ReportJudging, ScoreOffers
from shared.procedure.lot.judged.events import JudgingReported, OffersScored
from shared.procedure.lot.judged.evolving import JUDGING
from shared.procedure.lot.judged.forming import check_interest, check_judging, own_seat
from shared.procedure.lot.judged.terms import Judging
from shared.procedure.lot.judged.values import JudgedOffer
from shared.procedure.lot.sealed.values import ReadPrice
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Offer
from shared.procedure.seating import known_of


def score(request: LotRequest, command: ScoreOffers, lot: Lot, ground: Ground) -> Sequence[OffersScored]:
    """Take one member's own points, once; whoever must avoid by now gives none."""
    judging, seat = check_judging(lot, ground), own_seat(request, lot, ground)
    check_interest(known_of(needed(request.facts.members, "members"), seat.member), request, lot, ground)
    if seat.member in lot.judged.sheets:
        raise ground.not_now("judged", "您已打分", "you have given your points")
    numbers, most = [row.number for row in counting(lot)], {one.factor: one.points for one in judging.criteria}
    check_sheet([(one.number, one.factor) for one in command.scores], numbers, most)
    over = next((one for one in command.scores if one.points > most[one.factor]), None)
    if over is not None:
        zh = f"“{over.factor}”最高{most[over.factor]}分。"
        raise ground.breaks("judged", zh, f"{over.factor} earns at most {most[over.factor]} points")
    unfit = [one.number for one in command.unfit]
    if len(set(unfit)) != len(unfit) or not {*unfit} <= {*numbers}:
        raise BadInput("不符合要求的认定须针对参评投标，且各一次", "call unfit what is judged, and once")
    at = hour(request, lot)
    return (OffersScored(member=seat.member, scores=command.scores, unfit=command.unfit, at=at),)


def report(request: LotRequest, command: ReportJudging, lot: Lot, ground: Ground) -> Events:
    """Draw up the result once every seat is taken and every member has given its points; the best offer wins."""
    check_owner(request, lot.announced.owner, lot.announced.draft.seller)
    judging = check_judging(lot, ground)
    if not lot.judged.seats or lot.judged.vacant or lot.judged.wanting:
        raise ground.not_now("judged", "评标小组成员尚未全部打分", "not every member has given its points")
    rows, at = results(lot, judging), hour(request, lot)
    best = next((row for row in rows if row.rank == 1), None)
    reported = JudgingReported(
        rows=rows,
        offer=Offer(number=best.number, price_fen=best.price_fen, at=best.received_at) if best else None,
        document=command.document,
        at=at,
        late=at >= lot.times.ends_at,
        article=ground.clause("judged").article,
    )
    after, rule = JUDGING[JudgingReported](lot, reported), str(ground.rules.judged)
    outcome = ending.sold(request, after, ground, rule) if best else ending.unsold("none_fit", at, ground, rule)
    return reported, *outcome


def counting(lot: Lot) -> list[ReadPrice]:
    """Return the opened prices that are judged."""
    return [row for row in lot.tender.read.rows if row.outcome == "valid"] if lot.tender.read else []


def results(lot: Lot, judging: Judging) -> tuple[JudgedOffer, ...]:
    """Return every offer that was judged: those that are fit by rank, then those that are not."""
    sheets = lot.judged.sheets.values()
    told = [{one.number for one in sheet.unfit} for sheet in sheets]
    votes = {row.number: [row.number in unfit for unfit in told] for row in counting(lot)}
    fit = [row for row in counting(lot) if decided(votes[row.number], len(lot.judged.seats)) != "carried"]
    said = {row.number: {**_of(row), "unfit": sum(votes[row.number])} for row in counting(lot)}
    marks = _marks(lot, judging, [row.number for row in fit])
    prices = _price_points(judging, {row.number: row.price_fen or 0 for row in fit})
    totals = {number: half_up(marks[number] + prices[number], judging.places) for number in prices}
    ranks = ranked({row.number: (-totals[row.number], *_among_equals(row, judging)) for row in fit})
    rows = [
        JudgedOffer(
            **said[number],
            price_points=as_decimal(half_up(prices[number], judging.places)),
            points=as_decimal(half_up(marks[number], judging.places)),
            total=as_decimal(totals[number]),
            rank=rank,
        )
        for number, rank in sorted(ranks.items(), key=lambda item: item[1])
    ]
    return (*rows, *(JudgedOffer(**of) for number, of in said.items() if number not in ranks))


def _of(row: ReadPrice) -> dict[str, Any]:
    return {"number": row.number, "price_fen": row.price_fen, "received_at": row.received_at}


def _marks(lot: Lot, judging: Judging, numbers: Sequence[str]) -> Mapping[str, Fraction]:
    """Return what the members' own sums come to, of each offer."""
    sheets = [
        {(one.number, one.factor): Fraction(one.points) for one in sheet.scores} for sheet in lot.judged.sheets.values()
    ]
    return combined(sheets, {one.factor: Fraction(1) for one in judging.criteria}, numbers, judging.combine)


def _price_points(judging: Judging, prices: Mapping[str, int]) -> Mapping[str, Fraction]:
    if not prices:
        return {}
    scores = SALES[judging.formula, judging.version].scores(tuple(prices.values()), {})
    return {number: one * judging.price_points / FULL_MARKS for number, one in zip(prices, scores, strict=True)}


def _among_equals(row: ReadPrice, judging: Judging) -> tuple[int, ...]:
    """Return what ranks equal totals, as announced: the higher price, then the order of arrival; or that alone."""
    return (-(row.price_fen or 0), row.order) if judging.equal == "price" else (row.order,)
