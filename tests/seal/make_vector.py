"""Makes tests/vectors/sealed-bid/vector.json: `python -m tests.seal.make_vector`. Each run seals anew.

`given` and `computed` come out the same each time; what lies under `sealed` differs and is checked by opening.
"""

import hashlib
import io
import json
from datetime import UTC, datetime
from functools import partial
from pathlib import Path
from typing import Any

from shared.seal.body import key_of
from shared.seal.credential import Facts, issue, sign_delivery, tender_key, token_of
from shared.seal.envelope import seal_bid
from shared.seal.handin import hand_in_key, hand_in_share
from shared.seal.keys import (
    AnnouncedKeys,
    AuthorityKeys,
    hpke_public,
    new_hpke_key,
    new_signing_key,
    signing_public,
)
from shared.seal.receipt import Receipt, issue_receipt
from shared.seal.sealed import Cover, Meaning, Submit, Withdraw, seal_meaning
from shared.seal.shamir import split
from shared.seal.statement import Document, Factor, Offer, Party, Statement, sign_offer
from shared.seal.wire import AUTHORITIES, Wire, text

FILE = Path(__file__).parents[1] / "vectors" / "sealed-bid" / "vector.json"
TENDER, LOT, BID = "GGZY-2026-0001", "lot-1", "bid-0001"
FILES = {
    "投标函.txt": "致：示例招标人。我方愿以所报价格承包本工程。".encode(),
    "empty.txt": b"",
    "drawing.bin": bytes(number * number % 251 for number in range(20_000)),
}
PARTY = Party(scheme="CN-USCC", id="91350000MA347WHE48", name="示例建设有限公司")
UNTIL = datetime(2026, 12, 1, 1, 0, tzinfo=UTC)
RECEIVED = datetime(2026, 11, 30, 8, 59, 59, 999_999, tzinfo=UTC)


def stream(name: str, size: int) -> bytes:
    """Return bytes that are named, not drawn: SHAKE-256 of `name`. Never make real keys so."""
    return hashlib.shake_256(b"ggzy sealed-bid vector: " + name.encode()).digest(size)


HPKE = {name: new_hpke_key(partial(stream, name)) for name in (*AUTHORITIES, "meaning")}
SIGNING = {
    name: new_signing_key(partial(stream, name))
    for name in ("registry", "one-time", "account", "door", "authority-account")
}
K_B, K_A, COEFFICIENT = (stream(name, 16) for name in ("k_b", "k_a", "coefficient"))
SHARES = split(K_A, 2, 3, lambda _: COEFFICIENT)


def announced() -> AnnouncedKeys:
    authorities = {name: hpke_public(HPKE[name]) for name in AUTHORITIES}
    keys = AuthorityKeys.model_validate(authorities)
    return AnnouncedKeys(tender=TENDER, meaning=hpke_public(HPKE["meaning"]), authorities=keys)


def token() -> str:
    return token_of(tender_key(stream("registry-secret", 32), TENDER), PARTY)


def statement() -> Statement:
    documents = tuple(
        Document(name=name, size=len(content), sha256=hashlib.sha256(content).hexdigest())
        for name, content in FILES.items()
    )
    offer = Offer(
        tender=TENDER,
        lot=LOT,
        bid=BID,
        token=token(),
        party=PARTY,
        price_fen=123_456_789_00,
        days=365,
        quality="合格",
        factors=(Factor(code="discount", value="0.035"), Factor(code="staff", value=12)),
        documents=documents,
    )
    return sign_offer(offer, SIGNING["account"])


def given() -> dict[str, Any]:
    """Return what an implementation starts from."""
    return {
        "registry_secret": text(stream("registry-secret", 32)),
        "hpke_private_keys": HPKE,
        "signing_private_keys": SIGNING,
        "k_b": text(K_B),
        "k_a": text(K_A),
        "shamir_coefficient": text(COEFFICIENT),
        "party": PARTY.model_dump(mode="json"),
        "documents": {name: text(content) for name, content in FILES.items()},
    }


def spelled(value: Wire) -> str:
    """Return canonical JSON as text, so that the exact bytes stand in the file."""
    return value.to_bytes().decode()


def computed() -> dict[str, Any]:
    """Return what every implementation must compute byte for byte."""
    said, facts = statement(), Facts(not_suspended=True, region="350000", deposit=True)
    key = signing_public(SIGNING["one-time"])
    return {
        "k_t": text(tender_key(stream("registry-secret", 32), TENDER)),
        "token": token(),
        "signing_public_keys": {name: signing_public(private) for name, private in SIGNING.items()},
        "announced_keys": spelled(announced()),
        "announced_keys_digest": announced().digest(),
        "credential": spelled(
            issue(SIGNING["registry"], tender=TENDER, token=token(), public_key=key, facts=facts, until=UNTIL)
        ),
        "context": said.context.decode(),
        "statement": spelled(said),
        "body_key": text(key_of(K_B, K_A)),
        "shares": [text(share) for share in SHARES],
        "bidder_hand_in": spelled(hand_in_key(said, K_B, SIGNING["one-time"])),
        "share_hand_in": spelled(hand_in_share(said, "agency", SHARES[0], SIGNING["authority-account"])),
        "complaint": spelled(hand_in_share(said, "agency", None, SIGNING["authority-account"])),
    }


def receipt(message: bytes) -> Receipt:
    return issue_receipt(
        SIGNING["door"],
        service="bidding",
        procedure=TENDER,
        token=token(),
        sealed=message,
        received_at=RECEIVED,
        position=41,
        record_digest=hashlib.sha256(b"the record").hexdigest(),
    )


def sealed() -> dict[str, Any]:
    """Return what holds fresh randomness of the library, with the papers that name its digests."""
    sink = io.BytesIO()
    drawn = iter((K_B, K_A, COEFFICIENT))
    files = [io.BytesIO(content) for content in FILES.values()]
    envelope, key_file = seal_bid(statement(), files, announced(), sink, lambda _: next(drawn))
    meanings: dict[str, Meaning] = {
        "submit": Submit(envelope=envelope, replaces=None),
        "withdraw": Withdraw(replaces=BID),
        "cover": Cover(),
    }
    messages = {kind: seal_meaning(announced().meaning, TENDER, token(), meaning) for kind, meaning in meanings.items()}
    return {
        "body": text(sink.getvalue()),
        "envelope": spelled(envelope),
        "bidder_key_file": spelled(key_file),
        "messages": {kind: text(message) for kind, message in messages.items()},
        "delivery": spelled(sign_delivery(SIGNING["one-time"], TENDER, token(), messages["submit"])),
        "receipt": spelled(receipt(messages["submit"])),
    }


def main() -> None:
    vector = {"format": "ggzy sealed bid v1", "given": given(), "computed": computed(), "sealed": sealed()}
    FILE.write_text(json.dumps(vector, ensure_ascii=False, indent=1) + "\n", encoding="utf-8")


if __name__ == "__main__":
    main()
