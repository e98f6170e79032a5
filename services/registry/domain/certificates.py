"""Decisions about the X.509 certificates of accounts: bound, renewed beside the old one, revoked from an instant on."""

from collections.abc import Sequence

from services.registry.domain import law
from services.registry.domain.accounts import require_own
from services.registry.domain.asking import Asked
from services.registry.domain.commands import BindCertificate, RevokeCertificate
from services.registry.domain.events import CertificateBound, CertificateRevoked, RegistryEvent
from services.registry.domain.state import LiveAccount
from shared.kernel.errors import BreaksClause, NotEntitled, NotFound, OutOfPhase

RELIABLE = "电子签名法 第十三条"


def bind_certificate(request: Asked, command: BindCertificate, account: LiveAccount) -> Sequence[RegistryEvent]:
    """Bind a trusted certificate of the account's own party whose key is in the hands of who asks."""
    require_own(request, account)
    shown = request.facts.shown
    if shown is None:
        raise NotFound("平台没有该证书，请先提交", "this certificate was not shown yet; show it to the platform first")
    if shown.certificate is None or shown.fault is not None:
        zh, en = shown.fault or ("证书无法读取", "the certificate cannot be read")
        raise BreaksClause(zh, en, RELIABLE)
    if not shown.possessed:
        raise NotEntitled("未证明持有该证书的私钥", "the certificate's key did not sign for this account", RELIABLE)
    law.require_new_key(shown.used)
    if command.fingerprint in {own.fingerprint for own in account.certificates}:
        raise OutOfPhase("该证书已绑定本账户", "this certificate is bound to the account already")
    codes = request.facts.party.codes if request.facts.party else ()
    if shown.certificate.identifier not in codes:
        raise BreaksClause(
            "证书中的统一社会信用代码与账户所属主体不符",
            "the certificate's 统一社会信用代码 is not the party's",
            RELIABLE,
        )
    return (CertificateBound(account=account.account, certificate=shown.certificate),)


def revoke_certificate(request: Asked, command: RevokeCertificate, account: LiveAccount) -> Sequence[RegistryEvent]:
    """Revoke a certificate from now on; what it signed before stays valid."""
    require_own(request, account)
    found = next((own for own in account.certificates if own.fingerprint == command.fingerprint), None)
    if found is None:
        raise NotFound("该账户没有绑定这份证书", "no such certificate is bound to the account")
    revoked = CertificateRevoked(
        account=account.account,
        fingerprint=found.fingerprint,
        public_key=found.public_key,
        since=request.received_at,
        reason=command.reason,
    )
    return (revoked,)
