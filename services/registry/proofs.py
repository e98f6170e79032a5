"""Certificates as they are shown to the registry: kept with the proof that their key is in the account's hands."""

import base64
from datetime import datetime
from typing import Annotated, Any

from cryptography import x509
from cryptography.hazmat.primitives.hashes import SHA256
from cryptography.hazmat.primitives.serialization import Encoding
from pydantic import Field
from sqlalchemy import Connection

from services.registry import private
from services.registry.domain import chain
from services.registry.domain.state import Shown
from services.registry.domain.values import AccountId
from services.registry.finding import account_row, administers, certificate_used
from services.registry.private import Private
from services.registry.trust import trusted
from shared.kernel.errors import BadInput
from shared.kernel.message import Base64Url, Message
from shared.platform.door import Query
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools
from shared.seal.wire import raw

PROOF = "ggzy-certificate/v1"


class OfCertificate(Message):
    """Shows a certificate (PEM, the leaf first) for an account; `proof` signs `PROOF`, account and fingerprint."""

    account: AccountId
    certificate: Annotated[str, Field(max_length=32_768)]
    proof: Base64Url


def keep_certificate(tools: Tools, connection: Connection, query: Query) -> Any:
    """Keep a certificate until a command binds it; return its fingerprint. For who may change the account."""
    asked = arguments(OfCertificate, query)
    row = account_row(connection, asked.account)
    own = query.actor.account == asked.account or query.actor.role == "operator"
    if row is None or not row["open"] or not (own or administers(connection, query.actor, row["party"])):
        raise nothing_there()
    try:
        found = x509.load_pem_x509_certificates(asked.certificate.encode())
        leaf = chain.read(found[0].public_bytes(Encoding.DER))
    except chain.Untrusted as error:
        raise BadInput(error.zh, error.en) from error
    except ValueError as error:
        raise BadInput("不是 PEM 格式的证书", "not a certificate in PEM") from error
    fingerprint = leaf.fingerprint(SHA256()).hex()
    listed = [base64.b64encode(one.public_bytes(Encoding.DER)).decode() for one in found]
    with tools.database.write() as written:
        name = f"{asked.account}:{fingerprint}"
        Private(tools).put(written, private.CERTIFICATE, name, {"chain": listed, "proof": asked.proof})
    return {"fingerprint": fingerprint}


def leaf_and_chain(kept: dict[str, Any]) -> tuple[x509.Certificate, list[x509.Certificate]]:
    """Return a kept certificate and those above it that came with it."""
    leaf, *above = [x509.load_der_x509_certificate(base64.b64decode(one)) for one in kept["chain"]]
    return leaf, above


def examined(tools: Tools, connection: Connection, account: str, fingerprint: str, at: datetime) -> Shown | None:
    """Return what a decision may know of a certificate shown for an account, or None if none was."""
    kept = Private(tools).get(connection, private.CERTIFICATE, f"{account}:{fingerprint}")
    if kept is None:
        return None
    leaf, above = leaf_and_chain(kept)
    try:
        found = chain.describe(leaf)
        chain.require_trusted(leaf, above, trusted(tools.settings.data), at)
        possessed = chain.signed(leaf, f"{PROOF}\n{account}\n{fingerprint}".encode(), raw(kept["proof"]))
    except chain.Untrusted as untrusted:
        return Shown(certificate=None, fault=(untrusted.zh, untrusted.en), possessed=False, used=False)
    used = certificate_used(connection, found, account)
    return Shown(certificate=found, possessed=possessed, used=used)
