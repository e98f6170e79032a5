"""A certification authority of these tests: roots, authorities between, parties, and lists of what is revoked."""

from datetime import datetime, timedelta
from typing import Any

from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec, padding, rsa
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from tests.registry.world import AT, BRIDGE

Key = Ed25519PrivateKey | ec.EllipticCurvePrivateKey | rsa.RSAPrivateKey

RSA = rsa.generate_private_key(65537, 2048)
"""Made once: it takes a while."""


class Body:
    """Somebody with a key and a certificate, who can issue more."""

    def __init__(self, key: Any, certificate: x509.Certificate) -> None:
        self.key = key
        self.certificate = certificate

    @property
    def pem(self) -> str:
        return self.certificate.public_bytes(Encoding.PEM).decode()

    @property
    def fingerprint(self) -> str:
        return self.certificate.fingerprint(hashes.SHA256()).hex()

    def sign(self, message: bytes) -> bytes:
        match self.key:
            case rsa.RSAPrivateKey():
                return self.key.sign(message, padding.PKCS1v15(), hashes.SHA256())
            case ec.EllipticCurvePrivateKey():
                return self.key.sign(message, ec.ECDSA(hashes.SHA256()))
            case _:
                return bytes(self.key.sign(message))

    def issue(self, code: str = BRIDGE.id, **changes: Any) -> "Body":
        """Return who is certified: a party with a code, or another authority."""
        return _certified(self, code, **changes)

    def revoke(self, *bodies: "Body", at: datetime = AT, until: datetime = AT + timedelta(days=30)) -> bytes:
        """Return a list, in PEM, of what is revoked since `at`."""
        made = x509.CertificateRevocationListBuilder().issuer_name(self.certificate.subject)
        made = made.last_update(AT - timedelta(days=1)).next_update(until)
        for body in bodies:
            entry = x509.RevokedCertificateBuilder().serial_number(body.certificate.serial_number)
            made = made.add_revoked_certificate(entry.revocation_date(at).build())
        return made.sign(self.key, _hash(self.key)).public_bytes(Encoding.PEM)


def root(name: str = "试验根证书", key: Any = None) -> Body:
    """Return an authority that signed itself."""
    return _certified(None, "", name=name, key=key, authority=True)


def _certified(
    issuer: Body | None,
    code: str,
    *,
    name: str = "东营路桥有限公司",
    key: Any = None,
    authority: bool = False,
    since: datetime = AT - timedelta(days=30),
    until: datetime = AT + timedelta(days=335),
    path_length: int | None = None,
    carrier: x509.ObjectIdentifier = NameOID.SERIAL_NUMBER,
    signing: bool = True,
    critical: bool = False,
) -> Body:
    key = key or Ed25519PrivateKey.generate()
    attributes = [x509.NameAttribute(NameOID.COUNTRY_NAME, "CN"), x509.NameAttribute(NameOID.ORGANIZATION_NAME, name)]
    subject = x509.Name([*attributes, *([x509.NameAttribute(carrier, code)] if code else [])])
    made = x509.CertificateBuilder().subject_name(subject).public_key(key.public_key())
    made = made.issuer_name(issuer.certificate.subject if issuer else subject)
    made = made.serial_number(x509.random_serial_number()).not_valid_before(since).not_valid_after(until)
    made = made.add_extension(x509.BasicConstraints(ca=authority, path_length=path_length), critical=True)
    usage = dict.fromkeys(
        ("content_commitment", "key_encipherment", "data_encipherment", "key_agreement", "encipher_only",
         "decipher_only"), False,
    )  # fmt: skip
    usage |= {"digital_signature": signing, "key_cert_sign": authority, "crl_sign": authority}
    made = made.add_extension(x509.KeyUsage(**usage), critical=True)
    if critical:
        strange = x509.UnrecognizedExtension(x509.ObjectIdentifier("1.2.3.4"), b"\x05\x00")
        made = made.add_extension(strange, critical=True)
    signer = issuer.key if issuer else key
    return Body(key, made.sign(signer, _hash(signer)))


def _hash(key: Any) -> hashes.SHA256 | None:
    return None if isinstance(key, Ed25519PrivateKey) else hashes.SHA256()
