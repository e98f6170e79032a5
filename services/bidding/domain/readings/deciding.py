"""The decision about a reading: it is put on record, beside the tender that it is about."""

from collections.abc import Sequence

from services.bidding.domain.asking import TenderRequest
from services.bidding.domain.readings.messages import ReadingNoted, ReadingsCommand
from services.bidding.domain.state import Readings, TenderState, Unborn
from shared.kernel.errors import BadInput
from shared.kernel.reading import PREFIX, Reading


def decide(request: TenderRequest, command: ReadingsCommand, state: TenderState) -> Sequence[ReadingNoted]:
    """Return the record of a reading, in the stream that is for them."""
    if not request.stream.startswith(PREFIX) or not isinstance(state, Unborn | Readings):
        raise BadInput(f"查阅留痕的编号以 {PREFIX} 开头", f"readings are noted in a stream that begins with {PREFIX}")
    read = {name: getattr(command, name) for name in Reading.model_fields}
    return (ReadingNoted(at=request.received_at, **read),)
