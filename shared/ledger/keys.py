"""Keys of signed notes: who signs, how a key is written down, and what each signature type covers."""

from collections.abc import Callable
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from cryptography.hazmat.primitives.asymmetric.mldsa import MLDSA44PublicKey
from cryptography.hazmat.primitives.serialization import load_der_public_key

from shared.ledger.errors import Malformed
from shared.ledger.text import decode_base64, decode_decimal, decode_hash, encode_base64

ED25519 = 0x01  # over the text
ECDSA = 0x02  # over the text, with SHA-256
COSIGNATURE = 0x04  # Ed25519 cosignature/v1 of a checkpoint, with its time
MLDSA44 = 0x06  # ML-DSA-44 cosignature of a checkpoint, with its time

_TIME_SIZE = 8
_MAX_TIME = 2**63 - 1
_SEED_SIZE = 32
_SKEY = "PRIVATE+KEY+"
_CURVES = (ec.SECP256R1, ec.SECP384R1, ec.SECP521R1)


@dataclass(frozen=True)
class Verifier:
    """A public key with its name and signature type: who may sign, and what.

    `key` is the public key as the type encodes it: 32 bytes for Ed25519, 1,312 for ML-DSA-44, DER
    SubjectPublicKeyInfo for ECDSA. Raise Malformed for a bad name, key or an unsupported type.
    """

    name: str
    kind: int
    key: bytes

    def __post_init__(self) -> None:
        check_name(self.name)
        _public_key(self.kind, self.key)

    @property
    def key_id(self) -> bytes:
        """The 4 bytes that, with the name, tell in a note whose signature a line is."""
        named = self.name.encode() + b"\n" + bytes([self.kind])
        return sha256(self.key if self.kind == ECDSA else named + self.key).digest()[:4]

    @property
    def vkey(self) -> str:
        """The written form, `name+hex(key ID)+base64(type || key)`."""
        return f"{self.name}+{self.key_id.hex()}+{encode_base64(bytes([self.kind]) + self.key)}"

    def accepts(self, text: str, signature: bytes) -> bool:
        """Tell whether `signature` (what follows the key ID) is this key's over a note's text."""
        try:
            message, proper = _signed_message(self, text, signature)
            _public_key(self.kind, self.key)(proper, message)
        except (InvalidSignature, Malformed):
            return False
        return True


@dataclass(frozen=True)
class Signer:
    """An Ed25519 private key with its name; `kind` is ED25519 (a log) or COSIGNATURE (a witness)."""

    name: str
    kind: int
    seed: bytes

    def __post_init__(self) -> None:
        if self.kind not in {ED25519, COSIGNATURE} or len(self.seed) != _SEED_SIZE:
            raise Malformed("a signing key is an Ed25519 seed of 32 bytes, of type 0x01 or 0x04")

    @property
    def verifier(self) -> Verifier:
        """The public half."""
        public = Ed25519PrivateKey.from_private_bytes(self.seed).public_key()
        return Verifier(self.name, self.kind, public.public_bytes_raw())

    @property
    def skey(self) -> str:
        """The written form, `PRIVATE+KEY+name+hex(key ID)+base64(type || seed)`; a secret."""
        secret = encode_base64(bytes([self.kind]) + self.seed)
        return f"{_SKEY}{self.name}+{self.verifier.key_id.hex()}+{secret}"

    def __repr__(self) -> str:
        return f"Signer({self.verifier.vkey})"

    def sign(self, message: bytes) -> bytes:
        """Return the Ed25519 signature (64 bytes) of a message."""
        return Ed25519PrivateKey.from_private_bytes(self.seed).sign(message)


def parse_vkey(text: str) -> Verifier:
    """Return the public key that a vkey writes down. Raise Malformed unless every part of it agrees."""
    name, key_id, material = _key_parts(text)
    verifier = Verifier(name, material[0], material[1:])
    if verifier.key_id != key_id or verifier.vkey != text:
        raise Malformed(f"the key ID of {name!r} does not belong to its key")
    return verifier


def parse_skey(text: str) -> Signer:
    """Return the private key that an skey writes down. Raise Malformed, without showing it, if it is bad."""
    if not text.startswith(_SKEY):
        raise Malformed("not a private key of the signed-note format")
    try:
        name, key_id, material = _key_parts(text.removeprefix(_SKEY))
        signer = Signer(name, material[0], material[1:])
    except Malformed:
        raise Malformed("a damaged private key") from None  # the cause would quote the secret
    if signer.verifier.key_id != key_id or signer.skey != text:
        raise Malformed("the key ID of a private key does not belong to it")
    return signer


def check_name(name: str) -> None:
    """Raise Malformed unless `name` may be a key's name: not empty, no Unicode space, no plus sign."""
    if not name or "+" in name or any(map(_unfit, name)):
        raise Malformed(f"not a key name: {name[:80]!r}")


def _unfit(mark: str) -> bool:
    return mark.isspace() or mark < " " or "\ud800" <= mark <= "\udfff"  # a surrogate has no UTF-8


def signed_time(signature: bytes) -> int:
    """Return the Unix time in seconds that a cosignature (type 0x04 or 0x06) begins with."""
    time = int.from_bytes(signature[:_TIME_SIZE], "big")
    if len(signature) <= _TIME_SIZE or time > _MAX_TIME:
        raise Malformed("a cosignature begins with its time, 8 bytes below 2^63")
    return time


def cosigned_message(text: str, time: int) -> bytes:
    """Return what an Ed25519 cosignature of a checkpoint's text signs (c2sp.org/tlog-cosignature)."""
    return f"cosignature/v1\ntime {time}\n{text}".encode()


def _key_parts(text: str) -> tuple[str, bytes, bytes]:
    name, _, rest = text.partition("+")
    key_id, _, material = rest.partition("+")
    if not material:
        raise Malformed("a key is written name+ID+base64")
    try:
        return name, bytes.fromhex(key_id), decode_base64(material)
    except ValueError as error:
        raise Malformed(f"not a key ID: {key_id[:80]!r}") from error


def _public_key(kind: int, key: bytes) -> Callable[[bytes, bytes], Any]:
    """Return the `verify(signature, message)` of a public key, which raises InvalidSignature."""
    try:
        if kind in {ED25519, COSIGNATURE}:
            return Ed25519PublicKey.from_public_bytes(key).verify
        if kind == MLDSA44:
            return MLDSA44PublicKey.from_public_bytes(key).verify
        if kind == ECDSA:
            return _ecdsa(key)
    except (ValueError, UnsupportedAlgorithm) as error:
        raise Malformed(f"not a public key of type 0x{kind:02x}: {error}") from error
    raise Malformed(f"key type 0x{kind:02x} is not supported")


def _ecdsa(key: bytes) -> Callable[[bytes, bytes], Any]:
    public = load_der_public_key(key)
    if not isinstance(public, ec.EllipticCurvePublicKey) or not isinstance(public.curve, _CURVES):
        raise Malformed("an ECDSA key is on P-256, P-384 or P-521")
    return lambda signature, message: public.verify(signature, message, ec.ECDSA(hashes.SHA256()))


def _signed_message(verifier: Verifier, text: str, signature: bytes) -> tuple[bytes, bytes]:
    """Return the bytes that a signature of this type signs, and the bare signature."""
    if verifier.kind in {ED25519, ECDSA}:
        return text.encode(), signature
    time, bare = signed_time(signature), signature[_TIME_SIZE:]
    if verifier.kind == COSIGNATURE:
        return cosigned_message(text, time), bare
    return _subtree_message(verifier.name, time, text), bare


def _subtree_message(name: str, time: int, text: str) -> bytes:
    """Return the `cosigned_message` struct of c2sp.org/tlog-cosignature for a whole tree."""
    lines = text.split("\n")
    if len(lines) < 4:  # noqa: PLR2004 - three lines and what follows the last
        raise Malformed("an ML-DSA-44 cosignature covers a checkpoint only")
    origin, end, root = lines[0].encode(), decode_decimal(lines[1]).to_bytes(8, "big"), decode_hash(lines[2])
    start = bytes(8)
    head = [b"subtree/v1\n\0", _opaque(name.encode()), time.to_bytes(8, "big"), _opaque(origin)]
    return b"".join([*head, start, end, root])


def _opaque(data: bytes) -> bytes:
    if not 0 < len(data) <= 0xFF:  # noqa: PLR2004 - the length is one byte
        raise Malformed("a name in an ML-DSA-44 cosignature has 1 to 255 bytes")
    return bytes([len(data)]) + data
