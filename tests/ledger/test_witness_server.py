"""The witness's memory on disk and its server over real HTTP on loopback."""

import socket
import subprocess
import sys
import threading
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from http.client import HTTPConnection
from pathlib import Path

import pytest

from shared.ledger import checkpoint, note
from shared.ledger.checkpoint import Checkpoint
from shared.ledger.errors import Malformed
from shared.ledger.keys import COSIGNATURE, parse_skey, parse_vkey, signed_time
from tests.ledger.factories import LOG, ORIGIN, TIME, WITNESSES, Log, policy
from tests.ledger.test_witness_core import FORK, GROWN, SMALL, follow, head
from witness.__main__ import main
from witness.server import MAX_BODY, Witness, server
from witness.state import Moved, State

SIGNER = WITNESSES[0]


class Door:
    """A witness serving on a free port, and a client for it."""

    def __init__(self, folder: Path, prefix: str = "") -> None:
        self.state = State(folder)
        witness = Witness(SIGNER, {ORIGIN: [LOG.verifier]}, self.state, now=lambda: TIME)
        self.http = server(witness, prefix=prefix)
        self.thread = threading.Thread(target=self.http.serve_forever, kwargs={"poll_interval": 0.01})
        self.thread.start()

    def post(self, body: bytes, path: str = "/add-checkpoint") -> tuple[int, str | None, bytes]:
        connection = HTTPConnection("127.0.0.1", self.http.server_port, timeout=10)
        try:
            connection.request("POST", path, body)
            answer = connection.getresponse()
            return answer.status, answer.getheader("Content-Type"), answer.read()
        finally:
            connection.close()

    def close(self) -> None:
        self.http.shutdown()
        self.thread.join()
        self.http.server_close()


@pytest.fixture
def door(tmp_path: Path) -> Iterator[Door]:
    opened = Door(tmp_path)
    yield opened
    opened.close()


def test_a_log_obtains_cosignatures_as_it_grows(door: Door) -> None:
    first = door.post(follow(0, SMALL))
    second = door.post(follow(13, GROWN))

    assert (first[0], second[0]) == (200, 200)
    signature = note.parse_signature(second[2].decode().removesuffix("\n"))
    cosigned = checkpoint.with_cosignatures(GROWN.note(witnesses=WITNESSES[1:2]), [signature])
    assert signed_time(signature.value) == TIME
    assert policy().check(cosigned).witnesses == {"w1": TIME, "w2": TIME}
    assert door.state.latest(ORIGIN) == head(GROWN)


def test_a_log_that_has_lost_its_place_is_told_it(door: Door) -> None:
    door.post(follow(0, SMALL))

    assert door.post(follow(0, GROWN)) == (409, "text/x.tlog.size", b"13\n")


def test_a_fork_is_never_cosigned_and_never_remembered(door: Door) -> None:
    door.post(follow(0, SMALL))

    assert door.post(follow(13, FORK))[0] == 422
    assert door.state.latest(ORIGIN) == head(SMALL)


@pytest.mark.parametrize(
    ("path", "status"),
    [("/", 404), ("/add-checkpoint/", 404), ("/add-checkpoint?x=1", 404), ("/w1/add-checkpoint", 404)],
)
def test_other_paths_are_not_served(door: Door, path: str, status: int) -> None:
    assert door.post(follow(0, SMALL), path)[0] == status


def test_a_prefix_is_served(tmp_path: Path) -> None:
    opened = Door(tmp_path, "/w1")
    try:
        assert opened.post(follow(0, SMALL), "/w1/add-checkpoint")[0] == 200
    finally:
        opened.close()


def test_a_body_that_is_too_large_or_of_unknown_length_is_refused_unread(door: Door) -> None:
    assert door.post(bytes(MAX_BODY + 1))[0] == 413
    assert _raw(door, b"POST /add-checkpoint HTTP/1.1\r\nHost: w\r\n\r\n").startswith(b"HTTP/1.1 411")
    assert _raw(door, b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: -1\r\n\r\n").startswith(b"HTTP/1.1 411")
    huge = b"POST /add-checkpoint HTTP/1.1\r\nContent-Length: " + b"9" * 5000 + b"\r\n\r\n"
    assert _raw(door, huge).startswith(b"HTTP/1.1 413")
    assert _raw(door, b"GET /add-checkpoint HTTP/1.1\r\nConnection: close\r\n\r\n").startswith(b"HTTP/1.1 501")


def _raw(door: Door, request: bytes) -> bytes:
    with socket.create_connection(("127.0.0.1", door.http.server_port), timeout=10) as connection:
        connection.sendall(request)
        return connection.recv(65_536)


def test_one_connection_carries_several_requests(door: Door) -> None:
    connection = HTTPConnection("127.0.0.1", door.http.server_port, timeout=10)
    statuses = []
    for request in (follow(0, SMALL), follow(0, GROWN), follow(13, GROWN)):
        connection.request("POST", "/add-checkpoint", request)
        answer = connection.getresponse()
        answer.read()
        statuses.append(answer.status)
    connection.close()

    assert statuses == [200, 409, 200]


def test_of_two_histories_sent_at_once_one_is_cosigned(door: Door) -> None:
    door.post(follow(0, SMALL))
    requests = [follow(13, GROWN), follow(13, Log([*SMALL.entries, b"other", b"history"]))] * 10

    with ThreadPoolExecutor(8) as pool:
        answers = list(pool.map(door.post, requests))

    cosigned = {requests[at] for at, answer in enumerate(answers) if answer[0] == 200}
    assert len(cosigned) == 1
    assert {answer[0] for answer in answers} <= {200, 409}


def test_a_damaged_memory_is_no_empty_memory(door: Door, tmp_path: Path) -> None:
    door.post(follow(0, SMALL))
    [file] = tmp_path.glob("*.checkpoint")
    file.write_bytes(b"")

    assert door.post(follow(0, GROWN))[0] == 500
    with pytest.raises(Malformed):
        State(tmp_path).latest(ORIGIN)


def test_the_memory_outlives_the_program(tmp_path: Path) -> None:
    State(tmp_path).advance(None, head(SMALL))

    assert State(tmp_path).latest(ORIGIN) == head(SMALL)
    assert State(tmp_path).latest("another.example") is None


def test_the_memory_moves_only_from_what_was_seen(tmp_path: Path) -> None:
    state = State(tmp_path)
    state.advance(None, head(SMALL))
    state.advance(head(SMALL), head(GROWN))

    for stale in (None, head(SMALL)):
        with pytest.raises(Moved) as moved:
            state.advance(stale, head(FORK))
        assert moved.value.latest == head(GROWN)
    assert state.latest(ORIGIN) == head(GROWN)
    assert not list(tmp_path.glob("*.new"))


def test_of_many_threads_that_saw_the_same_memory_one_moves_it(tmp_path: Path) -> None:
    state = State(tmp_path)

    def advance(size: int) -> bool:
        try:
            state.advance(None, Checkpoint(ORIGIN, size, bytes(32)))
        except Moved:
            return False
        return True

    with ThreadPoolExecutor(8) as pool:
        moved = list(pool.map(advance, range(1, 30)))

    assert sum(moved) == 1


def test_a_witness_is_not_run_with_a_logs_key(tmp_path: Path) -> None:
    with pytest.raises(Malformed):
        Witness(LOG, {}, State(tmp_path), now=lambda: TIME)


def test_a_key_is_made_once_and_is_its_owners(tmp_path: Path, capsys: pytest.CaptureFixture[str]) -> None:
    file = tmp_path / "w1.key"

    main(["key", "witness.example/new", str(file)])

    signer = parse_skey(file.read_text("utf-8").strip())
    assert parse_vkey(capsys.readouterr().out.strip()) == signer.verifier
    assert signer.kind == COSIGNATURE
    assert file.stat().st_mode & 0o777 == 0o600
    with pytest.raises(FileExistsError):
        main(["key", "witness.example/new", str(file)])


def test_the_program_serves_on_loopback(tmp_path: Path) -> None:
    (tmp_path / "w1.key").write_text(SIGNER.skey + "\n", "utf-8")
    (tmp_path / "logs").write_text(LOG.verifier.vkey + "\n", "utf-8")
    files = ["--key", str(tmp_path / "w1.key"), "--logs", str(tmp_path / "logs"), "--state", str(tmp_path / "state")]
    command = [sys.executable, "-m", "witness", "serve", *files, "--port", "0"]

    with subprocess.Popen(command, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as program:
        assert program.stdout is not None
        host, _, port = program.stdout.readline().strip().removeprefix("listening on ").partition(":")
        connection = HTTPConnection(host, int(port), timeout=10)
        connection.request("POST", "/add-checkpoint", follow(0, SMALL))
        answer = connection.getresponse()
        line = answer.read().decode()
        connection.close()
        program.terminate()

    assert (host, answer.status) == ("127.0.0.1", 200)
    signature = note.parse_signature(line.removesuffix("\n"))
    assert SIGNER.verifier.accepts(head(SMALL).text, signature.value)
