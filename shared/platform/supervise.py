"""Keeps the processes of an installation running: starts them, restarts what ends, stops them together."""

import signal
import subprocess
import threading
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from time import monotonic

from shared.platform.logs import logger

TERM_SECONDS = 25.0
STEADY_SECONDS = 10.0
BACKOFF = (0.2, 0.5, 1.0, 2.0, 5.0)


@dataclass
class Child:
    """One process to keep running."""

    name: str
    command: Sequence[str]
    process: subprocess.Popen[bytes] | None = None
    started_at: float = 0.0
    attempts: int = 0
    due_at: float = field(default=0.0)


class Supervisor:
    """Runs children until stopped. A child that ends is started again, later each time if it does not stay up."""

    def __init__(self, children: Mapping[str, Sequence[str]]) -> None:
        self._children = [Child(name, command) for name, command in children.items()]
        self._ended = threading.Event()

    def stop(self, *_: object) -> None:
        """Let `run` stop the children and return."""
        self._ended.set()

    def run(self) -> None:
        """Run until SIGTERM, SIGINT or `stop`; then end the children, those that do not go in time by force."""
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, self.stop)
        try:
            while not self._ended.wait(0.1):
                for child in self._children:
                    self._tend(child)
        finally:
            self._end()

    def _tend(self, child: Child) -> None:
        now = monotonic()
        if child.process is not None:
            code = child.process.poll()
            if code is None:
                return
            child.process = None
            child.attempts = 0 if now - child.started_at > STEADY_SECONDS else child.attempts + 1
            child.due_at = now + BACKOFF[min(child.attempts, len(BACKOFF) - 1)]
            logger().warning("process_ended", process=child.name, code=code)
        if now >= child.due_at:
            child.process = subprocess.Popen(child.command)  # noqa: S603 - the installation's own commands
            child.started_at = now
            logger().info("process_started", process=child.name, pid=child.process.pid)

    def _end(self) -> None:
        running = [child.process for child in self._children if child.process is not None]
        for process in running:
            process.terminate()
        until = monotonic() + TERM_SECONDS
        for process in running:
            try:
                process.wait(max(0.0, until - monotonic()))
            except subprocess.TimeoutExpired:
                process.kill()
                process.wait()
