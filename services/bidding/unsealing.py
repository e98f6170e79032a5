"""The unsealing of a tender's bids: what is to be opened, opened apart, and its results brought to the record."""

from collections.abc import Sequence
from pathlib import Path

from services.bidding import LINE
from services.bidding.domain.events import KeyGiven, KeysCollected, ReceptionClosed, SharesGiven
from shared.kernel.message import Event
from shared.procedure.opening import handed_in
from shared.runtime.handling import Handled, Tools
from shared.runtime.opening import RESULTS, Job, Opened, open_apart
from shared.seal.recovery import recover_key
from shared.seal.wire import raw, text
from shared.store import journal, work
from shared.store.blobs import BlobStore

TODO = "unseal"
DONE = "unsealed"


def unseal(tools: Tools, handled: Handled) -> None:
    """Open the bids of every tender whose keys are collected. Interrupted anywhere, it is simply done again."""
    with tools.database.read() as connection:
        waiting = list(work.of_kind(connection, TODO))
    for stream in waiting:
        with tools.database.read() as connection:
            events = [LINE.event(written.record) for written in journal.of_stream(connection, stream)]
        results = open_apart(jobs_of(events, tools.settings.data, stream))
        with tools.database.write() as connection:
            work.put(connection, DONE, stream, RESULTS.dump_json(results))
        handled.give(stream, {"type": "bidding.record_unsealing"}, f"unsealed-{stream}")
        with tools.database.write() as connection:
            work.drop(connection, TODO, stream)


def jobs_of(events: Sequence[Event], data: Path, stream: str) -> list[Job]:
    """Return a job for every bid whose key is complete, from what the record says was handed in."""
    bids = next(event.bids for event in events if isinstance(event, ReceptionClosed))
    collected = next(event.bids for event in events if isinstance(event, KeysCollected))
    openable = {bid.bid for bid in collected if bid.openable}
    keys = {event.bid: event.k_b for event in events if isinstance(event, KeyGiven)}
    given = {event.authority: event.shares for event in events if isinstance(event, SharesGiven)}
    folder = data / "opened" / stream
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    jobs = []
    for bid in bids:
        if bid.bid in openable:
            shares = {name: share.share for name, all_ in given.items() for share in all_ if share.bid == bid.bid}
            key = recover_key(bid.envelope, raw(keys[bid.bid]), handed_in(shares)).key
            ciphertext = BlobStore(data / "blobs").path(bid.envelope.body.sha256)
            jobs.append(
                Job(envelope=bid.envelope, key=text(key), ciphertext=ciphertext, plaintext=folder / f"{bid.bid}.body")
            )
    return jobs


def read_results(body: bytes) -> tuple[Opened, ...]:
    """Return the kept results of an unsealing."""
    return RESULTS.validate_json(body)
