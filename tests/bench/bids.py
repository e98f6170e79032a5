"""Sealed bids by the hundred, as bidders' clients make them, with real keys; and the door that signs for them."""

import hashlib
import io
from collections.abc import Iterable
from concurrent.futures import ProcessPoolExecutor
from dataclasses import dataclass
from datetime import datetime
from functools import partial
from pathlib import Path

import orjson

from services.bidding.domain.commands import DeliverSealed
from shared.kernel.message import Command
from shared.kernel.request import Actor, Arrival
from shared.platform import keys as names
from shared.platform.door import Door
from shared.platform.keys import Keyring
from shared.seal import credential as credentials
from shared.seal.body import KEY_SIZE, key_of
from shared.seal.envelope import Envelope, seal_bid
from shared.seal.keys import AnnouncedKeys, signing_public
from shared.seal.sealed import Submit, seal_meaning
from shared.seal.statement import Document, Offer, Party, sign_offer
from shared.seal.walk import Sink
from shared.seal.wire import text
from shared.store.blobs import BlobStore
from tests.bidding import drafts
from tests.bidding import factories as make

CHUNK = 50
"""Bids that a helping process makes at a time."""


@dataclass(frozen=True)
class Prepared:
    """A delivery ready to be sent: the call as the door's client sends it, whose it is, and the sealed bytes in it."""

    call: bytes
    token: str
    sealed: bytes


@dataclass(frozen=True)
class Bid:
    """A sealed bid without its body: the envelope, and the body's whole key."""

    envelope: Envelope
    key: bytes


def token_of(tender: str, number: int) -> str:
    """Return the token of a made-up bidder."""
    return hashlib.sha256(f"{tender}|{number}".encode()).hexdigest()


def seal(announced: AnnouncedKeys, number: int, plan: bytes, sink: Sink) -> Bid:
    """Seal the bid of a made-up bidder with one document, as its own machine does."""
    offer = Offer(
        tender=announced.tender,
        lot="lot-1",
        bid=f"bid-{number}",
        token=token_of(announced.tender, number),
        party=Party(scheme="X-TEST", id=str(number), name=f"第{number}建设有限公司"),
        price_fen=100_000_000_00 + number,
        days=180,
        quality="合格",
        documents=(Document(name="施工组织设计.pdf", size=len(plan), sha256=hashlib.sha256(plan).hexdigest()),),
    )
    statement = sign_offer(offer, text(make.dice(f"account-{number}")(32)))
    envelope, _ = seal_bid(statement, [io.BytesIO(plan)], announced, sink, make.dice(number))
    again = make.dice(number)  # the first two draws are the bidder's half of the key and the authorities'
    return Bid(envelope, key_of(again(KEY_SIZE), again(KEY_SIZE)))


class Desk:
    """Where commands are signed as the door of an installation signs them, and bodies stored as it stores them."""

    def __init__(self, data: Path) -> None:
        keyring = Keyring(data / "keys")
        self._door = Door(keyring.signing(names.DOOR))
        self._registry = text(keyring.secret(names.CREDENTIALS))
        self._data = data

    def announcing(self, tender: str) -> list[bytes]:
        """Return the calls that draft a tender and announce it."""
        commands = (drafts.draft_tender(), drafts.publish_tender())
        return [
            self._call(f"{tender}-{number}", tender, command, make.AGENCY, make.ANNOUNCED)
            for number, command in enumerate(commands)
        ]

    def deliveries(self, announced: AnnouncedKeys, count: int) -> list[Prepared]:
        """Return a delivery of each of `count` bidders, made by as many processes as there are processors."""
        make_one = partial(_delivery, self._data, announced)
        with ProcessPoolExecutor() as pool:
            return list(pool.map(make_one, range(count), chunksize=CHUNK))

    def delivery(self, announced: AnnouncedKeys, number: int) -> Prepared:
        """Return the delivery of one bidder, and store the body that it uploaded."""
        body = io.BytesIO()
        bid = seal(announced, number, b"construction plan", body)
        self._store(bid.envelope.body.sha256, body.getvalue())
        tender, token = announced.tender, bid.envelope.token
        sealed = seal_meaning(announced.meaning, tender, token, Submit(envelope=bid.envelope, replaces=None))
        one_time_key = text(make.dice(f"one-time-{number}")(32))
        credential = credentials.issue(
            self._registry,
            tender=tender,
            token=token,
            public_key=signing_public(one_time_key),
            facts=credentials.Facts(not_suspended=True, region="370500", deposit=True),
            until=make.VALID_UNTIL,
        )
        signature = credentials.sign_delivery(one_time_key, tender, token, sealed).signature
        command = DeliverSealed(credential=credential, sealed=text(sealed), signature=signature)
        actor = Actor(account=token, role="token")
        return Prepared(self._call(f"deliver-{number}", tender, command, actor, make.SALE_ENDS), token, sealed)

    def _store(self, sha256: str, ciphertext: bytes) -> None:
        path = BlobStore(self._data / "blobs").path(sha256)
        path.parent.mkdir(parents=True, exist_ok=True)
        path.write_bytes(ciphertext)

    def _call(self, id_: str, stream: str, command: Command, actor: Actor, at: datetime) -> bytes:
        body = command.model_dump(mode="json")
        arrival = Arrival(id=id_, stream=stream, actor=actor, received_at=at, command=body)
        return orjson.dumps({"args": [], "kwargs": self._door.command(arrival)})


def _delivery(data: Path, announced: AnnouncedKeys, number: int) -> Prepared:
    return Desk(data).delivery(announced, number)


def announced_keys(records: Iterable[bytes]) -> AnnouncedKeys:
    """Return the public keys of a tender from the records of its announcement."""
    (data,) = (record["data"] for record in map(orjson.loads, records) if "announced" in record["type"])
    return AnnouncedKeys(
        tender=data["tender"],
        meaning=data["meaning_public_key"],
        authorities=make.KEYS.authorities,
    )
