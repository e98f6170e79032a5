"""Who sees what and from when: nothing of a bid before the deadline, no result before all is unsealed."""

import pytest

from services.bidding import LINE
from services.bidding.domain.ceremony_events import (
    BiddersDisclosed,
    BidsUnsealed,
    KeyGiven,
    KeysCollected,
    OpeningCompleted,
    SharesGiven,
    SharesRefused,
)
from services.bidding.domain.events import (
    BidRefused,
    CandidatesPublicised,
    EvaluationReported,
    ReceptionClosed,
    RequestRefused,
    SealedReceived,
    TenderAnnounced,
    TenderDrafted,
)
from services.bidding.domain.state import Collecting
from services.bidding.domain.values import Rejection
from services.bidding.domain.visible import reads_bids
from shared.kernel.codes import party_stream
from shared.kernel.errors import Refusal
from shared.kernel.message import Event
from shared.kernel.request import SYSTEM, Actor, Role
from tests.bidding import drafts, opening
from tests.bidding import factories as make
from tests.bidding.phases import (
    BIDDERS,
    accepting,
    awarded,
    closed,
    collecting,
    drafted,
    evaluated,
    opened,
    publicised,
    unsealing,
)
from tests.bidding.play import Play
from tests.bidding.test_line import COMMANDS

OUTSIDE: tuple[Role, ...] = ("public", "bidder", "token", "expert")
OFFICES: tuple[Role, ...] = ("tenderer", "agency", "supervisor", "operator", "authority")
EVERYBODY = OUTSIDE + OFFICES


def seen_by(play: Play, kind: type[Event]) -> set[Role]:
    """Return the roles that see all events of a kind, of which there must be one, in the play's phase."""
    events = [event for event in play.events if isinstance(event, kind)]
    assert events
    return {role for role in EVERYBODY if all(LINE.visible(event, role, play.state) for event in events)}


STRANGER = Actor(account="agency-9", role="agency", region="370500", party="X-AGENCY:9")
COLLEAGUE = make.AGENCY.model_copy(update={"account": "agency-2"})
WATCHER, OPERATOR = Actor(account="watcher", role="supervisor", region="370500"), make.OPERATOR


def test_a_draft_is_its_own_tenderers_and_agencys_alone_and_an_announcement_everybodys() -> None:
    assert seen_by(drafted(), TenderDrafted) == {"tenderer", "agency"}
    assert seen_by(accepting(), TenderDrafted) == {"tenderer", "agency", "supervisor", "operator"}
    assert seen_by(accepting(), TenderAnnounced) == set(EVERYBODY)


def test_that_there_is_a_draft_only_its_own_parties_know() -> None:
    buyer = make.BUYER.model_copy(update={"party": party_stream(drafts.draft_tender().buyer)})
    for state in (Play().state, drafted().state):
        for actor in (STRANGER, WATCHER, OPERATOR, make.AUTHORITY, make.CRANE.actor):
            assert not LINE.knows(actor, state)
    for actor in (make.AGENCY, COLLEAGUE, buyer, SYSTEM):
        assert LINE.knows(actor, drafted().state)
    assert LINE.knows(STRANGER, accepting().state)


def test_towards_anothers_tender_an_agency_is_the_public() -> None:
    for play in (drafted(), accepting(), opened(), evaluated()):
        assert LINE.standing(STRANGER, play.state) == "public"
        assert LINE.standing(COLLEAGUE, play.state) == "agency"
        assert LINE.standing(WATCHER, play.state) == "supervisor"
    assert not reads_bids(STRANGER, opened().state)
    assert not reads_bids(COLLEAGUE, unsealing().state)
    assert reads_bids(COLLEAGUE, opened().state)


@pytest.mark.parametrize("actor", [STRANGER, WATCHER, OPERATOR, make.AUTHORITY, make.CRANE.actor])
@pytest.mark.parametrize("name", [name for name in COMMANDS if name != "draft"])
def test_a_strangers_command_is_refused_on_a_draft_as_on_nothing(name: str, actor: Actor) -> None:
    told = []
    for play in (Play(), drafted()):
        with pytest.raises(Refusal) as refused:
            play.ask(COMMANDS[name][0], actor, facts=make.delivery_facts())
        told.append(str(refused.value))

    assert told[0] == told[1]


def with_bids_and_a_refused_one() -> Play:
    play = accepting()
    play.bid(make.CRANE)
    play.ask(make.HERON.deliver_bytes(b"plain"), make.HERON.actor, facts=make.delivery_facts())
    with pytest.raises(Refusal):
        play.bid(make.CRANE, bid="second")
    return play


@pytest.mark.parametrize("kind", [SealedReceived, BidRefused, RequestRefused])
def test_before_the_deadline_nobody_sees_that_anything_was_handed_in(kind: type[Event]) -> None:
    play = with_bids_and_a_refused_one()

    before = seen_by(play, kind)
    play.close()

    assert before == set()
    assert seen_by(play, kind) == ({"supervisor", "operator"} if kind is RequestRefused else set(EVERYBODY))


def test_the_count_is_public_once_reception_is_closed() -> None:
    assert seen_by(closed(), ReceptionClosed) == set(EVERYBODY)


def test_keys_shares_and_results_are_shown_to_nobody_before_the_opening_is_complete() -> None:
    during, after = unsealing(), opened()
    during.unseal()
    names_in = unsealing()
    names_in.disclose(*BIDDERS)

    kept: tuple[type[Event], ...] = (KeyGiven, SharesGiven, KeysCollected, BidsUnsealed)
    shown: tuple[type[Event], ...] = (KeyGiven, SharesGiven, KeysCollected, BiddersDisclosed, OpeningCompleted)
    for kind in kept:
        assert seen_by(during, kind) == set()
    assert seen_by(names_in, BiddersDisclosed) == set()
    for kind in shown:
        assert seen_by(after, kind) == set(EVERYBODY)
    assert seen_by(after, BidsUnsealed) == {"expert", "tenderer", "agency", "supervisor", "operator"}


def test_an_authority_is_told_what_was_wrong_with_its_shares() -> None:
    play = collecting()
    shares = opening.give_shares("agency", play.at(Collecting).bids)
    spoiled = tuple(share.model_copy(update={"share": None}) for share in shares.shares)
    play.ask(shares.model_copy(update={"shares": spoiled}), make.AUTHORITY)

    assert seen_by(play, SharesRefused) == {"authority", "supervisor", "operator"}


def test_the_report_is_the_tenderers_and_supervisors_until_the_candidates_are_public() -> None:
    assert seen_by(evaluated(), EvaluationReported) == {"tenderer", "agency", "supervisor"}
    assert seen_by(publicised(), EvaluationReported) == set(EVERYBODY)
    assert seen_by(publicised(), CandidatesPublicised) == set(EVERYBODY)


def test_why_every_bid_was_rejected_is_public() -> None:
    play = opened()
    names = ("bid-of-crane", "bid-of-heron", "bid-of-egret")
    play.report(rejections=tuple(Rejection(bid=bid, cause="unsigned", explanation="未签字") for bid in names))

    assert seen_by(play, EvaluationReported) == set(EVERYBODY)


def test_the_platforms_own_parts_see_everything() -> None:
    for play in (drafted(), with_bids_and_a_refused_one(), unsealing(), awarded()):
        assert all(LINE.visible(event, "system", play.state) for event in play.events)
