"""What every decision on a lot asks of a request: its facts, its secret, its owner; and how it says no."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from decimal import Decimal
from fractions import Fraction
from typing import Any

from pydantic import Field

from shared.kernel.codes import PartyId
from shared.kernel.errors import BreaksClause, NotEntitled, OutOfPhase
from shared.kernel.message import Identifier, Message, Sha256
from shared.kernel.request import Request
from shared.law.clause import Clause, Figure
from shared.procedure.asking import FactMissing, Owner, breaks, is_own
from shared.procedure.books import Books, Law
from shared.procedure.lot.after.values import Attempt, Held
from shared.procedure.lot.messages import LotCommand, LotEvent
from shared.procedure.lot.rules import Rules
from shared.procedure.lot.state import Lot
from shared.procedure.lot.values import Reading
from shared.procedure.seating import Known
from shared.seal.keys import hpke_public
from shared.seal.wire import Bytes32, Bytes65


class Facts(Message):
    """What a decision may rely on besides command and state; each field serves the commands named.

    `rulebook`, `calendar`: announce_lot, pre_disclose. `proxy_key`, `attempt` (that the draft names): announce_lot.
    `random` (for a new 竞买号): apply. `reading`: keep_time. `paid_for` (another lot for which the same payment is
    recorded): record_deposit. `identities`: note_identities. `calendar_year`: recount_deadlines.
    `members` (what is known of whom the command seats, or of who gives points): seat_committee, replace_member,
    score_offers. `missing` (the documents that are not uploaded in full): give_price_key with documents.
    """

    rulebook: Sha256 | None = None
    calendar: Sha256 | None = None
    proxy_key: Bytes65 | None = None
    random: Bytes32 | None = None
    reading: Reading | None = Field(default=None)
    paid_for: Identifier | None = None
    attempt: Attempt | None = None
    identities: tuple[Held, ...] | None = None
    calendar_year: Sha256 | None = None
    missing: tuple[Sha256, ...] | None = Field(default=None, exclude_if=lambda missing: missing is None)
    members: tuple[Known, ...] | None = Field(default=None, exclude_if=lambda members: members is None)


@dataclass(frozen=True, slots=True)
class Secrets:
    """The private half of a lot's proxy key (base64url), held by the service that runs it until bidding is over."""

    proxy_secret: str | None = field(default=None, repr=False)


LotRequest = Request[LotCommand, Facts]
Events = Sequence[LotEvent]


@dataclass(frozen=True, slots=True)
class Ground:
    """What a decision stands on: the names that a line gives its rules, and the law that the lot is held under.

    `earlier` is that law as it was before each calendar published since: no day that was told then comes earlier now.
    """

    rules: Rules
    law: Law
    earlier: tuple[Law, ...] = ()

    def clause(self, rule: str) -> Clause[Figure]:
        """Return the clause that the line has for a rule, by the rule's name in `Rules`."""
        return self.law.rulebook.clause(str(getattr(self.rules, rule)))

    def figure(self, rule: str) -> int:
        """Return the whole number that a rule sets."""
        return self.law.rulebook.figure(str(getattr(self.rules, rule)), int)

    def share(self, rule: str) -> Fraction:
        """Return the share that a rule sets."""
        return Fraction(self.law.rulebook.figure(str(getattr(self.rules, rule)), Decimal))

    def announced(self, start_fen: int, *, first: bool) -> str | None:
        """Return the clause of the least time for the notice of a lot at this start price; None where none is set.

        `first` on its valuation, or a later attempt.
        """
        if not first and self.rules.again is not None:
            return self.rules.again
        if not self.rules.bands:
            return self.rules.announced
        passed = (time for amount, time in self.rules.bands if self.law.rulebook.figure(amount, int) <= start_fen)
        return max(passed, key=lambda time: self.law.rulebook.figure(time, int), default=None)

    def breaks(self, rule: str, zh: str, en: str) -> BreaksClause:
        """Return the refusal that names a rule, what it says, and in what way it would be broken."""
        return self.broken(str(getattr(self.rules, rule)), zh, en)

    def broken(self, clause_id: str, zh: str, en: str) -> BreaksClause:
        """Return the refusal that names a clause by its id."""
        return breaks(self.law.rulebook.clause(clause_id), zh, en)

    def not_now(self, rule: str, zh: str, en: str) -> OutOfPhase:
        """Return the refusal of what cannot be asked in this phase, with the rule's article."""
        return OutOfPhase(zh, en, self.clause(rule).article)


def ground_of(lot: Lot, rules: Rules, books: Books) -> Ground:
    """Return the ground of a lot. Raise NoSuchBook where its law is not on the shelf."""
    pinned = lot.announced.rulebook, lot.announced.calendar
    earlier = tuple(books.law(*pinned, lot.published[:n]) for n in range(len(lot.published)))
    return Ground(rules, books.law(*pinned, lot.published), earlier)


def hour(request: LotRequest, lot: Lot) -> datetime:
    """Return the time of a request within its lot, where time never goes back, whatever a clock does."""
    return max(lot.clock, request.received_at)


def proxy_secret(request: LotRequest, lot: Lot) -> str:
    """Return the private proxy key of a lot. Raise FactMissing if the service does not hold it."""
    held: Any = request.secrets
    secret = held.proxy_secret if isinstance(held, Secrets) else None
    if secret is None or hpke_public(secret) != lot.announced.proxy_key:
        raise FactMissing("the private proxy key of this lot is needed for this decision")
    return secret


def disclosed_secret(request: LotRequest, lot: Lot) -> str | None:
    """Return the private proxy key of a lot that is ended, unless the end of its bidding disclosed it before.

    Where nothing is sealed to it that stands, something may have been refused that was.
    """
    return None if lot.phase in {"opening", "judging", "reserve", "review"} else proxy_secret(request, lot)


def check_owner(request: LotRequest, owner: Owner, seller: PartyId) -> None:
    """Raise NotEntitled unless the asker is the lot's own seller or agency, an operator, or the platform."""
    if request.actor.role not in {"system", "operator"} and not is_own(request.actor, owner, seller):
        raise NotEntitled("只有本标的的出让方或其代理机构可以办理", "only this lot's own seller or agency may do this")
