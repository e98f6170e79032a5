"""What a decision of any procedure asks of a request: its facts, and whose the procedure is; and how it says no."""

from typing import TypeVar

from shared.kernel.codes import PartyId, party_stream
from shared.kernel.errors import BreaksClause
from shared.kernel.message import Identifier, Message
from shared.kernel.request import Actor
from shared.law.clause import Clause, Figure

T = TypeVar("T")


class FactMissing(LookupError):
    """The handler left out a fact or the secret that this decision needs: a fault of the platform, not a refusal."""


class Owner(Message):
    """Whose procedure it is: the account that drafted it and its party."""

    account: Identifier
    party: str


def needed(fact: T | None, name: str) -> T:
    """Return a fact that the handler must have found. Raise FactMissing if it did not."""
    if fact is None:
        raise FactMissing(f"{name} is needed for this decision")
    return fact


def is_own(actor: Actor, owner: Owner, principal: PartyId) -> bool:
    """Whether a procedure is an actor's own: its drafter's, its drafter's party's or its principal's."""
    names = {owner.party, str(principal), party_stream(principal)}
    return actor.account == owner.account or (bool(actor.party) and actor.party in names)


def breaks(clause: Clause[Figure], zh: str, en: str) -> BreaksClause:
    """Return the refusal that names a clause, what it says, and in what way it would be broken."""
    return BreaksClause(f"{clause.note_zh}{zh}", f"{clause.note_en} {en}", clause.article)
