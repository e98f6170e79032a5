"""The envelope of one bid: what is committed to before the deadline, and the client's act of sealing.

K_B, K_A     16 random bytes each; the body's key is K_B XOR K_A
K_B          stays with the bidder until the opening
K_A          split 2-of-3 (Shamir), a share HPKE-sealed to each of agency, supervisor and platform
commitments  SHA-256 of each part, bound to the bid, so that a wrong part is named when it arrives
"""

import hashlib
import hmac
from collections.abc import Sequence
from dataclasses import dataclass
from functools import lru_cache
from typing import Final, Literal, Self

from pydantic import model_validator

from shared.seal.body import KEY_SIZE, Body, key_of, seal_body
from shared.seal.faults import Code, NotOpenable
from shared.seal.keys import (
    KEPT,
    AnnouncedKeys,
    BidderKeyFile,
    NotSealedToMe,
    RandomBytes,
    hpke_open,
    hpke_public,
    hpke_seal,
)
from shared.seal.shamir import split
from shared.seal.statement import Statement
from shared.seal.walk import Sink, Source
from shared.seal.wire import AUTHORITIES, Authority, BidIds, Bytes98, Digest, SealError, Wire, raw, text

SCHEME: Final = "cobblestone-128+shamir-2-of-3+hpke-p256-hkdf-sha256-aes-128-gcm"
THRESHOLD = 2


class Commitments(Wire):
    """SHA-256 over context|label, a zero byte and the part; labels `k_b`, `k_a`, `share|1` to `share|3`."""

    k_b: Digest
    k_a: Digest
    shares: tuple[Digest, Digest, Digest]


class Wrap(Wire):
    """One share, sealed to one authority; `key` is the SHA-256 of the 65-byte public key it is sealed to."""

    authority: Authority
    key: Digest
    sealed: Bytes98


class Dealt(BidIds):
    """The key of one bid, dealt out: what its parts are committed to, and the shares sealed to the authorities."""

    commitments: Commitments
    wraps: tuple[Wrap, Wrap, Wrap]

    @model_validator(mode="after")
    def _has_one_wrap_for_each(self) -> Self:
        if tuple(wrap.authority for wrap in self.wraps) != AUTHORITIES:
            raise ValueError("expected one wrap each for agency, supervisor, platform, in this order")
        return self


class Envelope(Dealt):
    """A sealed bid without its body. Who made it is said by the signed delivery of the message it travels in."""

    v: Literal[1] = 1
    scheme: Literal["cobblestone-128+shamir-2-of-3+hpke-p256-hkdf-sha256-aes-128-gcm"] = SCHEME
    body: Body


@dataclass(frozen=True, slots=True)
class Halves:
    """The two halves of a bid's key, and what is said of them in the open."""

    k_b: bytes
    k_a: bytes
    commitments: Commitments
    wraps: tuple[Wrap, Wrap, Wrap]


def seal_bid(
    statement: Statement,
    documents: Sequence[Source],
    announced: AnnouncedKeys,
    sink: Sink,
    random_bytes: RandomBytes,
) -> tuple[Envelope, BidderKeyFile]:
    """Seal a bid on the bidder's own machine: the body goes to `sink`, envelope and key file are returned.

    `random_bytes` is asked for K_B, K_A and Shamir's coefficient, in this order, 16 bytes each. HPKE's ephemeral
    keys and Cobblestone's salt are drawn by `cryptography` itself. Raise SealError for a statement of another
    tender, or one whose signature or documents do not hold.
    """
    if statement.tender != announced.tender:
        raise SealError("the statement is for another tender than the announced keys")
    halves = deal(statement, announced, random_bytes)
    parts = {
        "body": seal_body(statement, documents, key_of(halves.k_b, halves.k_a), sink),
        "commitments": halves.commitments,
        "wraps": halves.wraps,
    }
    envelope = Envelope.model_validate({**statement.names(), **parts})
    return envelope, BidderKeyFile.model_validate({**statement.names(), "k_b": text(halves.k_b)})


def deal(ids: BidIds, announced: AnnouncedKeys, random_bytes: RandomBytes) -> Halves:
    """Make the two halves of a bid's key and deal the authorities' half out to them, 2-of-3.

    `random_bytes` is asked for K_B, K_A and Shamir's coefficient, in this order, 16 bytes each.
    """
    k_b, k_a = random_bytes(KEY_SIZE), random_bytes(KEY_SIZE)
    shares = split(k_a, THRESHOLD, len(AUTHORITIES), random_bytes)
    return Halves(k_b, k_a, _commit_all(ids, k_b, k_a, shares), _wrap(ids, announced, shares))


def _commit_all(ids: BidIds, k_b: bytes, k_a: bytes, shares: Sequence[bytes]) -> Commitments:
    first, second, third = (commit(ids, share_label(index), share) for index, share in enumerate(shares, start=1))
    return Commitments(k_b=commit(ids, "k_b", k_b), k_a=commit(ids, "k_a", k_a), shares=(first, second, third))


def _wrap(ids: BidIds, announced: AnnouncedKeys, shares: Sequence[bytes]) -> tuple[Wrap, Wrap, Wrap]:
    first, second, third = (
        Wrap(
            authority=authority,
            key=key_digest(announced.of(authority)),
            sealed=text(hpke_seal(announced.of(authority), share, share_info(ids, index))),
        )
        for index, (authority, share) in enumerate(zip(AUTHORITIES, shares, strict=True), start=1)
    )
    return first, second, third


def commit(ids: BidIds, label: str, value: bytes) -> str:
    """Return the commitment to one part of one bid: SHA-256(context|label, a zero byte, value), hexadecimal."""
    return hashlib.sha256(ids.labelled(label) + b"\0" + value).hexdigest()


def share_label(index: int) -> str:
    """Return the label of the share with this index in commitments."""
    return f"share|{index}"


def share_info(ids: BidIds, index: int) -> bytes:
    """Return HPKE's info for the share with this index: a share of another bid or place does not open."""
    return ids.labelled(str(index))


@lru_cache(maxsize=KEPT)
def key_digest(public_key: str) -> str:
    """Return the SHA-256 of a public key's 65 bytes, in hexadecimal."""
    return hashlib.sha256(raw(public_key)).hexdigest()


def check_announced(envelope: Dealt, announced: AnnouncedKeys) -> None:
    """Raise NotOpenable (keys_not_announced) unless the envelope is sealed to this tender's announced keys."""
    if envelope.tender != announced.tender:
        raise NotOpenable(Code.KEYS_NOT_ANNOUNCED, detail="tender")
    for wrap in envelope.wraps:
        if wrap.key != key_digest(announced.of(wrap.authority)):
            raise NotOpenable(Code.KEYS_NOT_ANNOUNCED, wrap.authority, detail=wrap.authority)


def check_key(envelope: Dealt, k_b: bytes) -> bool:
    """Tell whether `k_b` is the bidder's half that the envelope commits to."""
    return hmac.compare_digest(commit(envelope, "k_b", k_b), envelope.commitments.k_b)


def check_share(envelope: Dealt, index: int, share: bytes) -> bool:
    """Tell whether `share` is the one, of index 1 to 3, that the envelope commits to, and is of the right form."""
    committed = envelope.commitments.shares[place(index)]
    matches = hmac.compare_digest(commit(envelope, share_label(index), share), committed)
    return matches and is_share(index, share)


def is_share(index: int, share: bytes) -> bool:
    """Tell whether bytes have the form of the share with this index: 16 bytes and its x coordinate."""
    return len(share) == KEY_SIZE + 1 and share[-1] == index


def place(index: int) -> int:
    """Return where index 1 to 3 stands in a list. Raise SealError for any other."""
    if not 1 <= index <= len(AUTHORITIES):
        raise SealError(f"a share's index is 1 to {len(AUTHORITIES)}")
    return index - 1


def open_share(private_key: str, envelope: Dealt, index: int) -> bytes:
    """Return the share (17 bytes) that is sealed to the authority with this index and per-tender private key.

    Raise NotOpenable (share_rubbish, the bidder's fault) if what was sealed to it does not open or does not
    match its commitment: the authority then hands in a complaint instead. Raise SealError for the key of
    someone else, so that a wrong key file never makes a complaint; call `check_announced` first.
    """
    wrap = envelope.wraps[place(index)]
    if key_digest(hpke_public(private_key)) != wrap.key:
        raise SealError(f"this is not the private key of the {wrap.authority}'s key in the envelope")
    try:
        share = hpke_open(private_key, raw(wrap.sealed), share_info(envelope, index))
    except NotSealedToMe as error:
        raise NotOpenable(Code.SHARE_RUBBISH, wrap.authority) from error
    if not check_share(envelope, index, share):
        raise NotOpenable(Code.SHARE_RUBBISH, wrap.authority)
    return share
