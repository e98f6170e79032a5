"""The guard: a service whose journal is behind the ledger takes no commands until the missing records are back.

Such a service was restored from a backup. What it recorded now would stand at positions that the ledger holds
already, and could never come into it.
"""

import threading
from contextlib import suppress
from time import monotonic
from typing import TYPE_CHECKING

from sqlalchemy import Connection
from sqlalchemy.exc import IntegrityError

from shared.kernel.errors import NotYet
from shared.messaging.hallmark import Hallmark
from shared.messaging.heads import HEADS, KIND, read_heads
from shared.messaging.lane import Hold, Lane
from shared.messaging.topology import heads_queue
from shared.platform.logs import logger
from shared.runtime.tools import Tools
from shared.store import journal, work
from shared.store.database import is_fault

if TYPE_CHECKING:
    from collections.abc import Sequence

    from kombu import Message


PATIENCE = 10.0
"""Seconds that a service waits at its start to hear of the ledger: an audit that is down must not stop it for ever."""

BEHIND = "behind"
"""The work row of a journal that was found behind: the position that the ledger holds."""


class Guard:
    """Compares what the ledger holds of a journal with the journal's own end."""

    def __init__(self, service: str, tools: Tools) -> None:
        self._service = service
        self._tools = tools
        self._ledger = self._kept = self._own = 0
        self._looked = self._behind = False
        self._heard = threading.Event()
        self._wait_until: float | None = None

    def begin(self) -> None:
        """Let the first command wait until the ledger's head is heard, where there may be one ahead of the journal."""
        self._wait_until = monotonic() + PATIENCE

    def hear(self, position: int) -> None:
        """Take in the last position that the ledger holds. One that was heard before is not taken back."""
        self._ledger = max(self._ledger, position)
        if self.behind() and self._ledger > self._kept:
            self._keep()
        self._heard.set()

    def behind(self) -> bool:
        """Whether the ledger holds records that the journal lacks; the journal is read only where it may be so."""
        if not self._looked or self._ledger > self._own:
            with self._tools.database.read() as connection:
                self._own, self._kept = journal.last_position(connection), kept(connection)
            self._ledger = max(self._ledger, self._kept)
            self._looked = True
        self._tell(behind=self._ledger > self._own)
        return self._behind

    def refusal(self) -> NotYet | None:
        """Return the answer to every command while the journal is behind. Wait at the start for what decides it."""
        self._await()
        if not self.behind():
            return None
        return NotYet(
            "平台对本项业务的记录不完整（账本中的记录并未丢失），暂不受理；请运营机构执行 ggzy recover 取回后再试",
            "the platform's record of this service is incomplete; nothing was lost, as the ledger holds the rest: "
            "the operator must run `ggzy recover`; then try again",
        )

    def require_level(self) -> None:
        """Raise Hold while the journal is behind."""
        if self.refusal() is not None:
            raise Hold("the journal is behind the ledger: run `ggzy recover`")

    def _keep(self) -> None:
        """Keep for other processes, and for the next start, what was heard."""
        with suppress(IntegrityError), self._tools.database.write() as connection:  # another process was first
            work.put(connection, BEHIND, "", str(self._ledger).encode())
        self._kept = self._ledger

    def _await(self) -> None:
        if self._wait_until is None:
            return
        if self._may_be_behind() and not self._heard.wait(max(0.0, self._wait_until - monotonic())):
            logger().error("ledger_head_unknown", of_service=self._service, waited_seconds=PATIENCE)
        self._wait_until = None

    def _may_be_behind(self) -> bool:
        """Whether there can be a ledger ahead of the journal: not where both are empty, as in a new installation."""
        with self._tools.database.read() as connection:
            recorded = journal.last_position(connection) > 0
        return recorded or (self._tools.settings.data / "ledger" / "checkpoint").exists()

    def _tell(self, *, behind: bool) -> None:
        if behind == self._behind:
            return
        self._behind = behind
        say = logger().critical if behind else logger().info
        name = "commands_stopped_journal_behind" if behind else "commands_go_on_journal_level"
        say(name, of_service=self._service, position=self._own, ledger=self._ledger)


class Heads:
    """Hears what the audit tells of the ledger's head, on a queue of this process's own, and tells the guard."""

    def __init__(self, service: str, tools: Tools, guard: Guard) -> None:
        self._service = service
        self._guard = guard
        self._hallmark: Hallmark = tools.hallmark
        self._lane = Lane(tools.settings.broker, heads_queue(service, tools.random_bytes(6).hex()))

    def run(self) -> None:
        """Listen until stopped."""
        self._lane.run(self._take)

    def stop(self) -> None:
        """Let `run` return."""
        self._lane.stop()

    def _take(self, messages: "Sequence[Message]") -> None:
        for message in messages:
            position = self._position(message)
            if position is None:
                continue
            try:
                self._guard.hear(position)
            except Exception as error:
                if is_fault(error):
                    raise Hold("the database is away") from error
                raise

    def _position(self, message: "Message") -> int | None:
        """Return the position told of this service; nothing where no service told it."""
        body = message.body if isinstance(message.body, bytes) else str(message.body).encode()
        headers = dict(message.headers or {})
        if headers.get("kind") != KIND or not self._hallmark.holds(HEADS, headers, body):
            logger().error("ledger_head_not_from_the_audit")
            return None
        return read_heads(body).get(self._service, 0)


def kept(connection: Connection) -> int:
    """Return the position that the ledger holds by the last finding that the journal is behind; 0 without one."""
    return int(work.get(connection, BEHIND, "") or b"0")


def is_behind(connection: Connection) -> bool:
    """Whether the journal was found behind the ledger and is so still."""
    return kept(connection) > journal.last_position(connection)
