"""What the ledger keeps, as values: an entry for each record, and findings of what broke a rule."""

from dataclasses import dataclass
from typing import NamedTuple

import orjson

from shared.kernel.canonical import digest, encode


class Entry(NamedTuple):
    """A record with its public leaf, and those of its fields by which it is found."""

    service: str
    position: int
    stream: str
    version: int
    type: str
    at: str
    leaf: bytes
    record: bytes


@dataclass(frozen=True, slots=True, kw_only=True)
class Finding:
    """Something that breaks a rule of the record, told in both languages.

    `first` and `last` are the positions of `service` that it concerns. `leaf` and `body` are the message that shows
    it, empty where there is none. What was found twice is one finding: its `id` is made of what it is about.
    """

    code: str
    zh: str
    en: str
    service: str | None = None
    first: int | None = None
    last: int | None = None
    leaf: bytes = b""
    body: bytes = b""

    @property
    def id(self) -> str:
        """A digest of what was found, the same however often it is found; a gap that is being filled stays one."""
        about = {"code": self.code, "service": self.service, "last": self.last}
        return digest(encode({**about, "leaf": digest(self.leaf), "body": digest(self.body)}))


def entry_of(record: bytes, leaf: bytes) -> Entry:
    """Return the entry of a record that is known to be one; nothing is checked here."""
    fields = orjson.loads(record)
    return Entry(
        fields["service"],
        fields["position"],
        fields["stream"],
        fields["version"],
        fields["type"],
        fields["at"],
        leaf,
        record,
    )
