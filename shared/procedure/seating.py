"""Who sits on a committee: a seat, what the registry knows of somebody who may have one, and who must avoid it."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from datetime import date
from typing import Annotated, Literal

from pydantic import Field

from shared.kernel.errors import BadInput, NotFound
from shared.kernel.message import Identifier, Message
from shared.procedure.recusal import Bar, Ground, Tie, bars_on
from shared.seal.wire import Bytes32

SeatKind = Literal["expert", "representative"]

Replacing = Literal["recusal", "absence", "health"]
"""回避, 擅离职守, 因健康等原因不能继续评标: why a member is replaced."""


class Seat(Message):
    """A member by its pseudonym, the account that it acts by and the key that it signs with."""

    member: Identifier
    account: Identifier
    account_key: Bytes32
    kind: SeatKind


class Known(Message):
    """What the registry knows of somebody who may sit; `supervises` for the staff of a body that supervises tenders.

    `ties` are the relations to parties that are on file, present employers among them. `enrolled`: it is an expert of
    the library.
    """

    member: Identifier
    account: Identifier
    account_key: Bytes32
    years: Annotated[int, Field(ge=0, le=99)] = 0
    senior: bool = False
    supervises: bool = False
    ties: tuple[Tie, ...] = Field(default=(), exclude_if=lambda ties: not ties)
    enrolled: bool = Field(default=False, exclude_if=lambda enrolled: not enrolled)


def known_of(members: Collection[Known], name: str) -> Known:
    """Return what is known of a name. Raise NotFound where that is nothing."""
    for known in members:
        if known.member == name:
            return known
    raise NotFound(f"没有{name}的登记信息", f"nothing is known of {name}")


def barring(known: Known, parties: Collection[str], on: date, bars: Mapping[Ground, Bar]) -> Tie | None:
    """Return the first relation on file to one of the parties that bars somebody from sitting on a day, or None."""
    return next((tie for tie in known.ties if tie.party in parties and bars_on(tie.ended, on, bars[tie.ground])), None)


def check_distinct(seats: Sequence[Seat]) -> None:
    """Raise BadInput where two seats would be one person's."""
    for names in (
        [seat.member for seat in seats],
        [seat.account for seat in seats],
        [one.account_key for one in seats],
    ):
        if max(Counter(names).values()) > 1:
            raise BadInput("同一人不得占两席", "nobody has two seats")
