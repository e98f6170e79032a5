"""Who looked at what: what is recorded when somebody is given what is sealed or personal."""

from shared.kernel.message import Identifier, Message, Sha256
from shared.kernel.request import Role

PREFIX = "readings-"


def readings_stream(stream: str) -> str:
    """Return the stream that holds who looked at another: so that looking changes nothing in what is looked at."""
    return f"{PREFIX}{stream}"


class Reading(Message):
    """One reading: who was given the answer to which query, and the SHA-256 of what was given.

    A line's command for it, which only the platform gives, and its event hold these fields.
    """

    account: Identifier
    role: Role
    region: str
    query: Identifier
    digest: Sha256
