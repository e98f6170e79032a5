"""The answer to a command, as it is stored and given again for ever: what was recorded, or why not."""

from typing import Any

from pydantic import Field

from shared.kernel.errors import Refusal
from shared.kernel.message import Message, Sha256
from shared.kernel.record import Record


class Recorded(Message):
    """One event that a command led to. Its version stays away: it would count what others have handed in before."""

    type: str
    position: int
    digest: Sha256


class RefusalText(Message):
    """A refusal as it is told."""

    code: str
    zh: str
    en: str
    article: str


class Outcome(Message):
    """What became of a command. `refusal` is null where it was granted; `receipts` are the platform's signed ones."""

    id: str
    stream: str
    events: tuple[Recorded, ...] = ()
    refusal: RefusalText | None = None
    receipts: tuple[dict[str, Any], ...] = Field(default=())


def recorded(record: Record) -> Recorded:
    """Return what an outcome says of a record."""
    return Recorded(type=record.type, position=record.position, digest=record.digest)


def told(refusal: Refusal) -> RefusalText:
    """Return what an outcome says of a refusal."""
    return RefusalText(code=refusal.code, zh=refusal.zh, en=refusal.en, article=refusal.article)
