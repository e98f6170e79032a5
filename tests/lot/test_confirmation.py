"""成交确认书, result and contract: who signs what, by when, and what they say (T22, T23, L6, L12)."""

from datetime import UTC, datetime

import pytest

from shared.kernel.canonical import digest, encode
from shared.kernel.errors import BadInput, BreaksClause, NotEntitled, NotYet, OutOfPhase
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import (
    ConfirmationDrawnUp,
    ConfirmationSigned,
    ContractConcluded,
    DepositTurned,
    ProofChecked,
    ProofSigned,
    RefundDue,
    ResultPublished,
)
from shared.procedure.lot.commands import ReviewWinner
from shared.procedure.lot.endings import LotUnsold
from tests.lot import factories as make
from tests.lot.after import (
    CONTRACT,
    confirmed,
    contracted,
    drawn_up,
    just_before,
    last,
    mining,
    paid,
    sold,
    struck,
    winner,
)

SOLD_ON_MONDAY = datetime(2026, 4, 13, 1, 5, tzinfo=UTC)
FIVE_WORKING_DAYS = datetime(2026, 4, 20, 16, tzinfo=UTC)  # 24:00 in Beijing of the Monday after
TEN_WORKING_DAYS = datetime(2026, 4, 27, 16, tzinfo=UTC)


def test_a_sale_from_the_hammer_to_the_whole_price() -> None:
    lot = sold()
    assert lot.lot.after.over_at == SOLD_ON_MONDAY
    confirmed(lot)
    lot.ask(commands.PublishResult())
    contracted(lot)
    paid(lot, 82_000)
    lot.ask(commands.HandOver(document=CONTRACT))
    assert lot.lot.after.handed_over
    assert lot.audit() == lot.state


def test_the_confirmation_says_all_that_it_must_and_the_winner_signs_its_digest() -> None:
    lot = drawn_up(sold())
    drawn = last(lot, ConfirmationDrawnUp)
    said = drawn.confirmation
    assert (said.price_fen, said.sold_at, said.title) == (102_000_00, SOLD_ON_MONDAY, "东营区一宗工业用地")
    assert said.winner == make.held(winner(lot).account).party
    assert said.seller.name == "东营某自然资源局"
    assert "第二十条" in drawn.article
    assert drawn.sha256 == digest(encode(said.model_dump(mode="json")))
    with pytest.raises(BadInput, match="不一致"):
        lot.ask(commands.SignConfirmation(confirmation=CONTRACT), winner(lot))
    with pytest.raises(NotEntitled):
        lot.ask(commands.SignConfirmation(confirmation=drawn.sha256), make.bidder(1))


def test_a_confirmation_on_its_last_day_is_in_time_and_turns_the_deposit() -> None:
    lot = sold()
    signed, turned = confirmed(lot, just_before(FIVE_WORKING_DAYS))
    assert isinstance(signed, ConfirmationSigned)
    assert (signed.due, signed.late) == (FIVE_WORKING_DAYS, False)
    assert isinstance(turned, DepositTurned)
    assert turned.amount_fen == 20_000_00
    assert lot.audit() == lot.state


def test_a_confirmation_after_its_last_day_is_recorded_as_late() -> None:
    lot = sold()
    signed, _ = confirmed(lot, FIVE_WORKING_DAYS)
    assert signed.late


def test_there_is_no_confirmation_before_the_winner_is_known_and_reviewed() -> None:
    lot = struck()
    with pytest.raises(OutOfPhase):
        drawn_up(lot)
    lot.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    with pytest.raises(NotYet, match="披露"):
        drawn_up(lot)


def test_by_way_of_a_proof_the_seller_checks_it_before_the_confirmation() -> None:
    lot = sold(confirmation="proof")
    with pytest.raises(BreaksClause, match="竞得证明"):
        drawn_up(lot)
    (signed,) = lot.ask(commands.SignProof(), winner(lot))
    assert isinstance(signed, ProofSigned)
    assert not signed.late
    assert signed.due == datetime(2026, 4, 14, 16, tzinfo=UTC)
    (checked,) = lot.ask(commands.CheckProof(passed=True, reason="原件相符"), at=just_before(signed.check_due))
    assert isinstance(checked, ProofChecked)
    assert not checked.late
    confirmed(lot)
    assert lot.audit() == lot.state


def test_a_proof_a_day_late_and_a_late_check_are_recorded_as_late() -> None:
    lot = sold(confirmation="proof")
    (signed,) = lot.ask(commands.SignProof(), winner(lot), at=datetime(2026, 4, 14, 16, tzinfo=UTC))
    assert signed.late
    (checked,) = lot.ask(commands.CheckProof(passed=True, reason="原件相符"), at=signed.check_due)
    assert checked.late


def test_a_proof_that_is_not_as_it_said_ends_the_sale_and_gives_the_deposit_back() -> None:
    lot = sold(confirmation="proof")
    lot.ask(commands.SignProof(), winner(lot))
    _, unsold, refund = lot.ask(commands.CheckProof(passed=False, reason="营业执照不符"))
    assert isinstance(unsold, LotUnsold)
    assert isinstance(refund, RefundDue)
    assert refund.number == lot.number(2)
    assert lot.audit() == lot.state


def test_where_the_notice_has_no_proof_none_is_signed() -> None:
    lot = sold()
    with pytest.raises(OutOfPhase):
        lot.ask(commands.SignProof(), winner(lot))


@pytest.mark.parametrize(("at", "late"), [(just_before(TEN_WORKING_DAYS), False), (TEN_WORKING_DAYS, True)])
def test_the_result_is_public_within_ten_working_days(at: datetime, late: bool) -> None:
    lot = sold()
    (result,) = lot.ask(commands.PublishResult(), at=at)
    assert isinstance(result, ResultPublished)
    assert (result.price_fen, result.base_fen, result.late) == (102_000_00, 100_000_00, late)
    assert result.winner == make.held(winner(lot).account).party
    assert result.ends is None
    with pytest.raises(OutOfPhase):
        lot.ask(commands.PublishResult())


@pytest.mark.parametrize(("at", "late"), [(just_before(TEN_WORKING_DAYS), False), (TEN_WORKING_DAYS, True)])
def test_the_contract_is_signed_by_both_within_ten_working_days(at: datetime, late: bool) -> None:
    lot = sold()
    confirmed(lot)
    concluded = contracted(lot, at)
    assert isinstance(concluded, ContractConcluded)
    assert concluded.late is late


def test_the_contract_waits_for_the_confirmation_and_for_the_seller() -> None:
    lot = sold()
    command = commands.SignContract(contract=CONTRACT)
    with pytest.raises(OutOfPhase):
        lot.ask(command)
    confirmed(lot)
    with pytest.raises(BadInput, match="不一致"):
        lot.ask(command, winner(lot))
    lot.ask(command)
    with pytest.raises(BadInput, match="不一致"):
        lot.ask(commands.SignContract(contract=make.DOCUMENT.sha256), winner(lot))
    with pytest.raises(NotEntitled):
        lot.ask(command, make.bidder(1))


def test_the_notice_leaves_no_more_days_for_the_contract_than_the_law() -> None:
    assert sold(contract_days=10).lot.phase == "sold"
    with pytest.raises(BreaksClause, match="10个工作日"):
        sold(contract_days=11)


def test_it_is_public_for_ten_working_days_and_only_then_is_the_contract_signed() -> None:
    lot = sold(mining())
    confirmed(lot)
    with pytest.raises(OutOfPhase):
        contracted(lot)
    (result,) = lot.ask(commands.PublishResult())
    ends = result.ends
    assert ends == datetime(2026, 5, 6, 16, tzinfo=UTC)  # 1 to 5 May are off, 9 May is not
    with pytest.raises(BreaksClause, match="公示"):
        contracted(lot, just_before(ends))
    assert not contracted(lot, ends).late
    assert lot.audit() == lot.state
