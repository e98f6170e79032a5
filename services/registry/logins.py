"""Logging in without a request signature: by a certificate's answer to a challenge, or by password; then a session.

Every failure is told the same, whether or not there is such an account. All of it travels sealed to the registry.
"""

import hashlib
import hmac
from datetime import datetime, timedelta
from typing import Annotated, Any

from argon2 import PasswordHasher
from argon2.exceptions import VerifyMismatchError
from pydantic import Field
from sqlalchemy import Connection

from services.registry import private
from services.registry.domain import chain, passwords
from services.registry.domain.values import AccountId
from services.registry.finding import account_row, bound
from services.registry.private import Private
from services.registry.proofs import leaf_and_chain
from services.registry.trust import trusted
from shared.kernel.canonical import instant, parse_instant
from shared.kernel.errors import NotEntitled, NotYet
from shared.kernel.message import Base64Url, Message, Sha256
from shared.platform import keys
from shared.platform.door import Query
from shared.runtime.queries import arguments, nothing_there
from shared.runtime.tools import Tools
from shared.seal.wire import SealError, raw, text

ANSWERED_WITHIN = timedelta(minutes=2)
SESSION = timedelta(minutes=30)
LOGIN = "ggzy-login/v1"

HASHER = PasswordHasher(time_cost=2, memory_cost=19_456, parallelism=1)
"""argon2id (RFC 9106) with 19 MiB and two passes, as OWASP's password storage page advises at least."""

NOBODYS = "$argon2id$v=19$m=19456,t=2,p=1$Z2d6eS1ub2JvZHktLS0tLQ$Y3C27J81i0Z6KT7DHigT6S+m3tzl5CEdZuppp1KTLhM"
"""What a password is compared with where there is none, so that it takes as long."""

Password = Annotated[str, Field(min_length=1, max_length=1024)]


class OfNewPassword(Message):
    """Leaves a new password for the asker's own account."""

    password: Password


class OfPassword(Message):
    """Asks for a session by password."""

    account: AccountId
    password: Password


class OfChallenge(Message):
    """Asks for a challenge."""

    account: AccountId


class OfAnswer(Message):
    """Asks for a session by a certificate's signature over `ggzy-login/v1`, account and nonce, a line each."""

    account: AccountId
    nonce: Base64Url
    fingerprint: Sha256
    signature: Base64Url


class OfSession(Message):
    """Asks whose session this is: when it ends at the latest, and the digest of its secret."""

    until: str
    digest: Sha256


def keep_password(tools: Tools, connection: Connection, query: Query) -> Any:
    """Keep a new password's hash until the account says, in a command, that it counts."""
    row = account_row(connection, query.actor.account)
    if row is None or not row["open"]:
        raise nothing_there()
    password = arguments(OfNewPassword, query).password
    passwords.require_good(password)
    made = HASHER.hash(password, salt=tools.random_bytes(16))
    with tools.database.write() as written:
        Private(tools).put(written, private.PASSWORD_WAITING, query.actor.account, {"hash": made})
    return {"account": query.actor.account}


def log_in_by_password(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return a session for a right password. After wrong ones the next try must wait, twice as long each time."""
    asked = arguments(OfPassword, query)
    _reserve_try(tools, asked.account, query.at)
    row = account_row(connection, asked.account)
    kept = Private(tools).get(connection, private.PASSWORD, asked.account)
    usable = kept is not None and row is not None and row["open"]
    right = _verified(kept["hash"] if kept else NOBODYS, asked.password)
    if not (usable and right):
        raise failed()
    bucket = _bucket(tools, asked.account)
    with tools.database.write() as written:
        tools.database.gate(written, f"attempts:{bucket}", shared=False)
        private.forget(written, private.ATTEMPTS, bucket)
    return _session(tools, asked.account, query.at, "password")


def challenge(tools: Tools, _connection: Connection, query: Query) -> Any:
    """Return a nonce to be signed within two minutes, for any name: nothing is kept until it is answered."""
    name = arguments(OfChallenge, query).account
    until = instant(query.at + ANSWERED_WITHIN)
    body = tools.random_bytes(16)
    return {"nonce": text(body + _mark(tools, name, until, body) + until.encode()), "until": until}


def log_in_by_certificate(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return a session for a signature over a challenge, by a certificate that stands for the account now."""
    asked = arguments(OfAnswer, query)
    until = _require_fresh(tools, asked, query.at)
    row = account_row(connection, asked.account)
    kept = Private(tools).get(connection, private.CERTIFICATE, f"{asked.account}:{asked.fingerprint}")
    if row is None or not row["open"] or kept is None or asked.fingerprint not in bound(connection, asked.account):
        raise failed()
    try:
        leaf, given = leaf_and_chain(kept)
        chain.require_trusted(leaf, given, trusted(tools.settings.data), query.at)
        message = f"{LOGIN}\n{asked.account}\n{asked.nonce}".encode()
        if not chain.signed(leaf, message, raw(asked.signature)):
            raise failed()
    except (chain.Untrusted, SealError) as error:
        raise failed() from error
    _use_once(tools, asked.nonce, until, query.at)
    return _session(tools, asked.account, query.at, asked.fingerprint)


def show_session(tools: Tools, connection: Connection, query: Query) -> Any:
    """Return whose session it is, to the door alone, while account and certificate are what they were."""
    asked = arguments(OfSession, query)
    kept = Private(tools).get(connection, private.SESSION, f"{asked.until}|{asked.digest}")
    if query.actor.role != "system" or kept is None or query.at >= parse_instant(asked.until):
        raise nothing_there()
    if kept["by"] != "password" and kept["by"] not in bound(connection, kept["account"]):
        raise nothing_there()
    return {"account": kept["account"], "until": asked.until}


def end_session(tools: Tools, _connection: Connection, query: Query) -> Any:
    """Forget a session; the door asks for who holds it."""
    asked = arguments(OfSession, query)
    if query.actor.role != "system":
        raise nothing_there()
    with tools.database.write() as written:
        private.forget(written, private.SESSION, f"{asked.until}|{asked.digest}")
    return {}


def failed() -> NotEntitled:
    """Return the one answer to every failure."""
    return NotEntitled("账户、密码或证书不符", "no such account, or a wrong password or certificate")


def _verified(made: str, password: str) -> bool:
    try:
        return HASHER.verify(made, password)
    except VerifyMismatchError:
        return False


def _reserve_try(tools: Tools, name: str, at: datetime) -> None:
    """Count a try as failed before it is made, so that many at once are many; the right password forgets them."""
    bucket = _bucket(tools, name)
    with tools.database.write() as connection:
        tools.database.gate(connection, f"attempts:{bucket}", shared=False)
        kept = Private(tools).get(connection, private.ATTEMPTS, bucket) or {"failures": 0, "from": ""}
        if kept["from"] > instant(at):
            raise NotYet(f"尝试过多，请于 {kept['from']} 后再试", f"too many tries; try again after {kept['from']}")
        failures = kept["failures"] + 1
        later = {"failures": failures, "from": instant(at + passwords.wait_after(failures))}
        Private(tools).put(connection, private.ATTEMPTS, bucket, later)


def _bucket(tools: Tools, name: str) -> str:
    """Return one of 65,536 places to count in: made-up names fill no more, and none tells which account shares it."""
    return _keyed(tools, f"ggzy-attempts/v1|{name}".encode()).hex()[:4]


def _mark(tools: Tools, name: str, until: str, body: bytes) -> bytes:
    return _keyed(tools, f"ggzy-challenge/v1|{name}|{until}|".encode() + body)[:16]


def _keyed(tools: Tools, message: bytes) -> bytes:
    return hmac.digest(tools.keyring.secret(keys.vault("registry")), message, "sha256")


def _require_fresh(tools: Tools, asked: OfAnswer, at: datetime) -> str:
    """Return when a challenge ends. Raise the one answer unless the registry made it for this account, and it lasts."""
    try:
        nonce = raw(asked.nonce)
        body, mark, until = nonce[:16], nonce[16:32], nonce[32:].decode()
        if not hmac.compare_digest(mark, _mark(tools, asked.account, until, body)) or at >= parse_instant(until):
            raise failed()
    except ValueError as error:
        raise failed() from error
    return until


def _use_once(tools: Tools, nonce: str, until: str, at: datetime) -> None:
    name = f"{until}|{hashlib.sha256(nonce.encode()).hexdigest()}"
    with tools.database.write() as connection:
        tools.database.gate(connection, f"nonce:{name}", shared=False)
        if private.has(connection, private.NONCE, name):
            raise failed()
        private.sweep(connection, private.NONCE, instant(at))
        Private(tools).put(connection, private.NONCE, name, {})


def _session(tools: Tools, name: str, at: datetime, by: str) -> dict[str, str]:
    """Begin a session and return its secret, of which only the digest is kept."""
    secret, until = text(tools.random_bytes(32)), instant(at + SESSION)
    digest = hashlib.sha256(secret.encode()).hexdigest()
    with tools.database.write() as connection:
        private.sweep(connection, private.SESSION, instant(at))
        Private(tools).put(connection, private.SESSION, f"{until}|{digest}", {"account": name, "by": by})
    return {"session": f"{until}.{secret}", "account": name, "until": until}
