"""Signing checkpoints: each second, when the tree grew, and only of a tree that follows every one signed before."""

from collections.abc import Callable
from datetime import datetime

from shared.ledger.checkpoint import Checkpoint, parse, sign
from shared.ledger.errors import LedgerFault
from shared.ledger.keys import Signer
from shared.ledger.merkle import Frontier
from shared.ledger.prover import Prover
from shared.platform.logs import logger
from shared.store import ledger_checkpoints as checkpoints
from shared.store import ledger_intake as kept
from shared.store.database import Database
from shared.store.ledger_entry import Finding
from shared.store.ledger_read import Stored, head

BEAT = 1.0
"""Seconds between two checkpoints of a growing tree."""


class NotSigned(Exception):
    """The stored tree is not one to be signed; the text says why."""


class Sealer:
    """Signs for one log. `published` gives the checkpoint last shown to the world, which no backup takes back."""

    def __init__(
        self,
        database: Database,
        signer: Signer,
        published: Callable[[], bytes | None],
        *,
        now: Callable[[], datetime],
        monotonic: Callable[[], float],
    ) -> None:
        self._database = database
        self._signer = signer
        self._published = published
        self._now = now
        self._monotonic = monotonic
        self._due_at = monotonic()

    def beat(self) -> None:
        """Sign a checkpoint if it is time and the tree has grown."""
        if self._monotonic() >= self._due_at:
            self._due_at = self._monotonic() + BEAT
            self.seal()

    def seal(self) -> None:
        """Sign the tree as it stands, if it has grown. A tree that must not be signed is found and alarmed."""
        try:
            self._seal()
        except NotSigned as reason:
            found = Finding(code="ledger_not_signed", zh="账本与已签署的检查点不一致，已停止签署", en=str(reason))
            with self._database.write() as connection:
                kept.report(connection, [found], self._now())
            logger().critical("ledger_not_signed", cause=str(reason))

    def _seal(self) -> None:
        with self._database.read() as connection:
            size, frontier, positions = head(connection)
            last = checkpoints.newest(connection)
            past = [parse(note) for note in (last.note if last else None, self._published()) if note]
            if size == (last.size if last else 0) and all(before.size <= size for before in past):
                return
            if any(before.origin != self._signer.name for before in past):
                raise NotSigned(f"this ledger was begun under another name than {self._signer.name}")
            root = _root(Stored(connection).prover(), size, frontier, past)
        signed = sign(Checkpoint(self._signer.name, size, root), self._signer)
        with self._database.write() as connection:
            checkpoints.add(connection, size, signed, positions, self._now())


def _root(tree: Prover, size: int, frontier: bytes, past: list[Checkpoint]) -> bytes:
    """Return the root to sign. Raise NotSigned unless tiles and frontier agree and the tree follows the past ones."""
    try:
        root = tree.root(size)
        if root != Frontier.from_bytes(frontier).root():
            raise NotSigned("the stored tiles and the stored frontier have different roots")
        for before in past:
            if before.size > size:
                raise NotSigned(f"a checkpoint of {before.size} leaves was signed, and there are only {size}")
            if tree.root(before.size) != before.root:
                raise NotSigned(f"the first {before.size} leaves are not those that were signed")
    except LedgerFault as fault:
        raise NotSigned(f"the stored tree cannot be read: {fault}") from fault
    return root
