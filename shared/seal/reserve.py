"""A reserve price (底价), sealed before the announcement, that two of three authorities open when bidding has ended.

Until then nobody but the seller knows it, and nobody at all, the seller included, can change it or set it later
(招标拍卖挂牌出让国有建设用地使用权规定 第十条: 在拍卖、挂牌出让活动结束之前应当保密).
"""

import hashlib
import hmac
from collections.abc import Mapping, Sequence
from typing import Final, Literal, Self

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from pydantic import model_validator

from shared.seal.body import KEY_SIZE
from shared.seal.envelope import THRESHOLD, Wrap, is_share, key_digest
from shared.seal.faults import AUTHORITY_ZH
from shared.seal.keys import AuthorityKeys, NotSealedToMe, RandomBytes, hpke_open, hpke_public, hpke_seal
from shared.seal.promise import SALT_SIZE, commit, content, of_content, opens
from shared.seal.shamir import combine, split
from shared.seal.wire import (
    AUTHORITIES,
    Authority,
    Bytes17,
    Bytes56,
    Digest,
    Id,
    SealError,
    Unreadable,
    Wire,
    raw,
    text,
)

SCHEME: Final = "aes-128-gcm+shamir-2-of-3+hpke-p256-hkdf-sha256-aes-128-gcm"

Share = Bytes17
"""One share of the key: 16 bytes of y and the authority's index as x."""

_NONCE = bytes(12)  # a key seals one reserve


class ReserveNotOpenable(SealError):
    """A reserve does not open; `whose` fault it is, and why in both languages."""

    def __init__(self, whose: Literal["seller"] | Authority, zh: str, en: str) -> None:
        self.whose, self.en = whose, en
        super().__init__(en, zh)


class SealedReserve(Wire):
    """What a notice holds of a reserve. It has one length for all amounts, and says nothing of them.

    `commitment` is that of `shared.seal.promise` to amount and salt; `sealed` are both under a key of 16 bytes that
    is split 2-of-3; `shares` are the commitments to the three shares, `wraps` the shares, sealed to the authorities.
    """

    v: Literal[1] = 1
    scheme: Literal["aes-128-gcm+shamir-2-of-3+hpke-p256-hkdf-sha256-aes-128-gcm"] = SCHEME
    procedure: Id
    commitment: Digest
    sealed: Bytes56
    shares: tuple[Digest, Digest, Digest]
    wraps: tuple[Wrap, Wrap, Wrap]

    @model_validator(mode="after")
    def _has_a_wrap_and_a_key_for_each(self) -> Self:
        if tuple(wrap.authority for wrap in self.wraps) != AUTHORITIES:
            raise ValueError("expected one wrap each for agency, supervisor, platform, in this order")
        if len({wrap.key for wrap in self.wraps}) != len(AUTHORITIES):
            raise ValueError("two authorities have the same key: one of them could open the reserve alone")
        return self


def seal_reserve(
    procedure: str, amount_fen: int, authorities: AuthorityKeys, random_bytes: RandomBytes
) -> tuple[SealedReserve, bytes]:
    """Seal a reserve on the seller's own machine; return it with its salt, which the seller may keep.

    `random_bytes` is asked for key (16), salt (32) and Shamir's coefficient (16), in this order. HPKE's ephemeral keys
    are drawn by `cryptography` itself. Raise ValueError for an amount under 1 fen or over 2^53 - 1, a name that is no
    id, or keys that are not three distinct points.
    """
    key, salt = random_bytes(KEY_SIZE), random_bytes(SALT_SIZE)
    shares = split(key, THRESHOLD, len(AUTHORITIES), random_bytes)
    parts = {
        "procedure": procedure,
        "sealed": text(AESGCM(key).encrypt(_NONCE, content(amount_fen, salt), _context(procedure))),
        "commitment": commit(procedure, amount_fen, salt),
        "shares": tuple(_commit_share(procedure, share) for share in shares),
        "wraps": tuple(_wrap(procedure, authorities, share) for share in shares),
    }
    return SealedReserve.model_validate(parts), salt


def _wrap(procedure: str, authorities: AuthorityKeys, share: bytes) -> Wrap:
    authority = AUTHORITIES[share[-1] - 1]
    public_key = authorities.of(authority)
    sealed = hpke_seal(public_key, share, _context(procedure, str(share[-1])))
    return Wrap(authority=authority, key=key_digest(public_key), sealed=text(sealed))


def sealed_to(procedure: str, sealed: SealedReserve, authorities: AuthorityKeys) -> bool:
    """Tell whether a reserve says that it is of this procedure and sealed to these keys; ask before it is announced."""
    named = all(wrap.key == key_digest(authorities.of(wrap.authority)) for wrap in sealed.wraps)
    return named and sealed.procedure == procedure


def open_reserve_share(private_key: str, procedure: str, sealed: SealedReserve, authority: Authority) -> str:
    """Return the share that is sealed to one authority, on its own machine.

    Raise ReserveNotOpenable (the seller's fault) for rubbish, SealError for the private key of someone else. Once the
    private key is published, anyone can tell so who was wrong.
    """
    _check_procedure(procedure, sealed)
    index = _index(authority)
    wrap = sealed.wraps[index - 1]
    if key_digest(hpke_public(private_key)) != wrap.key:
        raise SealError(f"this is not the private key of the {authority}'s key in the reserve")
    try:
        share = text(hpke_open(private_key, raw(wrap.sealed), _context(procedure, str(index))))
    except NotSealedToMe as error:
        raise _rubbish(authority) from error
    if not share_holds(procedure, sealed, authority, share):
        raise _rubbish(authority)
    return share


def share_holds(procedure: str, sealed: SealedReserve, authority: Authority, share: str) -> bool:
    """Tell whether a share is the one that the reserve of this procedure commits to for this authority."""
    index = _index(authority)
    try:
        given = raw(share)
    except Unreadable:
        return False
    if sealed.procedure != procedure or not is_share(index, given):
        return False
    return hmac.compare_digest(_commit_share(procedure, given), sealed.shares[index - 1])


def open_reserve(procedure: str, sealed: SealedReserve, shares: Mapping[Authority, str]) -> tuple[int, bytes]:
    """Return the reserve in fen, and its salt, from any two good shares; which two they are makes no difference.

    A share that does not hold is passed over. Raise ReserveNotOpenable: the fault of an authority where fewer than two
    are good, else the seller's, because the shares, what is sealed and the commitment do not belong together.
    """
    _check_procedure(procedure, sealed)
    held = [name for name in AUTHORITIES if name in shares and share_holds(procedure, sealed, name, shares[name])]
    if len(held) < THRESHOLD:
        raise _too_few(shares, held)
    key = _key(procedure, sealed, [raw(shares[name]) for name in held])
    try:
        amount_fen, salt = of_content(AESGCM(key).decrypt(_NONCE, raw(sealed.sealed), _context(procedure)))
    except (InvalidTag, SealError) as error:
        raise _sellers("密封的底价无法解密", "the sealed reserve does not open under its key") from error
    if not opens(sealed.commitment, procedure, amount_fen, salt):
        raise _sellers("密封的底价与公告的承诺不符", "the sealed reserve is not the one that was promised")
    return amount_fen, salt


def _key(procedure: str, sealed: SealedReserve, held: Sequence[bytes]) -> bytes:
    """Return the key on which all three shares lie: else the seller could have it depend on who gives shares.

    y = key + c * x in GF(256), and 3 = 1 + 2 there, so that two shares and the key add up to the third share.
    """
    one, two = held[:THRESHOLD]
    key = combine((one, two))
    third = bytes(k ^ a ^ b for k, a, b in zip(key + b"\0", one, two, strict=True))
    if _commit_share(procedure, third) != sealed.shares[third[-1] - 1]:
        raise _sellers("各底价分片与承诺相符，但不属于同一密钥", "the shares match their commitments but not one key")
    return key


def _check_procedure(procedure: str, sealed: SealedReserve) -> None:
    if sealed.procedure != procedure:
        raise _sellers("密封的底价属于其他项目", "the reserve was sealed for another procedure")


def _too_few(shares: Mapping[Authority, str], held: Sequence[Authority]) -> ReserveNotOpenable:
    """Return the fault of the first authority whose share is wrong, or else missing."""
    lacking = [name for name in AUTHORITIES if name not in held]
    for name in lacking:
        if name in shares:
            zh = f"{AUTHORITY_ZH[name]}提交的底价分片与承诺不符"
            return ReserveNotOpenable(name, zh, f"the {name}'s share of the reserve does not match its commitment")
    name = lacking[0]
    return ReserveNotOpenable(name, f"{AUTHORITY_ZH[name]}未提交底价分片", f"the {name} gave no share of the reserve")


def _rubbish(authority: Authority) -> ReserveNotOpenable:
    return _sellers(
        f"出让人封装给{AUTHORITY_ZH[authority]}的底价分片无法解开或与承诺不符",
        f"the share that the seller sealed to the {authority} does not open or does not match its commitment",
    )


def _sellers(zh: str, en: str) -> ReserveNotOpenable:
    return ReserveNotOpenable("seller", zh, en)


def _commit_share(procedure: str, share: bytes) -> str:
    """Return the commitment to a share, whose last byte is its index."""
    return hashlib.sha256(_context(procedure, f"share|{share[-1]}") + b"\0" + share).hexdigest()


def _context(procedure: str, *label: str) -> bytes:
    return "|".join(("ggzy-reserve/v1", procedure, *label)).encode()


def _index(authority: Authority) -> int:
    return AUTHORITIES.index(authority) + 1
