"""Keys and what is done with them: HPKE on P-256, Ed25519 signatures with domain separation, and key files.

Private and public keys travel as base64url text: a P-256 private key is its 32-byte scalar, a public key the
65-byte uncompressed point (SEC 1); Ed25519 keys are the 32 bytes of RFC 8032.
"""

from collections.abc import Callable
from functools import lru_cache
from typing import ClassVar, Literal, Self

from cryptography.exceptions import InvalidSignature, InvalidTag
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.hpke import AEAD, KDF, KEM, Suite
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from pydantic import Field, model_validator

from shared.kernel import canonical
from shared.seal.wire import (
    AUTHORITIES,
    Authority,
    BidIds,
    Bytes16,
    Bytes32,
    Bytes64,
    Bytes65,
    Id,
    SealError,
    Wire,
    raw,
    text,
)

RandomBytes = Callable[[int], bytes]

HPKE_OVERHEAD = 65 + 16
"""Bytes by which a sealed message is longer: the encapsulated key and the tag."""

KEPT = 64
"""Keys in the form that they are used in: a service uses few, thousands of times, and making them is slow."""

_CURVE = ec.SECP256R1()
_ORDER = int("ffffffff00000000ffffffffffffffffbce6faada7179e84f3b9cac2fc632551", 16)  # SP 800-186 section 3.2.1.3
_SUITE = Suite(KEM.P256, KDF.HKDF_SHA256, AEAD.AES_128_GCM)


class BadSignature(SealError):
    """A signature is not that of this key over these bytes in this domain."""

    zh = "签名不成立"


class NotSealedToMe(SealError):
    """A sealed message does not open under this key and info."""

    zh = "密封消息无法用此密钥解开"


def new_hpke_key(random_bytes: RandomBytes) -> str:
    """Return a new P-256 private key from 48 random bytes (FIPS 186-5 A.2.1, extra random bits)."""
    scalar = int.from_bytes(random_bytes(48)) % (_ORDER - 1) + 1
    return text(scalar.to_bytes(32))


@lru_cache(maxsize=KEPT)
def hpke_public(private_key: str) -> str:
    """Return the public key of a P-256 private key. Raise SealError for a scalar outside the group's order."""
    return text(_hpke_private(private_key).public_key().public_bytes(Encoding.X962, PublicFormat.UncompressedPoint))


def hpke_seal(public_key: str, message: bytes, info: bytes) -> bytes:
    """Return the encapsulated key (65 bytes) and ciphertext of `message` (RFC 9180, mode base, empty aad).

    The ephemeral key is drawn by `cryptography` itself: the result differs from call to call.
    """
    return _SUITE.encrypt(message, _hpke_point(public_key), info)


def hpke_open(private_key: str, sealed: bytes, info: bytes) -> bytes:
    """Return the message sealed to this key under `info`. Raise NotSealedToMe if it is not."""
    key = _hpke_private(private_key)
    try:
        return _SUITE.decrypt(sealed, key, info)
    except InvalidTag as error:
        raise NotSealedToMe("the message does not open under this key and info") from error


def _hpke_point(public_key: str) -> ec.EllipticCurvePublicKey:
    try:
        return ec.EllipticCurvePublicKey.from_encoded_point(_CURVE, raw(public_key))
    except ValueError as error:
        raise SealError(f"not a P-256 public key: {error}") from error


@lru_cache(maxsize=KEPT)
def _hpke_private(private_key: str) -> ec.EllipticCurvePrivateKey:
    scalar = int.from_bytes(raw(private_key))
    if not 0 < scalar < _ORDER:
        raise SealError("not a P-256 private key")
    return ec.derive_private_key(scalar, _CURVE)


def new_signing_key(random_bytes: RandomBytes) -> str:
    """Return a new Ed25519 private key: 32 random bytes."""
    return text(random_bytes(32))


def signing_public(private_key: str) -> str:
    """Return the public key of an Ed25519 private key."""
    return text(_signing_private(private_key).public_key().public_bytes_raw())


def sign(private_key: str, domain: str, message: bytes) -> str:
    """Return the Ed25519 signature over `domain`, a zero byte and `message` (RFC 8032; deterministic).

    A signature made for one purpose is thus no signature for any other.
    """
    return text(_signing_private(private_key).sign(domain.encode() + b"\0" + message))


def verify(public_key: str, domain: str, message: bytes, signature: str) -> None:
    """Raise BadSignature unless `signature` is that of the key's owner over `message` in `domain`."""
    try:
        _signing_public(public_key).verify(raw(signature), domain.encode() + b"\0" + message)
    except (InvalidSignature, ValueError) as error:
        raise BadSignature(f"not a valid {domain} signature") from error


def unsigned(value: Wire, field: str = "signature") -> bytes:
    """Return the canonical bytes that a value's signature covers: the value without that field."""
    return canonical.encode(value.model_dump(mode="json", exclude={field}))


@lru_cache(maxsize=KEPT)
def _signing_private(private_key: str) -> Ed25519PrivateKey:
    try:
        return Ed25519PrivateKey.from_private_bytes(raw(private_key))
    except ValueError as error:
        raise SealError("not an Ed25519 private key") from error


@lru_cache(maxsize=KEPT)
def _signing_public(public_key: str) -> Ed25519PublicKey:
    return Ed25519PublicKey.from_public_bytes(raw(public_key))


class Signed(Wire):
    """A value with a signature over all its other fields, made for one purpose (DOMAIN)."""

    DOMAIN: ClassVar[str]

    signature: Bytes64

    @classmethod
    def make(cls, claims: Wire, private_key: str) -> Self:
        """Return the signed value that holds the claims."""
        return cls.model_validate({**dict(claims), "signature": sign(private_key, cls.DOMAIN, claims.to_bytes())})

    def check(self, public_key: str) -> None:
        """Raise BadSignature unless the owner of `public_key` signed this."""
        verify(public_key, self.DOMAIN, unsigned(self), self.signature)


class AuthorityKeys(Wire):
    """The three public keys that shares are sealed to: of a bid's K_A, or of the key of a reserve price."""

    agency: Bytes65
    supervisor: Bytes65
    platform: Bytes65

    def of(self, authority: Authority) -> str:
        """Return the public key of one authority."""
        key: str = getattr(self, authority)
        return key


class AnnouncedKeys(Wire):
    """The tender's public keys as its announcement holds them; compare `digest()` with the announced one.

    The four are distinct: one body holding two of them could open with one share what needs two.
    """

    v: Literal[1] = 1
    tender: Id
    meaning: Bytes65
    authorities: AuthorityKeys

    @model_validator(mode="after")
    def _are_distinct_points(self) -> Self:
        keys = {self.meaning, *(self.of(name) for name in AUTHORITIES)}
        if len(keys) != 1 + len(AUTHORITIES):
            raise ValueError("the announced keys are not four distinct keys")
        for key in keys:
            _hpke_point(key)
        return self

    def of(self, authority: Authority) -> str:
        """Return the public key of one authority."""
        return self.authorities.of(authority)


class TenderKeyFile(Wire):
    """A private key for one tender, kept by its holder; written with mode 0600 by the caller."""

    v: Literal[1] = 1
    kind: Literal["tender-key"] = "tender-key"
    tender: Id
    holder: Literal["agency", "supervisor", "platform", "meaning"]
    public_key: Bytes65
    private_key: Bytes32 = Field(repr=False)


class SigningKeyFile(Wire):
    """An Ed25519 private key: one-time (of one tender), a party's account, the registry's, the platform's."""

    v: Literal[1] = 1
    kind: Literal["signing-key"] = "signing-key"
    use: Literal["one-time", "account", "registry", "platform"]
    tender: Id | None
    public_key: Bytes32
    private_key: Bytes32 = Field(repr=False)


class BidderKeyFile(BidIds):
    """The bidder's half of one bid's key, K_B; without it the bid cannot be opened."""

    v: Literal[1] = 1
    kind: Literal["bidder-key"] = "bidder-key"
    k_b: Bytes16 = Field(repr=False)
