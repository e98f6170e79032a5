"""The result of judging: equals, extremes, what is unfit, what comes late, and a lot that stands still (T6, L4)."""

from datetime import timedelta

import pytest

from services.land import BOOKS
from services.land.domain.land import LAND_RULES
from shared.kernel.errors import BadInput, NotFound, OutOfPhase
from shared.procedure.lot import commands as lots
from shared.procedure.lot.asking import ground_of
from shared.procedure.lot.endings import LotSold, LotUnsold
from shared.procedure.lot.judged import commands
from shared.procedure.lot.judged.events import JudgingReported
from shared.procedure.lot.warnings import alarms
from tests.lot import judging as judge
from tests.lot.judging import CLERK, EXPERTS, POINTS, known, read_out, report, score, score_all, seat
from tests.lot.play import only


@pytest.mark.parametrize(("equal", "winner"), [("price", 2), ("earlier", 1)])
def test_equal_totals_go_to_the_higher_price_or_the_earlier_as_announced(equal: str, winner: int) -> None:
    lot = read_out(117_000, 130_000, 104_000, **judge.terms(equal=equal))
    seat(lot)
    score_all(lot, {1: ("34", "20"), 2: ("30", "20"), 3: ("0", "0")})

    events = report(lot)

    totals = {row.number: row.total for row in only(events, JudgingReported).rows}
    assert totals[lot.number(1)] == totals[lot.number(2)] == 90
    assert only(events, LotSold).number == lot.number(winner)
    assert lot.audit() == lot.state


def test_of_equal_totals_and_prices_the_offer_handed_in_earlier_wins() -> None:
    lot = read_out(120_000, 120_000, 104_000)
    seat(lot)
    score_all(lot, {1: ("30", "20"), 2: ("30", "20"), 3: ("0", "0")})

    assert only(report(lot), LotSold).number == lot.number(1)


def test_one_extreme_of_each_side_is_left_out_where_the_notice_says_so() -> None:
    lot = read_out(120_000, 120_000, 120_000, **judge.terms(combine="mean_without_extremes"))
    seat(lot)
    score(lot, CLERK, {1: ("40", "20"), 2: ("0", "0"), 3: ("0", "0")})
    score_all(lot, {1: ("10", "10"), 2: ("20", "10"), 3: ("0", "0")}, EXPERTS)

    rows = only(report(lot), JudgingReported).rows

    assert [(str(row.points), str(row.total)) for row in rows] == [("30", "70"), ("20", "60"), ("0", "40")]


@pytest.mark.parametrize(("finding", "winner"), [(3, 2), (2, 1)])
def test_more_than_half_of_the_members_find_an_offer_unfit_and_two_of_five_do_not(finding: int, winner: int) -> None:
    lot = read_out(120_000, 130_000, 104_000)
    seat(lot)
    points = {1: ("40", "20"), 2: ("20", "10"), 3: ("0", "0")}
    for place, name in enumerate(judge.MEMBERS):
        score(lot, name, points, unfit=(1,) if place < finding else ())

    events = report(lot)

    row = next(row for row in only(events, JudgingReported).rows if row.number == lot.number(1))
    assert (row.unfit, row.rank) == (finding, None if finding == 3 else 1)
    assert only(events, LotSold).number == lot.number(winner)
    assert lot.audit() == lot.state


def test_where_no_offer_is_fit_there_is_no_sale() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    for name in judge.MEMBERS:
        score(lot, name, POINTS, unfit=(1, 2, 3))

    assert only(report(lot), LotUnsold).cause == "none_fit"
    assert lot.audit() == lot.state


def test_a_result_after_its_time_is_late() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    score_all(lot, POINTS)
    lot.now = lot.lot.times.ends_at

    assert only(report(lot), JudgingReported).late


def test_who_is_not_known_does_not_sit() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    command = commands.SeatCommittee(experts=EXPERTS, representatives=(CLERK,), until=lot.later(days=1))

    with pytest.raises(NotFound, match=CLERK):
        lot.ask(command, facts=judge.knowing(names=EXPERTS))
    with pytest.raises(BadInput, match="将来"):
        lot.ask(command.model_copy(update={"until": lot.now}), facts=judge.knowing(known(CLERK)))


def test_a_result_is_warned_of_when_it_is_overdue_and_when_it_came_late() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    score_all(lot, POINTS)
    due = lot.lot.times.ends_at

    def codes() -> list[str]:
        ground = ground_of(lot.lot, LAND_RULES, BOOKS)
        return [one.code for one in alarms([(lot.now, event) for event in lot.events], lot.lot, ground, lot.now)]

    lot.now = due - timedelta(milliseconds=1)
    assert codes() == []
    lot.now = due
    assert codes() == ["judging_overdue"]
    report(lot)
    assert codes() == ["judging_late"]


def test_while_a_lot_stands_still_nobody_judges_and_what_was_left_of_the_time_is_given_back() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    due = lot.lot.times.ends_at
    lot.ask(lots.Freeze(cause="dispute", notice="权属异议，中止"), at=lot.later(hours=1))

    with pytest.raises(OutOfPhase, match="没有评标"):
        score(lot, CLERK, POINTS)
    lot.ask(lots.Thaw(resumes_at=lot.later(hours=24), notice="恢复评标"))

    assert (lot.lot.phase, lot.lot.times.ends_at) == ("judging", due + timedelta(hours=24))
    score_all(lot, POINTS)
    assert not only(report(lot), JudgingReported).late
    assert lot.audit() == lot.state


def test_a_lot_may_be_ended_for_good_while_it_is_judged() -> None:
    lot = read_out(120_000, 130_000, 125_000)

    lot.ask(lots.Terminate(cause="court", notice="查封，终止"))

    assert lot.lot.phase == "ended"
    assert len(lot.lot.after.refunds) == 3
    assert lot.audit() == lot.state
