"""Who asks: an account or a pseudonymous credential, known by a signature over the request, and nothing else."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from time import monotonic
from typing import Any

from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from pydantic import ValidationError

from services.portal.desk import PUBLIC, SYSTEM, Desk
from services.portal.problems import Problem
from shared.kernel.canonical import NotCanonical, parse_instant
from shared.kernel.request import Actor
from shared.platform import keys
from shared.seal.credential import Credential, verify_credential
from shared.seal.wire import SealError, raw

WINDOW = timedelta(minutes=5)
KEPT_SECONDS = 20.0
KEPT_ACCOUNTS = 10_000

RESERVED = frozenset({PUBLIC.account, SYSTEM.account})
"""Names under which nobody may ask: the public has no key, and the platform's own commands are kept by theirs."""

ACCOUNT = "x-ggzy-account"
CREDENTIAL = "x-ggzy-credential"
AT = "x-ggzy-at"
SIGNATURE = "x-ggzy-signature"


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the evidence: instant, body digest and signature, as they were verified."""

    actor: Actor
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """An actor with the Ed25519 key that signs for it."""

    actor: Actor
    key: Ed25519PublicKey


class Identity:
    """Verifies who asks. Accounts are looked up in the registry and remembered for some seconds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[str, tuple[float, Holder]] = OrderedDict()

    async def asker(self, request: Request, body: bytes = b"", procedure: str = "") -> Asker:
        """Return who asks; the public, where nothing is signed. Raise Problem for a signature that does not hold.

        A credential is good for its own tender only; `procedure`, if given, must be that one.
        """
        headers = request.headers
        named = [name for name in (ACCOUNT, CREDENTIAL) if name in headers]
        if not named:
            return Asker(PUBLIC)
        if len(named) > 1:
            raise Problem("malformed", "账户与凭证只能使用其一", "give an account or a credential, not both")
        self._require_fresh(headers.get(AT, ""))
        holder = (
            await self._account(headers[ACCOUNT])
            if named == [ACCOUNT]
            else self._credential(headers[CREDENTIAL], procedure)
        )
        body_digest = hashlib.sha256(body).hexdigest()
        signed = f"ggzy-request/v1\n{request.method}\n{target(request)}\n{headers[AT]}\n{body_digest}"
        try:
            holder.key.verify(raw(headers.get(SIGNATURE, "")), signed.encode())
        except (InvalidSignature, SealError) as error:
            raise not_authentic() from error
        return Asker(holder.actor, f"{headers[AT]} {body_digest} {headers[SIGNATURE]}")

    async def signed(self, request: Request, body: bytes = b"", procedure: str = "") -> Asker:
        """Return who asks, where the public may not. Raise Problem."""
        asker = await self.asker(request, body, procedure)
        if asker.actor == PUBLIC:
            raise Problem("not_authentic", "该请求须由账户或凭证签名", "an account or a credential must sign this")
        return asker

    def _require_fresh(self, at: str) -> None:
        try:
            age = abs(self._desk.clock.now() - parse_instant(at))
        except NotCanonical as error:
            raise Problem("malformed", "签名时间格式不符", "X-Ggzy-At is not a canonical instant") from error
        if age > WINDOW:
            zh = "请求签名时间与平台时间相差超过五分钟，请先取 /api/time"
            raise Problem("request_too_old", zh, "signed more than 5 minutes off the platform's clock: see /api/time")

    async def _account(self, name: str) -> Holder:
        until, holder = self._kept.get(name, (0.0, None))
        if holder is not None and monotonic() < until:
            return holder
        try:
            holder = _holder(await self._desk.ask("registry_views", "account", {"id": name}, SYSTEM))
        except Problem as problem:
            if problem.code in {"not_found", "bad_input", "not_entitled"}:
                raise not_authentic() from problem
            raise
        self._kept[name] = (monotonic() + KEPT_SECONDS, holder)
        self._kept.move_to_end(name)
        if len(self._kept) > KEPT_ACCOUNTS:
            self._kept.popitem(last=False)
        return holder

    def _credential(self, encoded: str, procedure: str) -> Holder:
        try:
            credential = Credential.from_bytes(raw(encoded))
            registry_key, now = self._desk.public_keys[keys.CREDENTIALS], self._desk.clock.now()
            verify_credential(credential, registry_key, procedure or credential.tender, now)
            key = Ed25519PublicKey.from_public_bytes(raw(credential.public_key))
        except ValueError as error:
            zh = "凭证无效、已过期或不属于该项目"
            raise Problem(
                "not_authentic", zh, "the credential is not genuine, not for this tender, or expired"
            ) from error
        return Holder(Actor(account=credential.token, role="token"), key)


def target(request: Request) -> str:
    """Return path and query exactly as they were sent, which the signature covers."""
    path: bytes = request.scope.get("raw_path") or request.scope["path"].encode()
    query: bytes = request.scope["query_string"]
    return (path + b"?" + query if query else path).decode("latin-1")


def not_authentic() -> Problem:
    """Return the one answer to an unknown account, a closed one and a wrong signature."""
    return Problem(
        "not_authentic", "账户不存在、已关闭或签名不符", "no such account, a closed one, or a wrong signature"
    )


def _holder(account: dict[str, Any]) -> Holder:
    if not account.get("open", True) or account.get("account") in RESERVED:
        raise not_authentic()
    fields = {name: account.get(name) or "" for name in ("region", "party")}
    try:
        actor = Actor(account=account["account"], role=account["role"], **fields)
        return Holder(actor, Ed25519PublicKey.from_public_bytes(raw(account["public_key"])))
    except (KeyError, ValidationError, ValueError) as error:
        raise not_authentic() from error
