"""How a line names, in its rulebook, the clauses that a lot is held under: one value a kind of right."""

from collections.abc import Mapping
from dataclasses import dataclass, field

from shared.procedure.lot.values import Way


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """The ids of clauses; None where a line has no such rule.

    `announced`: the least time between the announcement and the start of bidding, or, with `until_applications`, the
    end of registration (披露期). `listing`: the least time of free bidding in a listing. `applications`: the least time
    between the end of applications and that of the listing. `review`: the days for a review. `least_bidders` by way.
    `deposit_least`, `deposit_most`: shares of the start price. `first_price`: the start price against the valuation of
    a first attempt, `relisted` of a later one. `step`, `irrevocable`, `countdown`, `trigger`, `equal`, `reserve`,
    `freeze`, `thaw_notice`, `thaw_at_once`, `terminate`, `number`, `server_time`, `outcome`: what refusals cite.
    `sole_taker`: whether a single admitted taker agrees with the seller (协议转让) instead of bidding.
    `required`: what the notice must say of what is sold.
    """

    announced: str
    until_applications: bool = False
    listing: str | None = None
    applications: str | None = None
    review: str
    least_bidders: Mapping[Way, str] = field(default_factory=dict)
    deposit_least: str | None = None
    deposit_most: str | None = None
    first_price: str | None = None
    relisted: str | None = None
    ways: tuple[Way, ...]
    sole_taker: str | None = None
    step: str
    irrevocable: str
    trigger: str
    countdown: str
    equal: str
    reserve: str
    freeze: str
    thaw_notice: str
    thaw_at_once: str
    terminate: str
    number: str
    server_time: str
    outcome: str
    confirmation: str
    contract: str
    publicity_within: str | None = None
    publicity_lasts: str | None = None
    refund: str
    paid: str
    instalment_first: str | None = None
    instalment_rest: str | None = None
    default: str
    notice: str
    required: tuple[str, ...]
