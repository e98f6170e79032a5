"""A sale that is void: false documents, bribery or collusion, before what was sold is handed over (L8)."""

import pytest

from shared.kernel.errors import NotEntitled, OutOfPhase
from shared.procedure.lot.after.commands import HandOver
from shared.procedure.lot.after.events import RefundDue
from shared.procedure.lot.after.relisting import FAILED
from shared.procedure.lot.after.voiding import SaleVoided, VoidSale
from tests.lot import factories as make
from tests.lot.after import LETTER, confirmed, contracted, paid, sold
from tests.lot.play import only

VOID = VoidSale(cause="collusion", notice="成交无效公告")


@pytest.mark.parametrize("cause", ["false_documents", "bribery", "collusion"])
def test_false_documents_bribery_and_collusion_make_a_sale_void_and_it_may_be_sold_again(cause: str) -> None:
    lot = sold()
    voided = only(lot.ask(VOID.model_copy(update={"cause": cause}), make.SUPERVISOR), SaleVoided)
    assert voided.article == "招标拍卖挂牌出让国有建设用地使用权规定 第二十五条"
    assert lot.lot.phase in FAILED
    assert lot.audit() == lot.state
    with pytest.raises(OutOfPhase):
        confirmed(lot)


def test_what_was_handed_over_is_for_a_court() -> None:
    lot = sold()
    confirmed(lot)
    contracted(lot)
    paid(lot, 82_000)
    whole = lot.copy()
    whole.ask(VOID)
    lot.ask(HandOver(document=LETTER))
    with pytest.raises(OutOfPhase, match="交付"):
        lot.ask(VOID)


def test_nobody_but_seller_and_supervisor_says_so() -> None:
    lot = sold()
    for actor in (make.bidder(1), make.OTHER):
        with pytest.raises(NotEntitled):
            lot.ask(VOID, actor)


def test_the_winners_deposit_is_not_due_by_itself() -> None:
    lot = sold()
    assert not [event for event in lot.ask(VOID) if isinstance(event, RefundDue)]
