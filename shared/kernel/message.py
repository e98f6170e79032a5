"""What travels: commands and events as frozen, closed values, and the field types that they are made of."""

import string
from datetime import UTC, datetime
from decimal import Decimal, InvalidOperation
from typing import Annotated, Any

from pydantic import AfterValidator, BaseModel, BeforeValidator, ConfigDict, Field, PlainSerializer

from shared.kernel.canonical import encode, instant

_BASE64URL = (string.ascii_letters + string.digits + "-_").encode()


class Message(BaseModel):
    """A closed, frozen value: unknown fields are refused, types are not guessed."""

    model_config = ConfigDict(frozen=True, extra="forbid", strict=True, hide_input_in_errors=True)

    def canonical(self) -> bytes:
        """Return the canonical bytes of this value."""
        return encode(self.model_dump(mode="json"))


class Command(Message):
    """What an actor asks for, in the imperative; only what the actor itself may say."""


class Event(Message):
    """A fact, past tense; its `type` is `line.noun_participle.vN` and is never changed."""


def _aware(value: Any) -> datetime:
    moment = datetime.fromisoformat(value) if isinstance(value, str) else value
    if not isinstance(moment, datetime) or moment.tzinfo is None:
        raise ValueError("give a time with its zone, such as 2026-12-01T09:00:00+08:00")
    return moment if moment.tzinfo is UTC else moment.astimezone(UTC)


def _decimal(value: Any) -> Decimal:
    if isinstance(value, Decimal):
        return value
    if not isinstance(value, str):
        raise ValueError('give a ratio as text, such as "0.02"')  # noqa: TRY004 - pydantic reports ValueError
    try:
        number = Decimal(value)
    except InvalidOperation as error:
        raise ValueError(f"not a decimal number: {value!r}") from error
    if not number.is_finite():
        raise ValueError(f"not a finite number: {value!r}")
    return number


def _base64url(value: str) -> str:
    """Return what is base64url. A pattern takes three times as long, and sealed messages have thousands of letters."""
    if value.encode().translate(None, _BASE64URL):
        raise ValueError("not base64url without padding")
    return value


Instant = Annotated[datetime, BeforeValidator(_aware), PlainSerializer(instant, return_type=str, when_used="json")]
"""An aware time, kept in UTC; canonical JSON has microseconds and a Z."""

Ratio = Annotated[Decimal, BeforeValidator(_decimal), PlainSerializer(str, return_type=str, when_used="json")]
"""An exact decimal, written as text."""

Identifier = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,64}$")]
"""A name that can stand in contexts, paths and routing keys without escaping."""

Sha256 = Annotated[str, Field(pattern=r"^[0-9a-f]{64}$")]
"""A SHA-256 digest in lower-case hexadecimal."""

Base64Url = Annotated[str, AfterValidator(_base64url), Field(json_schema_extra={"pattern": "^[A-Za-z0-9_-]*$"})]
"""Bytes as base64url without padding."""

Text = Annotated[str, Field(min_length=1, max_length=2000)]
"""Human text of at most 2,000 characters."""
