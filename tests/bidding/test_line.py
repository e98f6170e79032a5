"""The line as a value: who may ask what, in which phase, which timers run; and decisions made again."""

from collections.abc import Callable
from typing import Any, get_args

import pytest

from services.bidding import BOOKS, LINE
from services.bidding.domain.ceremony_events import KeyCollectionStarted, OpeningStarted
from services.bidding.domain.commands import (
    AwardTender,
    CloseReception,
    EndKeyCollection,
    ExtendKeyCollection,
    NoteDisclosure,
    NoteWitness,
    PhaseCommand,
    ProceedUnwitnessed,
    RecordUnsealing,
    RecountDeadlines,
    ReportEvaluation,
    SignContract,
    SignIn,
    StartOpening,
    TenderCommand,
)
from services.bidding.domain.events import ReceptionClosed, RequestRefused, TenderAnnounced
from services.bidding.domain.state import Accepting, Contracted, Failed
from services.bidding.domain.tender import make_decider
from shared.kernel.canonical import digest, encode
from shared.kernel.decider import Decision
from shared.kernel.errors import BrokenHistory, NotEntitled, NotFound, NotYet, OutOfPhase, Refusal
from shared.kernel.request import SYSTEM, Actor, Role
from shared.procedure.books import Books, NoSuchBook
from shared.seal.sealed import Cover
from tests.bidding import drafts, opening
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.phases import PRICES
from tests.bidding.play import OPENING, SECRETS, Play


def convened() -> Play:
    play = stage.closed()
    play.convene()
    return play


def contracted() -> Play:
    play = stage.awarded()
    play.sign(PRICES[0])
    return play


def failed() -> Play:
    play = stage.accepting()
    play.close()
    return play


PHASES: tuple[Callable[[], Play], ...] = (
    Play, stage.drafted, stage.accepting, stage.closed, convened, stage.collecting, stage.unsealing, stage.opened,
    stage.reviewed, stage.evaluated, stage.publicised, stage.awarded, contracted, failed,
)  # fmt: skip
CRANE = make.CRANE.bid()
COMMANDS: dict[str, tuple[TenderCommand, Actor]] = {
    "draft": (drafts.draft_tender(), make.AGENCY),
    "publish": (drafts.publish_tender(), make.AGENCY),
    "deliver": (make.CRANE.deliver(Cover()), make.CRANE.actor),
    "close": (CloseReception(), SYSTEM),
    "start": (StartOpening(), make.AGENCY),
    "witness": (NoteWitness(), SYSTEM),
    "proceed": (ProceedUnwitnessed(), SYSTEM),
    "sign in": (SignIn(), make.CRANE.actor),
    "key": (make.CRANE.give_key(CRANE), make.CRANE.actor),
    "shares": (opening.give_shares("agency", ()), make.AUTHORITY),
    "longer": (ExtendKeyCollection(explanation="网络故障"), make.AGENCY),
    "end": (EndKeyCollection(), SYSTEM),
    "unseal": (RecordUnsealing(), SYSTEM),
    "disclose": (NoteDisclosure(), SYSTEM),
    "report": (ReportEvaluation(), make.AGENCY),
    "publicise": (drafts.publish_candidates(), make.AGENCY),
    "award": (AwardTender(bid="bid-of-crane"), make.AGENCY),
    "sign": (SignContract(contract_sha256="c" * 64, price_fen=1), make.AGENCY),
    "recount": (RecountDeadlines(year=2027), SYSTEM),
}
TABLE = """
             draft publish deliver close start witness proceed sign_in key shares longer end unseal disclose report publicise award sign recount
Unborn       x     .       .       .     .     .       .       .       .   .      .      .   .      .        .      .         .     .    .
Drafted      x     x       .       .     .     .       .       .       .   .      .      .   .      .        .      .         .     .    .
Accepting    .     .       x       x     .     s       s       .       .   .      .      s   n      n        .      .         .     .    x
Closed       .     .       x       s     x     s       s       x       .   .      .      s   n      n        .      .         .     .    x
Convened     .     .       x       s     .     x       x       x       .   .      .      s   n      n        .      .         .     .    x
Collecting   .     .       x       s     .     s       s       x       x   x      x      x   n      n        .      .         .     .    x
Unsealing    .     .       x       s     .     s       s       x       .   .      .      s   x      x        .      .         .     .    x
Opened       .     .       x       s     .     s       s       .       .   .      .      s   s      s        x      .         .     .    x
Evaluated    .     .       x       s     .     s       s       .       .   .      .      s   s      s        .      x         .     .    x
Publicised   .     .       x       s     .     s       s       .       .   .      .      s   s      s        .      .         x     .    x
Awarded      .     .       x       s     .     s       s       .       .   .      .      s   s      s        .      .         .     x    x
Contracted   .     .       x       s     .     s       s       .       .   .      .      s   s      s        .      .         .     .    x
Qualified    .     .       x       s     .     s       s       .       .   .      .      s   s      s        .      .         .     .    s
Failed       .     .       x       s     .     s       s       .       .   .      .      s   s      s        .      .         .     .    s
"""  # noqa: E501 - a table is read across
"""x: decided on its merits; s: stale, no event; n: not yet; . : out of phase, or nothing that the asker may know of."""


def answer(play: Play, name: str) -> str:
    """Return how a command is met in the play's phase, at an hour when none of its own times stands against it."""
    command, actor = COMMANDS[name]
    at = play.now if name in {"key", "shares", "longer"} else play.now + 90 * make.DAY
    try:
        return "x" if play.ask(command, actor, at) else "s"
    except (OutOfPhase, NotFound):
        return "."
    except NotYet:
        return "n"
    except (Refusal, LookupError):
        return "x"


@pytest.mark.parametrize("begin", PHASES)
def test_what_may_be_asked_in_each_phase_is_exactly_the_table(begin: Callable[[], Play]) -> None:
    rows = {row.split()[0]: row.split()[1:] for row in TABLE.strip().splitlines()[1:]}
    play = begin()

    met = [answer(play.copy(), name) for name in COMMANDS]

    assert met == rows[type(play.state).__name__]


def test_every_command_names_who_may_give_it_and_nobody_else_may() -> None:
    everyone: set[Role] = {"public", "bidder", "token", "tenderer", "agency", "expert", "supervisor", "authority"}
    commands: list[type[Any]] = list(get_args(get_args(TenderCommand)[0]))
    named = {kind.model_fields["type"].default: kind for kind in commands}
    assert set(named) == set(LINE.entitled)

    for name, kind in named.items():
        for role in everyone - LINE.entitled[name]:
            with pytest.raises(NotEntitled):
                Play().ask(kind.model_construct(), Actor(account="someone", role=role))


def test_the_table_of_phases_has_every_command_that_moves_a_tender_on() -> None:
    assert {type(command) for command, _ in COMMANDS.values()} == set(get_args(PhaseCommand))


def test_reception_closes_itself_at_the_first_instant_that_is_too_late() -> None:
    for counts, late in ((True, make.DUE + make.MICROSECOND), (False, make.DUE)):
        (announced,) = (
            event for event in stage.accepting(instant_counts=counts).events if isinstance(event, TenderAnnounced)
        )

        (timer,) = LINE.timers(announced)

        assert (timer.due_at, timer.command) == (late, CloseReception())


def test_waiting_for_witnesses_and_keys_ends_itself() -> None:
    events = stage.collecting().events
    started = next(event for event in events if isinstance(event, OpeningStarted))
    collection = next(event for event in events if isinstance(event, KeyCollectionStarted))

    assert [(timer.due_at, timer.command) for event in events for timer in LINE.timers(event)][1:] == [
        (started.witness_until, ProceedUnwitnessed()),
        (collection.keys_due, EndKeyCollection()),
    ]


def test_a_refused_request_leaves_its_digest_and_why() -> None:
    play = stage.drafted()
    with pytest.raises(Refusal):
        play.publish(publicity_days=1)

    left = play.events[-1]

    command = drafts.publish_tender(publicity_days=1).model_dump(mode="json")
    assert left == RequestRefused(
        command_type="bidding.publish_tender",
        body_digest=digest(encode({"stream": make.STREAM, "command": command})),
        code="breaks_clause",
        article="招标投标法实施条例 第五十四条",
    )


def test_a_whole_tender_decides_again_from_its_record_alone() -> None:
    play = contracted()

    assert play.audit() == play.state
    assert play.at(Contracted)


def test_a_failed_tender_with_refusals_in_it_decides_again() -> None:
    play = stage.drafted()
    with pytest.raises(Refusal):
        play.publish(publicity_days=1)
    play.publish()
    play.bid(make.CRANE)
    with pytest.raises(Refusal):
        play.bid(make.CRANE, bid="second")
    play.bid(make.HERON, at=make.DUE + make.MICROSECOND)
    play.close()

    assert play.audit() == play.at(Failed)


def test_a_forged_but_plausible_record_is_found() -> None:
    play = contracted()
    number, decision = next(
        (number, decision)
        for number, decision in enumerate(play.record)
        if isinstance(decision.events[0], ReceptionClosed)
    )
    (closed,) = decision.events
    assert isinstance(closed, ReceptionClosed)
    forged = closed.model_copy(update={"withdrawn": 1})
    play.record[number] = Decision(decision.request, (forged,))

    with pytest.raises(BrokenHistory, match=f"decision {number}"):
        play.audit()


def test_every_prefix_of_a_record_folds_and_no_fact_may_be_left_out() -> None:
    events = contracted().events

    for length in range(len(events)):
        LINE.decider.replay(events[:length])
        if not isinstance(events[length], RequestRefused) and events[length].type in LEADING:
            with pytest.raises(BrokenHistory):
                LINE.decider.replay(events[:length] + events[length + 1 :])


LEADING = {
    "bidding.tender_announced.v1",
    "bidding.reception_closed.v1",
    "bidding.opening_started.v1",
    "bidding.key_collection_started.v1",
    "bidding.keys_collected.v1",
    "bidding.opening_completed.v1",
    "bidding.evaluation_reported.v1",
    "bidding.candidates_publicised.v1",
    "bidding.tender_awarded.v1",
}
"""The facts that lead from one phase to the next."""


def test_replaying_needs_no_law_and_deciding_without_it_is_a_fault() -> None:
    play = stage.accepting()
    unread = make_decider(Books())
    request = play.record[-1].request.model_copy(update={"command": CloseReception(), "received_at": OPENING})

    assert unread.replay(play.events) == play.state
    with pytest.raises(NoSuchBook):
        unread.decide(request, play.at(Accepting))


def test_a_secret_does_not_show_itself_nor_stay_in_what_is_stored() -> None:
    play = stage.accepting()
    play.bid(make.CRANE)
    request = play.record[-1].request

    for written in (repr(SECRETS), repr(request), request.canonical().decode()):
        assert make.KEYS.meaning not in written


def test_rulebook_and_calendar_belong_together() -> None:
    rulebook, _ = BOOKS.put(make.rulebook(), make.CALENDAR)
    one_year = make.year_of_calendar(2026)
    other, calendar = BOOKS.put(make.rulebook(calendar=one_year), one_year)

    assert BOOKS.law(other, calendar).calendar == one_year
    with pytest.raises(NoSuchBook):
        BOOKS.law(rulebook, calendar)
