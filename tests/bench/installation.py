"""An installation of the platform on the bench's own servers, and its processes, which can be paused."""

import os
import signal
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path
from typing import Self

import orjson

from shared.platform.clock import SystemClock
from shared.platform.settings import Settings, load
from shared.runtime.install import install
from tests.bench.peers import run
from tests.servers.postgres import PrivatePostgres
from tests.servers.process import ServerFault, wait_until
from tests.servers.rabbitmq import PrivateRabbitMQ

ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Servers:
    """The broker and the database server of one run: durable, quorum queues, one of each for product and peer."""

    rabbitmq: PrivateRabbitMQ
    postgres: PrivatePostgres

    @property
    def pids(self) -> dict[str, int]:
        """The ids of both, by what they are."""
        return {"broker": self.rabbitmq.pid, "database": self.postgres.pid}


class Process:
    """A Python process of ours as a context; it ends with this one at the latest."""

    def __init__(self, arguments: Sequence[str], environment: Mapping[str, str], log: Path, ready: str) -> None:
        self._command = ["setpriv", "--pdeathsig", "KILL", "--", sys.executable, *arguments]
        self._environment = {**os.environ, **environment}
        self._log = log
        self._ready = ready

    def __enter__(self) -> Self:
        with self._log.open("wb") as log:
            self._process = subprocess.Popen(
                self._command, cwd=ROOT, env=self._environment, stdin=subprocess.DEVNULL, stdout=log, stderr=log
            )
        wait_until(self._is_ready, " ".join(self._command))
        return self

    def __exit__(self, *_: object) -> None:
        self._process.send_signal(signal.SIGCONT)
        self._process.terminate()
        try:
            self._process.wait(30)
        except subprocess.TimeoutExpired:
            self._process.kill()
            self._process.wait()

    @property
    def pid(self) -> int:
        """The process's id."""
        return self._process.pid

    @contextmanager
    def paused(self) -> Iterator[None]:
        """Hold the process still, so that what it does when idle costs nobody anything."""
        self._process.send_signal(signal.SIGSTOP)
        try:
            yield
        finally:
            self._process.send_signal(signal.SIGCONT)

    def _is_ready(self) -> bool:
        words = self._log.read_text()
        if self._process.poll() is not None:
            raise ServerFault(f"{' '.join(self._command)} ended:\n{words[-4000:]}")
        return self._ready in words


@contextmanager
def paused(processes: Sequence[Process]) -> Iterator[None]:
    """Hold several processes still."""
    with ExitStack() as held:
        for process in processes:
            held.enter_context(process.paused())
        yield


def peer(name: str, broker: str, database: str, folder: Path) -> Process:
    """Return the process of a plain nameko service, one of `peers`."""
    return Process(["-m", run.__name__, name, broker, database], {}, folder / f"{name}.log", run.STARTED)


class Installation:
    """Keys, schemas and queues of a platform whose clock stood at `at` when it was made, whenever the bench runs."""

    def __init__(self, folder: Path, servers: Servers, name: str, at: datetime) -> None:
        folder.mkdir()
        offset = (at - SystemClock().now()) // timedelta(microseconds=1)
        (folder / "clock.json").write_bytes(orjson.dumps({"offset_microseconds": offset}))
        postgres = servers.postgres
        postgres.create_database(name)
        address = f"127.0.0.1:{postgres.port}/{name}"
        self.settings: Settings = load(
            data=folder,
            database=f"postgresql+psycopg2://{{service}}@{address}",
            broker=servers.rabbitmq.create_vhost(name),
            clock="simulated",
        )
        install(self.settings, postgres.url(name))

    def services(self, *names: str) -> Process:
        """Return the process that runs services, as an installation runs them."""
        return self._process("services_started", "shared.runtime.serve", *names)

    def relay(self, name: str) -> Process:
        """Return the relay process of one service, which first tells a new broker what it has told before."""
        return self._process("told_again", "shared.runtime.relaying", name)

    def portal(self, port: int) -> Process:
        """Return the process of the door, for which every client here is one address: it takes them all."""
        many = {"GGZY_RATE_PUBLIC": "100000", "GGZY_BURST_PUBLIC": "100000"}
        return self._process("", "services.portal.main", GGZY_PORT=str(port), **many)

    def _process(self, ready: str, module: str, *arguments: str, **more: str) -> Process:
        settings = self.settings
        environment = {
            "GGZY_DATA": str(settings.data),
            "GGZY_DATABASE": settings.database,
            "GGZY_BROKER": settings.broker,
            "GGZY_CLOCK": settings.clock,
            **more,
        }
        return Process(["-m", module, *arguments], environment, settings.data / f"{module}.log", ready)
