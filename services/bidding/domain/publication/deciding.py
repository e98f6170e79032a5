"""Decisions about publication elsewhere."""

from collections.abc import Sequence
from datetime import datetime

from services.bidding.domain.asking import TenderRequest, articles, check_owner
from services.bidding.domain.publication.messages import Kind, PublicationCommand, PublicationEvent, PublicationNoted
from services.bidding.domain.receiving import law_of
from services.bidding.domain.state import AnnouncedState, Awarded, Contracted, Publicised
from shared.kernel.errors import BadInput, OutOfPhase
from shared.procedure.books import Books


def decide(
    request: TenderRequest, command: PublicationCommand, state: AnnouncedState, books: Books
) -> Sequence[PublicationEvent]:
    """Put a publication on record once there is something to publish."""
    check_owner(request, state.tender.owner, state.tender.draft.buyer)
    since = public_since(command.kind, state)
    if since is None:
        raise OutOfPhase("该内容尚未在本平台公布", "there is nothing of that kind public here yet")
    if not since <= command.published_at <= request.received_at:
        raise BadInput(
            "发布时间应不早于本平台公布、不晚于现在",
            "it is published after it is public here, and not later than now",
        )
    fields = command.model_dump(exclude={"type"})
    (article,) = articles(law_of(state, books), "E49")
    return (PublicationNoted(**fields, noted_at=request.received_at, article=article),)


def public_since(kind: Kind, state: AnnouncedState) -> datetime | None:
    """Return since when the platform itself shows what may be published, None where it does not yet."""
    match kind, state:
        case "notice", _:
            return state.tender.announced_at
        case "candidates", Publicised(publicity=publicity) | Awarded(publicity=publicity):
            return publicity.starts
        case "result", Awarded(award=award) | Contracted(award=award):
            return award.awarded_at
        case _:
            return None
