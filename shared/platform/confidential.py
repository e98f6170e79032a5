"""Questions that the broker must not read: sealed to the service, answered sealed to the asker (RFC 9180).

Who takes a credential for which tender is one: question and answer together would tie an account to its token.
"""

import hashlib
from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

import orjson

from shared.kernel.message import Message
from shared.platform.keys import Keyring
from shared.seal.keys import hpke_open, hpke_public, hpke_seal, new_hpke_key
from shared.seal.wire import SealError, raw, text

NAME = "confidential"
"""The query under which a sealed question travels."""

_QUESTION = b"ggzy-confidential-question/v1"
_ANSWER = b"ggzy-confidential-answer/v1"
_SIZE = 4096


class Inner(Message):
    """What is inside a question: the query that the door signed, and the key to seal the answer to."""

    asked: str
    signature: str
    reply_key: str


class NotConfidential(Exception):
    """A question or answer that does not open under this key."""


def service_key(keyring: Keyring, service: str) -> str:
    """Return the private HPKE key of a service, derived from its own secret. Raise KeyMissing elsewhere."""
    secret = keyring.secret(key_name(service))
    return new_hpke_key(lambda size: hashlib.shake_256(_QUESTION + secret).digest(size))


def key_name(service: str) -> str:
    """Return the name of the key that a service's questions are sealed to."""
    return f"questions-{service}"


@dataclass(frozen=True, slots=True)
class Question:
    """A sealed question as the asker keeps it, to open the answer with."""

    sealed: str
    _reply_key: str

    @classmethod
    def seal(cls, public_key: str, signed: dict[str, str], random_bytes: Callable[[int], bytes]) -> "Question":
        """Seal a signed query to a service."""
        reply_key = new_hpke_key(random_bytes)
        inner = Inner(**signed, reply_key=hpke_public(reply_key)).canonical()
        return cls(text(hpke_seal(public_key, inner.ljust(_SIZE), _QUESTION)), reply_key)

    def open(self, sealed: str) -> Any:
        """Return the answer. Raise NotConfidential if it is not for this question."""
        try:
            return orjson.loads(hpke_open(self._reply_key, raw(sealed), _ANSWER))
        except (SealError, orjson.JSONDecodeError) as error:
            raise NotConfidential("the answer does not open") from error


def open_question(private_key: str, sealed: str) -> Inner:
    """Return what a sealed question asks. Raise NotConfidential if it is not for this service."""
    try:
        return Inner.model_validate_json(hpke_open(private_key, raw(sealed), _QUESTION).rstrip())
    except ValueError as error:
        raise NotConfidential("the question does not open") from error


def seal_answer(reply_key: str, answer: Any) -> str:
    """Return an answer sealed to who asked; short ones are all of one length."""
    return text(hpke_seal(reply_key, orjson.dumps(answer).ljust(_SIZE), _ANSWER))
