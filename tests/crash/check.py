"""The check for loss: what bidders were promised, against the journals, the ledger and the published log."""

import json
from collections import Counter
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from time import monotonic, sleep
from typing import Any

from shared.kernel.record import Record, read
from shared.ledger.checkpoint import parse
from shared.ledger.directory import entries, folder, verify_log
from shared.ledger.leaf import digest, parse_leaf
from shared.ledger.policy import parse_policy
from shared.platform.keys import RECEIPTS, Keyring
from shared.runtime.lines import lines
from shared.seal.receipt import Receipt, verify_receipt
from shared.seal.wire import SealError, raw
from tests.crash.house import House


@dataclass(frozen=True)
class Written:
    """One row of a journal."""

    record: Record
    leaf: bytes


RECEIVED = "bidding.sealed_received.v1"

Journals = Mapping[str, Sequence[Written]]
"""Every service's journal, by position from the first."""

PATIENCE_SECONDS = 60.0


def lost(house: House, messages: Sequence[Mapping[str, Any]], patience: float = PATIENCE_SECONDS) -> list[str]:
    """Return what is wrong, a sentence each, once nothing is under way.

    What arrived has `patience` seconds to be decided, and what was decided a minute more to be published, however slow
    the machine is. `messages` are sealed messages with the receipts that were given for them.
    """
    _wait(lambda: _is_decided(house), patience)
    _wait(lambda: _is_published(house), PATIENCE_SECONDS)
    journals = {name: _journal(house, name) for name in lines()}
    found = [fault for name, written in journals.items() for fault in _of_journal(house, name, written)]
    found += _of_receipts(house, journals["bidding"], messages)
    found += _of_ledger(house, journals)
    return found + list(_of_log(house))


def _wait(look: Callable[[], bool], seconds: float) -> None:
    until = monotonic() + seconds
    while not look() and monotonic() < until:
        sleep(0.2)


def _is_decided(house: House) -> bool:
    """Whether every arrival has an outcome."""
    return not any(house.arrived(name) for name in lines())


def _is_published(house: House) -> bool:
    """Whether every record is in the ledger, and the ledger published."""
    written = sum(house.rows(f"SELECT position FROM {name}.head")[0][0] for name in lines())
    entered = house.rows("SELECT size FROM audit.ledger_head")[0][0]
    checkpoint = house.data / "ledger" / "checkpoint"
    published = parse(checkpoint.read_bytes()).size if checkpoint.exists() else 0
    return bool(written == entered == published)


def _journal(house: House, service: str) -> list[Written]:
    rows = house.rows(f"SELECT record, leaf FROM {service}.journal ORDER BY position")
    return [Written(read(bytes(record)), bytes(leaf)) for record, leaf in rows]


def _of_journal(house: House, service: str, written: Sequence[Written]) -> Iterator[str]:
    """Look for gaps, for records that not exactly one stored outcome tells of, and for arrivals without an outcome."""
    positions = [item.record.position for item in written]
    if positions != list(range(1, len(written) + 1)):
        yield f"{service}: the positions are not 1 to {len(written)}"
    if house.rows(f"SELECT position FROM {service}.head") != [(len(written),)]:
        yield f"{service}: the head is not the last of {len(written)} records"
    versions = Counter[str]()
    for item in written:
        versions[item.record.stream] += 1
        if item.record.version != versions[item.record.stream]:
            yield f"{service}: {item.record.stream} has no version {versions[item.record.stream]}"
    told = Counter[tuple[int, str]]()
    for (outcome,) in house.rows(f"SELECT outcome FROM {service}.command"):
        told.update((event["position"], event["digest"]) for event in json.loads(bytes(outcome))["events"])
    if told != Counter((item.record.position, item.record.digest) for item in written):
        yield f"{service}: journal and stored outcomes differ: a command was executed twice, or an outcome is lost"
    for actor in house.arrived(service):
        yield f"{service}: what arrived of {actor[:12]} has no outcome"


def _of_receipts(house: House, written: Sequence[Written], messages: Sequence[Mapping[str, Any]]) -> Iterator[str]:
    """Look for receipts that are not genuine, or whose message is not in the journal once, where they say."""
    key = Keyring(house.data / "keys").public_text(RECEIPTS)
    times = Counter(item.record.data.get("digest") for item in written if item.record.type == RECEIVED)
    for message in messages:
        receipt = Receipt.model_validate_json(json.dumps(message["receipt"]))
        try:
            verify_receipt(receipt, key, raw(message["sealed"]))
        except SealError as error:
            yield f"receipt {receipt.position}: {error}"
        place = receipt.position - 1
        record = written[place].record if place < len(written) else None
        if record is None or record.digest != receipt.record_digest:
            yield f"receipt {receipt.position}: the journal has another record there, or none"
        if times[receipt.sealed_digest] != 1:
            yield f"receipt {receipt.position}: its message is in the journal {times[receipt.sealed_digest]} times"


def _of_ledger(house: House, journals: Journals) -> Iterator[str]:
    """Look for records that are not in the ledger once and in order, byte for byte."""
    rows = house.rows("SELECT idx, service, position, record, leaf FROM audit.entry ORDER BY idx")
    if [row[0] for row in rows] != list(range(len(rows))):
        yield "ledger: the entries are not numbered from 0 without a gap"
    for service, written in journals.items():
        entered = [(row[2], bytes(row[3]), bytes(row[4])) for row in rows if row[1] == service]
        expected = [(item.record.position, item.record.raw, item.leaf) for item in written]
        if entered != expected:
            yield f"ledger: {len(entered)} entries of {service} are not its {len(expected)} records in order"
        if any(parse_leaf(leaf).digest != digest(record) for _, record, leaf in entered):
            yield f"ledger: a leaf of {service} is not its record's"


def _of_log(house: House) -> Iterator[str]:
    """Verify the published files under the installation's policy, and compare them with the ledger."""
    policy, published = parse_policy(house.client.fetch("/api/ledger/policy")), folder(house.data / "ledger")
    report = verify_log(published, lambda note: policy.check(note).checkpoint)
    if report.failed is not None or report.checkpoint is None:
        yield f"log: {report.overall}"
        return
    leaves = [bytes(leaf) for (leaf,) in house.rows("SELECT leaf FROM audit.entry ORDER BY idx")]
    if list(entries(published, report.checkpoint.size)) != leaves:
        yield f"log: its {report.checkpoint.size} entries are not the ledger's {len(leaves)}"
