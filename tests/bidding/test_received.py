"""What was received: it is the list of its messages, and each token's are found where they stand in it."""

from datetime import UTC, datetime
from hashlib import sha256

from hypothesis import given
from hypothesis import strategies as st

from services.bidding.domain.events import SealedReceived
from services.bidding.domain.received import Received
from shared.kernel.growing import PAGE

AT = datetime(2026, 12, 1, tzinfo=UTC)
TOKENS = [sha256(name).hexdigest() for name in (b"one", b"two", b"three", b"nobody")]


def message(token: str, place: int) -> SealedReceived:
    key = "A" * 43
    return SealedReceived(token=token, one_time_key=key, sealed="", digest=f"{place:064x}", received_at=AT)


@given(st.lists(st.sampled_from(TOKENS[:3]), max_size=3 * PAGE))
def test_a_tokens_messages_are_found_in_their_places(tokens: list[str]) -> None:
    messages = [message(token, place) for place, token in enumerate(tokens)]
    received = Received()
    for item in messages:
        received = received.and_(item)

    assert list(received) == messages
    for token in TOKENS:
        assert received.places(token) == [place for place, item in enumerate(messages) if item.token == token]


def test_the_last_message_of_a_full_page_and_the_first_after_it_are_found() -> None:
    before = Received()
    for place in range(PAGE - 1):
        before = before.and_(message(TOKENS[0], place))

    after = before.and_(message(TOKENS[1], PAGE - 1)).and_(message(TOKENS[1], PAGE))

    assert before.places(TOKENS[1]) == []
    assert after.places(TOKENS[1]) == [PAGE - 1, PAGE]
