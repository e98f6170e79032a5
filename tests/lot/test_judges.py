"""Who judges: who must avoid, who is an expert, and what becomes of what a member gave who is replaced (T6)."""

from datetime import date

import pytest

from services.property.domain.rules import RULES
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, OutOfPhase
from shared.kernel.request import Actor
from shared.procedure.lot.endings import LotSold
from shared.procedure.lot.judged import commands
from shared.procedure.lot.judged.events import CommitteeSeated
from shared.procedure.lot.seen import standing
from tests.lot import factories as make
from tests.lot import judging as judge
from tests.lot.judging import CLERK, EXPERTS, POINTS, known, read_out, replace, report, score, score_all, seat, tied
from tests.lot.play import only


def test_a_committee_sits_as_it_was_announced() -> None:
    lot = read_out(120_000, 130_000, 125_000)

    seated = only(seat(lot), CommitteeSeated)

    assert [one.kind for one in seated.seats] == ["expert"] * 4 + ["representative"]
    assert seated.articles[0].endswith("第十三条")
    assert lot.lot.times.ends_at == seated.until
    assert lot.audit() == lot.state


@pytest.mark.parametrize("experts", [EXPERTS[:3], (*EXPERTS, "expert-5")])
def test_one_member_more_or_less_than_announced_does_not_sit(experts: tuple[str, ...]) -> None:
    lot = read_out(120_000, 130_000, 125_000)

    with pytest.raises(BadInput, match="公告载明"):
        seat(lot, experts=experts)


@pytest.mark.parametrize("name", [EXPERTS[0], CLERK])
def test_who_has_an_interest_in_a_bidder_does_not_sit(name: str) -> None:
    lot = read_out(120_000, 130_000, 125_000)

    with pytest.raises(BreaksClause, match="劳动关系") as refused:
        seat(lot, tied(name, 2))

    assert "第三十七条" in refused.value.article
    assert lot.audit() == lot.state


def test_a_relation_that_ended_yesterday_bars_nobody_and_one_that_ends_today_does() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    today = lot.now.date()

    with pytest.raises(BreaksClause):
        seat(lot, tied(EXPERTS[0], 2, ended=today))

    only(seat(lot, tied(EXPERTS[0], 2, ended=date.fromordinal(today.toordinal() - 1))), CommitteeSeated)


def test_a_supervisor_does_not_sit_nor_as_an_expert_who_is_not_of_the_library() -> None:
    lot = read_out(120_000, 130_000, 125_000)

    with pytest.raises(BreaksClause, match="监督部门"):
        seat(lot, known(CLERK, supervises=True))
    with pytest.raises(BreaksClause, match="专家库"):
        seat(lot, known(EXPERTS[0], enrolled=False))


def test_nobody_has_two_seats() -> None:
    lot = read_out(120_000, 130_000, 125_000)

    with pytest.raises(BadInput, match="两席"):
        seat(lot, experts=(*EXPERTS[:3], EXPERTS[0]))


def test_who_came_to_have_an_interest_since_gives_no_points_and_is_replaced() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    facts = judge.knowing(tied(EXPERTS[0], 1), names=())

    with pytest.raises(BreaksClause, match="利害关系"):
        lot.ask(judge.sheet(judge.numbers_of(lot), POINTS), judge.member(EXPERTS[0]), facts=facts)
    replace(lot, EXPERTS[0], known("expert-5"), "recusal")
    score_all(lot, POINTS, (*EXPERTS[1:], CLERK, "expert-5"))

    only(report(lot), LotSold)
    assert lot.audit() == lot.state


def test_a_member_gives_up_its_own_seat_and_nothing_is_reported_until_it_is_taken() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)
    score_all(lot, POINTS)
    lot.ask(commands.LeaveCommittee(explanation="近亲属在投标人处任职"), judge.member(EXPERTS[0]))

    with pytest.raises(OutOfPhase, match="尚未全部打分"):
        report(lot)
    with pytest.raises(NotEntitled):
        score(lot, EXPERTS[0], POINTS)
    replace(lot, EXPERTS[0], known("expert-5"))
    with pytest.raises(BadInput, match="不得再次进入"):
        replace(lot, "expert-5", known(EXPERTS[0]))
    score(lot, "expert-5", POINTS)

    only(report(lot), LotSold)
    assert lot.audit() == lot.state


def test_what_a_replaced_member_gave_is_void() -> None:
    lot = read_out(120_000, 120_000, 120_000)
    seat(lot)
    score(lot, EXPERTS[0], {1: ("0", "0"), 2: ("40", "20"), 3: ("40", "20")})
    replace(lot, EXPERTS[0], known("expert-5"))
    score_all(lot, {1: ("21", "10"), 2: ("20", "10"), 3: ("20", "10")}, ("expert-5", *EXPERTS[1:], CLERK))

    assert only(report(lot), LotSold).number == lot.number(1)


def test_an_expert_who_does_not_sit_is_the_public_and_so_is_anothers_agency() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)

    assert standing(judge.member(EXPERTS[0]), lot.state) == "expert"
    assert standing(judge.member("expert-9"), lot.state) == "public"
    with pytest.raises(NotEntitled):
        lot.ask(commands.SeatCommittee(experts=EXPERTS, until=lot.later(days=2)), make.OTHER)


def test_every_way_of_tendering_has_the_rules_of_its_committee() -> None:
    for kind in ("equity", "asset"):
        one = RULES[kind]
        assert None not in (one.committee, one.committee_odd, one.committee_experts, one.committee_years, one.avoid)


def test_who_is_no_expert_gives_no_points() -> None:
    lot = read_out(120_000, 130_000, 125_000)
    seat(lot)

    with pytest.raises(NotEntitled):
        lot.ask(judge.sheet(judge.numbers_of(lot), POINTS), Actor(account="expert-1", role="token"))
