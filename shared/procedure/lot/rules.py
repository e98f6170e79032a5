"""How a line names, in its rulebook, the clauses that a lot is held under: one value a kind of right."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

from shared.procedure.lot.values import Trigger, Way

TRIGGERS: tuple[Trigger, ...] = ("asked", "last_hour", "always", "automatic", "never")
"""All that are in use."""


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
    `once`: one sealed price each (一次报价).
    Of a tender: `opening`: how sealed prices are opened, read out and decided; `committee`: the fewest members of one
    that judges offers, `committee_odd`, `committee_experts` (their share) and `committee_years` (an expert's, where a
    line asks for them), `avoid`: who may not sit; `judged`: by what offers are judged and which is the best;
    `box`: that what was handed in is not taken back or replaced, where it is not.

    Before the hammer, where a line has them: `bands` by start price, each the clause of an amount and that of the
    time from it on, instead of `announced`, lowest first; `again` instead of it for a later attempt.
    `auction_notice`, `showing`, `calls`: of an auction alone. `extension`: the least by which registration goes on.
    `supplement`: what may be added to a notice, with `foreign_only` for causes that are not the seller's alone.
    `pre_disclosure`: the time of a first notice (预披露) where control changes, `pre_filed` within which it follows
    the approval. `suspended`: how long registration may stand still; `rest`: what is left of it at least when it
    goes on. `admission`: what a refusal of an applicant keeps to; `filing`: the time after which filed conditions
    are taken as agreed; `open_to_all`: no conditions at all. `deposit_own`: whose money a deposit is, and for what.
    `term`, `term_most`: for how long a right is sold, exactly or at most. `right`: what the seller must state of
    its right to sell. `idle`, `reminded`: after how long a lot that stands still is ended. `step_change`: who holds
    an auction or a listing may change its step. `triggers`: which of them the line knows.
    After the hammer. `confirmation`, `contract`: the time for 成交确认书 from the sale, and for the contract from the
    sale or, where the result is public for a while first, from the end of that; `confirmed`: what a 成交确认书 says.
    `proof`, `proof_check`: the times for 竞得证明 and for the seller's look at it, where the notice chose that (L12).
    `publicity_within`: the time for the notice of the result, from `publicity_since` (the sale or the contract);
    `publicity_lasts`: how long it is public at least. `refund`: the time for a deposit to go back, from the end of the
    lot. `paid`: the time for the price, from the contract; with instalments for the first of them, at least the share
    `instalment_first`, the rest within `instalment_rest` (months), with `instalment_security` and at
    `instalment_interest` where a line has clauses of these. `handover`: nothing is handed over or registered before the
    whole price is paid. `default`: what a winner in breach loses; `voided`: when a
    sale counts for nothing; `disputed`: that a dispute of ownership halts it while its result is public.
    `priority`: the clause of rights of first refusal;
    without one no lot has any. `lapse`: the months after a first announcement within which a lot may be listed again on
    the same valuation.
    """

    announced: str
    until_applications: bool = False
    listing: str | None = None
    applications: str | None = None
    review: str
    bands: tuple[tuple[str, str], ...] = ()
    again: str | None = None
    auction_notice: str | None = None
    showing: str | None = None
    calls: str | None = None
    extension: str | None = None
    supplement: str
    foreign_only: bool = False
    pre_disclosure: str | None = None
    pre_filed: str | None = None
    suspended: str | None = None
    rest: str | None = None
    admission: str
    filing: str | None = None
    open_to_all: bool = False
    deposit_own: str
    term: str | None = None
    term_most: str | None = None
    right: str
    idle: str
    reminded: str
    step_change: str | None = None
    triggers: tuple[Trigger, ...] = TRIGGERS
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
    confirmed: str | None = None
    proof: str | None = None
    proof_check: str | None = None
    contract: str
    publicity_within: str | None = None
    publicity_lasts: str | None = None
    publicity_since: Literal["sale", "contract"] = "sale"
    refund: str
    paid: str
    instalment_first: str | None = None
    instalment_rest: str | None = None
    instalment_security: str | None = None
    instalment_interest: str | None = None
    handover: str | None = None
    default: str
    voided: str
    disputed: str | None = None
    priority: str | None = None
    lapse: str | None = None
    opening: str | None = None
    once: str | None = None
    committee: str | None = None
    committee_odd: str | None = None
    committee_experts: str | None = None
    committee_years: str | None = None
    avoid: str | None = None
    judged: str | None = None
    box: str | None = None
    notice: str
    required: tuple[str, ...]
