"""Pseudonymous credentials: the registry vouches for a one-time key, and names nobody until the opening.

k_t    = HMAC-SHA-256(registry's key, "ggzy-token/v1|" tender)       disclosed after the opening
token  = HMAC-SHA-256(k_t, scheme "|" id)                            in hexadecimal
"""

import hashlib
import hmac
from datetime import datetime
from typing import Literal

from pydantic import Field

from shared.kernel.canonical import digest, instant, parse_instant
from shared.seal.keys import BadSignature, Signed
from shared.seal.statement import Party
from shared.seal.wire import Bytes32, Digest, Id, Moment, SealError, Wire


class CredentialRefused(SealError):
    """A credential is genuine but not for this tender, not any more, or not of this token."""


class Facts(Wire):
    """What the registry checked of the party, without naming it; `region` is its code, or empty.

    `not_blacklisted` is left out where it was not checked, as in credentials issued before there was a blacklist.
    """

    not_suspended: bool
    region: str
    deposit: bool
    not_blacklisted: bool = Field(default=False, exclude_if=lambda checked: not checked)


class Claims(Wire):
    """What a credential says."""

    v: Literal[1] = 1
    tender: Id
    token: Digest
    public_key: Bytes32
    facts: Facts
    valid_until: Moment


class Credential(Claims, Signed):
    """Claims signed by the registry."""

    DOMAIN = "ggzy-credential/v1"


class DeliveryClaims(Wire):
    """What a delivery says: this token sends this sealed message."""

    v: Literal[1] = 1
    tender: Id
    token: Digest
    sealed_digest: Digest


class Delivery(DeliveryClaims, Signed):
    """A delivery signed with the credential's one-time key."""

    DOMAIN = "ggzy-delivery/v1"


def tender_key(registry_key: bytes, tender: str, line: str = "") -> bytes:
    """Return k_t, the key of one tender's tokens (32 bytes); its disclosure says nothing of other tenders.

    A lot's key has its line's name in it: that of a tender of the same name, which is disclosed, is another.
    """
    name = f"{line}|{tender}" if line else tender
    return hmac.digest(registry_key, f"ggzy-token/v1|{name}".encode(), hashlib.sha256)


def token_of(k_t: bytes, party: Party) -> str:
    """Return the party's token in the tender of `k_t`; once k_t is disclosed, anyone can."""
    return hmac.new(k_t, f"{party.scheme}|{party.id}".encode(), hashlib.sha256).hexdigest()


def issue(
    registry_private_key: str, *, tender: str, token: str, public_key: str, facts: Facts, until: datetime
) -> Credential:
    """Return the registry's signed credential for a one-time public key, good through `until` (aware)."""
    claims = Claims(tender=tender, token=token, public_key=public_key, facts=facts, valid_until=instant(until))
    return Credential.make(claims, registry_private_key)


def verify_credential(credential: Credential, registry_public_key: str, tender: str, now: datetime) -> None:
    """Raise BadSignature or CredentialRefused unless the registry vouches for it in this tender at `now` (aware)."""
    credential.check(registry_public_key)
    check_good(credential, tender, now)


def check_good(credential: Credential, tender: str, now: datetime) -> None:
    """Raise CredentialRefused unless a genuine credential is for this tender, and good at `now` (aware)."""
    if credential.tender != tender:
        raise CredentialRefused("the credential is for another tender", "凭证属于其他项目")
    if now > parse_instant(credential.valid_until):
        raise CredentialRefused("the credential is no longer valid", "凭证已过有效期")


def sign_delivery(one_time_key: str, tender: str, token: str, sealed: bytes) -> Delivery:
    """Return the signed delivery of a sealed message."""
    claims = DeliveryClaims(tender=tender, token=token, sealed_digest=digest(sealed))
    return Delivery.make(claims, one_time_key)


def verify_delivery(delivery: Delivery, credential: Credential, sealed: bytes) -> None:
    """Raise BadSignature or CredentialRefused unless the credential's holder sent exactly these bytes."""
    if (delivery.tender, delivery.token) != (credential.tender, credential.token):
        raise CredentialRefused(
            "the delivery is of another tender or token than the credential", "递交的消息与凭证的项目或者代号不同"
        )
    if delivery.sealed_digest != digest(sealed):
        raise BadSignature("the delivery is of another message", "签名所针对的是另一份消息")
    delivery.check(credential.public_key)
