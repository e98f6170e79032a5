"""The house: one host with servers of its own, whose processes are killed, paused and looked into."""

import os
import shutil
import signal
import subprocess
import sys
from collections.abc import Iterator, Sequence
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any

import psycopg2

from cli.demo.stage import Player
from shared.kernel.record import read
from tests.crash.broken_serve import BROKEN
from tests.servers.postgres import PrivatePostgres
from tests.servers.process import ServerFault, family
from tests.servers.rabbitmq import VHOST, PrivateRabbitMQ
from tests.system.host import HostStage

PROCESSES = {
    "door": ("services.portal.main",),
    "bidding": ("shared.runtime.serve", "bidding"),
    "registry": ("shared.runtime.serve", "registry"),
    "audit": ("shared.runtime.serve", "audit"),
    "relay": ("shared.runtime.relaying",),
}
"""The children of `ggzy serve` by what they are called here: the module that each runs, with its arguments."""

VICTIMS = (*PROCESSES, "broker", "database")

MODULES = {**PROCESSES, "land": ("shared.runtime.serve", "land")}


class House(HostStage):
    """An installation as `ggzy serve` runs it; only that is told to start and stop, everything else is killed."""

    def __init__(self, data: Path, rabbitmq: PrivateRabbitMQ, postgres: PrivatePostgres) -> None:
        super().__init__(data, rabbitmq, postgres)
        self.broker, self.database = rabbitmq, postgres
        self._starts = 0
        self._machines: list[Player] = []

    def __exit__(self, *_: object) -> None:
        for machine in self._machines:
            machine.client.close()
        super().__exit__()

    def pid(self, name: str) -> int:
        """Return the process id of a child of the platform. Raise ServerFault while it does not run."""
        for pid in self.processes():
            if tuple(arguments(pid)[2:]) in {MODULES[name], (BROKEN, name)}:
                return pid
        raise ServerFault(f"{name} does not run")

    def processes(self) -> list[int]:
        """Return the process ids of the whole platform; servers and witness are not of it."""
        return family(self._platform.pid)

    def crash(self, name: str) -> None:
        """Kill a process with SIGKILL. A server is started again, as its machine's own init would; nothing else is."""
        match name:
            case "broker":
                self.broker.kill()
                self.broker.start()
            case "database":
                self.database.kill()
                self.database.start()
            case _:
                os.kill(self.pid(name), signal.SIGKILL)

    @contextmanager
    def paused(self, name: str) -> Iterator[None]:
        """Hold a child still; it may be killed meanwhile."""
        pid = self.pid(name)
        os.kill(pid, signal.SIGSTOP)
        try:
            yield
        finally:
            if pid in self.processes():
                os.kill(pid, signal.SIGCONT)

    @contextmanager
    def undecided(self, service: str) -> Iterator[None]:
        """Let a service take commands and keep it from committing any: its journal's head is locked by another."""
        with closing(psycopg2.connect(self.database.dsn(self._database))) as connection:
            connection.cursor().execute(f"SELECT position FROM {service}.head FOR UPDATE")
            yield
            connection.rollback()

    def is_deciding(self, service: str) -> bool:
        """Whether a service has commands in hand and waits for the lock of its journal's head."""
        waits = "SELECT 1 FROM pg_stat_activity WHERE usename = '{}' AND wait_event_type = 'Lock'"
        return bool(self.rows(waits.format(service)))

    def arrived(self, service: str) -> set[str]:
        """Return the actors who have given a command that was kept and has no outcome yet."""
        decided = f"SELECT FROM {service}.command c WHERE (c.actor, c.id) = (a.actor, a.id)"
        return {actor for (actor,) in self.rows(f"SELECT actor FROM {service}.arrival a WHERE NOT EXISTS ({decided})")}

    def types(self, service: str, stream: str) -> list[str]:
        """Return the types of a stream's events, oldest first."""
        rows = self.rows(f"SELECT record FROM {service}.journal WHERE stream = '{stream}' ORDER BY version")
        return [read(bytes(record)).type for (record,) in rows]

    def rows(self, statement: str) -> list[tuple[Any, ...]]:
        """Return what a statement reads from the installation's database."""
        return self.database.execute(statement, self._database)

    def start_platform(self) -> None:
        """Make it ready and start it; queues are then fit for a kill of the broker."""
        super().start_platform()
        self._platform = self._processes[-1]
        self.broker.settle()

    def restart(self, module: str, *arguments_: str) -> None:
        """End the platform in order and start it by another entry point, on the same data and servers."""
        self._processes.remove(self._platform)
        self._platform.terminate()
        self._platform.wait(60)
        self._starts += 1
        self._platform = self.start(f"platform-{self._starts}", module, *arguments_)
        self.wait("the platform", lambda: self.client.get("/api/health")["ok"])

    def migrate(self) -> None:
        """Make what is missing, as an operator does who was given an empty broker."""
        command = [sys.executable, "-m", "cli.main", "migrate", "--admin", self._admin, "--json"]
        subprocess.run(command, env=self.environment, check=True, stdout=subprocess.DEVNULL)
        self.broker.settle()

    @contextmanager
    def broker_blocked(self) -> Iterator[None]:
        """Let the broker take nothing from anybody, by its own alarm of memory."""
        self.broker.ctl("set_vm_memory_high_watermark", "0.00001")
        try:
            yield
        finally:
            self.broker.ctl("set_vm_memory_high_watermark", "0.4")

    def mend(self) -> None:
        """Let both servers serve again, whatever a test that failed has left."""
        self.broker.revive()
        self.database.revive()

    def lose_broker(self) -> None:
        """Kill the broker, throw everything it had away, and start it empty."""
        self.broker.kill()
        shutil.rmtree(self.broker.directory / "data")
        self.broker.start()
        self.broker.create_vhost(VHOST)

    def discard_files(self) -> None:
        """Throw away the large files; what else there is may tell why a test failed."""
        for name in ("blobs", "opened", "papers", "wallets"):
            shutil.rmtree(self.data / name, ignore_errors=True)

    def machine(self, account: str) -> Player:
        """Return an actor on a machine of its own, with a connection of its own."""
        player = Player(as_json=True, url=self.url, home=self.home(account), account=account)
        self._machines.append(player)
        return player

    def command_line(self, account: str, *arguments_: str) -> subprocess.Popen[bytes]:
        """Start a `ggzy` command on an actor's own machine; its output goes nowhere."""
        command = [sys.executable, "-m", "cli.main", *arguments_]
        options = ["--as", account, "--url", self.url, "--home", str(self.home(account))]
        return subprocess.Popen([*command, *options], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)

    def home(self, account: str) -> Path:
        """Return where an actor keeps its keys."""
        return self.data / "wallets" / account


def arguments(pid: int) -> Sequence[str]:
    """Return a process's command line, empty if it has ended."""
    try:
        return Path(f"/proc/{pid}/cmdline").read_text().rstrip("\0").split("\0")
    except (FileNotFoundError, ProcessLookupError):
        return ()
