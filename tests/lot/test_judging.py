"""A tender for the best conditions (综合条件最佳): what is declared, offered, judged, and who wins (T6, L4)."""

from decimal import Decimal

import pytest

from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.procedure.lot import commands as lots
from shared.procedure.lot.after.events import IdentitiesDue, IdentityNoted
from shared.procedure.lot.endings import LotSold, LotUnsold, ReserveOpened
from shared.procedure.lot.judged.events import JudgingOpened, JudgingReported
from shared.procedure.lot.sealed.events import PriceKeyRefused, PricesRead
from shared.procedure.lot.seen import visible
from shared.seal.faults import Code
from tests.lot import factories as make
from tests.lot import judging as judge
from tests.lot import tendering
from tests.lot.judging import CLERK, EXPERTS, POINTS, opened, read_out, report, score, score_all, seat
from tests.lot.play import only
from tests.lot.tendering import reserve


def test_the_best_offer_wins_and_not_the_highest_price() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    score_all(lot, POINTS)

    events = report(lot)

    reported, sold = only(events, JudgingReported), only(events, LotSold)
    assert [(row.number, row.total, row.rank) for row in reported.rows] == [
        (lot.number(1), Decimal("96.92"), 1),
        (lot.number(3), Decimal("83.46"), 2),
        (lot.number(2), Decimal(70), 3),
    ]
    assert (sold.number, sold.price_fen) == (lot.number(1), 120_000_00)
    assert "第十四条" in sold.article
    assert lot.audit() == lot.state


def test_what_follows_the_hammer_is_as_for_every_lot() -> None:
    lot = judge.sold()

    lot.ask(lots.ReviewWinner(qualified=True, reason="资料齐全"))

    assert lot.lot.phase == "sold"
    assert lot.lot.winner == lot.lot.by_number(lot.number(1))
    assert lot.lot.after.refunds.keys() == {make.bidder(2).account, make.bidder(3).account}
    assert lot.audit() == lot.state


@pytest.mark.parametrize(("price_points", "just"), [(40, True), (41, False), (39, False)])
def test_all_points_make_a_hundred(price_points: int, just: bool) -> None:
    terms = judge.terms(price_points=price_points)
    if just:
        assert tendering.tender(**terms).lot.phase == "tendering"
        return
    with pytest.raises(BreaksClause, match="100分") as refused:
        tendering.tender(**terms)
    assert "第十四条" in refused.value.article


@pytest.mark.parametrize(
    ("members", "experts", "match"),
    [(5, 4, None), (3, 3, "5 人以上"), (6, 6, "单数"), (5, 3, "专家 3 人"), (7, 5, None), (7, 4, "专家 4 人")],
)
def test_a_committee_has_five_or_more_an_odd_number_two_thirds_experts(
    members: int, experts: int, match: str | None
) -> None:
    terms = judge.terms(members=members, experts=experts)
    if match is None:
        assert tendering.tender(**terms).lot.phase == "tendering"
        return
    with pytest.raises(BreaksClause, match=match):
        tendering.tender(**terms)


def test_without_criteria_it_is_not_announced_and_by_price_alone_none_are() -> None:
    conditions, price = judge.terms()["tender"], tendering.TERMS["tender"]

    with pytest.raises(BreaksClause, match="评标小组"):
        tendering.tender(tender=conditions.model_copy(update={"judging": None}))
    with pytest.raises(BadInput, match="价高者得"):
        tendering.tender(tender=price.model_copy(update={"judging": conditions.judging}))


def test_an_offer_binds_its_documents_or_is_not_received() -> None:
    lot = tendering.tender(**judge.terms())

    judge.hand_in(lot, 1, 120_000)
    with pytest.raises(BadInput, match="不能生效"):
        judge.hand_in(lot, 2, 130_000, bound=False)


def test_documents_that_are_not_those_that_were_bound_are_refused_and_the_right_ones_follow() -> None:
    lot = judge.closed(120_000, 130_000, 125_000)

    (refused,) = judge.give_key(lot, 1, judge.papers(2))
    (given,) = judge.give_key(lot, 1)

    assert isinstance(refused, PriceKeyRefused)
    assert refused.fault.code is Code.PAPERS_WRONG
    assert given.documents == judge.papers(1)
    with pytest.raises(BadInput, match="投标文件"):
        judge.give_key(lot, 2, ())
    with pytest.raises(BadInput, match="上传"):
        judge.give_key(lot, 2, missing=(judge.papers(2)[0].sha256,))


def test_who_gives_no_documents_in_the_minutes_of_opening_is_not_judged() -> None:
    lot = judge.closed(120_000, 130_000, 125_000)
    tendering.give_shares(lot, "agency", "supervisor")
    for bidder in (1, 3):
        judge.give_key(lot, bidder)

    events = lot.tick()

    assert only(events, JudgingOpened).numbers == (lot.number(1), lot.number(3))
    assert lot.lot.phase == "judging"
    assert lot.audit() == lot.state


def test_fewer_than_three_offers_end_the_tender_and_nothing_is_opened() -> None:
    lot = judge.closed(120_000, 130_000)

    assert (lot.lot.phase, lot.lot.tender.read) == ("unsold", None)
    assert lot.audit() == lot.state


@pytest.mark.parametrize(("fen", "judged"), [(125_000_00, (2, 3)), (125_000_01, (2,))])
def test_an_offer_just_at_the_reserve_is_judged_and_one_a_fen_below_is_out(fen: int, judged: tuple[int, ...]) -> None:
    lot, events = opened(120_000, 130_000, 125_000, reserve=reserve(fen))

    assert only(events, JudgingOpened).numbers == tuple(map(lot.number, judged))
    assert {row.outcome for row in only(events, PricesRead).rows} == {"valid", "below_reserve"}
    assert only(events, ReserveOpened).reserve_fen == fen
    assert lot.audit() == lot.state


def test_where_all_are_below_the_reserve_nothing_is_judged() -> None:
    lot, events = opened(120_000, 130_000, 125_000, reserve=reserve(130_000_01))

    assert only(events, LotUnsold).cause == "below_reserve"
    assert lot.audit() == lot.state


def test_names_are_read_out_with_the_prices_and_before_that_no_committee_sits() -> None:
    lot, events = opened(120_000, 130_000, 125_000)
    with pytest.raises(OutOfPhase, match="披露"):
        seat(lot)

    assert len(only(events, IdentitiesDue).tokens) == 3
    for event in (lot := read_out(120_000, 130_000, 125_000)).events:
        if isinstance(event, IdentityNoted):
            assert visible(event, "public", lot.state)


def test_who_sits_and_what_each_gave_is_told_with_the_result() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    (seated,) = seat(lot)
    (first,) = score(lot, CLERK, POINTS)

    assert not any(visible(seated, role, lot.state) for role in ("public", "token", "operator"))
    assert not any(visible(first, role, lot.state) for role in ("public", "agency", "expert"))
    score_all(lot, POINTS, EXPERTS)
    report(lot)
    assert visible(seated, "public", lot.state)
    assert visible(first, "public", lot.state)


def test_nothing_is_reported_before_the_last_member_has_given_its_points() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    with pytest.raises(OutOfPhase, match="尚未全部打分"):
        report(lot)
    seat(lot)
    score_all(lot, POINTS, EXPERTS)

    with pytest.raises(OutOfPhase, match="尚未全部打分"):
        report(lot)
    score(lot, CLERK, POINTS)

    only(report(lot), LotSold)


def test_a_member_gives_every_offer_its_points_once_and_no_more_than_declared() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    with pytest.raises(BreaksClause, match="最高40分") as refused:
        score(lot, CLERK, {**POINTS, 1: ("40.01", "20")})
    with pytest.raises(BadInput, match="每个评审因素"):
        score(lot, CLERK, {1: ("40", "20"), 2: ("20", "10")})
    score(lot, CLERK, POINTS)

    with pytest.raises(OutOfPhase, match="已打分"):
        score(lot, CLERK, POINTS)
    with pytest.raises(NotEntitled):
        score(lot, "stranger", POINTS)
    assert "第十四条" in refused.value.article
    assert lot.audit() == lot.state
