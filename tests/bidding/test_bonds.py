"""What secures the contract, and the reference price (标底): promised at the announcement, shown at the opening."""

from typing import Any

import pytest

from services.bidding.domain.events import ContractSigned, EvaluationReported
from services.bidding.domain.money.messages import BondRecorded, OpenReference, ReferenceOpened
from services.bidding.domain.result.messages import DropCandidate
from services.bidding.domain.state import Announced
from services.bidding.domain.values import Rejection
from services.bidding.domain.visible import visible
from shared.kernel.errors import BadInput, BreaksClause, OutOfPhase
from shared.seal.wire import text
from tests.bidding import factories as make
from tests.bidding import money
from tests.bidding import phases as stage
from tests.bidding.money import warned
from tests.bidding.play import Play

SIGNED = make.beijing(29, 10)
TENTH = stage.PRICES[0] // 10


def open_reference(play: Play, amount_fen: int = money.REFERENCE, salt: bytes = money.SALT) -> Any:
    return play.ask(OpenReference(amount_fen=amount_fen, salt=text(salt)), make.BUYER)


def awarded(**terms: Any) -> Play:
    return money.awarded(money.opened(money.closed(**terms)))


def test_a_bond_of_a_tenth_of_the_contract_may_be_asked_for_and_no_more() -> None:
    stage.drafted().publish(money={"bond": {"share": "0.1"}})
    with pytest.raises(BreaksClause) as refusal:
        stage.drafted().publish(money={"bond": {"share": "0.100001"}})
    assert refusal.value.article == "招标投标法实施条例 第五十八条"


def test_no_contract_is_signed_without_the_bond_that_was_demanded() -> None:
    play = awarded()

    with pytest.raises(BreaksClause) as refusal:
        play.sign(stage.PRICES[0], at=SIGNED)
    play.ask(money.bond(), make.BUYER, SIGNED)
    play.ask(money.bond(kind="payment"), make.BUYER, SIGNED)
    signed = play.sign(stage.PRICES[0], at=SIGNED)

    assert refusal.value.article == "招标投标法实施条例 第五十八条"
    assert isinstance(signed[0], ContractSigned)


def test_no_contract_for_works_is_signed_without_the_payment_guarantee_that_goes_with_the_bond() -> None:
    play, goods = awarded(), awarded(draft={"category": "goods"})
    for each in (play, goods):
        each.ask(money.bond(), make.BUYER, SIGNED)

    with pytest.raises(BreaksClause) as refusal:
        play.sign(stage.PRICES[0], at=SIGNED)
    play.ask(money.bond(kind="payment"), make.BUYER, SIGNED)

    assert refusal.value.article == "工程建设项目施工招标投标办法 第六十二条"
    assert isinstance(play.sign(stage.PRICES[0], at=SIGNED)[0], ContractSigned)
    assert isinstance(goods.sign(stage.PRICES[0], at=SIGNED)[0], ContractSigned)


def test_a_bond_is_what_was_declared_and_at_most_a_tenth() -> None:
    play = awarded(bond={"share": "0.05"})

    for amount in (TENTH // 2 - 1, TENTH + 1):
        with pytest.raises(BreaksClause):
            play.ask(money.bond(amount), make.BUYER, SIGNED)
    (recorded,) = play.ask(money.bond(TENTH // 2), make.BUYER, SIGNED)

    assert isinstance(recorded, BondRecorded)
    with pytest.raises(OutOfPhase):
        play.ask(money.bond(TENTH // 2), make.BUYER, SIGNED)


def test_the_bond_of_a_winner_that_fell_away_secures_no_other_contract() -> None:
    play = awarded()
    play.ask(money.bond(), make.BUYER, SIGNED)
    play.ask(DropCandidate(bid="bid-of-crane", ground="refused_contract", explanation="拒签"), make.BUYER, SIGNED)
    play.award("bid-of-heron", at=SIGNED)

    with pytest.raises(BreaksClause, match="not given"):
        play.sign(stage.PRICES[1], at=SIGNED)


def test_no_bond_is_taken_that_was_not_declared_nor_before_the_award() -> None:
    with pytest.raises(BadInput, match="ask for no"):
        awarded(bond=None).ask(money.bond(), make.BUYER, SIGNED)
    with pytest.raises(OutOfPhase):
        money.opened(money.closed()).ask(money.bond(), make.BUYER)


def test_who_takes_a_bond_for_works_and_gives_no_payment_guarantee_is_told_of() -> None:
    play = awarded()
    play.ask(money.bond(), make.BUYER, SIGNED)

    assert warned(play, SIGNED)["payment_guarantee_missing"].article == "工程建设项目施工招标投标办法 第六十二条"
    play.ask(money.bond(kind="payment"), make.BUYER, SIGNED)
    assert "payment_guarantee_missing" not in warned(play, SIGNED)


def test_the_reference_price_is_in_no_record_before_the_opening_and_opens_as_promised() -> None:
    play = money.closed()
    assert str(money.REFERENCE) not in "".join(event.canonical().decode() for event in play.events)
    with pytest.raises(OutOfPhase):
        open_reference(play)
    money.opened(play)

    (opened,) = open_reference(play)

    assert isinstance(opened, ReferenceOpened)
    assert opened.articles == ("招标投标法实施条例 第二十七条", "招标投标法实施条例 第五十条")
    with pytest.raises(OutOfPhase):
        open_reference(play)


def test_another_amount_or_salt_than_was_promised_is_refused() -> None:
    play = money.opened(money.closed())

    for amount, salt in ((money.REFERENCE + 1, money.SALT), (money.REFERENCE, money.SALT[::-1])):
        with pytest.raises(BreaksClause, match="not the price that was sealed"):
            open_reference(play, amount, salt)


def test_the_reference_price_is_shown_with_the_results_and_not_while_bodies_are_opened() -> None:
    play = money.closed()
    play.close()
    play.convene()
    play.witness()
    for bidder in stage.BIDDERS:
        play.key(bidder)
    play.shares("agency", "platform")
    (opened,) = open_reference(play)

    assert not visible(opened, "public", play.state)
    play.unseal()
    play.disclose(*stage.BIDDERS)
    assert visible(opened, "public", play.state)


def test_a_reference_price_that_is_not_shown_at_the_opening_is_told_of() -> None:
    silent, told = money.opened(money.closed()), money.opened(money.closed())
    open_reference(told)

    assert "reference_not_opened" in warned(silent, silent.now)
    assert "reference_not_opened" not in warned(told, told.now)


def test_no_price_is_rejected_for_its_distance_from_the_reference() -> None:
    play = money.opened(money.closed())

    def reject(explanation: str) -> Any:
        rejection = Rejection(bid="bid-of-egret", cause="price", explanation=explanation)
        return play.report(at=make.beijing(23, 9), rejections=(rejection,))

    with pytest.raises(BreaksClause) as refusal:
        reject("投标报价超过标底上浮5%的范围")
    (reported,) = reject("投标报价低于成本，且不能说明理由")

    assert refusal.value.article == "招标投标法实施条例 第五十条"
    assert isinstance(reported, EvaluationReported)


def test_a_tender_without_a_reference_price_has_none_to_show() -> None:
    play = money.opened(money.closed(reference=None))

    with pytest.raises(BadInput, match="reference price"):
        open_reference(play)
    assert play.at(Announced).beside.money.reference is None
