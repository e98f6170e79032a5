"""Bids and hand-ins that are wrong on purpose, made where an altered client would make them: on the actor's machine."""

import hashlib
import os
from collections.abc import Callable
from pathlib import Path
from typing import Any

from cli.client import Asker
from cli.desk import Desk
from cli.output import Refused
from cli.uploads import Uploads
from shared.seal.envelope import Envelope
from shared.seal.handin import hand_in_key
from shared.seal.sealed import Submit
from shared.seal.wire import AUTHORITIES, Authority, BidIds, text
from shared.store.blobs import BlobStore
from tests.system.reading import Answer


def refusal(call: Callable[[], object]) -> Refused:
    """Return the refusal that a call meets; it must meet one."""
    try:
        call()
    except Refused as refused:
        return refused
    raise AssertionError("this was not refused")


def bilingual(zh: str, en: str) -> bool:
    """Whether something is said in both languages."""
    return any("\u4e00" <= letter <= "\u9fff" for letter in zh) and len(en) > 5 and en[0].isascii()


def check_problem(answer: Answer, status: int, code: str) -> Any:
    """Require a problem (RFC 9457) that says in both languages what is wrong and by which article; return it."""
    problem = answer.json
    assert (answer.status, problem["status"], problem["code"]) == (status, status, code)
    assert answer.headers["content-type"] == "application/problem+json"
    assert bilingual(problem["detail_zh"], problem["detail_en"]), problem
    assert problem["article"]
    return problem


def amend(desk: Desk, change: Callable[[dict[str, Any]], object]) -> None:
    """Change what the machine keeps of the bid sealed last."""
    wallet, place = desk._here.wallet, (*desk._folder, str(desk.noted()["draft"]))
    kept = wallet.read(*place)
    change(kept)
    wallet.write(kept, *place)


def spoil_shares(desk: Desk, *seats: Authority) -> None:
    """Seal rubbish to authorities."""

    def change(kept: dict[str, Any]) -> None:
        for seat in seats:
            kept["envelope"]["wraps"][AUTHORITIES.index(seat)]["sealed"] = text(os.urandom(98))

    amend(desk, change)


def spoil_body(desk: Desk) -> None:
    """Put a body of the same size in the place of the sealed one, named rightly by the envelope; no key opens it."""

    def change(kept: dict[str, Any]) -> None:
        path = Path(kept["file"])
        path.write_bytes(os.urandom(path.stat().st_size))
        kept["envelope"]["body"]["sha256"] = hashlib.sha256(path.read_bytes()).hexdigest()

    amend(desk, change)


def change_lot(desk: Desk) -> None:
    """Name another lot in the envelope."""
    amend(desk, lambda kept: kept["envelope"].update(lot="2"))


def submit_again(desk: Desk) -> None:
    """Submit the bid sealed last as a first one, though another stands."""
    sealed = desk.sealed(str(desk.noted()["draft"]))
    Uploads(desk._here.client, desk._here.wallet).send(sealed.file, sealed.envelope.body.sha256, desk.asker)
    desk._deliver(f"again-{sealed.envelope.bid}", Submit(envelope=sealed.envelope, replaces=None))


def deliver_without_body(desk: Desk, part: int) -> str:
    """Upload the first `part` bytes of the bid sealed last, deliver its envelope, and return the upload's place."""
    sealed = desk.sealed(str(desk.noted()["draft"]))
    uploads = Uploads(desk._here.client, desk._here.wallet)
    place, _ = uploads._created(sealed.file, sealed.envelope.body.sha256, desk.asker)
    uploads._patch(place, 0, sealed.file.read_bytes()[:part])
    desk._deliver(f"early-{sealed.envelope.bid}", Submit(envelope=sealed.envelope, replaces=None))
    return place


def give_wrong_key(desk: Desk) -> None:
    """Hand in another half than the one committed to, rightly signed."""
    key = desk.sealed(str(desk.noted()["standing"])).key
    handed = hand_in_key(BidIds(**key.names()), bytes(16), desk.key.private_key)
    desk.give({"type": "bidding.give_key", "bid": key.bid, "k_b": handed.k_b, "signature": handed.signature})


def body_of(desk: Desk, data: Path) -> Path:
    """Return where the platform keeps the body of the standing bid."""
    envelope: Envelope = desk.sealed(str(desk.noted()["standing"])).envelope
    return BlobStore(data / "blobs").path(envelope.body.sha256)


def flip(path: Path) -> None:
    """Change one byte in the middle of a file."""
    content = bytearray(path.read_bytes())
    content[len(content) // 2] ^= 1
    path.write_bytes(bytes(content))


def forger(asker: Asker, other: Asker) -> Asker:
    """Return one who names `asker` and signs with the key of `other`."""
    return Asker(asker._headers, other._key)
