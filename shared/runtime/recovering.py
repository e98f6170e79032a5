"""Recovering: what a journal has lost is asked of the audit, verified against the ledger, and appended."""

import asyncio
from collections.abc import Iterator, Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from datetime import timedelta
from typing import Any

from sqlalchemy import func, select

from shared.kernel.errors import BrokenHistory, NotYet
from shared.kernel.record import read
from shared.kernel.request import SYSTEM
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.errors import LedgerFault
from shared.ledger.keys import ED25519, Verifier
from shared.ledger.merkle import leaf_hash, verify_inclusion
from shared.ledger.policy import Policy
from shared.ledger.text import decode_base64
from shared.messaging.bus import Bus, BusFault, BusTimeout
from shared.messaging.bus_amqp import AmqpBus
from shared.messaging.bus_embedded import SOCKET, EmbeddedBus
from shared.platform import keys
from shared.platform.door import Door, Query
from shared.runtime.handling import Handled
from shared.store.journal import Written
from shared.store.recover import NotRecovered, last_written
from shared.store.tables import inbox

PATIENCE = timedelta(seconds=30)
UNANSWERED = timedelta(seconds=1)
"""How long is waited where no answer is given."""


@dataclass(frozen=True, slots=True)
class Told:
    """What the audit told: the records from a position on, and the last position of every service."""

    records: list[Written] = field(default_factory=list)
    heads: dict[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Recovered:
    """What was done: how many records came back, and from which position on others were asked to tell theirs again."""

    records: int
    asked: Mapping[str, int]


def recover_service(handled: Handled) -> Recovered:
    """Bring back what a service's journal lacks, over the installation's own bus; see `bring_back`."""

    async def work() -> Recovered:
        settings = handled.tools.settings
        clock = settings.make_clock()
        bus = EmbeddedBus(settings.data / SOCKET, clock) if settings.embedded else AmqpBus(settings.broker, clock)
        async with bus:
            return await bring_back(handled, bus)

    return asyncio.run(work())


async def bring_back(handled: Handled, bus: Bus) -> Recovered:
    """Bring back what the ledger holds of a service's journal and the journal lacks.

    Raise NotRecovered where it is not shown to be that, and NotYet where audit or ledger cannot be asked now.
    """
    with handled.tools.database.read() as connection:
        last = last_written(connection)
    told = await _fetch(handled, bus, last.record.position if last else 1)
    missing = _following(last, told)
    if not missing:
        return Recovered(0, {})
    handled.recover(missing)
    behind = {name: first for name, first in _unlearnt(handled, told.heads) if first <= told.heads[name]}
    await _ask_again(handled, bus, behind, told.heads)
    return Recovered(len(missing), behind)


async def _fetch(handled: Handled, bus: Bus, first: int) -> Told:
    """Return all records from a position on, each shown to be in the ledger."""
    trusted = _Trusted(handled)
    told = Told()
    while True:
        page = await _ask(handled, bus, {"service": handled.tools.name, "first": first + len(told.records)})
        told.heads.update(page["heads"])
        if not page["records"]:
            return told
        told.records.extend(trusted.records(page))


async def _ask(handled: Handled, bus: Bus, arguments: dict[str, Any]) -> Any:
    tools = handled.tools
    now = tools.clock.now()
    door = Door(tools.keyring.signing(keys.DOOR))
    signed = door.query(Query(name="records", arguments=arguments, actor=SYSTEM, at=now))
    try:
        reply = await bus.call("audit_views", "query", signed, now + PATIENCE)
    except (BusTimeout, BusFault) as error:
        raise NotYet("审计服务未应答，平台是否已启动？", "the audit does not answer: is the platform up?") from error
    if "refusal" in reply:
        raise NotYet(reply["refusal"]["zh"], reply["refusal"]["en"])
    return reply["answer"]


class _Trusted:
    """Believes what the ledger's own key has signed."""

    def __init__(self, handled: Handled) -> None:
        key = handled.tools.keyring.public(keys.LEDGER).public_bytes_raw()
        self._policy = Policy([Verifier(handled.tools.settings.origin, ED25519, key)], quorum="none")

    def records(self, page: Mapping[str, Any]) -> Iterator[Written]:
        """Yield the records of a page. Raise NotRecovered for one that is not in the signed tree."""
        try:
            signed = self._policy.check(str(page["checkpoint"]).encode()).checkpoint
            for item in page["records"]:
                yield _included(item, signed)
        except (LedgerFault, BrokenHistory) as fault:
            zh = "所得记录不在已签署的账本之中，未作任何写入；请通知监督部门"
            raise NotRecovered(zh, f"not in the signed ledger: {fault}; nothing was written") from fault


def _included(item: Mapping[str, Any], signed: Checkpoint) -> Written:
    leaf, hashes = str(item["leaf"]).encode(), [decode_base64(text) for text in item["hashes"]]
    if not verify_inclusion(item["index"], signed.size, leaf_hash(leaf), hashes, signed.root):
        raise BrokenHistory(f"position {item['position']} is not leaf {item['index']}")
    return Written(read(decode_base64(item["record"])), leaf)


def _following(last: Written | None, told: Told) -> list[Written]:
    """Return what comes after the journal's last record, which must be the ledger's too where that has it."""
    if last is None:
        return told.records
    if not told.records:
        return []
    if told.records[0].leaf != last.leaf:
        at = last.record.position
        zh = f"流水与账本在第 {at} 号记录处已是两份历史，无法取回；请保留现场并通知监督部门"
        raise NotRecovered(zh, f"journal and ledger differ at position {at}: keep everything, tell the supervisor")
    return told.records[1:]


def _unlearnt(handled: Handled, heads: Mapping[str, int]) -> Iterator[tuple[str, int]]:
    """Yield each other service with the first position from which nothing has been learnt of it here."""
    with handled.tools.database.read() as connection:
        query = select(inbox.c.service, func.max(inbox.c.position)).group_by(inbox.c.service)
        learnt = {service: int(position) for service, position in connection.execute(query)}
    for name in heads.keys() - {handled.tools.name}:
        yield name, learnt.get(name, 0) + 1


async def _ask_again(handled: Handled, bus: Bus, first: Mapping[str, int], heads: Mapping[str, int]) -> None:
    for name, position in first.items():
        with suppress(BusTimeout):  # it is answered by the events themselves
            until = handled.tools.clock.now() + UNANSWERED
            await bus.call(f"{name}_views", "resend", {"first": position, "last": heads[name]}, until)
