"""Bid deposits (投标保证金): what may be asked, what is recorded, and that nobody learns of it before the deadline."""

from typing import Any

import pytest

from services.audit.domain.replaying import may_be_told
from services.bidding import LINE
from services.bidding.domain.events import TenderAnnounced
from services.bidding.domain.money.messages import ClaimDeposit, DepositRecorded, FeeRecorded, RecordFee, RefundDue
from services.bidding.domain.money.seen import concerned
from services.bidding.domain.state import Accepting, Closed
from services.bidding.domain.visible import visible
from services.bidding.views import may_see
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotFound
from shared.kernel.message import Event
from shared.kernel.record import Record
from shared.kernel.request import Actor, Role
from shared.runtime.listed import Told
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.play import Play

ROLES: tuple[Role, ...] = (
    "public", "bidder", "token", "tenderer", "agency", "supervisor", "operator", "authority", "expert",
)  # fmt: skip


def publish(amount_fen: int, **draft: Any) -> TenderAnnounced:
    play = Play().draft(**draft)
    deposit = {**money.DEPOSIT, "amount_fen": amount_fen}
    (announced,) = play.publish(money={"deposit": deposit}, committee=sit.COMMITTEE)
    assert isinstance(announced, TenderAnnounced)
    return announced


def test_works_estimated_at_a_hundred_million_ask_for_eight_hundred_thousand_and_not_a_fen_more() -> None:
    announced = publish(80_000_000, estimate_fen=10_000_000_000)

    assert [(clause.rule, clause.value) for clause in announced.clauses][-4:-3] == [("E9", "0.02")]
    with pytest.raises(BreaksClause) as refusal:
        publish(80_000_001, estimate_fen=10_000_000_000)
    assert refusal.value.article == "工程建设项目施工招标投标办法 第三十七条"
    assert "现为800000.01元，至多800000.00元" in refusal.value.zh


def test_under_the_cap_two_per_cent_of_the_estimate_is_the_most() -> None:
    publish(2_000_000, estimate_fen=100_000_000)
    with pytest.raises(BreaksClause) as refusal:
        publish(2_000_001, estimate_fen=100_000_000)
    assert refusal.value.article == "招标投标法实施条例 第二十六条"


def test_the_cap_is_that_of_works_alone() -> None:
    publish(200_000_000, estimate_fen=10_000_000_000, category="goods")
    with pytest.raises(BreaksClause):
        publish(200_000_001, estimate_fen=10_000_000_000, category="goods")


def test_without_an_estimate_or_a_rate_for_its_days_no_deposit_is_asked_for() -> None:
    late = {**money.DEPOSIT, "rates": [{"since": "2026-12-02", "yearly": "0.01"}]}
    with pytest.raises(BadInput, match="estimate"):
        publish(1, estimate_fen=None)
    with pytest.raises(BadInput, match="rates"):
        stage.drafted().publish(money={"deposit": late})


def test_a_tender_without_money_has_none_and_its_bytes_say_nothing_of_it() -> None:
    play = stage.accepting()

    with pytest.raises(BadInput, match="ask for no"):
        money.pay(play, make.CRANE)
    assert '"money"' not in play.at(Accepting).tender.canonical().decode()


def test_a_deposit_is_recorded_by_the_bank_alone_and_not_before_it_came() -> None:
    play = money.accepting()

    with pytest.raises(NotEntitled):
        play.ask(money.record(make.CRANE), make.AGENCY, money.PAID)
    with pytest.raises(BadInput, match="yet to come"):
        play.ask(money.record(make.CRANE), money.BANK, money.PAID - make.MICROSECOND)
    (recorded,) = money.pay(play, make.CRANE)

    assert isinstance(recorded, DepositRecorded)
    assert (recorded.number, recorded.received_at) == (1, money.PAID)


def test_a_payment_is_recorded_by_a_statement_of_the_bank_or_not_at_all() -> None:
    play = money.accepting()
    bare = money.record(make.CRANE).model_copy(update={"statement": None})

    with pytest.raises(BreaksClause):
        play.ask(bare, money.BANK, money.PAID)
    (recorded,) = money.pay(play, make.CRANE)
    play.ask(ClaimDeposit(), make.CRANE.actor, make.beijing(8, 9))
    (returned,) = money.refund(play, make.CRANE, money.AMOUNT, make.beijing(9, 9))

    assert (recorded.statement, returned.statement) == (money.STATEMENT, money.STATEMENT)


def test_a_bidder_reads_what_came_in_what_is_due_and_what_went_back_and_nobody_elses() -> None:
    play = money.accepting()
    money.pay(play, make.CRANE)
    money.pay(play, make.HERON)
    play.ask(ClaimDeposit(), make.CRANE.actor, make.beijing(8, 9))
    money.refund(play, make.CRANE, money.AMOUNT, make.beijing(9, 9))

    of = {
        bidder.name: [e.type.split(".")[1] for e in play.events if bidder.token in concerned(e)]
        for bidder in (make.CRANE, make.HERON, make.EGRET)
    }

    assert of["crane"] == ["deposit_recorded", "refund_due", "refund_recorded"]
    assert of["heron"] == ["deposit_recorded"]
    assert of["egret"] == []


def test_before_the_deadline_a_deposit_is_seen_by_whose_it_is_and_who_recorded_it_alone() -> None:
    play = money.accepting()
    (recorded,) = money.pay(play, make.CRANE)
    (fee,) = play.ask(
        RecordFee(token=make.HERON.token, amount_fen=50_000, received_at=money.PAID, statement=money.STATEMENT),
        money.BANK,
    )

    for event in (recorded, fee):
        assert not any(visible(event, role, play.state) for role in ROLES)
    assert concerned(recorded) == {make.CRANE.token, money.BANK.account}
    assert isinstance(fee, FeeRecorded)
    assert fee.number == 1  # counted among its token's own: nothing tells of the other
    later = money.closed()
    later.close()
    assert visible(recorded, "supervisor", later.at(Closed))
    assert not visible(recorded, "public", later.state)


def record_of(event: Event, actor: Actor) -> Record:
    """Return the record of an event that an actor's command led to."""
    said = ("bidding", 1, make.STREAM, 1, "event-1", "bidding.deposit_recorded.v1", money.PAID, money.PAID)
    return Record(
        *said,
        actor=actor.model_dump(),
        command_id="command-1",
        command_digest="",
        cause=None,
        rulebook=None,
        data=event.model_dump(mode="json"),
        salt="",
        raw=b"",
    )


@pytest.mark.parametrize(
    ("asker", "sees"),
    [
        (make.CRANE.actor, True),
        (money.BANK, True),
        (make.HERON.actor, False),
        (make.AGENCY, False),
        (make.BUYER, False),
        (Actor(account="operator-2", role="operator"), False),
        (Actor(account="supervisor-1", role="supervisor"), False),
    ],
)
def test_before_the_deadline_page_and_replay_show_a_deposit_to_its_own_alone(asker: Actor, sees: bool) -> None:
    play = money.accepting()
    (event,) = money.pay(play, make.CRANE)
    record = record_of(event, money.BANK)

    assert may_see(Told(record, event), asker, play.state) is sees
    assert may_be_told(LINE, record, event, play.state, asker) is sees


def test_a_first_stage_asks_for_no_deposit() -> None:
    with pytest.raises(BreaksClause) as refusal:
        stage.drafted(kind="first_stage").publish(method={"kind": "proposals"}, money={"deposit": money.DEPOSIT})
    assert refusal.value.article == "招标投标法实施条例 第三十条"


def test_before_the_deadline_a_bidder_has_its_deposit_back_in_five_days_for_the_asking() -> None:
    play = money.accepting()
    money.pay(play, make.CRANE)

    (due,) = play.ask(ClaimDeposit(), make.CRANE.actor, make.beijing(8, 9))

    assert isinstance(due, RefundDue)
    assert (due.ground, due.amount_fen, due.interest_fen) == ("withdrawn", money.AMOUNT, 0)
    assert due.due == make.beijing(15)  # the fifth day is Sunday the 13th
    assert due.articles == ("招标投标法实施条例 第三十五条",)
    assert not any(visible(due, role, play.state) for role in ROLES)
    with pytest.raises(NotFound):
        play.ask(ClaimDeposit(), make.CRANE.actor)
