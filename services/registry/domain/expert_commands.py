"""What actors may ask about experts and draws."""

from datetime import date
from typing import Literal

from services.registry.domain.expert_values import Qualification, Standing, Wanted
from services.registry.domain.values import AccountId, Article
from shared.kernel.message import Command, Identifier, Sha256, Text
from shared.procedure.draw import Nonce
from shared.procedure.recusal import Ground


class EnrolExpert(Command):
    """Enter an expert in the library, under the name of its account."""

    type: Literal["registry.enrol_expert"] = "registry.enrol_expert"
    expert: AccountId
    qualification: Qualification


class ChangeExpert(Command):
    """State anew what makes the expert of this stream."""

    type: Literal["registry.change_expert"] = "registry.change_expert"
    qualification: Qualification


class TieExpert(Command):
    """Put on file a relation of the expert of this stream to a party."""

    type: Literal["registry.tie_expert"] = "registry.tie_expert"
    tied_to: Text
    ground: Ground
    ended: date | None = None


class SetExpertStanding(Command):
    """Let the expert of this stream be drawn, not for a while, or never again."""

    type: Literal["registry.set_expert_standing"] = "registry.set_expert_standing"
    standing: Standing
    reason: Text
    article: Article


class RequestDraw(Command):
    """Ask for a draw of experts."""

    type: Literal["registry.request_draw"] = "registry.request_draw"
    wanted: Wanted


class CommitDraw(Command):
    """Bind oneself to a nonce in an attempt, by its digest."""

    type: Literal["registry.commit_draw"] = "registry.commit_draw"
    attempt: Identifier
    digest: Sha256


class RevealDraw(Command):
    """Reveal the nonce that one committed to."""

    type: Literal["registry.reveal_draw"] = "registry.reveal_draw"
    attempt: Identifier
    nonce: Nonce


class BindDraw(Command):
    """Name the checkpoint over pool and commitments; the platform's own, once it is witnessed or waited for enough."""

    type: Literal["registry.bind_draw"] = "registry.bind_draw"
    attempt: Identifier


class ExpireDraw(Command):
    """End an attempt in which somebody has let its time pass; the platform's own."""

    type: Literal["registry.expire_draw"] = "registry.expire_draw"
    attempt: Identifier
    stage: Literal["committing", "revealing"]


class DeclineSeat(Command):
    """Say that an expert who was called does not come; the next in reserve does."""

    type: Literal["registry.decline_seat"] = "registry.decline_seat"
    expert: AccountId
    reason: Text


class AnnounceDraw(Command):
    """Tell everyone who sat, once the tender has its result; the platform's own."""

    type: Literal["registry.announce_draw"] = "registry.announce_draw"
