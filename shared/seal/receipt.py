"""The receipt 回执: the platform's signed statement that a sealed message arrived, when, and where it is recorded.

招标投标法实施条例 第三十六条 asks for time and sealing of each bid on record; 电子招标投标办法 第二十七条 for a
receipt at once.
"""

from datetime import datetime
from typing import Annotated, Final, Literal

from pydantic import Field

from shared.kernel.canonical import MAX_INTEGER, digest, instant
from shared.seal.keys import Signed
from shared.seal.wire import Digest, Id, Moment, SealError, Wire

PROMISE_SECONDS: Final = 60

Count = Annotated[int, Field(ge=1, le=MAX_INTEGER)]


class ReceiptClaims(Wire):
    """What a receipt says.

    `position` is the record's place in the service's journal, as the public log has it; its place in the procedure's
    stream is left out, for it would count the messages before. `promise` are the seconds within which a witnessed
    checkpoint will hold `record_digest`.
    """

    v: Literal[1] = 1
    service: Id
    procedure: Id
    token: Digest
    sealed_digest: Digest
    received_at: Moment
    position: Count
    record_digest: Digest
    promise: Literal[60] = PROMISE_SECONDS


class Receipt(ReceiptClaims, Signed):
    """Claims signed by the platform."""

    DOMAIN = "ggzy-receipt/v1"


def issue_receipt(
    platform_key: str,
    *,
    service: str,
    procedure: str,
    token: str,
    sealed: bytes,
    received_at: datetime,
    position: int,
    record_digest: str,
) -> Receipt:
    """Return the signed receipt for a sealed message that is durably recorded; `received_at` is aware."""
    claims = ReceiptClaims(
        service=service,
        procedure=procedure,
        token=token,
        sealed_digest=digest(sealed),
        received_at=instant(received_at),
        position=position,
        record_digest=record_digest,
    )
    return Receipt.make(claims, platform_key)


def verify_receipt(receipt: Receipt, platform_public_key: str, sealed: bytes) -> None:
    """Raise BadSignature or SealError unless the platform gave this receipt for these bytes. Needs no network."""
    receipt.check(platform_public_key)
    if receipt.sealed_digest != digest(sealed):
        raise SealError("the receipt is for another message")
