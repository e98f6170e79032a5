"""Listing again: linked to an attempt that failed, at what price, and for how long on one valuation (S5, S6)."""

from datetime import UTC, date, datetime
from typing import Any

import pytest

from shared.kernel.canonical import encode
from shared.kernel.errors import BadInput, BreaksClause
from shared.procedure.lot.after.commands import DeclareDefault
from shared.procedure.lot.after.relisting import as_attempt
from shared.procedure.lot.after.values import Attempt
from shared.procedure.lot.commands import Terminate
from shared.procedure.lot.state import Unborn
from tests.lot import factories as make
from tests.lot.after import sold, winner
from tests.lot.play import Play
from tests.property.factories import equity

FIRST = datetime(2026, 3, 1, 1, tzinfo=UTC)
FAILED = Attempt(lot="lot-0", phase="unsold", kind="equity", seller=str(make.draft().seller), attempt=1, first_at=FIRST)


def again(attempt: Attempt = FAILED, draft: dict[str, Any] | None = None, **terms: Any) -> Play:
    """Return equity put up once more after an attempt."""
    lot = equity()
    drafted = {"attempt_of": "lot-0", **(draft or {})}
    lot.ask(make.draft(**{**lot.drafted, **drafted}))
    facts = make.announcing(lot.line, lot.now).model_copy(update={"attempt": attempt})
    lot.ask(make.announce(**{**lot.terms, "deposit_fen": 1, **terms}), facts=facts)
    return lot


def test_a_later_attempt_counts_on_from_the_failed_one() -> None:
    lot = again(FAILED.model_copy(update={"attempt": 2}))
    assert (lot.lot.announced.attempt, lot.lot.announced.first_at) == (3, FIRST)
    assert lot.audit() == lot.state


def test_a_first_attempt_is_the_first() -> None:
    lot = equity().announce()
    assert (lot.lot.announced.attempt, lot.lot.announced.first_at) == (1, lot.now)


@pytest.mark.parametrize(
    "changed",
    [
        {"phase": "sold"},
        {"phase": "free"},
        {"phase": "", "first_at": None},
        {"lot": "lot-9"},
        {"kind": "asset"},
        {"seller": "CN-USCC:91370500MA0000101A"},
    ],
)
def test_an_attempt_that_did_not_fail_or_is_anothers_is_none(changed: dict[str, Any]) -> None:
    with pytest.raises(BadInput, match="前次标的"):
        again(FAILED.model_copy(update=changed))


@pytest.mark.parametrize("phase", ["unsold", "ended", "defaulted"])
def test_whatever_failed_may_be_listed_again(phase: str) -> None:
    assert again(FAILED.model_copy(update={"phase": phase})).lot.announced.attempt == 2


def test_a_price_of_nine_tenths_needs_no_approval_and_a_fen_less_does() -> None:
    price = make.START_FEN * 9 // 10
    assert again(start_fen=price).lot.phase == "registration"
    with pytest.raises(BreaksClause, match="90%"):
        again(start_fen=price - 1)


def test_on_the_same_valuation_its_amount_stays_so_that_nobody_cuts_the_price_by_writing_another() -> None:
    valued = FAILED.model_copy(update={"appraised_fen": make.START_FEN})
    half = {"appraised_fen": make.START_FEN // 2}
    assert again(valued, start_fen=make.START_FEN * 9 // 10).lot.announced.attempt == 2
    with pytest.raises(BreaksClause, match="评估结果与前次不同"):
        again(valued, half, start_fen=make.START_FEN // 2)
    anew = again(valued, {**half, "appraised_on": date(2026, 3, 2)}, start_fen=make.START_FEN // 2)
    assert anew.lot.announced.attempt == 1
    assert anew.audit() == anew.state


def test_a_valuation_of_a_day_to_come_is_none() -> None:
    with pytest.raises(BadInput, match="晚于今日"):
        again(draft={"appraised_on": date(2026, 3, 3)})


def test_twelve_months_after_the_first_announcement_it_is_valued_anew() -> None:
    last_day = FAILED.model_copy(update={"first_at": datetime(2025, 3, 2, 1, tzinfo=UTC)})
    too_late = FAILED.model_copy(update={"first_at": datetime(2025, 2, 27, 1, tzinfo=UTC)})
    assert again(last_day).lot.announced.attempt == 2
    with pytest.raises(BreaksClause, match="12个月") as refused:
        again(too_late)
    assert "第十九条" in refused.value.article
    with pytest.raises(BreaksClause, match="12个月"):
        again(too_late, {"appraised_on": date(2025, 2, 27)})


def test_on_a_new_valuation_it_is_a_first_attempt_again_with_the_price_of_one() -> None:
    too_late = FAILED.model_copy(update={"first_at": datetime(2025, 2, 27, 1, tzinfo=UTC)})
    anew = {"appraised_on": date(2025, 2, 28)}
    lot = again(too_late, anew)
    assert (lot.lot.announced.attempt, lot.lot.announced.first_at) == (1, lot.now)
    assert lot.audit() == lot.state
    with pytest.raises(BreaksClause, match="评估结果"):
        again(too_late, anew, start_fen=make.START_FEN - 1)


def test_what_a_later_lot_is_told_of_an_earlier_one_is_what_became_of_it() -> None:
    lot = sold()
    lot.ask(DeclareDefault(breach="gave_up", explanation="资金不足"), winner(lot))
    told = as_attempt("lot-1", lot.state)
    assert told == Attempt(
        lot="lot-1",
        phase="defaulted",
        kind="land_use",
        seller=str(make.draft().seller),
        attempt=1,
        first_at=make.ANNOUNCED,
    )
    assert b"appraised" not in encode(told.model_dump(mode="json"))
    assert as_attempt("lot-9", Unborn()).phase == ""
    ended = equity().announce()
    ended.ask(Terminate(cause="policy", notice="政策调整"))
    assert as_attempt("lot-1", ended.state).phase == "ended"
    assert as_attempt("lot-1", ended.state).appraised_fen == ended.drafted["appraised_fen"]
