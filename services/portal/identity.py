"""Who asks: an account or a pseudonymous credential, known by a signature over the request; or an account's session."""

import hashlib
from collections import OrderedDict
from dataclasses import dataclass
from datetime import timedelta
from functools import lru_cache, partial
from time import monotonic
from typing import Any

import orjson
from cryptography.exceptions import InvalidSignature
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from fastapi import Request
from pydantic import ValidationError

from services.portal.desk import PUBLIC, SYSTEM, Desk
from services.portal.problems import Problem
from shared.kernel.canonical import NotCanonical, parse_instant
from shared.kernel.request import Actor
from shared.platform import keys
from shared.seal.credential import Credential, check_good
from shared.seal.wire import SealError, raw

WINDOW = timedelta(minutes=5)
KEPT_SECONDS = 20.0
KEPT_ACCOUNTS = 10_000
KEPT_CREDENTIALS = 2_000

RESERVED = frozenset({PUBLIC.account, SYSTEM.account})
"""Names under which nobody may ask: the public has no key, and the platform's own commands are kept by theirs."""

ACCOUNT = "x-ggzy-account"
CREDENTIAL = "x-ggzy-credential"
AT = "x-ggzy-at"
SIGNATURE = "x-ggzy-signature"


AUTHORIZATION = "authorization"
BEARER = "Bearer "

COMMANDS = "/api/commands"
LOGOUT = "/api/logout"
PASSWORDS = "/api/passwords"

UNSIGNED = frozenset({"registry.set_password", "registry.report_key_lost", "registry.revoke_certificate"})
"""The commands that a session may give: what changes nothing but who can come in. All others are signed
(电子招标投标办法 第四十条 names the data messages that must be).
"""

_READING = frozenset({"GET", "HEAD"})


@dataclass(frozen=True, slots=True)
class Asker:
    """Who asks, and the evidence: instant, body digest and signature, as they were verified."""

    actor: Actor
    evidence: str = ""


@dataclass(frozen=True, slots=True)
class Holder:
    """An actor with the Ed25519 key that signs for it, None once it was reported lost; and what it may do."""

    actor: Actor
    key: Ed25519PublicKey | None
    rights: frozenset[str] = frozenset({"act", "administer", "read"})


@dataclass(frozen=True, slots=True)
class Session:
    """A session as its holder gives it: when it ends at the latest, and the digest of its secret."""

    until: str
    digest: str

    @classmethod
    def read(cls, header: str) -> "Session":
        """Return the session in an Authorization header. Raise Problem for none."""
        until, dot, secret = header.removeprefix(BEARER).rpartition(".")
        if not header.startswith(BEARER) or not dot:
            raise not_authentic()
        return cls(until, hashlib.sha256(secret.encode()).hexdigest())


class Identity:
    """Verifies who asks. Accounts are looked up in the registry and remembered for some seconds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self._kept: OrderedDict[str, tuple[float, Holder]] = OrderedDict()
        self._genuine = lru_cache(KEPT_CREDENTIALS)(partial(_genuine, desk.public_keys[keys.CREDENTIALS]))

    async def asker(self, request: Request, body: bytes = b"", procedure: str = "") -> Asker:
        """Return who asks; the public, where nothing is signed. Raise Problem for a signature that does not hold.

        A credential is good for its own tender only; `procedure`, if given, must be that one.
        """
        headers = request.headers
        named = [name for name in (ACCOUNT, CREDENTIAL, AUTHORIZATION) if name in headers]
        if not named:
            return Asker(PUBLIC)
        if len(named) > 1:
            zh, en = "账户、凭证与会话只能使用其一", "give an account, a credential or a session, and no two of them"
            raise Problem("malformed", zh, en)
        if named == [AUTHORIZATION]:
            return await self._in_session(request, body)
        self._require_fresh(headers.get(AT, ""))
        holder = (
            await self._account(headers[ACCOUNT])
            if named == [ACCOUNT]
            else self._credential(headers[CREDENTIAL], procedure)
        )
        body_digest = hashlib.sha256(body).hexdigest()
        signed = f"ggzy-request/v1\n{request.method}\n{target(request)}\n{headers[AT]}\n{body_digest}"
        if holder.key is None:
            raise not_authentic()
        try:
            holder.key.verify(raw(headers.get(SIGNATURE, "")), signed.encode())
        except (InvalidSignature, SealError) as error:
            raise not_authentic() from error
        _require_right(holder, request, body)
        return Asker(holder.actor, f"{headers[AT]} {body_digest} {headers[SIGNATURE]}")

    async def session(self, request: Request) -> tuple[Session, Holder]:
        """Return the session that a request is made in, and whose it is. Raise Problem where there is none."""
        said = Session.read(request.headers.get(AUTHORIZATION, ""))
        try:
            arguments = {"until": said.until, "digest": said.digest}
            found = await self._desk.ask("registry_views", "session", arguments, SYSTEM)
        except Problem as problem:
            raise _unknown(problem) from problem
        return said, await self._account(found["account"])

    async def _in_session(self, request: Request, body: bytes) -> Asker:
        said, holder = await self.session(request)
        path = request.url.path
        unsigned = (path == COMMANDS and _kind(body) in UNSIGNED) or path in {LOGOUT, PASSWORDS}
        if request.method not in _READING and not unsigned:
            zh, en = (
                "该操作须以账户密钥签名，会话不足以办理",
                "this must be signed with the account's key, not in a session",
            )
            raise Problem("not_entitled", zh, en)
        return Asker(holder.actor, f"session {said.until} {said.digest}")

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
            raise _unknown(problem) from problem
        self._kept[name] = (monotonic() + KEPT_SECONDS, holder)
        self._kept.move_to_end(name)
        if len(self._kept) > KEPT_ACCOUNTS:
            self._kept.popitem(last=False)
        return holder

    def _credential(self, encoded: str, procedure: str) -> Holder:
        try:
            credential, key = self._genuine(encoded)
            check_good(credential, procedure or credential.tender, self._desk.clock.now())
        except ValueError as error:
            zh = "凭证无效、已过期或不属于该项目"
            raise Problem(
                "not_authentic", zh, "the credential is not genuine, not for this tender, or expired"
            ) from error
        return Holder(Actor(account=credential.token, role="token"), key)


def _genuine(registry_key: str, encoded: str) -> tuple[Credential, Ed25519PublicKey]:
    """Return the credential that the registry signed, and its key. Raise ValueError for one that it did not."""
    credential = Credential.from_bytes(raw(encoded))
    credential.check(registry_key)
    return credential, Ed25519PublicKey.from_public_bytes(raw(credential.public_key))


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


def _unknown(problem: Problem) -> Problem:
    """Return the one answer for whoever the registry does not know; a fault is told as it is."""
    return not_authentic() if problem.code in {"not_found", "bad_input", "not_entitled"} else problem


def _kind(body: bytes) -> str:
    """Return the type of the command in a body, empty where there is none."""
    try:
        return str(orjson.loads(body)["command"]["type"])
    except (orjson.JSONDecodeError, KeyError, TypeError):
        return ""


def _require_right(holder: Holder, request: Request, body: bytes) -> None:
    """Refuse an account of a member of staff what it was not opened for; the registry's own decide for themselves."""
    if request.method in _READING or "act" in holder.rights:
        return
    if request.url.path != COMMANDS or not _kind(body).startswith("registry."):
        raise Problem("not_entitled", "该账户未获授权办理此事项", "this account was not opened for that")


def _holder(account: dict[str, Any]) -> Holder:
    if not account.get("open", True) or account.get("account") in RESERVED:
        raise not_authentic()
    fields = {name: account.get(name) or "" for name in ("region", "party")}
    try:
        actor = Actor(account=account["account"], role=account["role"], **fields)
        key = Ed25519PublicKey.from_public_bytes(raw(account["public_key"])) if account["public_key"] else None
        return Holder(actor, key, frozenset(account.get("rights", Holder.__dataclass_fields__["rights"].default)))
    except (KeyError, ValidationError, ValueError) as error:
        raise not_authentic() from error
