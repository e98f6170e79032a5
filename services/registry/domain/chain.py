"""Whether an X.509 certificate can be trusted: read, chained to a trusted root, in time and not revoked (RFC 5280).

Chinese certification authorities often leave out extended key usage and alternative names, which verifiers of web
servers insist on; so the path is checked here: names, signatures, dates, basic constraints, key usage, revocation.
SM2 certificates (GM/T 0003, GM/T 0015) are not supported: no maintained library here verifies them.
"""

import re
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import TypeVar

from cryptography import x509
from cryptography.exceptions import InvalidSignature, UnsupportedAlgorithm
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.x509.oid import ExtensionOID, NameOID

from services.registry.domain.values import Certificate
from shared.kernel.codes import uscc_is_valid
from shared.seal.wire import text

LONGEST_PATH = 5
LEAST_RSA_BITS = 2048
SM2 = "1.2.156.10197."
"""The arc of the Chinese commercial algorithms (GM/T 0006), in signature algorithms and curves."""

_UNDERSTOOD = {
    ExtensionOID.BASIC_CONSTRAINTS,
    ExtensionOID.KEY_USAGE,
    ExtensionOID.EXTENDED_KEY_USAGE,
    ExtensionOID.SUBJECT_ALTERNATIVE_NAME,
}
_CODE = re.compile(r"(?<![0-9A-Z])[0-9A-HJ-NP-RTUWXY]{18}(?![0-9A-Z])")
_CARRIERS = (NameOID.ORGANIZATION_IDENTIFIER, NameOID.SERIAL_NUMBER, NameOID.ORGANIZATIONAL_UNIT_NAME)

T = TypeVar("T")
Key = Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey


class Untrusted(Exception):
    """A certificate that stands for nobody here; says why in both languages."""

    def __init__(self, zh: str, en: str) -> None:
        super().__init__(en)
        self.zh, self.en = zh, en


@dataclass(frozen=True, slots=True)
class Trust:
    """Whom an installation trusts: roots, what may stand between, and the lists of what was revoked."""

    roots: tuple[x509.Certificate, ...] = ()
    between: tuple[x509.Certificate, ...] = ()
    revoked: tuple[x509.CertificateRevocationList, ...] = ()


def read(der: bytes) -> x509.Certificate:
    """Return the certificate in its DER. Raise Untrusted for anything else, and for SM2."""
    try:
        made = x509.load_der_x509_certificate(der)
        if made.signature_algorithm_oid.dotted_string.startswith(SM2) or SM2_CURVE in der:
            raise Untrusted(
                "暂不支持 SM2（国密）证书：请向认证机构申领本主体的 RSA（2048 位以上）、P-256 或 Ed25519 证书并提交",
                "SM2 certificates are not supported: ask the certification authority for one of this party with an RSA "
                "(2048 bits or more), P-256 or Ed25519 key, then show and bind that",
            )
        made.extensions  # noqa: B018 - parsed only when it is looked at
    except ValueError as error:
        raise Untrusted("不是 X.509 证书", "not an X.509 certificate") from error
    return made


SM2_CURVE = bytes.fromhex("06082a811ccf5501822d")
"""The DER of 1.2.156.10197.1.301, the SM2 curve, as a key names it."""


def describe(leaf: x509.Certificate) -> Certificate:
    """Return what is recorded of a certificate. Raise Untrusted without a code in its subject, or for another key."""
    key = public_key(leaf)
    rsa_or_curve = "rsa" if isinstance(key, rsa.RSAPublicKey) else "ecdsa-p256"
    algorithm = "ed25519" if isinstance(key, Ed25519PublicKey) else rsa_or_curve
    return Certificate.model_validate(
        {
            "fingerprint": leaf.fingerprint(hashes.SHA256()).hex(),
            "serial": f"{leaf.serial_number:x}",
            "issuer": leaf.issuer.rfc4514_string(),
            "organisation": _first(leaf.subject, NameOID.ORGANIZATION_NAME),
            "identifier": code_in(leaf.subject),
            "algorithm": algorithm,
            "public_key": text(key.public_bytes_raw()) if isinstance(key, Ed25519PublicKey) else None,
            "not_before": leaf.not_valid_before_utc,
            "not_after": leaf.not_valid_after_utc,
        }
    )


def code_in(subject: x509.Name) -> str:
    """Return the 统一社会信用代码 in a subject, whichever attribute carries it. Raise Untrusted for none."""
    first = [attribute for oid in _CARRIERS for attribute in subject.get_attributes_for_oid(oid)]
    for attribute in [*first, *subject]:
        for found in _CODE.findall(str(attribute.value)):
            if uscc_is_valid(found):
                return str(found)
    raise Untrusted("证书主题中没有统一社会信用代码", "no 统一社会信用代码 stands in the certificate's subject")


def public_key(leaf: x509.Certificate) -> Key:
    """Return the key of a certificate. Raise Untrusted unless it is Ed25519, P-256, or RSA of 2048 bits and more."""
    try:
        key = leaf.public_key()
    except (UnsupportedAlgorithm, ValueError) as error:
        raise Untrusted("证书密钥算法不受支持", "the key's algorithm is not supported") from error
    if isinstance(key, Ed25519PublicKey):
        return key
    if isinstance(key, ec.EllipticCurvePublicKey) and isinstance(key.curve, ec.SECP256R1):
        return key
    if isinstance(key, rsa.RSAPublicKey) and key.key_size >= LEAST_RSA_BITS:
        return key
    raise Untrusted(
        "证书密钥须为 Ed25519、P-256 或 2048 位以上 RSA", "the key is not Ed25519, P-256 or RSA of 2048 bits"
    )


def signed(leaf: x509.Certificate, message: bytes, signature: bytes) -> bool:
    """Return whether the certificate's key signed: Ed25519, ECDSA or RSA PKCS #1 v1.5, the last two with SHA-256."""
    key = public_key(leaf)
    try:
        if isinstance(key, Ed25519PublicKey):
            key.verify(signature, message)
        elif isinstance(key, rsa.RSAPublicKey):
            key.verify(signature, message, padding.PKCS1v15(), hashes.SHA256())
        else:
            key.verify(signature, message, ec.ECDSA(hashes.SHA256()))
    except InvalidSignature:
        return False
    return True


def require_trusted(leaf: x509.Certificate, given: Sequence[x509.Certificate], trust: Trust, at: datetime) -> None:
    """Raise Untrusted unless a path leads from a certificate to a trusted root, every part of it good at `at`."""
    usage = _extension(leaf, x509.KeyUsage)
    if usage is not None and not usage.digital_signature:
        raise Untrusted("证书用途不含数字签名", "the certificate is not for digital signatures")
    below, above = leaf, (*trust.roots, *trust.between, *given)
    for length in range(LONGEST_PATH):
        _require_good(below, at)
        if below in trust.roots:
            return
        issuer = next((one for one in above if _issued(one, below, length)), None)
        if issuer is None:
            raise Untrusted("证书不是由受信任的机构签发", "no trusted authority issued the certificate")
        _require_not_revoked(below, issuer, trust.revoked, at)
        below = issuer
    raise Untrusted("证书链过长", "the chain of certificates is too long")


def _issued(issuer: x509.Certificate, below: x509.Certificate, length: int) -> bool:
    """Return whether an authority issued what stands below it, with `length` authorities between it and the leaf."""
    if issuer == below:
        return False
    basic, usage = _extension(issuer, x509.BasicConstraints), _extension(issuer, x509.KeyUsage)
    if basic is None or not basic.ca or (usage is not None and not usage.key_cert_sign):
        return False
    if basic.path_length is not None and basic.path_length < length:
        return False
    return _holds(lambda: below.verify_directly_issued_by(issuer))


def _require_good(one: x509.Certificate, at: datetime) -> None:
    if not one.not_valid_before_utc <= at <= one.not_valid_after_utc:
        raise Untrusted("证书尚未生效或已过期", "a certificate of the chain is not valid yet, or not any more")
    strange = [item.oid.dotted_string for item in one.extensions if item.critical and item.oid not in _UNDERSTOOD]
    if strange:
        zh = f"证书含有无法处理的关键扩展：{'、'.join(strange)}"
        raise Untrusted(zh, f"critical extensions that are not understood here: {', '.join(strange)}")


def _require_not_revoked(
    one: x509.Certificate, issuer: x509.Certificate, lists: Iterable[x509.CertificateRevocationList], at: datetime
) -> None:
    """Raise Untrusted if the issuer's list names a certificate, or is too old to tell that it does not."""
    own = [found for found in lists if found.issuer == issuer.subject and _is_list_of(found, issuer)]
    for found in own:
        entry = found.get_revoked_certificate_by_serial_number(one.serial_number)
        if entry is not None and entry.revocation_date_utc <= at:
            raise Untrusted("证书已被吊销", "the certificate was revoked")
    if own and all(found.next_update_utc is not None and found.next_update_utc < at for found in own):
        raise Untrusted("吊销列表已过期，请更新", "the list of revoked certificates is out of date")


def _is_list_of(found: x509.CertificateRevocationList, issuer: x509.Certificate) -> bool:
    key = issuer.public_key()
    assert isinstance(key, Ed25519PublicKey | ec.EllipticCurvePublicKey | rsa.RSAPublicKey)
    return found.is_signature_valid(key)


def _holds(check: Callable[[], None]) -> bool:
    try:
        check()
    except (InvalidSignature, ValueError, TypeError, UnsupportedAlgorithm):
        return False
    return True


def _extension(one: x509.Certificate, kind: type[T]) -> T | None:
    found = [item.value for item in one.extensions if isinstance(item.value, kind)]
    return found[0] if found else None


def _first(name: x509.Name, oid: x509.ObjectIdentifier) -> str:
    return next((str(item.value) for item in name.get_attributes_for_oid(oid)), "")
