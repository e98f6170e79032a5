"""The door's HTTP/1.1 on the wire: llhttp's parser, which alone would take a head without an end."""

from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

HEAD_LIMIT = 16 * 2**10
"""Bytes of a request line with its headers, of trailers, and of whatever is sent without coming to a next piece."""


class TooLong(Exception):
    """More of a head than is taken; to the parser it is a request like any other that is not HTTP."""


class Bounded(HttpToolsProtocol):
    """One connection. What is too long is answered as what is no HTTP: 400, and the connection ends."""

    _head = 0
    _unread = 0

    def data_received(self, data: bytes) -> None:
        """Take in bytes; those of a header or a chunk's size that goes on and on are counted as they come."""
        self._unread += len(data)
        super().data_received(data)
        if self._unread > HEAD_LIMIT and not self.transport.is_closing():
            self.send_400_response("Invalid HTTP request received.")

    def on_message_begin(self) -> None:
        """Begin to count a head."""
        self._head = 0
        super().on_message_begin()

    def on_url(self, url: bytes) -> None:
        """Take in a part of the target."""
        self._count(len(url))
        super().on_url(url)

    def on_header(self, name: bytes, value: bytes) -> None:
        """Take in one header, or one trailer."""
        self._count(len(name) + len(value))
        super().on_header(name, value)

    def on_headers_complete(self) -> None:
        """Go on to the body."""
        self._unread = 0
        super().on_headers_complete()

    def on_body(self, body: bytes) -> None:
        """Take in a part of the body, whose length is for the application to judge."""
        self._unread = 0
        super().on_body(body)

    def on_message_complete(self) -> None:
        """Take in the end of a request."""
        self._unread = 0
        super().on_message_complete()

    def _count(self, size: int) -> None:
        self._unread = 0
        self._head += size
        if self._head > HEAD_LIMIT:
            raise TooLong
