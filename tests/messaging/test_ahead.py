"""Reading ahead: the bytes come as they were sent, in parts of any size, and the library still asks where it is set."""

import inspect
from collections.abc import Iterator

from amqp.transport import TCPTransport
from hypothesis import given
from hypothesis import strategies as st

from shared.messaging.ahead import Ahead


@given(st.lists(st.binary(min_size=1, max_size=50), max_size=20), st.lists(st.integers(1, 40), min_size=1))
def test_the_bytes_come_in_order_whatever_is_asked_for(sent: list[bytes], asked: list[int]) -> None:
    coming = iter([*sent, b""])
    ahead = Ahead(lambda _count: next(coming, b""))

    got = b"".join(_all(ahead, asked))

    assert got == b"".join(sent)


def test_what_was_read_is_given_without_asking_the_socket_again() -> None:
    asked = []
    ahead = Ahead(lambda count: asked.append(count) or b"frame")  # type: ignore[func-returns-value]  # append is None

    assert [ahead(2), ahead(2), ahead(2)] == [b"fr", b"am", b"e"]
    assert len(asked) == 1


def test_the_library_reads_through_the_name_that_is_set() -> None:
    assert "recv = self._quick_recv" in inspect.getsource(TCPTransport._read)


def _all(ahead: Ahead, asked: list[int]) -> Iterator[bytes]:
    while True:
        for count in asked:
            part = ahead(count)
            if not part:
                return
            assert len(part) <= count
            yield part
