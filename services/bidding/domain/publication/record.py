"""What a tender keeps of its publication elsewhere."""

from services.bidding.domain.publication.messages import PublicationEvent

Publication = tuple[PublicationEvent, ...]


def evolve(publication: Publication, event: PublicationEvent) -> Publication:
    """Return what is on record after an event."""
    return (*publication, event)
