"""The event that is cut out of a record's bytes is the event that was written into it."""

from datetime import UTC, datetime

import orjson
import pytest
from hypothesis import given
from hypothesis import strategies as st

from shared.kernel.canonical import encode
from shared.kernel.errors import BrokenHistory
from shared.kernel.message import Event
from shared.kernel.record import event_bytes, read, write
from shared.kernel.request import Actor

MISLEADING = st.sampled_from([',"data":', '},"id":"x', ',"type":"', ',"v":1', "\\", '"'])
TEXTS = st.text(st.characters(codec="utf-8", exclude_characters="\0"), max_size=20) | MISLEADING
NAMES = st.sampled_from(["data", "id", "v", "kind", "stream", "actor", "version"])
VALUES = st.recursive(
    TEXTS | st.integers(-(2**53) + 1, 2**53 - 1) | st.booleans() | st.none(),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(NAMES, inner, max_size=3),
    max_leaves=8,
)


class Noted(Event):
    """Whatever was noted."""

    type: str = "test.noted.v1"


def recorded(data: object) -> bytes:
    said = {
        "actor": {"account": "a", "party": None, "region": "", "role": "agency"},
        "at": "2026-01-01T00:00:00.000000Z",
        "cause": None,
        "command_digest": "0" * 64,
        "command_id": "c",
        "data": data,
        "id": "e",
        "position": 1,
        "received_at": "2026-01-01T00:00:00.000000Z",
        "rulebook": None,
        "salt": "1" * 64,
        "service": "test",
        "stream": "s",
        "type": "test.noted.v1",
        "v": 1,
        "version": 1,
    }
    return orjson.dumps(said, option=orjson.OPT_SORT_KEYS)


@given(st.dictionaries(NAMES, VALUES, max_size=4))
def test_what_is_cut_out_is_the_type_and_the_data(data: dict[str, object]) -> None:
    raw = recorded(data)

    assert orjson.loads(event_bytes(raw)) == {"type": "test.noted.v1", **data}
    assert read(raw).data == data


def test_it_is_cut_out_of_what_is_written() -> None:
    moment = datetime(2026, 1, 1, tzinfo=UTC)
    record = write(
        service="test",
        position=1,
        stream="s",
        version=1,
        id="e",
        event=Noted(),
        at=moment,
        received_at=moment,
        actor=Actor(account="a", role="agency"),
        command_id="c",
        command_digest="0" * 64,
        cause=None,
        rulebook=None,
        salt=bytes(32),
    )

    assert event_bytes(record.raw) == b'{"type":"test.noted.v1"}'


@pytest.mark.parametrize("raw", [b"", b"{}", encode({"data": {}, "id": "e", "type": "t"}), b"\xff"])
def test_what_is_no_record_breaks_the_history(raw: bytes) -> None:
    with pytest.raises(BrokenHistory, match="not the fields of a record"):
        event_bytes(raw)
