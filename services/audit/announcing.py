"""Bringing a checkpoint before the witnesses and then before the world: files first, news after."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from threading import Thread
from typing import Any, Protocol

from services.audit.publishing import Publication
from services.audit.wanted import Wanted
from services.audit.witnesses import SECONDS, Refused, Witness
from shared.kernel.canonical import encode
from shared.ledger.checkpoint import parse
from shared.ledger.errors import LedgerFault
from shared.ledger.note import Signature
from shared.ledger.text import encode_base64
from shared.messaging import heads
from shared.platform.logs import logger
from shared.store import ledger_checkpoints as checkpoints
from shared.store import ledger_intake as kept
from shared.store.database import Database
from shared.store.ledger_checkpoints import Sealed
from shared.store.ledger_entry import Finding
from shared.store.ledger_read import Stored

WITNESSED = "audit.checkpoint_witnessed"
AGAIN = 5.0
"""Seconds after which the same news is told again, so that a lost message does no harm."""

ROUND = 4 * SECONDS
"""Seconds after which a round goes on without those who have not answered."""

LONGEST_REST = 60.0


class Voice(Protocol):
    """How the audit speaks to the other services."""

    def tell(self, key: str, kind: str, body: bytes) -> None:
        """Publish news."""
        ...

    def call(self, service: str, method: str, kwargs: dict[str, Any]) -> None:
        """Call a method without waiting."""
        ...

    def close(self) -> None:
        """Let the connection go."""
        ...


@dataclass(slots=True)
class _Rest:
    """How long a witness that failed is left alone."""

    failures: int = 0
    until: float = 0.0


class Announcer:
    """Shows the newest checkpoint to the witnesses, keeps what they sign and publishes it. `news` is what to tell."""

    def __init__(
        self,
        database: Database,
        publication: Publication,
        witnesses: Sequence[Witness],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self.news = b""
        self._database = database
        self._publication = publication
        self._witnesses = witnesses
        self._now = now
        self._monotonic = monotonic
        self._rests = {witness.name: _Rest() for witness in witnesses}
        self._findings: list[Finding] = []
        self._shown: tuple[int, int] = (0, 0)

    def beat(self) -> None:
        """Bring the newest checkpoint forward as far as it goes now."""
        with self._database.read() as connection:
            sealed = checkpoints.newest(connection)
        if sealed is None:
            return
        at = self._monotonic()
        missing = [one for one in self._witnesses if one.name not in sealed.witnesses]
        if added := self._round(sealed, [one for one in missing if self._rests[one.name].until <= at]):
            with self._database.write() as connection:
                checkpoints.add_cosignatures(connection, sealed.size, added, self._now())
        if added or self._shown != (sealed.size, len(sealed.witnesses)):
            self._publish(sealed.size)
        self._report()

    def _report(self) -> None:
        findings, self._findings = self._findings, []
        if findings:
            with self._database.write() as connection:
                kept.report(connection, findings, self._now())

    def _publish(self, size: int) -> None:
        with self._database.read() as connection:
            sealed = checkpoints.of_size(connection, size)
            self._shown = (sealed.size, len(sealed.witnesses))
            try:
                self._publication.publish(sealed.note, Stored(connection))
            except LedgerFault as fault:
                logger().critical("ledger_not_published", cause=str(fault))
                zh = "账本内容与树根不符，已停止公布"
                self._findings.append(Finding(code="ledger_not_published", zh=zh, en=str(fault)))
                return
        self.news = news_of(sealed)

    def _round(self, sealed: Sealed, witnesses: Sequence[Witness]) -> list[Signature]:
        """Ask witnesses side by side and return what those who answered in time have signed."""
        added: list[Signature] = []
        threads = [Thread(target=self._ask, args=(one, sealed, added), daemon=True) for one in witnesses]
        for thread in threads:
            thread.start()
        until = self._monotonic() + ROUND
        for thread in threads:
            thread.join(max(0.0, until - self._monotonic()))
        return list(added)

    def _ask(self, witness: Witness, sealed: Sealed, added: list[Signature]) -> None:
        rest = self._rests[witness.name]
        try:
            with self._database.read() as connection:
                old = checkpoints.last_size_of(connection, witness.name)
            added.append(witness.cosign(sealed.note, old, self._prove))
            rest.failures = 0
        except Exception as reason:  # noqa: BLE001 - whatever is wrong with one witness, the others go on
            rest.failures += 1
            rest.until = self._monotonic() + min(LONGEST_REST, 2.0 ** min(rest.failures, 6))
            logger().warning("not_cosigned", witness=witness.name, cause=f"{type(reason).__name__}: {reason}")
            if isinstance(reason, Refused):
                self._findings.append(refusal_of(witness, reason))

    def _prove(self, old: int, size: int) -> Sequence[bytes]:
        with self._database.read() as connection:
            return Stored(connection).prover().consistency(old, size) if old < size else []


class Teller:
    """Tells the other services what is witnessed and what the ledger holds, and asks them for what is missing."""

    def __init__(
        self,
        voice: Voice,
        news: Callable[[], bytes],
        positions: Callable[[], Mapping[str, int]],
        wanted: Wanted,
        *,
        monotonic: Callable[[], float],
    ) -> None:
        self._voice = voice
        self._news = news
        self._positions = positions
        self._wanted = wanted
        self._monotonic = monotonic
        self._told = b""
        self._again_at = 0.0
        self._heads_at = 0.0

    def beat(self) -> None:
        """Say what is due. What could not be said is said at a later beat."""
        now = self._monotonic()
        if now >= self._heads_at:
            self._voice.tell(heads.HEADS, heads.KIND, heads.heads_body(self._positions()))
            self._heads_at = now + heads.BEAT
        for service, first, last in self._wanted.take(now):
            logger().warning("records_asked_for", of_service=service, first=first, last=last)
            self._voice.call(f"{service}_views", "resend", {"first": first, "last": last})
        news = self._news()
        if news and (news != self._told or now >= self._again_at):
            self._voice.tell(WITNESSED, "witnessed", news)
            self._told, self._again_at = news, now + AGAIN


def refusal_of(witness: Witness, refused: Refused) -> Finding:
    """Return the finding that a witness does not cosign: the sign of two histories, or of a key it does not know."""
    return Finding(
        code="witness_refused",
        zh=f"见证人 {witness.name} 拒绝见证（{refused.status}）",
        en=f"the witness {witness.name} does not cosign: {refused}",
        body=f"{witness.name} {refused.status}".encode(),
    )


def news_of(sealed: Sealed) -> bytes:
    """Return the canonical body that tells of a checkpoint: who cosigned it, and what of each journal it covers."""
    head = parse(sealed.note)
    body = {
        "v": 1,
        "origin": head.origin,
        "size": head.size,
        "root": encode_base64(head.root),
        "witnesses": list(sealed.witnesses),
        "heads": dict(sealed.positions),
    }
    return encode(body)
