"""A small tender to seal bids for: keys, a party, documents; all from seeded randomness."""

import hashlib
import io
import random
from dataclasses import dataclass
from typing import Any

from shared.seal.body import key_of
from shared.seal.envelope import Envelope, open_share, seal_bid
from shared.seal.keys import (
    AnnouncedKeys,
    AuthorityKeys,
    RandomBytes,
    hpke_public,
    new_hpke_key,
    new_signing_key,
)
from shared.seal.shamir import combine
from shared.seal.statement import Document, Factor, Offer, Party, Statement, sign_offer
from shared.seal.wire import AUTHORITIES, raw

TENDER = "T2026-0001"
LOT = "lot-1"
TOKEN = "a" * 64
DRAWING = b"drawing " * 3000
LETTER = "投标函".encode()
FILES = {"投标函.txt": LETTER, "drawing.bin": DRAWING, "空.txt": b""}


def dice(seed: int = 1) -> RandomBytes:
    """Return a source of random bytes that a test can repeat."""
    return random.Random(seed).randbytes


def document(name: str, content: bytes) -> Document:
    return Document(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())


def offer(**changes: Any) -> Offer:
    """Return an offer of the law-abiding bidder, with changes."""
    fields: dict[str, Any] = {
        "tender": TENDER,
        "lot": LOT,
        "bid": "bid-1",
        "token": TOKEN,
        "party": Party(scheme="CN-USCC", id="91350000MA347WHE48", name="示例建设有限公司"),
        "price_fen": 123_456_789_00,
        "days": 365,
        "quality": "合格",
        "factors": (Factor(code="discount", value="0.035"), Factor(code="staff", value=12)),
        "documents": tuple(document(name, content) for name, content in FILES.items()),
    }
    return Offer.model_validate({**fields, **changes})


def statement(account: str | None = None, **changes: Any) -> Statement:
    """Return a signed statement; changes go in before the signature."""
    return sign_offer(offer(**changes), account or new_signing_key(dice(99)))


def streams(files: dict[str, bytes] | None = None) -> list[io.BytesIO]:
    return [io.BytesIO(content) for content in (FILES if files is None else files).values()]


@dataclass(frozen=True)
class Tender:
    """The keys of one tender: what is announced, and the private halves by index 1 to 3."""

    announced: AnnouncedKeys
    private: dict[int, str]
    meaning: str


def tender(seed: int = 7, name: str = TENDER) -> Tender:
    roll = dice(seed)
    private = {index: new_hpke_key(roll) for index in (1, 2, 3)}
    meaning = new_hpke_key(roll)
    authorities = dict(zip(AUTHORITIES, map(hpke_public, private.values()), strict=True))
    announced = AnnouncedKeys(
        tender=name, meaning=hpke_public(meaning), authorities=AuthorityKeys.model_validate(authorities)
    )
    return Tender(announced, private, meaning)


@dataclass(frozen=True)
class Sealed:
    """A sealed bid with everything that its opening needs."""

    envelope: Envelope
    k_b: bytes
    ciphertext: bytes
    shares: dict[int, bytes]

    @property
    def key(self) -> bytes:
        return key_of(self.k_b, combine([self.shares[1], self.shares[2]]))


def sealed_bid(at: Tender, seed: int = 1, **changes: Any) -> Sealed:
    """Return an honest bid, sealed to the tender's announced keys."""
    sink = io.BytesIO()
    envelope, key_file = seal_bid(statement(**changes), streams(), at.announced, sink, dice(seed))
    shares = {index: open_share(private, envelope, index) for index, private in at.private.items()}
    return Sealed(envelope, raw(key_file.k_b), sink.getvalue(), shares)
