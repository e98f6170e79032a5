"""What the registry told is what committees are formed by, candidates stand by and removed accounts end by."""

from datetime import timedelta
from pathlib import Path
from types import SimpleNamespace
from typing import Any

import pytest

from services.bidding import sanctioned, seating
from services.bidding.domain.commands import AwardTender
from services.bidding.domain.committee.commands import FormCommittee
from services.bidding.domain.facts import Facts
from services.bidding.domain.state import Unborn
from services.bidding.domain.timetable.messages import ExtendDeadline
from services.bidding.handlers import BiddingPort
from services.bidding.service import Bidding
from services.registry import LINE as REGISTRY
from services.registry.domain.events import (
    AccountClosed,
    AccountOpened,
    BlacklistingLifted,
    KeyChanged,
    KeyRevoked,
    PartyBlacklisted,
    PartySuspended,
    StaffAccountOpened,
    SuspensionLifted,
)
from services.registry.domain.expert_events import (
    DrawBound,
    DrawCommitted,
    DrawPooled,
    DrawRevealed,
    ExpertChanged,
    ExpertEnrolled,
    ExpertsDrawn,
    ExpertTied,
    SeatDeclined,
)
from services.registry.domain.expert_values import PastEmployer, Pool, Qualification, Wanted
from services.registry.domain.values import Listing
from shared.kernel.codes import PartyId, party_stream
from shared.kernel.errors import NotEntitled
from shared.kernel.message import Event
from shared.kernel.request import Arrival
from shared.procedure.drawn import DrawFile
from shared.procedure.recusal import Ground
from shared.procedure.seating import Known
from shared.seal.keys import signing_public
from shared.store.database import Connection
from tests.bidding import committee as sit
from tests.bidding import factories as make
from tests.bidding import phases
from tests.bidding.phases import accepting
from tests.bidding.port import port_of

SAID = make.beijing(23)
"""When the registry said what it says here."""


def of_library() -> list[Event]:
    """Return what the registry says of the accounts and experts of the tests."""
    sitters = (*sit.LIBRARY, sit.CLERK)
    opened = [
        AccountOpened(
            account=one.actor.account,
            role="expert",
            region="370500",
            party=None,
            public_key=signing_public(one.key),
        )
        for one in sitters
    ]
    qualified = Qualification(specialities=("市政工程",), title="senior", years=8, region="370500")
    return [*opened, *(ExpertEnrolled(expert=one.actor.account, qualification=qualified) for one in sit.LIBRARY)]


def of_draw(file: DrawFile) -> list[Event]:
    """Return what the registry says in the course of a draw, until it is drawn."""
    speciality = file.library[0].speciality
    wanted = Wanted(draw="draw-1", tender="t1", speciality=speciality, region="370500", **shared(file, Wanted))
    pool = Pool(**shared(file, Pool))
    return [
        DrawPooled(
            draw=file.draw,
            attempt=1,
            agency="agency-1",
            wanted=wanted,
            pool=pool,
            pool_digest=file.pool_digest,
            commit_by=sit.BEGINS,
        ),
        *(DrawCommitted(draw=file.draw, **dict(made)) for made in file.commitments),
        DrawBound(draw=file.draw, root=str(file.root), anchor=None, reveal_by=sit.BEGINS),
        *(DrawRevealed(draw=file.draw, **dict(shown)) for shown in file.reveals),
        ExpertsDrawn(draw=file.draw, called=file.chosen, chosen=file.chosen),
    ]


def shared(file: DrawFile, kind: type[Any]) -> dict[str, Any]:
    return {name: value for name, value in file if name in kind.model_fields and name != "draw"}


def told(port: BiddingPort, connection: Connection, *events: Event, stream: str = "draw-draw-1") -> None:
    for event in events:
        data, kind = event.model_dump(mode="json", exclude={"type"}), getattr(event, "type")  # noqa: B009 - of any event
        record: Any = SimpleNamespace(type=kind, stream=stream, data=data, received_at=SAID)
        port.learn(connection, record)


def test_a_committee_is_formed_of_what_the_registry_told(tmp_path: Path) -> None:
    command: Any = FormCommittee(representatives=(sit.CLERK.name,), until=sit.UNTIL)
    arrival = Arrival(id="c1", stream="t1", actor=make.AGENCY, received_at=sit.BEGINS, command={})
    port, tools = port_of(tmp_path)
    file, later = sit.draw(), sit.draw(draw="t1-draw-2")
    with tools.database.write() as connection:
        before, _ = port.facts(connection, arrival, command, Unborn())
        told(port, connection, *of_library(), *of_draw(file))
        told(port, connection, *of_draw(later), stream="draw-draw-2")
        drawn, _ = port.facts(connection, arrival, command, Unborn())
        gone = file.chosen[0]
        replaced = sit.draw(refused=(gone,))
        told(port, connection, SeatDeclined(draw=file.draw, expert=gone, reason="回避", chosen=replaced.chosen))
        next_, _ = port.facts(connection, arrival, command, Unborn())
    tools.database.close()

    assert before == Facts()
    assert isinstance(drawn, Facts)
    assert (drawn.draw, drawn.draws) == (file, (file, later))
    assert {one.member: one for one in drawn.members} == {
        one.member: one for one in sit.KNOWN if one.member in {*file.chosen, *later.chosen, sit.CLERK.name}
    }
    assert isinstance(next_, Facts)
    assert next_.draw == replaced


def test_every_draw_is_found_in_the_order_of_their_results_and_each_as_it_is_now(tmp_path: Path) -> None:
    command: Any = FormCommittee(representatives=(sit.CLERK.name,), until=sit.UNTIL)
    arrival = Arrival(id="c1", stream="t1", actor=make.AGENCY, received_at=sit.BEGINS, command={})
    roads = sit.draw(of=sit.LIBRARY[:5], seats=2, reserve=2)
    costs = sit.draw(of=sit.LIBRARY[5:], seats=2, reserve=2, speciality="工程造价", draw="t1-costs-1")
    later = sit.draw(of=sit.LIBRARY[5:], seats=2, reserve=2, speciality="工程造价", draw="t1-costs-2")
    port, tools = port_of(tmp_path)
    with tools.database.write() as connection:
        told(port, connection, *of_library(), *of_draw(roads))
        alone, _ = port.facts(connection, arrival, command, Unborn())
        for number, file in enumerate((costs, later)):
            told(port, connection, *of_draw(file), stream=f"draw-costs-{number}")
        all_, _ = port.facts(connection, arrival, command, Unborn())
        gone_on = sit.draw(of=sit.LIBRARY[:5], seats=2, reserve=2, refused=(roads.chosen[0],))
        declined = SeatDeclined(draw=roads.draw, expert=roads.chosen[0], reason="回避", chosen=gone_on.chosen)
        told(port, connection, declined)
        then, _ = port.facts(connection, arrival, command, Unborn())
    tools.database.close()

    assert isinstance(alone, Facts)
    assert isinstance(all_, Facts)
    assert isinstance(then, Facts)
    assert (alone.draw, alone.draws) == (roads, ())
    assert all_.draws == (roads, costs, later)
    assert then.draws == (gone_on, costs, later)
    known = {*roads.chosen, *costs.chosen, *later.chosen, sit.CLERK.name}
    assert {one.member for one in all_.members} == known


def test_what_ties_somebody_to_parties_is_known_by_its_own_entry_and_by_what_was_filed(tmp_path: Path) -> None:
    port, tools = port_of(tmp_path)
    left = PastEmployer(party="X-TEST:heron", ended=make.DUE.date())
    qualified = Qualification(
        specialities=("市政工程",), title="senior", years=8, region="370500", employers=("X-TEST:crane",), past=(left,)
    )
    with tools.database.write() as connection:
        told(port, connection, *of_library(), ExpertChanged(expert="e1", qualification=qualified), stream="expert-e1")
        for party in ("X-TEST:egret", "X-TEST:stork"):
            told(port, connection, ExpertTied(expert="e1", tied_to=party, ground=Ground.KIN, ended=None))
        command = FormCommittee(appointed=("e1", "e2"), until=sit.UNTIL)
        one, other = seating.facts(connection, command, "t1").members
    tools.database.close()

    assert [(tie.party, tie.ground.value, tie.ended) for tie in one.ties] == [
        ("X-TEST:crane", "employment", None),
        ("X-TEST:heron", "employment", make.DUE.date()),
        ("X-TEST:egret", "kin", None),
        ("X-TEST:stork", "kin", None),
    ]
    assert other.ties == ()


def test_who_supervises_is_known_to_and_a_lost_key_signs_nothing(tmp_path: Path) -> None:
    port, tools = port_of(tmp_path)
    key = signing_public(sit.CLERK.key)
    with tools.database.write() as connection:
        account = AccountOpened(account="clerk", role="supervisor", region="370500", party=None, public_key=key)
        told(port, connection, account)
        (known,) = _members(connection)
        told(port, connection, KeyRevoked(account="clerk", public_key=key, since=sit.BEGINS, reason="遗失"))
        lost = _members(connection)
        told(port, connection, KeyChanged(account="clerk", public_key=signing_public(sit.LIBRARY[0].key)))
        (again,) = _members(connection)
    tools.database.close()

    assert known.supervises
    assert lost == ()
    assert again.account_key == signing_public(sit.LIBRARY[0].key)


def test_who_was_removed_does_nothing_more_whatever_the_door_signed(tmp_path: Path) -> None:
    command: Any = FormCommittee(representatives=(sit.CLERK.name,), until=sit.UNTIL)
    arrival = Arrival(id="c1", stream="t1", actor=make.AGENCY, received_at=sit.BEGINS, command={})
    reader = arrival.model_copy(update={"actor": make.AGENCY.model_copy(update={"account": "reader"})})
    other = arrival.model_copy(update={"actor": make.AGENCY.model_copy(update={"account": "agency-2"})})
    port, tools = port_of(tmp_path)
    opened: dict[str, Any] = {"role": "agency", "region": "", "party": "party-1", "person": "0" * 64}
    rights: Any
    with tools.database.write() as connection:
        before, _ = port.facts(connection, arrival, command, Unborn())
        told(port, connection, AccountClosed(account=make.AGENCY.account))
        for name, rights in (("reader", ("read",)), ("agency-2", ("act", "read"))):
            key = signing_public(sit.CLERK.key)
            told(port, connection, StaffAccountOpened(account=name, public_key=key, rights=rights, **opened))
        found = [port.facts(connection, one, command, Unborn())[0] for one in (arrival, reader, other)]
    tools.database.close()

    assert before == Facts()
    assert found == [Facts(removed=True), Facts(removed=True), Facts()]


def test_what_somebody_removed_asks_is_refused_on_record() -> None:
    play = accepting()

    with pytest.raises(NotEntitled, match="closed"):
        play.ask(ExtendDeadline(bids_due=make.DUE + timedelta(days=9), notice="延长"), facts=Facts(removed=True))

    assert play.audit() == play.state


def _members(connection: Connection) -> tuple[Known, ...]:
    return seating.facts(connection, FormCommittee(representatives=("clerk",), until=sit.UNTIL), "t1").members


def listing(number: int) -> Listing:
    return Listing(
        number=number,
        kind="banned",
        reason="弄虚作假",
        article="招标投标法 第五十四条",
        authority="东营市住建局",
        since=make.beijing(1),
        until=make.VALID_UNTIL,
    )


def test_the_standing_of_candidates_is_what_the_registry_told_of_their_parties(tmp_path: Path) -> None:
    command: Any = AwardTender(bid="bid-of-crane")
    arrival = Arrival(id="c1", stream="t1", actor=make.AGENCY, received_at=make.beijing(29), command={})
    crane, heron, stork = (party_stream(code_of(one)) for one in (make.CRANE, make.HERON, make.STORK))
    state = phases.publicised().state
    suspended = PartySuspended(reason="串通投标", article="招标投标法 第五十三条", until=make.VALID_UNTIL)
    port, tools = port_of(tmp_path)
    with tools.database.write() as connection:
        told(port, connection, suspended, PartyBlacklisted(listing=listing(1)), stream=crane)
        told(port, connection, suspended, stream=heron)
        told(port, connection, suspended, stream=stork)
        before, _ = port.facts(connection, arrival, command, state)
        told(port, connection, BlacklistingLifted(number=1, reason="信用修复", article="平台规则"), stream=crane)
        told(port, connection, SuspensionLifted(reason="复议撤销", article="平台规则"), stream=heron)
        after, _ = port.facts(connection, arrival, command, state)
    tools.database.close()

    assert isinstance(before, Facts)
    assert isinstance(after, Facts)
    causes = [{one.party: [s.cause for s in one.sanctions] for one in found.sanctioned} for found in (before, after)]
    assert causes == [
        {"X-TEST:crane": ["suspended", "banned"], "X-TEST:heron": ["suspended"]},
        {"X-TEST:crane": ["suspended"]},
    ]
    assert after.sanctioned[0].sanctions[0].since == SAID


def code_of(bidder: make.Bidder) -> PartyId:
    return PartyId(scheme=bidder.party.scheme, id=bidder.party.id)


def test_the_service_listens_to_all_that_committees_are_formed_from() -> None:
    (listening,) = Bidding.learn.nameko_entrypoints
    known = REGISTRY.events.json_schema()["discriminator"]["mapping"]

    said = {getattr(event, "type") for event in (*of_library(), *of_draw(sit.draw()))}  # noqa: B009 - of any event

    assert said <= {*seating.HEARD} <= {*known}
    assert {*sanctioned.HEARD} <= {*known}
    assert {*seating.HEARD, *sanctioned.HEARD} <= {*listening.patterns}
