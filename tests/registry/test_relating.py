"""Persons in charge, control and sanctions: what the registry keeps and tells of them, and to whom, on each database.

What the registry discloses is handed to bidding as it is, by both lines' own handlers; an opening is played with it.
"""

import os
from collections.abc import Iterator, Sequence
from contextlib import closing
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from typing import Any

import pytest
from sqlalchemy import Connection

from services.bidding import views as bidding_views
from services.bidding.domain.commands import NoteDisclosure
from services.bidding.domain.events import ReceptionClosed
from services.bidding.domain.state import Opened
from services.bidding.handlers import BiddingPort
from services.registry.domain.commands import (
    AddIdentifier,
    BlacklistParty,
    BootstrapOperator,
    DeclarePersonInCharge,
    DeclareRelation,
    EndRelation,
    ErasePersonInCharge,
    LiftBlacklisting,
    LiftSuspension,
    SuspendParty,
)
from services.registry.domain.values import disclosure_stream
from services.registry.relations import CLOSED
from services.registry.tables import metadata
from services.registry.views import project
from shared.kernel.codes import PartyId
from shared.kernel.message import Command, Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import write
from shared.kernel.request import SYSTEM, Actor, Arrival
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.calls import Told
from shared.runtime.handling import Tools
from shared.runtime.lines import lines
from shared.seal.credential import tender_key
from shared.seal.keys import signing_public
from shared.seal.marks import mark, person
from shared.seal.statement import Party
from shared.store import work
from shared.store.database import Database
from shared.store.migrate import migrate
from shared.store.rebuild import rebuild
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import OPENING, Play
from tests.registry.office import Office, asked, bidder, credential, keys_collected, records
from tests.registry.world import ABROAD, AT, INSTANT, OPERATOR, SUPERVISOR, code, key, open_account, register

NAME, NUMBER = "王小明", "110101199003071233"
GIVEN = (100_00, 200_00, 400_00, 800_00)


def told(office: Office, actor: Actor, name: str = NAME, number: str = NUMBER) -> str:
    """Tell the registry who somebody is; return the digest."""
    return str(office.ask("keep_person", actor, name=name, identity_number=number)["answer"]["person"])


def done(outcome: Outcome) -> Outcome:
    assert outcome.refusal is None, outcome.refusal
    return outcome


def refused(outcome: Outcome) -> str:
    return outcome.refusal.code if outcome.refusal else ""


def head(office: Office, own: Actor, *, since: datetime | None = None, **who: str) -> str:
    """Declare who is in charge of the actor's own party; return the digest."""
    digest = told(office, own, **who)
    done(office.give(DeclarePersonInCharge(person=digest, since=since), own, stream=own.party or ""))
    return digest


def relate(office: Office, own: Actor, side: Any, other: PartyId, **changes: Any) -> None:
    """Declare a relation of the actor's own party."""
    fields = {"side": side, "other": other, "kind": "holding", "since": AT, **changes}
    done(office.give(DeclareRelation(**fields), own, stream=own.party or ""))


def disclosed(office: Office, *bidders: Actor, tender: str = "T1") -> list[dict[str, Any]]:
    """Return what is disclosed of bidders whose keys are collected now."""
    tokens = [credential(office, own, tender).token for own in bidders]
    office.handled.learn([keys_collected(*tokens, tender=tender, position=int(tender[1:]))])
    (record,) = records(office, disclosure_stream(tender))
    return list(record.data["holders"])


def of_bidding(event: Event, position: int) -> Told:
    """Return bidding's word, as the broker brings it."""
    kind = str(getattr(event, "type"))  # noqa: B009 - of any event
    record = write(
        service="bidding", position=position, stream=make.STREAM, version=position, id=f"e{position}", event=event,
        at=AT, received_at=AT, actor=SYSTEM, command_id="c", command_digest="0" * 64, cause=None, rulebook=None,
        salt=b"s" * 32,
    )  # fmt: skip
    return Told(kind, {"kind": "record"}, record.raw)


@dataclass(frozen=True)
class OfficesKeys(make.Keys):
    """The keys of a tender whose tokens are under a registry's own key."""

    secret: bytes = field(default=b"", repr=False)

    @cached_property
    def k_t(self) -> bytes:
        return tender_key(self.secret, make.STREAM)


@dataclass(frozen=True)
class Company(make.Bidder):
    """A bidder that an office knows by its 统一社会信用代码."""

    number: int = 0

    @property
    def party(self) -> Party:
        return Party(scheme=code(self.number).scheme, id=code(self.number).id, name=f"{self.zh}建设有限公司")


class Opening:
    """A tender opened with what a registry discloses."""

    def __init__(self, office: Office, folder: Path) -> None:
        self.office, self.folder = office, folder
        secret = office.tools.keyring.secret(keys.TOKENS)
        names = ("白鹤", "苍鹭", "白鹭", "东方白鹳")
        self.companies = [
            Company(f"c{number}", zh, OfficesKeys(secret=secret), number) for number, zh in enumerate(names, 1)
        ]
        self.accounts = [self._registered(company) for company in self.companies]

    def play(self, **terms: Any) -> Play:
        """Receive the bids and collect the keys."""
        play = stage.accepting(**terms)
        for company, price in zip(self.companies, GIVEN, strict=True):
            play.bid(company, price)
        play.close()
        play.convene()
        play.witness()
        for company in self.companies:
            play.key(company)
        play.shares("agency", "platform")
        play.unseal()
        return play

    def disclose(self, play: Play) -> dict[str, list[str]]:
        """Let both lines tell each other what they do; return why which bids are invalid, by bidder."""
        heard = [event for event in play.events if event.type.endswith(("reception_closed.v1", "keys_collected.v1"))]
        self.office.handled.learn([of_bidding(event, number) for number, event in enumerate(heard, 1)])
        (record,) = records(self.office, disclosure_stream(make.STREAM))
        keys.Keyring(self.folder / "keys").make(
            [keys.DOOR, keys.RECEIPTS, keys.CREDENTIALS, keys.EVENTS, keys.vault("bidding")], os.urandom
        )
        (self.folder / "db").mkdir()
        tools = Tools("bidding", Settings(data=self.folder))
        migrate(tools.database, views=bidding_views.metadata)
        port = BiddingPort(tools)
        with tools.database.write() as connection:
            facts = self._learnt(port, connection, record, play)
        tools.database.close()
        play.ask(NoteDisclosure(), SYSTEM, facts=facts)
        assert play.audit() == play.state
        rows = play.at(Opened).rows
        return {row.bid[len("bid-of-") :]: [ground.code for ground in row.grounds] for row in rows if row.grounds}

    def _learnt(self, port: BiddingPort, connection: Connection, record: Any, play: Play) -> Any:
        ((stream, body),) = port.learn(connection, record)
        arrival = Arrival(id="c", stream=stream, actor=SYSTEM, received_at=play.now, command=body)
        facts, _ = port.facts(connection, arrival, NoteDisclosure(), play.state)
        return facts

    def _registered(self, company: Company) -> Actor:
        party = self.office.give(register(code(company.number), name=company.party.name)).stream
        public_key = signing_public(company.account_key)
        done(self.office.give(open_account(company.name, party=party, public_key=public_key)))
        return Actor(account=company.name, role="bidder", region="370502", party=party)


@pytest.fixture(params=["sqlite", pytest.param("postgres", marks=pytest.mark.system)])
def office(request: pytest.FixtureRequest, tmp_path: Path) -> Iterator[Office]:
    """Return an office with one operator, on each database."""
    url = f"sqlite:///{tmp_path / 'registry.db'}"
    if request.param == "postgres":
        url = request.getfixturevalue("postgres").fresh_database()
    with closing(Database(url)) as database:
        office = Office(tmp_path, database)
        done(office.give(BootstrapOperator(account="op-1", public_key=key(50)), SYSTEM))
        yield office


@pytest.fixture
def opening(office: Office, tmp_path: Path) -> Opening:
    return Opening(office, tmp_path / "bidding")


def test_who_is_in_charge_stands_in_no_column_and_is_disclosed_as_a_mark(office: Office) -> None:
    (one, _), (two, _) = bidder(office, 1, code(1)), bidder(office, 2, code(2))
    head(office, one)
    before = office.everything()
    head(office, two, number="110101 19900307 1233")
    after = office.everything()

    first, second = disclosed(office, one, two)
    (elsewhere,) = disclosed(office, one, tender="T2")

    assert first["person_in_charge"] == second["person_in_charge"] == mark("T1", person(NAME, NUMBER))
    assert elsewhere["person_in_charge"] == mark("T2", person(NAME, NUMBER))
    for trace in (NAME, NUMBER, first["person_in_charge"], elsewhere["person_in_charge"]):
        assert trace not in before + after


def test_one_without_an_identity_number_and_a_digest_used_before_are_not_taken(office: Office) -> None:
    (one, _), (two, _) = bidder(office, 1, code(1)), bidder(office, 2, code(2))
    nameless, used = told(office, one, number=" "), head(office, one)

    for own, digest in ((one, nameless), (one, used), (two, used), (one, "0" * 64)):
        outcome = office.give(DeclarePersonInCharge(person=digest), own, stream=own.party or "")
        assert refused(outcome) == "not_found"


def test_who_left_office_is_erased_and_a_rebuilding_brings_nobody_back(office: Office) -> None:
    own, party = bidder(office, 1, code(1))
    gone, there = head(office, own), head(office, own, name="李四")
    done(office.give(ErasePersonInCharge(person=gone), stream=party))
    shown = office.ask("relations", own, party=party)["answer"]

    rebuild(office.tools.database, lines()["registry"], metadata, project)

    assert office.ask("relations", own, party=party)["answer"] == shown
    assert [charge["person"] for charge in shown["persons_in_charge"]] == [None, there]
    assert "refusal" in office.ask("person", OPERATOR, person=gone)
    assert office.ask("person", own, person=there)["answer"]["name"] == "李四"
    (holder,) = disclosed(office, own)
    assert holder["person_in_charge"] == mark("T1", person("李四", NUMBER))


def test_relations_are_shown_to_the_office_and_the_partys_administrators_alone(office: Office) -> None:
    (one, party), (two, _) = bidder(office, 1, code(1)), bidder(office, 2, code(2))
    digest = head(office, one)
    relate(office, one, "controlled_by", code(2))
    plain = one.model_copy(update={"account": "nobody"})

    for actor in (two, plain):
        assert office.ask("relations", actor, party=party)["refusal"]["code"] == "not_found"
        assert office.ask("person", actor, person=digest)["refusal"]["code"] == "not_found"
        outcome = office.give(EndRelation(number=1, reason="r"), actor, stream=party)
        assert refused(outcome) == "not_entitled"
    for actor in (one, OPERATOR):
        (shown,) = office.ask("relations", actor, party=party)["answer"]["relations"]
        assert (shown["number"], shown["side"], shown["other"]["id"]) == (1, "controlled_by", code(2).id)


def test_control_is_disclosed_through_every_chain_by_every_identifier(office: Office) -> None:
    (one, _), (two, party), (three, _) = (bidder(office, number, code(number)) for number in (1, 2, 3))
    done(office.give(AddIdentifier(identifier=ABROAD), stream=party))
    unknown = PartyId(scheme="GB-COH", id="07654321")
    relate(office, one, "controlled_by", ABROAD)
    relate(office, two, "controlled_by", unknown, kind="management")
    relate(office, three, "controls", unknown)

    first, second, third = disclosed(office, one, two, three)

    assert first["controllers"] == sorted([str(code(2)), str(ABROAD), str(unknown), str(code(3))])
    assert second["controlled"] == [str(code(1))]
    assert third["controlled"] == sorted([str(code(1)), str(code(2)), str(ABROAD), str(unknown)])
    assert "controlled" not in first
    assert "controllers" not in third


@pytest.mark.parametrize(
    ("since", "until", "counts"),
    [
        (timedelta(), None, True),
        (INSTANT, None, False),
        (-INSTANT, INSTANT, True),
        (-INSTANT, timedelta(), False),
    ],
)
def test_a_relation_counts_at_the_close_of_reception(
    office: Office, since: timedelta, until: timedelta | None, *, counts: bool
) -> None:
    own, _ = bidder(office, 1, code(1))
    closed = AT + timedelta(days=21)
    ends = None if until is None else closed + until
    relate(office, own, "controlled_by", code(2), since=closed + since, until=ends)
    with office.tools.database.write() as connection:
        work.put(connection, CLOSED, "T1", f"{closed:%Y-%m-%dT%H:%M:%S.%fZ}".encode())

    (holder,) = disclosed(office, own)

    assert ("controllers" in holder) == counts
    with office.tools.database.read() as connection:
        assert work.get(connection, CLOSED, "T1") is None


def test_who_is_tied_to_the_operator_gets_no_credential_and_nothing_is_written(office: Office) -> None:
    sister, middle, own = (bidder(office, number, code(number))[0] for number in (1, 2, 3))
    parent, operator = code(8), code(9)
    relate(office, middle, "controlled_by", operator, until=AT + timedelta(days=1))
    relate(office, own, "controlled_by", code(2))
    relate(office, sister, "controlled_by", parent)
    done(office.give(register(operator)))
    before = [asked(office, actor) for actor in (sister, middle, own)]
    named = {"operator_parties": (str(operator),)}
    office.tools.settings = office.tools.settings.model_copy(update=named)
    written = office.everything()

    after = [asked(office, actor) for actor in (sister, middle, own)]

    assert all("answer" in answer for answer in before)
    assert "answer" in after[0]
    for answer in after[1:]:
        assert answer["refusal"]["article"] == "电子招标投标办法 第二十三条"
    assert office.everything() == written
    office.clock.at = AT + timedelta(days=1)
    assert "answer" in asked(office, own)


def test_the_party_of_an_operators_account_is_an_operator_too(office: Office) -> None:
    own, _ = bidder(office, 1, code(1))
    running = done(office.give(register(code(9)))).stream
    relate(office, own, "controls", code(9))
    before = asked(office, own)

    done(office.give(open_account("op-2", role="operator", party=running)))

    assert "answer" in before
    assert asked(office, own)["refusal"]["article"] == "电子招标投标办法 第二十三条"


def test_one_person_in_charge_of_two_bidders_makes_both_bids_invalid(office: Office, opening: Opening) -> None:
    for own in opening.accounts[:2]:
        head(office, own)
    head(office, opening.accounts[2], number="110101199003071241")

    assert opening.disclose(opening.play()) == {"c1": ["same_person"], "c2": ["same_person"]}


def test_control_through_one_who_does_not_bid_makes_both_bids_invalid(office: Office, opening: Opening) -> None:
    between = code(7)
    holding = Actor(account="holding", role="tenderer", region="370502", party=office.give(register(between)).stream)
    done(office.give(open_account("holding", role="tenderer", party=holding.party)))
    relate(office, opening.accounts[1], "controlled_by", between)
    relate(office, holding, "controlled_by", code(1))
    for own in opening.accounts[2:]:
        relate(office, own, "controlled_by", PartyId(scheme="GB-COH", id="07654321"))

    assert opening.disclose(opening.play()) == {"c1": ["control"], "c2": ["control"]}


def test_who_leaves_office_after_the_deadline_was_in_charge_at_it(office: Office, opening: Opening) -> None:
    one, two, three, four = opening.accounts
    for own in (one, two, three):
        head(office, own, since=AT)
    office.clock.at = OPENING
    head(office, three, name="李四", number="110101199003071241")
    play = opening.play()
    office.clock.at = OPENING + INSTANT
    head(office, two, name="赵六", number="11010119900307125X")
    head(office, four)

    assert opening.disclose(play) == {"c1": ["same_person"], "c2": ["same_person"]}


def test_who_comes_under_the_operator_after_its_credential_is_invalid_at_the_opening(
    office: Office, opening: Opening
) -> None:
    relate(office, opening.accounts[0], "controls", code(9))
    relate(office, opening.accounts[1], "controlled_by", code(8))
    barred: Sequence[str] = (str(code(9)),)

    assert opening.disclose(opening.play(found={"operators": barred})) == {"c1": ["of_operator"]}


def sanction(office: Office, own: Actor, command: Command) -> None:
    """Let the supervisor suspend the actor's party, list it, or lift that."""
    done(office.give(command, SUPERVISOR, stream=own.party or ""))


SUSPEND = SuspendParty(reason="串通投标", article="招标投标法 第五十三条", until=OPENING + timedelta(days=90))
LIFT = LiftSuspension(reason="复议撤销", article="平台规则")


def listing(since: datetime, until: datetime = OPENING + timedelta(days=90), kind: Any = "banned") -> BlacklistParty:
    return BlacklistParty(
        kind=kind,
        reason="弄虚作假",
        article="招标投标法 第五十四条",
        authority="东营市住建局",
        since=since,
        until=until,
    )


def test_what_a_party_is_free_of_at_the_close_is_left_out_of_the_disclosure(office: Office) -> None:
    own, _ = bidder(office, 1, code(1))

    assert "sanctions" not in disclosed(office, own)[0]


def test_a_suspension_counts_from_the_close_and_one_just_after_it_does_not(office: Office, opening: Opening) -> None:
    one, two, three, _ = opening.accounts
    play = opening.play()
    for own, late in ((one, -INSTANT), (two, timedelta()), (three, INSTANT)):
        office.clock.at = reception_closed(play) + late
        sanction(office, own, SUSPEND)

    assert opening.disclose(play) == {"c1": ["suspended"], "c2": ["suspended"]}
    invalid = {row.article for row in play.at(Opened).rows if row.outcome == "invalid"}
    assert invalid == {"招标投标法 第五十三条"}


def test_what_is_lifted_before_or_at_the_close_does_not_count_and_just_after_it_does(
    office: Office, opening: Opening
) -> None:
    one, two, three, four = opening.accounts
    for own in (one, two, three):
        sanction(office, own, SUSPEND)
        sanction(office, own, listing(AT))
    play = opening.play()
    for own, late in ((one, -INSTANT), (two, timedelta()), (three, INSTANT)):
        office.clock.at = reception_closed(play) + late
        sanction(office, own, LIFT)
        sanction(office, own, LiftBlacklisting(number=1, reason="信用修复", article="平台规则"))
    sanction(office, four, SUSPEND)

    assert opening.disclose(play) == {"c3": ["suspended", "blacklisted"]}


def test_an_entry_of_the_blacklist_counts_from_its_since_to_its_until(office: Office, opening: Opening) -> None:
    one, two, three, four = opening.accounts
    play = opening.play()
    closed = reception_closed(play)
    sanction(office, one, listing(closed, kind="discredited"))
    sanction(office, two, listing(closed + INSTANT))
    sanction(office, three, listing(AT, closed + INSTANT))
    sanction(office, four, listing(AT, closed))

    assert opening.disclose(play) == {"c1": ["blacklisted"], "c3": ["blacklisted"]}


def reception_closed(play: Play) -> datetime:
    (event,) = (event for event in play.events if isinstance(event, ReceptionClosed))
    return event.closed_at
