"""Witnesses cosign what they are shown; one that refuses or is away stops neither the ledger nor the others."""

import shutil
import socket
from collections.abc import Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path
from threading import Thread
from time import monotonic

import pytest

from services.audit import witnesses
from services.audit.witnesses import Witness
from shared.kernel.canonical import decode
from shared.ledger import note
from shared.ledger.keys import COSIGNATURE, ED25519, Signer
from shared.platform.settings import BadSettings, load
from shared.store.database import Database
from tests.audit.house import LOG, House, a_witness
from tests.audit.journal import Journal

KEY = Signer("witness.example/w9", COSIGNATURE, bytes(32)).verifier.vkey
ONE, TWO = "witness.example/w1", "witness.example/w2"


@contextmanager
def answering(status: int, body: bytes) -> Iterator[str]:
    """Run a witness that always answers the same and give the setting that names it."""

    class Handler(BaseHTTPRequestHandler):
        def do_POST(self) -> None:
            self.rfile.read(int(self.headers["Content-Length"]))
            self.send_response(status)
            self.send_header("Content-Length", str(len(body)))
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None:  # noqa: A002 - the base class's own name
            return

    with ThreadingHTTPServer(("127.0.0.1", 0), Handler) as http:
        thread = Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/add-checkpoint|{KEY}"
        finally:
            http.shutdown()
            thread.join()


def cosigners(house: House) -> list[str]:
    """Return whose cosignatures on the published checkpoint hold."""
    keys = [one.key for one in house.witnesses]
    found = note.parse(house.note).verified([LOG.verifier, *keys])
    return sorted(verifier.name for verifier, _ in found if verifier in keys)


def told(house: House) -> list[str]:
    """Return the witnesses named in the newest news."""
    names: list[str] = decode(house.voice.told[-1][2])["witnesses"]
    return names


def test_two_witnesses_cosign_every_checkpoint(tmp_path: Path, database: Database) -> None:
    with a_witness(tmp_path, ONE) as one, a_witness(tmp_path, TWO) as two:
        house, journal = House(tmp_path, database, [one, two]), Journal()

        for count in (3, 300, 1):
            house.take(journal.several(count))
            house.second()

            assert cosigners(house) == told(house) == [ONE, TWO]
    assert house.verified().overall == "verified"
    assert house.codes == []


def test_a_witness_that_remembers_more_than_we_do_is_asked_from_there(tmp_path: Path, database: Database) -> None:
    with a_witness(tmp_path, ONE) as one:
        house, journal = House(tmp_path, database, [one]), Journal()
        house.take(journal.several(7))
        house.second()
        with database.write() as connection:
            connection.exec_driver_sql("DROP TRIGGER cosignature_no_DELETE")
            connection.exec_driver_sql("DELETE FROM cosignature")
        house.restart()

        house.take(journal.several(5))
        house.second()

        assert cosigners(house) == [ONE]


def test_a_witness_that_is_away_is_left_out_and_asked_again(tmp_path: Path, database: Database) -> None:
    with a_witness(tmp_path, ONE) as one:
        with a_witness(tmp_path, TWO) as two:
            pass
        house, journal = House(tmp_path, database, [one, two]), Journal()
        house.take(journal.several(3))
        house.second()
        first = cosigners(house)

        with a_witness(tmp_path, TWO) as again:
            house.announcer._witnesses = house.witnesses = [Witness.of(one), Witness.of(again)]
            house.second()
            soon = cosigners(house)
            house.time.seconds += 60
            house.second()

        assert first == soon == [ONE]
        assert cosigners(house) == told(house) == [ONE, TWO]
        assert house.codes == []


def test_without_any_witness_there_the_checkpoint_is_published_all_the_same(tmp_path: Path, database: Database) -> None:
    with a_witness(tmp_path, ONE) as one:
        pass
    house = House(tmp_path, database, [one])
    house.take(Journal().several(3))

    house.second()

    assert house.verified().overall == "verified"
    assert cosigners(house) == told(house) == []


def test_a_witness_that_hangs_holds_up_a_round_for_a_short_time_only(
    tmp_path: Path, database: Database, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(witnesses, "SECONDS", 0.2)
    with socket.create_server(("127.0.0.1", 0)) as silent, a_witness(tmp_path, ONE) as one:
        house = House(tmp_path, database, [one, f"http://127.0.0.1:{silent.getsockname()[1]}/add-checkpoint|{KEY}"])
        house.take(Journal().several(3))

        start = monotonic()
        house.second()

        assert monotonic() - start < 3
        assert cosigners(house) == [ONE]


@pytest.mark.parametrize(
    ("status", "body"),
    [
        (403, b"no\n"), (404, b"who?\n"), (422, b"it does not follow\n"), (500, b""), (200, b""), (200, b"hello\n"),
        (409, b"1000\n"), (409, b"many\n"), (409, b"0\n"),
    ],
)  # fmt: skip
def test_a_witness_that_does_not_cosign_is_found(tmp_path: Path, database: Database, status: int, body: bytes) -> None:
    with answering(status, body) as strange, a_witness(tmp_path, ONE) as one:
        house, journal = House(tmp_path, database, [strange, one]), Journal()
        for _ in range(3):
            house.take(journal.several(2))
            house.time.seconds += 100
            house.second()

        assert cosigners(house) == [ONE]
    assert house.codes == ["witness_refused"]


def test_a_cosignature_of_another_checkpoint_is_not_taken(tmp_path: Path, database: Database) -> None:
    signer = Signer("witness.example/w9", COSIGNATURE, bytes(32))
    forged = note.Signature(signer.name, signer.verifier.key_id, bytes(72)).line.encode()
    with answering(200, forged) as strange:
        house = House(tmp_path, database, [strange])
        house.take(Journal().several(2))

        house.second()

        assert told(house) == []
    assert house.codes == ["witness_refused"]


def test_two_histories_are_refused_by_the_witness_and_found(tmp_path: Path) -> None:
    with a_witness(tmp_path, ONE) as one:
        house = House(tmp_path, Database(f"sqlite:///{tmp_path / 'one.db'}"), [one])
        house.take(Journal(seed=1).several(5))
        house.second()
        house.database.close()
        shutil.rmtree(tmp_path / "ledger")

        other = House(tmp_path, Database(f"sqlite:///{tmp_path / 'other.db'}"), [one])
        other.take(Journal(seed=2).several(9))
        other.second()

        assert cosigners(other) == []
    assert other.codes == ["witness_refused"]
    other.database.close()


@pytest.mark.parametrize(
    "text",
    [
        "", "http://w.example", "http://w.example|not a key", f"ftp://w.example/add-checkpoint|{KEY}", f"|{KEY}",
        f"http://w.example/add-checkpoint|{Signer('log', ED25519, bytes(32)).verifier.vkey}",
    ],
)  # fmt: skip
def test_a_setting_that_names_no_witness_is_refused_at_start(text: str) -> None:
    with pytest.raises(BadSettings):
        Witness.of(text)


@pytest.mark.parametrize(
    ("count", "quorum", "needed"),
    [(0, None, 0), (1, None, 1), (2, None, 2), (3, None, 2), (4, None, 3), (5, None, 3), (3, 1, 1), (3, 3, 3)],
)
def test_more_than_half_of_the_witnesses_are_needed_unless_the_setting_says_otherwise(
    count: int, quorum: int | None, needed: int
) -> None:
    assert load(witnesses=tuple(map(str, range(count))), quorum=quorum).witnesses_needed == needed


@pytest.mark.parametrize(("count", "quorum"), [(0, 1), (1, 2), (3, 0), (3, -1), (3, 4)])
def test_a_quorum_that_the_witnesses_cannot_meet_is_refused_at_start(count: int, quorum: int) -> None:
    with pytest.raises(BadSettings, match="QUORUM"):
        load(witnesses=tuple(map(str, range(count))), quorum=quorum)
