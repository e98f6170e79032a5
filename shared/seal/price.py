"""A sealed price: what is bid in a tender that the price alone decides, opened by its bidder and two authorities.

It is sealed as a bid with a body is: under K_B XOR K_A, where K_B stays with the bidder and K_A is dealt out 2-of-3,
each part committed to. It travels in the one sealed shape of `shared.seal.sealed`. Where more than the price decides,
it also binds the documents of the offer (投标文件), by one commitment under the bidder's half.
"""

import hmac
from typing import Annotated, Final, Literal

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER
from shared.seal.body import key_of
from shared.seal.envelope import Dealt, commit, deal
from shared.seal.faults import Code, NotOpenable
from shared.seal.keys import AnnouncedKeys, BidderKeyFile, RandomBytes
from shared.seal.sealed import Cover, Submitted, Withdraw, open_padded, seal_padded
from shared.seal.wire import BidIds, Bytes24, Digest, SealError, Unreadable, Wire, raw, text

SCHEME: Final = "aes-128-gcm+shamir-2-of-3+hpke-p256-hkdf-sha256-aes-128-gcm"

_NONCE = bytes(12)  # a key seals one price
_SIZE = 8  # bytes, for every amount: their number says nothing of it


class SealedPrice(Dealt):
    """A price under a key that is dealt out; the commitments to its halves leave it one meaning.

    `sealed`: the fen in 8 bytes, big-endian, in AES-128-GCM with the bid's context and `price` as associated data.
    `papers`: what the documents of the offer are committed to, of which it tells nothing while K_B is secret.
    """

    v: Literal[1] = 1
    scheme: Literal["aes-128-gcm+shamir-2-of-3+hpke-p256-hkdf-sha256-aes-128-gcm"] = SCHEME
    sealed: Bytes24
    papers: Digest | None = Field(default=None, exclude_if=lambda papers: papers is None)


class Offered(Submitted[SealedPrice]):
    """A price."""


PriceMeaning = Offered | Withdraw | Cover


class _Padded(Wire):
    meaning: Annotated[PriceMeaning, Field(discriminator="kind")]


def price_ids(procedure: str, bid: str, token: str) -> BidIds:
    """Return the names that a sealed price is bound to: a procedure that sells one lot is that lot."""
    return BidIds(tender=procedure, lot=procedure, bid=bid, token=token)


def seal_price(
    ids: BidIds,
    amount_fen: int,
    announced: AnnouncedKeys,
    random_bytes: RandomBytes,
    papers: bytes | None = None,
) -> tuple[SealedPrice, BidderKeyFile]:
    """Seal a price on the bidder's own machine; return it, and the bidder's half of its key.

    `papers` is the digest of the offer's documents, where there are some. `random_bytes` is asked for K_B, K_A and
    Shamir's coefficient, in this order, 16 bytes each. Raise SealError for an amount under 1 fen or over 2^53 - 1, or
    keys of another procedure.
    """
    if not 1 <= amount_fen <= MAX_INTEGER or ids.tender != announced.tender:
        raise SealError("not a price in fen for the procedure of these keys")
    halves = deal(ids, announced, random_bytes)
    key = key_of(halves.k_b, halves.k_a)
    sealed = AESGCM(key).encrypt(_NONCE, amount_fen.to_bytes(_SIZE), ids.labelled("price"))
    bound = None if papers is None else _bound(ids, halves.k_b, papers)
    parts = {"commitments": halves.commitments, "wraps": halves.wraps, "sealed": text(sealed), "papers": bound}
    key_file = BidderKeyFile.model_validate({**ids.names(), "k_b": text(halves.k_b)})
    return SealedPrice.model_validate({**ids.names(), **parts}), key_file


def papers_hold(price: SealedPrice, k_b: bytes, papers: bytes) -> bool:
    """Tell whether documents of this digest are those that were committed to with the price."""
    return price.papers is not None and hmac.compare_digest(_bound(price, k_b, papers), price.papers)


def _bound(ids: BidIds, k_b: bytes, papers: bytes) -> str:
    """Return the commitment to documents; only who knows K_B can compare a guess with it."""
    return commit(ids, "papers", k_b + papers)


def open_price(price: SealedPrice, key: bytes) -> int:
    """Return a price in fen from its recovered key. Raise NotOpenable, the bidder's fault, if it holds none."""
    try:
        opened = AESGCM(key).decrypt(_NONCE, raw(price.sealed), price.labelled("price"))
    except InvalidTag as error:
        raise NotOpenable(Code.BODY_UNDECRYPTABLE) from error
    amount_fen = int.from_bytes(opened)
    if not 1 <= amount_fen <= MAX_INTEGER:
        raise NotOpenable(Code.STATEMENT_INVALID, detail="price")
    return amount_fen


def seal_price_meaning(announced: AnnouncedKeys, token: str, meaning: PriceMeaning) -> bytes:
    """Return a first price, its replacement or its withdrawal in the one sealed shape, as text of one length."""
    return seal_padded(announced.meaning, announced.tender, token, _Padded(meaning=meaning).to_bytes())


def open_price_meaning(private_key: str, procedure: str, token: str, sealed: bytes) -> PriceMeaning:
    """Return what a sealed message means. Raise NotOpenable, the bidder's fault, if it has no meaning here."""
    try:
        meaning = _Padded.from_bytes(open_padded(private_key, procedure, token, sealed)).meaning
    except Unreadable as error:
        raise NotOpenable(Code.MEANING_UNREADABLE) from error
    if isinstance(meaning, Offered):
        of = meaning.envelope
        if (of.tender, of.lot, of.token) != (procedure, procedure, token):
            raise NotOpenable(Code.MEANING_OF_ANOTHER)
    return meaning
