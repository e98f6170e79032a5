"""Taking in what the services tell: records into the ledger, gaps asked for, and whatever breaks a rule found."""

import re
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, Protocol

from services.audit.domain.intake import Unfit, examine, unknown
from services.audit.domain.ordering import Held, arrange, gaps, key_of
from services.audit.domain.tails import Tails
from services.audit.wanted import Wanted
from shared.messaging.lane import Hold
from shared.messaging.relay import read_head
from shared.platform.logs import logger
from shared.store import ledger_intake as kept
from shared.store.database import Database, is_fault
from shared.store.ledger import BATCH, LedgerDamaged, Sequencer, Writing
from shared.store.ledger_entry import Entry, Finding
from shared.store.ledger_read import at_positions, head

_SERVICE = re.compile(r"[a-z0-9_]{1,64}")


class Told(Protocol):
    """A message of the exchange of events: its routing key, its headers, its exact bytes."""

    @property
    def key(self) -> str: ...
    @property
    def headers(self) -> Mapping[str, Any]: ...
    @property
    def body(self) -> bytes: ...


class Intake:
    """Takes messages in, any number of times and in any order. `now` is the installation's clock."""

    def __init__(
        self, database: Database, wanted: Wanted, *, now: Callable[[], datetime], monotonic: Callable[[], float]
    ) -> None:
        self._database = database
        self._sequencer = Sequencer(database)
        self._wanted = wanted
        self._now = now
        self._monotonic = monotonic
        self._tails = Tails()

    def take(self, batch: Sequence[Told]) -> None:
        """Enter a batch in one transaction. Raise Hold while the database is away or the ledger may not be written."""
        try:
            self._take(batch)
        except LedgerDamaged as damage:
            logger().critical("ledger_damaged", cause=str(damage))
            raise Hold("the stored ledger does not agree with itself") from damage
        except Exception as error:
            if is_fault(error):
                raise Hold("the database is away") from error
            raise

    def _take(self, batch: Sequence[Told]) -> None:
        entries, findings, heads = _sorted(batch)
        more = bool(entries or findings)
        while more:
            more = self._enter(entries, findings)
            entries, findings = [], []
        if heads:
            self._hear(heads)

    def _enter(self, entries: Sequence[Entry], findings: Sequence[Finding]) -> bool:
        """Enter what can be entered. Return whether records that were waiting can go on from there."""
        with self._sequencer.open() as ledger:
            made = arrange(entries, _look(ledger, entries))
            ledger.append(made.append, made.passed)
            kept.hold(ledger.connection, made.hold)
            kept.release(ledger.connection, made.release)
            lowest = kept.lowest_waiting(ledger.connection)
            missing = gaps(ledger.tree.positions, lowest)
            new = kept.report(ledger.connection, [*findings, *made.findings, *missing], self._now())
        _alarm(new)
        for gap in missing:
            self._wanted.add(str(gap.service), gap.first or 0, gap.last or 0)
        return len(lowest) > len(missing)

    def _hear(self, heads: Iterable[tuple[str, int]]) -> None:
        with self._database.read() as connection:
            _, _, positions = head(connection)
        for service, position in heads:
            meant = self._tails.hear(service, position, positions.get(service, 0), self._monotonic())
            if isinstance(meant, Finding):
                with self._database.write() as connection:
                    new = kept.report(connection, [meant], self._now())
                _alarm(new)
            elif meant is not None:
                self._wanted.add(service, *meant)


def _sorted(batch: Sequence[Told]) -> tuple[list[Entry], list[Finding], list[tuple[str, int]]]:
    """Return a batch's records, what is wrong in it, and its head beacons."""
    entries, findings, heads = [], [], []
    for message in batch:
        kind, leaf = message.headers.get("kind"), message.headers.get("leaf")
        try:
            if kind == "record":
                entries.append(examine(message.body, leaf))
            elif kind == "head":
                heads.append(_beacon(message))
            elif not isinstance(kind, str):  # other kinds are news and no records
                raise unknown(message.key)
        except Unfit as unfit:
            findings.append(unfit.finding(message.body, leaf))
    return entries, findings, heads


def _beacon(message: Told) -> tuple[str, int]:
    try:
        service, position = read_head(message.body)
    except (ValueError, KeyError, TypeError) as error:
        raise unknown(message.key) from error
    if not _SERVICE.fullmatch(service) or position < 0:
        raise unknown(message.key)
    return service, position


def _look(ledger: Writing, entries: Sequence[Entry]) -> Held:
    """Return what is there already that concerns a batch."""
    positions = ledger.tree.positions
    waiting = kept.waiting_near(ledger.connection, positions, BATCH, map(key_of, entries))
    behind = [key_of(item) for item in entries if item.position <= positions.get(item.service, 0)]
    return Held(
        positions=positions,
        entered=at_positions(ledger.connection, behind) if behind else {},
        waiting={key_of(item): item for item in waiting},
        versions=ledger.last_versions((item.service, item.stream) for item in [*entries, *waiting]),
    )


def _alarm(findings: Iterable[Finding]) -> None:
    for item in findings:
        logger().error("finding", code=item.code, of_service=item.service, first=item.first, last=item.last)
