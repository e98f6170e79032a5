"""The doctor tells of lines with timed auctions to which no probe goes and comes back."""

import json
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from typing import Any

import pytest

from tests.cli.test_commands import document, ggzy


@contextmanager
def door(health: dict[str, Any]) -> Iterator[str]:
    """Give the port of a door that tells of this health."""

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            self.send_response(200)
            self.end_headers()
            self.wfile.write(json.dumps(health).encode())

        def log_message(self, *_: object) -> None:
            """Say nothing."""

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        threading.Thread(target=server.serve_forever, daemon=True).start()
        yield str(server.server_port)
        server.shutdown()


@pytest.mark.parametrize(
    ("round_trip", "good"),
    [
        ({"age_ms": 2000, "mended_at": "2026-12-01T01:00:00.000000Z"}, True),
        ({"age_ms": 2001, "mended_at": "2026-12-01T01:00:00.000000Z"}, False),
        (None, False),
    ],
)
def test_a_probe_that_does_not_come_round_in_time_is_told(
    tmp_path: Path, round_trip: dict[str, Any] | None, good: bool
) -> None:
    with door({"ok": True, "round_trips": {"till": round_trip}}) as port:
        looked = ggzy("doctor", "--json", GGZY_DATA=str(tmp_path), GGZY_PORT=port)

    (found,) = [part for part in document(looked)["parts"] if part["part"].endswith("door")]
    assert found["ok"] is good
    assert ("限时竞价不能结束 / no probe comes round, so no auction can end: till" in found["found"]) is not good
