"""What every server of the tests can do: one of our own starts, stops and crashes; a given one only serves."""

import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from abc import ABC, abstractmethod
from collections.abc import Callable, Mapping, Sequence
from contextlib import suppress
from pathlib import Path
from typing import ClassVar, Never, Self

from tests.servers.process import PATIENCE_SECONDS, ServerFault, family, is_running, wait_until


class NotPrivate(ServerFault):
    """The server was given by the environment, so it is not ours to start, kill or configure."""


class Server(ABC):
    """A server as a context: usable inside, gone or left alone after."""

    private: ClassVar[bool]
    """Whether it is our own, to be stopped and killed at will."""

    @abstractmethod
    def start(self) -> None:
        """Start on the data as they are and return when clients are served."""

    @abstractmethod
    def stop(self) -> None:
        """Stop in order; the data stay, and `start` may follow."""

    @abstractmethod
    def kill(self) -> None:
        """Crash: SIGKILL the server with all its children; the data stay, and `start` may follow."""

    @abstractmethod
    def __enter__(self) -> Self: ...

    @abstractmethod
    def __exit__(self, *_: object) -> None: ...


class GivenServer(Server):
    """A server that the environment variable names; it runs before and after us."""

    private = False
    variable: ClassVar[str]

    def refuse(self, *_: object) -> Never:
        raise NotPrivate(f"{self.variable} gives this server; unset it to let the tests run one of their own")

    start = stop = kill = refuse

    def __enter__(self) -> Self:
        return self

    def __exit__(self, *_: object) -> None:
        """Leave it running."""


class PrivateServer(Server):
    """A server in a directory of its own, which ends with this process at the latest.

    Root hands it to `user`, as some servers refuse root and none needs it. The kernel ends the server when
    the thread that started it ends, so start it from the main thread.
    """

    private = True

    def __init__(self, name: str, *, user: str, inside: Path | None) -> None:
        self._account = _account(user) if os.geteuid() == 0 else None
        self._process: subprocess.Popen[bytes] | None = None
        self.directory = Path(tempfile.mkdtemp(prefix=f"ggzy-{name}-", dir=inside))
        if self._account:
            os.chown(self.directory, self._account.pw_uid, self._account.pw_gid)

    @property
    def pid(self) -> int:
        """The server's process id, also for SIGSTOP and SIGCONT; ServerFault if it does not run."""
        if self._process is None or self._process.poll() is not None:
            raise ServerFault(f"the server in {self.directory} does not run; {self._last_words()}")
        return self._process.pid

    def start(self) -> None:
        if self._process is not None and self._process.poll() is None:
            raise ServerFault(f"the server in {self.directory} runs already")
        self._launch()

    @abstractmethod
    def _launch(self) -> None:
        """Set `_process` to the new server and wait until it serves."""

    def kill(self) -> None:
        os.kill(self.pid, signal.SIGSTOP)  # so that it cannot fork while its children are listed
        members = family(self.pid)
        for member in members:
            with suppress(ProcessLookupError):  # it went with its parent
                os.kill(member, signal.SIGKILL)
        self._reap(members)

    def revive(self) -> None:
        """Let it serve again whatever a test did to it: go on if it was paused, start if it is down."""
        if self._process is not None and self._process.poll() is None:
            self._process.send_signal(signal.SIGCONT)
        else:
            self.start()

    def __enter__(self) -> Self:
        try:
            self.start()
        except BaseException:
            self.__exit__()
            raise
        return self

    def __exit__(self, *_: object) -> None:
        try:
            self.stop()
        finally:
            shutil.rmtree(self.directory)

    def _spawn(self, command: Sequence[str], death: str, environment: Mapping[str, str]) -> subprocess.Popen[bytes]:
        """Start a process that gets the signal `death` (a name without SIG) when this thread ends."""
        with self._log.open("ab") as log:
            return subprocess.Popen(
                [*self._as_user(death), *command],
                cwd=self.directory,
                env=self._environment() | dict(environment),
                stdin=subprocess.DEVNULL,
                stdout=log,
                stderr=log,
                start_new_session=True,  # Ctrl-C at the tests must not end the server before its clients
            )

    def _run(self, command: Sequence[str], environment: Mapping[str, str]) -> str:
        """Run a tool to its end and give what it printed; ServerFault with its words if it fails."""
        done = subprocess.run(
            [*self._as_user("KILL"), *command],
            cwd=self.directory,
            env=self._environment() | dict(environment),
            stdin=subprocess.DEVNULL,
            capture_output=True,
            text=True,
            timeout=2 * PATIENCE_SECONDS,
            check=False,
        )
        if done.returncode:
            raise ServerFault(f"{' '.join(command)} failed: {done.stdout}{done.stderr}")
        return done.stdout

    def _as_user(self, death: str) -> list[str]:
        become = ["setpriv", "--pdeathsig", death]
        if self._account:
            become += [f"--reuid={self._account.pw_uid}", f"--regid={self._account.pw_gid}", "--clear-groups"]
        return [*become, "--"]

    def _environment(self) -> dict[str, str]:
        """Give a server nothing of the caller's environment, where PGPORT or RABBITMQ_* may be set."""
        path = "/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin"
        return {"PATH": path, "LC_ALL": "C.UTF-8", "HOME": str(self.directory)}

    def _await(self, serves: Callable[[], bool]) -> None:
        """Wait until the server serves; ServerFault with the end of its log if it ends instead."""
        wait_until(lambda: bool(self.pid) and serves(), f"the server in {self.directory}")

    def _end(self, order: signal.Signals) -> None:
        """Ask the server to end and wait for it and its children; kill it and say so if it does not."""
        if self._process is None:
            return
        members = family(self._process.pid)
        self._process.send_signal(order)
        self._process.send_signal(signal.SIGCONT)  # a test may have left it stopped
        try:
            self._reap(members)
        except subprocess.TimeoutExpired as hung:
            self.kill()
            raise ServerFault(f"killed, as it did not stop at {order.name}; {self._last_words()}") from hung

    def _reap(self, members: Sequence[int]) -> None:
        if self._process is not None:
            self._process.wait(PATIENCE_SECONDS)
            self._process = None
        wait_until(lambda: not any(map(is_running, members)), f"the end of processes {members}")

    def _last_words(self) -> str:
        """Quote the end of the server's log."""
        return f"its log ends with:\n{self._log.read_text()[-6000:]}" if self._log.exists() else "it has no log"

    @property
    def _log(self) -> Path:
        return self.directory / "server.log"


def _account(user: str) -> pwd.struct_passwd:
    try:
        return pwd.getpwnam(user)
    except KeyError as missing:
        raise ServerFault(f"there is no user {user}: run deploy/install.sh") from missing
