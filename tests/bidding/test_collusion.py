"""Bids that resemble each other: what the platform notes by itself, and what a rejection for collusion rests on."""

from typing import Any

import pytest

from services.bidding import LINE
from services.bidding.domain.access.messages import CollusionNoted, NoteCollusion, ScreenBids
from services.bidding.domain.state import Opened
from services.bidding.domain.values import Rejection
from services.bidding.domain.visible import visible
from shared.kernel.canonical import digest
from shared.kernel.errors import BadInput, BreaksClause
from shared.kernel.request import SYSTEM, Role
from shared.seal.marks import mark
from shared.seal.statement import Declared, Trace
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.entrants import opened
from tests.bidding.phases import ALL


def screened(*bids: dict[str, Any], prices: tuple[int, ...] = ()) -> list[CollusionNoted]:
    """Return what the platform notes of bids, apart from the one file that all of these bids share."""
    play = opened(*bids) if not prices else stage.opened(bidders=ALL[: len(prices)], prices=prices)
    play.ask(ScreenBids(), SYSTEM)
    notes = [event for event in play.events if isinstance(event, CollusionNoted)]
    assert [note.number for note in notes] == list(range(1, len(notes) + 1))
    assert all((note.level, note.by) == ("warning", "platform") for note in notes)
    assert play.audit() == play.state
    return [note for note in notes if note.basis != "same_file"]


def traced(kind: Any, text: str) -> dict[str, Any]:
    return {"declared": Declared(traces=(Trace(kind=kind, mark=mark(make.STREAM, text)),))}


def test_the_same_file_in_several_bids_is_noted_but_not_a_document_of_the_tender() -> None:
    play = stage.opened()
    play.ask(ScreenBids(), SYSTEM)
    (same, *_) = (event for event in play.events if isinstance(event, CollusionNoted))
    public = stage.opened(documents=[{"name": "图纸.pdf", "size": 17, "sha256": digest(make.PLAN)}])

    public.ask(ScreenBids(), SYSTEM)

    assert (same.item, same.basis, len(same.bids)) == ("alike", "same_file", 3)
    assert same.article == "招标投标法实施条例 第四十条"
    assert not any(isinstance(event, CollusionNoted) and event.basis == "same_file" for event in public.events)


@pytest.mark.parametrize(
    ("kind", "item"),
    [("author", "same_author"), ("agent", "same_agent"), ("staff", "same_staff"), ("device", "same_author")],
)
def test_equal_marks_of_two_bids_are_noted_and_different_ones_not(kind: str, item: str) -> None:
    (note,) = screened(traced(kind, "赵某"), traced(kind, "赵 某"), traced(kind, "钱某"))

    assert (note.item, note.bids) == (item, ("bid-of-crane", "bid-of-heron"))
    assert screened(traced(kind, "赵某"), traced(kind, "钱某"), {}) == []


@pytest.mark.parametrize(
    ("prices", "bases"),
    [
        ((100, 110, 120), ["even_prices"]),
        ((100, 110, 121), ["even_prices"]),
        ((100, 110, 122), []),
        ((100, 100, 130), ["equal_prices"]),
        ((100, 110, 120, 131), []),
    ],
)
def test_regular_prices_are_a_warning_to_the_fen(prices: tuple[int, ...], bases: list[str]) -> None:
    assert [note.basis for note in screened(prices=prices)] == bases


def test_bids_are_compared_once() -> None:
    play = stage.opened()

    assert play.ask(ScreenBids(), SYSTEM)
    assert play.ask(ScreenBids(), SYSTEM) == ()


def note(*bids: str, item: Any = "same_staff") -> NoteCollusion:
    return NoteCollusion(item=item, bids=bids, evidence="两份投标载明的项目经理为同一人")


def rejection(bid: str, *notes: int) -> tuple[Rejection, ...]:
    return (Rejection(bid=bid, cause="collusion", explanation="视为串通投标", notes=notes),)


def test_a_rejection_for_collusion_rests_on_a_case_that_the_committee_noted() -> None:
    play = stage.opened()
    play.ask(ScreenBids(), SYSTEM)
    play.ask(note("bid-of-crane", "bid-of-heron"))
    number = play.at(Opened).beside.entrants.notes[-1].number

    play.report(rejections=(*rejection("bid-of-crane", number), *rejection("bid-of-heron", number)))

    assert play.audit() == play.state


def test_a_warning_alone_rejects_nobody() -> None:
    play = stage.opened()
    play.ask(ScreenBids(), SYSTEM)

    for notes in ((), (1,)):
        with pytest.raises(BreaksClause) as no:
            play.report(rejections=rejection("bid-of-crane", *notes))
        assert no.value.article == "招标投标法实施条例 第四十条"


def test_a_note_is_about_the_bids_it_names_and_about_two_at_least() -> None:
    play = stage.opened()
    play.ask(note("bid-of-crane", "bid-of-heron"))

    with pytest.raises(BadInput):
        play.report(rejections=rejection("bid-of-egret", 1))
    with pytest.raises(BadInput):
        play.report(rejections=rejection("bid-of-crane", 2))
    for bids in (("bid-of-crane", "bid-of-crane"), ("bid-of-crane", "no-such-bid")):
        with pytest.raises(BadInput):
            play.ask(note(*bids))


def test_notes_are_for_those_who_evaluate_and_watch() -> None:
    play = stage.opened()
    (noted,) = play.ask(note("bid-of-crane", "bid-of-heron"))
    roles: tuple[Role, ...] = ("public", "token", "bidder", "operator", "authority", "expert", "agency", "supervisor")

    assert [role for role in roles if visible(noted, role, play.state)] == ["expert", "agency", "supervisor"]


def test_the_platform_compares_the_bids_by_itself_when_the_opening_is_over() -> None:
    play = stage.opened()
    (timer,) = LINE.timers(play.events[-1])

    assert (timer.due_at, timer.command) == (play.now, ScreenBids())
