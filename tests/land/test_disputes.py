"""A dispute of ownership while the result of a mining right is public halts the sale until it is decided (M7)."""

from collections.abc import Callable
from datetime import UTC, date, datetime, timedelta
from hashlib import sha256
from typing import Any

import pytest

from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound, OutOfPhase
from shared.kernel.request import Actor
from shared.law.calendar import DAY
from shared.law.clause import Unit
from shared.law.findings import day_of
from shared.law.periods import ends_at
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.disputing import DecideDispute, DisputeDecided, DisputeRaised, RaiseDispute
from shared.procedure.lot.after.events import ContractSigned, RefundDue
from shared.procedure.lot.after.relisting import FAILED
from shared.procedure.lot.after.shown import sale
from shared.procedure.lot.after.voiding import VoidSale
from shared.procedure.lot.endings import LotTerminated
from shared.procedure.lot.seen import visible
from tests.bidding.factories import CALENDAR
from tests.lot import after
from tests.lot import factories as make
from tests.lot.play import Play, only
from tests.lot.test_recounting import off, recounted
from tests.lot.test_warnings import warned

ARTICLE = "矿业权交易规则(2017) 第二十七条、第二十八条"
RAISE = RaiseDispute(text="该矿区范围与我方采矿权重叠", evidence=(sha256(b"licence").hexdigest(),))
CLAIMANT = Actor(account="claimant", role="bidder", party="CN-USCC:91370500MA0000201B")
RIVAL = Actor(account="rival", role="bidder", party="CN-USCC:91370500MA0000202C")
MICROSECOND = timedelta(microseconds=1)


def decide(number: int = 1, *, upheld: bool) -> DecideDispute:
    """Return the decision of a dispute."""
    return DecideDispute(number=number, upheld=upheld, decision=after.LETTER, text="经核查")


def public(*, confirmed: bool = True) -> Play:
    """Return a mining right whose sale is confirmed and whose result is public since now."""
    lot = after.sold(after.mining())
    if confirmed:
        after.confirmed(lot)
    lot.ask(commands.PublishResult())
    return lot


def ends(lot: Play) -> datetime:
    told = lot.lot.after.result_ends
    assert told is not None
    return told


@pytest.mark.parametrize("actor", [CLAIMANT, make.SUPERVISOR])
def test_a_third_party_or_the_supervisor_halts_the_sale_with_the_article(actor: Actor) -> None:
    lot = public()
    raised = only(lot.ask(RAISE, actor), DisputeRaised)
    assert (raised.number, raised.party, raised.article) == (1, actor.party, ARTICLE)
    assert visible(raised, "public", lot.state)
    with pytest.raises(OutOfPhase, match="权属争议尚未处理") as refused:
        after.contracted(lot, ends(lot) + DAY)
    assert refused.value.article == ARTICLE
    assert lot.audit() == lot.state


def draw_up(lot: Play) -> None:
    after.drawn_up(lot)


def sign(lot: Play) -> None:
    lot.ask(commands.SignContract(contract=after.CONTRACT))


def give_up(lot: Play) -> None:
    lot.ask(commands.DeclareDefault(breach="gave_up", explanation="放弃"), after.winner(lot))


@pytest.mark.parametrize("step", [draw_up, sign, give_up])
def test_while_it_is_in_dispute_nothing_of_the_sale_is_done(step: Callable[[Play], None]) -> None:
    lot = public(confirmed=False)
    lot.ask(RAISE, CLAIMANT)
    with pytest.raises(OutOfPhase, match="权属争议"):
        step(lot)


def test_turned_down_it_goes_on_with_the_days_that_were_left() -> None:
    lot = public()
    told, published = ends(lot), lot.now
    lot.ask(RAISE, CLAIMANT, at=published + 3 * DAY)
    decided = only(lot.ask(decide(upheld=False), make.SUPERVISOR, told + 5 * DAY), DisputeDecided)
    since, until = day_of(published + 3 * DAY), day_of(lot.now)
    out = sum(CALENDAR.is_working_day(since + DAY * n) for n in range((until - since).days + 1))
    assert decided.result_ends == ends(lot) == ends_at(published, 10 + out, Unit.WORKING_DAY, CALENDAR)
    assert ends(lot) > lot.now
    with pytest.raises(BreaksClause, match="公示尚未届满"):
        after.contracted(lot, ends(lot) - MICROSECOND)
    assert not after.contracted(lot, ends(lot)).late
    assert lot.audit() == lot.state


def test_a_dispute_of_a_moment_leaves_out_the_day_that_it_touches() -> None:
    lot = public()
    published = lot.now
    at = next(published + n * DAY for n in range(1, 9) if CALENDAR.is_working_day(day_of(published + n * DAY)))
    lot.ask(RAISE, CLAIMANT, at=at)
    lot.ask(decide(upheld=False), make.SUPERVISOR)
    assert ends(lot) == ends_at(published, 11, Unit.WORKING_DAY, CALENDAR)


def test_upheld_it_ends_the_lot_with_the_article_and_the_winner_gets_its_deposit_back() -> None:
    lot = public()
    lot.ask(RAISE, CLAIMANT)
    events = lot.ask(decide(upheld=True), make.SUPERVISOR)
    ended, owed = only(events, LotTerminated), only(events, RefundDue)
    assert (ended.cause, ended.article) == ("ownership", ARTICLE)
    winner = lot.lot.winner
    assert winner is not None
    assert (owed.token, owed.amount_fen) == (winner.token, winner.deposit_fen)
    assert lot.lot.phase in FAILED
    with pytest.raises(OutOfPhase):
        lot.ask(RAISE, RIVAL)
    assert lot.audit() == lot.state


def test_it_stands_still_until_the_last_of_several_disputes_is_decided() -> None:
    lot = public()
    told = ends(lot)
    lot.ask(RAISE, CLAIMANT)
    lot.ask(RAISE, RIVAL, at=told + DAY)  # it stands still, so its days are not over
    assert only(lot.ask(decide(1, upheld=False), make.SUPERVISOR), DisputeDecided).result_ends is None
    assert ends(lot) == told
    with pytest.raises(OutOfPhase, match="权属争议"):
        sign(lot)
    assert only(lot.ask(decide(2, upheld=False), make.SUPERVISOR), DisputeDecided).result_ends == ends(lot) > told
    assert lot.audit() == lot.state


def test_it_is_disputed_to_the_last_microsecond_of_the_publicity_and_not_later() -> None:
    lot = public()
    late = lot.copy()
    lot.ask(RAISE, CLAIMANT, at=ends(lot) - MICROSECOND)
    with pytest.raises(OutOfPhase, match="公示期已满") as refused:
        late.ask(RAISE, CLAIMANT, at=ends(late))
    assert refused.value.article == ARTICLE


def test_before_the_result_is_public_and_for_land_there_is_no_such_dispute() -> None:
    for lot in (after.sold(after.mining()), after.sold()):
        with pytest.raises(OutOfPhase, match="公示期内"):
            lot.ask(RAISE, CLAIMANT)


@pytest.mark.parametrize("actor", [make.AGENCY, make.OPERATOR, make.bidder(2)])
def test_neither_seller_nor_winner_nor_operator_disputes_it(actor: Actor) -> None:
    lot = public()
    with pytest.raises(NotEntitled):
        lot.ask(RAISE, actor)


@pytest.mark.parametrize("changed", [{"party": ""}, {"party": make.SELLER_PARTY}])
def test_who_is_nobody_or_the_sellers_own_is_no_third_party(changed: dict[str, Any]) -> None:
    lot = public()
    with pytest.raises(NotEntitled, match="出让方以外"):
        lot.ask(RAISE, CLAIMANT.model_copy(update=changed))


def test_nobody_but_the_supervisor_decides_it() -> None:
    lot = public()
    lot.ask(RAISE, CLAIMANT)
    for actor in (make.AGENCY, make.OPERATOR, CLAIMANT):
        with pytest.raises(NotEntitled):
            lot.ask(decide(upheld=False), actor)


def test_what_was_turned_down_is_not_disputed_again_by_the_same_party() -> None:
    lot = public()
    lot.ask(RAISE, CLAIMANT)
    lot.ask(decide(upheld=False), make.SUPERVISOR)
    with pytest.raises(OutOfPhase, match="已经处理"):
        lot.ask(decide(upheld=True), make.SUPERVISOR)
    with pytest.raises(NotFound):
        lot.ask(decide(2, upheld=True), make.SUPERVISOR)
    with pytest.raises(BadInput, match="已经提出"):
        lot.ask(RAISE, CLAIMANT)
    lot.ask(RAISE, make.SUPERVISOR)
    with pytest.raises(BadInput, match="已经提出"):
        lot.ask(RAISE, make.SUPERVISOR)


def test_the_days_of_the_confirmation_do_not_run_while_it_is_in_dispute() -> None:
    lot = public(confirmed=False)
    lot.ask(RAISE, CLAIMANT)
    lot.ask(decide(upheld=False), make.SUPERVISOR, lot.later(days=30))
    signed = next(event for event in after.confirmed(lot) if event.type == "land.confirmation_signed.v1")
    assert not signed.late


def test_a_sale_in_dispute_may_be_void_as_well() -> None:
    lot = public()
    lot.ask(RAISE, CLAIMANT)
    lot.ask(VoidSale(cause="bribery", notice="成交无效"), make.SUPERVISOR)
    assert lot.lot.phase == "defaulted"


def test_whoever_watches_is_warned_and_everyone_sees_since_when() -> None:
    lot = public()
    lot.ask(RAISE, CLAIMANT)
    raised = lot.now
    lot.now += 60 * DAY
    assert warned(lot)["disputed"] == raised
    assert not {"contract_overdue", "confirmation_overdue"} & warned(lot).keys()
    shown = sale(lot.lot)
    assert shown is not None
    assert shown["disputed_at"]
    lot.ask(decide(upheld=False), make.SUPERVISOR)
    shown = sale(lot.lot)
    assert shown is not None
    assert shown["disputed_at"] is None
    assert "disputed" not in warned(lot)


def test_who_signed_first_signs_on_when_it_goes_on() -> None:
    lot = public()
    lot.ask(RAISE, CLAIMANT)
    lot.ask(decide(upheld=False), make.SUPERVISOR)
    signed = only(lot.ask(commands.SignContract(contract=after.CONTRACT), at=ends(lot)), ContractSigned)
    assert signed.side == "seller"


def test_a_calendar_published_meanwhile_counts_in_what_was_left() -> None:
    lot = public()
    published = lot.now
    lot.ask(RAISE, CLAIMANT, at=datetime(2026, 4, 21, 1, tzinfo=UTC))
    assert recounted(lot, off(date(2026, 4, 28))) == {}
    (decided,) = lot.ask(decide(upheld=False), make.SUPERVISOR)
    assert decided.result_ends == ends_at(published, 12, Unit.WORKING_DAY, CALENDAR)
    again = recounted(lot, off(date(2026, 4, 28), date(2026, 4, 29)))["publicity"]
    assert again.ends == ends_at(published, 13, Unit.WORKING_DAY, CALENDAR)
    assert lot.audit() == lot.state
