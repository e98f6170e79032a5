"""The one shape in which a bid is submitted, replaced or withdrawn: its meaning, padded and sealed until the opening.

Whoever sees the sealed messages before the tender's meaning key is released sees equal lengths and no kinds.
"""

from collections.abc import Iterable
from functools import lru_cache
from typing import Annotated, Generic, Literal, TypeVar

from pydantic import Field

from shared.seal.envelope import Dealt, Envelope
from shared.seal.faults import Code, NotOpenable
from shared.seal.keys import HPKE_OVERHEAD, NotSealedToMe, hpke_open, hpke_seal
from shared.seal.wire import Id, SealError, Unreadable, Wire, raw

PADDED_SIZE = 4096
SEALED_SIZE = PADDED_SIZE + HPKE_OVERHEAD
"""Bytes of every sealed message."""

_LENGTH = 4

E = TypeVar("E", bound=Dealt)
"""What is sealed of a bid: its envelope, or a price alone."""


class Submitted(Wire, Generic[E]):
    """What is bid, sealed; `replaces` names the party's standing bid for the lot, or is null for the first."""

    kind: Literal["submit"] = "submit"
    envelope: E
    replaces: Id | None


class Submit(Submitted[Envelope]):
    """A bid with a body."""


class Withdraw(Wire):
    """The standing bid with this id is taken back (招标投标法 第二十九条)."""

    kind: Literal["withdraw"] = "withdraw"
    replaces: Id


class Cover(Wire):
    """A dummy that says nothing, sent so that the count of messages is only an upper bound."""

    kind: Literal["cover"] = "cover"


Meaning = Submit | Withdraw | Cover


class _Padded(Wire):
    meaning: Annotated[Meaning, Field(discriminator="kind")]


def seal_meaning(public_key: str, tender: str, token: str, meaning: Meaning) -> bytes:
    """Return SEALED_SIZE bytes for the tender's meaning key; HPKE's ephemeral key is drawn by `cryptography`.

    Raise SealError if the meaning is of another tender or token, or too long for the one shape.
    """
    if not _is_of(meaning, tender, token):
        raise SealError("the envelope is for another tender or token")
    return seal_padded(public_key, tender, token, _Padded(meaning=meaning).to_bytes())


def seal_padded(public_key: str, tender: str, token: str, encoded: bytes) -> bytes:
    """Return SEALED_SIZE bytes that hold an encoded meaning. Raise SealError if it is too long for the one shape."""
    if len(encoded) > PADDED_SIZE - _LENGTH:
        raise SealError(f"a meaning has at most {PADDED_SIZE - _LENGTH} bytes")
    padded = (len(encoded).to_bytes(_LENGTH) + encoded).ljust(PADDED_SIZE, b"\0")
    return hpke_seal(public_key, padded, meaning_info(tender, token))


@lru_cache(maxsize=8)  # a message is read for its facts, for the decision and for the receipt, one after the other
def sealed_bytes(sealed: str) -> bytes:
    """Return the bytes of a sealed message's text. Raise Unreadable unless it is their only spelling."""
    return raw(sealed)


@lru_cache(maxsize=8)  # a message is opened for its facts, and at once again for the decision
def open_meaning(private_key: str, tender: str, token: str, sealed: bytes) -> Meaning:
    """Return what a sealed message means. Raise NotOpenable, the bidder's fault, if it has no meaning here."""
    try:
        meaning = _Padded.from_bytes(open_padded(private_key, tender, token, sealed)).meaning
    except Unreadable as error:
        raise NotOpenable(Code.MEANING_UNREADABLE) from error
    if not _is_of(meaning, tender, token):
        raise NotOpenable(Code.MEANING_OF_ANOTHER)
    return meaning


def open_padded(private_key: str, tender: str, token: str, sealed: bytes) -> bytes:
    """Return the encoded meaning of a sealed message. Raise NotOpenable or Unreadable if it holds none here."""
    if len(sealed) != SEALED_SIZE:
        raise NotOpenable(Code.MEANING_UNREADABLE, detail="size")
    try:
        return _without_padding(hpke_open(private_key, sealed, meaning_info(tender, token)))
    except NotSealedToMe as error:
        raise NotOpenable(Code.MEANING_UNREADABLE) from error


def meaning_info(tender: str, token: str) -> bytes:
    """Return HPKE's info for a sealed message: it opens for this tender and token only."""
    return f"gov-meaning/v1|{tender}|{token}".encode()


def standing(meanings: Iterable[Submitted[E] | Withdraw | Cover]) -> tuple[E, ...]:
    """Return the bids that stand after one token's messages in the order of their arrival, at most one a lot.

    A first bid for a lot replaces nothing; a later one takes effect only if it names the standing bid, as a
    withdrawal must. An id counts once, so a message sent again brings nothing back.
    """
    bids: dict[str, E] = {}
    seen: set[str] = set()
    for meaning in meanings:
        match meaning:
            case Submitted(envelope=envelope, replaces=replaces):
                current = bids.get(envelope.lot)
                if envelope.bid not in seen and replaces == (current.bid if current else None):
                    bids[envelope.lot] = envelope
                seen.add(envelope.bid)
            case Withdraw(replaces=bid):
                bids = {lot: envelope for lot, envelope in bids.items() if envelope.bid != bid}
            case Cover():
                pass
    return tuple(bids.values())


def _is_of(meaning: Meaning, tender: str, token: str) -> bool:
    if isinstance(meaning, Submit):
        return (meaning.envelope.tender, meaning.envelope.token) == (tender, token)
    return True


def _without_padding(padded: bytes) -> bytes:
    size = int.from_bytes(padded[:_LENGTH])
    message, padding = padded[_LENGTH : _LENGTH + size], padded[_LENGTH + size :]
    if len(message) != size or padding != bytes(len(padding)):
        raise Unreadable("not a padded message")
    return message
