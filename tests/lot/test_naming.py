"""Who stands behind the numbers: secret until the lot is over, then the winner for all (T19)."""

import pytest

from services.land import LINE
from shared.kernel.errors import OutOfPhase
from shared.kernel.request import SYSTEM, Actor, Role
from shared.procedure.lot.after import commands
from shared.procedure.lot.after.events import DepositTurned, IdentitiesDue, IdentityNoted, RefundDue
from shared.procedure.lot.asking import Facts
from shared.procedure.lot.commands import ReviewWinner
from shared.runtime.lots.views import page
from tests.lot import factories as make
from tests.lot.after import confirmed, last, mining, named, sold, struck
from tests.lot.play import Play, play

PUBLIC = Actor(account="public", role="public")
OFFICES: tuple[Role, ...] = ("agency", "tenderer", "operator", "supervisor")
OTHERS: tuple[Role, ...] = ("public", "bidder", "token")


def noted(lot: Play) -> dict[str, IdentityNoted]:
    return {event.number: event for event in lot.events if isinstance(event, IdentityNoted)}


def test_before_the_lot_is_over_no_name_is_taken_in() -> None:
    lot = play(LINE).started()
    with pytest.raises(OutOfPhase):
        lot.ask(commands.NoteIdentities(), SYSTEM)


def test_the_winner_is_named_to_all_and_a_loser_to_the_offices_and_itself() -> None:
    lot = sold()
    names = noted(lot)
    assert len(names) == 3
    assert [number for number, event in names.items() if event.won] == [lot.number(2)]
    for number, event in names.items():
        seen = {role for role in (*OFFICES, *OTHERS) if LINE.visible(event, role, lot.state)}
        assert seen == ({*OFFICES, *OTHERS} if number == lot.number(2) else set(OFFICES))
        assert LINE.concerned(event) == (event.token,)
    assert lot.audit() == lot.state


def test_tokens_and_money_are_for_the_offices_and_whose_they_are() -> None:
    lot = sold()
    confirmed(lot)
    for kind in (IdentitiesDue, RefundDue, DepositTurned):
        event = last(lot, kind)
        assert not LINE.visible(event, "public", lot.state)
        assert all(LINE.visible(event, role, lot.state) for role in OFFICES)


def test_who_was_named_is_not_named_again_and_who_is_unknown_not_at_all() -> None:
    lot = struck(mining())
    known = make.held(make.bidder(1).account)
    named(lot)
    before = len(noted(lot))
    assert lot.ask(commands.NoteIdentities(), SYSTEM, facts=Facts(identities=(known,))) == ()
    assert before == 3
    other = struck(mining())
    other.ask(ReviewWinner(qualified=True, reason="资料齐全"))
    (only,) = other.ask(commands.NoteIdentities(), SYSTEM, facts=Facts(identities=(known,)))
    assert only.number == other.number(1)


def test_where_nobody_applied_there_is_nobody_to_name() -> None:
    lot = play(LINE).announce()
    lot.tick()
    lot.tick()
    assert not any(isinstance(event, IdentitiesDue) for event in lot.events)


def test_a_page_shows_the_sale_to_all_and_a_refund_to_whose_it_is() -> None:
    lot = struck()
    assert page(lot.lot, PUBLIC)["sale"] is None
    named(lot)
    shown = page(lot.lot, PUBLIC)
    assert shown["sale"]["winner"]["name"] == make.held(make.bidder(2).account).party.name
    assert shown["sale"]["price_fen"] == 102_000_00
    assert "own" not in shown
    assert page(lot.lot, make.bidder(1))["own"]["refund"]["amount_fen"] == make.START_FEN // 5
    assert page(lot.lot, make.bidder(2))["own"]["refund"] is None
