"""The stage: an installation of the demo's own, started as any other, with a witness and a clock that can be moved."""

import os
import shutil
import socket
import subprocess
import sys
from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime, timedelta
from functools import cached_property
from pathlib import Path
from time import monotonic, sleep
from typing import Any, Self, TypeVar

from cli.client import Client
from cli.command import Here
from cli.output import Refused, note
from shared.ledger.keys import COSIGNATURE, ED25519, Signer, Verifier
from shared.platform.clock import SimulatedClock
from shared.platform.keys import LEDGER, Keyring
from shared.platform.settings import EMBEDDED_BROKER, Settings, load

PATIENCE = 60.0
PATIENCE_AT_END = 40.0
"""Seconds that a process has to end by itself; then it is ended."""

MARK = ".demo"
"""Stands in a directory that a demo made, and may be emptied by the next."""
ORIGIN = "demo.ggzy.localhost/370500"
WITNESS = "archive.demo.localhost"

T = TypeVar("T")


@dataclass(frozen=True)
class Player(Here):
    """One actor's own machine: it does what the command line does, and keeps the answer instead of printing it."""

    def say(self, data: dict[str, Any], title: str = "") -> None:
        """Keep the answer."""
        del title
        object.__setattr__(self, "_said", data)

    @property
    def said(self) -> dict[str, Any]:
        """What the last command answered."""
        said: dict[str, Any] = self._said  # type: ignore[attr-defined]  # kept by `say`
        return said


class Stage:
    """Starts the installation's own entry points, and ends them."""

    def __init__(self, data: Path) -> None:
        self.data = data
        self._processes: list[subprocess.Popen[bytes]] = []

    def __enter__(self) -> Self:
        self._clear()
        witness_port = _free_port()
        signer = Signer(WITNESS, COSIGNATURE, os.urandom(32))
        self.witness_vkey = signer.verifier.vkey
        given = {
            "GGZY_DATA": str(self.data),
            "GGZY_BROKER": EMBEDDED_BROKER,
            "GGZY_DATABASE": "sqlite",
            "GGZY_PORT": str(_free_port()),
            "GGZY_CLOCK": "simulated",
            "GGZY_ORIGIN": ORIGIN,
            "GGZY_WITNESSES": f'["http://127.0.0.1:{witness_port}/add-checkpoint|{self.witness_vkey}"]',
            **self.further_settings(),
        }
        self.given, self.witness_port = given, witness_port
        self.environment = {**os.environ, **given, "PYTHONWARNINGS": "ignore"}
        fields = {name.removeprefix("GGZY_").lower(): value for name, value in given.items() if "GGZY_" in name}
        self.settings: Settings = load(**fields | {"witnesses": ()})
        try:
            self.start_platform()
            self._start_witness(signer, witness_port)
            self.wait("the platform", lambda: self.client.get("/api/health")["ok"])
        except BaseException:
            self.__exit__()
            raise
        return self

    def further_settings(self) -> dict[str, str]:
        """Return settings besides the usual ones: none, for the embedded mode."""
        return {}

    def start_platform(self) -> None:
        """Start the installation's own entry point."""
        self.start("platform", "cli.main", "up")

    def __exit__(self, *_: object) -> None:
        self.client.close()
        for process in reversed(self._processes):
            process.terminate()
        for process in reversed(self._processes):
            try:
                process.wait(PATIENCE_AT_END)
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()

    @cached_property
    def client(self) -> Client:
        """The door, for nobody in particular."""
        return Client(self.url)

    @property
    def url(self) -> str:
        """Where the door is."""
        return f"http://127.0.0.1:{self.settings.port}"

    def player(self, account: str) -> Player:
        """Return an actor with a wallet of its own, as on a machine of its own."""
        player = Player(as_json=True, url=self.url, home=self.data / "wallets" / account, account=account)
        player.__dict__["client"] = self.client  # one connection for all: the requests say who asks
        return player

    def move_to(self, moment: datetime) -> None:
        """Move the clock forward to a moment."""
        clock = SimulatedClock(self.data / "clock.json")
        clock.advance(max(moment - clock.now(), timedelta()))

    def wait(self, what: str, look: Callable[[], T | None]) -> T:
        """Look again and again until there is something; raise Refused after a minute."""
        until = monotonic() + PATIENCE
        while True:
            try:
                if found := look():
                    return found
            except Exception as error:  # noqa: BLE001 - not there yet, whatever the reason; the last one is told
                last = f"{type(error).__name__}: {error}"
            else:
                last = "not yet"
            if monotonic() > until:
                raise Refused(f"等待超时：{what}", f"waited in vain for {what} ({last})")
            self._check()
            sleep(0.1)

    def start(self, name: str, module: str, *arguments: str) -> subprocess.Popen[bytes]:
        """Start a process of the installation; its output goes to a log in the data directory."""
        command = [sys.executable, "-m", module, *arguments]
        with (self.data / f"{name}.log").open("wb") as log:
            process = subprocess.Popen(command, env=self.environment, stderr=log, stdout=log)  # noqa: S603 - our own
        self._processes.append(process)
        return process

    def _start_witness(self, signer: Signer, port: int) -> None:
        """Start a witness. A real one is another body's; one that stands beside shows the protocol, no independence."""
        key, logs = self.data / "witness.key", self.data / "witness.logs"
        key.write_text(signer.skey + "\n")
        key.chmod(0o600)
        keyring = Keyring(self.data / "keys")
        public = self.wait("the ledger's key", lambda: keyring.public(LEDGER).public_bytes_raw())
        logs.write_text(Verifier(ORIGIN, ED25519, public).vkey + "\n")
        state = self.data / "witness.state"
        self.start(
            "witness", "witness", "serve", "--key", str(key), "--logs", str(logs), "--state", str(state),
            "--port", str(port),
        )  # fmt: skip

    def _check(self) -> None:
        for process in self._processes:
            if process.poll() is not None:
                raise Refused(f"进程已退出，见 {self.data}/*.log", f"a process ended; see {self.data}/*.log")

    def _clear(self) -> None:
        """Begin anew in a directory that an earlier demo left. Raise Refused for any other that is not empty."""
        if self.data.exists() and any(self.data.iterdir()):
            if not (self.data / MARK).exists():
                raise Refused(
                    f"{self.data} 不是演示目录，请换一个", f"{self.data} is not a demo's directory: name another"
                )
            note(f"清空上次的演示目录 {self.data}", f"emptying {self.data}, left by an earlier demo")
            shutil.rmtree(self.data)
        self.data.mkdir(parents=True, mode=0o700)
        (self.data / MARK).touch()


def _free_port() -> int:
    with socket.socket() as found:
        found.bind(("127.0.0.1", 0))
        port: int = found.getsockname()[1]
        return port
