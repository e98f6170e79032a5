"""Reading ahead: take what the broker has sent in one go, where the library asks for each part of each frame."""

from collections.abc import Callable

from amqp.transport import TCPTransport
from kombu import Connection

SIZE = 64 * 1024


class Ahead:
    """Stands in for a socket's `recv`: gives what was read before, and reads as much as there is when that is used."""

    def __init__(self, recv: Callable[[int], bytes]) -> None:
        self._recv = recv
        self._read = b""
        self._at = 0

    def __call__(self, count: int) -> bytes:
        """Return 1 to `count` bytes, or none when the other side has closed. Raise what `recv` raises."""
        if self._at == len(self._read):
            self._read, self._at = self._recv(SIZE), 0
        part = self._read[self._at : self._at + count]
        self._at += len(part)
        return part


def read_ahead(connection: Connection) -> None:
    """Let a connection to a broker read ahead; one of the embedded broker, or under TLS, stays as it is.

    The library reads a message in nine calls, each of which goes through the green socket; a name of its own that
    begins with an underscore is set here, and a test tells when it is gone.
    """
    transport = getattr(connection.connection, "transport", None)
    if isinstance(transport, TCPTransport):
        transport._quick_recv = Ahead(transport._quick_recv)  # noqa: SLF001 - the library has no setting for it
