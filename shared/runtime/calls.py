"""What the queues of a service carry, read from messages; and the bodies of the replies."""

from dataclasses import dataclass
from typing import Any

import orjson
from kombu import Message

from shared.platform.logs import logger


class Unreadable(Exception):
    """A message that is not what this queue carries."""


@dataclass(frozen=True, slots=True)
class Asked:
    """A signed call as it came, to be verified by who answers it."""

    asked: str
    signature: str


@dataclass(frozen=True, slots=True)
class Probed(Asked):
    """A signed probe as it came."""


@dataclass(frozen=True, slots=True)
class Resend:
    """A call to publish the journal's rows `first`..`last` again; it needs no right, being answered to nobody."""

    first: int
    last: int


@dataclass(frozen=True, slots=True)
class Told:
    """An event of a service as it came: the exact bytes of its record, or a head beacon, with the headers."""

    key: str
    headers: dict[str, Any]
    body: bytes


def read_call(message: Message) -> Asked:
    """Return the signed call in a message. Raise Unreadable if it is none."""
    kwargs = _kwargs(message, {"asked", "signature"})
    return Asked(str(kwargs["asked"]), str(kwargs["signature"]))


def read_probe(message: Message) -> Probed:
    """Return the signed probe in a message. Raise Unreadable if it is none."""
    asked = read_call(message)
    return Probed(asked.asked, asked.signature)


def read_resend(message: Message) -> Resend:
    """Return which rows are to be published again. Raise Unreadable unless `first` <= `last`, both from 1."""
    kwargs = _kwargs(message, {"first", "last"})
    first, last = kwargs["first"], kwargs["last"]
    if type(first) is not int or type(last) is not int or not 1 <= first <= last:
        raise Unreadable("a resend takes `first` and `last`, positions from 1")
    return Resend(first, last)


def _kwargs(message: Message, names: set[str]) -> dict[str, Any]:
    try:
        kwargs: dict[str, Any] = orjson.loads(message.body)["kwargs"]
        if set(kwargs) != names:
            raise Unreadable(f"a call takes {sorted(names)}")
    except (orjson.JSONDecodeError, KeyError, TypeError) as error:
        raise Unreadable(type(error).__name__) from error
    return kwargs


def reply_body(result: Any) -> bytes:
    """Return a reply as nameko's clients read it."""
    return orjson.dumps({"result": result, "error": None})


def fault_body(error: BaseException) -> bytes:
    """Return the reply for a fault: what kind it was and nothing of its contents."""
    safe = {"exc_type": type(error).__name__, "exc_path": "", "exc_args": [], "value": "fault of the platform"}
    return orjson.dumps({"result": None, "error": safe})


def answer_body(result: Any) -> bytes:
    """Return the reply to a query. An answer that is no JSON is a fault of its view, not the end of the lane."""
    try:
        return reply_body(result)
    except TypeError as error:
        logger().error("answer_is_no_json", cause=str(error))
        return fault_body(error)
