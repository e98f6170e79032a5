"""An office of the registry and the openings that its disclosures lead to in bidding, through both lines' handlers."""

import os
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from pathlib import Path
from typing import Any

from sqlalchemy import Connection

from services.bidding import views as bidding_views
from services.bidding.domain.commands import NoteDisclosure
from services.bidding.domain.events import ReceptionClosed
from services.bidding.domain.state import Opened
from services.bidding.handlers import BiddingPort
from services.registry.domain.commands import (
    DeclarePersonInCharge,
    DeclareRelation,
)
from services.registry.domain.values import disclosure_stream
from shared.kernel.codes import PartyId
from shared.kernel.message import Event
from shared.kernel.outcome import Outcome
from shared.kernel.record import write
from shared.kernel.request import SYSTEM, Actor, Arrival
from shared.platform import keys
from shared.platform.settings import Settings
from shared.runtime.calls import Told
from shared.runtime.tools import Tools
from shared.seal.credential import tender_key
from shared.seal.keys import signing_public
from shared.seal.statement import Party
from shared.store.migrate import migrate
from tests.bidding import factories as make
from tests.bidding import phases as stage
from tests.bidding.play import Play
from tests.registry.office import Office, credential, keys_collected, records
from tests.registry.world import AT, code, open_account, register

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


def reception_closed(play: Play) -> datetime:
    (event,) = (event for event in play.events if isinstance(event, ReceptionClosed))
    return event.closed_at
