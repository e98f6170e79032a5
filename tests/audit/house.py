"""The audit's writing side on one directory, driven by hand: intake, sealer, announcer and teller, without a broker."""

from collections.abc import Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass, field
from functools import partial
from pathlib import Path
from threading import Thread
from typing import Any

from services.audit.announcing import Announcer, Teller
from services.audit.checkpoints import Sealer
from services.audit.handlers import Intake
from services.audit.publishing import Publication
from services.audit.wanted import Wanted
from services.audit.witnesses import Witness
from shared.ledger.directory import LogReport, folder, signed_by, verify_log
from shared.ledger.keys import COSIGNATURE, ED25519, Signer
from shared.store import ledger_intake as kept
from shared.store.database import Database
from shared.store.ledger_read import last_positions
from shared.store.ledger_tables import metadata
from shared.store.migrate import migrate
from tests.audit.journal import Message, Time
from witness.server import Witness as WitnessBody
from witness.server import server
from witness.state import State

ORIGIN = "ledger.ggzy.example/370500"
LOG = Signer(ORIGIN, ED25519, bytes(range(32)))


@dataclass
class Voice:
    """What the audit said, in place of a broker."""

    told: list[tuple[str, str, bytes]] = field(default_factory=list)
    called: list[tuple[str, str, dict[str, Any]]] = field(default_factory=list)

    def tell(self, key: str, kind: str, body: bytes) -> None:
        self.told.append((key, kind, body))

    def call(self, service: str, method: str, kwargs: dict[str, Any]) -> None:
        self.called.append((service, method, kwargs))

    def close(self) -> None:
        return


class House:
    """One installation's audit."""

    def __init__(self, data: Path, database: Database, witnesses: Sequence[str] = (), signer: Signer = LOG) -> None:
        migrate(database, views=metadata)
        self.data = data
        self.database = database
        self.signer = signer
        self.witnesses = [Witness.of(text) for text in witnesses]
        self.time = Time()
        self.voice = Voice()
        self.restart()

    def restart(self) -> None:
        """Forget all that is kept in memory."""
        self.wanted = Wanted()
        self.publication = Publication(self.data / "ledger")
        times: dict[str, Any] = {"now": self.time.now, "monotonic": self.time.monotonic}
        self.intake = Intake(self.database, self.wanted, **times)
        self.sealer = Sealer(self.database, self.signer, self.publication.last, **times)
        self.announcer = Announcer(self.database, self.publication, self.witnesses, **times)
        news, entered = lambda: self.announcer.news, partial(last_positions, self.database)
        self.teller = Teller(self.voice, news, entered, self.wanted, monotonic=self.time.monotonic)

    def take(self, messages: Iterable[Message]) -> None:
        self.intake.take(list(messages))

    def second(self) -> None:
        """Let a second go by, with every beat in it."""
        self.time.seconds += 1
        self.sealer.beat()
        self.announcer.beat()
        self.teller.beat()

    @property
    def note(self) -> bytes:
        """The published checkpoint."""
        return (self.data / "ledger" / "checkpoint").read_bytes()

    @property
    def codes(self) -> list[str]:
        with self.database.read() as connection:
            return [found.finding.code for found in kept.findings(connection, 0, 100)]

    def verified(self) -> LogReport:
        """Verify the published files as anyone can."""
        return verify_log(folder(self.data / "ledger"), signed_by(self.signer.verifier.vkey))


@contextmanager
def a_witness(state: Path, name: str = "witness.example/w1", logs: Sequence[Signer] = (LOG,)) -> Iterator[str]:
    """Run a witness of its own and give the setting that names it."""
    signer = Signer(name, COSIGNATURE, name.encode().ljust(32, b".")[:32])
    trusted = {log.name: [log.verifier] for log in logs}
    body = WitnessBody(signer, trusted, State(state / name.replace("/", "-")), now=lambda: 1_800_000_000)
    with server(body) as http:
        thread = Thread(target=http.serve_forever, args=(0.02,))
        thread.start()
        try:
            yield f"http://127.0.0.1:{http.server_port}/add-checkpoint|{signer.verifier.vkey}"
        finally:
            http.shutdown()
            thread.join()
