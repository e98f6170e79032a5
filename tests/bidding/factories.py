"""Law-abiding parties, keys and times to build tenders from, real but decided by a seed; system tests use them too."""

import hashlib
import io
from collections.abc import Callable
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta
from functools import cached_property
from typing import Any

from services.bidding.domain.commands import DeliverSealed, GiveKey
from services.bidding.domain.facts import Facts
from services.bidding.domain.law import LAW
from services.bidding.domain.rows import Checkpoint, Holder
from shared.kernel.canonical import digest
from shared.kernel.request import SYSTEM, Actor
from shared.law.calendar import Calendar, calendar_of, load_calendar
from shared.law.rulebook import Rulebook, compile_rulebook
from shared.seal import credential as credentials
from shared.seal.envelope import Envelope, seal_bid
from shared.seal.handin import hand_in_key
from shared.seal.keys import (
    AnnouncedKeys,
    AuthorityKeys,
    hpke_public,
    new_hpke_key,
    new_signing_key,
    signing_public,
)
from shared.seal.sealed import Meaning, Submit, seal_meaning
from shared.seal.statement import Document, Offer, Party, sign_offer
from shared.seal.wire import AUTHORITIES, Authority, raw, text

STREAM = "tender-1"
DAY = timedelta(days=1)
MICROSECOND = timedelta(microseconds=1)


def beijing(day: int, hour: int = 0, minute: int = 0, *, month: int = 12, year: int = 2026) -> datetime:
    """Return an instant by its day and hour in Beijing."""
    return datetime(year, month, day, hour, minute, tzinfo=UTC) - timedelta(hours=8)


ANNOUNCED = beijing(1, 9)
SALE_STARTS = beijing(1, 10)
SALE_ENDS = beijing(7, 17)
DUE = beijing(22, 9)
VALID_UNTIL = beijing(31)
CEILING = 120_000_000_00

AGENCY = Actor(account="agency-1", role="agency", region="370500", party="X-AGENCY:1")
BUYER = Actor(account="buyer-1", role="tenderer", region="370500", party="X-BUYER:1")
OPERATOR = Actor(account="operator-1", role="operator")
AUTHORITY = Actor(account="authority-1", role="authority")
EVERYONE = (AGENCY, BUYER, OPERATOR, AUTHORITY, SYSTEM)


def dice(seed: object) -> Callable[[int], bytes]:
    """Return a source of bytes that a seed decides: SHA-256 in counter mode."""
    count = 0

    def random_bytes(size: int) -> bytes:
        nonlocal count
        count += 1
        return hashlib.shake_256(f"{seed}|{count}".encode()).digest(size)

    return random_bytes


CALENDAR = load_calendar()


def rulebook(day: date = date(2026, 12, 1), calendar: Calendar = CALENDAR) -> Rulebook:
    """Return the rulebook for tenders announced on a day."""
    return compile_rulebook("bidding", day, LAW, calendar)


def year_of_calendar(year: int) -> Calendar:
    """Return a calendar that knows one year alone."""
    return calendar_of([CALENDAR.years[year]])


@dataclass(frozen=True)
class Keys:
    """Every private key of one tender but the bidders' own."""

    seed: str = "keys"

    @cached_property
    def meaning(self) -> str:
        return new_hpke_key(dice(f"{self.seed}-meaning"))

    @cached_property
    def registry(self) -> str:
        return new_signing_key(dice(f"{self.seed}-registry"))

    @cached_property
    def k_t(self) -> bytes:
        return credentials.tender_key(dice(f"{self.seed}-tokens")(32), STREAM)

    def of(self, authority: Authority) -> str:
        """Return an authority's private key."""
        return new_hpke_key(dice(f"{self.seed}-{authority}"))

    @cached_property
    def authorities(self) -> AuthorityKeys:
        return AuthorityKeys(**{name: hpke_public(self.of(name)) for name in AUTHORITIES})

    @cached_property
    def announced(self) -> AnnouncedKeys:
        return AnnouncedKeys(tender=STREAM, meaning=hpke_public(self.meaning), authorities=self.authorities)


KEYS = Keys()
PLAN = b"construction plan"


@dataclass(frozen=True)
class SealedBid:
    """What a bidder's client made: envelope and key, and the body that was uploaded."""

    envelope: Envelope
    k_b: str
    ciphertext: bytes


@dataclass(frozen=True)
class Bidder:
    """A party with its keys for this tender."""

    name: str
    zh: str
    keys: Keys = KEYS

    @property
    def party(self) -> Party:
        return Party(scheme="X-TEST", id=self.name, name=f"{self.zh}建设有限公司")

    @property
    def token(self) -> str:
        return credentials.token_of(self.keys.k_t, self.party)

    @property
    def actor(self) -> Actor:
        return Actor(account=self.token, role="token")

    @cached_property
    def one_time_key(self) -> str:
        return new_signing_key(dice(f"{self.name}-one-time"))

    @cached_property
    def account_key(self) -> str:
        return new_signing_key(dice(f"{self.name}-account"))

    def holder(self, **changes: Any) -> Holder:
        """Return what the registry discloses of this bidder."""
        return Holder.model_validate(
            {"token": self.token, "party": self.party, "account_keys": (signing_public(self.account_key),), **changes}
        )

    def credential(
        self, *, until: datetime = VALID_UNTIL, not_suspended: bool = True, tender: str = STREAM
    ) -> credentials.Credential:
        """Return the registry's word for the one-time key."""
        return credentials.issue(
            self.keys.registry,
            tender=tender,
            token=self.token,
            public_key=signing_public(self.one_time_key),
            facts=credentials.Facts(not_suspended=not_suspended, region="370500", deposit=True),
            until=until,
        )

    def bid(
        self,
        price_fen: int = 100_000_000_00,
        *,
        bid: str = "",
        lot: str = "lot-1",
        party: Party | None = None,
        announced: AnnouncedKeys | None = None,
        **more: Any,
    ) -> SealedBid:
        """Seal a bid with one small document; a price of 0 is left out."""
        offer = Offer(
            tender=STREAM,
            lot=lot,
            bid=bid or f"bid-of-{self.name}",
            token=self.token,
            party=party or self.party,
            price_fen=price_fen or None,
            days=180,
            quality="合格",
            documents=(Document(name="施工组织设计.pdf", size=len(PLAN), sha256=digest(PLAN)),),
            **more,
        )
        return self.seal(offer, announced or self.keys.announced)

    def seal(self, offer: Offer, announced: AnnouncedKeys) -> SealedBid:
        """Sign and seal an offer."""
        body, random_bytes = io.BytesIO(), dice(f"{self.name}-{offer.bid}-{offer.price_fen}")
        statement = sign_offer(offer, self.account_key)
        envelope, key = seal_bid(statement, [io.BytesIO(PLAN)], announced, body, random_bytes)
        return SealedBid(envelope, key.k_b, body.getvalue())

    def deliver(self, meaning: Meaning, *, credential: credentials.Credential | None = None) -> DeliverSealed:
        """Return the command that hands a meaning in."""
        return self.deliver_bytes(seal_meaning(self.keys.announced.meaning, STREAM, self.token, meaning), credential)

    def deliver_bytes(self, sealed: bytes, credential: credentials.Credential | None = None) -> DeliverSealed:
        """Return the command that hands in sealed bytes, whatever they are."""
        delivery = credentials.sign_delivery(self.one_time_key, STREAM, self.token, sealed)
        return DeliverSealed(
            credential=credential or self.credential(), sealed=text(sealed), signature=delivery.signature
        )

    def give_key(self, sealed: SealedBid, k_b: str = "") -> GiveKey:
        """Return the command that hands in this bidder's half, or another in its place."""
        signed = hand_in_key(sealed.envelope, raw(k_b or sealed.k_b), self.one_time_key)
        return GiveKey(bid=sealed.envelope.bid, k_b=signed.k_b, signature=signed.signature)


CRANE, HERON, EGRET, STORK = (
    Bidder("crane", "白鹤"), Bidder("heron", "苍鹭"), Bidder("egret", "白鹭"), Bidder("stork", "东方白鹳")
)  # fmt: skip
"""Birds of the Yellow River's mouth."""


WITNESS = Checkpoint(origin="ledger.example/2026", size=7, root="cm9vdA==", cosignatures=("archive.example",))


def submit(sealed: SealedBid, replaces: str | None = None) -> Submit:
    """Return the meaning of a bid."""
    return Submit(envelope=sealed.envelope, replaces=replaces)


def delivery_facts(**changes: Any) -> Facts:
    """Return what the handler finds for a delivery that nothing stands against."""
    found = {"registry_key": signing_public(KEYS.registry), "not_suspended": True}
    return Facts.model_validate({**found, **changes})
