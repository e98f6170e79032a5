"""Whatever is asked in whatever order: the record folds, decides again, reads back, and no phase is unlisted."""

from collections.abc import Callable
from contextlib import suppress
from datetime import date, timedelta
from functools import cache

from hypothesis import HealthCheck, given, settings
from hypothesis import event as note
from hypothesis import strategies as st

from services.bidding import LINE
from services.bidding.domain.commands import SignIn
from services.bidding.domain.events import SealedReceived
from services.bidding.domain.state import (
    Accepting,
    Awarded,
    Closed,
    Collecting,
    Contracted,
    Convened,
    Drafted,
    Evaluated,
    Failed,
    Opened,
    Publicised,
    TenderState,
    Unborn,
    Unsealing,
)
from services.bidding.domain.values import Rejection
from shared.kernel.errors import Refusal
from shared.procedure.asking import FactMissing
from shared.seal.sealed import Cover, Withdraw
from shared.seal.wire import AUTHORITIES, text
from tests.bidding import factories as make
from tests.bidding import opening
from tests.bidding import phases as stage
from tests.bidding.notices import published_year
from tests.bidding.phases import ALL
from tests.bidding.play import SECRETS, Elsewhere, Play

LISTED: dict[type, set[type]] = {
    Unborn: {Unborn, Drafted},
    Drafted: {Drafted, Accepting},
    Accepting: {Accepting, Closed},
    Closed: {Closed, Convened, Failed},
    Convened: {Convened, Collecting},
    Collecting: {Collecting, Unsealing},
    Unsealing: {Unsealing, Opened},
    Opened: {Opened, Evaluated, Failed},
    Evaluated: {Evaluated, Publicised, Failed},
    Publicised: {Publicised, Awarded},
    Awarded: {Awarded, Contracted},
    Contracted: {Contracted},
    Failed: {Failed},
}
"""Which phase may follow which, one fact at a time."""


@cache
def sealed(bidder: int, number: int) -> make.SealedBid:
    return ALL[bidder].bid(100_00 + number, bid=f"bid-{bidder}-{number}")


def submit(play: Play, bidder: int, number: int) -> None:
    bid, name = sealed(bidder, number), ALL[bidder].name
    standing = play.bids.get(name)
    replaces = standing.envelope.bid if standing and number else None
    (event,) = play.deliver(ALL[bidder], make.submit(bid, replaces), at=play.now)
    if isinstance(event, SealedReceived):
        play.bids[name] = bid


def withdraw(play: Play, bidder: int, number: int) -> None:
    play.deliver(ALL[bidder], Withdraw(replaces=sealed(bidder, number).envelope.bid), at=play.now)


def plain(play: Play, bidder: int, _: int) -> None:
    play.ask(ALL[bidder].deliver_bytes(b"plain"), ALL[bidder].actor, facts=make.delivery_facts())


def key(play: Play, bidder: int, number: int) -> None:
    if ALL[bidder].name in play.bids:
        play.key(ALL[bidder], text(bytes(16)) if number == 3 else "")


def wrong_shares(play: Play, _: int, number: int) -> None:
    given = opening.give_shares(AUTHORITIES[number % 3], play.at(Collecting).bids)
    nothing = tuple(share.model_copy(update={"share": None}) for share in given.shares)
    play.ask(given.model_copy(update={"shares": nothing}), make.AUTHORITY)


def report(play: Play, bidder: int, number: int) -> None:
    bids = [row.bid for row in play.at(Opened).rows]
    rejected = bids if number == 3 else bids[:bidder]
    play.report(rejections=tuple(Rejection(bid=bid, cause="unsigned", explanation="未签字") for bid in rejected))


def award(play: Play, bidder: int, _: int) -> None:
    candidates = play.at(Publicised).report.candidates
    play.award(candidates[bidder % len(candidates)], at=play.now)


def recount(play: Play, bidder: int, number: int) -> None:
    if number:
        play.recount(published_year(off=[date(2027, 1, 4 + bidder)], worked=[date(2027, 1, 9 + number % 2)]))
    else:
        play.recount(published_year(2026, off=[date(2026, 12, 28 + bidder)]))


STEPS: dict[str, Callable[[Play, int, int], object]] = {
    "draft": lambda play, _, n: play.draft(title=f"稿{n}"),
    "publish": lambda play, _, __: play.publish(at=play.now),
    "submit": submit,
    "withdraw": withdraw,
    "cover": lambda play, b, _: play.deliver(ALL[b], Cover(), at=play.now),
    "plain": plain,
    "close": lambda play, _, __: play.close(at=play.now),
    "convene": lambda play, _, __: play.convene(),
    "witness": lambda play, _, __: play.witness(),
    "proceed": lambda play, _, __: play.proceed(at=play.now),
    "sign in": lambda play, b, _: play.ask(SignIn(), ALL[b].actor),
    "key": key,
    "shares": lambda play, _, n: play.shares(AUTHORITIES[n % 3]),
    "wrong shares": wrong_shares,
    "end": lambda play, _, __: play.end_keys(),
    "unseal": lambda play, b, n: play.unseal(**({sealed(b, 0).envelope.bid: b"altered"} if n == 3 else {})),
    "disclose": lambda play, _, __: play.disclose(*ALL),
    "report": report,
    "publicise": lambda play, _, __: play.publicise(),
    "award": award,
    "recount": recount,
    "sign": lambda play, _, n: play.sign(play.at(Awarded).award.price_fen + (n == 3)),
}
JUMPS = (timedelta(0), make.MICROSECOND, timedelta(minutes=5), timedelta(minutes=30), make.DAY, 5 * make.DAY)
PLAYS: tuple[Callable[..., Play], ...] = (
    Play, stage.accepting, stage.closed, stage.collecting, stage.unsealing, stage.opened, stage.evaluated,
    stage.publicised, stage.awarded,
)  # fmt: skip


@cache
def begun(index: int) -> Play:
    return PLAYS[index]()


@cache
def bidding_in_the_last_minutes() -> Play:
    """Return a tender with four bids just before its deadline, where most of the steps meet."""
    play = stage.accepting(below_three_unsealed="continue")
    play.now = make.DUE - make.MICROSECOND
    for bidder in range(4):
        submit(play, bidder, 0)
    return play


step = st.tuples(st.sampled_from(sorted(STEPS)), st.integers(0, 3), st.integers(0, 3), st.sampled_from(JUMPS))


def walk(play: Play, steps: list[tuple[str, int, int, timedelta]]) -> None:
    """Ask for each step; what is refused leaves its record, what cannot even be asked in this phase is left out."""
    for name, bidder, number, jump in steps:
        play.now += jump
        with suppress(Refusal, FactMissing, Elsewhere):
            STEPS[name](play, bidder, number)


def check(play: Play) -> None:
    state: TenderState = LINE.decider.initial
    for fact in play.events:
        assert LINE.events.validate_json(fact.canonical()) == fact
        after = LINE.decider.evolve(state, fact)
        assert type(after) in LISTED[type(state)]
        state = after
    assert state == play.state == LINE.decider.replay(play.events)
    assert play.audit(SECRETS) == state


def examples(number: int) -> settings:
    """Return settings for so many examples, new ones each time; a failing one is printed to be played again."""
    quiet = [HealthCheck.too_slow]
    return settings(max_examples=number, deadline=None, derandomize=False, print_blob=True, suppress_health_check=quiet)


@examples(700)
@given(st.integers(0, len(PLAYS) - 1), st.lists(step, max_size=12))
def test_any_steps_from_any_phase_keep_the_record_whole(
    index: int, steps: list[tuple[str, int, int, timedelta]]
) -> None:
    play = begun(index).copy()

    walk(play, steps)

    note(type(play.state).__name__)
    check(play)


HURRY = st.tuples(
    st.sampled_from(["submit", "submit", "withdraw", "cover", "plain"]),
    st.integers(0, 3),
    st.integers(0, 2),
    st.just(timedelta(0)),
)
CEREMONY = st.tuples(
    st.sampled_from(["sign in", "key", "key", "key", "shares", "shares", "wrong shares"]),
    st.integers(0, 3),
    st.integers(0, 3),
    st.sampled_from(JUMPS[:2]),
)


@examples(300)
@given(st.lists(HURRY, max_size=8), st.lists(CEREMONY, min_size=4, max_size=16))
def test_any_bids_and_any_keys_keep_the_record_whole(
    before: list[tuple[str, int, int, timedelta]], after: list[tuple[str, int, int, timedelta]]
) -> None:
    play, at_once = bidding_in_the_last_minutes().copy(), timedelta(0)

    walk(play, before)
    walk(play, [("close", 0, 0, 2 * make.MICROSECOND), ("convene", 0, 0, at_once), ("witness", 0, 0, at_once)])
    walk(play, after)
    walk(
        play,
        [("end", 0, 0, at_once), ("unseal", 0, 0, at_once), ("disclose", 0, 0, at_once), ("report", 0, 0, at_once)],
    )

    note(type(play.state).__name__)
    check(play)
