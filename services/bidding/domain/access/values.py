"""What an announcement says of who may bid, and what is known of the procedures that it names."""

from typing import Annotated, Literal

from pydantic import Field

from services.bidding.domain.values import Fen, Kind, absent
from shared.kernel.canonical import digest, encode
from shared.kernel.message import Identifier, Message, Sha256, Text
from shared.seal.statement import Party
from shared.seal.wire import Bytes32

How = Literal["invitation", "prequalification", "first_stage"]
"""What makes a tender one of certain parties alone: 投标邀请, 资格预审, 第一阶段."""


class MustTender(Message):
    """必须招标: whether the estimate reaches the scale from which a project must be tendered (null: no estimate).

    Whether it is of the kinds that must be (第二条至第四条) is not looked at: what is put out here counts as one.
    """

    must: bool | None
    threshold_fen: Fen
    estimate_fen: Fen | None
    article: str
    verified: bool


class Admitted(Message):
    """A party that may bid; `members` are the others of the consortium that it leads, as `scheme:id`."""

    party: str
    name: Text
    members: tuple[str, ...] = Field(default=(), exclude_if=absent)


class Sealed(Message):
    """A list of admitted parties that is not told yet: what it comes from, and what it will be compared with."""

    how: How
    commitment: Sha256
    article: str


class Access(Message):
    """Who may bid. `barred` are those who may not (the operator and whom it controls), as `scheme:id`.

    `attempt` counts the procedures that were held one for another, from 1.
    """

    must_tender: MustTender
    admitted: Sealed | None = Field(default=None, exclude_if=absent)
    barred: tuple[str, ...] = Field(default=(), exclude_if=absent)
    attempt: Annotated[int, Field(ge=1)] = 1


class Linked(Message):
    """What is known of a procedure that another names, when that is announced.

    `phase` is its phase by name, `buyer` as `scheme:id`; `admitted` are those whom it qualified, `held_again` what has
    been announced to be held for it already.
    """

    procedure: Identifier
    phase: str
    kind: Kind = "tender"
    buyer: str = ""
    project: str | None = None
    attempt: int = 1
    admitted: tuple[Admitted, ...] = ()
    held_again: tuple[Identifier, ...] = ()


def commitment(tender: str, how: How, parties: tuple[Admitted, ...], salt: Bytes32) -> str:
    """Return the digest that an announcement gives of its sealed list: SHA-256 of its canonical JSON with a salt."""
    listed = [party.model_dump(mode="json") for party in parties]
    return digest(encode({"v": 1, "tender": tender, "how": how, "parties": listed, "salt": salt}))


def name_of(party: Party) -> str:
    """Return a party as `scheme:id`."""
    return f"{party.scheme}:{party.id}"
