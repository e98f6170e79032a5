"""The values that the registry is made of, as commands bring them and events keep them."""

from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.message import Instant, Message, Sha256, Text
from shared.seal.wire import Bytes32

Kind = Literal["enterprise", "public_body"]

AccountRole = Literal["bidder", "tenderer", "agency", "expert", "supervisor", "authority", "operator"]
"""The roles that an account may have; `public`, `token` and `system` belong to nobody."""

Region = Annotated[str, Field(pattern=r"^(\d{6})?$")]
"""Six digits of GB/T 2260, or empty where the account is bound to no region."""

Name = Annotated[str, Field(min_length=1, max_length=200, pattern=r"^\S(.*\S)?$")]
"""The name that a party is registered under; no space at its ends."""

AccountId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,56}$")]
"""An account's name, short enough for its stream's; it names no person."""

TenderId = Annotated[str, Field(pattern=r"^[A-Za-z0-9_-]{1,53}$")]
"""A tender's stream, short enough for the name of its disclosure's."""

Article = Annotated[str, Field(min_length=1, max_length=200)]
"""The article that an act of the supervisor rests on."""


CalendarText = Annotated[str, Field(min_length=1, max_length=65_536)]
"""A calendar year's file: canonical JSON as text."""


class Suspension(Message):
    """暂停: the party gets no credential until `until`; why, and by which article."""

    reason: Text
    article: Article
    until: Instant


class Holder(Message):
    """The party behind a token, with every key that its bidder accounts have had, oldest first."""

    token: Sha256
    scheme: str
    id: str
    name: Name
    account_keys: tuple[Bytes32, ...] = ()


def account_stream(account: str) -> str:
    """Return the account's stream."""
    return f"account-{account}"


def calendar_stream(year: int | str) -> str:
    """Return the stream in which a year's working calendar is published."""
    return f"calendar-{year}"


def disclosure_stream(tender: str) -> str:
    """Return the stream in which the holders of a tender's tokens are disclosed."""
    return f"disclosure-{tender}"
