"""The decision about a reading: it is put on record, whatever the phase."""

from collections.abc import Sequence

from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.readings.messages import ReadingNoted, ReadingsCommand
from shared.kernel.reading import Reading


def decide(request: TenderRequest, command: ReadingsCommand) -> Sequence[ReadingNoted]:
    """Return the record of a reading."""
    read = {name: getattr(command, name) for name in Reading.model_fields}
    return (ReadingNoted(at=request.received_at, **read),)
