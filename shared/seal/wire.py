"""The values that sealed bids are made of: ids, digests, bytes as text, and closed models in canonical JSON.

Digests are lower-case hexadecimal; every other byte string is base64url without padding.
"""

import base64
import string
from typing import Annotated, Literal, Self, get_args

from pydantic import AfterValidator, BaseModel, ConfigDict, StringConstraints, ValidationError

from shared.kernel import canonical
from shared.seal.walk import context_of

Authority = Literal["agency", "supervisor", "platform"]
AUTHORITIES: tuple[Authority, ...] = get_args(Authority)
"""Who holds the shares, in the order of their indexes: index 1, 2, 3 is also the share's x coordinate."""

LETTERS = (string.ascii_letters + string.digits + "-_").encode()
"""The letters of base64url. To strip a text of them is the fastest check of one with thousands of letters."""


class SealError(ValueError):
    """Something handed to this package is not what it must be; the family of all its errors. `zh` is it in Chinese."""

    zh = "密封内容、密钥或者凭证不符合规范"

    def __init__(self, en: str, zh: str | None = None) -> None:
        super().__init__(en)
        if zh is not None:
            self.zh = zh


class Unreadable(SealError):
    """Bytes or text that cannot be read as the value they should be."""

    zh = "内容无法读取，不是所要求的格式"


def text(data: bytes) -> str:
    """Return `data` as base64url without padding (RFC 4648 section 5)."""
    return base64.urlsafe_b64encode(data).rstrip(b"=").decode()


def raw(encoded: str) -> bytes:
    """Return the bytes of a base64url text. Raise Unreadable unless it is their only spelling."""
    over = len(encoded) % 4
    if over == 1 or not encoded.isascii() or encoded.encode().translate(None, LETTERS):
        raise Unreadable("not base64url without padding")
    data = base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4))
    if over and text(data[1 - over :]) != encoded[-over:]:
        raise Unreadable("base64url with stray bits in its last letter")
    return data


def _bytes_of(size: int) -> StringConstraints:
    """Return what the text of so many bytes is: all letters but the last are free, that one has no stray bits."""
    free, left = divmod(size * 8, 6)
    last = {0: "", 2: "[AQgw]", 4: "[AEIMQUYcgkosw048]"}[left]
    return StringConstraints(pattern=f"^[A-Za-z0-9_-]{{{free}}}{last}$")


def _moment(moment: str) -> str:
    canonical.parse_instant(moment)
    return moment


Id = Annotated[str, StringConstraints(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""A name that can stand between the bars of a context."""

Digest = Annotated[str, StringConstraints(pattern=r"^[0-9a-f]{64}$")]
"""32 bytes (SHA-256, HMAC-SHA-256) in lower-case hexadecimal."""

Moment = Annotated[str, AfterValidator(_moment)]
"""A canonical UTC instant, `YYYY-MM-DDTHH:MM:SS.ffffffZ`."""

Bytes16 = Annotated[str, _bytes_of(16)]
Bytes17 = Annotated[str, _bytes_of(17)]
Bytes24 = Annotated[str, _bytes_of(24)]
Bytes32 = Annotated[str, _bytes_of(32)]
Bytes56 = Annotated[str, _bytes_of(56)]
Bytes64 = Annotated[str, _bytes_of(64)]
Bytes65 = Annotated[str, _bytes_of(65)]
Bytes98 = Annotated[str, _bytes_of(98)]


class Wire(BaseModel):
    """A closed, frozen value with one spelling in bytes. Errors never repeat the input: it may be secret."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True, hide_input_in_errors=True)

    def to_bytes(self) -> bytes:
        """Return the canonical bytes."""
        return canonical.encode(self.model_dump(mode="json"))

    @classmethod
    def from_bytes(cls, data: bytes) -> Self:
        """Return the value of canonical bytes. Raise Unreadable for any other spelling or shape."""
        try:
            value = cls.model_validate_json(data)
            if value.to_bytes() == data:
                return value
        except (canonical.NotCanonical, ValidationError) as error:
            raise Unreadable(f"not a {cls.__name__}: {error}") from error
        raise Unreadable(f"a {cls.__name__}, but not in its canonical bytes")

    def digest(self) -> str:
        """Return the SHA-256 of the canonical bytes, in hexadecimal."""
        return canonical.digest(self.to_bytes())


class BidIds(Wire):
    """The four names that every part of one bid is bound to."""

    tender: Id
    lot: Id
    bid: Id
    token: Id

    @property
    def context(self) -> bytes:
        """`gov-bid/v1|tender|lot|bid|token` in UTF-8; ids hold no bar, so it has one reading."""
        return context_of(self.tender, self.lot, self.bid, self.token)

    def names(self) -> dict[str, str]:
        """Return the four names, to build another value of the same bid."""
        return {name: getattr(self, name) for name in BidIds.model_fields}

    def labelled(self, label: str) -> bytes:
        """Return the context with one more part, for a use of its own."""
        return self.context + b"|" + label.encode()
