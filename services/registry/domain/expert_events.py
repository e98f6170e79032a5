"""The facts of experts and draws. Append-only: add v2, never edit v1. Experts stand in them by pseudonym."""

from datetime import date
from typing import Literal

from pydantic import Field

from services.registry.domain.expert_values import Anchor, Pool, Qualification, Stage, Standing, Wanted
from services.registry.domain.values import AccountId, Article
from shared.kernel.message import Event, Identifier, Instant, Sha256, Text
from shared.procedure.draw import Nonce
from shared.procedure.recusal import Ground


class ExpertEnrolled(Event):
    """An expert is in the library."""

    type: Literal["registry.expert_enrolled.v1"] = "registry.expert_enrolled.v1"
    expert: AccountId
    qualification: Qualification


class ExpertChanged(Event):
    """What makes the expert is stated anew."""

    type: Literal["registry.expert_changed.v1"] = "registry.expert_changed.v1"
    expert: AccountId
    qualification: Qualification


class ExpertTied(Event):
    """A relation of the expert to a party is on file; `ended` is its last day, null while it lasts."""

    type: Literal["registry.expert_tied.v1"] = "registry.expert_tied.v1"
    expert: AccountId
    tied_to: Text
    ground: Ground
    ended: date | None


class ExpertStandingSet(Event):
    """The expert can be drawn, or cannot."""

    type: Literal["registry.expert_standing_set.v1"] = "registry.expert_standing_set.v1"
    expert: AccountId
    standing: Standing
    reason: Text
    article: Article


class DrawPooled(Event):
    """An attempt begins: who can be drawn is fixed. `draw` is the attempt's id, `agency` the account that asked."""

    type: Literal["registry.draw_pooled.v1"] = "registry.draw_pooled.v1"
    draw: Identifier
    attempt: int
    agency: Identifier
    wanted: Wanted
    pool: Pool
    pool_digest: Sha256
    commit_by: Instant


class DrawCommitted(Event):
    """A party is bound to a nonce that nobody else knows; the last tells until when witnesses are waited for."""

    type: Literal["registry.draw_committed.v1"] = "registry.draw_committed.v1"
    draw: Identifier
    party: Identifier
    digest: Sha256
    bind_by: Instant | None = Field(default=None, exclude_if=lambda at: at is None)


class DrawBound(Event):
    """The root over pool and commitments is named to all; `anchor` is null where no witness saw it in time."""

    type: Literal["registry.draw_bound.v1"] = "registry.draw_bound.v1"
    draw: Identifier
    root: Sha256
    anchor: Anchor | None
    reveal_by: Instant


class DrawRevealed(Event):
    """A party has shown the nonce that it committed to."""

    type: Literal["registry.draw_revealed.v1"] = "registry.draw_revealed.v1"
    draw: Identifier
    party: Identifier
    nonce: Nonce


class ExpertsDrawn(Event):
    """Who sits, by score, and who is in reserve: what anyone computes from the pool, the root and the nonces."""

    type: Literal["registry.experts_drawn.v1"] = "registry.experts_drawn.v1"
    draw: Identifier
    called: tuple[Identifier, ...]
    chosen: tuple[Identifier, ...]


class DrawLapsed(Event):
    """An attempt ended without a result: `missing` let their time pass."""

    type: Literal["registry.draw_lapsed.v1"] = "registry.draw_lapsed.v1"
    draw: Identifier
    stage: Stage
    missing: tuple[Identifier, ...]


class SeatDeclined(Event):
    """An expert who was called does not come; `chosen` sit now."""

    type: Literal["registry.seat_declined.v1"] = "registry.seat_declined.v1"
    draw: Identifier
    expert: Identifier
    reason: Text
    chosen: tuple[Identifier, ...]


class DrawAnnounced(Event):
    """The tender has its result: who sat is no secret any more (招标投标法 第三十七条)."""

    type: Literal["registry.draw_announced.v1"] = "registry.draw_announced.v1"
    draw: Identifier
