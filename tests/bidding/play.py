"""A tender played through the line as the service runs it: every request is kept with the events it led to."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime, timedelta
from typing import Any, TypeVar

import pytest

from services.bidding import BOOKS, LINE
from services.bidding.domain.access.messages import Failing, Judgment, ReviewApplications
from services.bidding.domain.alarms import Alarm
from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.ceremony_events import KeyGiven, SharesGiven
from services.bidding.domain.commands import (
    AwardTender,
    CloseReception,
    DeliverSealed,
    EndKeyCollection,
    NoteDisclosure,
    NoteWitness,
    ProceedUnwitnessed,
    RecordUnsealing,
    RecountDeadlines,
    ReportEvaluation,
    SignContract,
    StartOpening,
    TenderCommand,
)
from services.bidding.domain.events import TenderEvent
from services.bidding.domain.facts import Disclosure, Facts, Secrets, hidden_upload, released
from services.bidding.domain.publication import warnings as publication
from services.bidding.domain.rows import Holder, StandingBid
from services.bidding.domain.state import Ceremony, Collecting, Opened, TenderState, Unsealing
from shared.kernel.decider import Decision, redecide
from shared.kernel.errors import NotYet, Refusal
from shared.kernel.request import SYSTEM, Actor
from shared.law.calendar import Calendar, CalendarYear
from shared.law.findings import day_of
from shared.procedure.opening import handed_in
from shared.seal.recovery import recover_key
from shared.seal.sealed import Meaning
from shared.seal.wire import Authority, raw, text
from tests.bidding import drafts, opening
from tests.bidding import factories as make
from tests.bidding.stage import Stage, made

S = TypeVar("S")
SECRETS = Secrets(meaning_key=make.KEYS.meaning)
OPENING = make.DUE + timedelta(minutes=1)


def but_publication(found: Iterable[Alarm]) -> list[Alarm]:
    """Return alarms without those about publication: a tender played here is published nowhere."""
    return [alarm for alarm in found if alarm.code not in publication.WORDS]


class Elsewhere(AssertionError):
    """The tender is in another phase than a test expects."""


@dataclass
class Play:
    """One tender: its state, its record, the sealed bids as the bidders kept them, and the hour."""

    state: TenderState = LINE.decider.initial
    record: list[Decision[TenderRequest, TenderEvent]] = field(default_factory=list)
    bids: dict[str, make.SealedBid] = field(default_factory=dict)
    now: datetime = make.ANNOUNCED
    stage: Stage = field(default_factory=made)
    calendar: Calendar = make.CALENDAR

    @property
    def events(self) -> list[TenderEvent]:
        return [event for decision in self.record for event in decision.events]

    @property
    def _next_id(self) -> str:
        return f"command-{len(self.record) + 1}"

    def at(self, phase: type[S]) -> S:
        """Return the state, which must be of this phase."""
        if not isinstance(self.state, phase):
            raise Elsewhere(type(self.state).__name__)
        return self.state

    def ask(
        self,
        command: TenderCommand,
        actor: Actor = make.AGENCY,
        at: datetime | None = None,
        facts: Facts | None = None,
        secrets: Secrets = SECRETS,
    ) -> Sequence[TenderEvent]:
        """Decide and record, as the service does; a refusal leaves its own record and is raised."""
        self.now = at or self.now
        request = self._request(command, actor, facts or Facts(), secrets)
        try:
            events = self.stage.decide(request, self.state)
        except NotYet:
            raise
        except Refusal as refusal:
            self._keep(request, (LINE.refused(request, refusal),))
            raise
        self._keep(request, events)
        return tuple(events)

    def _request(self, command: TenderCommand, actor: Actor, facts: Facts, secrets: Secrets) -> TenderRequest:
        if isinstance(command, DeliverSealed) and facts.uploaded is None:
            whole = hidden_upload(make.KEYS.meaning, self._next_id, complete=True)
            facts = facts.model_copy(update={"uploaded": whole})
        return TenderRequest(
            id=self._next_id,
            stream=make.STREAM,
            actor=actor,
            received_at=self.now,
            command=command,
            facts=facts,
            secrets=secrets,
        )

    def _keep(self, request: TenderRequest, events: Iterable[Any]) -> None:
        decision = Decision(request, tuple(events))
        self.record.append(decision)
        self.state = LINE.decider.replay(decision.events, self.state)

    def copy(self) -> "Play":
        """Return the same tender, to be played on apart: where its record is stored, in a place of its own."""
        stage = self.stage.apart([decision.request for decision in self.record])
        return replace(self, record=list(self.record), bids=dict(self.bids), stage=stage)

    def audit(self, secrets: Secrets | None = None) -> TenderState:
        """Make every decision again from what was stored, as an auditor does; return the state.

        The secrets are those that the record has released, or given by who may know them before.
        """
        secrets = secrets or released(self.events)
        stored = (LINE.requests.validate_json(decision.request.canonical()) for decision in self.record)
        record = [
            Decision(request.model_copy(update={"secrets": secrets}), decision.events)
            for request, decision in zip(stored, self.record, strict=True)
        ]
        state: TenderState = redecide(LINE.audited(), record, LINE.refused)
        return state

    # The steps of a tender that keeps the law; each leaves the hour at which it was done.

    def draft(self, **changes: Any) -> "Play":
        self.ask(drafts.draft_tender(**changes))
        return self

    def publish(
        self, *, at: datetime = make.ANNOUNCED, found: Mapping[str, Any] | None = None, **terms: Any
    ) -> Sequence[TenderEvent]:
        """Announce on these terms; `found` is what the handler finds besides the law."""
        rulebook, calendar = BOOKS.put(make.rulebook(day_of(at), self.calendar), self.calendar)
        meaning = make.KEYS.announced.meaning
        facts = Facts(rulebook=rulebook, calendar=calendar, meaning_public_key=meaning, **(found or {}))
        return self.ask(drafts.publish_tender(**terms), at=at, facts=facts)

    def deliver(
        self,
        bidder: make.Bidder,
        meaning: Meaning,
        *,
        at: datetime = make.SALE_ENDS,
        complete: bool = True,
        **facts: Any,
    ) -> Sequence[TenderEvent]:
        given = {"uploaded": hidden_upload(make.KEYS.meaning, self._next_id, complete=complete), **facts}
        return self.ask(bidder.deliver(meaning), bidder.actor, at, make.delivery_facts(**given))

    def bid(
        self, bidder: make.Bidder, price_fen: int = 100_000_000_00, *, at: datetime = make.SALE_ENDS, **changes: Any
    ) -> Sequence[TenderEvent]:
        """Deliver a first bid and keep what its bidder keeps."""
        return self.bid_sealed(bidder, bidder.bid(price_fen, **changes), at=at)

    def bid_sealed(
        self, bidder: make.Bidder, sealed: make.SealedBid, *, at: datetime = make.SALE_ENDS
    ) -> Sequence[TenderEvent]:
        """Deliver a first bid that was sealed in some way of its own."""
        self.bids[bidder.name] = sealed
        return self.deliver(bidder, make.submit(sealed), at=at)

    def close(self, *, at: datetime = OPENING, **facts: Any) -> Sequence[TenderEvent]:
        return self.ask(CloseReception(), SYSTEM, at, Facts(**facts))

    def convene(self, *, at: datetime | None = None) -> Sequence[TenderEvent]:
        return self.ask(StartOpening(), at=at)

    def witness(self) -> Sequence[TenderEvent]:
        return self.ask(NoteWitness(), SYSTEM, facts=Facts(witness=make.WITNESS))

    def proceed(self, *, at: datetime) -> Sequence[TenderEvent]:
        return self.ask(ProceedUnwitnessed(), SYSTEM, at)

    def key(self, bidder: make.Bidder, k_b: str = "", *, at: datetime | None = None) -> Sequence[TenderEvent]:
        return self.ask(bidder.give_key(self.bids[bidder.name], k_b), bidder.actor, at)

    def shares(self, *authorities: Authority) -> Sequence[TenderEvent]:
        """Give the honest shares of some authorities."""
        bids = self.at(Ceremony).bids
        return [event for name in authorities for event in self.ask(opening.give_shares(name, bids), make.AUTHORITY)]

    def end_keys(self, *, early: timedelta = timedelta(0), **facts: Any) -> Sequence[TenderEvent]:
        due = self.at(Collecting).collection.keys_due
        return self.ask(EndKeyCollection(), SYSTEM, due - early, Facts(**facts))

    def unseal(self, **altered: bytes) -> Sequence[TenderEvent]:
        """Open every body whose key is complete, as the opener does, or another body given in its place."""
        state = self.at(Unsealing)
        bodies = {sealed.envelope.bid: sealed.ciphertext for sealed in self.bids.values()} | altered
        openable = {bid.bid for bid in state.collected.bids if bid.openable}
        unsealed = tuple(
            opening.unsealed_bid(bid, self._key_of(bid), bodies[bid.envelope.bid])
            for bid in state.bids
            if bid.bid in openable
        )
        return self.ask(RecordUnsealing(), SYSTEM, facts=Facts(unsealed=unsealed))

    def _key_of(self, bid: StandingBid) -> bytes:
        keys = {event.bid: event.k_b for event in self.events if isinstance(event, KeyGiven)}
        given = {event.authority: event.shares for event in self.events if isinstance(event, SharesGiven)}
        shares = {name: share.share for name, all_ in given.items() for share in all_ if share.bid == bid.bid}
        return recover_key(bid.envelope, raw(keys[bid.bid]), handed_in(shares)).key

    def disclose(self, *bidders: make.Bidder, **changes: Any) -> Sequence[TenderEvent]:
        return self.disclose_holders(*(bidder.holder(**changes) for bidder in bidders))

    def disclose_holders(self, *holders: Holder) -> Sequence[TenderEvent]:
        disclosure = Disclosure(tender_key=text(make.KEYS.k_t), holders=holders)
        return self.ask(NoteDisclosure(), SYSTEM, facts=Facts(disclosure=disclosure))

    def review(self, *failed: make.Bidder, at: datetime | None = None) -> Sequence[TenderEvent]:
        """Judge every application: who `failed` lacks the licence."""
        lacks = Failing(criterion="licence", reason="资质证书已过期")
        parties = {bidder.party for bidder in failed}
        judgments = tuple(
            Judgment(bid=row.bid, failings=(lacks,) if row.party in parties else ())
            for row in self.at(Opened).rows
            if row.outcome == "unsealed"
        )
        return self.ask(ReviewApplications(judgments=judgments), at=at)

    def report(self, *, at: datetime | None = None, **report: Any) -> Sequence[TenderEvent]:
        return self.ask(ReportEvaluation(**report), at=at)

    def ask_report_as(self, actor: Actor) -> Sequence[TenderEvent]:
        return self.ask(ReportEvaluation(), actor)

    def publicise(self, *, at: datetime | None = None) -> Sequence[TenderEvent]:
        return self.ask(drafts.publish_candidates(), at=at)

    def award(self, bid: str, *, at: datetime) -> Sequence[TenderEvent]:
        return self.ask(AwardTender(bid=bid), at=at)

    def recount(self, year: CalendarYear, *, at: datetime | None = None) -> Sequence[TenderEvent]:
        """Let the platform count again because a calendar year was published."""
        facts = Facts(calendar_year=BOOKS.put_year(year))
        return self.ask(RecountDeadlines(year=year.year), SYSTEM, at, facts)

    def sign(self, price_fen: int, *, at: datetime | None = None) -> Sequence[TenderEvent]:
        return self.ask(SignContract(contract_sha256="c" * 64, price_fen=price_fen), make.BUYER, at)


def refusal_of(play: Play, **terms: Any) -> Refusal:
    """Return the refusal that publishing on these terms meets."""
    with pytest.raises(Refusal) as no:
        play.publish(**terms)
    return no.value
