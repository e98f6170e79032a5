"""The bodies of a tender's bids: checked when reception has closed, opened apart when the keys are collected."""

from collections.abc import Callable, Sequence
from functools import partial
from pathlib import Path
from time import sleep
from typing import Any

import orjson

from services.bidding import LINE
from services.bidding.domain.ceremony_events import KeyGiven, KeysCollected, SharesGiven
from services.bidding.domain.events import ReceptionClosed
from services.bidding.domain.rows import StandingBid, UnsealedBid
from shared.kernel.message import Event
from shared.platform.logs import logger
from shared.procedure.opening import handed_in
from shared.runtime.handling import Handled
from shared.runtime.opening import RESULTS, Job, Opened, OpenerFailed, open_apart
from shared.runtime.tools import Tools
from shared.seal.recovery import recover_key
from shared.seal.wire import raw, text
from shared.store import journal, work
from shared.store.blobs import BlobStore

CHECK = "check"
STAMPS = "stamps"
TO_OPEN = "unseal"
OPENED = "unsealed"

REST_SECONDS = 2.0
"""How long the work rests when the opener failed: a machine in trouble is not helped by trying without end."""


def work_on(tools: Tools, handled: Handled) -> None:
    """Check the bodies of closed tenders and open those whose keys are collected.

    Interrupted anywhere, it is simply done again.
    """
    with tools.database.read() as connection:
        to_check, to_open = list(work.of_kind(connection, CHECK)), list(work.of_kind(connection, TO_OPEN))
    for stream in to_check:
        _attempt(partial(_check, tools, stream))
    for stream in to_open:
        _attempt(partial(_unseal, tools, handled, stream))


def _attempt(task: Callable[[], None]) -> None:
    """Do the work of one tender. Where the opener fails it stays to be done, and keeps no other tender waiting."""
    try:
        task()
    except OpenerFailed as failed:
        logger().error("opener_failed", cause=str(failed))
        sleep(REST_SECONDS)


def _check(tools: Tools, stream: str) -> None:
    """Compare every body with its envelope while no key is in, when nobody could make another that opens."""
    results = open_apart([_job(bid, tools.settings.data, stream) for bid in _closed(_events(tools, stream)).bids])
    with tools.database.write() as connection:
        work.put(connection, STAMPS, stream, RESULTS.dump_json(results))
        work.drop(connection, CHECK, stream)


def _unseal(tools: Tools, handled: Handled, stream: str) -> None:
    with tools.database.read() as connection:
        kept = work.get(connection, STAMPS, stream)
    stamps = {result.bid: result.stamp for result in read_results(kept or b"[]")}
    folder = tools.settings.data / "opened" / stream
    folder.mkdir(parents=True, exist_ok=True, mode=0o700)
    jobs = [
        job.model_copy(update={"stamp": stamps.get(job.bid)})
        for job in jobs_of(_events(tools, stream), tools.settings.data, stream)
    ]
    results = open_apart(jobs)
    with tools.database.write() as connection:
        work.put(connection, OPENED, stream, RESULTS.dump_json(results))
    handled.give(stream, {"type": "bidding.record_unsealing"}, f"unsealed-{stream}")
    with tools.database.write() as connection:
        work.drop(connection, TO_OPEN, stream)


def jobs_of(events: Sequence[Event], data: Path, stream: str) -> list[Job]:
    """Return a job for every bid whose key is complete, from what the record says was handed in."""
    collected = next(event.bids for event in events if isinstance(event, KeysCollected))
    openable = {bid.bid for bid in collected if bid.openable}
    keys = {event.bid: event.k_b for event in events if isinstance(event, KeyGiven)}
    given = {event.authority: event.shares for event in events if isinstance(event, SharesGiven)}
    jobs = []
    for bid in _closed(events).bids:
        if bid.bid in openable:
            shares = {name: share.share for name, all_ in given.items() for share in all_ if share.bid == bid.bid}
            key = recover_key(bid.envelope, raw(keys[bid.bid]), handed_in(shares)).key
            jobs.append(_job(bid, data, stream).model_copy(update={"key": text(key)}))
    return jobs


def _job(bid: StandingBid, data: Path, stream: str) -> Job:
    return Job(
        bid=bid.bid,
        envelope=bid.envelope,
        ciphertext=BlobStore(data / "blobs").path(bid.envelope.body.sha256),
        plaintext=data / "opened" / stream / f"{bid.bid}.body",
    )


def _events(tools: Tools, stream: str) -> list[Event]:
    with tools.database.read() as connection:
        return [LINE.event(written.record) for written in journal.of_stream(connection, stream)]


def _closed(events: Sequence[Event]) -> ReceptionClosed:
    return next(event for event in events if isinstance(event, ReceptionClosed))


def read_results(body: bytes) -> tuple[Opened, ...]:
    """Return the kept results of an unsealing."""
    return RESULTS.validate_json(body)


def unsealed_bid(result: Any) -> UnsealedBid:
    """Return one result of the opening as the record has it."""
    fields = result.model_dump(mode="json")
    fault = {name: fields[name] for name in ("code", "whose", "zh", "en")} if fields["code"] else None
    kept = {name: fields[name] for name in ("bid", "statement", "statement_sha256", "size")}
    return UnsealedBid.model_validate_json(orjson.dumps({**kept, "fault": fault}))
